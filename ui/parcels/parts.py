"""Parts of the pages of links: states, the columns and filters of both lists, the timeline."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.companies import District
from models.normal import BadText
from models.records import PactState
from services.parcels.link_views import LinkFilter, LinkLine, StepView
from ui.shell.form import Form
from ui.shell.grid import Filter, View
from ui.shell.values import shown


def link_filters(*, districts: bool) -> tuple[Filter, ...]:
    filters = (
        Filter("turn", "范围", options={"1": "待我方答复"}, width=160),
        Filter("text", "地块", width=180),
        Filter("state", "状态", options=PactState.labels(), width=150),
    )
    where = Filter("district", "所在区", options=District.labels(), width=170, more=True)
    return (*filters, where) if districts else filters


def order_of(view: View) -> LinkFilter:
    return LinkFilter(
        text=view.text("text"),
        state=view.text("state"),
        district=view.text("district"),
        turn=view.text("turn") == "1",
        sort=view.sort,
        page=view.page,
        size=view.size,
    )


def next_words(line: LinkLine) -> str:
    """Return who has to act, in words."""
    if line.turn is None:
        return line.state.label
    who = "请本方" if line.mine else f"等待{line.turn.label}"
    return f"{who}在{line.expires_on}前确认或拒绝"


def draw_steps(steps: Sequence[StepView]) -> None:
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
