"""试点范围: which firms and projects take part in direct rent; proposed by one, agreed by another (leasing 2.10)."""

from collections.abc import Awaitable, Callable

from nicegui import ui as web

from models.direct_pay_codes import PilotState
from services.direct_pay.pilot import PILOTS as SCOPES
from services.direct_pay.pilot import EndPilot, ProposePilot, decide_pilot, end_pilot, propose_pilot
from services.engine.listings import Line
from services.engine.orders import Decide
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.fields import date_field, text_field
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import empty, head
from ui.shell.values import shown


class Pilots(ListDesk[Line]):
    """The scope in hand, or the form of a new proposal."""

    listing = SCOPES
    part = "试点详情"
    classes = ""

    def begin(self) -> None:
        if self.place.may(propose_pilot):
            self.place.command("提出试点", lambda: self.draw_over(self._draw_form), icon="add", key="f8")

    def draw(self, line: Line) -> None:
        head("试点详情")
        self.draw_cells(line, without=("created_at",))
        if self.place.may(decide_pilot, line):
            if line.own:
                empty("您提出的试点须由另一位同事复核")
                return
            with web.element("div").classes("sf-buttons sf-pad"):
                plain_button("不同意", self._decider(line, agree=False))
                main_button("同意", self._decider(line, agree=True)).mark("agree")
        elif self.place.may(end_pilot) and line.state is PilotState.CONFIRMED:
            self._draw_ending(line)

    def _draw_form(self) -> None:
        head("提出试点")
        with Form(columns=1) as form:
            form.add(
                text_field("enterprise_uscc", "信用代码", required=True, longest=18, help="企业的统一社会信用代码"),
                text_field("project_no", "项目编号", longest=40, help="不填为该企业全部项目"),
                date_field("valid_from", "生效日期", required=True, value=self.place.desk.door.clock.today()),
                date_field("valid_to", "失效日期", help="不填为长期"),
                text_field("fund_letter", "确认文号", required=True, longest=60, help="公积金中心的确认函"),
            )

        async def send() -> None:
            values = form.complete()
            # What was left empty is as the order has it.
            given = {key: value for key, value in values.items() if value is not None}
            (await call(propose_pilot, ProposePilot(**given), button=button)).or_end()
            await self.done("已提出，待另一位同事复核后生效")

        with web.element("div").classes("sf-buttons sf-pad"):
            button = main_button("提交复核", send)

    def _draw_ending(self, line: Line) -> None:
        head("终止试点")
        with Form(columns=1) as form:
            today = self.place.desk.door.clock.today()
            form.add(date_field("last_day", "最后一日", required=True, value=today, help="此后不再接收新的委托"))

        async def end() -> None:
            values = form.complete()
            summary = {"企业": line.enterprise, "项目": line.project, "最后一日": shown(values["last_day"])}
            question = "确定终止试点？已在执行的委托不受影响。"
            await confirm(question, summary=summary, yes="终止", danger=True)
            await self.act(end_pilot, EndPilot(line.id, values["last_day"]), "已终止")

        with web.element("div").classes("sf-buttons sf-pad"):
            danger_button("终止试点", end).mark("end-pilot")

    def _decider(self, line: Line, *, agree: bool) -> Callable[[], Awaitable[None]]:
        async def decide() -> None:
            summary = {"企业": line.enterprise, "项目": line.project, "确认文号": line.fund_letter}
            question = "确定同意？生效后即可接收该范围的委托。" if agree else "确定不同意？"
            await confirm(question, summary=summary, yes="同意" if agree else "不同意", danger=not agree)
            await self.act(decide_pilot, Decide(line.id, agree), "已复核")

        return decide


PILOTS = desk_module(Pilots, "pilots", "flag", "direct")
