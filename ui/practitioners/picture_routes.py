"""Portraits and logos as pictures of the outer app: the right is checked and the look audited at the door."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.engine.door import Door
from services.engine.look_ups import known_id
from services.engine.refusals import NotFound
from services.engine.registry import Query
from services.practitioners.brand_lists import see_logo
from services.practitioners.photos import see_portrait
from ui.shell.files import NOTHING_RUNS, files_router

PORTRAITS, LOGOS = "/portraits/", "/logos/"
_HEADERS = {
    "content-disposition": "inline",
    "content-security-policy": NOTHING_RUNS,
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


def pictures_router(door: Door) -> APIRouter:
    """Serve `GET /portraits/{id}` and `/logos/{id}` to users who may see them, never cached (the guard's no-store)."""
    return files_router(
        {PORTRAITS: _picture(door, see_portrait, "image/jpeg"), LOGOS: _picture(door, see_logo, "image/png")}
    )


def _picture(door: Door, query: Query[UUID, bytes], media_type: str) -> Callable[..., Response]:
    def show(name: str, request: Request) -> Response:
        content = door.ask(query, request.state.caller, known_id(name))
        if not content:
            raise NotFound("没有这张图片")
        return Response(content, media_type=media_type, headers=_HEADERS)

    return show
