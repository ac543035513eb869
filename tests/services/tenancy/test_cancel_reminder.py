"""The job that reminds of ended notices ends itself where no office can be told (row 8)."""

from uuid import UUID

import pytest

from models.cancellation import CancelApply
from models.tenancy import LeaseContract
from models.tenancy_codes import CancelState
from services.engine.callers import SYSTEM
from services.engine.work import Work
from services.tenancy.jobs import remind_of_ended_notices
from tests.services.tenancy.cancellings import apply_of
from tests.services.tenancy.counter import Counter


@pytest.mark.row(8)
def test_a_case_that_no_office_can_be_told_of_does_not_keep_the_job_running(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = counter.cancel_alone(counter.filed(counter.free_flat("310115")))
    counter.world.act(lambda work: _without_office(work, decision.apply_id))
    monkeypatch.setattr("services.tenancy.jobs.district_centre", lambda work, district: None)
    counter.world.stand_at(2027, 3, 9)
    counter.run("cancel.remind")
    assert counter.world.door.perform(remind_of_ended_notices, SYSTEM, 100) == 0
    assert apply_of(counter, decision.apply_id).state is CancelState.NOTICE


def _without_office(work: Work, apply_id: UUID) -> None:
    apply = work.session.get_one(CancelApply, apply_id)
    contract = work.session.get_one(LeaseContract, apply.contract_id)
    apply.unit_id = contract.unit_id = None
    work.add(apply)
    work.add(contract)
