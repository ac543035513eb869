"""Kinds of import tables: columns that read their cells, and checks over a row and over all rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.codes import Code


class Level(Code):
    """Weight of a finding: E refuses the row, W accepts it with a warning, N notes a lossless repair."""

    ERROR = "E", "错误", "bad"
    WARNING = "W", "提示", "warn"
    NOTE = "N", "已整理", "muted"


class Verdict(Code):
    """Result of a row."""

    IMPORT = "import", "可导入", "good"
    WITH_WARNING = "import_with_warning", "可导入，有提示", "warn"
    REJECT = "reject", "不能导入", "bad"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: `kind` as `values_child` names it, or x for an error such as #N/A; `formula` is None without one,
    else whether its result is stored. `typed` is False where the file has text only (CSV)."""

    kind: str = "e"
    text: str = ""
    formula: bool | None = None
    typed: bool = True
    from_1904: bool = False


@dataclass(frozen=True, slots=True)
class RowFinding:
    """A thing found in a row; the message is for the person who filled the table."""

    column: str
    level: Level
    code: str
    message: str


@dataclass(slots=True)
class ImportedRow:
    """A data row; `sheet_row` is the number a spreadsheet shows, `values` are as repaired, by the column's label."""

    sheet_row: int
    values: dict[str, str] = field(default_factory=dict)
    findings: list[RowFinding] = field(default_factory=list)

    def find(self, column: str, level: Level, code: str, message: str) -> None:
        """Add a finding."""
        self.findings.append(RowFinding(column, level, code, message))

    def failed(self, *columns: str) -> bool:
        """True when one of these columns has an error."""
        return any(one.level is Level.ERROR and one.column in columns for one in self.findings)

    @property
    def verdict(self) -> Verdict:
        levels = {one.level for one in self.findings}
        if Level.ERROR in levels:
            return Verdict.REJECT
        return Verdict.WITH_WARNING if Level.WARNING in levels else Verdict.IMPORT


@dataclass(frozen=True)
class Says:
    """The interface through which a column's reader reports findings."""

    row: ImportedRow
    column: str

    def error(self, code: str, message: str) -> None:
        self.row.find(self.column, Level.ERROR, code, message)

    def warn(self, code: str, message: str) -> None:
        self.row.find(self.column, Level.WARNING, code, message)

    def note(self, code: str, message: str) -> None:
        self.row.find(self.column, Level.NOTE, code, message)


#: Gives the value after repair; says what it did, or that it could not.
Reader = Callable[[Cell, Says], str]


@dataclass(frozen=True)
class ImportColumn:
    """A column of the template; `aliases` are other heads in use.

    In a `literal` column 无 and the like are values; elsewhere they mean empty.
    """

    label: str
    read: Reader
    required: bool = False
    aliases: tuple[str, ...] = ()
    literal: bool = False


@dataclass(frozen=True)
class ImportKind:
    """A kind of import table.

    Of rows with an equal value in `key` the first counts, unless they differ in `same_within_key`: then none does. A
    repeated value of `warn_twice` gets a warning. `check_row` and `check_all` see repaired values; `check_all` asks
    outside systems and may receive the rows in parts.
    """

    columns: Sequence[ImportColumn]
    most_rows: int = 5_000
    key: str = ""
    same_within_key: str = ""
    warn_twice: str = ""
    check_row: Callable[[ImportedRow, date], None] | None = None
    check_all: Callable[[Sequence[ImportedRow]], None] | None = None
