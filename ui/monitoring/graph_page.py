"""企业关系图: a group drawn with its companies; a head company sees its own part (rows 51, 52, 54)."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import AUTHORITY, HEAD_OFFICE
from services.monitoring.graph import Relations, Root, list_roots
from ui.monitoring.panels import draw_relations_of
from ui.records.record_page import open_record
from ui.shell.call import call
from ui.shell.modules import Module
from ui.shell.parts import badge, head, uuid_of
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column


class GraphPage:
    """The roots on the left, those with the gravest alerts first; the tree in hand beside them."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with web.element("div").classes("sf-rel-page"):
            with web.element("nav").props("aria-label=集团和总公司").classes("sf-rel-roots"):
                self.search = web.input(placeholder="查找企业").props("dense outlined clearable maxlength=60")
                self.search.props["aria-label"] = "查找企业"
                self.search.on("keydown.enter", self.load)
                self.search.on("clear", self.load)
                self.roots = web.element("ul")
            self.drawing = web.element("div").classes("sf-rel-drawing")
        place.command("刷新", self.load, icon="refresh", key="f3")

    async def load(self) -> None:
        answer = await call(list_roots, str(self.search.value or ""))
        if not answer.ok or self.roots.is_deleted:
            return
        found = answer.value
        chosen = self.place.params.get("id", "")
        if not chosen and found:
            chosen = str(found[0].id)
        self._list(found, chosen)
        if chosen:
            await self.draw(chosen)

    def _list(self, found: list[Root], chosen: str) -> None:
        self.roots.clear()
        with self.roots:
            if not found:
                TextElement(tag="li", text="没有符合条件的企业").classes("sf-help")
            for root in found:
                with web.element("li"):
                    button = TextElement(tag="button", text=root.name).props("type=button").classes("sf-link")
                    if str(root.id) == chosen:
                        button.props("aria-current=true")
                    button.on("click", lambda _, one=root: self.choose(one))
                    if root.grade is not None:
                        badge(root.grade)

    async def choose(self, root: Root) -> None:
        self.place.keep(id=root.id)
        with self.drawing:
            await self.load()

    async def draw(self, company: str) -> None:
        if (company_id := uuid_of(company)) is None:
            return
        self.drawing.clear()
        with self.drawing:
            found = await draw_relations_of(self.place, company_id)
            if found is not None and not self.drawing.is_deleted:
                self._draw_companies(found)

    def _draw_companies(self, found: Relations) -> None:
        """Draw the companies of the tree as rows, gravest alerts first, each of which opens."""
        head(f"图中企业（{len(found.nodes)}）")
        owners = {one.id: one.name for one in found.nodes}
        Rows(
            (
                Column("type", "类别", width=84),
                Column("name", "企业名称", width=240),
                Column("status", "登记状态", width=100),
                Column("owner", "上级", width=220, value=lambda one: owners.get(one.parent, "")),
                Column("share", "持股（%）", number=True, width=84),
                Column("grade", "最高预警", width=84),
                Column("alerts", "预警", number=True, width=60),
                Column("outcome", "登记信息"),
            ),
            sorted(found.nodes, key=lambda one: -one.alerts),
            label="图中企业",
            on_enter=lambda one: open_record(self.place, one.type.value, one.id),
        )


async def build(place: Place) -> None:
    await GraphPage(place).load()


RELATIONS = Module("relations", "企业关系图", "schema", "alerts", frozenset(AUTHORITY | HEAD_OFFICE), build)
