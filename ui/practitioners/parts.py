"""Parts of the pages of practitioners: portraits and logos with their routes, shown values, the standing of a line."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement
from starlette.responses import Response

from services.engine.door import Door
from services.engine.listings import Line
from services.engine.look_ups import known_id
from services.engine.refusals import NotFound
from services.engine.registry import Action, Query
from services.engine.steps import starts
from services.practitioners.brands import see_logo
from services.practitioners.photos import see_portrait
from ui.review.declaration import Standing
from ui.shell.fields import shown_field
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


def portrait(portrait_id: UUID | None, whose: str, *, large: bool = False) -> None:
    """A person's portrait, or that there is none."""
    size = " sf-portrait-large" if large else ""
    if portrait_id is None:
        TextElement(tag="div", text="无照片").classes(f"sf-portrait sf-portrait-none{size}")
        return
    picture = web.element("img").classes(f"sf-portrait{size}").props("decoding=async")
    picture.props["src"] = f"{PORTRAITS}{portrait_id}"
    picture.props["alt"] = f"{whose}的照片"


def logo(brand_id: UUID | None, whose: str) -> None:
    """A firm's logo, or that there is none."""
    if brand_id is None:
        TextElement(tag="div", text="无图标").classes("sf-logo sf-portrait-none")
        return
    picture = web.element("img").classes("sf-logo").props("decoding=async")
    picture.props["src"] = f"{LOGOS}{brand_id}"
    picture.props["alt"] = f"{whose}的图标"


def told(values: Mapping[str, Any], *, columns: int = 2) -> None:
    """Values with their labels; a dash where there is none."""
    with web.element("div").classes("sf-form").style(f"--columns: {columns}"):
        for label, value in values.items():
            shown_field(label, value)


def is_free(decision: Action[Any, Any]) -> Callable[[Line], bool]:
    """A test whether a line waits for a decision and no other reviewer has claimed it."""
    return lambda line: starts(decision, line) and not line.own and (not line.taken_by or line.mine)


def standing_of(line: Line, title: str, decision: Action[Any, Any], *, own: str = "", state: str = "") -> Standing:
    """The standing of a line for its reviewer; `own` says why the caller may not decide on what is his own."""
    return Standing(
        title=title,
        state=state or line.state.label,
        waits=starts(decision, line),
        holder=line.taken_by,
        mine=line.mine,
        since=line.taken_at,
        overdue=line.overdue,
        bar=own if line.own else "",
        version=line.version,
    )
