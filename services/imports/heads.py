"""Finds the heads of a table: below a title, over two rows, in any order, under other names, among foreign columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string

from models.normal import half_width, without_blanks
from services.files.file_refusals import FileRefused
from services.imports.row_kinds import Cell, ImportColumn

_SEARCHED_ROWS = 10
_TAKE_TEMPLATE = "请下载模板，在模板中填写后上传"
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+):\$?([A-Z]{1,3})\$?([0-9]+)")


@dataclass(frozen=True)
class Heads:
    """The last row of the heads, and the position of each column, from 0."""

    last_row: int
    places: Mapping[str, int]
    foreign: tuple[tuple[int, str], ...]


class HeadsDiffer(FileRefused):
    """Raised for heads that differ from the template; the user can match the columns.

    `last_row` is the row taken for the heads, `heads` its texts by position from 0, `known` the recognised ones.
    """

    def __init__(self, message: str, last_row: int, heads: Sequence[str], known: Mapping[str, int]) -> None:
        super().__init__("IMPORT-HEAD", message)
        self.last_row, self.known = last_row, dict(known)
        self.heads = [(place, head[:40]) for place, head in enumerate(heads) if head]


@dataclass(frozen=True)
class Span:
    """Merged cells; all numbers count from 1."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int
    place: str


def spans(merged: Sequence[str]) -> list[Span]:
    """The merged cells of a sheet in numbers."""
    found = []
    for place in merged:
        if parts := _RANGE.fullmatch(place):
            found.append(
                Span(
                    int(parts[2]),
                    int(parts[4]),
                    column_index_from_string(parts[1]),
                    column_index_from_string(parts[3]),
                    place,
                )
            )
    return found


def find_heads(lines: Sequence[Sequence[Cell]], columns: Sequence[ImportColumn], merged: Sequence[Span]) -> Heads:
    """The rows of heads; a table in which a required column has none is refused."""
    names = {_plain(name): column.label for column in columns for name in (column.label, *column.aliases)}
    best: tuple[int, int, list[str]] = (0, 0, [])
    for at in range(min(len(lines), _SEARCHED_ROWS)):
        one = [cell.text.strip() for cell in lines[at]]
        candidates = [(at + 1, one)]
        if at + 1 < len(lines):
            candidates.append((at + 2, _joined(one, lines[at + 1], at + 1, merged)))
        for last_row, heads in candidates:
            known = len({names[_plain(head)] for head in heads if _plain(head) in names})
            if known > best[0]:
                best = known, last_row, heads
    if not best[0]:
        filled = next((at for at, line in enumerate(lines) if sum(bool(cell.text.strip()) for cell in line) > 1), 0)
        best = 0, filled + 1, [cell.text.strip() for cell in lines[filled]] if lines else []
    return _heads(best[1], best[2], names, columns)


def heads_at(
    lines: Sequence[Sequence[Cell]], columns: Sequence[ImportColumn], last_row: int, places: Mapping[str, int]
) -> Heads:
    """Return heads as matched by the user: the position of each column."""
    taken = {label: place for label, place in places.items() if any(column.label == label for column in columns)}
    if missing := [column.label for column in columns if column.required and column.label not in taken]:
        raise FileRefused("IMPORT-HEAD", f"请指定“{'、'.join(missing)}”对应的列")
    if not 0 < last_row <= len(lines) or len(set(taken.values())) < len(taken):
        raise FileRefused("IMPORT-HEAD", "同一列不能对应两个栏目，请重新指定")
    used = set(taken.values())
    named = enumerate(cell.text.strip() for cell in lines[last_row - 1])
    return Heads(last_row, taken, tuple((place, head) for place, head in named if head and place not in used))


def _heads(last_row: int, heads: Sequence[str], names: Mapping[str, str], columns: Sequence[ImportColumn]) -> Heads:
    places: dict[str, int] = {}
    foreign, twice = [], ""
    for place, head in enumerate(heads):
        label = names.get(_plain(head))
        if label is None:
            if head:
                foreign.append((place, head))
        elif label in places:
            twice = label
        else:
            places[label] = place
    if twice:
        raise HeadsDiffer(f"表头“{twice}”出现了两次，{_TAKE_TEMPLATE}", last_row, heads, places)
    if missing := [column.label for column in columns if column.required and column.label not in places]:
        raise HeadsDiffer(f"找不到表头“{'、'.join(missing)}”，{_TAKE_TEMPLATE}", last_row, heads, places)
    return Heads(last_row, places, tuple(foreign))


def _joined(upper: Sequence[str], below: Sequence[Cell], row: int, merged: Sequence[Span]) -> list[str]:
    """Two rows of heads as one: a head over several columns goes before each of those below it."""
    over = list(upper)
    for span in merged:
        if span.first_row == span.last_row == row and span.first_column <= len(over):
            last = min(span.last_column, len(over))
            over[span.first_column - 1 : last] = [over[span.first_column - 1]] * (last - span.first_column + 1)
    under = [cell.text.strip() for cell in below]
    width = max(len(over), len(under))
    over, under = over + [""] * (width - len(over)), under + [""] * (width - len(under))
    return [above + lower for above, lower in zip(over, under, strict=True)]


def _plain(head: str) -> str:
    plain = without_blanks(half_width(head)).strip("*:")
    return re.sub(r"\((?:必填|选填|可选|文本|日期)[^()]*\)$", "", plain).strip("*:")
