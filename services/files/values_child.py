"""Reads the cell values of one sheet in a process of its own; run as a script, its only input is the workbook.

What a hostile file makes of the reader ends with this process: it has little memory, little time and writes no file.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

_MEMORY = 1 << 30
_SECONDS = 20
#: Excel keeps fifteen digits of a number; of a longer one it is unknown what was typed.
_EXACT = Decimal(10) ** 15
#: How workbooks write a carriage return; programs that do not know it hand it on as text.
_SPELT_OUT = "_x000D_"


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _cell(value: Any) -> list[str]:
    """A value as its kind and its text: t text, b true or false, n number, d day, l number too long to be exact, e empty."""
    if value is None or value == "":
        return ["e", ""]
    if isinstance(value, bool):
        return ["b", "是" if value else "否"]
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if not number.is_finite() or abs(number) >= _EXACT:
            return ["l", str(value)]
        plain = f"{number:f}"
        return ["n", plain.rstrip("0").rstrip(".") if "." in plain else plain]
    if isinstance(value, datetime):
        return ["d", value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, time | timedelta):
        return ["t", str(value)]
    return ["t", plain_lines(str(value))]


def plain_lines(text: str) -> str:
    """A text with one kind of line end, none after its last line; a carriage return other programs have spelt out is one."""
    if "\r" not in text and _SPELT_OUT not in text:
        return text
    text = text.replace(_SPELT_OUT, "\r").replace("\r\n", "\n").replace("\r", "\n")
    return text.strip("\n")


def main(sheet: int) -> None:
    """Write the rows of one sheet as JSON, from the sheet's first row on."""
    _limit()
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    rows = book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    json.dump([[_cell(value) for value in row] for row in rows], sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
