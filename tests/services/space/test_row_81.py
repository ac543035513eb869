"""三维模型: drawn from a site plan, tied, divided, matched, reviewed, versioned, given out and taken in (row 81)."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import shapely
from shapely import affinity
from sqlmodel import select

from models.building_tables import HouseUnit
from models.geometry import Geometry
from models.sealing import sm3_hex
from models.space_models import (
    DivisionMethod,
    DrawingState,
    DrawingUse,
    MatchedBy,
    ModelPlane,
    ModelShape,
    ModelUnit,
)
from services.documents.attachments import open_attachment
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.space.building_model import Method, StoreyPlans
from services.space.drawing_layers import Wanted
from services.space.drawing_queue import (
    DrawingStatus,
    ReadAgain,
    TakeDrawing,
    drawing_status,
    read_again,
    read_drawings,
    take_drawing,
)
from services.space.geometry_field import polygons_of
from services.space.model_drafts import Divide, DraftModels, MatchHome, divide, draft_models, match_home
from services.space.model_exchange import city_json, files_given_out, read_city
from services.space.model_view import model_view
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.services.space.drawings import box, building, content_of, drawing, outline
from tests.services.space.modelling import (
    draft,
    drafted,
    effective,
    floor_plan,
    plan,
    read,
    refused,
    row_of,
    table,
    taken,
    tied,
    view,
)
from tests.site import Site

pytestmark = pytest.mark.row(81)


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, "building_model", drafter="pdkj01", submitter="pdkj01")


TOWER = plan((box(30, 12), "1# 3F H=9.0"))


def test_an_outline_becomes_a_model_matched_to_the_building_table(desk: Desk, site: Site) -> None:
    number = table(site)
    answer = read(desk, site, TOWER)
    assert (answer.plane, answer.outlines[0].natural_no) == (ModelPlane.CGCS2000_GK3_40, number)
    revision = drafted(desk, site, TOWER)
    seen = view(desk, revision)
    assert (seen.homes, seen.matched, seen.in_table, seen.rate) == (6, 6, 6, "100.0%")
    assert [storey.method for storey in seen.storeys] == ["示意"] * 3
    assert {part.room for part in seen.storeys[0].parts} == {"301", "302"}
    effective(desk, revision)
    row = row_of(desk, revision)
    assert (row.homes_total, row.homes_matched, row.match_rate) == (6, 6, Decimal(100))
    assert row.method is DivisionMethod.AUTO_SPLIT
    world = site.land.market.world
    shape: Any = world.read(lambda work: work.session.exec(select(ModelShape)).all())[-1]
    ids = {str(one) for one in world.read(lambda work: work.session.exec(select(HouseUnit.id)).all())}
    assert shape.building_model_id == row.id
    assert len(shape.shape["plans"]) == 1
    assert {unit[3] for unit in shape.shape["units"]} <= ids


def test_a_courtyard_stays_open_and_is_not_built_over(desk: Desk, site: Site) -> None:
    site.planning()
    content = plan((box(40, 40), "1# 3F H=9.0"), holes=(box(20, 20, east=10, north=10),))
    revision = drafted(desk, site, content)
    effective(desk, revision)
    assert row_of(desk, revision).footprint.area == Decimal(1200)


def test_two_towers_on_a_podium_take_the_storeys_above_it(desk: Desk, site: Site) -> None:
    site.planning()
    made = drawing()
    building(made.modelspace(), box(60, 30), "P1# 2F H=9.0")
    building(made.modelspace(), box(20, 14, east=4, north=10), "2# 18F H=54.0")
    building(made.modelspace(), box(20, 14, east=34, north=10), "3# 16F H=48.0")
    outlines = {one.number: one for one in read(desk, site, content_of(made)).outlines}
    assert {(one.number, one.podium, one.ground) for one in outlines.values()} == {
        *{("P1#", "", 0), ("2#", "P1#", 2), ("3#", "P1#", 2)}
    }
    made_drafts = draft(desk, site, *(tied(one, planned_no="1#") for one in outlines.values()))
    storeys = {one.number: {storey.number for storey in view(desk, one.revision_id).storeys} for one in made_drafts}
    assert storeys["P1#"] == {1, 2}
    assert storeys["2#"] == set(range(3, 19))
    # Tower and podium do not overlap: one begins where the other ends (SPA-12).
    for one in made_drafts:
        effective(desk, one.revision_id)
    assert all("SPA-12" not in str(desk.view(one.revision_id).findings) for one in made_drafts)


def test_a_floor_plan_with_33_homes_where_the_table_has_32_says_which(desk: Desk, site: Site) -> None:
    table(site, floors=1, units=32)
    revision = drafted(desk, site, plan((box(66, 12), "1# 1F H=3.0")))
    made = drawing()
    for place in range(33):
        corners = box(2, 12, east=2 * place)
        outline(made.modelspace(), corners, "户")
        made.modelspace().add_text(f"1{place + 1:02d}", dxfattribs={"layer": "室号"}).set_placement(
            (corners[0][0] + 0.5, corners[0][1] + 5)
        )
    reading = floor_plan(desk, revision, content_of(made))
    order = Divide(revision, view(desk, revision).version, Method.CAD_FLOOR_PLAN, reading_id=reading)
    with pytest.raises(NotFound, match="还没有读取"):
        desk.perform(divide, "pdkj01", order)
    read_drawings(desk.land.market.world.door)
    done = desk.perform(divide, "pdkj01", order)
    assert [one.slot for one in desk.view(revision).files] == ["floor_plan"]
    seen = view(desk, revision)
    assert (done.homes, done.in_table, seen.matched) == (33, 32, 32)
    assert seen.model_only == ("1层33",)
    told = [one.message for one in _findings(desk, revision) if one.code == "SPA-14"]
    assert told == ["楼盘表32户，已匹配32户（100.0%），模型多出1处，请核对匹配报告或说明原因"]


@pytest.mark.parametrize("room", ["10-1", "1001室", "1001"])
def test_a_room_is_known_by_other_writings_of_its_number(desk: Desk, site: Site, room: str) -> None:
    number = table(site, floors=10, units=1)

    def renamed(work: Any) -> None:
        row = work.session.exec(select(HouseUnit).where(HouseUnit.house_code == f"{number}1000")).one()
        row.room_no = room
        work.add(row)

    site.land.market.world.act(renamed)
    revision = drafted(desk, site, plan((box(12, 12), "1# 10F H=30.0")))
    desk.perform(
        divide,
        "pdkj01",
        Divide(revision, view(desk, revision).version, Method.MANUAL, "10", distances=(6.0,), rooms=("01", "公共")),
    )
    top = view(desk, revision).storeys[0]
    assert {(part.house_code, part.how) for part in top.parts if not part.common} == {(f"{number}1000", "按层和室号")}


def test_a_duplex_has_parts_on_two_storeys(desk: Desk, site: Site) -> None:
    number = table(site, floors=3, units=1)

    def duplex(work: Any) -> None:
        rows = work.session.exec(select(HouseUnit).where(HouseUnit.house_code.startswith(number))).all()
        for row in rows:
            if row.actual_floor_from == 2:
                row.actual_floor_to = 3
            row.gone = row.actual_floor_from == 3
            work.add(row)

    site.land.market.world.act(duplex)
    revision = drafted(desk, site, TOWER)
    seen = view(desk, revision)
    assert (seen.homes, seen.in_table, seen.matched, seen.twice) == (2, 2, 2, ())
    assert [storey.parts[0].house_code for storey in seen.storeys] == [
        f"{number}0200",
        f"{number}0200",
        f"{number}0100",
    ]


def test_a_basement_is_below_without_a_storey_zero(desk: Desk, site: Site) -> None:
    table(site)
    revision = drafted(desk, site, plan((box(30, 12), "1# 3F/-2F H=9.0")))
    storeys = view(desk, revision).storeys
    assert [storey.number for storey in storeys] == [3, 2, 1, -1, -2]
    assert [storey.base for storey in storeys][-2:] == ["-3.6", "-7.2"]
    assert storeys[-1].method == "未分户"
    assert "SPA-13" in refused(desk, revision)


def test_storeys_may_have_outlines_of_their_own(desk: Desk, site: Site) -> None:
    """Cut by hand on the ground floor only: the storeys above keep their own division."""
    table(site)
    revision = drafted(desk, site, TOWER)
    version = view(desk, revision).version
    order = Divide(revision, version, Method.MANUAL, "1", distances=(10.0, 20.0), rooms=("101", "公共", "102"))
    desk.perform(divide, "pdkj01", order)
    seen = view(desk, revision)
    assert [storey.method for storey in seen.storeys] == ["示意", "示意", "手工切分"]
    ground = {part.room or "公共": round(part.area, 2) for part in seen.storeys[-1].parts}
    assert ground == {"101": 120.0, "102": 120.0, "公共": 120.0}
    with pytest.raises(Rejected, match="没有把轮廓切开"):
        desk.perform(divide, "pdkj01", Divide(revision, seen.version, Method.MANUAL, "1", lines=(((0, 0), (1, 1)),)))
    with pytest.raises(Rejected, match="填写了1个室号"):
        desk.perform(
            divide, "pdkj01", Divide(revision, seen.version, Method.MANUAL, "1", distances=(10.0,), rooms=("101",))
        )


def test_a_setback_keeps_its_outline_and_height_when_another_storey_is_divided(desk: Desk, site: Site) -> None:
    table(site)
    (one,) = read(desk, site, TOWER).outlines
    west, south, _, north = polygons_of(one.outline).bounds
    own = StoreyPlans(outlines={3: shapely.box(west, south, west + 20, north)}, levels={3: (6.0, 4.5)})
    (made,) = draft(desk, site, tied(one), storeys={0: own})
    order = Divide(made.revision_id, view(desk, made.revision_id).version, Method.MANUAL, "1", distances=(10.0,))
    desk.perform(divide, "pdkj01", order)
    upper = view(desk, made.revision_id).storeys[0]
    assert (upper.base, upper.height, round(sum(part.area for part in upper.parts), 2)) == ("6", "4.5", 240.0)


def test_a_building_turned_by_37_degrees_is_cut_along_its_own_axis(desk: Desk, site: Site) -> None:
    table(site)
    turned = affinity.rotate(shapely.Polygon(box(30, 12)), 37, origin=box(30, 12)[0])
    made = drawing()
    outline(made.modelspace(), list(turned.exterior.coords)[:-1])
    centre = turned.centroid
    made.modelspace().add_text("1# 3F H=9.0", dxfattribs={"layer": "建筑标注"}).set_placement((centre.x, centre.y))
    revision = drafted(desk, site, content_of(made))
    desk.perform(divide, "pdkj01", Divide(revision, view(desk, revision).version, Method.MANUAL, distances=(15.0,)))
    areas = [round(part.area) for storey in view(desk, revision).storeys for part in storey.parts]
    assert areas == [180] * 6


def test_matches_made_by_hand_stay_in_the_next_version(desk: Desk, site: Site) -> None:
    number = table(site)
    revision = drafted(desk, site, TOWER)
    seen = view(desk, revision)
    crossed = f"{number}0101"
    desk.perform(match_home, "pdkj01", MatchHome(revision, seen.version, 1, "01", crossed))
    by_hand = {part.part: (part.house_code, part.how) for part in view(desk, revision).storeys[-1].parts}
    assert by_hand["01"] == (crossed, "人工")
    effective(desk, revision)
    (one,) = read(desk, site, TOWER).outlines
    assert one.standing.endswith("第1版")
    (again,) = draft(desk, site, tied(one))
    assert view(desk, again.revision_id).by_hand == 1
    effective(desk, again.revision_id)
    row = row_of(desk, again.revision_id)
    assert row.version_no == 2
    lines = site.land.market.world.read(
        lambda work: work.session.exec(select(ModelUnit).where(ModelUnit.record_id == row.id)).all()
    )
    assert [(one.storey_no, one.house_code) for one in lines if one.matched_by is MatchedBy.MANUAL] == [(1, crossed)]
    begun = desk.update(row.id)
    with pytest.raises(Rejected, match="没有这个房屋编码"):
        desk.perform(match_home, "pdkj01", MatchHome(begun.revision_id, begun.version, 1, "01", "NO-1"))


def test_a_match_by_hand_outlives_the_division_of_another_storey_and_leaves_the_room_as_cut(
    desk: Desk, site: Site
) -> None:
    number = table(site)
    revision = drafted(desk, site, TOWER)

    def ground() -> dict[str, tuple[str, str]]:
        return {part.part: (part.house_code, part.how) for part in view(desk, revision).storeys[-1].parts}

    def cut(storeys: str) -> None:
        order = Divide(revision, view(desk, revision).version, Method.MANUAL, storeys, distances=(15.0,))
        desk.perform(divide, "pdkj01", order)

    def tie(code: str) -> None:
        desk.perform(match_home, "pdkj01", MatchHome(revision, view(desk, revision).version, 1, "01", code))

    cut("1")
    as_cut = ground()
    assert set(as_cut) == {"01", "02"}
    other = as_cut["02"][0]
    tie(other)
    cut("2")
    assert ground()["01"] == (other, "人工")
    tie("")
    assert ground() == as_cut
    assert as_cut["01"][0].startswith(number)


def test_without_a_building_table_there_is_the_planned_outline_alone(desk: Desk, site: Site) -> None:
    site.planning()
    revision = drafted(desk, site, plan((box(30, 12), "1# 18F/-1F H=54.0")))
    seen = view(desk, revision)
    assert (seen.rate, seen.homes, {storey.method for storey in seen.storeys}) == ("—", 0, {"未分户"})
    effective(desk, revision)
    row = row_of(desk, revision)
    assert (row.planned_building_id is not None, row.natural_building_id, row.match_rate) == (True, None, None)


def test_fewer_than_nine_of_ten_homes_matched_are_refused(desk: Desk, site: Site) -> None:
    table(site)
    revision = drafted(desk, site, TOWER)
    order = Divide(revision, view(desk, revision).version, Method.UNDIVIDED, "2")
    desk.perform(divide, "pdkj01", order)
    found = {one.code: one for one in _findings(desk, revision)}
    assert "66.7%" in found["SPA-14"].message
    assert "不能提交" in found["SPA-14"].message


def _findings(desk: Desk, revision_id: UUID) -> list[Any]:
    with pytest.raises(Rejected) as no:
        desk.submit(revision_id)
    return list(no.value.findings)


def test_buildings_that_lie_on_each_other_are_told(desk: Desk, site: Site) -> None:
    site.planning()
    effective(desk, drafted(desk, site, plan((box(30, 12), "1# 18F/-1F H=54.0"))))
    (one,) = read(desk, site, plan((box(30, 12, east=29), "2# 18F/-1F H=54.0"))).outlines
    revision = draft(desk, site, tied(one))[0].revision_id
    assert [one.message[:14] for one in _findings(desk, revision) if one.code == "SPA-12"] == ["与1#轮廓重叠12.0平方米"]


def test_a_renamed_dwg_is_refused_with_what_to_do(desk: Desk, site: Site) -> None:
    with pytest.raises(Rejected, match="另存为DXF"):
        read(desk, site, b"AC1032" + b"\x00" * 200)


@pytest.mark.parametrize("megabytes", [8, pytest.param(80, marks=pytest.mark.soak)])
def test_a_drawing_of_80_megabytes_is_read(desk: Desk, site: Site, megabytes: int) -> None:
    """Nearly all of it is planting on layers nobody asked for."""
    made = drawing()
    made.layers.add("绿化")
    building(made.modelspace(), box(30, 12), "1# 3F H=9.0")
    made.modelspace().add_circle((0, 0), 1, dxfattribs={"layer": "绿化"})
    content = content_of(made)
    at = content.index(b"CIRCLE")
    start = content.rindex(b"  0\n", 0, at)
    end = content.index(b"  0\n", at)
    big = content[:start] + content[start:end] * (megabytes * (1 << 20) // (end - start)) + content[end:]
    assert len(big) > (megabytes - 1) << 20
    answer = read(desk, site, big)
    assert [one.number for one in answer.outlines] == ["1#"]
    assert answer.layers[0][0] == "绿化"


def test_layers_may_have_any_name(desk: Desk, site: Site) -> None:
    made = drawing()
    outline(made.modelspace(), box(30, 12), "我的楼")
    made.modelspace().add_text("1# 3F H=9.0", dxfattribs={"layer": "字"}).set_placement(
        (box(30, 12)[0][0] + 2, box(30, 12)[0][1] + 5)
    )
    content = content_of(made)
    assert not read(desk, site, content).outlines
    (one,) = read(desk, site, content, outline="我的楼", label="字").outlines
    assert (one.number, one.above, one.outline.area) == ("1#", 3, Decimal(360))


def test_models_go_out_as_cityjson_and_come_in_again(desk: Desk, site: Site) -> None:
    table(site)
    (outline,) = read(desk, site, TOWER).outlines
    effective(desk, draft(desk, site, tied(outline), base=Decimal("4.35"))[0].revision_id)
    given = desk.perform(city_json, "binjiang01", site.project)
    document = json.loads(given.content)
    assert document["version"] == "2.0"
    assert sum(one["type"] == "BuildingUnit" for one in document["CityObjects"].values()) == 6
    # What was given out is kept once with its digest, and opened by who sees the project.
    desk.perform(city_json, "pdkj01", site.project)
    (kept,) = desk.ask(files_given_out, "pdshen01", site.project)
    assert (kept.digest, kept.size) == (sm3_hex(given.content), len(given.content))
    assert desk.ask(open_attachment, "pdshen01", kept.id).content == given.content
    with pytest.raises(NotFound):
        desk.ask(open_attachment, "xincheng01", kept.id)
    order = TakeDrawing(site.project, "旧系统.city.json", given.content, use=DrawingUse.CITY_JSON)
    reading = desk.perform(take_drawing, "pdkj01", order)
    read_drawings(desk.land.market.world.door)
    answer = desk.ask(read_city, "pdkj01", reading)
    (one,) = answer.read.outlines
    assert (one.number, one.above, one.outline.area, answer.read.findings) == ("1#", 3, Decimal(360), ())
    # The building of the table is proposed, as for a drawing.
    assert one.natural_no == _number(desk, site)
    (made,) = draft(desk, site, tied(one), storeys={0: answer.storeys[0]}, reading_id=reading)
    assert desk.view(made.revision_id).values["base_z"] == "4.35"
    assert [file.slot for file in desk.view(made.revision_id).files] == ["city_json"]
    seen = view(desk, made.revision_id)
    # Homes whose places were a guess are one still, however they came.
    assert (seen.homes, seen.matched, {storey.schematic for storey in seen.storeys}) == (6, 6, {True})


def _number(desk: Desk, site: Site) -> str:
    return read(desk, site, TOWER).outlines[0].natural_no


def test_a_stranger_sees_and_draws_nothing(desk: Desk, site: Site) -> None:
    site.planning()
    revision = drafted(desk, site, plan((box(30, 12), "1# 18F/-1F H=54.0")))
    with pytest.raises(NotFound):
        desk.perform(take_drawing, "xhkj01", TakeDrawing(site.project, "总平面图.dxf", TOWER))
    with pytest.raises(NotFound):
        desk.ask(model_view, "xhkj01", revision)
    with pytest.raises(NotFound):
        desk.ask(read_city, "xhkj01", taken(desk, site, TOWER))
    read_drawings(desk.land.market.world.door)
    for act, order in (
        (draft_models, DraftModels(site.project, ModelPlane.SH2000, "", ())),
        (divide, Divide(revision, 1, Method.AUTO_SPLIT)),
        (match_home, MatchHome(revision, 1, 1, "01")),
    ):
        with pytest.raises(NotFound):
            desk.perform(act, "xhkj01", order)
    with pytest.raises(NotAllowed):
        desk.perform(take_drawing, "binjiang01", TakeDrawing(site.project, "总平面图.dxf", TOWER))
    effective(desk, revision)
    assert desk.perform(city_json, "binjiang01", site.project)
    with pytest.raises(NotFound):
        desk.perform(city_json, "xincheng01", site.project)


def test_a_number_is_in_force_once_and_a_voided_model_leaves_no_shape(desk: Desk, site: Site) -> None:
    site.planning()
    content = plan((box(30, 12), "1# 18F/-1F H=54.0"))
    first, second = drafted(desk, site, content), drafted(desk, site, content)
    effective(desk, first)
    assert "FMT" in refused(desk, second)
    row = row_of(desk, first)
    desk.perform(acts("building_model").void, "pdkjshen01", Void(row.id, "图纸有误，重新建模"))
    shapes = site.land.market.world.read(
        lambda work: work.session.exec(select(ModelShape).where(ModelShape.building_model_id == row.id)).all()
    )
    assert shapes == []
    assert isinstance(row.footprint, Geometry)


def test_a_drawing_waits_for_the_worker_and_its_file_goes_with_the_model(desk: Desk, site: Site) -> None:
    """What the page says while it waits, other layers, and the file that a reviewer opens."""
    table(site)
    reading = taken(desk, site, TOWER)
    second = taken(desk, site, TOWER, outline="没有这个图层")
    door = site.land.market.world.door
    first: DrawingStatus = desk.ask(drawing_status, "pdkj01", reading)
    assert (first.state, first.read) == (DrawingState.WAITING, None)
    assert desk.ask(drawing_status, "pdkj01", second).ahead == 1
    assert read_drawings(door) == 2
    assert desk.ask(drawing_status, "pdkj01", second).state is not DrawingState.WAITING
    desk.perform(read_again, "pdkj01", ReadAgain(second, Wanted()))
    assert read_drawings(door) == 1
    status: DrawingStatus = desk.ask(drawing_status, "pdkj01", second)
    assert status.read is not None
    (one,) = status.read.outlines
    revision = draft(desk, site, tied(one), reading_id=second)[0].revision_id
    (file,) = [one for one in desk.view(revision).files if one.slot == "drawing"]
    effective(desk, revision)
    opened = desk.ask(open_attachment, "pdkjshen01", file.id)
    assert (opened.content, opened.showable) == (TOWER, False)
    with pytest.raises(NotFound):
        desk.ask(drawing_status, "xhkj01", reading)


def test_a_drawing_that_is_none_is_refused_with_a_sentence(desk: Desk, site: Site) -> None:
    reading = taken(desk, site, b"AC1027 not for us")
    read_drawings(site.land.market.world.door)
    status: DrawingStatus = desk.ask(drawing_status, "pdkj01", reading)
    assert (status.state, status.read) == (DrawingState.REFUSED, None)
    assert "DXF" in status.refusal
