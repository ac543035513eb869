"""A company that is watched no more leaves no alert behind that nobody could answer (rows 52-54)."""

from typing import Any

import pytest
from sqlmodel import select

from models.alerts import AlertState
from models.companies import AdmissionState, ProjectCompany
from services.alerts.life import escalate_all
from services.companies.admission import let_go
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from tests.services.monitoring.conftest import Watching

pytestmark = [pytest.mark.row(53), pytest.mark.row(54)]


@pytest.mark.parametrize("end", ["exit", "void"])
def test_its_alerts_end_with_it(watching: Watching, firm: str, end: str) -> None:
    watching.registry(firm, legal_rep="贺知秋")
    watching.night(days=1)
    alert = watching.alert(firm, "SUB-07")
    assert alert.state is AlertState.OPEN
    company = watching.id(firm)
    if end == "void":
        order = Void(company, "重复登记，予以作废")
        caller = watching.market.caller("pdshen01")
        watching.world.door.perform(acts("project_company").void, caller, order)
    else:

        def leave(work: Any) -> None:
            row = work.session.exec(select(ProjectCompany).where(ProjectCompany.id == company)).one()
            let_go(work, row)

        watching.world.act(leave)
    ended = watching.alert(firm, "SUB-07")
    assert (ended.state, ended.open_key, ended.grade) == (AlertState.RESOLVED, None, alert.grade)
    watching.night(days=30)
    escalate_all(watching.world.door)
    assert watching.alert(firm, "SUB-07").grade is alert.grade


def test_what_was_left_of_a_company_that_is_out_ends_by_night(watching: Watching, firm: str) -> None:
    """Of one that left before its alerts ended with it, and of one that was judged at the moment it left."""
    watching.registry(firm, legal_rep="贺知秋")
    watching.night(days=1)
    gone = AdmissionState.EXITED
    watching.world.rewrite(ProjectCompany, ProjectCompany.id == watching.id(firm), admission_state=gone)
    watching.night()
    ended = watching.alert(firm, "SUB-07")
    assert (ended.state, ended.open_key) == (AlertState.RESOLVED, None)
