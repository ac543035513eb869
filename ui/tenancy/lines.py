"""A short list that is given whole: dense rows with the keys of the big grids, Enter opens, the row in hand is known."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

# The row that has the focus is told to the server, so that a key may act on it.
_BODY = """
<q-tr :props="props" tabindex="-1" @focus="$parent.$emit('hold', props.row.id)" @click="$event.currentTarget.focus()"
  @dblclick="$parent.$emit('enter', props.row.id)">
  <q-td v-for="col in props.cols" :key="col.name" :props="props" :data-label="col.label" :title="col.value">
    <span v-if="props.row['tone-' + col.name]" :class="'sf-badge sf-' + props.row['tone-' + col.name]">{{ col.value }}</span>
    <template v-else>{{ col.value }}</template>
  </q-td>
</q-tr>
"""


@dataclass(frozen=True)
class LineColumn:
    """`show` makes the text of a line's cell, `tone` its colour."""

    label: str
    show: Callable[[Any], str]
    width: int = 0
    tone: Callable[[Any], str] | None = None


@dataclass
class Lines:
    """`key` names a line; `on_enter` opens one."""

    label: str
    columns: Mapping[str, LineColumn]
    lines: Sequence[Any]
    key: Callable[[Any], str]
    on_enter: Callable[[Any], Awaitable[object] | object]
    empty: str = "没有记录"
    held: Any = None
    by_key: dict[str, Any] = field(default_factory=dict)

    def draw(self) -> None:
        """Draw into the current container."""
        self.by_key = {self.key(line): line for line in self.lines}
        told = [
            {
                "name": name,
                "label": one.label,
                "field": name,
                "align": "left",
                "style": f"width:{one.width}px" if one.width else "",
            }
            for name, one in self.columns.items()
        ]
        with web.element("div").classes("sf-grid sf-grid-whole"):
            if not self.lines:
                TextElement(tag="p", text=self.empty).classes("sf-empty sf-empty-small")
                return
            table = web.table(columns=told, rows=[self._row(line) for line in self.lines], row_key="id", pagination=0)
            table.props("dense flat square hide-bottom table-header-class=sf-th")
            table.props["table-aria-label"] = table.props["aria-label"] = self.label
            table.add_slot("body", _BODY)
            table.on("hold", self._hold)
            table.on("enter", self._enter)

    def _row(self, line: Any) -> dict[str, Any]:
        row: dict[str, Any] = {"id": self.key(line)}
        for name, column in self.columns.items():
            row[name] = column.show(line)
            if column.tone is not None and row[name]:
                row[f"tone-{name}"] = column.tone(line)
        return row

    def _hold(self, event: events.GenericEventArguments) -> None:
        self.held = self.by_key.get(str(event.args))

    async def _enter(self, event: events.GenericEventArguments) -> None:
        line = self.by_key.get(str(event.args))
        if line is not None:
            done = self.on_enter(line)
            if isawaitable(done):
                await done
