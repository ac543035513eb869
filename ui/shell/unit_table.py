"""The building table: one cell a unit, coloured with a letter beside the colour, chosen by mouse or key (rows 70, 76, 82)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from nicegui import events
from nicegui.element import Element


@dataclass(frozen=True)
class Cell:
    """A unit in its place: section, column in it, storeys; `tone` colours it, `letter` says the same without colour."""

    id: UUID
    section: str
    column: int
    span: int
    floor_from: int
    floor_to: int
    label: str
    tone: str
    letter: str
    title: str


class UnitTable(Element, component="unit_table.js"):
    """Storeys with their labels from the top down and cells; `picked(unit_id)` is called for a chosen one."""

    def __init__(
        self,
        floors: Sequence[tuple[int, str]],
        cells: Sequence[Cell],
        *,
        label: str,
        picked: Callable[[UUID], object],
    ) -> None:
        super().__init__()
        widths: dict[str, int] = {}
        for cell in cells:
            widths[cell.section] = max(widths.get(cell.section, 1), cell.column + cell.span)
        lows = {name: min(cell.column for cell in cells if cell.section == name) for name in widths}
        starts, at = {}, 0
        for name in sorted(widths):
            starts[name], at = at - lows[name], at + widths[name] - lows[name]
        known = {str(cell.id): cell.id for cell in cells}
        self._props["label"] = label
        self._props["floors"] = tuple(floors)
        self._props["sections"] = tuple({"name": name, "columns": widths[name] - lows[name]} for name in sorted(widths))
        self._props["cells"] = tuple(
            {
                "id": str(cell.id),
                "at": starts[cell.section] + cell.column,
                "span": cell.span,
                "from": cell.floor_from,
                "to": cell.floor_to,
                "label": cell.label,
                "tone": cell.tone,
                "letter": cell.letter,
                "title": cell.title,
            }
            for cell in cells
        )
        self.mark("unit-table")

        def chosen(event: events.GenericEventArguments) -> object:
            unit = known.get(str(event.args))
            return picked(unit) if unit is not None else None

        self.on("pick", chosen)
