"""Places of units in a building table: storeys from the top down, sections beside each other, no unit over another."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Cell:
    """A unit of a building table.

    `column` and `span` count within its section. `floor_from` and `floor_to` are real storeys (a duplex has two); there
    is no storey 0. `label` is the room number, `words` what is read out besides: use, layout, area.
    """

    id: UUID
    section: str
    column: int
    span: int
    floor_from: int
    floor_to: int
    label: str
    words: str = ""


@dataclass(frozen=True)
class Placed:
    """Place of a cell: its top row, its column over all sections, and how many rows and columns it takes."""

    row: int
    column: int
    down: int
    span: int


@dataclass(frozen=True)
class Places:
    """A building table laid out: labels of the rows, sections with their widths, and the place of each cell in order."""

    floors: tuple[tuple[int, str], ...]
    sections: tuple[tuple[str, int], ...]
    cells: tuple[Placed, ...]

    def rows(self) -> Iterator[tuple[int, ...]]:
        """Yield what each row draws from left to right: a cell's index, or how many columns stay empty, negative."""
        width = sum(wide for _, wide in self.sections)
        edges = _starts(self.sections)
        taken: list[list[int | None]] = [[None] * width for _ in self.floors]
        for index, one in enumerate(self.cells):
            for row in range(one.row, one.row + one.down):
                for column in range(one.column, one.column + one.span):
                    taken[row][column] = index
        for number, row_of in enumerate(taken):
            yield tuple(self._drawn(number, row_of, set(edges.values())))

    def _drawn(self, row: int, taken: Sequence[int | None], edges: set[int]) -> Iterator[int]:
        empty = 0
        for column, index in enumerate(taken):
            begins = index is not None and (self.cells[index].row, self.cells[index].column) == (row, column)
            if empty and (index is not None or column in edges):
                yield -empty
                empty = 0
            if begins and index is not None:
                yield index
            elif index is None:
                empty += 1
        if empty:
            yield -empty


@dataclass
class _Section:
    """A section while it is filled: which of its columns are taken in which rows."""

    low: int
    width: int = 1
    taken: set[tuple[int, int]] = field(default_factory=set)

    def take(self, row: int, down: int, column: int, span: int) -> int:
        """Take a place for a cell, the next free one to the right where its own is taken; return its column."""
        while any((at, over) in self.taken for at in range(row, row + down) for over in range(column, column + span)):
            column += 1
        self.taken.update((at, over) for at in range(row, row + down) for over in range(column, column + span))
        self.width = max(self.width, column + span)
        return column


def places_of(floors: Sequence[tuple[int, str]], cells: Sequence[Cell]) -> Places:
    """Lay a building table out.

    Storeys that a cell reaches are drawn even where `floors` does not name them. Where the register gives two cells one
    place, the second moves right and widens its section, so that every unit is seen.
    """
    labels = dict(floors)
    for cell in cells:
        low, top = sorted((cell.floor_from, cell.floor_to))
        for floor in range(low, top + 1):
            # A unit through the ground has no storey 0 within, unless the register says that it begins or ends there.
            if floor or floor in (low, top):
                labels.setdefault(floor, str(floor))
    ordered = sorted(labels, reverse=True)
    row_of = {floor: row for row, floor in enumerate(ordered)}
    lows: dict[str, int] = {}
    for cell in cells:
        lows[cell.section] = min(cell.column, lows.get(cell.section, cell.column))
    sections = {name: _Section(lows[name]) for name in sorted(lows, key=_by_number)}
    within: dict[int, Placed] = {}
    tops = [sorted((row_of.get(cell.floor_to, 0), row_of.get(cell.floor_from, 0))) for cell in cells]
    for index in sorted(range(len(cells)), key=lambda one: (tops[one][0], cells[one].column)):
        cell, (top, bottom) = cells[index], tops[index]
        section = sections[cell.section]
        column = section.take(top, bottom - top + 1, cell.column - section.low, max(cell.span, 1))
        within[index] = Placed(top, column, bottom - top + 1, max(cell.span, 1))
    wide = tuple((name, one.width) for name, one in sections.items())
    starts = _starts(wide)
    moved = (
        Placed(within[index].row, starts[cell.section] + within[index].column, within[index].down, within[index].span)
        for index, cell in enumerate(cells)
    )
    return Places(tuple((floor, labels[floor]) for floor in ordered), wide, tuple(moved))


def _starts(sections: Sequence[tuple[str, int]]) -> dict[str, int]:
    found, at = {}, 0
    for name, width in sections:
        found[name] = at
        at += width
    return found


def _by_number(name: str) -> tuple[tuple[int, str], ...]:
    """Order section 10 after section 9, and words after numbers."""
    return tuple((int(part), "") if part.isdecimal() else (10**9, part) for part in re.findall(r"\d+|\D+", name))
