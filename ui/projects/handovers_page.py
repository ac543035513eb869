"""变更项目公司: what follows a transfer; both companies confirm, then the authority does it (row 62)."""

from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.land_codes import HandoverState
from services.engine.listings import Line
from services.engine.registry import Action
from services.projects.handover import HandoverWord, agree_to_handover, hand_over, stop_by_authority
from services.projects.handover_views import HANDOVERS, may_act
from ui.records.record_page import open_record
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.dialogs import ask_reason
from ui.shell.dialogs import confirm as ask
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head
from ui.shell.values import shown

_AGREE = ("确认将项目公司变更？确认后不能撤回", "确认变更", "已确认")
_DO = (
    "办理项目公司变更？项目及其全部生效记录和历史转由新公司查看和填报，原公司不再看到",
    "办理变更",
    "项目公司已变更",
)


class HandoversDesk(ListDesk[Line]):
    """The change of company in hand: who has agreed, and what is to be done."""

    listing = HANDOVERS
    part = "变更详情"

    def draw(self, view: Line) -> None:
        head("变更详情")
        TextElement(tag="p", text=_next(view)).classes("sf-callout").props("role=status")
        facts(
            {
                "项目": view.project,
                "转出公司": view.from_company,
                "转出方确认": shown(view.from_agreed_at) or "未确认",
                "转入公司": view.to_company,
                "转入方确认": shown(view.to_agreed_at) or "未确认",
                "变更时间": shown(view.done_at),
                "说明": view.note,
            },
            columns=2,
        )
        may = partial(may_act, self.place.caller)
        with web.element("div").classes("sf-buttons sf-pad"):
            if may(agree_to_handover, view):
                main_button("确认变更", partial(self.go_on, view, agree_to_handover, *_AGREE)).mark("handover-agree")
            if may(hand_over, view):
                main_button("办理变更", partial(self.go_on, view, hand_over, *_DO)).mark("handover-do")
            if may(stop_by_authority, view):
                danger_button("终止", partial(self.stop, view)).mark("handover-stop")
            for kind, record_id, label in (
                ("project", view.project_id, "打开项目"),
                ("project_transfer", view.transfer_id, "打开转让记录"),
            ):
                plain_button(label, partial(open_record, self.place, kind, record_id), icon="open_in_new")

    async def go_on(self, line: Line, act: Action[HandoverWord, None], question: str, yes: str, said: str) -> None:
        """Agree or hand over, after asking once more."""
        summary = {"项目": line.project, "转出公司": line.from_company, "转入公司": line.to_company}
        await ask(question, summary=summary, yes=yes)
        await self.act(act, HandoverWord(line.id), said)

    async def stop(self, line: Line) -> None:
        """Stop the change with a reason."""
        reason = await ask_reason(f"终止“{line.project}”的变更？", yes="终止", least=5, danger=True, label="终止原因")
        await self.act(stop_by_authority, HandoverWord(line.id, reason), "已终止")


def _next(line: Line) -> str:
    if line.state is HandoverState.AGREED:
        return "双方均已确认，等待业务部门办理变更"
    if line.state is not HandoverState.OPEN:
        return str(line.state.label)
    sides = ((line.from_company, line.from_agreed_at), (line.to_company, line.to_agreed_at))
    return "等待" + "和".join(name for name, at in sides if at is None) + "确认"


PROJECT_HANDOVERS = desk_module(HandoversDesk, "project_handovers", "move_up", "projects")
