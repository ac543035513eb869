"""Thumbnails of photos and monthly summaries for who is signed in and sees their projects (rows 74, 75)."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.engine.door import Door
from services.engine.look_ups import known_id
from services.progress.monthly import summary_pdf
from services.progress.photos import thumbnail
from ui.record_routes import THUMBNAILS

SUMMARIES = "/progress/summary/"


def progress_router(door: Door) -> APIRouter:
    """`GET /photos/{attachment}` and `/progress/summary/{month}.pdf`; the right is checked at the door."""
    router = APIRouter()

    def photo(name: str, request: Request) -> Response:
        content = door.ask(thumbnail, request.state.caller, known_id(name))
        return Response(content, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})

    def summary(name: str, request: Request) -> Response:
        month = name.removesuffix(".pdf")
        content = summary_pdf(door, request.state.caller, month)
        headers = {"content-disposition": f'inline; filename="{month}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    router.add_api_route(THUMBNAILS + "{name}", photo, methods=["GET"])
    router.add_api_route(SUMMARIES + "{name}", summary, methods=["GET"])
    return router
