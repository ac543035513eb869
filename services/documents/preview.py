"""预览: what an issued paper looks like, watermarked with who looks and when, without code and seal (row 9)."""

from uuid import UUID

from models.documents import IssuedDocument
from models.privacy import Shown
from models.sealed import Sealed
from printing.reprint_slip import render
from services.access.visibility import ENTERPRISE, STAFF
from services.documents.forms import freeze, preview, thaw
from services.documents.print_log import reprint_slip
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.registry import query
from services.engine.work import Work
from services.privacy.accesses import note_access, numbers_of_contracts
from services.privacy.papers import contracts_of, masked_page


@query("papers.preview", "预览文书", roles=STAFF | ENTERPRISE, personal=True)
def frozen_page(work: Work, paper_id: UUID) -> Sealed:
    """The page data of one visible paper, masked but for whose number was read here today."""
    paper = work.get(IssuedDocument, paper_id)
    contracts = contracts_of(work, paper)
    note_access(work, numbers_of_contracts(work, contracts), "papers.preview", Shown.MASKED, about=paper)
    _, page = thaw(paper.page)
    return freeze(masked_page(work, contracts, page))


def paper_preview(door: Door, caller: Caller, paper_id: UUID) -> bytes:
    """The watermarked preview as PDF, drawn with no transaction open."""
    _, page = thaw(door.ask(frozen_page, caller, paper_id))
    return preview(page, clerk=f"{caller.unit_name} {caller.name}".strip(), at=door.clock.now())


def slip_of_print(door: Door, caller: Caller, log_id: UUID) -> bytes:
    """The slip of one 补打 as PDF."""
    return render(door.ask(reprint_slip, caller, log_id))
