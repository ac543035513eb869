"""A short table of lines in memory: no paging, with the keys and look of the grid."""

from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from typing import Any

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.shell.sheet import Column, Sheet

Act = Callable[[Any], Awaitable[object] | object]


class Rows:
    """A table of `lines`; arrows move, Enter or a double click runs `on_enter`, space or a click `on_pick`.

    A line is known by `id_of`, else by its `id` or its position. With `wraps` long texts take several lines; the first
    `frozen` columns stay when the others are moved.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        lines: Sequence[Any] = (),
        *,
        label: str,
        wraps: bool = False,
        frozen: int = 0,
        empty: str = "没有记录",
        on_enter: Act | None = None,
        on_pick: Act | None = None,
        id_of: Callable[[Any], object] | None = None,
    ) -> None:
        self._id_of = id_of
        self.on_enter, self.on_pick = on_enter, on_pick
        self.lines: dict[str, Any] = {}
        self._held = ""
        with web.element("div").classes("sf-grid sf-rows"):
            self.table = Sheet(columns, label=label, frozen=frozen).mark(label)
            if wraps:
                self.table.classes("sf-wrap")
            self.table.on("hold", self._hold)
            self.table.on("enter", self._entered)
            self.table.on("pick", self._picked)
            self.none = TextElement(tag="p", text=empty).classes("sf-empty")
        self.show(lines)

    @property
    def held(self) -> Any:
        """The line with the keyboard, if there is one."""
        return self.lines.get(self._held)

    def show(self, lines: Sequence[Any]) -> None:
        """Show these lines instead."""
        self.lines = {self._id(line, place): line for place, line in enumerate(lines)}
        self.table.show(lines, ids=list(self.lines))
        self.none.set_visibility(not lines)
        self.table.set_visibility(bool(lines))

    def _id(self, line: Any, place: int) -> str:
        return str(getattr(line, "id", place) if self._id_of is None else self._id_of(line))

    def focus(self) -> None:
        """Put the keyboard on the first row."""
        self.table.focus_first()

    def _hold(self, event: events.GenericEventArguments) -> None:
        self._held = str(event.args)

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
