"""C01-C08: who may end a filing, when, and what he is told."""

from dataclasses import replace
from datetime import date

import pytest

from models.tenancy_codes import CancelMode, ContractState, FilingState
from services.engine.findings import Severity
from services.engine.thresholds import Thresholds
from tests.services.tenancy.rules.builders import CHEN, LI, SUN, TODAY, WANG, Case, cancel, check_case, of

REFUSE, CORRECT, INTERCEPT, WARN = Severity.REFUSE, Severity.CORRECT, Severity.INTERCEPT, Severity.WARN
ONE = cancel(mode=CancelMode.ONE, applicants=(LI,), commitment=True)
NOT_FILED = cancel(filing_state=None, filed_on=None, contract_state=ContractState.SIGNED)

CASES = (
    Case("C01", "both sides", cancel()),
    Case("C01", "a stranger", replace(ONE, applicants=(WANG,)), REFUSE, "applicants"),
    Case("C01", "a stranger beside a party", cancel(applicants=(CHEN, LI, WANG)), REFUSE, "applicants"),
    Case("C01", "a number only typed", replace(ONE, unseen=(ONE.applicants[0],)), REFUSE, "applicants"),
    Case("C01", "nobody", replace(ONE, applicants=()), REFUSE),
    Case("C01", "an agent of both", cancel(applicants=(SUN,), principals=(CHEN, LI))),
    Case("C01", "an agent whose mandate does not cover it", replace(ONE, applicants=(SUN,)), REFUSE),
    Case("C01", "a court's paper", cancel(mode=CancelMode.COURT, applicants=(WANG,), court_paper=True)),
    Case("C01", "a court's paper not shown", cancel(mode=CancelMode.COURT, applicants=(WANG,)), REFUSE, "court_paper"),
    Case("C01", "the system at the end of the term", cancel(mode=CancelMode.SYSTEM, applicants=())),
    Case("C02", "active", cancel()),
    *(
        Case("C02", state.value, cancel(filing_state=state), REFUSE, "filing")
        for state in (FilingState.EXPIRED, FilingState.CANCELLED, FilingState.REPLACED, FilingState.REVOKED)
    ),
    Case("C02", "signed but not filed", NOT_FILED),
    Case("C02", "void and never filed", replace(NOT_FILED, contract_state=ContractState.VOID), REFUSE, "filing"),
    Case("C03", "one side with a commitment", ONE),
    Case("C03", "one side without", replace(ONE, commitment=False), CORRECT, "commitment"),
    Case("C03", "both meant, one came", cancel(applicants=(LI,)), CORRECT, "commitment"),
    Case("C04", "direct rent runs", cancel(direct_rent=True), WARN, "filing"),
    Case("C04", "no direct rent", cancel()),
    Case("C05", "today", cancel()),
    Case("C05", "in thirty days", cancel(terminated_on=date(2026, 7, 30))),
    Case("C05", "in thirty-one", cancel(terminated_on=date(2026, 7, 31)), CORRECT, "terminated_on"),
    Case("C05", "on the first day", cancel(terminated_on=date(2026, 1, 1))),
    Case("C05", "before the term", cancel(terminated_on=date(2025, 12, 31)), CORRECT, "terminated_on"),
    Case("C05", "after the term", cancel(end=date(2026, 7, 5), terminated_on=date(2026, 7, 6)), CORRECT),
    Case("C05", "no date", cancel(terminated_on=None), CORRECT, "terminated_on"),
    Case("C06", "objection open", cancel(objection_open=True), INTERCEPT),
    Case("C06", "no objection", cancel()),
    Case("C07", "frozen", cancel(filing_state=FilingState.FROZEN), REFUSE, "filing"),
    Case("C07", "not frozen", cancel()),
    Case("C08", "filed long ago", cancel()),
    Case("C08", "filed two months ago", cancel(filed_on=date(2026, 4, 30))),
    Case("C08", "filed less than two months ago", cancel(filed_on=date(2026, 5, 1)), WARN, "filing"),
    Case("C08", "room of a project", cancel(filed_on=date(2026, 6, 1), central=True)),
    Case("C08", "filed and cancelled on one day", cancel(filed_on=TODAY), WARN),
)


@pytest.mark.row(8)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_cancellation_rules(case: Case) -> None:
    check_case(case)


def test_the_fund_is_to_be_told_of_a_running_mandate() -> None:
    assert [finding.evidence for finding in of("C04", cancel(direct_rent=True))] == [{"notify": "fund"}]


def test_who_cancels_is_told_when_the_part_is_free_again() -> None:
    assert "2026-08-01" in of("C08", cancel(filed_on=date(2026, 6, 1)))[0].found


def test_the_days_ahead_follow_the_parameter() -> None:
    given = cancel(terminated_on=date(2026, 7, 30), thresholds=Thresholds(TODAY, {"cancel.ahead_days": "10"}))
    assert "10日" in of("C05", given)[0].message
