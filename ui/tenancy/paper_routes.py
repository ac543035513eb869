"""Previews and slips as files of the outer app; what they show is checked and audited at the door."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.documents.preview import paper_preview, slip_of_print
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.refusals import NotFound
from services.tenancy.contract_preview import contract_preview


def paper_extras_router(door: Door) -> APIRouter:
    """`GET /papers/preview/{paper}.pdf` with a watermark, `GET /papers/slip/{print}.pdf`, a contract before it is confirmed."""
    router = APIRouter()
    router.add_api_route("/papers/preview/{name}", _pdf(door, paper_preview), methods=["GET"])
    router.add_api_route("/papers/slip/{name}", _pdf(door, slip_of_print), methods=["GET"])
    router.add_api_route("/papers/contract/{name}", _pdf(door, contract_preview), methods=["GET"])
    return router


def _pdf(door: Door, draw: Callable[[Door, Caller, UUID], bytes]) -> Callable[..., Response]:
    def show(name: str, request: Request) -> Response:
        try:
            row_id = UUID(name.removesuffix(".pdf"))
        except ValueError as problem:
            raise NotFound("没有这份文书") from problem
        content = draw(door, request.state.caller, row_id)
        headers = {"content-disposition": f'inline; filename="{row_id}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    return show
