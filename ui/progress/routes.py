"""Thumbnails of photos for who is signed in and sees their report (row 74)."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.engine.door import Door
from services.engine.look_ups import known_id
from services.progress.photos import thumbnail
from ui.record_routes import THUMBNAILS


def photos_router(door: Door) -> APIRouter:
    """`GET /photos/{attachment}`; the right is checked at the door."""
    router = APIRouter()

    def show(name: str, request: Request) -> Response:
        content = door.ask(thumbnail, request.state.caller, known_id(name))
        return Response(content, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})

    router.add_api_route(THUMBNAILS + "{name}", show, methods=["GET"])
    return router
