"""Reasons of a request as its requester reads them: what failed, never what is still unknown (rows 25, 26)."""

from models.tenancy import CheckRun
from models.verification import ListingVerification
from models.verification_codes import VerificationState
from services.engine.findings import Finding, Result, Severity
from services.engine.work import Work
from services.tenancy.check_record import items_of

_TOLD = frozenset({VerificationState.FAILED, VerificationState.REVIEWING, VerificationState.FAILED_FINAL})


def told_reasons(work: Work, row: ListingVerification) -> tuple[Finding, ...]:
    """Return every failed rule of a request that failed, in the order of the rules."""
    if row.state not in _TOLD or row.run_id is None:
        return ()
    run = work.only(CheckRun, CheckRun.id == row.run_id)
    return tuple(
        Finding(item.code, item.message, item.field, Severity.of(item.severity), forceable=item.forceable)
        for item in items_of(work, run)
        if item.result == Result.FAIL.value
    )
