"""Data beside the cells of a record's row: lines of its lists from other sheets, and missing columns."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.engine.kinds import Child, Kind
from services.files.file_refusals import FileRefused
from services.imports.row_kinds import Cell, ImportColumn, ImportKind, Level, Says
from services.imports.table_reader import EMPTY, FoundRow, FoundTable, find_named, judge_row
from services.records.sheet_columns import KEY, PLACE, SheetColumn, import_column
from services.records.sheet_files import child_columns, child_title, record_columns

#: The column that holds it; no sheet of ours has one of that name.
BESIDE = "（附表与缺少的栏目）"
_WHOSE = re.compile(r"导出人 .*申请号 DC[0-9]{19}")


@dataclass(frozen=True)
class Beside:
    """`lacks` are heads the table has not; `lists` the lines of each list that has a sheet, by field as text."""

    lacks: frozenset[str] = frozenset()
    lists: Mapping[str, Sequence[Mapping[str, Any]]] | None = None


def beside_of(values: Mapping[str, str]) -> Beside:
    """Return what a judged row carries."""
    text = values.get(BESIDE, "")
    if not text:
        return Beside()
    kept = json.loads(text)
    return Beside(frozenset(kept["lacks"]), kept["lists"])


def keep_lists(values: dict[str, str], beside: Beside) -> None:
    """Put lines back whose references were found."""
    values[BESIDE] = json.dumps({"lacks": sorted(beside.lacks), "lists": beside.lists}, ensure_ascii=False)


def child_kind(child: Child, *own: ImportColumn) -> ImportKind:
    """The table of a list, after its `own` columns."""
    columns = child_columns(child)
    key = next((one.head for one in columns if child.key == (one.field.name,)), "")
    return ImportKind((*own, *(import_column(one) for one in columns)), child.most, key)


def _placed(child: Child) -> ImportKind:
    """The table of a list whose lines say which record they are of."""
    return child_kind(child, ImportColumn(PLACE, _as_it_stands, required=True))


def _as_it_stands(cell: Cell, says: Says) -> str:
    return cell.text.strip()


def beside_column() -> ImportColumn:
    """Return the column through which the importer reads the data beside a row; faults of lines are reported at the
    record's row.
    """

    def read(cell: Cell, says: Says) -> str:
        try:
            kept = json.loads(cell.text)
            for place, code, message in kept.get("wrong", ()):
                says.row.find(place, Level.ERROR, code, message)
            return json.dumps({"lacks": list(kept["lacks"]), "lists": kept["lists"]}, ensure_ascii=False)
        except (ValueError, TypeError, KeyError, AttributeError):
            return ""

    return ImportColumn(BESIDE, read, literal=True)


def look_beside(kind: Kind, content: bytes, found: FoundTable) -> FoundTable:
    """The rows of a record's table with what the other sheets say of them."""
    found = FoundTable([row for row in found.rows if not _tells_whose(row)], found.notes)
    if not found.rows:
        return found
    heads = set(found.rows[0].cells)
    lacks = [column.head for column in record_columns(kind) if column.head not in heads]
    tables = find_named(content, {child_title(child): _placed(child) for child in kind.children})
    lists = {
        child.name: _lines(child, tables[child_title(child)]) for child in kind.children if child_title(child) in tables
    }
    if not lacks and not lists:
        return found
    places = _places(found)
    if lists:
        _all_belong(kind, lists, places)
    rows = []
    for row in found.rows:
        place = row.cells.get(PLACE, EMPTY).text.strip()
        told: dict[str, Any] = {"lacks": lacks, "lists": {}, "wrong": []}
        for name, by_place in lists.items():
            # A record of which the sheet says nothing keeps its list: an update of one record would otherwise empty the others.
            if place and place in by_place:
                lines, wrong = by_place[place]
                told["lists"][name] = lines
                told["wrong"] += wrong
        rows.append(FoundRow(row.sheet_row, {**row.cells, BESIDE: Cell("t", json.dumps(told, ensure_ascii=False))}))
    return FoundTable(rows, found.notes)


def _tells_whose(row: FoundRow) -> bool:
    """The last line of an export says who made it; it is no record."""
    filled = [head for head, cell in row.cells.items() if cell.text.strip()]
    return filled == [KEY] and _WHOSE.match(row.cells[KEY].text.strip()) is not None


def _places(found: FoundTable) -> set[str]:
    places = [row.cells.get(PLACE, EMPTY).text.strip() for row in found.rows]
    given = [place for place in places if place]
    if (
        twice := next((place for place in given if given.count(place) > 1), None)
        if len(set(given)) < len(given)
        else None
    ):
        raise FileRefused("IMPORT-PLACE", f"序号“{twice[:20]}”出现了两次，附表的行不知属于哪一条记录，请改正后上传")
    return set(given)


_ByPlace = dict[str, tuple[list[dict[str, Any]], list[list[str]]]]


def _all_belong(kind: Kind, lists: Mapping[str, _ByPlace], places: set[str]) -> None:
    for name, by_place in lists.items():
        if strange := next((place for place in by_place if place not in places), None):
            label = kind.child(name).label
            raise FileRefused("IMPORT-PLACE", f"表页“{label}”中的序号“{strange[:20]}”在首页中没有，请改正后上传")


def _lines(child: Child, table: FoundTable) -> _ByPlace:
    """Lines of a list by the record they are of, each with what is wrong with it."""
    kind, columns = _placed(child), child_columns(child)
    found: _ByPlace = defaultdict(lambda: ([], []))
    for row in table.rows:
        judged = judge_row(kind, row.sheet_row, row.cells, date.min)
        place = row.cells.get(PLACE, EMPTY).text.strip()
        if not place:
            raise FileRefused("IMPORT-PLACE", f"表页“{child.label}”第{row.sheet_row}行没有填写序号，请改正后上传")
        lines, wrong = found[place]
        lines.append(line_of(columns, judged.values))
        wrong += [
            [f"{child.label}第{row.sheet_row}行{one.column}", one.code, one.message]
            for one in judged.findings
            if one.level is Level.ERROR
        ]
    return found


def line_of(columns: Sequence[SheetColumn], values: Mapping[str, str]) -> dict[str, Any]:
    """A judged line by field, in raw."""
    return {one.field.name: one.field.from_text(text) for one in columns if (text := values.get(one.head))}
