"""A choice among named values that needs no mouse: type its number, its pinyin initials or a part of it, then Enter."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from nicegui import events
from nicegui.elements.mixins.disableable_element import DisableableElement
from nicegui.elements.mixins.value_element import ValueElement

from models.letters import initials


class Combobox(ValueElement[str], DisableableElement, component="choice.js"):
    """A text box with a list under it; the empty value means nothing is chosen."""

    VALUE_PROP = "value"

    def __init__(self, *, value: str, name: str, on_change: Callable[..., Any] | None) -> None:
        super().__init__(value=value, on_value_change=on_change)
        self._props["name"] = name
        self._props["inputId"] = self.html_id + "-input"

    @property
    def input_id(self) -> str:
        """Return what a label's `for` names."""
        return str(self._props["inputId"])


class Choice(Combobox):
    """`options` maps values to labels; values outside are not accepted."""

    def __init__(
        self,
        options: Mapping[str, str],
        *,
        value: str = "",
        name: str,
        empty: str = "",
        on_change: Callable[[events.ValueChangeEventArguments[str]], Any] | None = None,
    ) -> None:
        self.options = {str(key): label for key, label in options.items()}
        self._empty = empty
        super().__init__(value=value if value in self.options else "", name=name, on_change=on_change)
        self._tell_options()

    def set_options(self, options: Mapping[str, str], *, value: str | None = None) -> None:
        """Other options; a value that is no longer among them is dropped."""
        self.options = {str(key): label for key, label in options.items()}
        self._tell_options()
        wanted = self.value if value is None else value
        self.set_value(wanted if wanted in self.options else "")
        self.update()

    def _tell_options(self) -> None:
        self._props["options"] = _offered(tuple(self.options.items()), self._empty)

    def _event_args_to_value(self, event: events.GenericEventArguments) -> str:
        chosen = str(event.args or "")
        return chosen if chosen in self.options or chosen == "" else self.value


@lru_cache(maxsize=256)
def _offered(options: tuple[tuple[str, str], ...], empty: str) -> tuple[dict[str, str], ...]:
    """Return the options for the browser: made once for all pages, and a tuple, whose items the library does not watch."""
    offered = [{"value": "", "label": empty, "keys": ""}] if empty else []
    for number, (value, label) in enumerate(options, 1):
        keys = f"{number} {value} {initials(label)}".casefold()
        offered.append({"value": value, "label": label, "keys": keys, "number": str(number)})
    return tuple(offered)
