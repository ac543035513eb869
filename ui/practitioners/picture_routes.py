"""Portraits and logos as pictures of the outer app: the right is checked and the look audited at the door."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.engine.door import Door
from services.engine.refusals import NotFound
from services.engine.registry import Query
from services.practitioners.brand_lists import see_logo
from services.practitioners.photos import see_portrait

PORTRAITS, LOGOS = "/portraits/", "/logos/"
#: Whatever the bytes turn out to be, they run nothing and load nothing.
_HEADERS = {
    "content-disposition": "inline",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


def pictures_router(door: Door) -> APIRouter:
    """Serve `GET /portraits/{id}` and `/logos/{id}` to users who may see them, never cached (the guard's no-store)."""
    router = APIRouter()
    router.add_api_route(PORTRAITS + "{name}", _picture(door, see_portrait, "image/jpeg"), methods=["GET"])
    router.add_api_route(LOGOS + "{name}", _picture(door, see_logo, "image/png"), methods=["GET"])
    return router


def _picture(door: Door, query: Query[UUID, bytes], media_type: str) -> Callable[..., Response]:
    def show(name: str, request: Request) -> Response:
        try:
            row_id = UUID(name)
        except ValueError as problem:
            raise NotFound("没有这张图片") from problem
        content = door.ask(query, request.state.caller, row_id)
        if not content:
            raise NotFound("没有这张图片")
        return Response(content, media_type=media_type, headers=_HEADERS)

    return show
