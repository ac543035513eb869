"""Row 7: every check by itself; on a pass the number in the same transaction, the licence behind it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from models.audit import AuditEvent
from models.dialect import Database
from models.documents import IssuedDocument
from models.engine import ExchangeLog, Outgoing, OutgoingState
from models.house import House
from models.tenancy import FilingPart, LeaseFiling
from models.tenancy_codes import CaseState, ContractState, FilingState, LicenceState
from services.engine.door import Door
from services.engine.findings import Outcome, Rule, Severity, judge
from services.engine.listings import ListRows
from services.engine.outbox import resend
from services.engine.refusals import Conflict, Unavailable
from services.engine.registry import Action
from services.engine.work import Work
from services.tenancy.filing import Decision, check_again, file_lease
from services.tenancy.listings import CASES, FILINGS, case_runs
from tests.services.engine.test_audit import no_room_for_events
from tests.services.tenancy.counter import Counter, Flat, codes, somebody
from tests.world import at_once, sealer

pytestmark = pytest.mark.row(7)

CLERKS = 20
LOGINS = ("huamu01", "huamu02", "longhua01", "pudong01", "xuhui01")


def holding(counter: Counter, flat: Flat) -> list[LeaseFiling]:
    """The active filings of a flat."""
    statement = (
        select(LeaseFiling)
        .join(House, col(House.id) == col(LeaseFiling.house_id))
        .where(House.house_code == flat.code, LeaseFiling.state == FilingState.ACTIVE)
    )
    return list(counter.world.read(lambda work: work.session.exec(statement).all()))


def message(counter: Counter, filing_id: UUID, operation: str = "issue") -> Outgoing:
    statement = select(Outgoing).where(Outgoing.object_id == filing_id, Outgoing.operation == operation)
    found: Outgoing = counter.world.read(lambda work: work.session.exec(statement).one())
    return found


def received(counter: Counter, licence_no: str) -> list[dict[str, Any]]:
    """What the licence library has of one licence."""
    answer = httpx.get(f"{counter.world.simulators.base_url('licence_library')}/sim/received").json()
    return [one for one in answer if one["licence_code"] == licence_no]


# Filing by itself


def test_a_sound_lease_passes_by_itself_with_every_rule_kept(counter: Counter) -> None:
    filed = counter.filed()
    run = counter.world.door.ask(case_runs, counter.clerk(), filed.decision.case_id)[0]
    assert (counter.case(filed.decision.case_id).state, run.run.outcome) == (CaseState.DONE, "PASS")
    assert {item.result for item in run.items} <= {"PASS", "WARN"}
    assert len(run.items) > 60


def test_a_new_filing_is_told_to_the_audit_with_its_case_and_its_contract(counter: Counter) -> None:
    filed = counter.filed()
    about = select(AuditEvent.act, AuditEvent.body).where(
        AuditEvent.event == "DATA.CREATE", AuditEvent.object_id == str(filed.decision.filing_id)
    )
    [(act, body)] = counter.world.read(lambda work: work.session.exec(about).all())
    assert act == "tenancy.file"
    assert str(filed.decision.case_id) in body
    assert str(filed.contract_id) in body


def test_a_failure_tells_every_reason_and_opens_a_returned_case(counter: Counter) -> None:
    counter.world.fault("police", "mismatch")
    decision = counter.file(counter.form(counter.free_flat(), start="2027-03-01", end="2027-03-10"))
    assert {"P01", "T03"} <= codes(decision)
    assert (decision.filing_no, counter.case(decision.case_id).state) == ("", CaseState.RETURNED)
    papers = counter.world.read(lambda work: work.rows(IssuedDocument, IssuedDocument.object_id == decision.case_id))
    assert {paper.number for paper in papers} == {decision.case_no, f"{decision.case_no}-G"}


def test_a_suspicion_is_kept_for_staff_and_not_told_to_who_files(counter: Counter) -> None:
    tenant = somebody()
    decisions = [counter.file(counter.form(counter.free_flat(), tenant)) for _ in range(4)]
    run = counter.world.door.ask(case_runs, counter.clerk(), decisions[-1].case_id)[0]
    assert "F18" in {item.code for item in run.items if item.result == "WARN"}
    assert [codes(one) & {"F18"} for one in decisions] == [set()] * 4


def test_the_same_lease_is_not_filed_twice(counter: Counter) -> None:
    filed = counter.filed()
    with pytest.raises(Conflict, match="该合同已经备案，请勿重复提交"):
        counter.submit(filed.contract_id)


def test_a_double_click_gets_the_same_number(counter: Counter) -> None:
    contract_id, request = counter.sign(counter.form(counter.free_flat(), somebody())), uuid4().hex
    clicks = at_once([lambda: counter.submit(contract_id, request_id=request)] * 2)
    assert clicks[0] == clicks[1]
    assert clicks[0].filing_no


def test_staff_see_cases_by_what_became_of_them(counter: Counter) -> None:
    before = counter.world.door.ask(CASES.query, counter.clerk(), ListRows()).counts
    counter.filed()
    counter.world.fault("property_register", "error")
    counter.file(counter.form(counter.free_flat(), somebody()))
    after = counter.world.door.ask(CASES.query, counter.clerk(), ListRows()).counts
    assert {state: after[state] - before.get(state, 0) for state in ("DONE", "CHECKING")} == {"DONE": 1, "CHECKING": 1}


# Sources that are slow or silent


@pytest.mark.parametrize(
    ("system", "handed_in"),
    [("property_register", ["不动产权证"]), ("police", ["不动产权证"]), ("licence_library", [])],
)
def test_a_source_that_fails_leaves_the_case_waiting(counter: Counter, system: str, handed_in: list[str]) -> None:
    counter.world.fault(system, "error")
    decision = counter.file(counter.form(counter.free_flat(), somebody(), materials=handed_in))
    assert decision.outcome is Outcome.PENDING
    assert decision.filing_no == ""


def test_a_silent_register_keeps_nobody_waiting_and_the_job_finishes_the_case(counter: Counter) -> None:
    counter.world.fault("property_register", "timeout")
    decision = counter.file(counter.form(counter.free_flat(), somebody()))
    assert decision.outcome is Outcome.PENDING
    counter.world.heal()
    counter.run("tenancy.retry")
    assert counter.case(decision.case_id).state is CaseState.CHECKING
    counter.world.let_pass(minutes=1, seconds=5)
    counter.run("tenancy.retry")
    case = counter.case(decision.case_id)
    assert (case.state, case.retries) == (CaseState.DONE, 1)
    assert counter.filing(case.filing_id or case.id).filing_no.startswith("BA")


def test_a_waiting_case_is_tried_after_one_five_and_thirty_minutes_then_hourly_for_a_day(counter: Counter) -> None:
    counter.world.fault("property_register", "error")
    decision = counter.file(counter.form(counter.free_flat(), somebody()))
    waits = []
    while (case := counter.case(decision.case_id)).retry_at is not None:
        now = counter.world.door.clock.now()
        waits.append(round((case.retry_at - now) / timedelta(minutes=1)))
        counter.world.let_pass(seconds=(case.retry_at - now).total_seconds() + 1)
        counter.run("tenancy.retry")
    assert waits[:5] == [1, 5, 30, 60, 60]
    assert 24 <= len(waits) <= 28
    assert case.state is CaseState.CHECKING


def test_a_case_that_waited_for_more_than_a_day_is_taken_up_by_hand(counter: Counter) -> None:
    counter.world.fault("property_register", "error")
    decision = counter.file(counter.form(counter.free_flat(), somebody()))
    counter.world.heal()
    counter.world.let_pass(days=2)
    again = counter.world.door.perform(check_again, counter.clerk(), decision.case_id)
    assert (again.outcome, again.case_no) == (Outcome.PASS, decision.case_no)


def test_a_rule_that_breaks_does_not_pass_the_case() -> None:
    def broken(facts: object) -> Any:
        raise KeyError("rooms")
        yield

    rule: Rule[object] = Rule("X01", "坏的", Severity.REFUSE, broken, "系统", "坏的")
    judgement = judge(object(), [rule])
    assert (judgement.outcome, judgement.items[0].result) == (Outcome.PENDING, "UNKNOWN")


# Races and crashes


def settled(counter: Counter, decision: Decision) -> Decision:
    """The decision once every outside system has answered: a busy machine may leave some of so many questions unanswered."""
    if decision.outcome is not Outcome.PENDING:
        return decision
    checked: Decision = counter.world.door.perform(check_again, counter.clerk(), decision.case_id)
    return checked


def test_twenty_clerks_file_the_same_flat_and_one_wins(counter: Counter) -> None:
    flat = counter.free_flat()
    leases = [counter.sign(counter.form(flat, somebody())) for _ in range(CLERKS)]
    calls = []
    for place, contract_id in enumerate(leases):
        clerk = counter.clerk("huamu01" if place % 2 else "huamu02")
        calls.append(lambda contract_id=contract_id, clerk=clerk: counter.submit(contract_id, clerk))
    results = at_once(calls)
    assert all(isinstance(result, Decision) for result in results), results
    results = [settled(counter, result) for result in results]
    assert sorted(str(result.outcome) for result in results) == ["PASS"] + ["REFUSE"] * (CLERKS - 1)
    assert all("F01" in codes(result) for result in results if result.outcome is Outcome.REFUSE)
    assert len(holding(counter, flat)) == 1


def test_processes_that_share_only_the_database_file_the_same_flat_once(counter: Counter) -> None:
    flat = counter.free_flat()
    leases = [counter.sign(counter.form(flat, somebody())) for _ in range(8)]
    real = counter.world.door
    doors = [Door(replace(real.house, database=Database(real.database.url, sealer()))) for _ in leases]
    clerk = counter.clerk()
    results = at_once(
        [
            lambda door=door, lease=lease: door.perform(file_lease, clerk, lease)  # type: ignore[misc]
            for door, lease in zip(doors, leases, strict=True)
        ]
    )
    for door in doors:
        door.database.dispose()
    outcomes = [str(settled(counter, result).outcome) for result in results]
    assert sorted(outcomes) == ["PASS"] + ["REFUSE"] * 7
    assert len(holding(counter, flat)) == 1


def test_rooms_of_one_flat_filed_at_once_all_pass_and_the_whole_flat_does_not_join_them(counter: Counter) -> None:
    flat = counter.free_flat()
    rooms = [counter.sign(counter.room(flat, room, somebody())) for room in flat.bedrooms[:2]]
    whole = counter.sign(counter.form(flat, somebody()))
    results = at_once([lambda lease=lease: counter.submit(lease) for lease in (*rooms, whole)])  # type: ignore[misc]
    outcomes = [result.outcome for result in results]
    assert outcomes in (
        [Outcome.PASS, Outcome.PASS, Outcome.REFUSE],
        [Outcome.REFUSE, Outcome.REFUSE, Outcome.PASS],
    )


def test_one_lease_pressed_by_two_clerks_is_filed_once(counter: Counter) -> None:
    contract_id = counter.sign(counter.form(counter.free_flat(), somebody()))
    results = at_once([lambda login=login: counter.submit(contract_id, counter.clerk(login)) for login in LOGINS[:2]])  # type: ignore[misc]
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Decision"]


@pytest.mark.parametrize(("held", "wanted"), [("*", "*"), ("*", "X9"), ("X9", "*"), ("X9", "X9")])
@pytest.mark.both_engines
def test_the_database_refuses_an_overlap_written_past_the_application(counter: Counter, held: str, wanted: str) -> None:
    part = counter.parts(counter.filed().filing_id)[0]
    counter.world.act(lambda work: _rename_part(work, part.id, held))
    flat = counter.free_flat()
    other = counter.file(counter.room(flat, flat.bedrooms[0], somebody())).filing_id or part.id
    with counter.world.door.database.write() as session, pytest.raises(IntegrityError, match="overlap"):
        _add_part(session, part, wanted, timedelta(days=30), other)
    with counter.world.door.database.write() as session:
        _add_part(session, part, wanted, part.valid_to - part.valid_from + timedelta(days=1), other)


def _rename_part(work: Work, part_id: UUID, part_key: str) -> None:
    row = work.session.exec(select(FilingPart).where(FilingPart.id == part_id)).one()
    row.part_key = part_key
    work.add(row)


def _add_part(session: Any, part: FilingPart, part_key: str, moved: timedelta, filing_id: UUID) -> None:
    session.add(
        FilingPart(
            filing_id=filing_id,
            house_id=part.house_id,
            part_key=part_key,
            valid_from=part.valid_from + moved,
            valid_to=part.valid_to + moved,
        )
    )
    session.flush()


def test_a_crash_between_number_and_commit_leaves_neither_and_loses_none(counter: Counter) -> None:
    counter.world.stand_at(2027, 5, 6)
    contract_id = counter.sign(counter.form(counter.free_flat(), somebody()))
    seen: list[str] = []

    def file_and_crash(work: Work, contract_id: UUID, outside: Any) -> Decision:
        answer = file_lease(work, contract_id, outside)

        def crash() -> None:
            seen.extend(row.filing_no for row in work.session.identity_map.values() if isinstance(row, LeaseFiling))
            raise ZeroDivisionError

        work.finishing.insert(0, crash)
        return answer

    crashing: Action[UUID, Decision] = Action(
        "tenancy.file", "提交备案", file_lease.roles, file_and_crash, file_lease.gather
    )
    with pytest.raises(ZeroDivisionError):
        counter.world.door.perform(crashing, counter.clerk(), contract_id, request_id=str(contract_id))
    assert counter.contract(contract_id).state is ContractState.SIGNED
    decision = counter.submit(contract_id, request_id=str(contract_id))
    assert seen == [decision.filing_no]


# The licence behind the filing


def test_the_licence_is_made_after_the_filing_and_taken_once(counter: Counter) -> None:
    filed = counter.filed()
    assert counter.filing(filed.filing_id).licence_state is LicenceState.PENDING
    counter.draw_papers(filed.filing_id)
    counter.run("outbox.send")
    assert counter.filing(filed.filing_id).licence_state is LicenceState.ISSUED
    assert [one["times"] for one in received(counter, filed.decision.filing_no)] == [1]


def test_a_licence_that_fails_for_good_leaves_the_filing_active(counter: Counter) -> None:
    filed = counter.filed()
    counter.draw_papers(filed.filing_id)
    counter.world.fault("licence_library", "error", match=filed.decision.filing_no)
    for minutes in (0, 1, 5, 30):
        assert counter.filing(filed.filing_id).licence_state is LicenceState.PENDING
        counter.world.let_pass(minutes=minutes, seconds=1)
        counter.run("outbox.send")
    filing = counter.filing(filed.filing_id)
    assert (filing.state, filing.licence_state) == (FilingState.ACTIVE, LicenceState.FAILED)
    assert message(counter, filing.id).state is OutgoingState.DEAD
    tried = select(ExchangeLog.attempt).where(ExchangeLog.request_id == message(counter, filing.id).request_id)
    assert sorted(counter.world.read(lambda work: work.session.exec(tried).all())) == [1, 2, 3, 4]


def test_a_dead_licence_is_sent_again_by_the_city_with_one_effect(counter: Counter) -> None:
    filed = counter.filed()
    counter.draw_papers(filed.filing_id)
    counter.world.fault("licence_library", "half", match=filed.decision.filing_no)
    for minutes in (0, 1, 5, 30):
        counter.world.let_pass(minutes=minutes, seconds=1)
        counter.run("outbox.send")
    assert counter.filing(filed.filing_id).licence_state is LicenceState.FAILED
    counter.world.heal()
    counter.world.door.perform(resend, counter.clerk("shi01"), message(counter, filed.filing_id).id)
    counter.run("outbox.send")
    assert counter.filing(filed.filing_id).licence_state is LicenceState.ISSUED
    assert len(received(counter, filed.decision.filing_no)) == 1


def test_staff_find_the_filing_whose_licence_failed(counter: Counter) -> None:
    filed = counter.filed()
    page = counter.world.door.ask(FILINGS.query, counter.clerk(), ListRows({"number": filed.decision.filing_no}))
    assert [line.filing_no for line in page.lines] == [filed.decision.filing_no]


def test_a_locked_out_audit_leaves_no_filing(counter: Counter) -> None:
    contract_id = counter.sign(counter.form(counter.free_flat(), somebody()))
    with no_room_for_events(counter.world), pytest.raises(Unavailable):
        counter.submit(contract_id)
    assert counter.contract(contract_id).state is ContractState.SIGNED
    assert counter.submit(contract_id).outcome is Outcome.PASS


# A lease that changes


def test_a_changed_lease_takes_the_place_of_the_filing_it_names(counter: Counter) -> None:
    before = counter.filed()
    changed = counter.form(before.flat, before.tenant, rent="7000", previous_filing_no=before.decision.filing_no)
    after = counter.file(changed)
    assert after.filing_id is not None, codes(after)
    old, new = counter.filing(before.filing_id), counter.filing(after.filing_id)
    assert (old.state, new.state, new.previous_id) == (FilingState.REPLACED, FilingState.ACTIVE, old.id)
    assert counter.contract(before.contract_id).state is ContractState.SUPERSEDED
    assert [part.holds for part in counter.parts(old.id)] == [False]
    assert message(counter, old.id, "revoke").state is OutgoingState.WAITING
    assert [one.filing_no for one in holding(counter, before.flat)] == [new.filing_no]


def test_a_change_from_a_later_day_leaves_the_filing_in_force_until_the_day_before(counter: Counter) -> None:
    before = counter.filed()
    today = counter.world.door.clock.today()
    first = today + timedelta(days=20)
    changed = counter.form(
        before.flat, before.tenant, start=first.isoformat(), previous_filing_no=before.decision.filing_no
    )
    after = counter.file(changed)
    assert after.filing_id is not None, codes(after)
    old = counter.filing(before.filing_id)
    assert (old.state, old.valid_to) == (FilingState.ACTIVE, first - timedelta(days=1))
    assert counter.contract(before.contract_id).state is ContractState.EFFECTIVE
    assert [part.valid_to for part in counter.parts(old.id)] == [old.valid_to]
    counter.world.let_pass(days=21)
    counter.run("tenancy.expire")
    assert counter.filing(before.filing_id).state is FilingState.REPLACED
    assert counter.contract(before.contract_id).state is ContractState.SUPERSEDED
    assert message(counter, old.id, "revoke").state is OutgoingState.WAITING
