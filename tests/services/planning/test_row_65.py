"""建设工程规划许可证管理: permit and planned buildings, PLN-06 to PLN-08, PLN-12, lines in use, workbooks (row 65)."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from openpyxl import Workbook

from models.planning import EngineeringPlanningPermit, PlannedBuilding
from models.projects import Project
from services.engine.refusals import Rejected
from services.records.list_sheets import LinesRead, ReadLines, read_lines
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import BUILDINGS, GARAGE, USCC, Site, building, planning_permit

pytestmark = pytest.mark.row(65)
KIND = "engineering_planning_permit"
OURS, THEIRS, OTHER_PROJECT = (
    "建字第3101152026GG0000201号",
    "建字第3101042026GG0000202号",
    "建字第3101152026GG0000203号",
)
#: In an own test's project the place name is not approved.
PLACE = {"PLN-12": "地名正在报批"}


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, KIND)


def found(desk: Desk, project: UUID, values: dict[str, Any], buildings: Any = BUILDINGS) -> dict[str, tuple[str, str]]:
    begun = desk.begin(project, values, {"buildings": buildings})
    try:
        desk.submit(begun.revision_id)
    except Rejected as no:
        return {one.code: (str(one.severity), one.field) for one in no.findings}
    return {}


def test_a_permit_comes_with_its_buildings_from_the_platform_and_is_updated(desk: Desk, land: Land) -> None:
    site = Site.begun(land)
    begun = desk.begin(site.project, {})
    assert not desk.fill_in(begun.revision_id, OURS).findings
    view = desk.view(begun.revision_id)
    assert [line["building_no"] for line in view.children["buildings"]] == ["1#", "2#", "3#"]
    assert view.children["buildings"][0]["use"] == "HOUSING"
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)
    row = land.market.row(EngineeringPlanningPermit, begun.record_id)
    assert (row.permit_no, row.building_count) == (OURS, 3)
    before = site.building(begun.record_id, "1#").id
    again = desk.update(begun.record_id, "规划方案有调整")
    lines = [{**line, "sets": 70} if line["building_no"] == "1#" else line for line in view.children["buildings"]]
    desk.save(again.revision_id, {}, {"buildings": lines})
    desk.submit(again.revision_id)
    desk.approve(again.revision_id)
    after = site.building(begun.record_id, "1#")
    assert (after.id, after.sets) == (before, 70)


def test_a_permit_of_another_company_or_project_is_not_filled_in(desk: Desk, land: Land) -> None:
    for number, told in ((THEIRS, "权利人不一致"), (OTHER_PROJECT, "其他项目")):
        begun = desk.begin(land.project("P-1"), {})
        said = desk.fill_in(begun.revision_id, number)
        assert [told in one.message for one in said.findings] == [True]
        view = desk.view(begun.revision_id)
        assert set(view.values) <= {"permit_no", "builder", "builder_uscc"}
        assert view.values["builder_uscc"] == USCC
        assert not view.children["buildings"]


@pytest.mark.parametrize("fault", ["half", "twice", "mismatch", "error"])
def test_half_an_answer_two_answers_and_anothers_are_none(desk: Desk, land: Land, fault: str) -> None:
    begun = desk.begin(land.project("P-1"), {})
    land.market.world.fault("one_map", fault)
    said = desk.fill_in(begun.revision_id, OURS)
    land.market.world.heal()
    assert [("未核验" in one.message, str(one.severity)) for one in said.findings] == [(True, "PENDING")]
    assert not desk.view(begun.revision_id).children["buildings"]


def test_the_steps_before_are_needed(desk: Desk, land: Land) -> None:
    assert found(desk, land.project("P-1"), planning_permit())["DEP"][0] == "REFUSE"


@pytest.mark.parametrize(
    ("change", "lists", "code", "severity"),
    [
        ({"permit_no": "沪规建2026第1号"}, BUILDINGS, "PLN-01", "WARN"),
        ({"builder_uscc": "91310104MAYPA0022Q"}, BUILDINGS, "PLN-02", "WARN"),
        ({"issued_on": "2027-03-02"}, BUILDINGS, "PLN-03", "REFUSE"),
        ({"issued_on": "2026-03-19"}, BUILDINGS, "PLN-03", "WARN"),
        ({"gfa_total": "27001.01"}, BUILDINGS, "PLN-06", "REFUSE"),
        ({}, [], "REQ", "REFUSE"),
        ({"place_name_doc_no": ""}, BUILDINGS, "PLN-12", "WARN"),
        ({"extended_to": "2026-04-20"}, BUILDINGS, "FMT", "REFUSE"),
        ({}, [building("1#", footprint_area="200"), building("2#"), GARAGE], "PLN-08", "WARN"),
        ({}, [building("1#", height_m="180"), building("2#"), GARAGE], "PLN-08", "WARN"),
        ({}, [building("1#"), building("１＃"), GARAGE], "KEY", "REFUSE"),
        ({}, [building("1#", floors_above="-1"), building("2#"), GARAGE], "FMT", "REFUSE"),
        ({}, [building("1#", floors_above=0, floors_below=0), building("2#"), GARAGE], "FMT", "REFUSE"),
        ({}, [building("1#", gfa_above="9999"), building("2#"), GARAGE], "FMT", "REFUSE"),
    ],
)
def test_what_a_submission_finds(
    desk: Desk, land: Land, change: dict[str, str], lists: Any, code: str, severity: str
) -> None:
    assert found(desk, Site.begun(land).project, planning_permit(**change), lists)[code][0] == severity


def test_a_square_metre_is_within_and_permits_together_are_compared_with_the_project(desk: Desk, land: Land) -> None:
    site = Site.begun(land)
    assert found(desk, site.project, planning_permit(gfa_total="27001.00", gfa_below="7001.00")) == {}
    site.planning()
    begun = desk.begin(site.project, planning_permit(), {"buildings": BUILDINGS})
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id)
    assert {(one.code, one.field) for one in no.value.findings} == {("PLN-07", "far_area"), ("PLN-07", "gfa_total")}


def test_a_building_that_a_unit_work_is_tied_to_is_not_dropped(desk: Desk, land: Land) -> None:
    site = Site.begun(land)
    planning = site.planning()
    unit = site.unit(site.permit(planning), "1#")
    site.tie(unit, planning, "1#")
    again = desk.update(planning, "规划方案有调整")
    desk.save(again.revision_id, {}, {"buildings": [building("4#"), building("2#"), GARAGE]})
    with pytest.raises(Rejected) as no:
        desk.submit(again.revision_id)
    (told,) = [one for one in no.value.findings if one.code == "DEP"]
    assert "1#" in told.message
    assert "单位工程1#" in told.message


def planned_book(*rows: list[Any], head: str = "幢号") -> bytes:
    whole = Workbook()
    sheet = whole.active
    assert sheet is not None
    sheet.append([head, "建筑用途", "地上层数", "地下层数", "总建筑面积(㎡)", "地上建筑面积(㎡)", "地下建筑面积(㎡)"])
    for row in rows:
        sheet.append(row)
    hidden = whole.create_sheet("旧表")
    hidden.sheet_state = "hidden"
    hidden.append(["不读"])
    out = BytesIO()
    whole.save(out)
    return out.getvalue()


def _read(desk: Desk, content: bytes, revision_id: UUID | None = None) -> LinesRead:
    read: LinesRead = desk.ask(read_lines, desk.drafter, ReadLines(KIND, "buildings", content, revision_id))
    return read


def test_the_forms_import_repairs_what_people_write_and_names_the_cells_it_cannot_read(desk: Desk) -> None:
    read = _read(
        desk,
        planned_book(
            ["１＃", " 居住 ", "18层", 1, "1,234.50", 1000, "234.50㎡"],
            ["2#", "别墅式办公", "17+1", -1, 1000, 1000, 0],
            ["合计", None, None, None, 2234.5, None, None],
        ),
    )
    assert len(read.lines) == 2
    first = read.lines[0]
    assert {name: first[name] for name in ("use", "floors_above", "gfa_total", "gfa_below")} == {
        "use": "住宅",
        "floors_above": "18",
        "gfa_total": "1234.50",
        "gfa_below": "234.50",
    }
    assert {one.field for one in read.findings} == {
        "buildings.2.use",
        "buildings.2.floors_above",
        "buildings.2.floors_below",
    }
    # The same file again gives the same lines: to bring it in twice adds nothing when it replaces.
    assert (
        _read(desk, planned_book(["１＃", " 居住 ", "18层", 1, "1,234.50", 1000, "234.50㎡"])).lines == read.lines[:1]
    )


def test_planned_buildings_belong_to_a_project_in_force(land: Land) -> None:
    site = Site.begun(land)
    planning = site.planning()
    assert site.building(planning, "3#").floors_above == 0
    assert land.market.row(Project, site.project).stage.value == "PLANNING"
    assert PlannedBuilding.__tablename__ == "planned_building"
