"""准入退出协同: sent applications and answers, with the side that has to act next (row 53)."""

from collections.abc import Awaitable, Callable
from functools import wraps
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import AUTHORITY, HEAD_OFFICE
from models.records import PactState
from services.companies.applications import (
    ApplicationLine,
    ApplicationView,
    FindApplications,
    find_applications,
    open_application,
)
from services.companies.joint import Agree, Refuse, cancel, confirm, decline
from services.engine.paging import Paging
from ui.records.record_page import open_record
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason
from ui.shell.dialogs import confirm as ask
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import facts, head, note, uuid_of
from ui.shell.place import Place
from ui.shell.values import shown

VIEWS = {"mine": "待我方确认", "open": "办理中"}


def order_of(view: View) -> FindApplications:
    return FindApplications(view.text("view"), view.text("text"), Paging(view.page, view.size, view.sort))


def rooted(act: Callable[["JointPage"], Awaitable[None]]) -> Callable[["JointPage"], Awaitable[None]]:
    """Run an act in the page's own context, because its button may be redrawn meanwhile."""

    @wraps(act)
    async def go_on(page: "JointPage") -> None:
        with page.root:
            await act(page)

    return go_on


class JointPage:
    """Applications on the left; the one in hand, whole, on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.view: ApplicationView | None = None
        with web.element("div").classes("sf-split sf-split-wide") as self.root:
            with web.element("section").props("aria-label=协同申请"):
                self.grid = Grid(
                    place,
                    find_applications,
                    order=order_of,
                    columns=(
                        Column("company", "项目公司", sortable=True),
                        Column("kind_label", "事项", width=54),
                        Column("head", "总公司", width=170),
                        Column("by", "发起方", width=76),
                        Column("state_label", "状态", sortable=True, width=80),
                        Column("next", "下一步", width=150),
                        Column("expires_on", "确认期限", sortable=True, width=90),
                    ),
                    filters=(
                        Filter("view", "范围", options=VIEWS, width=140),
                        Filter("text", "企业名称或信用代码", width=220),
                    ),
                    on_pick=lambda line: self.choose(line.id),
                    on_enter=lambda line: self.choose(line.id),
                    empty="没有协同申请。在项目公司或项目公司退出的草稿中，可以发送对方确认",
                )
            self.detail = web.element("section").props("aria-label=申请详情")
        with self.detail:
            TextElement(tag="p", text="请在列表中选择一件申请").classes("sf-empty")
        place.command("刷新", self.load, icon="refresh", key="f3")

    async def load(self) -> None:
        await self.grid.load()
        if (chosen := uuid_of(self.place.params.get("id", ""))) is not None:
            await self.choose(chosen)

    async def choose(self, application_id: UUID) -> None:
        answer = await call(open_application, application_id)
        if answer.ok and not self.detail.is_deleted:
            self.place.keep(id=application_id)
            self.view = answer.value
            self._draw(answer.value)
            self.place.reveal(self.detail)

    def _draw(self, view: ApplicationView) -> None:
        line = view.line
        self.detail.clear()
        with self.detail:
            head(f"{line.kind_label}：{line.company}")
            TextElement(tag="p", text=line.next).classes("sf-callout").props("role=status").mark("joint-next")
            facts(
                {
                    "信用代码": line.uscc,
                    "总公司": line.head,
                    "持股比例": line.holding_ratio,
                    "拟开发地块": line.intended_parcel,
                    "发起方": line.by,
                    "发起时间": shown(line.offered_at),
                    "确认期限": line.expires_on,
                    "答复说明": line.reason,
                },
                columns=2,
            )
            self._draw_acts(line)
            if view.reasons:
                head("发起方对提示项的说明")
                facts(dict(view.reasons), columns=1)
            if view.values:
                head("申请内容")
                facts({one.label: one.value for one in view.values}, columns=2)
            elif line.state is PactState.OFFERED:
                note("发起方正在修改申请内容，须重新发送后才能确认。")
            for one in view.lists:
                head(one.label)
                with web.element("div").classes("sf-scroll"), web.element("table").classes("sf-plain-table"):
                    with web.element("thead"), web.element("tr"):
                        for word in one.heads:
                            TextElement(tag="th", text=word)
                    with web.element("tbody"):
                        for cells in one.lines:
                            with web.element("tr"):
                                for cell in cells:
                                    TextElement(tag="td", text=cell)

    def _draw_acts(self, line: ApplicationLine) -> None:
        with web.element("div").classes("sf-buttons sf-pad"):
            if line.mine:
                main_button("确认", self.agree).mark("joint-confirm")
                danger_button("拒绝", self.refuse).mark("joint-decline")
            if line.own:
                if line.may_cancel:
                    plain_button("撤回", self.take_back).mark("joint-cancel")
                if line.revision_kind:
                    plain_button(
                        "打开档案",
                        lambda: open_record(self.place, line.revision_kind, line.revision_id, line.revision_id),
                    )

    @rooted
    async def agree(self) -> None:
        assert self.view is not None
        line = self.view.line
        summary = {"企业": line.company, "总公司": line.head, "说明": "确认后自动提交区级审核"}
        if await ask(f"确认{line.kind_label}？", summary=summary, yes="确认"):
            answer = await call(confirm, Agree(line.id, line.version))
            if answer.ok:
                await self._done(line.id, "已确认，申请已提交区级审核")
            elif answer.findings:
                self.place.desk.show_findings(answer.findings)

    @rooted
    async def refuse(self) -> None:
        assert self.view is not None
        line = self.view.line
        reason = await ask_reason(f"拒绝{line.kind_label}：{line.company}", yes="拒绝", least=5, danger=True)
        if reason is not None and (await call(decline, Refuse(line.id, reason, line.version))).ok:
            await self._done(line.id, "已拒绝，已告知发起方")

    @rooted
    async def take_back(self) -> None:
        assert self.view is not None
        line = self.view.line
        if not await ask(f"撤回“{line.company}”的{line.kind_label}申请？", yes="撤回"):
            return
        if (await call(cancel, Refuse(line.id, "", line.version))).ok:
            await self._done(line.id, "已撤回，草稿仍在")

    async def _done(self, application_id: UUID, said: str) -> None:
        await self.grid.load()
        await self.choose(application_id)
        self.place.say(said, "good")


async def build(place: Place) -> None:
    await JointPage(place).load()


JOINT = Module("company_joint", "准入退出协同", "handshake", "subjects", frozenset(AUTHORITY | HEAD_OFFICE), build)
