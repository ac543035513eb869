"""Uploading a picture by a button of ours, with what is wrong with it beside it."""

from collections.abc import Awaitable, Callable

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.shell.buttons import plain_button
from ui.tenancy.file_choice import choose_file

#: More than the service takes, so that it can say what is wrong instead of the browser.
_LARGEST = 8_000_000


class PictureUpload:
    """A box with the picture on the left, and the button to choose another; `taken` gets its bytes and its name.

    `mark` begins the marks of its parts: `photo` makes `photo-upload`, `choose-photo` and `photo-words`.
    """

    def __init__(
        self, what: str, taken: Callable[[bytes, str], Awaitable[None]], *, mark: str, most: str, help: str = ""
    ) -> None:
        self._taken = taken
        with web.element("div").classes("sf-photo-field"):
            self.picture = web.element("div")
            with web.element("div"):
                self._upload = web.upload(on_upload=self._take, auto_upload=True, max_file_size=_LARGEST)
                self._upload.props("accept=.jpg,.jpeg,.png flat hide-upload-btn").classes("sf-upload-box")
                self._upload.props["label"] = f"上传{what}"
                self._upload.mark(f"{mark}-upload")
                self._upload.on("rejected", lambda: self.tell(f"只接受 JPG、PNG {what}，不超过 {most}"))
                choose = plain_button(f"选择{what}", icon="add_a_photo").mark(f"choose-{mark}")
                choose.on("click", js_handler=choose_file(self._upload))
                self.help = TextElement(tag="small", text=help).classes("sf-help")
                self._words = TextElement(tag="p", text="").classes("sf-wrong").props("role=alert")
                self._words.mark(f"{mark}-words")

    def tell(self, words: str) -> None:
        """Show what is wrong with the picture; no words clear it."""
        self._words.text = words

    async def _take(self, event: events.UploadEventArguments) -> None:
        content = await event.file.read()
        self._upload.reset()
        await self._taken(content, event.file.name)
