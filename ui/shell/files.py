"""Papers as files: shown inline in our own pages, bytes from a function that checks the right itself."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.engine.door import Door
from services.engine.refusals import NotFound


def papers_router(door: Door, paper: Callable[..., Any]) -> APIRouter:
    """`GET /papers/{id}.pdf`; `paper(door, caller, id)` gives bytes or refuses."""
    router = APIRouter()

    def show(name: str, request: Request) -> Response:
        try:
            paper_id = UUID(name.removesuffix(".pdf"))
        except ValueError as problem:
            raise NotFound("没有这份文书") from problem
        content: bytes = paper(door, request.state.caller, paper_id)
        headers = {"content-disposition": f'inline; filename="{paper_id}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    router.add_api_route("/papers/{name}", show, methods=["GET"])
    return router
