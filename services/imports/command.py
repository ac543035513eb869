"""A table judged from the command line by the importer of the page; nothing is kept (row 42)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.files.zip_of_pictures import judged_pictures
from services.imports.kinds import Asking, Photos, kind_of
from services.imports.row_kinds import ImportedRow, ImportKind, Verdict
from services.imports.table_reader import ReadTable, read_table


@dataclass(frozen=True)
class Judged:
    """A table with every row's verdict."""

    table: ReadTable

    def json_lines(self) -> Iterator[str]:
        """Return an object a data row: its number in the sheet, verdict, findings, values after repair."""
        for row in self.table.rows:
            yield json.dumps(_told(row), ensure_ascii=False)

    def summary(self) -> Iterator[str]:
        """Yield counts, then every row with findings, for people."""
        counts: dict[str, int] = {}
        for row in self.table.rows:
            counts[row.verdict.value] = counts.get(row.verdict.value, 0) + 1
        yield "；".join(f"{label}{counts.get(word, 0)}行" for word, label in Verdict.labels().items())
        yield from self.table.notes
        for row in self.table.rows:
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


def photos_in(archive: bytes | None) -> Photos | None:
    """Return what an archive of photos holds, by name; None without one."""
    return None if archive is None else {one.name: one for one in judged_pictures(archive)}


def judge_by(kind: ImportKind, content: bytes, today: date) -> Judged:
    """Judge with the answers the kind was made with."""
    return Judged(read_table(kind, content, today))


def judge_here(door: Door, name: str, content: bytes, archive: bytes | None, today: date) -> Judged:
    """Judge with answers of the running database and the outside systems; rows of any firm are taken."""
    asking = Asking(lambda read: door.look(SYSTEM, read), door.systems, today)
    return judge_by(kind_of(name).kind(asking, photos_in(archive)), content, today)
