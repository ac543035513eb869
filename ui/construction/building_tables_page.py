"""楼盘表: the natural buildings of a project, their units, and candidates to tie to unit works (row 70)."""

from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from models.records import RevisionState
from services.construction.building_table_views import (
    BuildingTable,
    building_table,
    buildings_of_project,
    unit_detail,
)
from services.construction.building_tables import Candidate, TakeBuilding, candidates, take_building
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, RevisionView
from services.engine.kinds import KINDS
from ui.construction.unit_looks import cell_of, colourings
from ui.records.beside import beside
from ui.records.record_page import RecordPage, open_record
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.modules import Module
from ui.shell.parts import empty, facts, head, note, uuid_of
from ui.shell.place import Place
from ui.shell.unit_table import UnitTable

KEY, LINK = "building-tables", "unit_natural_link"


class BuildingTablesPage:
    """Buildings on the left, the chosen one's table, and the chosen unit beside it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.project_id = uuid_of(place.params.get("id", ""))
        self.root = web.element("div").classes("sf-building-page")

    async def load(self) -> None:
        """Show the project's buildings and the one that the address names, or the first."""
        with self.root:
            self.root.clear()
            self.place.commands.clear()
            if self.project_id is None:
                empty("请从项目的页面进入楼盘表")
                return
            answer = await call(buildings_of_project, self.project_id, quiet=True)
            if not answer.ok:
                empty(answer.message)
                return
            self.place.keep(id=self.project_id)
            self.place.rename(f"楼盘表 {answer.value.project}"[:22])
            if self.place.may(take_building):
                self.place.command("候选自然幢", self.show_candidates, icon="travel_explore", key="f2")
            self.place.command("刷新", self.load, icon="refresh", key="f3")
            found = answer.value.buildings
            with web.element("nav").classes("sf-building-list").props("aria-label=自然幢"):
                for one in found:
                    told = f"{one.name}　{one.units}户"
                    plain_button(told, partial(self.show, one.id)).mark(f"building-{one.number}")
                if not found:
                    note("尚未关联自然幢。项目公司按F2查找候选自然幢并关联，审核生效后在此查看。")
            self.middle = web.element("section").classes("sf-building-table")
            self.detail = web.element("aside").classes("sf-building-unit").props("aria-label=房屋详情")
            wanted = uuid_of(self.place.params.get("b", ""))
            chosen = next((one.id for one in found if one.id == wanted), found[0].id if found else None)
            if chosen is not None:
                await self.show(chosen)

    async def show(self, building_id: UUID) -> None:
        """Draw the table of a building."""
        with self.root:
            table: BuildingTable = (await call(building_table, building_id)).or_end()
            self.place.keep(b=building_id)
            self.middle.clear()
            self.detail.clear()
            with self.middle:
                head(f"{table.name}（{table.number}）")
                surveyed = f"，实测于{table.surveyed_on}" if table.surveyed_on else "，预测面积"
                note(f"{table.use}，{len(table.floors)}层，{len(table.units)}户{surveyed}。方向键移动，回车查看。")
                UnitTable(
                    table.floors,
                    [cell_of(one) for one in table.units],
                    colourings(table.units),
                    label=f"{table.name}楼盘表",
                    picked=self.pick,
                )

    async def pick(self, unit_id: UUID) -> None:
        """Show the chosen unit beside the table."""
        with self.root:
            view = (await call(unit_detail, unit_id)).or_end()
            self.detail.clear()
            with self.detail:
                head("房屋详情")
                facts(view.shown, columns=1)
                if view.surveys:
                    head("面积变更")
                    for on, forecast, surveyed in view.surveys:
                        note(f"{on}前：预测{forecast or '—'}，实测{surveyed or '—'}")

    async def show_candidates(self) -> None:
        """List the natural buildings on the project's land, each to be tied."""
        with self.root:
            assert self.project_id is not None
            found = (await call(candidates, self.project_id)).or_end()
            self.middle.clear()
            self.detail.clear()
            with self.middle:
                head(f"候选自然幢（{len(found)}）")
                note("列出本项目地块上的自然幢。选择后取得楼盘表，并起草与单位工程的关联，选定单位工程后提交审核。")
                if not found:
                    empty("本项目地块上没有查到自然幢：请核对“项目地块”是否已生效、地块的地籍号是否填写")
                    return
                with web.element("table").classes("sf-plain-table"), web.element("tbody"):
                    for one in found:
                        self._draw_candidate(one)

    def _draw_candidate(self, one: Candidate) -> None:
        with web.element("tr"):
            TextElement(tag="th", text=f"{one.building_name}（{one.natural_building_no}）").props("scope=row")
            told = f"{one.planned_use}，地上{one.floors_above}层、地下{one.floors_below}层，{one.sets_total or '—'}户"
            TextElement(tag="td", text=told)
            TextElement(tag="td", text=f"{one.area:,.2f} ㎡" if one.area else "—")
            with web.element("td"):
                if one.taken:
                    TextElement(tag="span", text="已由其他项目关联").classes("sf-badge sf-bad")
                else:
                    label = "再关联一个单位工程" if one.tied else "关联"
                    plain_button(label, partial(self.tie, one)).mark(f"tie-{one.natural_building_no}")

    async def tie(self, one: Candidate) -> None:
        """Take the building's table over and begin its tie to a unit work."""
        with self.root:
            assert self.project_id is not None
            (await call(take_building, TakeBuilding(self.project_id, one.natural_building_no))).or_end()
            values = {"natural_building_no": one.natural_building_no}
            begun = (await call(acts(KINDS[LINK]).begin, Begin(about=self.project_id, values=values))).or_end()
            await open_record(self.place, LINK, begun.record_id)


@beside("project")
def open_tables(page: RecordPage, view: RevisionView) -> None:
    """A project in force has its building tables."""
    if view.state is RevisionState.EFFECTIVE:
        page.place.command("楼盘表", partial(page.place.open, KEY, id=str(view.record_id)), icon="apartment")


async def build(place: Place) -> None:
    await BuildingTablesPage(place).load()


BUILDING_TABLES = Module(KEY, "楼盘表", "apartment", "projects", frozenset(MARKET), build, hidden=True)
