"""Repeated rows: a number in two rows, a telephone of two people."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from services.imports.row_kinds import ImportedRow, ImportKind, Says

REPEATED, DIFFERS, TWICE = "DUP_IN_FILE", "DUP_ID_DIFF_NAME", "VALUE_TWICE"


def find_repeated(kind: ImportKind, rows: Sequence[ImportedRow]) -> None:
    """Tell every row of a whole table that repeats another."""
    groups: dict[str, list[ImportedRow]] = defaultdict(list)
    for row in rows:
        if kind.key and row.values[kind.key]:
            groups[row.values[kind.key]].append(row)
    for group in groups.values():
        find_same_key(kind, group)
    seen: dict[str, int] = {}
    for row in rows:
        if kind.warn_twice and (value := row.values[kind.warn_twice]):
            # A row that repeats another as a whole is reported once.
            if not row.failed(kind.key):
                find_value_twice(kind, row, seen.get(value))
            seen.setdefault(value, row.sheet_row)


def find_same_key(kind: ImportKind, group: Sequence[ImportedRow], settled: Collection[int] = ()) -> None:
    """Tell the rows of one key value: the first counts, or one whose `settled` number says that it is taken already."""
    first = next((row for row in group if row.sheet_row in settled), group[0])
    differ = bool(kind.same_within_key) and len({row.values[kind.same_within_key] for row in group}) > 1
    for row in group:
        if row.sheet_row in settled or (row is first and not differ):
            continue
        says = Says(row, kind.key)
        if differ:
            where = "、".join(str(other.sheet_row) for other in group if other is not row)
            says.error(DIFFERS, f"与第{where}行的{kind.key}相同而{kind.same_within_key}不同，请核对")
        else:
            says.error(REPEATED, f"与第{first.sheet_row}行的{kind.key}重复，请删除一行")


def find_value_twice(kind: ImportKind, row: ImportedRow, other: int | None) -> None:
    """Tell that another row, if there is one, has the same in the column where that is odd but possible."""
    if other is not None:
        Says(row, kind.warn_twice).warn(TWICE, f"与第{other}行的{kind.warn_twice}相同，请核对")


def forget_repeated(row: ImportedRow) -> None:
    """Remove findings about a row's repeated key, to find them again."""
    row.findings[:] = [one for one in row.findings if one.code not in (REPEATED, DIFFERS)]
