"""A lease and its filing, each by the other."""

from uuid import UUID

from sqlmodel import col, select

from models.tenancy import LeaseContract, LeaseFiling
from services.access.visibility import ENTERPRISE, STAFF
from services.engine.registry import query
from services.engine.work import Work


@query("filings.contract", "备案所属合同", roles=STAFF | ENTERPRISE)
def contract_of_filing(work: Work, filing_id: UUID) -> UUID:
    """The lease of a visible filing."""
    return work.get(LeaseContract, work.get(LeaseFiling, filing_id).contract_id).id


def newest_filing(work: Work, contract: LeaseContract) -> LeaseFiling | None:
    """The last filing of a lease, if it has one."""
    filings = select(LeaseFiling).where(LeaseFiling.contract_id == contract.id)
    return work.session.exec(filings.order_by(col(LeaseFiling.ticket).desc())).first()
