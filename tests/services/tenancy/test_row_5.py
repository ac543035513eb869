"""Row 5: checks of scattered leases, their dated parameters, and what is seen of each check."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from models.tenancy_codes import CaseState, FilingState
from services.engine import rule_replays
from services.engine.findings import Outcome
from services.engine.orders import Decide
from services.engine.parameter_list import ParameterLine, one_parameter
from services.engine.parameters import ProposeParameter, confirm_parameter, propose_parameter
from services.engine.refusals import NotAllowed, Rejected
from services.engine.rule_replays import Simulate, Simulated, simulate
from services.tenancy.listings import case_runs, rule_hits
from tests.services.tenancy.counter import Counter, codes, party, somebody
from tests.world import World

pytestmark = pytest.mark.row(5)


def month_lease(counter: Counter) -> dict[str, Any]:
    """The shortest lease there is, from today."""
    today = counter.world.door.clock.today()
    return {"start": today.isoformat(), "end": (today + timedelta(days=30)).isoformat()}


def propose(world: World, key: str, value: str, day: date) -> UUID:
    order = ProposeParameter(key, value, day, "按新规定调整")
    return world.door.perform(propose_parameter, world.caller("shi01"), order)


def change(world: World, key: str, value: str, day: date) -> UUID:
    """A parameter from a day on: proposed by one, confirmed by another."""
    row_id = propose(world, key, value, day)
    world.door.perform(confirm_parameter, world.caller("shi02"), Decide(row_id, True))
    return row_id


def line(world: World, key: str) -> ParameterLine:
    return world.door.ask(one_parameter, world.caller("shi01"), key)


def test_the_interval_holds_for_a_room_after_the_whole_flat(counter: Counter) -> None:
    filed = counter.filed(**month_lease(counter))
    counter.world.stand_at(2027, 4, 25)
    counter.run("tenancy.expire")
    assert counter.filing(filed.filing_id).state is FilingState.EXPIRED
    decision = counter.file(counter.room(filed.flat, filed.flat.bedrooms[0], somebody()))
    assert (decision.outcome, codes(decision)) == (Outcome.INTERCEPT, {"F02"})
    assert counter.case(decision.case_id).state is CaseState.INTERCEPTED


def test_the_interval_holds_for_the_whole_flat_after_a_room(counter: Counter) -> None:
    flat = counter.free_flat()
    counter.file(counter.room(flat, flat.bedrooms[0], somebody(), **month_lease(counter)))
    counter.world.stand_at(2027, 4, 25)
    assert codes(counter.judge(counter.form(flat))) == {"F02"}


def test_two_rooms_of_one_flat_do_not_stand_in_each_others_way(counter: Counter) -> None:
    flat = counter.free_flat()
    for room in flat.bedrooms[:2]:
        assert counter.file(counter.room(flat, room, somebody())).outcome is Outcome.PASS


def test_the_interval_counts_from_the_last_filing_not_from_its_end(counter: Counter) -> None:
    filed = counter.filed(start="2027-03-20", end="2027-12-31")
    counter.cancel(filed, terminated_on=date(2027, 3, 20))
    counter.world.stand_at(2027, 4, 30)
    assert "F02" in codes(counter.judge(counter.form(filed.flat)))
    counter.world.stand_at(2027, 5, 1)
    assert counter.judge(counter.form(filed.flat)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("filed_on", "last_day_inside", "first_day_free"),
    [
        (date(2026, 12, 28), date(2027, 2, 27), date(2027, 2, 28)),
        (date(2026, 12, 31), date(2027, 2, 27), date(2027, 2, 28)),
        (date(2027, 12, 29), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2027, 12, 31), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2027, 6, 30), date(2027, 8, 29), date(2027, 8, 30)),
    ],
)
def test_two_months_end_on_the_same_day_or_the_months_last(
    counter: Counter, filed_on: date, last_day_inside: date, first_day_free: date
) -> None:
    counter.world.stand_at(filed_on.year, filed_on.month, filed_on.day)
    filed = counter.filed(**month_lease(counter))
    counter.world.stand_at(last_day_inside.year, last_day_inside.month, last_day_inside.day)
    assert codes(counter.judge(counter.form(filed.flat))) == {"F02"}
    counter.world.stand_at(first_day_free.year, first_day_free.month, first_day_free.day)
    assert counter.judge(counter.form(filed.flat)).outcome is Outcome.PASS


def test_the_flat_filed_forty_days_ago_and_cancelled_is_intercepted(counter: Counter) -> None:
    filed = counter.filed()
    counter.cancel(filed)
    counter.world.let_pass(days=40)
    assert codes(counter.judge(counter.form(filed.flat))) == {"F02"}


def test_police_alone_are_not_enough(counter: Counter) -> None:
    counter.world.fault("property_register", "error")
    decision = counter.file(counter.form(counter.free_flat()))
    assert decision.outcome is Outcome.PENDING
    assert counter.case(decision.case_id).state is CaseState.CHECKING


def test_the_register_alone_is_not_enough(counter: Counter) -> None:
    counter.world.fault("police", "mismatch")
    decision = counter.file(counter.form(counter.free_flat()))
    assert (decision.outcome, "P01" in codes(decision)) == (Outcome.REFUSE, True)


def test_a_case_in_flight_keeps_the_parameters_of_its_acceptance_day(counter: Counter) -> None:
    counter.world.stand_at(2027, 7, 1)
    three = [party(somebody()) for _ in range(3)]
    counter.world.fault("property_register", "error")
    waiting = counter.file(counter.form(counter.free_flat(bedrooms=2), lessees=three))
    change(counter.world, "occupancy.room_max_persons", "1", date(2027, 7, 2))
    counter.world.heal()
    counter.world.stand_at(2027, 7, 2)
    counter.run("tenancy.retry")
    assert counter.case(waiting.case_id).state is CaseState.DONE
    assert codes(counter.judge(counter.form(counter.free_flat(bedrooms=2), lessees=three))) == {"O03"}


def test_a_parameter_confirmed_at_noon_does_not_reach_the_cases_of_the_morning(counter: Counter) -> None:
    counter.world.stand_at(2027, 8, 2)
    change(counter.world, "occupancy.room_max_persons", "2", date(2027, 8, 2))
    three = [party(somebody()) for _ in range(3)]
    counter.world.fault("property_register", "error")
    waiting = counter.file(counter.form(counter.free_flat(bedrooms=2), lessees=three))
    counter.world.let_pass(hours=2)
    change(counter.world, "occupancy.room_max_persons", "1", date(2027, 8, 2))
    counter.world.heal()
    counter.world.let_pass(hours=1)
    counter.run("tenancy.retry")
    assert counter.case(waiting.case_id).state is CaseState.DONE
    assert "O03" in codes(counter.judge(counter.form(counter.free_flat(bedrooms=2), lessees=three)))


def test_a_parameter_takes_effect_on_its_day_and_its_history_is_kept(counter: Counter) -> None:
    first = change(counter.world, "filing.refile_days", "25", date(2027, 3, 10))
    second = change(counter.world, "filing.refile_days", "20", date(2027, 3, 20))
    values = []
    for day in (9, 10, 19, 20):
        counter.world.stand_at(2027, 3, day)
        values.append(line(counter.world, "filing.refile_days").value)
    assert values == ["30", "25", "25", "20"]
    assert [row.id for row in line(counter.world, "filing.refile_days").rows] == [second, first]


@pytest.mark.proves("H20")
def test_nothing_changes_before_somebody_else_has_agreed(counter: Counter) -> None:
    row_id = propose(counter.world, "archive.after_end_years", "5", date(2027, 3, 1))
    with pytest.raises(NotAllowed, match="提出人不能复核自己的修改"):
        counter.world.door.perform(confirm_parameter, counter.clerk("shi01"), Decide(row_id, True))
    assert line(counter.world, "archive.after_end_years").value == "2"
    counter.world.door.perform(confirm_parameter, counter.clerk("shiju01"), Decide(row_id, False))
    assert line(counter.world, "archive.after_end_years").value == "2"


@pytest.mark.parametrize("value", ["-1", "1.5", "很多", "NaN", "1e309", "10000000000", "", "1,000"])
def test_a_value_that_is_none_is_refused(counter: Counter, value: str) -> None:
    with pytest.raises(Rejected, match="的值不正确"):
        propose(counter.world, "filing.min_days", value, date(2027, 3, 1))


def test_a_parameter_does_not_reach_back(counter: Counter) -> None:
    with pytest.raises(Rejected, match="生效日期不能早于今天"):
        propose(counter.world, "filing.min_days", "20", date(2027, 2, 28))


def test_a_rule_is_switched_off_from_a_day_on(counter: Counter) -> None:
    dear: dict[str, Any] = {"deposit": "20000"}
    counter.world.stand_at(2027, 9, 1)
    flat = counter.free_flat()
    assert "T08" in codes(counter.judge(counter.form(flat, **dear)))
    change(counter.world, "rule.T08.on", "false", date(2027, 9, 2))
    counter.world.stand_at(2027, 9, 2)
    assert "T08" not in codes(counter.judge(counter.form(flat, **dear)))


def test_the_heart_of_a_filing_cannot_be_switched_off(counter: Counter) -> None:
    with pytest.raises(Rejected, match="没有这个参数"):
        propose(counter.world, "rule.F01.on", "false", date(2027, 3, 1))


def test_each_check_is_seen_with_its_source_and_time(counter: Counter) -> None:
    filed = counter.filed()
    run = counter.world.door.ask(case_runs, counter.clerk(), filed.decision.case_id)[0]
    assert run.run.outcome == "PASS"
    assert {(source["source"], source["state"]) for source in run.run.sources} >= {
        ("不动产登记", "HIT"),
        ("公安人口库", "HIT"),
    }
    named = next(item for item in run.items if item.code == "P01")
    assert (named.result, named.source != "") == ("PASS", True)


def test_evidence_is_told_by_its_digest(counter: Counter) -> None:
    counter.world.fault("police", "mismatch")
    decision = counter.file(counter.form(counter.free_flat()))
    run = counter.world.door.ask(case_runs, counter.clerk(), decision.case_id)[0]
    assert all(len(item.evidence_digest) == 64 for item in run.items if item.result == "FAIL")


def test_hits_are_counted_per_rule(counter: Counter) -> None:
    counter.world.stand_at(2027, 10, 1)
    before = {hits.code: hits for hits in counter.world.door.ask(rule_hits, counter.clerk("shi01"), 1)}
    counter.world.fault("police", "mismatch", times=2)
    counter.file(counter.form(counter.free_flat()))
    after = {hits.code: hits for hits in counter.world.door.ask(rule_hits, counter.clerk("shi01"), 1)}
    assert after["P01"].failed == before["P01"].failed + 1
    assert after["P01"].runs == before["P01"].runs + 1


def test_a_change_is_tried_on_past_cases_before_it_takes_effect(counter: Counter) -> None:
    counter.world.stand_at(2028, 1, 4)
    filed = counter.filed(**month_lease(counter))
    (hit,) = [
        one
        for part in parts(counter, Simulate("filing.min_days", "60", 1))
        for one in part.changes
        if one.number == filed.decision.case_no
    ]
    assert (hit.before, hit.after, hit.came, hit.went) == ("通过", "退件", ("T03",), ())
    assert (hit.module, hit.opens) == ("checks", {"id": str(filed.decision.case_id)})
    assert counter.filing(filed.filing_id).state is FilingState.ACTIVE


def test_an_unchanged_value_changes_no_past_case(counter: Counter) -> None:
    counter.world.stand_at(2028, 1, 5)
    counter.filed(**month_lease(counter))
    found = parts(counter, Simulate("filing.min_days", "30", 1))
    assert sum(part.cases for part in found) == found[0].total > 0
    assert [one for part in found for one in part.changes] == []


def test_a_trial_goes_on_part_by_part_and_without_a_change_by_the_rules_as_they_are(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.world.stand_at(2028, 1, 6)
    for _ in range(3):
        counter.filed()
    monkeypatch.setattr(rule_replays, "_PART", 1)
    found = parts(counter, Simulate(days=1))
    assert found[0].total == sum(part.cases for part in found) >= 3
    assert max(part.cases for part in found) == 1
    assert [one for part in found for one in part.changes] == []
    with pytest.raises(Rejected, match="试算位置"):
        counter.world.door.ask(simulate, counter.clerk("shi01"), Simulate(days=1, after="x"))


def test_a_rule_switched_off_is_tried_like_any_value(counter: Counter) -> None:
    counter.world.stand_at(2028, 1, 7)
    short = month_lease(counter) | {"end": (counter.world.door.clock.today() + timedelta(days=3)).isoformat()}
    flat = counter.free_flat()
    refused = counter.file(counter.form(flat, somebody(), **short))
    assert "T03" in codes(refused)
    found = parts(counter, Simulate("rule.T03.on", "false", 1))
    (hit,) = [one for part in found for one in part.changes if one.number == refused.case_no]
    assert "T03" in hit.went


def test_a_parameter_no_rule_of_leases_reads_judges_no_lease_again(counter: Counter) -> None:
    counter.world.stand_at(2028, 1, 8)
    counter.filed()
    assert sum(part.cases for part in parts(counter, Simulate("planning.land_area_warn", "5", 1))) == 0


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (Simulate("no.such", "1"), "没有这个参数"),
        (Simulate("filing.min_days", "很多"), "可填范围"),
        (Simulate("filing.min_days", "31", district="310115"), "全市统一"),
    ],
)
def test_a_trial_of_what_no_parameter_takes_is_refused(counter: Counter, order: Simulate, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        counter.world.door.ask(simulate, counter.clerk("shi01"), order)


def parts(counter: Counter, order: Simulate) -> list[Simulated]:
    """Every part of a trial."""
    found = [counter.world.door.ask(simulate, counter.clerk("shi01"), order)]
    while found[-1].next:
        found.append(counter.world.door.ask(simulate, counter.clerk("shi01"), replace(order, after=found[-1].next)))
    return found
