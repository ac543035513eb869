"""The paper a claim was made with, for who is signed in and sees the link."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.engine.door import Door
from services.engine.refusals import NotFound
from services.files.names import content_disposition
from services.parcels.proofs import open_proof

PROOFS = "/parcels/proof/"
#: Whatever the bytes turn out to be, they run nothing, load nothing and belong to no origin.
_NOTHING_RUNS = "default-src 'none'; sandbox"


def parcels_router(door: Door) -> APIRouter:
    """`GET /parcels/proof/{link}`; the right is checked and the look audited at the door."""
    router = APIRouter()

    def proof(name: str, request: Request) -> Response:
        try:
            link_id = UUID(name)
        except ValueError as problem:
            raise NotFound from problem
        opened = door.ask(open_proof, request.state.caller, link_id)
        headers = {
            "content-disposition": content_disposition(opened.file_name, inline=opened.showable),
            "content-security-policy": _NOTHING_RUNS,
            "x-content-type-options": "nosniff",
        }
        return Response(opened.content, media_type=opened.media_type, headers=headers)

    router.add_api_route(PROOFS + "{name}", proof, methods=["GET"])
    return router
