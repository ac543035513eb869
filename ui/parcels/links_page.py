"""地块关联 and 地块指派: what one side said and the other answers, the time line of both beside it (rows 55, 57)."""

from typing import Any
from uuid import UUID

from nicegui import ui as web

from models.access import AUTHORITY, HEAD_OFFICE, MARKET
from services.engine.registry import Query
from services.parcels.head_links import claim_parcel, offer_parcel
from services.parcels.link_views import LinkFilter, LinkLine, head_link_page, project_link_page
from services.parcels.project_links import assign_parcel
from ui.parcels.link_detail import LinkDetail
from ui.parcels.parts import link_filters, order_of
from ui.shell.call import call
from ui.shell.grid import Column, Grid
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.values import shown

_PARCEL = Column("parcel_name", "地块", sortable=True)
_ENDS = (
    Column("state", "状态", sortable=True, width=72),
    Column("expires_on", "确认期限", sortable=True, width=88),
    Column("offered_at", "发起日期", sortable=True, width=84, show=lambda at: shown(at)[:10]),
)


class LinksPage:
    """The list on the left, the link in hand on the right."""

    def __init__(self, place: Place, query: Query[Any, Any], columns: tuple[Column, ...]) -> None:
        self.place, self.query = place, query
        with web.element("div").classes("sf-split sf-split-wide"):
            with web.element("section").props("aria-label=关联列表"):
                self.grid = Grid(
                    place,
                    query,
                    order=order_of,
                    columns=columns,
                    filters=link_filters(districts=place.caller.has(*AUTHORITY)),
                    empty="没有符合条件的关联",
                    on_pick=self.choose,
                    on_enter=self.choose,
                )
            box = web.element("section").props("aria-label=关联详情")
        self.detail = LinkDetail(place, box, self._changed)
        place.command("刷新", self.load, icon="refresh", key="f3")

    async def load(self) -> None:
        await self.grid.load()
        if wanted := self.place.params.get("id", ""):
            await self._show(wanted)

    async def choose(self, line: LinkLine) -> None:
        self.place.keep(id=line.id)
        await self.detail.show(line)
        self.place.reveal(self.detail.box)

    async def _changed(self) -> None:
        await self.grid.load()
        if self.detail.line is not None:
            await self._show(str(self.detail.line.id))

    async def _show(self, wanted: str) -> None:
        line = self.grid.lines.get(wanted)
        if line is None:
            line = await self._find(wanted)
        if line is not None:
            await self.detail.show(line)

    async def _find(self, wanted: str) -> LinkLine | None:
        """A link that is not on the page in view, such as one from the inbox."""
        try:
            UUID(wanted)
        except ValueError:
            return None
        answer = await call(self.query, LinkFilter(size=200), quiet=True)
        lines: tuple[LinkLine, ...] = answer.value.lines if answer.ok else ()
        return next((line for line in lines if str(line.id) == wanted), None)


async def build_links(place: Place) -> None:
    columns = (
        _PARCEL,
        Column("head", "总公司", width=170),
        Column("share", "份额（%）", number=True, width=76),
        *_ENDS,
    )
    page = LinksPage(place, head_link_page, columns)
    if place.may(offer_parcel):
        place.command("推送地块", lambda: place.open("parcel_unlinked"), icon="send", key="f2")
    elif place.may(claim_parcel):
        place.command("认领地块", lambda: place.open("parcel_claim"), icon="back_hand", key="f2")
    await page.load()


async def build_assignments(place: Place) -> None:
    columns = (
        _PARCEL,
        Column("company", "项目公司", width=180),
        Column("part_area", "部分面积（㎡）", number=True, width=108),
        *_ENDS,
    )
    page = LinksPage(place, project_link_page, columns)
    if place.may(assign_parcel):
        place.command("指派地块", lambda: place.open("parcel_assign"), icon="assignment_ind", key="f2")
    await page.load()


LINKS = Module("parcel_links", "地块关联", "link", "parcels", frozenset(AUTHORITY | HEAD_OFFICE), build_links)
ASSIGNMENTS = Module("parcel_assignments", "地块指派", "account_tree", "parcels", frozenset(MARKET), build_assignments)
