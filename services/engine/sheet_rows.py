"""The rows of a workbook as the XML they are kept in, written straight to a file: the library needs seven times as long."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from shutil import copyfileobj
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.cell import WriteOnlyCell
from openpyxl.compat import safe_string
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

#: A day or a moment as the number a spreadsheet keeps; the library has no types for it.
_days: Callable[[date], float] = to_excel
#: What stands in a cell once it was made printable.
Plain = str | int | Decimal | date | datetime | None

_LONGEST_TEXT = 32_767
_END = b"</sheetData>"
#: A part of a package beyond this needs another form, which some readers do not know.
_LARGEST_PLAIN = 1 << 31

_FORMATS: Mapping[type, Callable[[Any], str]] = {
    int: lambda _: "0",
    Decimal: lambda number: "#,##0" + (f".{'0' * places}" if (places := -number.as_tuple().exponent) > 0 else ""),
    date: lambda _: "yyyy-mm-dd",
    datetime: lambda _: "yyyy-mm-dd hh:mm:ss",
}


class SheetRows:
    """The rows of a workbook's sheets below their heads, set aside until the workbook itself is written."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._styles: dict[str, str] = {}
        self._letters: list[str] = []
        self._bodies: list[IO[bytes]] = []
        self._open = ExitStack()

    def __enter__(self) -> "SheetRows":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def next_sheet(self, sheet: Any, rows: Iterable[Sequence[Plain]]) -> int:
        """Take the rows of the book's next sheet, whose head was appended already; gives their number."""
        body = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        self._bodies.append(body)
        number = 1
        for number, row in enumerate(rows, 2):
            body.write(self._row(sheet, number, row).encode())
        return number - 1

    def save(self, out: IO[bytes]) -> None:
        """Write the workbook with all rows in their places."""
        named = {f"xl/worksheets/sheet{place}.xml": body for place, body in enumerate(self._bodies, 1)}
        with tempfile.TemporaryFile() as plain:
            self._book.save(plain)
            with ZipFile(plain) as made, ZipFile(out, "w", ZIP_DEFLATED) as whole:
                for part in made.infolist():
                    if (body := named.get(part.filename)) is None:
                        whole.writestr(part, made.read(part))
                    else:
                        _fill(whole, part, made.read(part), body)

    def _row(self, sheet: Any, number: int, row: Sequence[Plain]) -> str:
        while len(self._letters) < len(row):
            self._letters.append(get_column_letter(len(self._letters) + 1))
        cells = [
            self._cell(sheet, f"{letter}{number}", value)
            for letter, value in zip(self._letters, row, strict=False)
            if value is not None
        ]
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _cell(self, sheet: Any, place: str, value: Plain) -> str:
        if isinstance(value, str):
            # Always a text: the library would read `=…` as a formula and `#N/A` as an error by itself.
            text = value[:_LONGEST_TEXT]
            if not text:
                return f'<c r="{place}" t="inlineStr" />'
            kept = "" if text == text.strip() else ' xml:space="preserve"'
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            return f'<c r="{place}" t="inlineStr"><is><t{kept}>{text}</t></is></c>'
        told: Any = _days(value) if isinstance(value, date) else value
        return f'<c r="{place}" s="{self._style(sheet, value)}" t="n"><v>{safe_string(told)}</v></c>'

    def _style(self, sheet: Any, value: Plain) -> str:
        wanted = _FORMATS[type(value)](value)
        if wanted not in self._styles:
            cell: Any = WriteOnlyCell(sheet)
            cell.number_format = wanted
            self._styles[wanted] = str(cell.style_id)
        return self._styles[wanted]


def _fill(whole: ZipFile, part: ZipInfo, sheet: bytes, body: IO[bytes]) -> None:
    before, found, after = sheet.partition(_END)
    if not found:
        raise RuntimeError("a sheet without rows cannot be filled")
    filled = ZipInfo(part.filename, part.date_time)
    filled.compress_type = ZIP_DEFLATED
    large = body.tell() > _LARGEST_PLAIN
    body.seek(0)
    with whole.open(filled, "w", force_zip64=large) as target:
        target.write(before)
        copyfileobj(body, target, 1 << 16)
        target.write(_END + after)
