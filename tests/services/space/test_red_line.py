"""项目空间范围: from a draft to 入库, checked against report, contract, certificate and neighbours (row 80, SPA-01..10)."""

import json
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
import shapely
from openpyxl import load_workbook

from models.access import Role, ScopeKind
from models.geometry import Geometry
from models.parcels import Parcel
from models.projects import Project
from models.red_lines import PlaneSystem, RedLine
from models.space_models import DrawingUse
from services.engine.callers import Caller, Scope
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin
from services.engine.refusals import NotFound, Rejected
from services.operations.archive import lines_of, row_of
from services.space.city_map import approval_no, city_map
from services.space.coordinate_files import read_coordinates
from services.space.districts import district_outline
from services.space.drawing_queue import TakeVersionDrawing, drawing_status, read_drawings, take_version_drawing
from services.space.geometry_field import polygons_of
from services.space.outline_edits import EditOutline, edit_outline
from services.space.outline_repairs import read_as
from services.space.planes import GK40, SH2000, between
from services.space.red_line_papers import FORMS, ExportRedLine, export_red_line
from services.space.red_line_views import (
    LookAround,
    LookAt,
    ReadOutline,
    Repair,
    look_around,
    look_at,
    read_outline,
    repair_outline,
)
from tests.land import Land
from tests.red_lines import APART, corners, outline, red_line, square
from tests.services.projects.desk import Desk
from tests.services.space.drawings import content_of, drawing
from tests.services.space.lists import table

pytestmark = pytest.mark.row(80)
_PLACES = count(APART)
WHY = "已与测绘单位核对，差异属实"


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, "red_line")


@pytest.fixture
def place() -> int:
    """A place of its own for each test."""
    return next(_PLACES)


def refused(desk: Desk, values: dict[str, Any], project: UUID | None = None) -> dict[str, str]:
    """The severities by code with which a submission without reasons is refused."""
    begun = desk.begin(project or desk.land.project(), values)
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id)
    return {one.code: str(one.severity) for one in no.value.findings}


def effective(desk: Desk, project: UUID, values: dict[str, Any], reasons: dict[str, str] | None = None) -> UUID:
    """The id of a red line put in force."""
    return desk.effective(project, values, reasons=reasons).record_id


def row(desk: Desk, record_id: UUID) -> RedLine:
    found: RedLine = desk.land.market.row(RedLine, record_id)
    return found


def test_an_outline_is_put_in_force_with_its_area_perimeter_points_and_box(desk: Desk, place: int) -> None:
    hole = [(e, n) for e, n in corners(place, side=20, east=40, north=40)]
    shape = outline(corners(place), hole)
    record_id = effective(desk, desk.land.project(), red_line(shape, report_area="9600.00"), reasons={"SPA-07": WHY})
    kept = row(desk, record_id)
    assert (kept.area_computed, kept.perimeter, kept.point_count) == (Decimal("9600"), Decimal("480"), 8)
    e, n = corners(place)[3]
    assert (kept.e_min, kept.n_min, kept.e_max, kept.n_max) == (
        e * 1000,
        n * 1000,
        e * 1000 + 100_000,
        n * 1000 + 100_000,
    )
    assert kept.width == 100_000
    assert kept.outline == shape


def test_a_record_says_of_which_project_it_is(desk: Desk, place: int) -> None:
    project = desk.land.project()
    name = desk.land.market.row(Project, project).name
    made = desk.effective(project, red_line(square(place)), reasons={"SPA-07": WHY})
    assert desk.view(made.revision_id).about == name
    assert desk.view(made.revision_id, "pdshen01").about == name


def test_two_parcels_are_one_red_line(desk: Desk, place: int) -> None:
    shape = Geometry((*square(place, side=50).polygons, *square(place, side=50, east=60).polygons))
    record_id = effective(desk, desk.land.project(), red_line(shape, report_area="5000.00"), reasons={"SPA-07": WHY})
    assert row(desk, record_id).area_computed == Decimal("5000")


BOW_TIE = [(0, 0), (100, 100), (0, 100), (100, 0)]


@pytest.mark.parametrize(
    ("ring", "code"),
    [
        (BOW_TIE, "SPA-03"),
        ([(0, 0), (0, 100), (100, 100), (300, 100), (100, 100), (100, 0)], "SPA-02"),
        ([(0, 0), (0, 100), (0.005, 100), (100, 100), (100, 0)], "SPA-02"),
    ],
)
def test_a_faulty_ring_drawn_by_hand_is_kept_and_not_submitted(
    desk: Desk, place: int, ring: list[tuple[float, float]], code: str
) -> None:
    west, south = corners(place)[3]
    shape = outline([(west + e, south + n) for e, n in ring])
    begun = desk.begin(desk.land.project(), red_line(shape))
    assert desk.view(begun.revision_id).values["outline"] == str(shape)
    seen = desk.ask(look_at, "binjiang01", LookAt(begun.revision_id))
    assert code in {finding.rule for finding in seen.findings}
    assert all(finding.place is not None for finding in seen.findings if finding.rule == code)
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id)
    assert {one.code: str(one.severity) for one in no.value.findings}[code] == "REFUSE"


def test_a_hole_outside_its_shell_is_refused(desk: Desk, place: int) -> None:
    shape = outline(corners(place), corners(place, side=10, east=150))
    assert refused(desk, red_line(shape))["SPA-03"] == "REFUSE"


def test_coordinates_of_beijing_and_exchanged_axes_are_refused(desk: Desk, place: int) -> None:
    beijing = outline([(e - 200_000, n + 980_000) for e, n in corners(place)])
    assert refused(desk, red_line(beijing))["SPA-04"] == "REFUSE"
    swapped = outline([(n, e) for e, n in corners(place)])
    assert refused(desk, red_line(swapped))["SPA-05"] == "REFUSE"


@pytest.mark.parametrize(
    "text", ["MULTIPOLYGON (((nan 1.000, 2.000 2.000, 3.000 3.000, nan 1.000)))", "J1 nan nan", "2"]
)
def test_what_is_no_outline_is_not_kept(desk: Desk, text: str) -> None:
    begun = desk.begin(desk.land.project(), red_line(text))
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id)
    assert {one.field for one in no.value.findings if one.code in ("FMT", "REQ")} == {"outline"}


def test_negative_numbers_of_the_citys_plane_are_kept_in_it_and_found_by_neighbours(desk: Desk, place: int) -> None:
    moved = [between(one, GK40, SH2000) for one in corners(place)]
    assert min(min(one) for one in moved) < 0
    shape = outline(moved)
    values = red_line(shape, plane_system="SH2000", report_area=f"{shape.area:.2f}")
    record_id = effective(desk, desk.land.project(), values)
    kept = row(desk, record_id)
    assert kept.outline == shape
    assert abs(kept.e_min - corners(place)[0][0] * 1000) <= 2
    # Another plane, the same land.
    assert refused(desk, red_line(square(place)))["SPA-09"] == "REFUSE"


def test_the_older_city_system_is_kept_and_not_approved(desk: Desk, place: int) -> None:
    shape = outline([(e - 652_000, n - 3_441_000) for e, n in corners(place)])
    begun = desk.begin(desk.land.project(), red_line(shape, plane_system="SH_OLD"))
    seen = desk.ask(look_at, "binjiang01", LookAt(begun.revision_id))
    assert (seen.polygons, [one.code for one in seen.findings if not one.note]) == ([], ["NEEDS_TRANSFORM"])
    with pytest.raises(Rejected) as no:
        desk.submit(begun.revision_id)
    assert "SPA-04" in {one.code for one in no.value.findings}


# ------------------------------------------------------------------ areas


@pytest.mark.parametrize(
    ("report", "severity"), [("10000.00", ""), ("10005.00", ""), ("10020.00", "WARN"), ("10060.00", "REFUSE")]
)
def test_the_area_is_that_of_the_report(desk: Desk, place: int, report: str, severity: str) -> None:
    begun = desk.begin(desk.land.project(), red_line(square(place), report_area=report))
    found = desk.ask(acts("red_line").trial, "binjiang01", begun.revision_id)
    assert {one.code: str(one.severity) for one in found} == ({"SPA-06": severity} if severity else {})


def test_a_worse_class_of_survey_allows_more(desk: Desk, place: int) -> None:
    values = red_line(square(place), report_area="10020.00", survey_class="THIRD")
    begun = desk.begin(desk.land.project(), values)
    # Two deviations of a square of 100 m are 20 square metres at 10 cm, 10 at 5 cm.
    assert desk.ask(acts("red_line").trial, "binjiang01", begun.revision_id) == ()


def test_area_of_contract_and_certificate_is_warned_of_and_a_reason_lets_it_pass(desk: Desk, place: int) -> None:
    shape = square(place, side=110)
    values = red_line(shape, report_area="12100.00", certificate_area="12000.00")
    begun = desk.begin(desk.land.project(), values)
    seen = desk.ask(look_at, "binjiang01", LookAt(begun.revision_id))
    assert [(one.paper, one.stated, one.difference) for one in seen.compared] == [
        ("成果报告", Decimal("12100"), Decimal("0")),
        ("不动产权证", Decimal("12000"), Decimal("100")),
        ("出让合同", Decimal("10000"), Decimal("2100")),
    ]
    with pytest.raises(Rejected):
        desk.submit(begun.revision_id)
    desk.submit(begun.revision_id, {"SPA-07": WHY})
    desk.approve(begun.revision_id)
    assert row(desk, begun.record_id).area_computed == Decimal("12100")


def test_a_parcel_of_another_project_is_refused(desk: Desk, place: int) -> None:
    other = desk.land.parcel()
    assert refused(desk, red_line(square(place), parcel_id=str(other)))["FMT"] == "REFUSE"


# ------------------------------------------------------------------ neighbours


def test_a_neighbour_is_touched_without_a_word_and_its_overlap_is_graded(desk: Desk, place: int) -> None:
    first = effective(desk, desk.land.project(), red_line(square(place)))
    assert row(desk, first).in_force.value == "EFFECTIVE"
    project = desk.land.project()

    def found(shape: Geometry) -> dict[str, str]:
        values = red_line(shape, report_area=f"{shape.area:.2f}", certificate_area=None)
        begun = desk.begin(project, {name: value for name, value in values.items() if value is not None})
        told = desk.ask(acts("red_line").trial, "binjiang01", begun.revision_id)
        return {one.code: str(one.severity) for one in told if one.code == "SPA-09"}

    assert found(square(place, east=100)) == {}
    # 1.5 square metres are more than a sliver, of a small parcel also more than the share that is told.
    small = corners(place, side=50, east=99.97)
    assert round(float(outline(small).area)) == 2500
    assert found(outline(small)) == {"SPA-09": "WARN"}
    assert found(square(place, east=99.985)) == {}
    assert found(square(place, east=90)) == {"SPA-09": "REFUSE"}


def test_whose_the_neighbour_is_is_told_only_to_who_sees_it(desk: Desk, place: int) -> None:
    effective(desk, desk.land.project(), red_line(square(place)))
    rival = Desk(desk.land, "red_line", drafter="xincheng01", submitter="xincheng_admin")
    theirs = desk.land.project("P-3", district="310104")
    begun = rival.begin(theirs, red_line(square(place, east=50)))
    seen = rival.ask(look_at, "xincheng01", LookAt(begun.revision_id))
    overlaps = [one for one in seen.findings if one.rule == "SPA-09"]
    assert [one.message for one in overlaps] == ["与已入库范围重叠5000.0平方米"]
    drawn = [one for one in seen.around if one.kind == "neighbour"]
    assert {one.name for one in drawn} == {""}
    with pytest.raises(NotFound):
        desk.ask(look_at, "binjiang01", LookAt(begun.revision_id))


def test_what_lies_in_the_view_is_given_to_snap_to(desk: Desk, place: int) -> None:
    effective(desk, desk.land.project(), red_line(square(place)))
    begun = desk.begin(desk.land.project(), {})
    west, south = corners(place)[3]

    def seen(login: str, wide: float) -> list[str]:
        box = (west - wide, south - wide, west + wide, south + wide)
        order = LookAround(begun.revision_id, PlaneSystem.CGCS2000_GK3_40, box)
        return [one.kind for one in desk.ask(look_around, login, order)]

    assert seen("binjiang01", 50) == ["district", "neighbour"]
    # Of a whole district nothing is searched.
    assert seen("binjiang01", 20_000) == ["district"]
    with pytest.raises(NotFound):
        seen("xincheng01", 50)


def test_a_corrected_version_does_not_overlap_itself(desk: Desk, place: int) -> None:
    record_id = effective(desk, desk.land.project(), red_line(square(place)))
    updated = desk.update(record_id).revision_id
    desk.save(updated, red_line(square(place, east=0.05)))
    desk.submit(updated)
    desk.approve(updated)
    assert row(desk, record_id).version_no == 2


def test_a_project_in_another_district_is_warned_of(desk: Desk, place: int) -> None:
    rival = Desk(desk.land, "red_line", drafter="xincheng01", submitter="xincheng_admin")
    begun = rival.begin(desk.land.project("P-3", district="310104"), red_line(square(place)))
    found = rival.ask(acts("red_line").trial, "xincheng01", begun.revision_id)
    assert {one.code: str(one.severity) for one in found} == {"SPA-10": "WARN"}


def test_a_backup_keeps_an_outline_to_the_millimetre(desk: Desk, place: int) -> None:
    record_id = effective(desk, desk.land.project(), red_line(square(place)))
    table = RedLine.__table__  # type: ignore[attr-defined]
    with desk.land.market.world.door.database.engine.connect() as connection:
        found = [line for line, values in lines_of(connection, table) if values["id"] == record_id]
    names = [column.name for column in table.columns]
    assert [row_of(table, names, line)["outline"] for line in found] == [square(place)]


# ------------------------------------------------------------------ files in and out


def test_a_file_is_read_repaired_and_kept_through_the_door(desk: Desk, place: int) -> None:
    text = table([(e, n) for e, n in corners(place)])
    reading = desk.ask(read_outline, "binjiang01", ReadOutline(text.encode()))
    assert [one.code for one in reading.waiting] == ["XY_SWAPPED"]
    done = desk.ask(repair_outline, "binjiang01", Repair(reading))
    assert done.outline == square(place)
    with pytest.raises(Exception, match="坐标文本"):
        desk.ask(read_outline, "binjiang01", ReadOutline(b"\x00\x01\x02"))


def test_an_edit_goes_through_the_door_and_stores_nothing(desk: Desk, place: int) -> None:
    begun = desk.begin(desk.land.project(), red_line(square(place)))
    e, n = corners(place)[3]
    order = EditOutline(
        begun.revision_id,
        str(square(place)),
        PlaneSystem.CGCS2000_GK3_40,
        "split",
        ((e + 40.0, n - 5.0), (e + 40.0, n + 105.0)),
    )
    done = desk.ask(edit_outline, "binjiang01", order)
    assert len(done.outline.polygons) == 2
    assert desk.view(begun.revision_id).values["outline"] == str(square(place))


def test_every_form_says_the_same_and_the_texts_read_back(desk: Desk, place: int) -> None:
    record_id = effective(desk, desk.land.project(), red_line(square(place)))
    revision = row(desk, record_id).revision_id
    made = {form: desk.ask(export_red_line, "binjiang01", ExportRedLine(revision, form)) for form in FORMS}
    assert made["pdf"].content.startswith(b"%PDF")
    assert all(one.file_name.endswith(form) for form, one in made.items())
    for form in ("txt", "dxf", "geojson", "xlsx"):
        again = read_as(read_coordinates(made[form].content))
        assert again.outline is not None, form
        assert abs(again.outline.area - 10_000) < Decimal("0.01"), form
    rows = list(load_workbook(BytesIO(made["xlsx"].content)).worksheets[0].iter_rows(values_only=True))
    e, n = corners(place)[0]
    assert rows[:2] == [
        ("地块", "圈号", "点号", "X（北）", "Y（东）", "边长"),
        (1, 1, "J1", f"{n:.3f}", f"{e:.3f}", "100.00"),
    ]
    assert rows[-4][2] == "J1"
    assert [(one[0], one[5]) for one in rows[-3:]] == [
        ("面积（㎡）", "10000.00"),
        ("面积（公顷）", "1.0000"),
        ("面积（亩）", "15.000"),
    ]
    assert json.loads(made["geojson"].content)["features"][0]["properties"]["area_m2"] == 10_000
    with pytest.raises(Rejected):
        desk.ask(export_red_line, "binjiang01", ExportRedLine(revision, "dwg"))


def test_a_crossing_outline_is_not_exported(desk: Desk, place: int) -> None:
    west, south = corners(place)[3]
    begun = desk.begin(desk.land.project(), red_line(outline([(west + e, south + n) for e, n in BOW_TIE])))
    with pytest.raises(Rejected, match="自相交"):
        desk.ask(export_red_line, "binjiang01", ExportRedLine(begun.revision_id, "pdf"))


def test_a_red_line_drawing_is_read_by_the_worker_and_never_by_a_page(desk: Desk, place: int) -> None:
    begun = desk.begin(desk.land.project(), red_line(square(place)))
    made = drawing()
    points = [(east * 1000, north * 1000) for east, north in corners(place)]
    made.modelspace().add_lwpolyline(points, close=True, dxfattribs={"layer": "用地红线"})
    made.header["$INSUNITS"] = 4
    content = content_of(made)
    with pytest.raises(Rejected, match="排队"):
        desk.ask(read_outline, "binjiang01", ReadOutline(content))
    order = TakeVersionDrawing(begun.revision_id, DrawingUse.RED_LINE, "红线.dxf", content)
    with pytest.raises(NotFound):
        desk.perform(take_version_drawing, "xincheng01", order)
    reading = desk.perform(take_version_drawing, "binjiang01", order)
    with pytest.raises(NotFound, match="还没有读取"):
        desk.ask(read_outline, "binjiang01", ReadOutline(reading_id=reading))
    assert desk.ask(drawing_status, "binjiang01", reading).ahead == 0
    read_drawings(desk.land.market.world.door)
    done = desk.ask(read_outline, "binjiang01", ReadOutline(reading_id=reading))
    assert (done.outline, [one.code for one in done.extent.findings]) == (square(place), ["UNITS_MM"])
    for ask, wrong in ((drawing_status, reading), (read_outline, ReadOutline(reading_id=reading))):
        with pytest.raises(NotFound):
            desk.ask(ask, "xincheng01", wrong)
    broken = TakeVersionDrawing(begun.revision_id, DrawingUse.RED_LINE, "红线.dxf", content[: len(content) // 2])
    reading = desk.perform(take_version_drawing, "binjiang01", broken)
    read_drawings(desk.land.market.world.door)
    assert desk.ask(drawing_status, "binjiang01", reading).refusal


# ------------------------------------------------------------------ the spatial office, the city map


def spatial(role: Role, district: str = "310115") -> Caller:
    return Caller("kong", (Scope(role, ScopeKind.DISTRICT, district),), account_id=uuid4(), unit_id=uuid4())


def test_an_operator_of_spatial_data_drafts_for_a_project_of_his_district(desk: Desk) -> None:
    door, project = desk.land.market.world.door, desk.land.project()
    begun = door.perform(acts("red_line").begin, spatial(Role.SPATIAL_OPERATOR), Begin(project))
    assert begun.record_id
    with pytest.raises(NotFound):
        door.perform(acts("red_line").begin, spatial(Role.SPATIAL_OPERATOR, "310104"), Begin(project))


def test_the_map_of_the_city_shows_each_what_he_sees(desk: Desk, place: int) -> None:
    project = desk.land.project()
    effective(desk, project, red_line(square(place)))
    city = desk.ask(city_map, "shishen01", None)
    ours = next(one for one in city.projects if one.project_id == project)
    assert (ours.stage.value, ours.area, ours.district) == ("LAND", Decimal("10000"), "浦东新区")
    assert len(city.districts) == 16
    assert project not in {one.project_id for one in desk.ask(city_map, "xincheng01", None).projects}
    assert project not in {one.project_id for one in desk.ask(city_map, "xhshen01", None).projects}
    # A parcel that no project uses has no red line yet: it stands in the middle of its district, or of its plate.
    bare = desk.land.market.row(Parcel, desk.land.parcel())
    shown = {one.parcel_no: one for one in desk.ask(city_map, "pdshen01", None).parcels}
    found, whole = shown[bare.parcel_no], district_outline("310115")
    assert found.within == "浦东新区"
    assert found.centre is not None
    assert whole.contains(shapely.Point(found.centre))
    plate = Desk(desk.land, "spatial_area", drafter="pdkj01", submitter="pdkj01")
    lies = {"area_name": bare.plate, "use": "PLATE", "district": "310115", "decided_on": "2026-01-20", "basis": "方案"}
    lies |= {"plane_system": "CGCS2000_GK3_40", "outline": str(square(place, east=50_000))}
    plate.effective(None, lies)
    shown = {one.parcel_no: one for one in desk.ask(city_map, "pdshen01", None).parcels}
    assert shown[bare.parcel_no].within == bare.plate
    assert polygons_of(square(place, east=50_000)).contains(shapely.Point(shown[bare.parcel_no].centre))
    assert bare.parcel_no not in {one.parcel_no for one in desk.ask(city_map, "xhshen01", None).parcels}


def test_no_public_map_without_an_approved_base_map(desk: Desk) -> None:
    assert desk.land.market.world.read(approval_no) == ""
