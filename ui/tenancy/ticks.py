"""A list of things to tick: rooms, materials, facilities; one element however long it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import events
from nicegui.elements.mixins.value_element import ValueElement


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
