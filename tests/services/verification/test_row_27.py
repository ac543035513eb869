"""Row 27: the first pass by room freezes the room plan; later requests are compared with it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from models.access import Role, ScopeKind
from models.house import House, HouseRoom, RoomKind
from models.verification import SplitLock
from models.verification_codes import LockState, VerificationState
from services.engine.callers import Caller, Scope
from services.engine.refusals import NotFound, Rejected
from services.verification.orders import PlannedRoom
from services.verification.rules import same_plan
from services.verification.split_locks import UnlockPlan, unlock_plan
from services.verification.views import AskPlan, known_plan
from tests.services.tenancy.counter import Flat
from tests.services.verification.firm import BROKER, OPERATOR, RENTAL, Firms, plan_of_flat, split_room

PASSED = VerificationState.PASSED


def _ask(firms: Firms, flat: Flat, *, uscc: str = RENTAL, room: str = "", **changes: object) -> tuple[str, ...]:
    """Ask for a room of a flat; the rules that failed, none when it passed."""
    home = firms.home(flat, uscc, room_no=room or flat.bedrooms[0], **changes)
    told = firms.verify(home, uscc)
    return () if told.state is PASSED else told.codes


def _locks(firms: Firms, flat: Flat) -> list[SplitLock]:
    rows = select(SplitLock).join(House, House.id == SplitLock.house_id).where(House.house_code == flat.code)  # type: ignore[arg-type]
    found: list[SplitLock] = firms.world.read(lambda work: list(work.session.exec(rows).all()))
    return found


@pytest.mark.row(27)
def test_the_first_pass_locks_the_plan_and_a_failed_request_does_not(firms: Firms) -> None:
    flat = firms.flat()
    assert _ask(firms, flat, owner_phone="") == ("V05",)
    assert _locks(firms, flat) == []
    assert _ask(firms, flat) == ()
    lock = _locks(firms, flat)[0]
    assert (lock.state, lock.room_count) == (LockState.LOCKED, len(flat.bedrooms))
    assert firms.world.door.ask(known_plan, firms.caller(), AskPlan(flat.cert_no)).rooms == plan_of_flat(flat)


@pytest.mark.row(27)
@pytest.mark.parametrize(("area", "codes"), [("0.50", ()), ("0.51", ("V07",)), ("-0.50", ()), ("-0.51", ("V07",))])
def test_an_area_may_differ_by_half_a_square_metre(firms: Firms, area: str, codes: tuple[str, ...]) -> None:
    flat = firms.flat()
    assert _ask(firms, flat) == ()
    plan = plan_of_flat(flat)
    changed = (replace(plan[0], usable_area=plan[0].usable_area + Decimal(area)), *plan[1:])
    assert _ask(firms, flat, room=flat.bedrooms[1], plan=changed) == codes


@pytest.mark.row(27)
def test_number_kind_and_capacity_are_frozen(firms: Firms) -> None:
    flat = firms.flat()
    assert _ask(firms, flat) == ()
    plan = plan_of_flat(flat)
    assert _ask(firms, flat, room=flat.bedrooms[1], plan=plan[1:]) == ("V07",)
    assert _ask(firms, flat, room=flat.bedrooms[1], plan=(replace(plan[0], persons=2), *plan[1:])) == ("V07",)
    assert _ask(firms, flat, room=flat.bedrooms[1], plan=(*plan, split_room(flat)), n1_declared=True)[-1] == "V07"


@pytest.mark.row(27)
def test_the_tolerance_is_measured_from_the_locked_plan_and_does_not_drift(firms: Firms) -> None:
    flat = firms.flat()
    plan = plan_of_flat(flat)
    further = [
        (replace(plan[0], usable_area=plan[0].usable_area + Decimal(step)), *plan[1:]) for step in ("0.40", "0.80")
    ]
    assert _ask(firms, flat) == ()
    assert _ask(firms, flat, room=flat.bedrooms[1], plan=further[0]) == ()
    assert _ask(firms, flat, plan=further[1]) == ("V07",)


@pytest.mark.row(27)
def test_rooms_of_equal_area_may_swap_their_labels() -> None:
    def room(label: str, area: str) -> PlannedRoom:
        return PlannedRoom(label, RoomKind.BEDROOM, Decimal(area), 2)

    locked = (room("1", "12.00"), room("2", "12.30"))
    assert same_plan(locked, (room("1", "12.30"), room("2", "12.00")), Decimal("0.50"))
    assert not same_plan(locked, (room("1", "12.30"), room("2", "13.00")), Decimal("0.50"))


@pytest.mark.row(27)
def test_a_hall_of_less_than_twelve_square_metres_is_not_split(firms: Firms) -> None:
    flat = firms.fixture("H-9")
    plan = (*plan_of_flat(flat), split_room(flat))
    assert _ask(firms, flat, room="N1", plan=plan, n1_declared=True) == ("O05", "V06")


@pytest.mark.row(27)
def test_a_hall_of_exactly_twelve_square_metres_may_be_split(firms: Firms) -> None:
    flat = firms.flat()
    hall = select(HouseRoom.id).join(House, House.id == HouseRoom.house_id)  # type: ignore[arg-type]
    hall = hall.where(House.house_code == flat.code, HouseRoom.kind == RoomKind.HALL)
    row_id = firms.world.read(lambda work: work.session.exec(hall).first())
    for area, codes in (("11.99", ("O05", "V06")), ("12.00", ())):
        firms.world.rewrite(HouseRoom, HouseRoom.id == row_id, usable_area=Decimal(area))
        plan = (*plan_of_flat(flat), split_room(flat))
        assert _ask(firms, flat, room="N1", plan=plan, n1_declared=True) == codes


@pytest.mark.row(27)
def test_two_split_rooms_an_owner_a_broker_or_no_declaration_are_refused(firms: Firms) -> None:
    flat = firms.fixture("H-1")
    plan, one, two = plan_of_flat(flat), split_room(flat), split_room(flat, label="N2")
    assert _ask(firms, flat, room="N1", plan=(*plan, one, two), n1_declared=True) == ("O05", "V06")
    assert _ask(firms, flat, room="N1", plan=(*plan, one), n1_declared=False) == ("O05", "V06")
    assert _ask(firms, flat, uscc=BROKER, room="N1", plan=(*plan, one), n1_declared=True) == ("O05", "V06")


@pytest.mark.row(27)
def test_a_plan_that_is_larger_than_the_flat_or_cuts_a_room_is_refused(firms: Firms) -> None:
    flat = firms.flat()
    plan = plan_of_flat(flat)
    larger = tuple(replace(room, usable_area=room.usable_area * 9) for room in plan)
    assert _ask(firms, flat, plan=larger) == ("O01", "V06")
    half = replace(plan[0], label="1A", usable_area=plan[0].usable_area / 2)
    assert "O01" in _ask(firms, flat, room="1A", plan=(half, replace(half, label="1B"), *plan[1:]))
    kitchen = PlannedRoom("K1", RoomKind.KITCHEN, Decimal("5.60"), 1)
    assert _ask(firms, flat, room="K1", plan=(*plan, kitchen)) == ("O02", "V06")


@pytest.mark.row(27)
def test_three_in_a_room_or_less_than_five_square_metres_each_are_refused(firms: Firms) -> None:
    flat = firms.flat()
    three = plan_of_flat(flat, persons=3)
    assert {"O03", "V06"} <= set(_ask(firms, flat, plan=three))


def _bureau(district: str) -> Caller:
    return Caller("区局", (Scope(Role.DISTRICT_BUREAU, ScopeKind.DISTRICT, district),))


@pytest.mark.row(27)
def test_only_the_homes_own_bureau_unlocks_and_only_with_papers(firms: Firms) -> None:
    flat = firms.flat()
    assert _ask(firms, flat) == ()
    lock, own = _locks(firms, flat)[0], flat.line["district_code"]
    other = "310101" if own != "310101" else "310104"
    perform = firms.world.door.perform
    with pytest.raises(NotFound):
        perform(unlock_plan, _bureau(other), UnlockPlan(lock.id, "沪规改〔2027〕1号", "改建已获批准"))
    with pytest.raises(Rejected) as refused:
        perform(unlock_plan, _bureau(own), UnlockPlan(lock.id, " ", "改建已获批准"))
    assert [one.code for one in refused.value.findings] == ["UNLOCK_PAPERS"]
    changed = plan_of_flat(flat, persons=2)
    assert _ask(firms, flat, room=flat.bedrooms[1], plan=changed)[-1] == "V07"
    perform(unlock_plan, _bureau(own), UnlockPlan(lock.id, "沪规改〔2027〕1号", "改建已获批准"))
    plan = tuple(replace(room, usable_area=room.usable_area - Decimal("0.90")) for room in plan_of_flat(flat))
    assert _ask(firms, flat, room=flat.bedrooms[1], plan=plan) == ()
    old, new = sorted(_locks(firms, flat), key=lambda one: one.plan_version)
    assert (old.state, new.state, new.plan_version) == (LockState.UNLOCKED, LockState.LOCKED, 2)
    assert old.plan != new.plan


@pytest.mark.row(27)
def test_the_lock_follows_the_house_to_its_next_operator(firms: Firms) -> None:
    flat = firms.flat()
    short = firms.mandate(flat, days=30)
    assert _ask(firms, flat, mandate_no=short) == ()
    firms.world.let_pass(days=70)
    firms.run("verification.expire")
    other = tuple(replace(room, usable_area=room.usable_area - Decimal("0.70")) for room in plan_of_flat(flat))
    assert _ask(firms, flat, uscc=OPERATOR, plan=other) == ("V07",)
    assert _ask(firms, flat, uscc=OPERATOR) == ()
