"""Scans of what is handed in: kept sealed with their digest, which the record cites; or the number of a paper sheet."""

from collections.abc import Callable

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.documents.attachments import LARGEST, KeepAttachment, keep_attachment
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.fields import text_field
from ui.shell.form import Form
from ui.tenancy.file_choice import choose_file


class ScanUpload:
    """A button that takes a file of a kind; `digest` is that of the file kept, here or `earlier`; `say` shows what is wrong with it."""

    def __init__(
        self, category: str, say: Callable[[str], object], *, label: str = "", earlier: "ScanUpload | None" = None
    ) -> None:
        self.category, self.say = category, say
        self.digest: str = earlier.digest if earlier is not None else ""
        with web.element("div").classes("sf-upload"):
            self.upload = web.upload(on_upload=self._take, auto_upload=True, max_files=1, max_file_size=LARGEST)
            self.upload.props("accept=.pdf,.jpg,.jpeg,.png flat bordered hide-upload-btn").classes("sf-upload-box")
            # Not seen by its style alone: the library takes no file for an element that was set invisible.
            self.upload.on("rejected", lambda: say("只接受不超过20MB的PDF、JPG、PNG文件，每次一份"))
            self.upload.props["label"] = f"上传{label or category}"
            self.kept = TextElement(tag="small", text="").classes("sf-help")
            button = plain_button(f"上传{label or '扫描件'}", icon="upload_file")
            button.on("click", js_handler=choose_file(self.upload))

    async def _take(self, event: events.UploadEventArguments) -> None:
        content = await event.file.read()
        self.upload.reset()
        answer = await call(keep_attachment, KeepAttachment(self.category, event.file.name, content))
        if answer.gone:
            return
        if not answer.ok:
            self.say(answer.message)
            return
        kept = answer.value
        self.digest = kept.digest if kept.usable else ""
        self.say("" if kept.usable else kept.note)
        told = f"已收：{event.file.name[-40:]}（SM3 {kept.digest[:16]}…）{kept.note}"
        self.kept.text = told if kept.usable else ""


_PAPER = "纸质件："


class MaterialField:
    """A sheet number typed, or a file uploaded; `reference` is what the record cites."""

    def __init__(self, form: Form, key: str, label: str) -> None:
        self.field = form.add(text_field(key, label, longest=40, help="填写纸质件编号，或上传扫描件（PDF、JPG、PNG）"))
        with self.field.box:
            self.scan = ScanUpload(label, self.field.mark)

    @property
    def reference(self) -> str:
        """The digest of the file, or the sheet's number; empty when nothing was handed in."""
        number = str(self.field.value or "").strip()
        return self.scan.digest or (f"{_PAPER}{number}" if number else "")

    def set_visibility(self, visible: bool) -> None:
        self.field.set_visibility(visible)
