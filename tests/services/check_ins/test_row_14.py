"""Row 14: somebody moves in and the filing exists; he leaves and it is cancelled; occupied rooms are reconciled."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from models.engine import Parameter, ParameterState
from models.enterprise import EnterpriseKey, KeyState
from models.push_codes import DifferenceKind, MoveOutState, StayState
from models.pushes import CheckIn
from models.rooms import CentralRoom, CentralRoomState
from models.tenancy import FilingPart, GovCase, LeaseContract
from models.tenancy_codes import CaseState, Channel, ContractState, DealKind, FilingState, FilingWay, LeaseMode
from services.check_ins.arrivals import report_check_in
from services.check_ins.orders import OccupiedRoom
from services.engine.refusals import NotAllowed, NotFound, Rejected
from tests.services.check_ins.platform import BUILDERS, DISTRICT, Platform, caller_of, codes, hints
from tests.services.tenancy.counter import party, somebody
from tests.world import at_once

pytestmark = pytest.mark.row(14)

FILED, REFUSED, ROOM_TAKEN, WAITING, LEFT = (
    StayState.FILED,
    StayState.REFUSED,
    StayState.ROOM_TAKEN,
    StayState.WAITING,
    StayState.LEFT,
)


# Moving in


def test_a_check_in_is_a_filing_at_once_and_its_number_comes_back(platform: Platform) -> None:
    stay, answer = platform.move_in()
    assert (answer.state, codes(answer)) == (FILED, set())
    made = platform.filing(answer.filing_no)
    assert (made.way, made.channel, made.deal) == (FilingWay.AUTO_MOVE_IN, Channel.DPLAT, DealKind.ENTERPRISE)
    assert (answer.valid_from, answer.valid_to) == (stay.start, stay.end)
    assert answer.contract_no.startswith("HT")


def test_the_room_is_let_and_the_filing_is_the_operators(platform: Platform) -> None:
    stay, answer = platform.move_in()
    contract = platform.rows(LeaseContract, LeaseContract.contract_no == answer.contract_no)[0]
    assert platform.room(stay.room_no).state is CentralRoomState.LET
    assert contract.enterprise_id == platform.kept(stay).enterprise_id is not None
    assert contract.state is ContractState.EFFECTIVE


def test_a_room_that_is_not_in_the_library_is_refused(platform: Platform) -> None:
    _, answer = platform.move_in("9901")
    assert answer.state is REFUSED
    assert {"F16", "H16"} <= codes(answer)
    unbound = platform.move_in("0912")[1]
    assert "H16" in codes(unbound)


def test_an_unknown_project_is_refused(platform: Platform) -> None:
    _, answer = platform.move_in("0101", project_no="XM0000000000")
    assert {"F16", "H16"} <= codes(answer)


def test_a_room_taken_out_of_the_library_is_refused(platform: Platform) -> None:
    room = platform.free_room()
    platform.world.rewrite(CentralRoom, CentralRoom.id == platform.room(room).id, in_library=False)
    assert "F16" in codes(platform.move_in(room)[1])


@pytest.mark.parametrize("serial", ["", "没有的密钥", "E-2-VALID-1"])
def test_an_unknown_operator_key_is_refused(platform: Platform, serial: str) -> None:
    _, answer = platform.move_in(key_serial=serial)
    assert answer.state is REFUSED
    assert "J12" in codes(answer)


def test_a_lost_key_is_refused(platform: Platform) -> None:
    platform.world.rewrite(EnterpriseKey, EnterpriseKey.serial == "E-1-VALID-1", state=KeyState.LOST)
    try:
        assert {"J12", "F06"} <= codes(platform.move_in()[1])
    finally:
        platform.world.rewrite(EnterpriseKey, EnterpriseKey.serial == "E-1-VALID-1", state=KeyState.VALID)


def test_an_operator_who_does_not_run_the_project_is_refused(platform: Platform) -> None:
    _, answer = platform.move_in(operator_uscc="91310106MAXF40002A", key_serial="E-4-VALID-1")
    assert {"F17", "F07"} <= codes(answer)


def test_a_project_of_another_district_is_not_this_platforms(platform: Platform) -> None:
    _, answer = platform.move_in("0101", project_no=BUILDERS, bed="1")
    assert "J11" in codes(answer)


def test_a_clock_ten_minutes_fast_is_borne_and_an_hour_is_not(platform: Platform) -> None:
    now = platform.world.door.clock.now()
    fast = platform.move_in(checked_in_at=now + timedelta(minutes=10))[1]
    assert (fast.state, codes(fast)) == (FILED, set())
    wrong = platform.move_in(checked_in_at=now + timedelta(hours=1))[1]
    assert codes(wrong) == {"J13"}


def test_three_people_do_not_move_into_a_room_for_two(platform: Platform) -> None:
    friends = [{**party(somebody()), "relation": "FRIEND"} for _ in range(2)]
    _, answer = platform.move_in(residents=friends)
    assert answer.state is REFUSED
    assert "O03" in codes(answer)


def test_a_check_in_of_last_month_is_filed_from_that_day_as_a_late_one(platform: Platform) -> None:
    moved = date(2027, 2, 3)
    stay, answer = platform.move_in(
        start=moved, end=date(2028, 2, 2), checked_in_at=platform.world.door.clock.now() - timedelta(days=26)
    )
    assert (answer.state, answer.valid_from) == (FILED, moved)
    assert "J14" in hints(answer)
    kept = platform.kept(stay)
    assert (kept.month, kept.late_days) == ("2027-02", 26)


def test_a_tenant_whose_card_nobody_checked_and_no_library_holds_is_not_filed(platform: Platform) -> None:
    platform.world.fault("licence_library", "miss")
    _, answer = platform.move_in(lessees=[party(somebody())])
    assert codes(answer) == {"F08"}


def test_every_reason_is_told_at_once(platform: Platform) -> None:
    _, answer = platform.move_in(
        key_serial="没有", card_no="", checked_in_at=platform.world.door.clock.now() + timedelta(1)
    )
    assert {"J12", "J13", "F05"} <= codes(answer)


def test_beds_of_a_builders_home_are_let_one_by_one(platform: Platform) -> None:
    caller = caller_of("district-310112", "310112")
    beds = [
        platform.report(platform.stay("0101", project_no=BUILDERS, bed=bed, rent="580", deposit="580"), caller)
        for bed in ("1", "2")
    ]
    assert [one.state for one in beds] == [FILED, FILED], beds
    assert {platform.filing(one.filing_no).mode for one in beds} == {LeaseMode.BED}
    same = platform.report(platform.stay("0101", project_no=BUILDERS, bed="2", rent="580", deposit="580"), caller)
    assert same.state is ROOM_TAKEN


# Once


def test_the_same_check_in_again_gets_the_same_answer(platform: Platform) -> None:
    stay, first = platform.move_in()
    assert platform.report(stay) == first
    assert len(platform.rows(CheckIn, CheckIn.checkin_no == stay.checkin_no)) == 1


def test_a_check_in_that_came_twice_at_once_is_one_filing(platform: Platform) -> None:
    stay = platform.stay()
    one, other = at_once([lambda: platform.report(stay)] * 2)
    assert one == other
    assert one.state is FILED


def test_a_number_stands_for_one_content_and_may_be_put_right(platform: Platform) -> None:
    stay = platform.stay(card_no="")
    assert platform.report(stay).state is REFUSED
    mended = replace(stay, lease=platform.lease(), attempt=2)
    assert codes(platform.report(replace(mended, attempt=1))) == {"J02"}
    assert platform.report(mended).state is FILED
    assert "J02" in codes(platform.report(replace(mended, attempt=3)))


# A room that is still lived in


def test_a_check_in_before_the_previous_check_out_waits_and_is_filed_when_the_room_is_left(
    platform: Platform,
) -> None:
    former, _ = platform.move_in()
    platform.world.stand_at(2027, 6, 1)
    new, answer = platform.move_in(former.room_no)
    assert (answer.state, codes(answer)) == (ROOM_TAKEN, {"J16"})
    platform.run("check_ins.admit")
    assert platform.report(new).state is ROOM_TAKEN
    assert platform.leave(former).state is MoveOutState.CANCELLED
    platform.run("check_ins.admit")
    filed = platform.report(new)
    assert filed.state is FILED
    assert filed.filing_no in {one.get("filing_no") for one in platform.messages()}


def test_nobody_left_so_the_check_in_is_refused_after_a_day(platform: Platform) -> None:
    former, _ = platform.move_in()
    new, _ = platform.move_in(former.room_no)
    platform.world.let_pass(hours=25)
    platform.run("check_ins.admit")
    answer = platform.report(new)
    assert answer.state is REFUSED
    assert {"F16", "F01"} <= codes(answer)
    assert platform.kept(former).state is FILED


def test_a_check_in_dated_before_the_previous_tenant_left_is_refused(platform: Platform) -> None:
    former, _ = platform.move_in()
    platform.world.stand_at(2027, 6, 10)
    platform.leave(former, left_on=date(2027, 6, 10))
    _, answer = platform.move_in(former.room_no, start=date(2027, 6, 1), end=date(2028, 5, 31))
    assert (answer.state, codes(answer)) == (REFUSED, {"J17"})
    assert platform.move_in(former.room_no)[1].state is FILED


def test_a_lease_that_begins_long_after_moving_in_is_refused(platform: Platform) -> None:
    """A stay reported today whose lease begins in 200 days is a slip of the pen (acceptance D14)."""
    today = platform.world.door.clock.today()
    _, answer = platform.move_in(start=today + timedelta(days=200), end=today + timedelta(days=500))
    assert (answer.state, codes(answer)) == (REFUSED, {"J18"})
    _, answer = platform.move_in(start=today + timedelta(days=30), end=today + timedelta(days=394))
    assert "J18" not in codes(answer)
    assert "T05" not in codes(answer)


def test_who_left_before_he_was_filed_is_filed_no_more(platform: Platform) -> None:
    former, _ = platform.move_in()
    new, _ = platform.move_in(former.room_no)
    assert platform.leave(new).state is MoveOutState.NOTED
    platform.leave(former)
    platform.run("check_ins.admit")
    assert codes(platform.report(new)) == {"J24"}


# Changing rooms


def test_a_room_change_files_the_new_room_and_cancels_the_old_one_without_an_interval(platform: Platform) -> None:
    tenant = somebody()
    old, first = platform.move_in("", tenant)
    platform.world.let_pass(days=10)
    new, second = platform.move_in("", tenant, previous_checkin_no=old.checkin_no)
    assert (second.state, codes(second)) == (FILED, set())
    assert platform.kept(old).state is LEFT
    left = platform.filing(first.filing_no)
    assert (left.state, left.cancel_reason, left.ended_on) == (FilingState.CANCELLED, "MOVE_OUT", new.start)
    assert platform.room(old.room_no).state is CentralRoomState.FREE
    assert [row.room_change for row in platform.move_outs(old)] == [True]


def test_the_room_that_was_left_can_be_let_again_the_same_day(platform: Platform) -> None:
    old, _ = platform.move_in()
    platform.leave(old)
    _, answer = platform.move_in(old.room_no)
    assert (answer.state, codes(answer)) == (FILED, set())


def test_the_interval_binds_centralised_rooms_when_its_parameter_says_so(platform: Platform) -> None:
    old, _ = platform.move_in()
    platform.leave(old)
    day = date(2027, 2, 1)
    made = Parameter(
        key="filing.interval_central", value="true", valid_from=day, source="测试", state=ParameterState.CONFIRMED
    )
    made.confirmed_at = platform.world.door.clock.now() - timedelta(days=20)
    platform.world.act(lambda work: work.add(made) and None)
    try:
        _, answer = platform.move_in(old.room_no)
        assert (answer.state, codes(answer)) == (StayState.INTERCEPTED, {"F02"})
    finally:
        platform.world.rewrite(Parameter, Parameter.key == "filing.interval_central", state=ParameterState.REJECTED)


def test_a_room_change_from_an_unknown_stay_is_not_filed(platform: Platform) -> None:
    _, answer = platform.move_in(previous_checkin_no="没有的入住")
    assert codes(answer) == {"J15"}


def test_a_room_change_that_is_refused_leaves_the_old_filing_alone(platform: Platform) -> None:
    old, first = platform.move_in()
    _, second = platform.move_in(previous_checkin_no=old.checkin_no, card_no="")
    assert second.state is REFUSED
    assert platform.filing(first.filing_no).state is FilingState.ACTIVE


# Moving out


def test_a_move_out_cancels_the_filing_and_frees_the_room(platform: Platform) -> None:
    stay, answer = platform.move_in()
    platform.world.let_pass(days=40)
    gone = platform.leave(stay)
    assert (gone.state, gone.filing_no) == (MoveOutState.CANCELLED, answer.filing_no)
    assert gone.cancel_no.startswith("ZX")
    filing = platform.filing(answer.filing_no)
    assert (filing.state, filing.cancel_reason) == (FilingState.CANCELLED, "MOVE_OUT")
    assert platform.room(stay.room_no).state is CentralRoomState.FREE
    assert platform.kept(stay).state is LEFT


def test_a_move_out_told_twice_is_answered_the_same(platform: Platform) -> None:
    stay, _ = platform.move_in()
    first = platform.leave(stay, checkout_no="TZ-双")
    assert platform.leave(stay, checkout_no="TZ-双") == first
    assert codes(platform.leave(stay, checkout_no="TZ-双", room_no="0000")) == {"J02"}
    assert platform.leave(stay).state is MoveOutState.NOTED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"checkin_no": "没有"}, "J21"),
        ({"room_no": "0000"}, "J22"),
        ({"left_on": date(2027, 3, 2)}, "J23"),
        ({"operator_uscc": "91310106MAXF40002A"}, "F17"),
        ({"left_on": date(2027, 2, 1)}, "C05"),
    ],
)
def test_a_move_out_that_fits_no_stay_is_refused(platform: Platform, changes: dict[str, Any], code: str) -> None:
    stay, answer = platform.move_in()
    gone = platform.leave(stay, **changes)
    assert gone.state is MoveOutState.REFUSED
    assert code in codes(gone)
    assert platform.filing(answer.filing_no).state is FilingState.ACTIVE


def test_a_move_out_after_the_filing_ran_out_is_noted(platform: Platform) -> None:
    stay, _ = platform.move_in(start=date(2027, 3, 1), end=date(2027, 5, 31))
    platform.world.stand_at(2027, 6, 2)
    assert platform.leave(stay, left_on=date(2027, 5, 31)).state is MoveOutState.NOTED
    assert platform.kept(stay).state is LEFT


def test_another_platform_cannot_end_a_stay(platform: Platform) -> None:
    stay, _ = platform.move_in()
    assert codes(platform.leave(stay, caller_of("district-310112", "310112"))) == {"J21"}


# Silent sources


def test_a_silent_source_leaves_the_stay_waiting_and_its_later_filing_is_called_back(platform: Platform) -> None:
    platform.world.fault("property_register", "error")
    stay, answer = platform.move_in()
    assert answer.state is WAITING
    platform.world.heal()
    platform.world.let_pass(minutes=1, seconds=5)
    platform.run("tenancy.retry")
    later = platform.report(stay)
    assert later.state is FILED
    assert platform.room(stay.room_no).state is CentralRoomState.LET
    told = [one for one in platform.messages() if one["checkin_no"] == stay.checkin_no]
    assert [(one["accepted"], one["filing_no"]) for one in told] == [(True, later.filing_no)]


def test_who_leaves_while_a_source_is_silent_withdraws_the_case(platform: Platform) -> None:
    platform.world.fault("police", "error")
    stay, _ = platform.move_in()
    platform.world.heal()
    assert platform.leave(stay).state is MoveOutState.NOTED
    case = platform.rows(GovCase, GovCase.id == platform.kept(stay).case_id)[0]
    assert (case.state, platform.kept(stay).state) == (CaseState.WITHDRAWN, REFUSED)


# Reconciliation


def test_occupied_rooms_without_a_filing_and_filings_without_occupants_are_listed(platform: Platform) -> None:
    empty, _ = platform.move_in()
    crowd, _ = platform.move_in()
    rooms = [room for room in platform.all_occupied(empty.room_no) if room.room_no != crowd.room_no]
    rooms += [
        OccupiedRoom(room_no=crowd.room_no, checkin_no=crowd.checkin_no, persons=2),
        OccupiedRoom(room_no="0903", checkin_no="RZ-外", persons=1),
        OccupiedRoom(room_no="9999", checkin_no="", persons=1),
    ]
    answer = platform.occupied(*rooms)
    here = {empty.room_no, crowd.room_no, "0903", "9999"}
    told = {(one.kind, one.room_no) for one in answer.differences if one.room_no in here}
    assert told == {
        (DifferenceKind.NOT_OCCUPIED, empty.room_no),
        (DifferenceKind.PERSONS, crowd.room_no),
        (DifferenceKind.NOT_FILED, "0903"),
        (DifferenceKind.NOT_IN_LIBRARY, "9999"),
    }
    assert {(row.kind, row.room_no) for row in platform.differences() if row.room_no in here} == told


def test_what_agrees_again_is_closed_by_the_nightly_run(platform: Platform) -> None:
    stay, _ = platform.move_in()
    platform.occupied(*platform.all_occupied(stay.room_no))
    assert stay.room_no in {row.room_no for row in platform.differences()}
    platform.leave(stay)
    platform.occupied(*platform.all_occupied())
    platform.run("check_ins.reconcile")
    assert stay.room_no not in {row.room_no for row in platform.differences()}
    closed = [row for row in platform.differences("CLOSED") if row.room_no == stay.room_no]
    assert [row.closed_on for row in closed] == [platform.today]


def test_a_night_without_a_list_is_told_of(platform: Platform) -> None:
    platform.move_in()
    platform.world.let_pass(days=3)
    platform.run("check_ins.reconcile")
    assert DifferenceKind.NO_LIST in {row.kind for row in platform.differences() if row.district_code == DISTRICT}
    platform.occupied(*platform.all_occupied())
    assert DifferenceKind.NO_LIST not in {row.kind for row in platform.differences() if row.district_code == DISTRICT}


def test_the_nightly_run_frees_rooms_whose_filing_ran_out(platform: Platform) -> None:
    stay, _ = platform.move_in(start=date(2027, 3, 1), end=date(2027, 4, 30))
    platform.world.stand_at(2027, 5, 2)
    platform.run("tenancy.expire")
    platform.run("check_ins.reconcile")
    assert platform.room(stay.room_no).state is CentralRoomState.FREE


def test_a_list_that_cannot_be_is_refused(platform: Platform) -> None:
    twice = OccupiedRoom(room_no="0101", checkin_no="RZ1", persons=1)
    with pytest.raises(Rejected, match="重复的房间"):
        platform.occupied(twice, twice)
    with pytest.raises(Rejected, match="在住日期"):
        platform.occupied(as_of=date(2027, 3, 2))
    with pytest.raises(NotFound):
        platform.occupied(project_no=BUILDERS)


# Rights


def test_nobody_but_a_partner_tells_of_stays(platform: Platform) -> None:
    with pytest.raises(NotAllowed):
        platform.world.door.perform(report_check_in, platform.world.caller("pdju01"), platform.stay())


def test_a_stay_keeps_no_message_once_it_is_filed(platform: Platform) -> None:
    stay, _ = platform.move_in()
    assert platform.kept(stay).message is None
    assert len(platform.rows(FilingPart, FilingPart.filing_id == platform.kept(stay).filing_id)) == 1
