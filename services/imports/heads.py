"""Finds the heads of a table: below a title, over two rows, in any order, under other names, among foreign columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.names import DAMAGED, is_garbled
from models.normal import half_width, without_blanks
from services.engine.late import openpyxl
from services.files.file_refusals import FileRefused
from services.imports.sheets import Cell, SheetColumn

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import CellRange

_SEARCHED_ROWS = 10
#: So much of a head is kept.
LONGEST_HEAD = 40
_NOTE = re.compile(r"[(\[{【〔〖〈《<][^()\[\]{}【】〔〕〖〗〈〉《》<>]*[)\]}】〕〗〉》>]")
#: A note that changes what the figures mean hides its head on purpose.
_OTHER_UNIT = re.compile("[百千万亿]|亩|公顷|角|美元|港元")
_TAKE_TEMPLATE = "请下载模板，在模板中填写后上传"


@dataclass(frozen=True)
class Heads:
    """The last row of the heads, and the position of each column, from 0."""

    last_row: int
    places: Mapping[str, int]
    foreign: tuple[tuple[int, str], ...]
    #: Heads that are understood only because the firm matched them before.
    remembered: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class OwnHeads:
    """Heads of a firm's own with the column of each: `told` for this table, `remembered` from earlier ones."""

    told: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)


class HeadsDiffer(FileRefused):
    """Raised for heads that differ from the template; the user can match the columns.

    `last_row` is the row taken for the heads, `heads` its texts by position from 0, `known` the recognised ones.
    """

    def __init__(self, message: str, last_row: int, heads: Sequence[str], known: Mapping[str, int]) -> None:
        super().__init__("IMPORT-HEAD", message)
        self.last_row, self.known = last_row, dict(known)
        self.heads = [(place, head[:LONGEST_HEAD]) for place, head in enumerate(heads) if head]


def spans(merged: Sequence[str]) -> list[CellRange]:
    """The merged cells of a sheet in numbers, which count from 1."""
    found = []
    for place in merged:
        # What is no range of cells merges none.
        with suppress(ValueError, TypeError):
            found.append(openpyxl.worksheet.cell_range.CellRange(place))
    return found


def find_heads(
    lines: Sequence[Sequence[Cell]],
    columns: Sequence[SheetColumn],
    merged: Sequence[CellRange],
    own: OwnHeads,
) -> Heads:
    """The rows of heads; a table in which a required column has none is refused."""
    names = _Names(columns, own)
    best: tuple[int, int, list[str]] = (0, 0, [])
    for at in range(min(len(lines), _SEARCHED_ROWS)):
        one = [cell.text.strip() for cell in lines[at]]
        candidates = [(at + 1, one)]
        if at + 1 < len(lines):
            candidates.append((at + 2, _joined(one, lines[at + 1], at + 1, merged)))
        for last_row, heads in candidates:
            known = len(names.places(heads)[0])
            if known > best[0]:
                best = known, last_row, heads
    if not best[0]:
        filled = next((at for at, line in enumerate(lines) if sum(bool(cell.text.strip()) for cell in line) > 1), 0)
        best = 0, filled + 1, [cell.text.strip() for cell in lines[filled]] if lines else []
    return _heads(best[1], best[2], names, columns)


def heads_at(
    lines: Sequence[Sequence[Cell]], columns: Sequence[SheetColumn], last_row: int, places: Mapping[str, int]
) -> Heads:
    """Return heads as matched by the user: the position of each column."""
    if missing := [column.label for column in columns if column.required and column.label not in places]:
        raise FileRefused("IMPORT-HEAD", f"请指定“{'、'.join(missing)}”对应的列")
    used = set(places.values())
    named = enumerate(cell.text.strip() for cell in lines[last_row - 1])
    return Heads(last_row, places, tuple((place, head) for place, head in named if head and place not in used))


class _Names:
    """Meanings of heads: given for this table, by a column's names, as matched before, then without their notes."""

    def __init__(self, columns: Sequence[SheetColumn], own: OwnHeads) -> None:
        named = {
            _plain(name): column.label for column in columns for name in (column.label, *column.aliases) if _plain(name)
        }
        # A column whose own name says its unit takes no other note.
        bare = {name: label for name, label in named.items() if not _NOTE.search(_plain(label))}
        self._remembered = {_plain(head): label for head, label in own.remembered.items()}
        told = {_plain(head): label for head, label in own.told.items()}
        self._tiers: tuple[Callable[[str], str | None], ...] = (
            lambda head: told.get(_plain(head)) or told.get(_plain(head[:LONGEST_HEAD])),
            lambda head: named.get(_plain(head)),
            lambda head: self._remembered.get(_plain(head[:LONGEST_HEAD])),
            lambda head: bare.get(_without_notes(head)),
            lambda head: bare.get(_plain(head.split("\n")[0])),
        )

    def places(self, heads: Sequence[str]) -> tuple[dict[str, int], str]:
        """Return the place of each column, and the last one that two heads name alike."""
        places: dict[str, int] = {}
        twice = ""
        for tier in self._tiers:
            found: dict[str, int] = {}
            for place, head in enumerate(heads):
                label = tier(head) if place not in places.values() else None
                if label is None or label in places:
                    continue
                if label in found:
                    twice = label
                else:
                    found[label] = place
            places |= found
        return places, twice

    def remembered(self, head: str, label: str) -> bool:
        return self._tiers[0](head) is self._tiers[1](head) is None and self._tiers[2](head) == label


def _heads(last_row: int, heads: Sequence[str], names: _Names, columns: Sequence[SheetColumn]) -> Heads:
    places, twice = names.places(heads)
    used = set(places.values())
    foreign = tuple((place, head) for place, head in enumerate(heads) if head and place not in used)
    missing = [column.label for column in columns if column.required and column.label not in places]
    if missing and any(is_garbled(head) for head in heads):
        raise FileRefused("TEXT-DAMAGED", DAMAGED)
    if twice:
        raise HeadsDiffer(f"表头“{twice}”出现了两次，{_TAKE_TEMPLATE}", last_row, heads, places)
    if missing:
        raise HeadsDiffer(f"找不到表头“{'、'.join(missing)}”，{_TAKE_TEMPLATE}", last_row, heads, places)
    known = tuple((heads[place], label) for label, place in places.items() if names.remembered(heads[place], label))
    return Heads(last_row, places, foreign, known)


def _joined(upper: Sequence[str], below: Sequence[Cell], row: int, merged: Sequence[CellRange]) -> list[str]:
    """Two rows of heads as one: a head over several columns goes before each of those below it."""
    over = list(upper)
    for span in merged:
        if span.min_row == span.max_row == row and span.min_col <= len(over):
            last = min(span.max_col, len(over))
            over[span.min_col - 1 : last] = [over[span.min_col - 1]] * (last - span.min_col + 1)
    under = [cell.text.strip() for cell in below]
    width = max(len(over), len(under))
    over, under = over + [""] * (width - len(over)), under + [""] * (width - len(under))
    return [above + lower for above, lower in zip(over, under, strict=True)]


def _plain(head: str) -> str:
    plain = without_blanks(half_width(head)).strip("*:")
    return re.sub(r"\((?:必填|选填|可选|文本|日期)[^()]*\)$", "", plain).strip("*:")


def _without_notes(head: str) -> str:
    plain, left = _plain(head), ""
    while plain != left:
        left, plain = plain, _NOTE.sub("", plain)
    notes = _plain(head) if plain else ""
    return "" if _OTHER_UNIT.search(notes) else plain.strip("*:")
