"""The rows of a workbook as the XML they are kept in, written straight into its package: the library needs seven times as long.

Nothing of a row is set aside anywhere, so a package that is sealed as it is written never lies in clear.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BufferedIOBase, BytesIO
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from services.engine.late import openpyxl

#: Types of a cell once it was made printable.
Plain = str | int | Decimal | date | datetime | None

ROWS_OF_A_SHEET = 1_000_000
#: A part of a package beyond this needs another form, which some readers do not know.
BYTES_OF_A_SHEET = 1 << 31
#: No row is longer, whatever its cells hold: 16,384 columns are more than any list of ours has.
_ROOM = 64 << 20
_LONGEST_TEXT = 32_767
_END = b"</sheetData>"
_SHEETS = "xl/worksheets/"

_FORMATS: Mapping[type, Callable[[Any], str]] = {
    int: lambda _: "0",
    Decimal: lambda number: "#,##0" + (f".{'0' * places}" if (places := -number.as_tuple().exponent) > 0 else ""),
    date: lambda _: "yyyy-mm-dd",
    datetime: lambda _: "yyyy-mm-dd hh:mm:ss",
}


class SheetRows:
    """A workbook whose rows go into `out` as they come; `out` need not be able to go back.

    `begun` makes the workbook with so many sheets, each with its head alone; what does not depend on rows is taken from it.
    """

    def __init__(self, out: IO[bytes] | BufferedIOBase, begun: Callable[[int], Any]) -> None:
        self._begun, self._book = begun, begun(0)
        self._package = ZipFile(out, "w", ZIP_DEFLATED)
        self._styles: dict[str, str] = {}
        self._letters: list[str] = []
        self._sheets, self._finished = 0, False

    def __enter__(self) -> "SheetRows":
        return self

    def __exit__(self, broken: type[BaseException] | None, *_: object) -> None:
        if broken is not None and self._sheets and not self._finished:
            # Only by saving does the library take its own files away.
            _saved(self._book)
        self._package.close()

    def next_sheet(self, add: Callable[[Any], Any], rows: Iterable[Sequence[Plain]]) -> int:
        """Begin the next sheet by `add` and take as many of `rows` as fit in it; gives their number."""
        self._sheets += 1
        sheet = add(self._book)
        with ZipFile(_saved(self._begun(self._sheets))) as bare:
            part = bare.getinfo(f"{_SHEETS}sheet{self._sheets}.xml")
            if self._sheets == 1:
                self._copy(bare, bare.infolist()[: bare.infolist().index(part)])
            before, found, after = bare.read(part).partition(_END)
        if not found:
            raise RuntimeError("a sheet without rows cannot be filled")
        number, room = 1, BYTES_OF_A_SHEET - _ROOM - len(before) - len(after)
        with self._package.open(_fresh(part), "w") as target:
            target.write(before)
            for number, row in enumerate(rows, 2):
                text = self._row(sheet, number, row).encode()
                target.write(text)
                room -= len(text)
                if number > ROWS_OF_A_SHEET or room < 0:
                    break
            target.write(_END + after)
        return number - 1

    def finish(self) -> None:
        """Write what could only be known at the end: the styles that were used, and which sheets there are."""
        self._finished = True
        there = set(self._package.namelist())
        with ZipFile(_saved(self._book)) as made:
            self._copy(made, [part for part in made.infolist() if part.filename not in there])

    def _copy(self, package: ZipFile, parts: Iterable[ZipInfo]) -> None:
        for part in parts:
            self._package.writestr(_fresh(part), package.read(part))

    def _row(self, sheet: Any, number: int, row: Sequence[Plain]) -> str:
        while len(self._letters) < len(row):
            self._letters.append(openpyxl.utils.get_column_letter(len(self._letters) + 1))
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
        shown: Any = openpyxl.utils.datetime.to_excel(value) if isinstance(value, date) else value
        return f'<c r="{place}" s="{self._style(sheet, value)}" t="n"><v>{openpyxl.compat.safe_string(shown)}</v></c>'

    def _style(self, sheet: Any, value: Plain) -> str:
        wanted = _FORMATS[type(value)](value)
        if wanted not in self._styles:
            cell: Any = openpyxl.cell.WriteOnlyCell(sheet)
            cell.number_format = wanted
            self._styles[wanted] = str(cell.style_id)
        return self._styles[wanted]


def _saved(book: Any) -> BytesIO:
    package = BytesIO()
    book.save(package)
    return package


def _fresh(part: ZipInfo) -> ZipInfo:
    """Return an empty archive entry with this name."""
    fresh = ZipInfo(part.filename, part.date_time)
    fresh.compress_type, fresh.external_attr = ZIP_DEFLATED, part.external_attr
    return fresh
