"""Attachments of a record by their slots: dropped or chosen, looked at in the page, each with its kind and size."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle_orders import FileLine, RevisionView
from services.engine.kinds import Kind, Slot
from services.records.attachments import AttachFile, attach_file
from ui.record_routes import FILES
from ui.records.photo_box import PhotoBox, draw_photos, show_picture
from ui.shell.buttons import icon_button
from ui.shell.call import call
from ui.shell.file_box import Accepted, FileBox
from ui.shell.parts import head, show_pdf

TYPES = ".pdf,.jpg,.jpeg,.png,.ofd,.doc,.docx,.xls,.xlsx,.dxf,.dwg,.txt,.geojson,.zip"
_TOLD = "PDF、图片、OFD、Word、Excel、DXF、DWG、文本、GeoJSON、ZIP，单个不超过50MB；可拖入文件"
#: Dropped files go the way of chosen ones.
_DROP = """(e) => { e.preventDefault(); e.currentTarget.classList.remove("sf-drop-over");
  const files = [...(e.dataTransfer?.files || [])]; if (files.length) getElement(%d).$refs.qRef.addFiles(files); }"""
_OVER = "(e) => { e.preventDefault(); e.currentTarget.classList.add('sf-drop-over'); }"
_OUT = "(e) => { if (!e.currentTarget.contains(e.relatedTarget)) e.currentTarget.classList.remove('sf-drop-over'); }"


class FilesField:
    """The attachment slots of a draft; `changed` is called when files were added or removed."""

    def __init__(self, kind: Kind, view: RevisionView, *, changed: Callable[[], object]) -> None:
        self.kind, self.view, self._changed = kind, view, changed
        self.files: dict[str, list[FileLine]] = {slot.name: [] for slot in kind.slots}
        for file in view.files:
            self.files.setdefault(file.slot, []).append(file)
        self._lists: dict[str, web.element] = {}
        if kind.slots:
            head("附件")
        if any(slot.intake is None for slot in kind.slots):
            TextElement(tag="p", text=_TOLD).classes("sf-note")
        for slot in kind.slots:
            if slot.intake is None:
                self._draw(slot)
            else:
                PhotoBox(slot, view, self.files[slot.name], changed=changed)

    def ids(self) -> dict[str, tuple[UUID, ...]]:
        """Return what the draft cites."""
        return {slot: tuple(file.id for file in files) for slot, files in self.files.items() if files}

    def _draw(self, slot: Slot) -> None:
        with web.element("section").classes("sf-slot").props(f"id=files-{slot.name}") as box:
            box.props["aria-label"] = slot.label
            with web.element("div").classes("sf-slot-head"):
                label = TextElement(tag="strong", text=slot.label)
                if slot.least:
                    label.classes("sf-required")
                told = slot.help or (f"至少{slot.least}份" if slot.least else "")
                TextElement(tag="span", text=told).classes("sf-help")
                chosen = FileBox(
                    f"上传{slot.label}",
                    lambda name, content: self._take(slot, chosen, name, content),
                    Accepted("列出类型的文件", TYPES, 50),
                    say=lambda words, _: self._show(slot, words),
                    several=True,
                )
                chosen.button("选择文件").mark(f"upload-{slot.name}")
            self._lists[slot.name] = web.element("ul").classes("sf-files")
            box.on("drop", js_handler=_DROP % chosen.upload.id)
            box.on("dragover", js_handler=_OVER)
            box.on("dragleave", js_handler=_OUT)
        self._show(slot)

    def _show(self, slot: Slot, wrong: str = "") -> None:
        box = self._lists[slot.name]
        box.clear()
        with box:
            for file in self.files[slot.name]:
                draw_file(file, partial(self._remove, slot, file))
            if wrong:
                with web.element("li"):
                    TextElement(tag="span", text=wrong).classes("sf-wrong").props("role=alert")

    async def _take(self, slot: Slot, box: FileBox, name: str, content: bytes) -> None:
        await self._keep(slot, name, content, box.reset)

    async def _keep(
        self, slot: Slot, name: str, content: bytes, kept_then: Callable[[], object] = lambda: None
    ) -> None:
        answer = await call(attach_file, AttachFile(self.view.revision_id, slot.name, name, content), quiet=True)
        if self._lists[slot.name].is_deleted:
            return
        kept_then()
        if not answer.ok:
            self._show(slot, f"{name[-40:]}：{answer.message}")
            return
        kept = answer.value
        if not kept.usable:
            self._show(slot, kept.note)
            return
        shown_in_page = name.lower().endswith((".pdf", ".jpg", ".jpeg", ".png")) and not kept.note
        self.files[slot.name].append(FileLine(kept.id, slot.name, name, len(content), kept.digest, shown_in_page))
        self._show(slot, kept.note)
        self._changed()

    async def add(self, slot_name: str, name: str, content: bytes) -> None:
        """Keep a file that another part of the page was given, in a slot."""
        slot = next(slot for slot in self.kind.slots if slot.name == slot_name)
        await self._keep(slot, name, content)

    def _remove(self, slot: Slot, file: FileLine) -> None:
        self.files[slot.name] = [one for one in self.files[slot.name] if one.id != file.id]
        self._show(slot)
        self._changed()


def draw_files(kind: Kind, view: RevisionView) -> None:
    """The attachments of a version to be looked at."""
    if not kind.slots:
        return
    head(f"附件（{len(view.files)}）")
    with web.element("ul").classes("sf-files"):
        for slot in kind.slots:
            of_slot = [file for file in view.files if file.slot == slot.name]
            with web.element("li").classes("sf-slot-name"):
                TextElement(tag="strong", text=slot.label)
                if not of_slot:
                    TextElement(tag="span", text="没有附件").classes("sf-help")
            if slot.intake is not None and of_slot:
                with web.element("li"):
                    draw_photos(of_slot)
                continue
            for file in of_slot:
                draw_file(file)


def draw_file(file: FileLine, remove: Callable[[], object] | None = None) -> None:
    """Return a file: its name opens it, then its kind, size and digest."""
    with web.element("li").classes("sf-file").mark(f"file-{file.id}"):
        web.icon(_icon(file.name)).props("aria-hidden=true")
        if file.previewed:
            link = TextElement(tag="button", text=file.name).classes("sf-link").props("type=button")
            link.on("click", lambda: show_file(file))
        else:
            link = TextElement(tag="a", text=file.name).props("target=_blank rel=noopener")
            link.props["href"] = f"{FILES}{file.id}"
        told = f"{file.name.rsplit('.', 1)[-1].upper()[:8]}，{size_words(file.size)}，SM3 {file.digest[:12]}…"
        TextElement(tag="small", text=told)
        if remove is not None:
            icon_button("close", f"移除{file.name}", remove).mark(f"remove-{file.id}")


def show_file(file: FileLine) -> None:
    """Over the page: a PDF in a frame, a picture as it is."""
    address = f"{FILES}{file.id}"
    if file.name.lower().endswith(".pdf"):
        show_pdf(address)
        return
    show_picture(address, file.name)


def size_words(size: int) -> str:
    return f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{max(1, round(size / 1024))} KB"


def _icon(name: str) -> str:
    ending = name.rsplit(".", 1)[-1].lower()
    return {"pdf": "picture_as_pdf", "jpg": "image", "jpeg": "image", "png": "image", "zip": "folder_zip"}.get(
        ending, "description"
    )
