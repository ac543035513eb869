"""A short list that is given whole: dense rows with the keys of the big grids, Enter opens, the row in hand is known."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from nicegui import events
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement


@dataclass(frozen=True)
class LineColumn:
    """`show` makes the text of a line's cell, `tone` its colour."""

    label: str
    show: Callable[[Any], str]
    width: int = 0
    tone: Callable[[Any], str] | None = None


class Lines(Element, component="lines.js"):
    """`key` names a line; `on_enter` opens one. Without `on_enter` the rows are only read."""

    def __init__(
        self,
        label: str,
        columns: Mapping[str, LineColumn],
        lines: Sequence[Any],
        *,
        key: Callable[[Any], str],
        on_enter: Callable[[Any], Awaitable[object] | object] | None = None,
        empty: str = "没有记录",
    ) -> None:
        super().__init__()
        self.lines = list(lines)
        self.held: Any = None
        self._by_key = {key(line): line for line in lines}
        self._on_enter = on_enter
        self._props["name"] = label
        self.mark(label)
        self._props["pick"] = on_enter is not None
        self._props["columns"] = [
            {"name": name, "label": one.label, "width": one.width} for name, one in columns.items()
        ]
        self._props["rows"] = [_row(name, line, columns) for name, line in self._by_key.items()]
        self.on("hold", self._hold)
        self.on("enter", self._enter)
        if not self.lines:
            self.set_visibility(False)
            with self.parent_slot.parent if self.parent_slot else self:
                TextElement(tag="p", text=empty).classes("sf-empty sf-empty-small")

    def _hold(self, event: events.GenericEventArguments) -> None:
        self.held = self._by_key.get(str(event.args))

    async def _enter(self, event: events.GenericEventArguments) -> None:
        line = self._by_key.get(str(event.args))
        if line is not None and self._on_enter is not None:
            done = self._on_enter(line)
            if isawaitable(done):
                await done


def _row(name: str, line: Any, columns: Mapping[str, LineColumn]) -> dict[str, Any]:
    cells = {key: column.show(line) for key, column in columns.items()}
    tones = {key: column.tone(line) for key, column in columns.items() if column.tone is not None and cells[key]}
    return {"id": name, "cells": cells, "tones": tones}
