"""A short dense table of lines that are already at hand: no paging, the same keys and looks as the grid."""

from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from typing import Any

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.shell.grid import BODY, Column
from ui.shell.values import shown

Act = Callable[[Any], Awaitable[object] | object]

# A row is picked by the space bar as by a click; Enter is the shell's and opens it.
PICK_BY_SPACE = (
    "(e) => { if (e.key === ' ' && e.target.tagName === 'TR') "
    "{ e.preventDefault(); e.target.dispatchEvent(new MouseEvent('click', { bubbles: true })); } }"
)


class Rows:
    """Lines with an `id`; arrows move, Enter or a double click runs `on_enter`, space or a click `on_pick`."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        label: str,
        empty: str = "没有记录",
        on_enter: Act | None = None,
        on_pick: Act | None = None,
    ) -> None:
        self.columns, self.on_enter, self.on_pick = columns, on_enter, on_pick
        self.lines: dict[str, Any] = {}
        told = [
            {
                "name": column.key,
                "label": column.label,
                "field": column.key,
                "align": "right" if column.number else "left",
                "style": f"width: {column.width}px" if column.width else "",
            }
            for column in columns
        ]
        with web.element("div").classes("sf-grid sf-rows") as self.box:
            self.table = web.table(columns=told, rows=[], row_key="id", pagination=0)
            self.table.props("dense flat square hide-bottom table-header-class=sf-th")
            self.table.props["table-aria-label"] = label
            self.table.props["aria-label"] = label
            self.table.add_slot("body", BODY)
            self.table.on("enter", self._entered)
            self.table.on("pick", self._picked)
            self.none = TextElement(tag="p", text=empty).classes("sf-empty")
        self.box.on("keydown", js_handler=PICK_BY_SPACE)

    def show(self, lines: Sequence[Any]) -> None:
        """Show these lines instead."""
        self.lines = {str(line.id): line for line in lines}
        self.table.rows = [row_of(line, self.columns) for line in lines]
        self.table.update()
        self.none.set_visibility(not lines)
        self.table.set_visibility(bool(lines))

    def focus(self) -> None:
        """Put the keyboard on the first row."""
        web.run_javascript(f"setTimeout(() => document.querySelector('#c{self.table.id} tbody tr')?.focus(), 60)")

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


def row_of(line: Any, columns: Sequence[Column]) -> dict[str, Any]:
    """One line as the table shows it."""
    row: dict[str, Any] = {"id": str(line.id)}
    for column in columns:
        value = getattr(line, column.key, None)
        row[column.key] = column.show(value) if column.show else shown(value)
        if column.tones:
            row[f"tone-{column.key}"] = column.tones.get(str(value), column.tones.get(row[column.key], "muted"))
    return row
