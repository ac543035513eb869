"""Opening the lease of a filing in a list, for users who may see both."""

from uuid import UUID

from models.tenancy import LeaseContract, LeaseFiling
from services.access.visibility import ENTERPRISE, STAFF
from services.engine.registry import query
from services.engine.work import Work


@query("filings.contract", "备案所属合同", roles=STAFF | ENTERPRISE)
def contract_of_filing(work: Work, filing_id: UUID) -> UUID:
    """The lease of a visible filing."""
    return work.get(LeaseContract, work.get(LeaseFiling, filing_id).contract_id).id
