"""照片总览: the portraits of the applications of a page side by side, the doubtful ones first (rows 40, 43)."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.practitioner_codes import FaceSeen
from services.engine.listings import Line
from services.practitioners.faces import SENTENCES
from ui.practitioners.parts import portrait
from ui.shell.buttons import main_button
from ui.shell.dialogs import question
from ui.shell.parts import empty


async def show_faces(lines: Sequence[Line]) -> UUID | None:
    """Show a face for each application over the page; return the one that is chosen, or None."""
    doubtful = sum(line.face is not None and line.face is not FaceSeen.ONE for line in lines)
    told = f"，其中{doubtful}张请仔细看" if doubtful else ""
    with question(f"照片总览：本页{len(lines)}份申请{told}", classes="sf-outcomes") as dialog:
        if not lines:
            empty("本页没有申请")
        with web.element("div").classes("sf-faces").props("role=list aria-label=照片总览"):
            for place, line in enumerate(sorted(lines, key=_doubt)):
                box = _draw(line, partial(dialog.submit, line.id))
                if place == 0:
                    box.props("autofocus")
        with web.element("div").classes("sf-buttons"):
            main_button("关闭", lambda: dialog.submit(None)).mark("faces-close")
    try:
        chosen: UUID | None = await dialog
    finally:
        if not dialog.is_deleted:
            dialog.delete()
    return chosen


def _doubt(line: Line) -> int:
    """Order faces that are none or several first, then what no detector looked at, then the rest."""
    return 1 if line.face is None else 2 if line.face is FaceSeen.ONE else 0


def _draw(line: Line, choose: Callable[[], object]) -> web.element:
    face: FaceSeen | None = line.face
    tone = "muted" if face is None else "good" if face is FaceSeen.ONE else "warn"
    with web.element("button").classes("sf-face").props("type=button").mark(f"face-{line.id}") as box:
        portrait(line.portrait_id, line.name)
        TextElement(tag="span", text=line.name)
        TextElement(tag="small", text=line.apply_no).classes("sf-help")
        words = face.label if face is not None else "未作人脸检测"
        TextElement(tag="span", text=words).classes(f"sf-badge sf-{tone}")
    box.props["aria-label"] = f"{line.name} {line.apply_no} {words}"
    if face in SENTENCES:
        box.props["title"] = SENTENCES[face]
    box.on("click", choose)
    return box
