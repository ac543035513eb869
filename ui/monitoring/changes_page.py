"""企业变更: registry changes of the watched companies, as a list and in full (rows 51, 52, 54)."""

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import AUTHORITY, HEAD_OFFICE
from models.monitoring import CompanyType
from services.alerts.catalogue import RULES
from services.engine.paging import Paging
from services.monitoring.listings import ChangeFilter, ChangeLine, list_changes
from ui.monitoring.panels import draw_changes_of
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.parts import head
from ui.shell.place import Place
from ui.shell.sheet import Column

_RULES = {code: f"{code} {rule.label}" for code, rule in RULES.items() if code.startswith("SUB-")}


def order_of(view: View) -> ChangeFilter:
    return ChangeFilter(
        type=view.text("type"),
        rule=view.text("rule"),
        since=view.day("since"),
        until=view.day("until"),
        paging=Paging(view.page, view.size, view.sort),
    )


class ChangesPage:
    """The list on the left; of the company in hand its registry data and time line on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with web.element("div").classes("sf-split sf-alert-split"):
            with web.element("section").props("aria-label=企业变更列表"):
                self.grid = Grid(
                    place,
                    list_changes,
                    order=order_of,
                    columns=(
                        Column("detected_at", "发现时间", sortable=True, width=124),
                        Column("company", "企业"),
                        Column("label", "变更事项", sortable=True, width=92),
                        Column("before", "变更前"),
                        Column("after", "变更后"),
                        Column("effective_on", "登记日期", width=88),
                        Column("rule_code", "规则", sortable=True, width=66),
                        Column("undone_on", "已恢复", width=88),
                    ),
                    filters=(
                        Filter("type", "企业类别", options=CompanyType.labels(), width=190),
                        Filter("rule", "规则", options=_RULES, width=220),
                        Filter("since", "自", day=True, width=130, more=True),
                        Filter("until", "至", day=True, width=130, more=True),
                    ),
                    empty="没有发现变更",
                    on_pick=self.choose,
                    on_enter=self.choose,
                )
            self.detail = web.element("section").props("aria-label=企业登记信息")
        place.command("刷新", self.grid.load, icon="refresh", key="f3")
        with self.detail:
            head("企业登记信息")
            TextElement(tag="p", text="请在列表中选择一条变更").classes("sf-empty")

    async def choose(self, line: ChangeLine) -> None:
        self.detail.clear()
        with self.detail:
            head(line.company)
            await draw_changes_of(self.place, line.type, line.company_id)
        self.place.reveal(self.detail)


async def build(place: Place) -> None:
    await ChangesPage(place).grid.load()


CHANGES = Module(
    "company_changes", "企业变更", "published_with_changes", "alerts", frozenset(AUTHORITY | HEAD_OFFICE), build
)
