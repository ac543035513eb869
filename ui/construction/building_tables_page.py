"""楼盘表: the natural buildings of a project, their units, and candidates to tie to unit works (row 70)."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import MARKET
from models.records import RevisionState
from services.construction.building_table_views import (
    BuildingLine,
    BuildingTable,
    building_table,
    buildings_of_project,
    unit_detail,
)
from services.construction.building_tables import TakeBuilding, take_building
from services.construction.natural_candidates import Candidate, candidates
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, RevisionView
from services.engine.kinds import KINDS
from ui.construction.unit_looks import ROLE_LOOKS, cell_of, colourings
from ui.records.beside import beside
from ui.records.record_page import RecordPage, open_record
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.modules import Module
from ui.shell.parts import empty, facts, head, note, uuid_of
from ui.shell.place import Place
from ui.shell.unit_table import UnitTable
from ui.shell.unit_thumbs import Thumb, UnitThumbs

KEY, LINK = "building-tables", "unit_natural_link"


class BuildingTablesPage:
    """Buildings on the left, the chosen one's table, and the chosen unit beside it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.project_id = uuid_of(place.params.get("id", ""))
        self.root = web.element("div").classes("sf-building-page")
        self.buildings: Sequence[BuildingLine] = ()
        self.shown: UUID | None = None

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
            self.buildings = answer.value.buildings
            if self.place.may(take_building):
                self.place.command("候选自然幢", self.show_candidates, icon="travel_explore", key="f2")
                if self.buildings:
                    self.place.command("更新本幢", self.take_again, icon="sync")
            self.place.command("刷新", self.load, icon="refresh", key="f3")
            wanted = uuid_of(self.place.params.get("b", ""))
            first = next((at for at, one in enumerate(self.buildings) if one.id == wanted), 0)
            with web.element("div").classes("sf-building-list"):
                if self.buildings:
                    thumbs = [_thumb(one) for one in self.buildings]
                    colours = [look.colour for look in ROLE_LOOKS.values()]
                    UnitThumbs(thumbs, colours, label="自然幢", chosen=first, picked=self.go)
                else:
                    note("尚未关联自然幢。项目公司按F2查找候选自然幢并关联，审核生效后在此查看。")
            self.middle = web.element("section").classes("sf-building-table")
            self.detail = web.element("aside").classes("sf-building-unit").props("aria-label=房屋详情")
            if self.buildings:
                await self.show(self.buildings[first].id, uuid_of(self.place.params.get("u", "")))

    async def go(self, place: int) -> None:
        """Show the building at a place of the list."""
        await self.show(self.buildings[place].id)

    async def show(self, building_id: UUID, unit_id: UUID | None = None) -> None:
        """Draw the table of a building, with a unit of it chosen if one is named."""
        with self.root:
            table: BuildingTable = (await call(building_table, building_id)).or_end()
            self.shown = building_id
            self.detail.set_visibility(True)
            self.place.keep(b=building_id, u="")
            self.middle.clear()
            self.detail.clear()
            with self.middle:
                head(f"{table.name}（{table.number}）")
                self._draw_about(table)
                units = UnitTable(
                    table.floors,
                    [cell_of(one) for one in table.units],
                    colourings(table.units),
                    label=f"{table.name}楼盘表",
                    picked=self.pick,
                )
            with self.detail:
                note(f"共{len(table.units):,}户。方向键移动，回车或点击查看房屋详情；按图例只显示所选。")
            if unit_id is not None and unit_id in units.ids:
                units.choose(unit_id)
                await self.pick(unit_id)

    def _draw_about(self, table: BuildingTable) -> None:
        with web.element("details").classes("sf-building-about"):
            told = f"{table.shown['规划用途']}，{table.shown['层数']}，{len(table.units):,}户"
            TextElement(tag="summary", text=told)
            facts(table.shown, columns=2)
        with web.element("p").classes("sf-building-works"):
            TextElement(tag="span", text="单位工程：")
            for one in table.works:
                plain_button(f"{one.unit_no} {one.name}", partial(open_record, self.place, LINK, one.tie))

    async def pick(self, unit_id: UUID) -> None:
        """Show the chosen unit beside the table."""
        with self.root:
            view = (await call(unit_detail, unit_id)).or_end()
            self.place.keep(u=unit_id)
            self.detail.clear()
            with self.detail:
                head(f"房屋详情 {view.name}")
                facts(view.shown, columns=1)
                for past in view.past:
                    head(f"{past.until}前的面积")
                    facts(past.shown or {"面积": "无"}, columns=1)
            self.place.reveal(self.detail)

    async def take_again(self) -> None:
        """Ask the building table for the building that is shown, now instead of at night."""
        with self.root:
            assert self.project_id is not None
            one = next(one for one in self.buildings if one.id == self.shown)
            (await call(take_building, TakeBuilding(self.project_id, one.number))).or_end()
            self.place.say(f"已按楼盘表更新{one.name}", "good")
            await self.load()

    async def show_candidates(self) -> None:
        """List the natural buildings on the project's land, each to be tied."""
        with self.root:
            assert self.project_id is not None
            found = (await call(candidates, self.project_id)).or_end()
            self.middle.clear()
            self.detail.set_visibility(False)
            with self.middle:
                head(f"候选自然幢（{len(found)}）")
                note("列出本项目地块上的自然幢。选择后取得楼盘表，并起草与单位工程的关联，核对单位工程后提交审核。")
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
            TextElement(tag="td", text=f"{told} {one.address}".rstrip())
            TextElement(tag="td", text=f"{one.area:,.2f} ㎡" if one.area else "—")
            TextElement(tag="td", text=_likely(one))
            with web.element("td"):
                if one.taken:
                    TextElement(tag="span", text="已由其他项目关联").classes("sf-badge sf-bad")
                else:
                    label = "再关联一个单位工程" if one.tied_to else "关联"
                    plain_button(label, partial(self.tie, one)).mark(f"tie-{one.natural_building_no}")

    async def tie(self, one: Candidate) -> None:
        """Take the building's table over and begin its tie to the unit work it is most like."""
        with self.root:
            assert self.project_id is not None
            (await call(take_building, TakeBuilding(self.project_id, one.natural_building_no))).or_end()
            values = {"natural_building_no": one.natural_building_no}
            if one.likely is not None:
                values["unit_engineering_id"] = str(one.likely.id)
            begun = (await call(acts(KINDS[LINK]).begin, Begin(about=self.project_id, values=values))).or_end()
            await open_record(self.place, LINK, begun.record_id)


def _thumb(line: BuildingLine) -> Thumb:
    place = {role: at for at, role in enumerate(ROLE_LOOKS)}
    spots = tuple((section, column, low, top, place[role]) for section, column, low, top, role in line.spots)
    return Thumb(line.name, f"{len(spots):,}户", spots)


def _likely(one: Candidate) -> str:
    if one.tied_to:
        return f"已关联{'、'.join(one.tied_to)}"
    return f"似为{one.likely.unit_no}：{'、'.join(one.likely.alike)}相符" if one.likely is not None else ""


@beside("project")
def open_tables(page: RecordPage, view: RevisionView) -> None:
    """A project in force has its building tables."""
    if view.state is RevisionState.EFFECTIVE:
        page.place.command("楼盘表", partial(page.place.open, KEY, id=str(view.record_id)), icon="apartment")


async def build(place: Place) -> None:
    await BuildingTablesPage(place).load()


BUILDING_TABLES = Module(KEY, "楼盘表", "apartment", "projects", frozenset(MARKET), build, hidden=True)
