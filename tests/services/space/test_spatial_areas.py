"""Plates and rings give a red line its place; parameters of the older city system put it on the map (rows 80, 82)."""

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import shapely

from models.projects import Project
from models.red_lines import RedLine
from models.space_models import ModelPlane
from services.engine.refusals import Conflict, NotFound, Rejected
from services.space.geometry_field import geometry_of
from services.space.map_ground import overlay_ground
from services.space.overlay import AreaKind, Overlay, overlay
from services.space.planes import CGCS, GK40, OLD_CITY, SH2000, Shift, Similarity, between
from services.space.red_line_views import LookAt, look_at
from services.space.spatial_areas import area_choices
from services.space.taken_places import TakePlace, other_places, take_place
from tests.land import Land
from tests.red_lines import outline, red_line, square, transform
from tests.services.projects.desk import Desk

WHY = {"SPA-07": "合同面积含代征道路", "FMT": "项目信息待更新"}
_PLACE = 760


def area(place: int, **more: Any) -> dict[str, Any]:
    """An area around the square at this place."""
    return {
        "area_name": f"张江{place}",
        "use": "PLATE",
        "district": "310115",
        "decided_on": "2026-01-20",
        "basis": "板块划分方案",
        "plane_system": "CGCS2000_GK3_40",
        "outline": str(square(place, side=140.0, east=-20.0, north=-20.0)),
    } | more


def kept_area(land: Land, values: dict[str, Any]) -> UUID:
    desk = Desk(land, "spatial_area", drafter="pdkj01", submitter="pdkj01")
    record: UUID = desk.effective(None, values).record_id
    return record


@pytest.mark.row(80)
def test_plate_and_ring_of_a_red_line_follow_the_areas_it_lies_in(land: Land) -> None:
    kept_area(land, area(_PLACE))
    kept_area(land, area(_PLACE, area_name="外环以外东段", use="RING", ring="OUTSIDE"))
    desk = Desk(land, "red_line")
    begun = desk.begin(land.project(), red_line(square(_PLACE)))
    with pytest.raises(Rejected) as told:
        desk.submit(begun.revision_id, {"SPA-07": WHY["SPA-07"]})
    assert [one.message for one in told.value.findings if "板块范围" in one.message]
    desk.submit(begun.revision_id, WHY)
    desk.approve(begun.revision_id)
    row: RedLine = land.market.row(RedLine, begun.record_id)
    assert (row.plate, str(row.ring)) == (f"张江{_PLACE}", "OUTSIDE")


@pytest.mark.row(80)
def test_two_levels_put_a_red_line_in_force_and_the_second_is_the_spatial_office(land: Land) -> None:
    desk = Desk(land, "red_line")
    begun = desk.begin(land.project(), red_line(square(_PLACE + 1)))
    desk.submit(begun.revision_id, WHY)
    desk.approve(begun.revision_id, "pdshen01")
    assert (
        str(desk.view(begun.revision_id).state) == "SUBMITTED" or str(desk.view(begun.revision_id).state) == "IN_REVIEW"
    )
    desk.approve(begun.revision_id, "pdkjshen01")
    assert land.market.row(RedLine, begun.record_id).area_computed == Decimal(10000)


@pytest.mark.row(80)
def test_stated_edges_that_differ_need_a_reason_and_stay_on_record(land: Land) -> None:
    desk = Desk(land, "red_line")
    values = red_line(square(_PLACE + 2), edge_check="不符：边长表列101.00米，按坐标为100.00米")
    begun = desk.begin(land.project(), values)
    with pytest.raises(Rejected) as told:
        desk.submit(begun.revision_id, WHY)
    assert {one.code for one in told.value.findings if "表列" in one.message or one.code == "SPA-08"} >= {"SPA-08"}
    desk.submit(begun.revision_id, WHY | {"SPA-08": "边长按旧标石量取"})
    desk.approve(begun.revision_id)
    assert land.market.row(RedLine, begun.record_id).edge_check.startswith("不符")


@pytest.mark.row(82)
def test_a_kept_area_with_its_reach_is_laid_over(land: Land) -> None:
    record = kept_area(land, area(_PLACE + 3, area_name="世纪大道站", use="STATION", reach=500))
    door, caller = land.market.world.door, land.market.caller("binjiang01")
    assert (record, "轨道交通站点 世纪大道站 500米") in door.ask(area_choices, caller, None)
    result = door.ask(overlay, caller, Overlay(AreaKind.KEPT, area_id=record))
    assert (result.area, result.lines) == ("轨道交通站点 世纪大道站 500米", ())


@pytest.mark.row(80)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"use": "RING"}, "哪一段环线"),
        (
            {
                "outline": str(
                    outline([(655_000, 3_440_000), (655_100, 3_440_100), (655_000, 3_440_100), (655_100, 3_440_000)])
                )
            },
            "自相交",
        ),
        ({"decided_on": "2030-01-01"}, "晚于今天"),
        ({"plane_system": "SH_OLD"}, "转换参数"),
    ],
)
def test_an_area_that_is_not_whole_is_refused(land: Land, change: dict[str, Any], said: str) -> None:
    desk = Desk(land, "spatial_area", drafter="pdkj01", submitter="pdkj01")
    begun = desk.begin(None, area(_PLACE + 4) | change)
    with pytest.raises(Rejected) as told:
        desk.submit(begun.revision_id)
    assert any(said in one.message for one in told.value.findings)


# ------------------------------------------------------------------ the older city system


def test_parameters_bring_points_there_and_back() -> None:
    shift = Shift(12.5, -7.25, 1.7e-5, 1 + 2.5e-6)
    old = OLD_CITY.__class__(**{**vars(OLD_CITY), "shift": shift})
    place = (31_234.567, -8_765.432)
    assert between(between(place, old, SH2000), SH2000, old) == pytest.approx(place, abs=1e-7)
    assert between(place, old, GK40) == pytest.approx(between(shift.there(place), SH2000, GK40), abs=1e-9)


@pytest.mark.row(80)
def test_a_red_line_of_the_older_system_waits_for_signed_parameters_and_then_lies_on_the_map(land: Land) -> None:
    world = land.market.world
    # 花木: a hectare in the numbers of the older system.
    whole = shapely.box(6_000, -2_000, 6_100, -1_900)
    values = red_line(str(geometry_of(whole)), plane_system="SH_OLD")
    desk = Desk(land, "red_line")
    begun = desk.begin(land.project(), values)
    with pytest.raises(Rejected) as told:
        desk.submit(begun.revision_id, WHY)
    assert "SPA-04" in {one.code for one in told.value.findings}
    assert desk.ask(look_at, "binjiang01", LookAt(begun.revision_id)).polygons == []

    records = Desk(land, "plane_transform", drafter="pdkj01", submitter="pdkj01")
    here = str(geometry_of(shapely.box(5_000, -3_000, 7_000, -1_000)))
    drafted = records.begin(None, transform(square(1), outline=here, valid_to="2027-03-01"))
    records.submit(drafted.revision_id)
    records.approve(drafted.revision_id)
    assert "SPA-04" not in {one.rule for one in desk.ask(look_at, "binjiang01", LookAt(begun.revision_id)).findings}
    desk.submit(begun.revision_id, WHY)
    desk.approve(begun.revision_id)
    row: RedLine = land.market.row(RedLine, begun.record_id)
    assert row.outline.area == Decimal(10000)
    e, n = between(
        Shift(12.5, -7.25, 3.6 / 3600 / 180 * 3.141592653589793, 1 + 2.5e-6).there((6_000, -2_000)), SH2000, GK40
    )
    assert (row.e_min / 1000, row.n_min / 1000) == pytest.approx((e, n), abs=2)
    drawn = world.door.ask(overlay_ground, land.market.caller("binjiang01"), ModelPlane.SH2000)
    assert any(
        place[0] == pytest.approx(6_012.5, abs=0.2)
        for one in drawn
        for p in one.polygons
        for ring in p
        for place in ring
    )
    # On the day after its last it brings nothing to the map any more.
    world.stand_at(2027, 3, 2)
    assert desk.ask(look_at, "binjiang01", LookAt(begun.revision_id)).polygons == []


SEVEN = {
    "method": "SPATIAL",
    "ellipsoid": "CGCS2000",
    # 121°28′01″: the older system's own meridian, which the plane of 2000 has 9″ further west.
    "meridian": "437281.0000",
    "false_e": "0",
    "false_n": "-3457060.0000",
    "shift_x": "12.5",
    "shift_y": "-7.2",
    "shift_z": "3.1",
    "turn_x": "0.01",
    "turn_y": "-0.02",
    "turn_z": "0.03",
}


@pytest.mark.row(80)
def test_a_record_of_seven_parameters_brings_a_red_line_onto_the_map(land: Land) -> None:
    whole = shapely.box(16_000, -2_000, 16_100, -1_900)
    desk = Desk(land, "red_line")
    begun = desk.begin(land.project(), red_line(str(geometry_of(whole)), plane_system="SH_OLD"))
    records = Desk(land, "plane_transform", drafter="pdkj01", submitter="pdkj01")
    values = transform(square(1), outline=str(geometry_of(shapely.box(15_000, -3_000, 17_000, -1_000)))) | SEVEN
    planar = dict.fromkeys(("shift_e", "shift_n", "rotation"))
    # Four values and seven at once, then seven without one, then one with the wrong sign.
    drafted = records.begin(None, values)
    with pytest.raises(Rejected) as told:
        records.submit(drafted.revision_id)
    assert {one.field for one in told.value.findings} >= set(planar)
    for change, field in (({"turn_z": None}, "turn_z"), ({"false_n": "3457060.0000"}, "shift_x")):
        wrong = records.begin(None, values | planar | change)
        with pytest.raises(Rejected) as told:
            records.submit(wrong.revision_id)
        assert {one.field for one in told.value.findings} == {field}
    records.effective(None, values | planar)
    place = desk.ask(look_at, "binjiang01", LookAt(begun.revision_id)).polygons[0][0][0]
    assert place == pytest.approx((16_000, -2_000), abs=1_000)
    desk.submit(begun.revision_id, WHY)
    desk.approve(begun.revision_id)
    row: RedLine = land.market.row(RedLine, begun.record_id)
    older = replace(OLD_CITY, meridian=437_281 / 3600, false_e=0.0, false_n=-3_457_060.0, ellipsoid=CGCS)
    turned = tuple(math.radians(second / 3600) for second in (0.01, -0.02, 0.03))
    way = Similarity(older, (12.5, -7.2, 3.1), (turned[0], turned[1], turned[2]), 1 + 2.5e-6)
    e, n = between(way.there((16_000, -2_000)), SH2000, GK40)
    assert (row.e_min / 1000, row.n_min / 1000) == pytest.approx((e, n), abs=2)


@pytest.mark.row(80)
def test_parameters_for_a_place_that_has_some_already_or_beyond_reason_are_refused(land: Land) -> None:
    records = Desk(land, "plane_transform", drafter="pdkj01", submitter="pdkj01")
    here = str(geometry_of(shapely.box(-9_000, -3_000, -8_000, -1_000)))
    records.effective(None, transform(square(1), outline=here))
    begun = records.begin(None, transform(square(1), outline=here, document_no="另一份", shift_e="20000", residual="3"))
    with pytest.raises(Rejected) as told:
        records.submit(begun.revision_id)
    fields = {one.field for one in told.value.findings}
    assert {"shift_e", "residual", "outline"} <= fields


@pytest.mark.row(80)
def test_plate_and_ring_of_a_red_line_are_taken_into_project_and_parcel_as_new_versions(land: Land) -> None:
    place = _PLACE + 8
    kept_area(land, area(place, area_name="唐镇"))
    kept_area(land, area(place, area_name="外环以外东段", use="RING", ring="OUTSIDE"))
    project, desk = land.project(), Desk(land, "red_line")
    begun = desk.begin(project, red_line(square(place)))
    desk.submit(begun.revision_id, WHY)
    desk.approve(begun.revision_id)
    (other,) = desk.ask(other_places, "binjiang01", begun.record_id)
    assert (other.kind, other.stated, other.found, other.may) == (
        "project",
        "花木、内中环间",
        "唐镇、外环外",
        True,
    )
    assert not desk.ask(other_places, "pdshen01", begun.record_id)[0].may
    with pytest.raises(NotFound):
        desk.perform(take_place, "xincheng01", TakePlace(begun.record_id, "project"))
    with pytest.raises(Conflict, match="一致"):
        desk.perform(take_place, "binjiang01", TakePlace(begun.record_id, "parcel"))
    taken = desk.perform(take_place, "binjiang01", TakePlace(begun.record_id, "project"))
    projects = Desk(land, "project")
    values = projects.view(taken.revision_id).values
    assert (values["plate"], values["ring"]) == ("唐镇", "OUTSIDE")
    # What is in force says so only once its review is done.
    assert land.market.row(Project, project).plate == "花木"
    projects.submit(taken.revision_id)
    projects.approve(taken.revision_id)
    row = land.market.row(Project, project)
    assert (row.plate, str(row.ring)) == ("唐镇", "OUTSIDE")
    assert desk.ask(other_places, "binjiang01", begun.record_id) == ()
