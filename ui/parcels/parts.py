"""Parts of the pages of links: whose turn it is, the timeline, a share as it is typed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.normal import BadText
from services.engine.listings import Line
from ui.shell.form import Form
from ui.shell.values import shown


def next_words(line: Line) -> str:
    """Return who has to act, in words."""
    if line.turn is None:
        words: str = line.state.label
        return words
    who = "请本方" if line.mine else f"等待{line.turn.label}"
    return f"{who}在{line.expires_on}前确认或拒绝"


def draw_steps(steps: Sequence[Line]) -> None:
    """The time line, the newest first."""
    with web.element("ol").classes("sf-alert-steps"):
        for step in reversed(steps):
            with web.element("li"):
                with web.element("div"):
                    TextElement(tag="strong", text=step.verb.label)
                    TextElement(tag="span", text=step.side.label).classes("sf-badge sf-muted")
                    TextElement(tag="time", text=shown(step.at)).classes("sf-help")
                who = " ".join(part for part in (step.unit, step.by) if part)
                TextElement(tag="span", text=who).classes("sf-help")
                if step.words:
                    TextElement(tag="p", text=step.words)


def _percent(text: str) -> Decimal:
    """A share in hundredths as it was typed."""
    try:
        return Decimal(text.strip().removesuffix("%"))
    except InvalidOperation:
        raise BadText("份额请填写数字，例如60") from None


def share_in(form: Form, values: Mapping[str, Any]) -> Decimal | None:
    """The share a form holds; None once its field says what is wrong with it."""
    try:
        return _percent(values["share"])
    except BadText as problem:
        form.fields["share"].mark(problem.sentence)
        return None
