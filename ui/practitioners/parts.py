"""Parts of the pages of practitioners: portraits and logos, their routes and upload, shown values, standings."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement
from starlette.responses import Response

from services.engine.door import Door
from services.engine.findings import Finding
from services.engine.listings import Line
from services.engine.look_ups import known_id
from services.engine.refusals import NotFound
from services.engine.registry import Action, Query
from services.engine.steps import starts
from services.practitioners.brands import see_logo
from services.practitioners.photos import keep_portrait, see_portrait
from ui.review.declaration import Standing
from ui.shell.call import call
from ui.shell.fields import shown_field
from ui.shell.file_box import Accepted, FileBox
from ui.shell.files import NOTHING_RUNS, files_router
from ui.shell.parts import head
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown

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


def rows_under(title: str, columns: Sequence[Column], lines: Sequence[Any], *, label: str = "", **more: Any) -> None:
    """Draw lines as a table under their head; nothing where there are none."""
    if lines:
        head(title)
        Rows(columns, lines, label=label or title, wraps=True, **more)


def is_free(decision: Action[Any, Any]) -> Callable[[Line], bool]:
    """A test whether a line waits for a decision and no other reviewer has claimed it."""
    return lambda line: starts(decision, line) and not line.own and (not line.taken_by or line.mine)


def standing_by(
    decision: Action[Any, Any],
    title: Callable[[Any], str],
    *,
    own: str,
    state: str = "state",
    line_of: Callable[[Any], Line] = lambda record: record,
) -> Callable[[Any], Standing]:
    """The standing of a record for its reviewer; `own` says why the caller may not decide on what is his own."""

    def standing(record: Any) -> Standing:
        line = line_of(record)
        return Standing(
            title=title(record),
            state=shown(getattr(line, state)),
            waits=starts(decision, line),
            holder=line.taken_by,
            mine=line.mine,
            since=line.taken_at,
            overdue=line.overdue,
            bar=own if line.own else "",
            version=line.version,
        )

    return standing


class PictureUpload:
    """A box with the picture on the left, and the button to choose another; `taken` gets its bytes and its name.

    `mark` begins the marks of its parts: `photo` makes `photo-upload`, `choose-photo` and `photo-words`.
    """

    def __init__(
        self, what: str, taken: Callable[[bytes, str], Awaitable[None]], *, mark: str, most: str, help: str = ""
    ) -> None:
        with web.element("div").classes("sf-photo-field"):
            self.picture = web.element("div")
            with web.element("div"):
                box = FileBox(
                    f"上传{what}",
                    lambda name, content: taken(content, name),
                    # More than the service takes, so that it can say what is wrong instead of the browser.
                    Accepted(what, ".jpg,.jpeg,.png", 8),
                    say=lambda _, __: self.tell(f"只接受 JPG、PNG {what}，不超过 {most}"),
                )
                box.upload.mark(f"{mark}-upload")
                box.button(f"选择{what}", "add_a_photo").mark(f"choose-{mark}")
                self.help = TextElement(tag="small", text=help).classes("sf-help")
                self._words = TextElement(tag="p", text="").classes("sf-wrong").props("role=alert")
                self._words.mark(f"{mark}-words")

    def tell(self, words: str) -> None:
        """Show what is wrong with the picture; no words clear it."""
        self._words.text = words


class PhotoField:
    """`portrait_id` is the picture kept; `taken` is called when it is another one."""

    def __init__(self, portrait_id: UUID | None, taken: Callable[[], object]) -> None:
        self.portrait_id, self._first, self._taken = portrait_id, portrait_id, taken
        self.upload = PictureUpload(
            "照片",
            self._take,
            mark="photo",
            most="500 KB",
            help="近期一寸免冠证件照，竖幅，JPG 或 PNG，不超过 500 KB",
        )
        self._draw()

    @property
    def changed(self) -> bool:
        return self.portrait_id != self._first

    def keep(self) -> None:
        """Return what is shown now is saved."""
        self._first = self.portrait_id

    def mark(self, findings: Sequence[Finding]) -> list[Finding]:
        """Show what was found about the photo; gives what is about something else."""
        own = [finding for finding in findings if finding.field == "portrait"]
        self.upload.tell("；".join(finding.message for finding in own))
        return [finding for finding in findings if finding.field != "portrait"]

    def _draw(self) -> None:
        self.upload.picture.clear()
        with self.upload.picture:
            portrait(self.portrait_id, "本人", large=True)

    async def _take(self, content: bytes, name: str) -> None:
        answer = await call(keep_portrait, content, quiet=True)
        if not answer.ok:
            self.upload.tell(answer.message)
            return
        kept = answer.value
        self.mark(kept.findings)
        if kept.portrait_id is not None:
            self.portrait_id = kept.portrait_id
            self._draw()
            self._taken()
