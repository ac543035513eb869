"""Lists as workbooks and CSV files: what a person typed stays text, and no spreadsheet takes it for a formula (H40)."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BufferedIOBase, BytesIO, StringIO, TextIOWrapper
from itertools import chain, islice
from typing import IO, Any, cast
from unicodedata import east_asian_width

from models.codes import Code
from services.engine.clock import SHANGHAI
from services.engine.late import openpyxl
from services.engine.sheet_rows import Plain, SheetRows

#: What a cell may be. A day stays a day, a moment is written in Shanghai's time, a code by its label.
Cell = str | int | bool | Decimal | date | datetime | Code | None

# Excel keeps fifteen digits of a number; a longer one loses its end.
_EXACT_DIGITS = 15
#: So many rows are looked at for the widths of columns; a list may have a million.
_LOOKED_AT = 100
#: A file that is sent in parts has so many rows in each.
_ROWS_A_PART = 1_000
_NARROWEST, _WIDEST = 12, 48
#: A spreadsheet that opens a CSV file takes these for the start of a formula, the full-width ones in East Asian locales.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
# XML 1.0 has no place for them; a spreadsheet would call the whole file damaged.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SHEET_TITLE = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


def write_xlsx(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, marks: Mapping[str, str] | None = None
) -> bytes:
    """A workbook of one list. `marks` become document properties that no reader shows in the sheet."""
    whole = BytesIO()
    stream_xlsx(whole, title, columns, rows, marks=marks)
    return whole.getvalue()


def stream_xlsx(
    out: IO[bytes] | BufferedIOBase,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    marks: Mapping[str, str] | None = None,
) -> int:
    """Write a workbook row by row in constant memory, nothing set aside; gives the number of rows.

    `out` need not be able to go back. What is more than a sheet holds takes a next one.
    """
    coming: Iterator[Sequence[Cell]] = iter(rows)
    begin = list(islice(coming, _LOOKED_AT))
    widths = [_width(name, (row[at] for row in begin if at < len(row))) for at, name in enumerate(columns)]
    coming, count = chain(begin, coming), 0

    def begun(sheets: int) -> Any:
        book: Any = openpyxl.Workbook(write_only=True)
        book.properties.creator, book.properties.title = "申房", printable(title)
        for name, value in (marks or {}).items():
            book.custom_doc_props.append(openpyxl.packaging.custom.StringProperty(name=name, value=value))
        for _ in range(sheets):
            add(book)
        return book

    def add(book: Any) -> Any:
        sheet = book.create_sheet(_sheet_title(title, len(book.worksheets) + 1))
        _head(sheet, columns, widths)
        return sheet

    with SheetRows(out, begun) as kept:
        first = next(coming, None)
        while True:
            below: Iterable[Sequence[Cell]] = () if first is None else chain((first,), coming)
            count += kept.next_sheet(add, ([plain(value) for value in row] for row in below))
            if (first := next(coming, None)) is None:
                break
        kept.finish()
    return count


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file of one list, in UTF-8 with the mark by which spreadsheets know it."""
    whole = BytesIO()
    stream_csv(whole, columns, rows)
    return whole.getvalue()


def csv_parts(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Write a CSV file in parts, for who sends it on: nothing ever holds the whole of it."""
    coming = iter(rows)
    yield write_csv(columns, islice(coming, _ROWS_A_PART))
    while part := list(islice(coming, _ROWS_A_PART)):
        text = StringIO(newline="")
        csv.writer(text, quoting=csv.QUOTE_NONNUMERIC).writerows([_csv_value(value) for value in row] for row in part)
        yield text.getvalue().encode()


def stream_csv(out: IO[bytes] | BufferedIOBase, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a CSV file row by row in constant memory; gives the number of rows."""
    # newline="" leaves the line ends to the csv module.
    text = TextIOWrapper(cast(IO[bytes], out), encoding="utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([guarded(name) for name in columns])
    count = 0
    for row in rows:
        writer.writerow([_csv_value(value) for value in row])
        count += 1
    text.flush()
    text.detach()
    return count


def guarded(text: str) -> str:
    """The text with one `'` before what a spreadsheet would take for a formula; `unguarded` undoes it exactly."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`: exactly one `'` is taken off, and only where we would have put it."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _width(name: str, values: Iterable[Cell]) -> int:
    """Return the column width for a name and its values in spreadsheet characters; Chinese characters count twice."""
    texts = (str(_csv_value(value)) for value in values)
    lengths = (sum(2 if east_asian_width(char) in "WF" else 1 for char in text) for text in chain((name,), texts))
    return min(_WIDEST, max(_NARROWEST, *(length + 2 for length in lengths)))


def _head(sheet: Any, columns: Sequence[str], widths: Sequence[int]) -> None:
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    head = [openpyxl.cell.WriteOnlyCell(sheet, printable(name)) for name in columns]
    for cell in head:
        # The library reads `=…` as a formula and `#N/A` as an error by itself.
        cell.data_type = "s"
        cell.font, cell.fill = openpyxl.styles.Font(bold=True), openpyxl.styles.PatternFill("solid", fgColor="E8EEF4")
        cell.alignment = openpyxl.styles.Alignment(vertical="center", wrap_text=True)
    sheet.append(head)


def _csv_value(value: Cell) -> str | int | Decimal:
    kept = plain(value)
    if kept is None:
        return ""
    if isinstance(kept, datetime):
        return kept.isoformat(" ", "seconds")
    if isinstance(kept, date):
        return kept.isoformat()
    if isinstance(kept, str):
        return guarded(kept)
    return kept


def plain(value: Cell) -> Plain:
    """Return what is written: a number only where a spreadsheet keeps all its digits."""
    if value is None:
        return None
    if isinstance(value, Code):
        return printable(value.label)
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return value
    if isinstance(value, int):
        return value if len(str(abs(value))) <= _EXACT_DIGITS else str(value)
    exact = value.is_finite() and len(value.as_tuple().digits) <= _EXACT_DIGITS and abs(value.adjusted()) < 15
    return value if exact else str(value)


def printable(text: str) -> str:
    """The text with one kind of line end and without what no file can hold."""
    return _NO_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _sheet_title(title: str, number: int) -> str:
    clean = _SHEET_TITLE.sub(" ", printable(title)).strip() or "清单"
    return clean[:31] if number == 1 else f"{clean[:26]}({number})"
