"""The card reader: it types like a keyboard and ends with Enter; the demo's cards are read by their number (F4)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.normal import half_width
from services.demo.cards import DemoCard, demo_cards
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import answer_of, question

_MARKS = re.compile(r"[\s,，;；|/]+")


@dataclass(frozen=True)
class Card:
    """Data from a card reader. `read` is false when a number was typed by hand."""

    id_no: str
    name: str = ""
    id_type: str = "11"
    address: str = ""
    mobile: str = ""
    read: bool = True


def card_of(text: str, demo: Sequence[DemoCard], *, reader: bool) -> Card | None:
    """The card a line means: `姓名 号码`, a number alone, or the number of a demo card in the list."""
    line = half_width(text).strip()
    if line.isdecimal() and len(line) < 3:
        place = int(line) - 1
        if not 0 <= place < len(demo):
            return None
        chosen = demo[place]
        return Card(chosen.id_no, chosen.name, chosen.id_type, chosen.address, chosen.mobile)
    parts = [part for part in _MARKS.split(line) if part]
    number = next((part for part in parts if len(part) >= 5 and any(char.isdecimal() for char in part)), "")
    if not number:
        return None
    name = "".join(part for part in parts if part != number)
    return Card(number.upper(), name, read=reader or bool(name))


async def cards_of_demo() -> list[DemoCard]:
    """The demo's cards; none in production."""
    answer = await call(demo_cards, quiet=True)
    return answer.value if answer.ok else []


def draw_demo_cards(cards: Sequence[DemoCard]) -> None:
    """The list beside the reader, one element however long."""
    if cards:
        told = "\n".join(f"{place:>2}　{card.name}　{card.note}" for place, card in enumerate(cards, 1))
        with web.element("details").classes("sf-cards").props("open"):
            TextElement(tag="summary", text="演示证件：输入序号后按回车，即视为读卡")
            TextElement(tag="pre", text=told).props("tabindex=0")


async def read_card(title: str = "读取证件") -> Card:
    """Ask for a card."""
    demo = await cards_of_demo()
    with question(title) as dialog:
        TextElement(tag="p", text="请将证件放在读卡器上；读卡器会自动填入并确认。")
        box = web.input().props("dense outlined autofocus autocomplete=off maxlength=120 aria-label=证件号码")
        box.mark("card-line")
        wrong = TextElement(tag="p", text="").classes("sf-wrong").props("role=alert")
        draw_demo_cards(demo)

        def entered(event: events.GenericEventArguments) -> None:
            card = card_of(str(event.args or ""), demo, reader=True)
            if card is None:
                wrong.text = "没有读到证件号码，请重新读卡"
            else:
                dialog.submit(card)

        # The reader is faster than the field: its content is read in the browser.
        box.on("keydown.enter", entered, js_handler="(e) => emit(e.target.value)")
        with web.element("div").classes("sf-buttons"):
            plain_button("取消（Esc）", lambda: dialog.submit(None))
    return await answer_of(dialog, Card)
