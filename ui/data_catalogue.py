"""数据编目: every table on the left, the columns of the one in hand on the right, with level and protection (security.md 2.4)."""

from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.catalogue.line import Entry, Personal
from services.catalogue.queries import PERSONAL, READERS, SearchCatalogue, areas, search_catalogue
from ui.shell.fields import shown_field
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.sheet import Sheet

LEVELS = {"1": "一般1级", "2": "一般2级", "3": "一般3级", "4": "一般4级"}


class CataloguePage:
    """Choosing a table shows what it holds; nothing here can be changed, the models declare it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.chosen = place.params.get("table", "")
        with web.element("div").classes("sf-split sf-split-wide"):
            self.grid = Grid(
                place,
                search_catalogue,
                order=_order,
                columns=(
                    Column("label", "数据表"),
                    Column("area", "业务域", width=100),
                    Column("columns", "数据项", number=True, width=60),
                    Column("level_text", "级别", width=90),
                    Column("personal", "个人信息", width=110, show=_personal),
                    Column("sharing", "共享", width=90),
                ),
                filters=(
                    Filter("word", "名称", width=170),
                    Filter("area", "业务域", options=areas(), width=160),
                    Filter("level", "级别", options=LEVELS, width=140),
                    Filter("personal", "个人信息", options=PERSONAL, width=200),
                ),
                on_pick=lambda line: self.choose(line.id),
                on_enter=lambda line: self.choose(line.id),
                on_loaded=lambda answer: self.draw_detail(),
                empty="没有符合条件的数据表",
                size=100,
            )
            self.detail = web.element("section").props("aria-label=数据项")

    async def choose(self, table: str) -> None:
        self.chosen = table
        self.place.keep(table=table)
        self.draw_detail()
        self.place.reveal(self.detail)

    def draw_detail(self) -> None:
        """The table in hand and its columns."""
        self.detail.clear()
        line = self.grid.lines.get(self.chosen)
        with self.detail:
            if line is None:
                TextElement(tag="p", text="请在列表中选择一张数据表").classes("sf-empty")
                return
            self._draw_table(line)

    def _draw_table(self, line: Any) -> None:
        first: Entry = line.entries[0]
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text=f"{line.label}（{line.id}）")
        with web.element("div").classes("sf-form").style("--columns: 2"):
            for label, value in (
                ("责任单位", first.owner),
                ("数据来源", first.source),
                ("共享类型", first.sharing.label),
                ("用途", first.purpose),
                ("保存期限", first.retention),
                ("完整性保护", {"m1": "逐行校验值", "链": "审计链"}.get(first.integrity, "无")),
            ):
                shown_field(label, value)
        with web.element("div").classes("sf-grid"):
            sheet = (
                Sheet(
                    (
                        Column("label", "数据项"),
                        Column("column", "字段", width=118),
                        Column("kind_text", "类型", width=62),
                        Column("level_text", "级别", width=64),
                        Column("personal", "个人信息", width=108, show=_personal),
                        Column("protection", "保护", width=84),
                    ),
                    label=f"{line.label}的数据项",
                )
                .classes("sf-wrap")
                .mark("columns")
            )
            sheet.show(line.entries)


def _personal(value: Personal) -> str:
    return "" if value is Personal.NO else value.label


def _order(view: View) -> SearchCatalogue:
    return SearchCatalogue(
        word=view.text("word"),
        area=view.text("area"),
        level=view.text("level"),
        personal=view.text("personal"),
        page=view.page,
        size=view.size,
    )


async def build(place: Place) -> None:
    page = CataloguePage(place)
    place.command("刷新", page.grid.load, icon="refresh", key="f3")
    await page.grid.load()


DATA_CATALOGUE = Module("data_catalogue", "数据编目", "dataset", "manage", frozenset(READERS), build)
