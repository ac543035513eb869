"""可申请强制核验的办件: what a rule stopped goes on from here, whatever its age (row 11)."""

from services.access.visibility import CLERKS
from services.engine.listings import Line
from services.forced_review.applications import ApplyReview, apply_review
from services.forced_review.listings import INTERCEPTED
from services.forced_review.stopped_case import FindCase, apply_sheet, find_case
from ui.forced_review.apply_form import ApplyForm, tell_applied
from ui.shell.call import call
from ui.shell.fields import text_field
from ui.shell.form import Form, ask_form
from ui.shell.list_desk import ListDesk, desk_module


class InterceptedCases(ListDesk[Line]):
    """The case in hand; F8 draws the application over it."""

    listing = INTERCEPTED
    part = "办件"

    def begin(self) -> None:
        self.command("申请强制核验", self.apply, icon="gavel", key="f8", needs="请先选择一件办件")
        self.command("查看合同", self.contract, icon="description", needs="请先选择一件办件")
        if self.place.may(find_case):
            self.place.command("查找办件", self.find, icon="search", key="f2")

    async def contract(self, line: Line) -> None:
        await self.place.open("contract", id=line.contract_id)

    async def apply(self, line: Line) -> None:
        """Ask what stops the case today, and draw the form."""
        with self.split:
            answer = await call(apply_sheet, line.id)
            if not answer.ok:
                return
            firm = not self.place.caller.has(*CLERKS)
            self.draw_over(lambda: ApplyForm(self.place, answer.value, self._send, firm=firm))

    async def _send(self, order: ApplyReview) -> None:
        with self.split:
            answer = await call(apply_review, order)
            if answer.ok:
                await self.done("已提交")
                tell_applied(self.place, answer.value)

    async def find(self) -> None:
        """Open a case of another office by its number and a party's document."""

        def draw(form: Form) -> None:
            form.add(
                text_field("case_no", "办件编号", required=True, longest=40),
                text_field("id_no", "当事人证件号码", required=True, longest=30),
            )

        with self.split:
            values = await ask_form("查找被拦截的办件", draw, yes="查找")
            answer = await call(find_case, FindCase(values["case_no"], values["id_no"]))
            if answer.ok:
                await self.take(answer.value)
                self.place.say("已打开，今日内可以办理", "good")


INTERCEPTED_CASES = desk_module(InterceptedCases, "forced_apply", "front_hand", "counter", title="申请强制核验")
