"""A calendar beside a day that is typed: opened by its button or Alt+↓, drawn only then."""

from typing import Any

from nicegui import events
from nicegui import ui as web

from models.normal import BadText, parse_day
from ui.shell.buttons import icon_button


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
