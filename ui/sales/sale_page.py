"""销售情况 of a project: permits, opening units, and the building table by sale state beside the plans (rows 76, 82)."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from models.records import RevisionState
from models.sales import SaleState
from services.construction.building_table_views import building_table
from services.engine.cycle_orders import RevisionView
from services.sales.plan_facts import KIND
from services.sales.sale_views import ProjectSale, counts_of, sale_of_project, sale_states, unit_sale
from ui.construction.unit_looks import cell_of, colourings
from ui.records.beside import beside, own_page
from ui.records.record_page import RecordPage
from ui.sales import plans_page
from ui.shell.buttons import plain_button, press
from ui.shell.call import call
from ui.shell.modules import Module
from ui.shell.parts import empty, facts, head, note, uuid_of
from ui.shell.place import Place
from ui.shell.unit_colours import Colouring, Look, by_code
from ui.shell.unit_table import UnitTable

KEY = "project-sale"
LOOKS = {
    SaleState.NOT_LISTED: Look("unlisted", "未", SaleState.NOT_LISTED.label),
    SaleState.AVAILABLE: Look("available", "可", SaleState.AVAILABLE.label),
    SaleState.EARNEST: Look("earnest", "定", SaleState.EARNEST.label),
    SaleState.SIGNED: Look("signed", "签", SaleState.SIGNED.label),
    SaleState.REGISTERED: Look("registered", "登", SaleState.REGISTERED.label),
}
_LIMITED = Look("none", "限", "限制、抵押、查封")


class SalePage:
    """Permits and opening units above; buildings, the chosen one's table and the chosen unit below."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.project_id = uuid_of(place.params.get("id", ""))
        self.root = web.element("div").classes("sf-plans")

    async def load(self) -> None:
        """Show what the sale system reports of the project."""
        with self.root:
            self.root.clear()
            self.place.commands.clear()
            if self.project_id is None:
                empty("请从项目的页面进入销售情况")
                return
            answer = await call(sale_of_project, self.project_id, quiet=True)
            if not answer.ok:
                empty(answer.message)
                return
            sale: ProjectSale = answer.value
            self.place.keep(id=self.project_id)
            self.place.rename(f"销售情况 {sale.project}"[:22])
            plans = partial(self.place.open, plans_page.KEY, id=self.project_id)
            self.place.command("销售方案", plans, icon="sell", key="f2")
            self.place.command("刷新", self.load, icon="refresh", key="f3")
            _rows(
                "预售许可证",
                ("许可证号", "方案编号", "楼幢", "套数", "面积（㎡）", "发证日期", "状态"),
                [
                    (
                        *(one.permit_no, one.plan_no, one.buildings, str(one.sets)),
                        f"{one.area:,.2f}" if one.area is not None else "—",
                        str(one.issued_on or "—"),
                        one.state,
                    )
                    for one in sale.permits
                ],
                "尚未收到本项目的预售许可证。",
            )
            _rows(
                "开盘单元",
                ("编号", "许可证号", "开盘方式", "开盘日期", "套数"),
                [
                    (one.code, one.permit_no, one.mode, str(one.opened_on or "—"), str(one.homes))
                    for one in sale.openings
                ],
                "尚未收到本项目的开盘单元。",
            )
            counted = "，".join(f"{state.label}{number}套" for state, number in counts_of(sale.buildings).items())
            head("楼盘表")
            note(counted or "本项目还没有销售事件。")
            with web.element("div").classes("sf-building-page"):
                self.buttons: dict[UUID, web.button] = {}
                with web.element("nav").classes("sf-building-list").props("aria-label=自然幢"):
                    for one in sale.buildings:
                        homes = sum(one.states.values())
                        told = f"{one.name}　{homes}套" if homes else one.name
                        self.buttons[one.id] = plain_button(told, partial(self.show, one.id)).mark(f"sale-{one.number}")
                self.middle = web.element("section").classes("sf-building-table")
                self.detail = web.element("aside").classes("sf-building-unit").props("aria-label=房屋销售情况")
            first = next((one.id for one in sale.buildings if one.states), None)
            wanted = uuid_of(self.place.params.get("b", "")) or first
            if wanted is not None:
                await self.show(wanted)

    async def show(self, building_id: UUID) -> None:
        """Draw the table of a building by sale state."""
        with self.root:
            table = (await call(building_table, building_id)).or_end()
            states = (await call(sale_states, building_id)).or_end()
            self.place.keep(b=building_id)
            press(self.buttons, building_id)
            plain = by_code("sale", "销售状态", states.states, LOOKS)
            by_state = Colouring(plain.key, plain.label, plain.looks, plain.of, _LIMITED, states.limited)
            self.middle.clear()
            self.detail.clear()
            with self.middle:
                head(f"{table.name}（{table.number}）")
                UnitTable(
                    table.floors,
                    [cell_of(one) for one in table.units],
                    [by_state, *colourings(table.units)[:1]],
                    label=f"{table.name}销售状态",
                    picked=self.pick,
                )

    async def pick(self, unit_id: UUID) -> None:
        """Show the sale of the chosen unit beside the table."""
        with self.root:
            view = (await call(unit_sale, unit_id)).or_end()
            self.detail.clear()
            with self.detail:
                head("房屋销售情况")
                facts(view.shown, columns=1)
                for one in view.events:
                    parts = (str(one.happened_on), one.act, one.contract_no, one.amount)
                    note("　".join(part for part in parts if part))


def _rows(title: str, heads: Sequence[str], lines: Sequence[Sequence[str]], nothing: str) -> None:
    head(f"{title}（{len(lines)}）")
    if not lines:
        note(nothing)
        return
    with (
        web.element("div").classes("sf-scroll"),
        web.element("table").classes("sf-plain-table").props(f"aria-label={title}"),
    ):
        with web.element("thead"), web.element("tr"):
            for words in heads:
                TextElement(tag="th", text=words).props("scope=col")
        with web.element("tbody"):
            for line in lines:
                with web.element("tr"):
                    for words in line:
                        TextElement(tag="td", text=words or "—")


@beside("project", KIND)
def open_sale(page: RecordPage, view: RevisionView) -> None:
    """A project in force and a plan in force have the sale beside them."""
    project_id = view.record_id if view.kind == "project" else view.project_id
    if view.state is RevisionState.EFFECTIVE and project_id is not None:
        page.place.command("销售情况", partial(page.place.open, KEY, id=project_id), icon="real_estate_agent")


@own_page("presale_permit")
async def open_permits(place: Place, project_id: UUID, kind: str, record_id: UUID | None) -> None:
    """Lead from the project's page to its presale permits."""
    await place.open(KEY, id=project_id)


async def build(place: Place) -> None:
    await SalePage(place).load()


PROJECT_SALE = Module(KEY, "销售情况", "real_estate_agent", "projects", frozenset(MARKET), build, hidden=True)
