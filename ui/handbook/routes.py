"""Handbooks as PDF and their archives as packages, for who is signed in and sees the project."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.look_ups import known_id
from services.engine.refusals import Rejected
from services.handbook.archives import open_archive
from services.handbook.paper import handbook_pdf
from ui.handbook.archives import PACKAGES
from ui.handbook.versions import PAPERS
from ui.shell.files import files_router, handed_out, pdf_of


def handbook_router(door: Door) -> APIRouter:
    """`GET /handbooks/{version}.pdf?chapters=1,2`, `GET /handbooks/archive/{archive}.zip`."""

    def package(name: str, request: Request) -> Response:
        return handed_out(open_archive(door, request.state.caller, known_id(name.removesuffix(".zip"))))

    def paper(name: str, request: Request) -> Response:
        chapters = _chapters(request.query_params.get("chapters", ""))

        def draw(door: Door, caller: Caller, handbook_id: UUID) -> bytes:
            return handbook_pdf(door, caller, handbook_id, chapters)

        return pdf_of(door, draw)(name, request)

    return files_router({PACKAGES: package, PAPERS: paper})


def _chapters(text: str) -> list[int]:
    """Return the chapters an address names, all of them if none."""
    parts = [one for one in text.split(",") if one]
    if any(not (one.isascii() and one.isdigit() and len(one) <= 2) for one in parts):
        raise Rejected("章节号不正确")
    return [int(one) for one in parts]
