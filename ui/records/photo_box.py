"""Photos of a slot: taken or chosen on a telephone, several at once, sent in parts, shown by their thumbnails (row 74)."""

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import events
from nicegui import ui as web
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from services.engine.cycle_orders import FileLine, RevisionView
from services.engine.kinds import Slot
from services.records.attachments import LARGEST
from ui.record_routes import FILES, THUMBNAILS
from ui.record_uploads import UPLOADING, UPLOADS
from ui.shell.buttons import icon_button, plain_button
from ui.shell.desk import desk_of


class Sender(Element, component="photo_box.js"):
    """Two buttons, to take and to choose photos, and how far each photo is; `kept(key)` is called for one that arrived."""

    def __init__(self, address: str, label: str, kept: Callable[[str], object]) -> None:
        super().__init__()
        self._props["address"], self._props["label"], self._props["largest"] = address, label, LARGEST
        self.mark("photo-sender")

        def arrived(event: events.GenericEventArguments) -> None:
            if isinstance(event.args, dict):
                kept(str(event.args.get("key", "")))

        self.on("kept", arrived)


class PhotoBox:
    """The photos of a draft's slot; `changed` is called when one was added or removed."""

    def __init__(self, slot: Slot, view: RevisionView, files: list[FileLine], *, changed: Callable[[], object]) -> None:
        self.slot, self.view, self.files, self._changed = slot, view, files, changed
        with web.element("section").classes("sf-slot").props(f"id=files-{slot.name}") as box:
            box.props["aria-label"] = slot.label
            with web.element("div").classes("sf-slot-head"):
                TextElement(tag="strong", text=slot.label)
                TextElement(tag="span", text=slot.help).classes("sf-help")
            Sender(f"{UPLOADS}{view.revision_id}/{slot.name}/", slot.label, self._kept)
            self._told = TextElement(tag="p", text="").classes("sf-help").props("role=status")
            self._photos = web.element("div")
        self._show()

    def _kept(self, key: str) -> None:
        """Add a photo that arrived; what it became is read from the uploads of its sender, not from his browser."""
        caller = desk_of(web.context.client).caller
        one = UPLOADING.find(caller, self.view.revision_id, self.slot.name, key)
        if one is None or one.kept is None:
            return
        if any(file.id == one.kept.id for file in self.files):
            self._show(f"“{one.name[-40:]}”已上传过，未重复添加")
            return
        self.files.append(FileLine(one.kept.id, self.slot.name, one.name, one.size, one.kept.digest, previewed=True))
        self._show(one.kept.note)
        self._changed()

    def _remove(self, file: FileLine) -> None:
        self.files[:] = [one for one in self.files if one.id != file.id]
        self._show()
        self._changed()

    def _show(self, told: str = "") -> None:
        self._told.text = told or (f"已上传{len(self.files)}张" if self.files else "还没有照片")
        self._photos.clear()
        with self._photos:
            draw_photos(self.files, self._remove)


def draw_photos(files: Sequence[FileLine], remove: Callable[[FileLine], object] | None = None) -> None:
    """Draw thumbnails that open their photos."""
    with web.element("ul").classes("sf-photos"):
        for number, file in enumerate(files, 1):
            with web.element("li").mark(f"file-{file.id}"):
                draw_photo(
                    f"{THUMBNAILS}{file.id}", f"第{number}张", partial(show_picture, f"{FILES}{file.id}", file.name)
                )
                TextElement(tag="small", text=f"第{number}张")
                if remove is not None:
                    icon_button("close", f"移除第{number}张", partial(remove, file)).mark(f"remove-{file.id}")


def draw_photo(address: str, label: str, opened: Callable[[], object]) -> None:
    """Draw a thumbnail as a button."""
    with web.element("button").classes("sf-photo").props("type=button").on("click", opened) as button:
        button.props["aria-label"] = f"查看{label}"
        picture = web.element("img").props("loading=lazy")
        picture.props["src"], picture.props["alt"] = address, label


def show_picture(address: str, name: str) -> None:
    """Show a picture as it is over the page."""
    with web.dialog(value=True) as dialog, web.card().classes("sf-dialog sf-picture"):
        picture = web.element("img")
        picture.props["src"], picture.props["alt"] = address, name
        with web.element("div").classes("sf-buttons"):
            plain_button("关闭", dialog.close).props("autofocus")
    dialog.on("hide", dialog.delete)
