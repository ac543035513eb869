"""变更项目公司: what follows a transfer; both companies confirm, then the authority does it (row 62)."""

from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from models.land_codes import HandoverState
from services.engine.registry import Action
from services.projects.handover import HandoverWord, agree_to_handover, hand_over, stop_by_authority
from services.projects.handover_views import HandoverFilter, HandoverLine, handover_page
from ui.records.record_page import open_record
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.dialogs import confirm as ask
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import facts, head
from ui.shell.place import Place
from ui.shell.values import shown


def order_of(view: View) -> HandoverFilter:
    return HandoverFilter(view.text("state"), view.page, view.size)


class HandoversPage:
    """The list on the left, the one in hand on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line: HandoverLine | None = None
        with web.element("div").classes("sf-split sf-split-wide"):
            with web.element("section").props("aria-label=项目公司变更"):
                self.grid = Grid(
                    place,
                    handover_page,
                    order=order_of,
                    columns=(
                        Column("project", "项目"),
                        Column("from_company", "转出公司", width=180),
                        Column("to_company", "转入公司", width=180),
                        Column("state", "状态", width=110),
                        Column("since", "发起时间", width=124),
                    ),
                    filters=(Filter("state", "状态", options=HandoverState.labels(), width=190),),
                    empty="没有项目公司变更",
                    on_pick=self.choose,
                    on_enter=self.choose,
                )
            self.box = web.element("section").props("aria-label=变更详情")
        place.command("刷新", self.load, icon="refresh", key="f3")
        self._draw()

    async def load(self) -> None:
        await self.grid.load()
        wanted = self.place.params.get("id", "") if self.line is None else str(self.line.id)
        if wanted in self.grid.lines:
            self.line = self.grid.lines[wanted]
            self._draw()

    def choose(self, line: HandoverLine) -> None:
        self.line = line
        self.place.keep(id=line.id)
        self._draw()
        self.place.reveal(self.box)

    def _draw(self) -> None:
        self.box.clear()
        line = self.line
        with self.box:
            head("变更详情")
            if line is None:
                TextElement(tag="p", text="请在列表中选择一条变更").classes("sf-empty")
                return
            TextElement(tag="p", text=_next(line)).classes("sf-callout").props("role=status")
            facts(
                {
                    "项目": line.project,
                    "转出公司": line.from_company,
                    "转出方确认": shown(line.from_agreed_at) or "未确认",
                    "转入公司": line.to_company,
                    "转入方确认": shown(line.to_agreed_at) or "未确认",
                    "变更时间": shown(line.done_at),
                    "说明": line.note,
                },
                columns=2,
            )
            with web.element("div").classes("sf-buttons sf-pad"):
                if "agree" in line.ways:
                    main_button("确认变更", self._agree).mark("handover-agree")
                if "do" in line.ways:
                    main_button("办理变更", self._hand_over).mark("handover-do")
                if "stop" in line.ways:
                    danger_button("终止", self._stop).mark("handover-stop")
                plain_button(
                    "打开项目", lambda: open_record(self.place, "project", line.project_id), icon="open_in_new"
                )
                plain_button(
                    "打开转让记录",
                    lambda: open_record(self.place, "project_transfer", line.transfer_id),
                    icon="open_in_new",
                )

    async def _agree(self) -> None:
        await self._do("确认将项目公司变更？确认后不能撤回", "确认变更", agree_to_handover, "已确认")

    async def _hand_over(self) -> None:
        question = "办理项目公司变更？项目及其全部生效记录和历史转由新公司查看和填报，原公司不再看到"
        await self._do(question, "办理变更", hand_over, "项目公司已变更")

    async def _do(self, question: str, yes: str, act: Action[Any, Any], said: str) -> None:
        line = self.line
        if line is None:
            return
        summary = {"项目": line.project, "转出公司": line.from_company, "转入公司": line.to_company}
        with self.box:
            if await ask(question, summary=summary, yes=yes) and (await call(act, HandoverWord(line.id))).ok:
                self.place.say(said, "good")
                await self.load()

    async def _stop(self) -> None:
        line = self.line
        if line is None:
            return
        with self.box:
            reason = await ask_reason(
                f"终止“{line.project}”的变更？", yes="终止", least=5, danger=True, label="终止原因"
            )
            if reason is not None and (await call(stop_by_authority, HandoverWord(line.id, reason))).ok:
                self.place.say("已终止", "good")
                await self.load()


def _next(line: HandoverLine) -> str:
    if line.state is HandoverState.OPEN:
        waits = [
            name
            for name, at in ((line.from_company, line.from_agreed_at), (line.to_company, line.to_agreed_at))
            if at is None
        ]
        return "等待" + "和".join(waits) + "确认"
    if line.state is HandoverState.AGREED:
        return "双方均已确认，等待业务部门办理变更"
    return line.state.label


async def build(place: Place) -> None:
    await HandoversPage(place).load()


HANDOVERS = Module("project_handovers", "变更项目公司", "swap_horiz", "projects", frozenset(MARKET), build)
