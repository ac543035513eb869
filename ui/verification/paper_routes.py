"""Papers of verification that are drawn when they are opened: the card of a code, the preview of a template (row 25)."""

from fastapi import APIRouter

from services.engine.door import Door
from services.verification.notice_templates import template_preview
from services.verification.notices import code_card_pdf
from ui.shell.files import files_router, pdf_of

CARD, TEMPLATE = "/papers/code/", "/papers/template/"


def verification_papers_router(door: Door) -> APIRouter:
    """`GET /papers/code/{id}.pdf` and `GET /papers/template/{id}.pdf`."""
    return files_router({CARD: pdf_of(door, code_card_pdf), TEMPLATE: pdf_of(door, template_preview)})
