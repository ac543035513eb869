"""Handbooks as PDF and their archives as packages, for who is signed in and sees the project."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.engine.door import Door
from services.engine.look_ups import known_id
from services.handbook.archives import open_archive
from services.handbook.paper import handbook_pdf
from ui.handbook.archives import PACKAGES
from ui.handbook.versions import PAPERS
from ui.shell.files import files_router, handed_out, pdf_of


def handbook_router(door: Door) -> APIRouter:
    """`GET /handbooks/{version}.pdf`, `GET /handbooks/archive/{archive}.zip`."""

    def package(name: str, request: Request) -> Response:
        return handed_out(open_archive(door, request.state.caller, known_id(name.removesuffix(".zip"))))

    return files_router({PACKAGES: package, PAPERS: pdf_of(door, handbook_pdf)})
