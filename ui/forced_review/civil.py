"""社区受理办件: what the own centre accepted in the civil affairs system is reviewed and filed from here (row 12)."""

from models.forced_review import CivilState
from services.engine.orders import OneRow, Reasoned
from services.forced_review.applications import ApplyReview
from services.forced_review.civil_cases import ReviewCivil, refuse_civil, review_civil, start_civil
from services.forced_review.civil_listings import CIVIL_CASES, CivilView, view_civil
from services.forced_review.stopped_case import apply_sheet
from ui.forced_review.apply_form import ApplyForm, tell_applied
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note, warning

_TO_START = (CivilState.RECEIVED, CivilState.FILING)


class CivilDesk(ListDesk[CivilView]):
    """The acceptance in hand beside the list of the centre."""

    listing = CIVIL_CASES
    look = view_civil
    part = "社区受理办件"

    def begin(self) -> None:
        if self.place.may(start_civil):

            def starts(view: CivilView) -> bool:
                return view.state in _TO_START

            self.command("审查并办理", self.start, icon="play_arrow", key="f8", when=starts)
            self.command(
                "申请强制核验", self.apply, icon="gavel", when=lambda view: starts(view) and view.case_id is not None
            )
            self.command("不予办理", self.refuse, icon="close", key="f9", when=starts)
        self.command("查看强制核验", self.review, icon="balance", when=lambda view: view.review_id is not None)

    def draw(self, view: CivilView) -> None:
        head(f"社区受理 {view.acceptance_no}", view.state)
        if view.overdue:
            warning(f"应于{view.due_on}前审查，已经超期。")
        facts(
            {
                "受理中心": view.unit,
                "民政经办人": view.clerk,
                "申请人": view.applicant,
                "联系电话": view.mobile,
                "权属证明": view.cert_no,
                "申请事项": view.matter,
                "民政受理时间": view.accepted_at,
                "接收时间": view.received_at,
                "期限": view.due_on,
                "审查人": view.starter,
                "办件编号": view.case_no,
                "强制核验编号": view.apply_no,
                "备案编号": view.filing_no,
                "办结说明": view.end_note,
            },
            columns=2,
        )
        head(f"已收材料（{len(view.materials)}项）")
        note("、".join(view.materials) or "没有")
        if view.state is CivilState.FILING and not view.case_id:
            note(
                "申请人没有被拦截的办件：请在“新增备案”中办理，备案成功后本件自动办结；被拦截的，回到这里申请强制核验。"
            )

    async def start(self, view: CivilView) -> None:
        """Begin with an acceptance: its intercepted case goes to forced review, without one the lease is drawn up."""
        told = {"受理编号": view.acceptance_no, "申请人": view.applicant, "申请事项": view.matter}
        with self.split:
            await confirm("审查无误，开始办理？", summary=told, yes="开始办理")
            answer = await call(start_civil, OneRow(view.id, view.version))
            if not answer.ok:
                return
            await self.done("已开始办理")
            if answer.value is None:
                await self.place.open("intake")
            elif self.view is not None:
                await self.apply(self.view)

    async def apply(self, view: CivilView) -> None:
        """Draw the application for the case over the acceptance."""
        if view.case_id is None:
            return
        with self.split:
            answer = await call(apply_sheet, view.case_id)
            if not answer.ok:
                return

            async def send(order: ApplyReview) -> None:
                with self.split:
                    done = await call(review_civil, ReviewCivil(view.id, order))
                    if done.ok:
                        await self.done("已受理")
                        tell_applied(self.place, done.value)

            self.draw_over(
                lambda: ApplyForm(
                    self.place,
                    answer.value,
                    send,
                    firm=False,
                    name=view.applicant_name if view.applicant_id_no else "",
                    id_no=view.applicant_id_no,
                )
            )

    async def refuse(self, view: CivilView) -> None:
        with self.split:
            words = await ask_reason("不予办理，理由回传社区事务受理系统", yes="不予办理", least=10, label="理由")
            await self.act(refuse_civil, Reasoned(view.id, words), "已办结并回传")

    async def review(self, view: CivilView) -> None:
        await self.place.open("filing_reviews", id=view.review_id)


CIVIL_DESK = desk_module(CivilDesk, "civil_cases", "groups", "counter")
