"""工作台: the user's open work and today's changes; every figure opens its list."""

from datetime import date
from functools import partial

from nicegui import ui as web

from models.codes import Toned
from models.engine import Draft
from services.engine.listings import Line
from services.engine.notices import NoticeLine, my_notices, read_notice
from services.tenancy.workbench import Workbench, workbench
from ui.shell.call import call
from ui.shell.figures import draw_figures
from ui.shell.modules import Module
from ui.shell.parts import head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.filing_form import DRAFT_KIND

#: Which module goes on with a draft of a kind.
DRAFT_PAGES = {DRAFT_KIND: "filing_form"}
#: Which modules show what a message is about; the first one that the reader has.
NOTICE_PAGES = {
    "cancel_apply": ("cancel_applies",),
    "gov_case": ("checks",),
    "card_apply": ("firm_apply", "card_cancel_confirm", "card_inspection"),
    "card_task": ("card_tasks",),
    "info_card": ("firm_people", "cards"),
    "brand": ("firm_brand", "brand_review"),
}


class HomePage:
    """Figures above; drafts, cases, applications and messages below, each only where there is something."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.figures = web.element("ul").classes("sf-figures").props("aria-label=今日情况")
        self.body = web.element("div").classes("sf-home")

    async def load(self) -> None:
        """Ask again and show."""
        view = (await call(workbench)).or_end()
        told = await call(my_notices, 20)
        self.figures.clear()
        with self.figures:
            draw_figures(self.place, view.figures)
        notices = told.value if told.ok else []
        self.body.clear()
        with self.body:
            self._draw_lists(view, notices)

    def _draw_lists(self, view: Workbench, notices: list[NoticeLine]) -> None:
        if view.drafts:
            head("继续上次未完成的办理")
            Rows(
                (Column("title", "内容"), Column("updated_at", "保存时间", width=140)),
                label="我的草稿",
                on_enter=self._open_draft,
                lines=view.drafts,
            )
        if view.cases:
            head("待处理办件")
            Rows(
                (
                    Column("case_no", "办件编号", width=190),
                    Column("address", "房屋坐落"),
                    Column("state", "状态", width=100),
                    Column("received_at", "收件时间", width=140),
                ),
                label="待处理办件",
                on_enter=self._open_case,
                lines=view.cases,
            )
        if view.applies:
            head("告知期内的注销申请")
            Rows(
                (
                    Column("apply_no", "申请编号", width=190),
                    Column("address", "房屋坐落"),
                    Column("objection_until", "异议截止", width=100),
                    Column("standing", "情况", width=110, value=partial(_standing, view.today)),
                ),
                label="告知期内的注销申请",
                on_enter=self._open_apply,
                lines=view.applies,
            )
        head("消息")
        Rows(
            (
                Column("read", "", width=56, value=lambda one: "" if one.read else Toned("未读", "info")),
                Column("subject", "主题", width=200),
                Column("body", "内容"),
                Column("at", "时间", width=140),
            ),
            label="消息",
            empty="没有消息",
            on_enter=self._open_notice,
            lines=notices,
        )

    async def _open_draft(self, line: Draft) -> None:
        await self.place.open(DRAFT_PAGES.get(line.kind, line.kind), id=line.id)

    async def _open_case(self, line: Line) -> None:
        await self.place.open("checks", number=line.case_no, id=line.id)

    async def _open_apply(self, line: Line) -> None:
        await self.place.open("cancel_applies", id=line.id)

    async def _open_notice(self, line: NoticeLine) -> None:
        """Open what the message is about and take it as read."""
        await call(read_notice, line.id, quiet=True)
        known = self.place.workspace.modules
        page = next((page for page in NOTICE_PAGES.get(line.object_kind, ()) if page in known), "")
        if page and line.object_id is not None:
            await self.place.open(page, id=line.object_id)
        await self.load()


def _standing(today: date, apply: Line) -> Toned:
    if apply.objected:
        return Toned("对方有异议", "warn")
    over = apply.objection_until is not None and apply.objection_until < today
    return Toned("期满待审定", "warn") if over else Toned("告知中", "info")


async def build(place: Place) -> None:
    page = HomePage(place)
    place.command("刷新", page.load, icon="refresh", key="f3")
    place.refresh = page.load
    await page.load()


HOME = Module("home", "工作台", "space_dashboard", "counter", workbench.roles, build)
