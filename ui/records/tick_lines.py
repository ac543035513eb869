"""A question over the page in which the lines of a list are ticked among those that it may have."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.kinds import Child, Offer
from services.engine.proposals import line_key
from ui.shell.buttons import plain_button
from ui.shell.dialogs import answer_buttons, answer_of, question

Lines = list[dict[str, Any]]


async def ask_lines(
    child: Child, offers: Sequence[Offer], lines: Sequence[Mapping[str, Any]]
) -> tuple[Lines, dict[str, str]]:
    """Return the lines with those that are ticked and without those that are not, and the names of what they refer to.

    A line keeps what was filled in beside its key; lines that are not offered stay.
    """
    there = {line_key(child, line) for line in lines}
    boxes: dict[int, web.checkbox] = {}
    with question(f"勾选{child.label}", classes="sf-tick-lines") as dialog:
        dialog.mark("tick-lines")
        with web.element("ul").classes("sf-checks").props(f"aria-label={child.label}"):
            for place, offer in enumerate(offers):
                with web.element("li"):
                    box = web.checkbox(offer.label, value=line_key(child, offer.values) in there).props("dense")
                    box.mark(f"offer-{place}")
                    boxes[place] = box
                    if offer.bar and not box.value:
                        box.disable()
                    TextElement(tag="span", text=offer.bar or offer.words).classes(
                        "sf-wrong" if offer.bar else "sf-help"
                    )
        with web.element("div").classes("sf-buttons"):
            plain_button("全部勾选", lambda: [box.set_value(True) for box in boxes.values() if box.enabled])
        answer_buttons(dialog, "确定", lambda: dialog.submit([at for at, box in boxes.items() if box.value]))
    ticked = [offers[at] for at in await answer_of(dialog, list)]
    offered = {line_key(child, offer.values) for offer in offers}
    wanted = {line_key(child, offer.values) for offer in ticked}
    kept = [dict(line) for line in lines if line_key(child, line) in wanted or line_key(child, line) not in offered]
    added = [dict(offer.values) for offer in ticked if line_key(child, offer.values) not in there]
    names = {str(value): offer.label for offer in ticked for value in offer.values.values()}
    return [*kept, *added], names
