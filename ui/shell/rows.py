"""A short table of lines in memory: no paging, with the keys and look of the grid."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.shell.sheet import Column, Sheet

Act = Callable[[Any], Awaitable[object] | object]


@dataclass(frozen=True)
class _Numbered:
    """A line without an `id`, identified by its position."""

    id: int
    line: object

    def __getattr__(self, name: str) -> object:
        return getattr(self.line, name)


class Rows:
    """A table of `lines`; arrows move, Enter or a double click runs `on_enter`, space or a click `on_pick`.

    With `wraps` long texts take several lines.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        lines: Sequence[Any] = (),
        *,
        label: str,
        wraps: bool = False,
        empty: str = "没有记录",
        on_enter: Act | None = None,
        on_pick: Act | None = None,
    ) -> None:
        self.on_enter, self.on_pick = on_enter, on_pick
        self.lines: dict[str, Any] = {}
        with web.element("div").classes("sf-grid sf-rows"):
            self.table = Sheet(columns, label=label).mark(label)
            self.table.on("enter", self._entered)
            self.table.on("pick", self._picked)
            self.none = TextElement(tag="p", text=empty).classes("sf-empty")
        if wraps:
            self.table.classes("sf-wrap")
        self.show(lines)

    def show(self, lines: Sequence[Any]) -> None:
        """Show these lines instead."""
        shown = [line if hasattr(line, "id") else _Numbered(number, line) for number, line in enumerate(lines)]
        self.lines = {str(one.id): line for one, line in zip(shown, lines, strict=True)}
        self.table.show(shown)
        self.none.set_visibility(not lines)
        self.table.set_visibility(bool(lines))

    def focus(self) -> None:
        """Put the keyboard on the first row."""
        self.table.focus_first()

    async def _entered(self, event: events.GenericEventArguments) -> None:
        await self._run(event.args, self.on_enter)

    async def _picked(self, event: events.GenericEventArguments) -> None:
        await self._run(event.args, self.on_pick)

    async def _run(self, row_id: object, act: Act | None) -> None:
        line = self.lines.get(str(row_id))
        if line is None or act is None:
            return
        done = act(line)
        if isawaitable(done):
            await done
