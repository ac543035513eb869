"""Materials as files: downloads with a safe name, shown in a page only when they are clean pictures (H42, H44)."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.documents.attachments import open_attachment
from services.engine.door import Door
from services.engine.refusals import NotFound
from services.files.names import content_disposition

ATTACHMENTS = "/attachments/"
#: Whatever the bytes turn out to be, they run nothing, load nothing and belong to no origin.
_NOTHING_RUNS = "default-src 'none'; sandbox"


def attachments_router(door: Door) -> APIRouter:
    """`GET /attachments/{id}`; the right is checked and the look audited at the door."""
    router = APIRouter()

    def hand_out(name: str, request: Request) -> Response:
        try:
            attachment_id = UUID(name)
        except ValueError as problem:
            raise NotFound("没有这份材料") from problem
        opened = door.ask(open_attachment, request.state.caller, attachment_id)
        headers = {
            "content-disposition": content_disposition(opened.file_name, inline=opened.showable),
            "content-security-policy": _NOTHING_RUNS,
            "x-content-type-options": "nosniff",
        }
        return Response(opened.content, media_type=opened.media_type, headers=headers)

    router.add_api_route(ATTACHMENTS + "{name}", hand_out, methods=["GET"])
    return router
