"""单位工程信息管理: a grid of a permit's unit works, submitted together, approved in part; CON-05; units in use (row 68)."""

from typing import Any
from uuid import UUID

import pytest

from models.construction import UnitEngineering
from models.records import InForceState, Revision, RevisionState
from services.construction.unit_engineering import _AREAS, _Area
from services.construction.unit_sheet import (
    SaveSheet,
    SheetLine,
    SubmitSheet,
    Submitted,
    UnitSheet,
    drop_unit,
    save_sheet,
    submit_sheet,
    unit_sheet,
)
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, OneRevision, Void
from services.engine.cycle_queue import QUEUE
from services.engine.list_declaration import BulkRows
from services.engine.listings import ListRows
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import Site, unit

pytestmark = pytest.mark.row(68)
KIND = "unit_engineering"


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, KIND)


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


def saved(desk: Desk, permit: UUID, *lines: SheetLine) -> Any:
    return desk.perform(save_sheet, desk.drafter, SaveSheet(permit, lines))


def opened(desk: Desk, permit: UUID, login: str = "") -> UnitSheet:
    sheet: UnitSheet = desk.ask(unit_sheet, login or desk.drafter, permit)
    return sheet


def line(permit: UUID, number: str, **change: Any) -> SheetLine:
    return SheetLine({name: value for name, value in unit(permit, number, **change).items() if value is not None})


def submitted(desk: Desk, sheet: UnitSheet, **reasons: str) -> tuple[Submitted, ...]:
    versions = {one.revision_id: one.version for one in sheet.units if one.editable and one.revision_id}
    done: tuple[Submitted, ...] = desk.perform(submit_sheet, desk.submitter, SubmitSheet(versions, reasons))
    return done


def test_units_are_submitted_together_and_approved_in_part(desk: Desk, site: Site, land: Land) -> None:
    permit = site.permit(site.planning(), works_area="31500.00")
    saved(desk, permit, *(line(permit, f"{one}#") for one in (1, 2, 3)))
    assert [one.values["unit_no"] for one in opened(desk, permit).units] == ["1#", "2#", "3#"]
    assert all(one.ok for one in submitted(desk, opened(desk, permit)))
    first, second, third = (one.revision_id for one in opened(desk, permit).units if one.revision_id is not None)
    # One task of the reviewer: the queue finds the permit's units by its number, and those that are ticked pass.
    number = opened(desk, permit).permit_no
    told = desk.ask(QUEUE.query, "pdshen01", ListRows(filters={"text": number}))
    assert {row.id for row in told.lines} == {first, second, third}
    versions = {one: land.market.row(Revision, one).version for one in (first, third)}
    results = desk.perform(QUEUE.each, "pdshen01", BulkRows("records.approve", tuple(versions), versions=versions))
    assert [one.done for one in results] == [True, True]
    back = Decide(second, land.market.row(Revision, second).version, "建筑面积与图纸不一致", ("gfa",))
    desk.perform(acts(KIND).send_back, "pdshen01", back)
    sheet = opened(desk, permit)
    assert [(one.state, one.editable) for one in sheet.units] == [("生效", False), ("退回修改", True), ("生效", False)]
    assert sheet.units[1].opinion == "建筑面积与图纸不一致"


def test_a_hundred_and_twenty_units_of_one_permit(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning(), works_area="120000.00")
    saved(desk, permit, *(line(permit, f"{one}#", gfa="1000.00") for one in range(1, 121)))
    sheet = opened(desk, permit)
    assert [one.values["unit_no"] for one in sheet.units][:11] == [f"{one}#" for one in range(1, 12)]
    done = submitted(desk, sheet)
    assert (len(done), {one.ok for one in done}) == (120, {True})


def test_what_is_submitted_together_is_opened_once_and_not_for_each(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit = site.permit(site.planning(), works_area="30000.00")
    saved(desk, permit, *(line(permit, f"{one}#", gfa="1000.00") for one in range(1, 31)))
    sheet, opened_rows = opened(desk, permit), []

    def counted(row: Any) -> _Area:
        opened_rows.append(row.id)
        return _Area.of(row)

    monkeypatch.setattr(_AREAS, "_make", counted)
    assert {one.ok for one in submitted(desk, sheet)} == {True}
    # Each once as a draft, and once more since it was submitted.
    assert 30 <= len(opened_rows) <= 60


def test_an_area_that_cannot_be_read_stops_no_other(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning(), works_area="10500.00")
    saved(desk, permit, line(permit, "1#"), line(permit, "2#", gfa="约一万"))
    assert [one.ok for one in submitted(desk, opened(desk, permit))] == [True, False]


def test_what_is_wrong_with_one_stops_no_other(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning(), works_area="31500.00")
    late = {"planned_start": "2026-08-01", "planned_topout": "", "planned_finish": "2026-07-31"}
    saved(desk, permit, line(permit, "1#"), line(permit, "2#", **late), line(permit, "3#"))
    done = submitted(desk, opened(desk, permit))
    assert [one.ok for one in done] == [True, False, True]
    assert [one.field for one in done[1].findings] == ["planned_finish"]


def test_a_number_is_taken_once_in_a_permit(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning(), works_area="21000.00")
    site.unit(permit, "1#")
    saved(desk, permit, line(permit, "1号楼"))
    (done,) = submitted(desk, opened(desk, permit))
    assert [one.field for one in done.findings] == ["unit_no"]
    other = site.permit(site.planning(), works_area="10500.00")
    saved(desk, other, line(other, "1#"))
    assert [one.ok for one in submitted(desk, opened(desk, other))] == [True]


def test_two_of_one_number_under_review_the_second_is_stopped(desk: Desk, site: Site, land: Land) -> None:
    permit = site.permit(site.planning(), works_area="21000.00")
    saved(desk, permit, line(permit, "1#"), line(permit, "1#"))
    submitted(desk, opened(desk, permit))
    first, second = (one.revision_id for one in opened(desk, permit).units)
    assert first is not None
    assert second is not None
    desk.approve(first)
    with pytest.raises((Rejected, Conflict)):
        desk.approve(second)


def test_a_basement_has_no_storey_above(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning(), works_area="6000.00")
    basement = {"kind": "GARAGE", "gfa": "6000.00", "floors_above": 0, "floors_below": 2}
    saved(desk, permit, line(permit, "B1#", **basement), line(permit, "B2#", **{**basement, "floors_below": 0}))
    done = submitted(desk, opened(desk, permit), **{"CON-05": "含人防部分另行办理"})
    assert [one.ok for one in done] == [True, False]


@pytest.mark.parametrize(
    ("gfa", "ok"), [("10605.00", True), ("10605.01", False), ("10395.00", True), ("10394.99", False)]
)
def test_the_areas_together_are_the_permits_within_a_hundredth(desk: Desk, site: Site, gfa: str, ok: bool) -> None:
    permit = site.permit(site.planning(), works_area="21000.00")
    site.unit(permit, "1#", gfa=f"{21000 - 10500}.00")
    # Of the permit's 21,000 a hundredth is 210.
    saved(desk, permit, line(permit, "2#", gfa=f"{float(gfa) + (105 if float(gfa) > 10500 else -105):.2f}"))
    (done,) = submitted(desk, opened(desk, permit))
    assert (done.ok, [one.code for one in done.findings]) == (ok, [] if ok else ["CON-05"])


def test_a_grid_saved_by_another_meanwhile_is_refused_whole(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning())
    (first,) = saved(desk, permit, line(permit, "1#"))
    saved(desk, permit, SheetLine(unit(permit, "1#", name="1号住宅楼"), first.revision_id, first.version))
    with pytest.raises(Conflict):
        saved(
            desk,
            permit,
            line(permit, "2#"),
            SheetLine(unit(permit, "1#", name="一号楼"), first.revision_id, first.version),
        )
    assert [one.values["name"] for one in opened(desk, permit).units] == ["1号住宅楼"]


def test_a_unit_that_progress_reports_rest_on_is_not_voided(desk: Desk, site: Site, land: Land) -> None:
    permit = site.permit(site.planning())
    held, free = site.unit(permit, "1#"), site.unit(permit, "2#")

    site.reported(held)
    with pytest.raises(Conflict, match="2026-12进度填报"):
        desk.perform(acts(KIND).void, "pdshen01", Void(held, "单位工程已取消建设"))
    desk.perform(acts(KIND).void, "pdshen01", Void(free, "单位工程已取消建设"))
    assert land.market.row(UnitEngineering, free).in_force is InForceState.VOIDED


def test_a_draft_is_dropped_and_what_was_submitted_is_not(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning(), works_area="10500.00")
    (first,) = saved(desk, permit, line(permit, "1#"))
    desk.perform(drop_unit, desk.drafter, OneRevision(first.revision_id, first.version))
    assert not opened(desk, permit).units
    (second,) = saved(desk, permit, line(permit, "1#"))
    submitted(desk, opened(desk, permit))
    with pytest.raises(Conflict):
        desk.perform(drop_unit, desk.drafter, OneRevision(second.revision_id))


def test_a_grid_is_for_its_company(desk: Desk, site: Site, land: Land) -> None:
    permit = site.permit(site.planning())
    saved(desk, permit, line(permit, "1#"))
    assert len(opened(desk, permit, "pdshen01").units) == 0
    for login in ("xincheng01", "xhshen01"):
        with pytest.raises(NotFound):
            opened(desk, permit, login)
    with pytest.raises(NotFound):
        land.market.world.door.perform(
            save_sheet, land.market.caller("xincheng01"), SaveSheet(permit, (line(permit, "1#"),))
        )
    with pytest.raises(NotAllowed):
        desk.perform(submit_sheet, "pdshen01", SubmitSheet({}))
    assert RevisionState.DRAFT.label == "草稿"
