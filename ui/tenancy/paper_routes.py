"""Previews and slips as files of the outer app; what they show is checked and audited at the door."""

from fastapi import APIRouter

from services.documents.paper_sets import set_pdf
from services.documents.preview import paper_preview, slip_of_print
from services.documents.rehearsal import rehearsed_papers
from services.engine.door import Door
from services.tenancy.contract_page import contract_preview
from ui.shell.files import files_router, pdf_of


def paper_extras_router(door: Door) -> APIRouter:
    """`GET /papers/preview/{paper}.pdf` with a watermark, `GET /papers/slip/{print}.pdf`, a set, a contract before it is confirmed."""
    return files_router(
        {
            "/papers/preview/": pdf_of(door, paper_preview),
            "/papers/rehearsed/": pdf_of(door, rehearsed_papers),
            "/papers/slip/": pdf_of(door, slip_of_print),
            "/papers/set/": pdf_of(door, set_pdf),
            "/papers/contract/": pdf_of(door, contract_preview),
        }
    )
