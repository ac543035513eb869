"""Scans of what is handed in: kept sealed with their digest, which the record cites; or the number of a paper sheet."""

from collections.abc import Callable

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.documents.attachments import KeepAttachment, keep_attachment
from ui.shell.call import call
from ui.shell.fields import text_field
from ui.shell.file_box import PLAIN_SCAN, FileBox
from ui.shell.form import Form


class ScanUpload:
    """A button that takes a file of a kind; `digest` is that of the file kept, here or `earlier`; `say` shows what is wrong with it."""

    def __init__(
        self, category: str, say: Callable[[str], object], *, label: str = "", earlier: "ScanUpload | None" = None
    ) -> None:
        self.category, self.say = category, say
        self.digest: str = earlier.digest if earlier is not None else ""
        with web.element("div").classes("sf-upload"):
            box = FileBox(f"上传{label or category}", self._take, PLAIN_SCAN, say=lambda words, _: say(words))
            self.kept = TextElement(tag="small", text="").classes("sf-help")
            box.button(f"上传{label or '扫描件'}")

    async def _take(self, name: str, content: bytes) -> None:
        answer = await call(keep_attachment, KeepAttachment(self.category, name, content))
        if not answer.ok:
            self.say(answer.message)
            return
        kept = answer.value
        self.digest = kept.digest if kept.usable else ""
        self.say("" if kept.usable else kept.note)
        told = f"已收：{name[-40:]}（SM3 {kept.digest[:16]}…）{kept.note}"
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
