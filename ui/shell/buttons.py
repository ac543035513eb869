"""Buttons in the three weights pages use: the main one, an ordinary one, one that takes something away."""

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui as web


def main_button(label: str, on_click: Callable[..., Any] | None = None, *, icon: str | None = None) -> web.button:
    """The one thing this page is for; the Enter key arrives here after the last field."""
    # No colour by name: the library's own colour classes cannot be overruled where the theme is dark.
    return _button(label, on_click, icon, "sf-button-main sf-next", "unelevated")


def plain_button(label: str, on_click: Callable[..., Any] | None = None, *, icon: str | None = None) -> web.button:
    return _button(label, on_click, icon, "sf-button", "flat")


def danger_button(label: str, on_click: Callable[..., Any] | None = None, *, icon: str | None = None) -> web.button:
    return _button(label, on_click, icon, "sf-button-danger", "unelevated")


def icon_button(icon: str, label: str, on_click: Callable[..., Any] | None = None) -> web.button:
    """A small button without words; `label` is what it is called."""
    button = web.button(icon=icon, on_click=on_click, color=None).props("flat dense").classes("sf-button-icon")
    button.props["aria-label"] = label
    return button


def _button(label: str, on_click: Callable[..., Any] | None, icon: str | None, classes: str, weight: str) -> web.button:
    button = web.button(label, on_click=on_click, icon=icon, color=None)
    return button.props(f"{weight} dense no-caps").classes(classes)


def press(buttons: Mapping[Any, web.button], chosen: object) -> None:
    """Show which of some buttons is the chosen one."""
    for key, button in buttons.items():
        button.classes(**{"add" if key == chosen else "remove": "sf-on"})
        button.props["aria-pressed"] = str(key == chosen).lower()


def reload_button(label: str) -> web.button:
    """Loads the page anew, as F5 does."""
    return plain_button(label, icon="refresh").on("click", js_handler="() => location.reload()")
