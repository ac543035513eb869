"""Small pieces that pages share: section heads, notes, shown values, badges, PDF views, ids of addresses."""

from collections.abc import Container, Mapping
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Code, Tone, Toned
from services.engine.listings import Listing
from services.engine.look_ups import uuid_of as uuid_of
from ui.shell.buttons import plain_button
from ui.shell.fields import shown_field
from ui.shell.values import shown, tone_of


def head(title: str, *words: Code | str) -> TextElement:
    """Draw a section's head with words in their tones; gives its text element so that the title can change."""
    with web.element("div").classes("sf-head"):
        text = TextElement(tag="span", text=title)
        for word in words:
            badge(word)
    return text


def facts(values: Mapping[str, Any], *, columns: int = 3) -> None:
    """Draw read-only values in a grid; empty values are left out."""
    with web.element("div").classes("sf-form").style(f"--columns: {columns}"):
        for label, value in values.items():
            if isinstance(value, Toned) and value.tone:
                badge_field(label, value)
            elif value not in (None, ""):
                shown_field(label, value)


def draw_cells(listing: Listing, line: Any, *, without: Container[str] = (), columns: int = 1) -> None:
    """Draw the cells of a line as read-only fields, by the labels of the listing's columns."""
    cells = {}
    for column in listing.columns:
        if column.key not in without:
            value = getattr(line, column.key)
            cells[column.label] = column.show(value) if column.show else value
    facts(cells, columns=columns)


def note(text: str) -> TextElement:
    """Draw a line of explanation."""
    return TextElement(tag="p", text=text).classes("sf-note")


def empty(text: str) -> TextElement:
    """Draw the words of an empty place."""
    return TextElement(tag="p", text=text).classes("sf-empty")


def steps(*told: tuple[str, str]) -> web.element:
    """Draw the steps of working with a page, a card each, where nothing is found yet."""
    with web.element("ol").classes("sf-steps") as drawn:
        for title, words in told:
            with web.element("li"):
                TextElement(tag="strong", text=title)
                TextElement(tag="p", text=words)
    return drawn


def warning(text: str) -> TextElement:
    """Draw what is wrong, which readers of the screen hear at once."""
    return TextElement(tag="p", text=text).classes("sf-callout sf-callout-bad").props("role=alert")


def badge(word: Code | str, tone: Tone = "") -> TextElement:
    """Draw a word in its tone; a word without a tone is grey."""
    return TextElement(tag="span", text=shown(word)).classes(f"sf-badge sf-{tone or tone_of(word) or 'muted'}")


def badge_field(label: str, word: Code | str) -> None:
    """Draw a word in its tone as a read-only field."""
    with web.element("div").classes("sf-field"):
        TextElement(tag="span", text=label).classes("sf-label")
        with web.element("div").classes("sf-shown"):
            badge(word)


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


def draw_key(public_key: str) -> None:
    """A public key in groups of eight, as two people read it to each other."""
    spelled = " ".join(public_key[start : start + 8] for start in range(0, len(public_key), 8))
    TextElement(tag="pre", text=spelled).classes("sf-pre").props("aria-label=公钥 tabindex=0")
