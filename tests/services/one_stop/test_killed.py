"""A worker that decides merged applications is killed again and again: every member gets one number, exactly once."""

from collections import Counter as Count

import pytest
from sqlmodel import col

from models.engine import Outgoing
from models.one_stop import StopCase
from models.tenancy import GovCase, LeaseFiling
from models.tenancy_codes import CaseState
from tests.services.one_stop.portal import Portal
from tests.services.tenancy.test_killed import begun

pytestmark = pytest.mark.row(1)


def decide_under_kills(portal: Portal, kills: int, groups: int) -> None:
    """Kill the deciding process at one of its cases after another, then let one finish, and look at what is there."""
    waiting: list[list[str]] = []
    for _ in range(groups):
        flat, tenants = portal.counter.free_flat(), portal.tenants()
        form = portal.lease(flat, tenants)
        waiting.append([portal.apply(form, one) for one in tenants])
    numbers = [number for group in waiting for number in group]
    for kill in range(kills + 1):
        due = [
            one.id
            for one in portal.world.read(lambda work: work.rows(StopCase, col(StopCase.case_no).in_(numbers)))
            if one.state.value in ("ACCEPTED", "GROUPED", "CHECKING")
        ]
        if due:
            last = kill == kills
            begun(portal.counter, due, 0 if last else kill + 1, child_module="tests.services.one_stop.decide_child")
    assert portal.states(*numbers) == ["DONE"] * len(numbers)
    filings = portal.world.read(lambda work: {one.id: one for one in work.rows(LeaseFiling)})
    for group in waiting:
        (filing_id,) = {portal.case(number).filing_id for number in group}
        assert filings[filing_id].filing_no
    cases = portal.world.read(lambda work: work.rows(GovCase, col(GovCase.case_no).in_(numbers)))
    assert {one.state for one in cases} == {CaseState.DONE}
    # Every member is told its number once, whatever the worker died of.
    done = portal.world.read(lambda work: work.rows(Outgoing, col(Outgoing.business_key).like("%:DONE")))
    told = Count(one.business_key.split(":")[0] for one in done)
    assert {told[number] for number in numbers} == {1}
    contracts = Count(filings[portal.case(number).filing_id].contract_id for number in numbers)
    assert set(contracts.values()) == {2}


def test_a_killed_worker_leaves_no_half_group(portal: Portal) -> None:
    decide_under_kills(portal, 2, 4)


@pytest.mark.soak
@pytest.mark.both_engines
def test_twenty_kills_leave_no_half_group(portal: Portal) -> None:
    decide_under_kills(portal, 20, 24)
