"""What a tester tries of stays: changing into a room past somebody else, on a day that does not fit, as another operator (row 14)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from models.push_codes import MoveOutState, StayState
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.check_ins.occupied import report_occupied
from services.check_ins.orders import OccupiedRoom, ReportOccupied
from services.engine.refusals import NotFound
from tests.services.check_ins.platform import MARKET, OPERATOR, Platform, caller_of, codes
from tests.services.tenancy.counter import party, somebody

pytestmark = pytest.mark.row(14)
FILED, REFUSED = StayState.FILED, StayState.REFUSED


def _active(platform: Platform, filing_no: str) -> bool:
    return platform.filing(filing_no).state is FilingState.ACTIVE


def test_moving_in_elsewhere_ends_nobody_elses_stay(platform: Platform) -> None:
    old, first = platform.move_in()
    _, answer = platform.move_in("", somebody(), previous_checkin_no=old.checkin_no)
    assert (answer.state, codes(answer)) == (REFUSED, {"J15"})
    assert (platform.kept(old).state, _active(platform, first.filing_no)) == (FILED, True)
    assert platform.move_outs(old) == []


def test_one_of_two_tenants_may_change_rooms_with_somebody_new(platform: Platform) -> None:
    me, other, new = somebody(), somebody(), somebody()
    old, first = platform.move_in("", me, other)
    _, answer = platform.move_in("", new, me, previous_checkin_no=old.checkin_no)
    assert (answer.state, codes(answer)) == (FILED, set())
    assert platform.filing(first.filing_no).state is FilingState.CANCELLED


def test_a_number_typed_in_another_hand_is_the_same_tenant(platform: Platform) -> None:
    me = somebody()
    old, _ = platform.move_in("", me)
    typed = {**party(me, card_read=True), "id_no": f" {me.id_no.lower()} "}
    _, answer = platform.move_in("", me, lessees=[typed], previous_checkin_no=old.checkin_no)
    assert (answer.state, codes(answer)) == (FILED, set())


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        (date(2027, 2, 20), date(2028, 2, 19), {"J15"}),
        # So far ahead the lease is doubtful by itself.
        (date(2027, 4, 1), date(2028, 3, 31), {"J15", "J18"}),
    ],
)
def test_a_change_on_a_day_the_old_stay_cannot_end_leaves_both_as_they_were(
    platform: Platform, start: date, end: date, wrong: set[str]
) -> None:
    me = somebody()
    old, first = platform.move_in("", me)
    new, answer = platform.move_in("", me, start=start, end=end, previous_checkin_no=old.checkin_no)
    assert (answer.state, codes(answer)) == (REFUSED, wrong)
    assert (platform.kept(old).state, _active(platform, first.filing_no)) == (FILED, True)
    assert platform.room(new.room_no).state == "FREE"


def test_a_change_on_the_first_day_of_the_old_stay_is_one(platform: Platform) -> None:
    me = somebody()
    old, first = platform.move_in("", me)
    _, answer = platform.move_in("", me, previous_checkin_no=old.checkin_no)
    assert (answer.state, codes(answer)) == (FILED, set())
    assert platform.filing(first.filing_no).ended_on == old.start


def test_a_change_out_of_a_frozen_filing_waits_for_nobody(platform: Platform) -> None:
    me = somebody()
    old, first = platform.move_in("", me)
    platform.world.rewrite(LeaseFiling, LeaseFiling.filing_no == first.filing_no, state=FilingState.FROZEN)
    _, answer = platform.move_in("", me, previous_checkin_no=old.checkin_no)
    assert (answer.state, codes(answer)) == (REFUSED, {"J15"})


def test_a_change_after_the_old_filing_ran_out_is_filed(platform: Platform) -> None:
    me = somebody()
    old, _ = platform.move_in("", me, start=date(2027, 3, 1), end=date(2027, 5, 31))
    platform.world.stand_at(2027, 6, 1)
    _, answer = platform.move_in("", me, previous_checkin_no=old.checkin_no)
    assert (answer.state, codes(answer)) == (FILED, set())
    assert platform.kept(old).state is StayState.LEFT


def test_a_stay_that_is_being_changed_is_changed_into_no_second_room(platform: Platform) -> None:
    me = somebody()
    old, _ = platform.move_in("", me)
    platform.world.fault("property_register", "error")
    first, waiting = platform.move_in("", me, previous_checkin_no=old.checkin_no)
    platform.world.heal()
    assert waiting.state is StayState.WAITING
    _, second = platform.move_in("", me, previous_checkin_no=old.checkin_no)
    assert (second.state, codes(second)) == (REFUSED, {"J15"})
    (told,) = [one for one in second.reasons if one.code == "J15"]
    assert (told.field, first.checkin_no in told.message) == ("previous_checkin_no", True)
    platform.world.let_pass(minutes=1, seconds=5)
    with _locks(platform) as locks:
        platform.run("tenancy.retry")
    if locks:
        # PostgreSQL: the stay that ends is held before its house, or a move-out of it waits crosswise.
        assert "check_in" in locks[: len(locks) - locks[::-1].index("house") - 1]
    assert (platform.kept(first).state, platform.kept(old).state) == (FILED, StayState.LEFT)


@contextmanager
def _locks(platform: Platform) -> Iterator[list[str]]:
    """The tables whose rows are held, in order, of stays and houses; none on SQLite."""
    engine, seen = platform.world.door.database.engine, []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        table = re.search(r"FROM (check_in|house)\b.*FOR UPDATE", statement, re.S)
        if table:
            seen.append(table[1])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_change_that_hangs_is_given_up_by_moving_out_of_it(platform: Platform) -> None:
    me = somebody()
    old, _ = platform.move_in("", me)
    taken, _ = platform.move_in("", somebody())
    hanging, waits = platform.move_in(taken.room_no, me, previous_checkin_no=old.checkin_no)
    assert waits.state is StayState.ROOM_TAKEN
    new = platform.stay("", me, previous_checkin_no=old.checkin_no)
    assert hanging.checkin_no in " ".join(one.message for one in platform.report(new).reasons)
    assert platform.leave(hanging).state is MoveOutState.NOTED
    assert platform.report(replace(new, attempt=2)).state is FILED
    assert platform.kept(old).state is StayState.LEFT


def test_a_platform_of_another_district_reports_no_rooms_of_ours(platform: Platform) -> None:
    order = ReportOccupied(MARKET, OPERATOR, platform.today, ())
    with pytest.raises(NotFound, match="本区没有该运营方的这个项目"):
        platform.world.door.perform(report_occupied, caller_of("xuhui-platform", "310104"), order)


def test_who_stays_on_beyond_his_filing_has_left_on_the_day_he_leaves(platform: Platform) -> None:
    stay, _ = platform.move_in("", start=date(2027, 3, 1), end=date(2027, 5, 31))
    platform.world.stand_at(2027, 6, 5)
    gone = platform.leave(stay, left_on=date(2027, 6, 4))
    assert (gone.state, platform.kept(stay).state) == (MoveOutState.NOTED, StayState.LEFT)


def test_a_lease_into_leap_day_runs_to_the_day_before_it(platform: Platform) -> None:
    platform.world.stand_at(2028, 2, 29)
    stay, answer = platform.move_in("", start=date(2028, 2, 29), end=date(2029, 2, 28))
    assert (answer.state, answer.valid_to) == (FILED, date(2029, 2, 28))
    platform.world.stand_at(2029, 3, 1)
    assert platform.leave(stay, left_on=date(2029, 2, 28)).state is MoveOutState.NOTED


@pytest.mark.parametrize("operator", ["91310106MAXF40002A", "91310115MA1K999998", OPERATOR.lower()])
def test_a_list_of_another_operator_is_not_compared(platform: Platform, operator: str) -> None:
    told: dict[str, Any] = {"operator_uscc": operator}
    with pytest.raises(NotFound, match="运营方"):
        platform.occupied(OccupiedRoom(room_no="0101", checkin_no="", persons=1), **told)
