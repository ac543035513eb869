"""Small pieces the tenancy pages share: section heads, shown values, tones of states."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.shell.buttons import plain_button
from ui.shell.fields import shown_field

STATE_TONES = {
    "有效": "good",
    "有效（未起租）": "good",
    "已生效": "good",
    "办结": "good",
    "已注销": "muted",
    "已到期": "muted",
    "告知对方中": "warn",
    "系统拦截": "warn",
    "核验中": "info",
    "待补正": "warn",
    "退件": "bad",
    "未通过": "bad",
    "已冻结": "bad",
    "已撤销": "bad",
    "已恢复": "info",
    "发送失败": "bad",
}


def head(title: str) -> TextElement:
    """A section's head; gives its text so that it can change."""
    with web.element("div").classes("sf-head"):
        return TextElement(tag="span", text=title)


def facts(values: Mapping[str, Any], *, columns: int = 3) -> None:
    """Read-only values in a grid; empty ones are left out."""
    with web.element("div").classes("sf-form").style(f"--columns: {columns}"):
        for label, value in values.items():
            if value not in (None, ""):
                shown_field(label, value)


def note(text: str) -> TextElement:
    return TextElement(tag="p", text=text).classes("sf-note")


def badge(text: str, tone: str = "") -> None:
    tone = tone or next((tone for state, tone in STATE_TONES.items() if text.startswith(state)), "muted")
    TextElement(tag="span", text=text).classes(f"sf-badge sf-{tone}")


def show_pdf(address: str) -> None:
    """Open a PDF over the page; Esc closes it. Phones, which show none inside a page, get a link."""
    with web.dialog(value=True).props("maximized") as dialog, web.card().classes("sf-dialog sf-pdf"):
        with web.element("div").classes("sf-bar"):
            TextElement(tag="strong", text="预览")
            web.space()
            link = TextElement(tag="a", text="在新页打开").props("target=_blank rel=noopener")
            link.props["href"] = address
            plain_button("关闭", dialog.close, icon="close").props("autofocus")
        frame = web.element("iframe").classes("sf-frame").props("title=文书预览")
        frame.props["src"] = address
    dialog.on("hide", dialog.delete)


def print_pdf(address: str) -> None:
    """Open the browser's own print dialog for a paper."""
    web.run_javascript(f"printPdf({address!r})")
