"""Filing notices printed again for many filings at once, joined to one document (issue 19)."""

from dataclasses import dataclass
from uuid import UUID

from models.documents import IssuedDocument, PaperKind, PaperState
from models.tenancy import LeaseFiling
from services.access.visibility import STAFF
from services.documents.paper_sets import print_in_set
from services.documents.print_log import Printed, PrintPaper, Requester
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.work import Work


@dataclass(frozen=True)
class SetHandout:
    """A set of copies that is handed out to one receiver for one purpose."""

    set_id: UUID
    requester: Requester
    purpose: str


@dataclass(frozen=True)
class ReprintNotice:
    filing_id: UUID
    handout: SetHandout


@action("filings.reprint", "补打备案通知书", roles=STAFF, event="")
def reprint_notice(work: Work, order: ReprintNotice) -> Printed:
    """Count one print of the notice of a filing as part of a set."""
    filing = work.get(LeaseFiling, order.filing_id)
    paper = work.first(
        work.visible(IssuedDocument),
        IssuedDocument.filing_id == filing.id,
        IssuedDocument.kind == PaperKind.FILING_NOTICE,
        IssuedDocument.state == PaperState.VALID,
    )
    if paper is None:
        raise Conflict("该备案没有有效的通知书")
    handout = order.handout
    return print_in_set(
        work, PrintPaper(paper.id, purpose=handout.purpose, requester=handout.requester), handout.set_id
    )
