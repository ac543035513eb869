"""Lines for filings that had ended before the ledger began or were migrated as ended, so that nothing is missing (row 16)."""

from datetime import datetime, time

from sqlmodel import col, select

from models.access import Role
from models.direct_pay import FilingEnding
from models.direct_pay_codes import EndingKind
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState
from services.engine.clock import SHANGHAI
from services.engine.jobs import repeated
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.endings import SERIES, day_after

_ENDED = (FilingState.EXPIRED, FilingState.CANCELLED, FilingState.REPLACED, FilingState.REVOKED)
#: What a filing without a reason of its own ended by.
_BY_STATE = {
    FilingState.EXPIRED: EndingKind.EXPIRED,
    FilingState.REPLACED: EndingKind.REFILED,
    FilingState.REVOKED: EndingKind.FALSE,
}


@action("filings.fill_ledger", "补记备案终止台账", roles={Role.SYSTEM})
def fill_ledger(work: Work, limit: int) -> int:
    """Write the missing line of each ended filing; returns how many were missing."""
    has_line = select(FilingEnding.id).where(FilingEnding.filing_id == LeaseFiling.id)
    rows = work.free(
        select(LeaseFiling)
        .where(col(LeaseFiling.state).in_(_ENDED), ~has_line.exists())
        .order_by(col(LeaseFiling.valid_to), col(LeaseFiling.id))
        .limit(limit)
    ).all()
    numbers = dict(
        work.session.exec(
            select(LeaseContract.id, LeaseContract.contract_no).where(
                col(LeaseContract.id).in_([filing.contract_id for filing in rows])
            )
        ).all()
    )
    for filing in rows:
        _line(work, filing, numbers.get(filing.contract_id) or "")
    return len(rows)


def _line(work: Work, filing: LeaseFiling, contract_no: str) -> None:
    known = filing.cancel_reason in EndingKind.labels()
    kind = EndingKind.of(filing.cancel_reason) if known else _BY_STATE.get(filing.state, EndingKind.EARLY_BOTH)
    ended_on = filing.ended_on or min(filing.valid_to, work.today)
    recorded: datetime = datetime.combine(ended_on, time(12), SHANGHAI)
    line = FilingEnding(
        district_code=filing.district_code,
        street_code=filing.street_code,
        filing_id=filing.id,
        filing_no=filing.filing_no,
        contract_no=contract_no,
        kind=kind,
        ended_on=ended_on,
        recorded_at=day_after(ended_on) if kind is EndingKind.EXPIRED else recorded,
    )
    work.add(line)
    work.numbers.append((SERIES, lambda value: setattr(line, "position", value)))


fill_all = repeated("filings.fill_ledger", "补记备案终止台账", fill_ledger, 200, at="02:10")
