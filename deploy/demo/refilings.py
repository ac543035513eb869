"""Filings of centralized rooms in the demo that run out while their leases go on (row 24)."""

from datetime import timedelta

from sqlmodel import col, select

from models.access import Role
from models.rooms import CentralRoom
from models.tenancy import FilingPart, LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState
from services.engine.registry import action
from services.engine.work import Work

#: The days left to each of them; less than nothing for those that are over.
_LEFT = (9, 17, 25, 28, -2, -15)
_WAS_FILED = timedelta(days=1_000)


@action("demo.refilings", "装载将到期备案", roles={Role.SYSTEM}, event="DATA.UPDATE")
def load_refilings(work: Work, order: None) -> int:
    """Shorten the validity of some filings of rooms, once, as if they had been made long ago."""
    shortened = select(LeaseFiling.id).where(LeaseFiling.filed_on < work.today - _WAS_FILED / 2)
    rooms = select(CentralRoom.house_id).where(col(CentralRoom.house_id).is_not(None))
    if work.session.exec(shortened.where(col(LeaseFiling.house_id).in_(rooms)).limit(1)).first() is not None:
        return 0
    running = (
        select(LeaseFiling)
        .join(LeaseContract, col(LeaseContract.id) == LeaseFiling.contract_id)
        .where(
            LeaseFiling.state == FilingState.ACTIVE,
            col(LeaseFiling.house_id).in_(rooms),
            LeaseContract.end > work.today + timedelta(days=60),
        )
        .order_by(LeaseFiling.filing_no)
        .limit(len(_LEFT))
    )
    filings = work.session.exec(running).all()
    for filing, left in zip(filings, _LEFT, strict=False):
        first, last = work.today - _WAS_FILED, work.today + timedelta(days=left)
        filing.valid_from, filing.valid_to, filing.filed_on = first, last, first
        work.add(filing)
        for part in work.rows(FilingPart, FilingPart.filing_id == filing.id):
            part.valid_from, part.valid_to = first, last
            work.add(part)
    return len(filings)
