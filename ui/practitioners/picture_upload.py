"""Uploading a picture by a button of ours, with what is wrong with it beside it; a person's photo is kept at once."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.findings import Finding
from services.practitioners.orders import KeepPortrait
from services.practitioners.photos import keep_portrait
from ui.practitioners.parts import portrait
from ui.shell.call import call
from ui.shell.file_box import FileBox

#: More than the service takes, so that it can say what is wrong instead of the browser.
_LARGEST = 8_000_000


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
                    lambda: self.tell(f"只接受 JPG、PNG {what}，不超过 {most}"),
                    accept=".jpg,.jpeg,.png",
                    largest=_LARGEST,
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
        answer = await call(keep_portrait, KeepPortrait(content, name), quiet=True)
        if answer.gone:
            return
        if not answer.ok:
            self.upload.tell(answer.message)
            return
        kept = answer.value
        self.mark(kept.findings)
        if kept.portrait_id is not None:
            self.portrait_id = kept.portrait_id
            self._draw()
            self._taken()
