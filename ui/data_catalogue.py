"""数据编目: every table on the left, the columns of the one in hand on the right, with level and protection (security.md 2.4)."""

from nicegui import ui as web

from services.catalogue.entries import Entry
from services.catalogue.queries import CATALOGUE, show_personal
from services.engine.listings import Line
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head
from ui.shell.sheet import Column, Sheet

_COLUMNS = (
    Column("label", "数据项"),
    Column("column", "字段", width=118),
    Column("kind_text", "类型", width=62),
    Column("level_text", "级别", width=64),
    Column("personal", "个人信息", width=108, show=show_personal),
    Column("protection", "保护", width=84),
)


class CatalogueDesk(ListDesk[Line]):
    """Choosing a table shows what it holds; nothing here can be changed, the models declare it."""

    listing = CATALOGUE
    part = "数据项"

    def draw(self, view: Line) -> None:
        first: Entry = view.entries[0]
        head(f"{view.label}（{view.id}）")
        facts(
            {
                "责任单位": first.owner,
                "数据来源": first.source,
                "共享类型": first.sharing,
                "用途": first.purpose,
                "保存期限": first.retention,
                "完整性保护": {"m1": "逐行校验值", "链": "审计链"}.get(first.integrity, "无"),
            },
            columns=2,
        )
        with web.element("div").classes("sf-grid"):
            sheet = Sheet(_COLUMNS, label=f"{view.label}的数据项").classes("sf-wrap").mark("columns")
            sheet.show(view.entries)


DATA_CATALOGUE = desk_module(CatalogueDesk, "data_catalogue", "dataset", "manage")
