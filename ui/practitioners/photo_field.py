"""The photo of a person: chosen by a button, set upright by the service, shown at once, its faults beside it."""

from collections.abc import Callable, Sequence
from uuid import UUID

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.findings import Finding
from services.practitioners.orders import KeepPortrait
from services.practitioners.photos import keep_portrait
from ui.practitioners.parts import portrait
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.tenancy.file_choice import choose_file

#: More than the service takes, so that it can say what is wrong instead of the browser.
_LARGEST = 8_000_000


class PhotoField:
    """`portrait_id` is the picture kept; `taken` is called when it is another one."""

    def __init__(self, portrait_id: UUID | None, taken: Callable[[], object]) -> None:
        self.portrait_id, self._first, self._taken = portrait_id, portrait_id, taken
        with web.element("div").classes("sf-photo-field"):
            self.picture = web.element("div")
            with web.element("div"):
                self.upload = web.upload(on_upload=self._take, auto_upload=True, max_file_size=_LARGEST)
                self.upload.props("accept=.jpg,.jpeg,.png flat hide-upload-btn").classes("sf-upload-box")
                self.upload.props["label"] = "上传照片"
                self.upload.mark("photo-upload")
                self.upload.on("rejected", lambda: self.tell("只接受 JPG、PNG 照片，不超过 500 KB"))
                choose = plain_button("选择照片", icon="add_a_photo").mark("choose-photo")
                choose.on("click", js_handler=choose_file(self.upload))
                TextElement(tag="small", text="近期一寸免冠证件照，竖幅，JPG 或 PNG，不超过 500 KB").classes("sf-help")
                self.words = TextElement(tag="p", text="").classes("sf-wrong").props("role=alert").mark("photo-words")
        self._draw()

    @property
    def changed(self) -> bool:
        return self.portrait_id != self._first

    def keep(self) -> None:
        """Return what is shown now is saved."""
        self._first = self.portrait_id

    def tell(self, words: str) -> None:
        """Return what is wrong with the photo; nothing clears it."""
        self.words.text = words

    def mark(self, findings: Sequence[Finding]) -> list[Finding]:
        """Show what was found about the photo; gives what is about something else."""
        own = [finding for finding in findings if finding.field == "portrait"]
        self.tell("；".join(finding.message for finding in own))
        return [finding for finding in findings if finding.field != "portrait"]

    def _draw(self) -> None:
        self.picture.clear()
        with self.picture:
            portrait(self.portrait_id, "本人", large=True)

    async def _take(self, event: events.UploadEventArguments) -> None:
        content = await event.file.read()
        self.upload.reset()
        answer = await call(keep_portrait, KeepPortrait(content, event.file.name), quiet=True)
        if answer.gone:
            return
        if not answer.ok:
            self.tell(answer.message)
            return
        kept = answer.value
        self.mark(kept.findings)
        if kept.portrait_id is not None:
            self.portrait_id = kept.portrait_id
            self._draw()
            self._taken()
