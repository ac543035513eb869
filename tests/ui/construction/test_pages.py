"""The grid of unit works and the board of ties in front of a project company and its authority (rows 68, 69)."""

from typing import Any
from uuid import UUID

import pytest
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User

from models.construction import ConstructionPermit
from services.construction.tie_board import TieBoard, tie_board
from services.construction.unit_sheet import UnitSheet, unit_sheet
from services.engine.kinds import KINDS
from services.projects.stages import life
from tests.land import Land
from tests.services.planning.test_row_65 import planned_book
from tests.services.projects.desk import Desk
from tests.site import Site, building, community, planning_permit, unit
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, key, press, rows
from ui.construction.ties_page import Ties
from ui.records.child_table import ChildTable


def board(land: Land, site: Site) -> TieBoard:
    door = land.market.world.door
    found: TieBoard = door.ask(tie_board, land.market.caller("binjiang01"), site.project)
    return found


def sheet(land: Land, permit: UUID) -> UnitSheet:
    found: UnitSheet = land.market.world.door.ask(unit_sheet, land.market.caller("binjiang_admin"), permit)
    return found


@pytest.mark.row(69)
async def test_a_unit_is_dragged_onto_its_building_and_the_rest_is_tied_by_number(crowd: Crowd, land: Land) -> None:
    site = Site.begun(land)
    planning = site.planning()
    permit = site.permit(planning)
    first, second = (site.unit(permit, number) for number in ("1#", "2#"))
    user = await crowd.open("binjiang01", f"/?open=unit-ties&id={site.project}")
    await user.should_see("可按F2一并关联", retries=WAIT)
    one = site.building(planning, "1#").id
    user.find(kind=Ties).trigger("tie", {"unit": str(first), "building": str(one)})
    await user.should_see("已关联", retries=WAIT)
    assert await until(lambda: [len(line.ties) for line in board(land, site).units] == [1, 0])
    key(user, "f2")
    await user.should_see("按编号关联1个单位工程", retries=WAIT)
    press(user, "dialog-yes")
    assert await until(lambda: [len(line.ties) for line in board(land, site).units] == [1, 1])
    await user.should_see("已关联1个单位工程", retries=WAIT)
    tie = board(land, site).units[1].ties[0]
    user.find(kind=Ties).trigger("cut", {"id": str(tie.id), "no": "2#"})
    await user.should_see("解除与规划建筑物2#的关联", retries=WAIT)
    press(user, "dialog-yes")
    assert await until(lambda: [line.id for line in board(land, site).units if not line.ties] == [second])


@pytest.mark.row(69)
@pytest.mark.parametrize("login", ["pdshen01", "shenpu01"])
async def test_who_only_looks_changes_nothing(crowd: Crowd, land: Land, login: str) -> None:
    site = Site.begun(land)
    planning = site.planning()
    site.unit(site.permit(planning), "1#")
    user = await crowd.open(login, f"/?open=unit-ties&id={site.project}")
    await user.should_see("单位工程关联规划建筑物", retries=WAIT)
    await user.should_not_see("可按F2一并关联")


async def _grid(crowd: Crowd, login: str, permit: object) -> User:
    user = await crowd.open(login, f"/?open=unit-sheet&id={permit}")
    await user.should_see("填报中的单位工程", retries=WAIT)
    return user


@pytest.mark.row(68)
async def test_units_are_entered_in_the_grid_and_submitted_together(crowd: Crowd, land: Land) -> None:
    site = Site.begun(land)
    permit = site.permit(site.planning(), works_area="21000.00")
    user = await _grid(crowd, "binjiang_admin", permit)
    lines = [
        {name: str(value) for name, value in unit(permit, number).items() if name != "construction_permit_id"}
        for number in ("1#", "2#")
    ]
    # Enter behind the last line leaves an empty one, which is no unit work.
    user.find(kind=ChildTable).trigger("lines", [*lines, {}])
    key(user, "f4")
    await user.should_see("已保存", retries=WAIT)
    assert [(one.values["unit_no"], one.state) for one in sheet(land, permit).units] == [("1#", "草稿"), ("2#", "草稿")]
    key(user, "f8")
    await user.should_see("提交单位工程（共2个）", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("已提交2个单位工程", retries=WAIT)
    assert {one.state for one in sheet(land, permit).units} == {"待审核"}


@pytest.mark.row(65)
async def test_planned_buildings_are_replaced_by_a_workbook_and_added_from_another(crowd: Crowd, land: Land) -> None:
    lists = {"buildings": [building("1#")]}
    begun = Desk(land, "engineering_planning_permit").begin(land.project("P-1"), planning_permit(), lists)
    user = await crowd.open("binjiang01", f"/?open=record&kind=engineering_planning_permit&id={begun.record_id}")
    await user.should_see(marker="lines-buildings", retries=WAIT)

    async def bring(mark: str, numbers: list[str], *rows: list[Any]) -> bool:
        control: Any = user.find(marker=mark).elements.pop()
        await control.handle_uploads([SmallFileUpload("楼.xlsx", "application/zip", planned_book(*rows))])
        (table,) = user.find(kind=ChildTable, marker="child-buildings").elements
        return await until(lambda: [line.get("building_no") for line in table.lines] == numbers)

    two, three = ([number, "住宅", 18, 1, 1000, 900, 100] for number in ("2#", "3#"))
    assert await bring("lines-buildings", ["2#", "3#"], two, three)
    await user.should_see("已读入2行")
    assert await bring("more-buildings", ["2#", "3#", "4#"], ["4#", "别墅式办公", 18, 1, 1000, 900, 100])
    await user.should_see("已追加1行，1处需要核对，已标出")


@pytest.mark.row(66)
async def test_an_estate_is_compared_as_it_is_filled_in_and_not_as_it_was_saved(crowd: Crowd, land: Land) -> None:
    site = Site.begun(land)
    site.planning()
    begun = Desk(land, "community").begin(site.project, community(sets_total=143))
    user = await crowd.open("binjiang01", f"/?open=record&kind=community&id={begun.record_id}")
    await user.should_see(marker="field-sets_total", retries=WAIT)
    control: Any = user.find(marker="field-sets_total").elements.pop()
    control.set_value("144")
    user.find("对照规划建筑物").click()
    await user.should_see("填报 144套，规划建筑物合计 144套", retries=WAIT)


@pytest.mark.row(67)
async def test_records_without_a_menu_line_are_reached_from_their_project(crowd: Crowd, land: Land) -> None:
    """Several open the list of this project alone, and another is begun beside them."""
    site, other = Site.begun(land), Site.begun(land)
    other.permit(other.planning())
    permits = [site.permit(site.planning()) for _ in range(2)]
    numbers = {land.market.row(ConstructionPermit, one).permit_no for one in permits}
    user = await crowd.open("binjiang_admin", f"/?open=cockpit&id={site.project}")
    await user.should_see("前后置关系", retries=WAIT)
    press(user, "stage-construction_permit")
    await user.should_see(marker="grid", retries=WAIT)
    assert await until(lambda: {row["permit_no"] for row in rows(user, "grid")} == numbers)
    user = await crowd.open("binjiang_admin", f"/?open=cockpit&id={site.project}")
    await user.should_see("前后置关系", retries=WAIT)
    press(user, "more-construction_permit")
    await user.should_see("未命名施工许可证", retries=WAIT)


def test_every_kind_without_a_menu_line_stands_on_its_projects_page() -> None:
    shown = {one.kind for records in life().values() for one in records}
    unlisted = {kind.name for kind in KINDS.values() if not kind.look.menu and kind.makers.about == "project"}
    assert {"delivery_permit", "progress_report", "engineering_payment", "handbook_text"} <= unlisted
    assert unlisted <= shown
