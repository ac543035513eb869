"""The table every list is drawn with: rows that keep the keyboard's place while the page around them changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui.element import Element

from ui.shell.values import shown, tone_of


@dataclass(frozen=True)
class Column:
    """A column: its cell is `value(line)`, else the line's attribute `key`, which is the query's sort name too.

    A value that has a tone, a `Code` or a `Toned` word, is drawn in it.
    """

    key: str
    label: str
    sortable: bool = False
    number: bool = False
    width: int = 0
    show: Callable[[Any], str] | None = None
    value: Callable[[Any], Any] | None = None
    #: Whether the column is there until the user chooses.
    shown: bool = True
    #: The width the user has dragged it to.
    set_width: int = 0


class Sheet(Element, component="sheet.js"):
    """Rows with an id.

    Events: `pick` (click, space), `enter` (double click, Enter), `hold` (keyboard) with the id, `sort`, `width`.

    With `ticks` rows can be ticked (the key X); the event `ticks` carries the ids of all ticked rows.
    """

    def __init__(self, columns: Sequence[Column], *, label: str, ticks: bool = False, frozen: int = 0) -> None:
        super().__init__()
        self.rows: list[dict[str, Any]] = []
        self._props["label"] = label
        self._props["ticks"] = ticks
        # Tuples: NiceGUI watches lists cell by cell.
        self._props["rows"] = ()
        self._props["totals"] = None
        self.lay_out([column for column in columns if column.shown], frozen=frozen)

    def lay_out(self, columns: Sequence[Column], *, frozen: int = 0) -> None:
        """Draw these columns, the first of them frozen; rows are shown in them from the next `show` on."""
        self.columns = columns
        self._props["frozen"] = frozen
        self._props["columns"] = tuple(
            {
                "name": column.key,
                "label": column.label,
                "number": column.number,
                "sortable": column.sortable,
                "width": column.set_width or column.width,
                "set": column.set_width,
            }
            for column in columns
        )

    def add_up(self, totals: Mapping[str, Any]) -> None:
        """Show the sums of columns over all rows under the table; none hides the line."""
        self._props["totals"] = {key: shown(value) for key, value in totals.items()} or None

    def show(self, lines: Sequence[Any], *, sort: str = "", ids: Sequence[str] | None = None) -> None:
        """Show these lines, known by `ids` or each by its `id`; `sort` is marked at its column."""
        known = [str(line.id) for line in lines] if ids is None else ids
        self.rows = [{"id": one, **cells_of(line, self.columns)} for one, line in zip(known, lines, strict=True)]
        self._props["rows"] = tuple(self.rows)
        self._props["sort"] = sort
        self.update()

    def choose(self, row_id: object, *, follow: bool = True) -> None:
        """Mark a row as the one in hand; with `follow` the keyboard goes there when it was in the table."""
        self.run_method("choose", str(row_id), follow)

    def tick_all(self, on: bool) -> None:
        """Show every row as ticked, also those of the next pages, until the user takes a tick away."""
        if self._props.get("whole", False) is not on:
            self._props["whole"] = on
            self.update()

    def untick(self) -> None:
        """Clear all ticks."""
        self.run_method("untick")

    def focus_first(self) -> None:
        """Put the keyboard on the first row."""
        self.run_method("first")


def cells_of(line: Any, columns: Sequence[Column]) -> dict[str, Any]:
    """Return the cells of one line, with the tone of each cell that has one."""
    row: dict[str, Any] = {}
    for column in columns:
        value = column.value(line) if column.value else getattr(line, column.key, None)
        cell = column.show(value) if column.show else value
        row[column.key] = shown(cell)
        if not row[column.key]:
            continue
        if tone := tone_of(cell) or tone_of(value):
            row[f"tone-{column.key}"] = tone
    return row
