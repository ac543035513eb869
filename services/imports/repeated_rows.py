"""Repeated rows: a number in two rows, a telephone of two people."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from services.imports.sheets import ImportedRow, Says, Sheet

REPEATED, DIFFERS, TWICE = "DUP_IN_FILE", "DUP_ID_DIFF_NAME", "VALUE_TWICE"


def find_repeated(sheet: Sheet, rows: Sequence[ImportedRow]) -> None:
    """Tell every row of a whole table that repeats another."""
    groups: dict[str, list[ImportedRow]] = defaultdict(list)
    for row in rows:
        if sheet.key and row.values[sheet.key]:
            groups[row.values[sheet.key]].append(row)
    for group in groups.values():
        find_same_key(sheet, group)
    seen: dict[str, int] = {}
    for row in rows:
        if sheet.warn_twice and (value := row.values[sheet.warn_twice]):
            # A row that repeats another as a whole is reported once.
            if not row.failed(sheet.key):
                find_value_twice(sheet, row, seen.get(value))
            seen.setdefault(value, row.sheet_row)


def find_same_key(sheet: Sheet, group: Sequence[ImportedRow], settled: Collection[int] = ()) -> None:
    """Tell the rows of one key value: the first counts, or one whose `settled` number says that it is taken already."""
    first = next((row for row in group if row.sheet_row in settled), group[0])
    differ = bool(sheet.same_within_key) and len({row.values[sheet.same_within_key] for row in group}) > 1
    for row in group:
        if row.sheet_row in settled or (row is first and not differ):
            continue
        says = Says(row, sheet.key)
        if differ:
            where = "、".join(str(other.sheet_row) for other in group if other is not row)
            says.error(DIFFERS, f"与第{where}行的{sheet.key}相同而{sheet.same_within_key}不同，请核对")
        else:
            says.error(REPEATED, f"与第{first.sheet_row}行的{sheet.key}重复，请删除一行")


def find_value_twice(sheet: Sheet, row: ImportedRow, other: int | None) -> None:
    """Tell that another row, if there is one, has the same in the column where that is odd but possible."""
    if other is not None:
        Says(row, sheet.warn_twice).warn(TWICE, f"与第{other}行的{sheet.warn_twice}相同，请核对")


def forget_repeated(row: ImportedRow) -> None:
    """Remove findings about a row's repeated key, to find them again."""
    row.findings[:] = [one for one in row.findings if one.code not in (REPEATED, DIFFERS)]
