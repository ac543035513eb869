"""End and restoration of filings, with the ledger line in that transaction; a lease and its filing, each by the other (rows 8, 16)."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.codes import Toned
from models.dialect import locked
from models.direct_pay import FilingEnding
from models.direct_pay_codes import EndingKind
from models.tenancy import FilingPart, LeaseContract, LeaseFiling
from models.tenancy_codes import FILING, CancelReason, FilingState
from services.access.visibility import ENTERPRISE, STAFF
from services.engine.clock import SHANGHAI
from services.engine.events import Event
from services.engine.registry import query
from services.engine.steps import take_step
from services.engine.work import Work

#: A filing ended or counts again; its line of the ledger has no position yet.
ENDED: Event[FilingEnding] = Event("tenancy.ended")
#: The series its positions are drawn from.
SERIES = "filing_ending"


def end_filing(work: Work, filing: LeaseFiling, step: str, reason: CancelReason, ended_on: date) -> FilingEnding:
    """Take `step` (cancel, expire, replace, revoke), free the parts, and write the ledger.

    `ended_on` is the last day the filing counts.
    """
    _hold_filing(work, filing)
    take_step(work, filing, FILING, step, reason=reason.value)
    if step != "expire":
        filing.cancel_reason, filing.ended_on = reason.value, ended_on
    _hold(work, filing, False)
    recorded = day_after(ended_on) if reason is CancelReason.EXPIRED else work.now
    return _line(work, filing, EndingKind.of(reason.value), ended_on, recorded)


def restore_filing(work: Work, filing: LeaseFiling, reason: str) -> FilingEnding:
    """A filing cancelled by mistake counts again; the ledger keeps both lines."""
    _hold_filing(work, filing)
    take_step(work, filing, FILING, "restore", reason=reason)
    filing.cancel_reason, filing.ended_on = "", None
    _hold(work, filing, True)
    work.session.flush()
    return _line(work, filing, EndingKind.RESTORED, work.today, work.now)


def day_after(last: date) -> datetime:
    """Midnight in Shanghai after a last day: the moment a filing expires, whenever the job comes round."""
    return datetime.combine(last + timedelta(days=1), time(), SHANGHAI)


def _hold_filing(work: Work, filing: LeaseFiling) -> None:
    """Lock the filing, so that transactions that build on it have committed or wait for its end."""
    work.session.exec(locked(work.session, select(LeaseFiling.id).where(LeaseFiling.id == filing.id))).one()


def _hold(work: Work, filing: LeaseFiling, holds: bool) -> None:
    for part in work.rows(FilingPart, FilingPart.filing_id == work.whole(filing).id):
        part.holds = holds
        work.add(part)


def _line(work: Work, filing: LeaseFiling, kind: EndingKind, ended_on: date, recorded_at: datetime) -> FilingEnding:
    contract_no = work.only(LeaseContract.contract_no, LeaseContract.id == filing.contract_id)
    line = FilingEnding(
        district_code=filing.district_code,
        street_code=filing.street_code,
        filing_id=filing.id,
        filing_no=filing.filing_no,
        contract_no=contract_no or "",
        kind=kind,
        ended_on=ended_on,
        recorded_at=recorded_at,
    )
    work.add(line)
    # Drawn under a lock that lasts until commit: a reader who has seen a position has seen all before it.
    work.numbers.append((SERIES, lambda value: setattr(line, "position", value)))
    ENDED.happened(work, line)
    return line


@query("filings.contract", "备案所属合同", roles=STAFF | ENTERPRISE)
def contract_of_filing(work: Work, filing_id: UUID) -> UUID:
    """The lease of a visible filing."""
    return work.get(LeaseContract, work.get(LeaseFiling, filing_id).contract_id).id


def newest_filing(work: Work, contract: LeaseContract) -> LeaseFiling | None:
    """The last filing of a lease, if it has one."""
    return work.first(LeaseFiling, LeaseFiling.contract_id == contract.id, by=col(LeaseFiling.ticket).desc())


def filed_again(work: Work, filing: LeaseFiling) -> LeaseFiling | None:
    """The filing in force that was made in continuation of this one (row 24)."""
    following = select(LeaseFiling).where(
        LeaseFiling.previous_id == filing.id, col(LeaseFiling.state).in_((FilingState.ACTIVE, FilingState.FROZEN))
    )
    return work.session.exec(following).first()


def filing_state_text(filing: Any, today: date) -> str:
    """The state on a day: an active filing past its last day has expired, whether or not the job has run."""
    state: FilingState = filing.state
    if state is FilingState.ACTIVE and filing.valid_to < today:
        return FilingState.EXPIRED.label
    if state is FilingState.ACTIVE and filing.valid_from > today:
        return Toned("有效（未起租）", "good")
    return state.label
