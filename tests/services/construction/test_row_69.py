"""单位工程关联规划建筑物: by hand or by number, many to many with shares, CON-06, CON-07, locked by row 70 (row 69)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from models.building_codes import TieState, WorkKind
from models.construction import UnitPlannedLink
from services.construction.tie_board import TieBoard, tie_board
from services.construction.ties import NewTie, Share, Tied, TieUnits, cut_tie, set_share, tie_units
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import BUILDINGS, GARAGE, Site, building

pytestmark = pytest.mark.row(69)


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, "unit_engineering")


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


def tied(desk: Desk, *pairs: tuple[UUID, UUID, str], login: str = "") -> Tied:
    order = TieUnits(tuple(NewTie(unit, of, Decimal(ratio)) for unit, of, ratio in pairs))
    done: Tied = desk.perform(tie_units, login or desk.drafter, order)
    return done


def board(desk: Desk, site: Site, login: str = "") -> TieBoard:
    found: TieBoard = desk.ask(tie_board, login or desk.drafter, site.project)
    return found


def test_a_tie_fills_what_is_empty_and_marks_what_differs(desk: Desk, site: Site) -> None:
    planning = site.planning()
    permit = site.permit(planning)
    empty = site.unit(permit, "1#", kind=None)
    other = site.unit(permit, "2#", floors_above=17, gfa="10100.00")
    one, two = (site.building(planning, number).id for number in ("1#", "2#"))
    assert tied(desk, (empty, one, "1")).findings == ()
    row = site.row(empty)
    assert (row.kind, row.floors_above, row.floors_below, row.height_m) == (WorkKind.HOUSING, 18, 1, Decimal("54.90"))
    told = tied(desk, (other, two, "1")).findings
    assert [(finding.code, finding.field, str(finding.severity)) for finding in told] == [
        ("CON-07", "gfa", "WARN"),
        ("CON-07", "floors_above", "WARN"),
    ]
    assert site.row(other).floors_above == 17
    line = next(unit for unit in board(desk, site).units if unit.id == other)
    assert len(line.differs) == 2


def test_three_per_cent_of_area_is_within(desk: Desk, site: Site) -> None:
    planning = site.planning()
    unit = site.unit(site.permit(planning), "1#", gfa="10815.00")
    assert tied(desk, (unit, site.building(planning, "1#").id, "1")).findings == ()


def test_one_basement_lies_under_five_buildings(desk: Desk, site: Site) -> None:
    towers = [building(f"{one}#", gfa_total="4000.00", gfa_above="3500.00") for one in range(1, 6)]
    planning = site.planning([*towers, {**GARAGE, "building_no": "6#"}], gfa_total="26000.00")
    basement = site.unit(site.permit(planning), "B1#", gfa="2000.00", floors_above=0, floors_below=2, kind="GARAGE")
    pairs = [(basement, site.building(planning, f"{one}#").id, "0.1") for one in range(1, 6)]
    done = tied(desk, *pairs)
    assert len(done.ids) == 5
    assert [finding.field for finding in done.findings if finding.field == "floors_above"] == []
    assert [line.share for line in board(desk, site).buildings][:5] == [Decimal("0.1")] * 5


def test_a_building_is_split_and_its_shares_do_not_pass_one(desk: Desk, site: Site) -> None:
    planning = site.planning()
    permit = site.permit(planning)
    first, second = (site.unit(permit, number, gfa="5250.00") for number in ("1A#", "1B#"))
    one = site.building(planning, "1#").id
    tied(desk, (first, one, "0.5"))
    with pytest.raises(Rejected, match="不能超过1"):
        tied(desk, (second, one, "0.6"))
    (tie,) = tied(desk, (second, one, "0.5")).ids
    with pytest.raises(Rejected):
        desk.perform(set_share, desk.drafter, Share(tie, Decimal("0.5001")))
    desk.perform(set_share, desk.drafter, Share(tie, Decimal("0.4")))
    for ratio in ("0", "-1", "1.1", "0.00001"):
        with pytest.raises(Rejected):
            desk.perform(set_share, desk.drafter, Share(tie, Decimal(ratio)))


def test_a_pair_is_tied_once_and_again_after_it_was_cut(desk: Desk, site: Site, land: Land) -> None:
    planning = site.planning()
    unit, of = site.unit(site.permit(planning), "1#"), site.building(planning, "1#").id
    (tie,) = tied(desk, (unit, of, "1")).ids
    with pytest.raises(Conflict):
        tied(desk, (unit, of, "1"))
    desk.perform(cut_tie, desk.drafter, tie)
    assert land.market.row(UnitPlannedLink, tie).state is TieState.CUT
    tied(desk, (unit, of, "1"))
    with pytest.raises(Conflict):
        desk.perform(cut_tie, desk.drafter, tie)


def test_of_several_pairs_one_that_does_not_fit_refuses_all(desk: Desk, site: Site, land: Land) -> None:
    planning = site.planning()
    unit = site.unit(site.permit(planning), "1#")
    other = Site.begun(land)
    foreign = other.building(other.planning(), "1#").id
    with pytest.raises(Rejected, match="不属于"):
        tied(desk, (unit, site.building(planning, "1#").id, "1"), (unit, foreign, "1"))
    assert all(not line.ties for line in board(desk, site).units)


def test_equal_numbers_are_proposed_where_there_is_one_of_each(desk: Desk, site: Site) -> None:
    planning = site.planning()
    permit = site.permit(planning)
    units = [site.unit(permit, number) for number in ("1#", "2#", "9#")]
    proposed = dict(board(desk, site).proposed)
    assert proposed == {units[place]: site.building(planning, f"{place + 1}#").id for place in (0, 1)}
    tied(desk, *((unit, of, "1") for unit, of in proposed.items()))
    assert board(desk, site).proposed == ()


def test_a_tie_follows_the_building_into_the_next_version_and_lapses_with_its_unit(
    desk: Desk, site: Site, land: Land
) -> None:
    planning = site.planning()
    unit = site.unit(site.permit(planning), "1#")
    (tie,) = tied(desk, (unit, site.building(planning, "1#").id, "1")).ids
    permits = Desk(land, "engineering_planning_permit")
    again = permits.update(planning, "规划方案有调整")
    lines = [building("1号楼", sets=70), building("2#"), GARAGE]
    permits.save(again.revision_id, {}, {"buildings": lines})
    permits.keep_files(again.revision_id)
    permits.submit(again.revision_id)
    permits.approve(again.revision_id)
    now = site.building(planning, "1#")
    row = land.market.row(UnitPlannedLink, tie)
    assert (now.sets, row.planned_building_id, row.state) == (70, now.id, TieState.TIED)
    desk.perform(acts("unit_engineering").void, "pdshen01", Void(unit, "单位工程已取消建设"))
    assert land.market.row(UnitPlannedLink, tie).state is TieState.LAPSED
    assert board(desk, site).lapsed == ("已作废的单位工程—1#",)


def test_once_the_building_table_is_tied_nothing_of_it_changes(desk: Desk, site: Site) -> None:
    planning = site.planning()
    unit = site.unit(site.permit(planning), "1#")
    (tie,) = tied(desk, (unit, site.building(planning, "1#").id, "1")).ids

    site.natural_link(unit)
    orders: list[tuple[Any, Any]] = [
        (cut_tie, tie),
        (set_share, Share(tie, Decimal("0.5"))),
        (tie_units, TieUnits((NewTie(unit, site.building(planning, "2#").id),))),
    ]
    for act, order in orders:
        with pytest.raises(Conflict, match="楼盘表"):
            desk.perform(act, desk.drafter, order)
    assert [line.locked for line in board(desk, site).units] == [True]


def test_a_tie_is_its_companys(desk: Desk, site: Site) -> None:
    planning = site.planning(BUILDINGS)
    unit, of = site.unit(site.permit(planning), "1#"), site.building(planning, "1#").id
    with pytest.raises(NotFound):
        tied(desk, (unit, of, "1"), login="xincheng01")
    with pytest.raises(NotAllowed):
        tied(desk, (unit, of, "1"), login="pdshen01")
    (tie,) = tied(desk, (unit, of, "1")).ids
    with pytest.raises(NotFound):
        desk.perform(cut_tie, "xincheng01", tie)
    assert board(desk, site, "xincheng01").units == ()
    assert len(board(desk, site, "pdshen01").units) == 1
