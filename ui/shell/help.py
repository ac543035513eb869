"""帮助 (F1): the part of the manual that belongs to the page in front, beside the work."""

import json

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.manual import CONTENTS, html_of, part_about
from ui.shell.buttons import icon_button
from ui.shell.workspace import Workspace


def open_help(workspace: Workspace) -> None:
    """Open the manual at the part about the module in front, or its contents."""
    place = workspace.front
    part = part_about(place.module, workspace.desk.caller.roles) if place is not None else None
    name, anchor = (part.name, part.anchor) if part is not None else (CONTENTS, "")
    with (
        web.dialog(value=True).props("position=right").mark("help") as dialog,
        web.card().classes("sf-dialog sf-help-page"),
    ):
        with web.element("div").classes("sf-buttons"):
            TextElement(tag="h2", text="使用手册")
            link = TextElement(tag="a", text="目录").props("target=_blank rel=noopener href=/manual")
            link.classes("sf-link")
            TextElement(tag="a", text="在新页面打开").props(
                f"target=_blank rel=noopener href=/manual/{name}#{anchor}"
            ).classes("sf-link")
            icon_button("close", "关闭使用手册", dialog.close).props("autofocus")
        # The release's own text; nothing a user wrote comes into it.
        text = html_of(name).replace('href="/manual/', 'target="_blank" rel="noopener" href="/manual/')
        box = web.html(text, sanitize=False).classes("sf-manual").props("tabindex=0").mark("manual-page")
    dialog.on("hide", dialog.delete)
    where = f"document.getElementById({box.html_id!r})?.querySelector('#' + CSS.escape({json.dumps(anchor)}))"
    if anchor:
        web.run_javascript(f"setTimeout(() => {where}?.scrollIntoView({{ block: 'start' }}), 250)")
