"""The elements of our own that the guided form is made of: its rail of steps, lists to tick, the signature pad."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import events
from nicegui import ui as web
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from nicegui.elements.mixins.value_element import ValueElement


class Rail(Element, component="rail.js"):
    """`steps` are (key, title); states are open, done or wrong."""

    def __init__(
        self,
        steps: Sequence[tuple[str, str]],
        *,
        go: Callable[[str], Awaitable[None]],
        turn: Callable[[int], Awaitable[None]],
        leave: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__()
        self._titles = dict(steps)
        self.show(next(iter(self._titles)), {})

        async def went(event: events.GenericEventArguments) -> None:
            if isinstance(event.args, str) and event.args in self._titles:
                await go(event.args)

        async def turned(event: events.GenericEventArguments) -> None:
            await turn(1 if event.args == 1 else -1)

        self.on("go", went)
        self.on("turn", turned)
        self.on("leave", lambda: leave())

    def show(self, current: str, states: dict[str, str]) -> None:
        """Show the current step and the states of the others."""
        told: list[dict[str, Any]] = [
            {"key": key, "title": title, "state": states.get(key, "open")} for key, title in self._titles.items()
        ]
        self._props["steps"] = told
        self._props["current"] = current
        self.update()


@dataclass(frozen=True)
class Tick:
    """A line to tick. `off` cannot be ticked; `badge` shows its state, coloured by `tone`."""

    value: str
    label: str = ""
    cells: tuple[str, ...] = ()
    badge: str = ""
    tone: str = ""
    off: bool = False


class TickList(ValueElement[list[str]], component="ticks.js"):
    """Values outside the list, or of lines that are off, are not accepted."""

    VALUE_PROP = "value"
    LOOPBACK = False

    def __init__(
        self,
        name: str,
        lines: Sequence[Tick],
        *,
        value: Sequence[str],
        columns: Sequence[str] = (),
        on_change: Callable[[list[str]], Any] | None = None,
    ) -> None:
        self._open = {line.value for line in lines if not line.off}
        super().__init__(value=list(value), on_value_change=lambda event: on_change(event.value) if on_change else None)
        self._props["name"] = name
        self._props["columns"] = list(columns)
        self._props["options"] = [
            {
                "value": line.value,
                "label": line.label,
                "cells": list(line.cells) or None,
                "badge": line.badge,
                "tone": line.tone,
                "off": line.off,
            }
            for line in lines
        ]

    def _event_args_to_value(self, event: events.GenericEventArguments) -> list[str]:
        sent = event.args if isinstance(event.args, list) else []
        return [str(value) for value in sent if value in self._open]


_PNG = "data:image/png;base64,"
_LARGEST = 400_000


class SignaturePad(Element, component="signature.js"):
    """`on_signed` gets the drawing as a PNG data URL after each stroke; anything else sent is ignored."""

    def __init__(self, name: str, on_signed: Callable[[str], Any]) -> None:
        super().__init__()
        self._props["name"] = name

        def signed(event: events.GenericEventArguments) -> None:
            image = event.args
            if isinstance(image, str) and image.startswith(_PNG) and len(image) <= _LARGEST:
                on_signed(image)

        self.on("signed", signed)

    def clear_pad(self) -> None:
        """An empty pad."""
        self.run_method("clear")


def head_box(title: str) -> web.element:
    """A section's head that takes buttons."""
    with web.element("div").classes("sf-head") as box:
        TextElement(tag="span", text=title)
    return box
