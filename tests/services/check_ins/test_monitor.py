"""Row 14: the district's monitor counts per project; every figure opens a list whose lines add up to it."""

import pytest

from services.check_ins.listings import DIFFERENCES, MOVE_OUTS, STAYS, TAKEN
from services.check_ins.monitor import MonitorFilter, monitor
from services.check_ins.orders import OccupiedRoom
from services.engine.figure_reports import FigureLines
from services.engine.listings import Filters, Line, Listing, ListRows
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, Rejected
from services.privacy.listings import listing_of
from tests.services.check_ins.platform import MARKET, Platform
from tests.services.tenancy.counter import party, somebody

pytestmark = pytest.mark.row(14)

MONTHS = MonitorFilter("2027-03", "2027-04")
OF_MARKET = {"since": "2027-03", "until": "2027-04", "project": MARKET}


@pytest.fixture(scope="module", autouse=True)
def stays(open_platform: Platform) -> None:
    """Two months: filed, late, too many people, waiting for the room, moved out, changed rooms, a list that differs."""
    platform = open_platform
    platform.world.stand_at(2027, 3, 1)
    first, _ = platform.move_in()
    second, _ = platform.move_in()
    platform.move_in(residents=[{**party(somebody()), "relation": "FRIEND"} for _ in range(2)])
    platform.move_in(first.room_no)
    platform.move_in(key_serial="没有")
    platform.world.stand_at(2027, 4, 2)
    platform.move_in(checked_in_at=platform.world.door.clock.now().replace(day=25, month=3))
    platform.leave(second)
    platform.leave(second, checkin_no="没有")
    tenant = somebody()
    old, _ = platform.move_in("", tenant)
    platform.move_in("", tenant, previous_checkin_no=old.checkin_no)
    platform.occupied(*platform.all_occupied(first.room_no), OccupiedRoom(room_no="0904", checkin_no="", persons=1))


def seen(platform: Platform, who: str = "pdju01", order: MonitorFilter = MONTHS) -> FigureLines:
    return platform.world.door.ask(monitor, platform.world.caller(who), order)


def line_of(found: FigureLines) -> Line:
    return next(line for line in found.lines if line.project_no == MARKET)


def lines(platform: Platform, listing: Listing, filters: Filters) -> list[Line]:
    """Every line behind a figure, page after page."""
    found: list[Line] = []
    for page in range(1, 30):
        order = ListRows(filters, Paging(page, 2))
        answer = platform.world.door.ask(listing.query, platform.world.caller("pdju01"), order)
        found += answer.lines
        if len(found) == answer.total:
            return found
    raise AssertionError("never ends")


BEHIND: dict[str, tuple[Listing, Filters]] = {
    "check_ins": (STAYS, OF_MARKET),
    "filed": (STAYS, OF_MARKET | {"outcome": "FILED"}),
    "waiting": (STAYS, OF_MARKET | {"outcome": "WAITING"}),
    "failed": (STAYS, OF_MARKET | {"outcome": "FAILED"}),
    "late": (STAYS, OF_MARKET | {"late": "1"}),
    "move_outs": (MOVE_OUTS, OF_MARKET | {"outcome": TAKEN}),
    "differences": (DIFFERENCES, {"project": MARKET, "state": "OPEN"}),
}


def test_the_monitor_counts_what_happened(open_platform: Platform) -> None:
    line = line_of(seen(open_platform))
    assert (line.check_ins, line.filed, line.waiting, line.failed) == (8, 5, 1, 2)
    assert (line.late, line.move_outs, line.differences) == (1, 2, 2)
    assert (line.name, line.operator) == ("沪寓·塘桥社区", "沪寓公寓管理有限公司")


@pytest.mark.parametrize("figure", BEHIND)
def test_every_figure_is_the_number_of_lines_behind_it(open_platform: Platform, figure: str) -> None:
    found = lines(open_platform, *BEHIND[figure])
    assert len(found) == getattr(line_of(seen(open_platform)), figure)
    assert len({line.id for line in found}) == len(found)


def test_projects_and_months_add_up_to_the_sum(open_platform: Platform) -> None:
    found = seen(open_platform)
    assert found.total is not None
    for figure in BEHIND:
        assert sum(getattr(line, figure) for line in found.lines) == getattr(found.total, figure)
    for figure in ("check_ins", "filed", "move_outs"):
        assert sum(getattr(line, figure) for line in found.months) == getattr(found.total, figure)
    assert [line.month for line in found.months] == ["2027-03", "2027-04"]


def test_another_district_sees_nothing_of_it(open_platform: Platform) -> None:
    found = seen(open_platform, "xhju01")
    assert (found.lines, found.total) == ((), None)
    assert seen(open_platform, "shi01").total == seen(open_platform).total


def test_counters_do_not_watch(open_platform: Platform) -> None:
    with pytest.raises(NotAllowed):
        seen(open_platform, "huamu01")


def test_a_month_that_is_none_is_refused(open_platform: Platform) -> None:
    with pytest.raises(Rejected, match="月份"):
        seen(open_platform, order=MonitorFilter(since="三月"))


@pytest.mark.parametrize(("listing", "rows"), [("check_ins", 8), ("stay_differences", 2)])
def test_the_lists_leave_as_files(open_platform: Platform, listing: str, rows: int) -> None:
    offered = listing_of(listing)
    criteria = {"project": MARKET} | ({"state": "OPEN"} if listing == "stay_differences" else {})
    bureau = open_platform.world.caller("pdju01")
    listed = open_platform.world.door.look(bureau, lambda work: offered.lines(work, criteria, False))
    assert len(listed.rows) == rows == open_platform.world.door.look(bureau, lambda work: offered.count(work, criteria))
    assert {len(row) for row in listed.rows} == {len(offered.columns)}
