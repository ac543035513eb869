"""Fields of forms: label on the left, 28 pixels, what is required, help, and what is wrong right beside it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.normal import BadText, clean_text, half_width, parse_area, parse_day, parse_money
from ui.shell.buttons import icon_button
from ui.shell.choice import Choice
from ui.shell.desk import desk_of
from ui.shell.values import shown

Read = Callable[[str], Any]

#: Number of rules of a field that are said while the keyboard is in it.
_MOST_RULES = 3


class Look(TypedDict, total=False):
    """Keywords of every field: whether it must be filled in, help, and how many columns it is wide."""

    required: bool
    help: str
    span: int


class Field:
    """A labelled control. `read()` returns its value or raises `BadText`; `mark` shows its fault."""

    def __init__(self, key: str, label: str, control: Any, read: Read, **look: Unpack[Look]) -> None:
        self.key, self.label, self.control = key, label, control
        self.required = look.get("required", False)
        self._read = read
        #: Further marks of the control, beside its key's.
        self.marks = ""
        #: A control of our own, which draws its input and its fault itself.
        self._own = hasattr(control, "input_id")
        self._first = control.value
        self._wrong = ""
        self._told = "", False
        #: Drawn for the first fault: every open page keeps what is drawn.
        self._message: TextElement | None = None
        self._dress(look.get("help", ""), look.get("span", 1))

    @property
    def value(self) -> Any:
        """Return the content of the control as typed."""
        return self.control.value

    @value.setter
    def value(self, value: Any) -> None:
        self.control.set_value(value)
        self.mark("")

    @property
    def changed(self) -> bool:
        return bool((self.control.value or "") != (self._first or ""))

    def keep(self) -> None:
        """Mark the present content as saved."""
        self._first = self.control.value

    def read(self) -> Any:
        """The value in its type; None when empty and not required."""
        raw = self.control.value
        if isinstance(raw, bool):
            return raw
        text = "" if raw is None else str(raw)
        if not text.strip():
            if self.required:
                raise BadText(f"请{'选择' if self._own else '填写'}{self.label}")
            return None
        return self._read(text)

    def mark(self, message: str, *, hint: bool = False) -> None:
        """Show what is wrong, or with `hint` what need not be changed, or that nothing is."""
        if (message, hint) == self._told:
            return
        self._told = message, hint
        self._wrong = "" if hint else message
        if self._message is None:
            with self.inside:
                self._message = TextElement(tag="small", text="").classes("sf-wrong").props("role=alert")
            self._message.move(target_index=self._faults_at)
        self._message.text = message
        self._message.classes(**{"add" if hint else "remove": "sf-hinted"})
        self._message.set_visibility(bool(message))
        self.control.props["error"] = self._wrong if self._own else bool(self._wrong)
        self.control.update()
        if not message:
            desk_of(self.control.client).settled()

    def look_again(self) -> None:
        """Say of a field that was wrong what is wrong with what is in it now."""
        if not self._wrong:
            return
        try:
            self.read()
            self.mark("")
        except BadText as problem:
            self.mark(problem.sentence)

    @property
    def wrong(self) -> str:
        return self._wrong

    def focus(self) -> None:
        name = self.control.input_id if self._own else self.control.html_id
        web.run_javascript(f"document.getElementById({name!r})?.focus()")

    def _dress(self, help: str, span: int) -> None:
        slot = web.context.slot.parent
        name = self.control.input_id if self._own else self.control.html_id
        with slot, web.element("div").classes("sf-field").style(f"grid-column: span {span}") as box:
            self._label = TextElement(tag="label", text=self.label).classes("sf-label")
            self._label.props(f"for={name}")
            with web.element("div").classes("sf-control") as inside:
                if help:
                    TextElement(tag="small", text=help).classes("sf-help")
        self.control.move(inside, target_index=0)
        self._faults_at = 2 if help else 1
        self.box, self.inside = box, inside
        if self.required:
            self.require(True)
        if not self._own:
            self.control.props["aria-label"] = self.label
        if getattr(self.control, "LOOPBACK", True) is False:
            # It is drawn with this value: a later update of something else leaves what was typed since as it is.
            self.control._client_value = self.control._props[self.control.VALUE_PROP]

    def require(self, required: bool) -> None:
        """Return whether it must be filled in, where another field decides that."""
        self.required = required
        if required:
            self._label.classes("sf-required")
        else:
            self._label.classes(remove="sf-required")
        if not self._own:
            self.control.props(f"input-aria-required={'true' if required else 'false'}")

    def hint(self, text: str) -> TextElement:
        """More help beside the control, hidden until another field makes it true."""
        with self.inside:
            shown_help = TextElement(tag="small", text=text).classes("sf-help")
        shown_help.set_visibility(False)
        return shown_help

    def says_rules(self, sentences: Sequence[str]) -> None:
        """Say what is asked of the value, while the keyboard is in the field; the first rules alone."""
        if sentences:
            text = "以下情形提交时会提示：" + "；".join(sentences[:_MOST_RULES])
            with self.inside:
                TextElement(tag="small", text=text).classes("sf-help sf-asks")

    def set_visibility(self, visible: bool) -> None:
        self.box.set_visibility(visible)


def text_field(
    key: str,
    label: str,
    *,
    value: str = "",
    longest: int = 200,
    lines: int = 1,
    read: Read | None = None,
    **look: Unpack[Look],
) -> Field:
    """Text; `read` may check and normalise it further, raising `BadText`."""
    control: Any = web.textarea(value=value) if lines > 1 else web.input(value=value)
    control.props(f"dense outlined hide-bottom-space autocomplete=off maxlength={longest}")
    if lines > 1:
        control.props(f"rows={lines}")

    def clean(text: str) -> Any:
        plain = clean_text(text, longest, multiline=lines > 1)
        return read(plain) if read else plain

    return Field(key, label, control, clean, **look)


def reason_field(label: str, *, least: int, key: str = "reason", value: str = "", lines: int = 3) -> Field:
    """A text of some length that must be given."""

    def enough(text: str) -> str:
        if len(text) < least:
            raise BadText(f"请填写{label}（不少于{least}个字）")
        return text

    field = text_field(key, label, value=value, lines=lines, required=True, read=enough, help=f"不少于{least}个字")
    field.marks = "dialog-text"
    return field


def date_field(key: str, label: str, *, value: date | str | None = None, **look: Unpack[Look]) -> Field:
    """Make a field for a day, typed as 20260301, 2026-3-1 or 2026年3月1日; a text `value` is shown as typed."""
    control = web.input(value=str(value or ""), placeholder="年-月-日")
    control.props("dense outlined hide-bottom-space autocomplete=off maxlength=12").classes("sf-date")
    offer_calendar(control, label)
    return Field(key, label, control, parse_day, **look)


def number_field(key: str, label: str, *, value: str = "", unit: str = "", **look: Unpack[Look]) -> Field:
    """A number kept as it was typed, for forms whose service reads it."""
    control = web.input(value=value).classes("sf-number")
    control.props("dense outlined hide-bottom-space autocomplete=off inputmode=decimal maxlength=24")
    if unit:
        control.props["suffix"] = unit
    if unit == "元":
        control.classes("sf-money")
    return Field(key, label, control, str, **look)


_SEPARATED = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")


def money_field(key: str, label: str, *, value: Decimal | None = None, **look: Unpack[Look]) -> Field:
    return _number(key, label, value, "元", _typed_money, **look)


def _typed_money(text: str) -> Decimal:
    """An amount as people write it, with separators between thousands or without; partners send it without."""
    plain = half_width(text).strip()
    return parse_money(plain.replace(",", "") if _SEPARATED.fullmatch(plain) else text)


def area_field(key: str, label: str, *, value: Decimal | None = None, **look: Unpack[Look]) -> Field:
    return _number(key, label, value, "㎡", parse_area, **look)


def count_field(
    key: str,
    label: str,
    *,
    value: int | None = None,
    unit: str = "",
    **look: Unpack[Look],
) -> Field:
    """A whole number that is not negative."""

    def whole(text: str) -> int:
        if not (text.strip().isascii() and text.strip().isdigit()) or len(text.strip()) > 9:
            raise BadText(f"{label}请填写整数。")
        return int(text)

    return _number(key, label, value, unit, whole, **look)


def choice_field(
    key: str,
    label: str,
    options: Mapping[str, str],
    *,
    value: str = "",
    empty: str = "",
    on_change: Callable[..., Any] | None = None,
    **look: Unpack[Look],
) -> Field:
    """Return an of named values, chosen without the mouse by number, pinyin initials or text."""
    control = Choice(options, value=value, name=label, empty=empty, on_change=on_change)
    return Field(key, label, control, str, **look)


def flag_field(key: str, label: str, *, value: bool = False, **look: Unpack[Look]) -> Field:
    control = web.checkbox(value=value).props("dense")
    return Field(key, label, control, bool, **look)


def shown_field(label: str, value: Any, *, span: int = 1) -> TextElement:
    """A value that cannot be changed; it is text and no control, so nothing can be sent back for it."""
    with web.element("div").classes("sf-field").style(f"grid-column: span {span}"):
        TextElement(tag="span", text=label).classes("sf-label")
        text = TextElement(tag="output", text=shown(value) or "—").classes("sf-shown")
        text.props["aria-label"] = label
    return text


def _number(key: str, label: str, value: Any, unit: str, read: Read, **look: Unpack[Look]) -> Field:
    plain = "" if value is None else f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    control = web.input(value=plain).classes("sf-number")
    control.props("dense outlined hide-bottom-space autocomplete=off inputmode=decimal maxlength=20")
    if unit:
        control.props["suffix"] = unit
    if unit == "元":
        control.classes("sf-money")
    return Field(key, label, control, read, **look)


def offer_calendar(control: Any, name: str) -> None:
    """Put the button into an input; the keyboard passes it by, for days are typed quicker."""
    with control.add_slot("append"):
        button = icon_button("calendar_month", f"从日历选择{name}", lambda: _open(control))
        button.props("tabindex=-1 size=sm").classes("sf-calendar-open")
    control.on("keydown.alt.down", lambda: _open(control), js_handler="(e) => { e.preventDefault(); emit(); }")


def _open(control: Any) -> None:
    if not control.enabled or control.is_deleted:
        return
    with control, web.menu(value=True).props("no-parent-event no-refocus auto-close=false") as menu:
        calendar = (
            web.date(value=_day(str(control.value or ""))).props("minimal flat first-day-of-week=1").mark("calendar")
        )

    def take(event: events.ValueChangeEventArguments[str | None]) -> None:
        day = _day(str(event.value or ""))
        if day is not None:
            control.set_value(day)
        menu.close()
        web.run_javascript(f"document.getElementById({control.html_id!r})?.focus()")

    calendar.on_value_change(take)
    menu.on("hide", menu.delete)


def _day(text: str) -> str | None:
    """The day in the calendar's own writing; None for what is no day."""
    try:
        return parse_day(text).isoformat()
    except BadText:
        return None
