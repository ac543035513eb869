"""The papers that came of an application: its receipts, filing notice, cancellation notice, and what else its office issued (rows 1, 2)."""

from collections.abc import Sequence
from uuid import UUID

from models.documents import IssuedDocument
from models.one_stop import StopCase
from services.access.visibility import STAFF
from services.engine.registry import query
from services.engine.work import Work
from services.tenancy.contract_views import papers_about


@query("one_stop.papers", "办件文书", roles=STAFF)
def case_papers(work: Work, case_id: UUID) -> Sequence[IssuedDocument]:
    """Return the papers about a visible application, its lease and its cancellation that the caller may see."""
    case = work.get(StopCase, case_id)
    about = (case.id, case.contract_id, case.gov_case_id, case.filing_id, case.cancel_id)
    return papers_about(work, *(one for one in about if one is not None))
