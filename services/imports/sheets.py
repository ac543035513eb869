"""Sheets: columns that read their cells and say how to fill them in, rows with what was found in them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from models.codes import Code
from models.normal import BadText, half_width, parse_day, without_blanks


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
    """A cell: `kind` as `values_child` names it, x for an error such as #N/A, m for a part of merged cells; `formula` is
    None without one, else whether its result is stored. `typed` is False where the file has text only (CSV)."""

    kind: str = "e"
    text: str = ""
    formula: bool | None = None
    typed: bool = True
    from_1904: bool = False


EMPTY = Cell()
#: Code of a row that repeats another of its table.
REPEATED = "DUP_IN_FILE"
#: The sheet of our workbooks that explains their columns.
EXPLANATION = "填写说明"


@dataclass(frozen=True, slots=True)
class RowFinding:
    """A thing found in a row; the message is for the person who filled the table."""

    column: str
    level: Level
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FileFinding:
    """A thing found in a table as a whole, and where."""

    code: str
    where: str
    message: str


@dataclass(slots=True)
class ImportedRow:
    """A data row; `sheet_row` is the number a spreadsheet shows, `values` are as repaired, by the column's label.

    `cells` are those of the columns the table has. `beside` is what its further sheets say of the row, as JSON.
    """

    sheet_row: int
    cells: Mapping[str, Cell] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    findings: list[RowFinding] = field(default_factory=list)
    beside: dict[str, Any] = field(default_factory=dict)

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


def row_numbers(rows: Sequence[int]) -> str:
    """The numbers of some rows in a sentence; of many the first ten and how many there are."""
    shown = "、".join(str(row) for row in rows[:10])
    return f"{shown}等{len(rows)}" if len(rows) > 10 else shown


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


def as_it_stands(cell: Cell, says: Says) -> str:
    """Read a cell's text without blanks around it."""
    return cell.text.strip()


def one_of(words: Sequence[str], code: str, same: Mapping[str, str] | None = None) -> Reader:
    """Read one of some words, or another word for one of them; anything else is an error of this code."""

    def read(cell: Cell, says: Says) -> str:
        plain = half_width(without_blanks(cell.text))
        value = (same or {}).get(plain, plain)
        if value not in words:
            says.error(code, f"{says.column}应为：{'、'.join(words)}")
            return ""
        if value != cell.text:
            says.note("ENUM_SYNONYM", f"已按“{value}”读取")
        return value

    return read


def day_in(cell: Cell, says: Says) -> str:
    """Return the day of a cell as ISO text, or the text of a day a person typed, still to be read; empty with an error."""
    text = half_width(cell.text).strip()
    if cell.kind == "d":
        return text[:10]
    if cell.kind == "n" and text.isdigit() and 10_000 <= int(text) <= 80_000:
        says.note("DATE_SERIAL", "日期是数值，已换算")
        return ((date(1904, 1, 1) if cell.from_1904 else date(1899, 12, 30)) + timedelta(int(text))).isoformat()
    if re.fullmatch(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1([0-9]{2}|[0-9]{4})", text):
        says.error("DATE_AMBIGUOUS", "看不出月和日的先后，请按2026-03-01的形式填写")
        return ""
    return re.sub(r"[ T]00:00(:00)?$", "", text)


def read_day(cell: Cell, says: Says) -> str:
    """Read a day as ISO text, whether the spreadsheet knows it as one or a person typed it."""
    text = day_in(cell, says)
    if not text or cell.kind == "d" or (cell.kind == "n" and text[4:5] == "-"):
        # Known as a day already, by the spreadsheet or by its number.
        return text
    try:
        value = parse_day(text).isoformat()
    except BadText as bad:
        says.error("DATE_INVALID", bad.sentence)
        return ""
    if cell.typed or value != cell.text:
        says.note("DATE_TEXT", "文字写的日期已读取")
    return value


@dataclass(frozen=True)
class SheetColumn:
    """A column: how its cells are read, and what the template says of them.

    `aliases` are other heads in use. A row without a `required` value is refused; `wanted` ones are red in the template
    too. In a `literal` column 无 and the like are values; elsewhere they mean empty. `mask` is of personal data. A cell of a
    `spanned` column that is merged over rows is each row's.
    """

    label: str
    read: Reader
    hint: str = ""
    name: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    wanted: bool = False
    literal: bool = False
    hidden: bool = False
    shape: Literal["text", "day"] = "text"
    choices: Sequence[str] = ()
    width: int = 14
    mask: str = ""
    spanned: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table to fill in.

    Of rows with an equal value in `key` the first counts, unless they differ in `same_within_key`: then none does. Where
    more than a column identifies a row, `identity` joins their values, and every value must be the same, unless the
    `first_counts` whatever the others say. `repeated` is the code of the others. A repeated value of `warn_twice` gets a
    warning. With `merged_rows` a merged cell refuses its rows, else the file. With `layout` the table's findings begin with
    those about its rows as a whole, and each row has the lines above the heads `beside` it as `title`.
    """

    label: str
    columns: Sequence[SheetColumn]
    most_rows: int = 5_000
    key: str = ""
    same_within_key: str = ""
    identity: Callable[[Mapping[str, str]], str] | None = None
    first_counts: bool = False
    repeated: str = REPEATED
    warn_twice: str = ""
    merged_rows: bool = False
    layout: bool = False

    def key_of(self, values: Mapping[str, str]) -> str:
        """Return what a row's repetitions have in common; empty where the row has no key."""
        return values.get(self.key, "") if self.identity is None else self.identity(values)

    def content_of(self, values: Mapping[str, str]) -> Sequence[str]:
        """Return what rows of one key must have in common."""
        if self.identity is not None and not self.first_counts:
            return list(values.values())
        return [values[self.same_within_key]] if self.same_within_key else []


@dataclass(frozen=True)
class Checks:
    """Checks beyond cells, over repaired values: of a row, of many with outside systems, and of the whole table."""

    row: Callable[[ImportedRow], object] = lambda row: None
    rows: Callable[[Sequence[ImportedRow]], object] = lambda rows: None
    whole: Callable[[Sequence[ImportedRow]], Sequence[FileFinding]] = lambda rows: ()
