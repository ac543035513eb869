"""A table judged from the command line by the importer of the page; nothing is kept (row 42)."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date

from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.imports.kinds import Asking, kind_of, photos_in
from services.imports.sheets import ImportedRow, Verdict
from services.imports.table_reader import Table, read_table


def json_lines(table: Table) -> Iterator[str]:
    """Return an object a data row: its number in the sheet, verdict, findings, values after repair."""
    for row in table.rows:
        yield json.dumps(_told(row), ensure_ascii=False)


def summary(table: Table) -> Iterator[str]:
    """Yield counts, then every row with findings, for people."""
    counts = Counter(row.verdict for row in table.rows)
    yield "；".join(f"{verdict.label}{counts[verdict]}行" for verdict in Verdict)
    yield from table.notes
    for row in table.rows:
        if row.findings:
            found = "；".join(f"{one.column}：{one.message}（{one.code}）" for one in row.findings)
            yield f"第{row.sheet_row}行 {row.verdict.label}：{found}"


def _told(row: ImportedRow) -> dict[str, object]:
    return {
        "sheet_row": row.sheet_row,
        "verdict": row.verdict.value,
        "findings": [{"column": one.column, "code": one.code, "message": one.message} for one in row.findings],
        "values": row.values,
    }


def judge_here(door: Door, name: str, content: bytes, archive: bytes | None, today: date) -> Table:
    """Judge with answers of the running database and the outside systems; rows of any firm are taken."""
    asking = Asking(lambda read: door.look(SYSTEM, read), door.systems, today, photos=photos_in(archive))
    kind = kind_of(name)
    return read_table(kind.sheet, kind.checks(asking), content)
