"""Marks that make a requester's export unique, and their recovery (H23).

Three marks, each of which survives the removal of another: the visible line at the end, a document property of the
workbook, and blanks at the ends of texts. The place of a blank depends on the row's own key and not on its position, so
that sorting or removing rows leaves the rest readable.
"""

import csv
import re
import secrets
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from models.sealing import sm3
from services.engine.late import openpyxl
from services.engine.sheets import Cell, unguarded

MARK_BITS = 48
PROPERTY = "shenfang"
#: So many marked places must agree, and none may speak against it.
SURE = 12
_IN_WORDS = re.compile(r"[^\d\s:.,/+-]")
_REQUEST_NO = re.compile(r"DC\d{19}")
_LARGEST, _LARGEST_UNPACKED = 50 << 20, 400 << 20


def new_mark() -> str:
    """Return a unique mark: 48 random bits as hex."""
    return secrets.token_hex(MARK_BITS // 8)


def marked_rows(rows: Iterable[Sequence[Cell]], mark: str) -> Iterator[list[Cell]]:
    """The rows with a blank after the texts whose bit of the mark is set; the first column is the key and stays."""
    ends = tuple(" " if _bit(mark, place) else "" for place in range(MARK_BITS))
    for row in rows:
        key = str(row[0])
        yield [row[0], *(f"{value}{ends[_place(key, value)]}" if _carries(value) else value for value in row[1:])]


@dataclass(frozen=True)
class Traced:
    """The request that a file belongs to, and the marks that showed it."""

    request_no: str
    found_by: tuple[str, ...]


def whose_export(file_bytes: bytes, known: Iterable[tuple[str, str]]) -> Traced | None:
    """The request a leaked workbook or CSV file was made for; None when no mark is left or the marks disagree.

    `known` are request numbers with their marks; nothing else of the system is needed.
    """
    if len(file_bytes) > _LARGEST:
        return None
    rows, written = _read(file_bytes)
    marks = dict(known)
    named = {number for row in rows for text in row for number in _REQUEST_NO.findall(text) if number in marks}
    by_property = {number for number, mark in marks.items() if mark == written}
    by_blanks = _by_blanks(rows, marks)
    found = {"文件属性": by_property, "文字间隔": by_blanks, "末行说明": named}
    # The line is the easiest to forge: what cannot be seen goes before it.
    for way in found.values():
        if len(way) == 1:
            (number,) = way
            agreeing = tuple(name for name, numbers in found.items() if number in numbers)
            return Traced(number, agreeing)
    return None


def _by_blanks(rows: Sequence[Sequence[str]], marks: dict[str, str]) -> set[str]:
    seen: dict[int, bool] = {}
    torn = set()
    for row in rows[1:]:
        if not row or _REQUEST_NO.search(row[0]):
            continue
        for text in row[1:]:
            if _carries(text.rstrip(" ")):
                place = _place(row[0].rstrip(" "), text.rstrip(" "))
                if seen.setdefault(place, text.endswith(" ")) != text.endswith(" "):
                    torn.add(place)
    if not any(seen.values()):
        return set()
    sound = {place: bit for place, bit in seen.items() if place not in torn}
    if len(sound) < SURE:
        return set()
    return {number for number, mark in marks.items() if all(_bit(mark, place) == bit for place, bit in sound.items())}


def _carries(value: object) -> bool:
    """Return whether a cell can carry a blank: texts that are neither numbers nor days."""
    return isinstance(value, str) and len(value) > 1 and _IN_WORDS.search(value) is not None


def _place(key: str, text: object) -> int:
    return int.from_bytes(sm3(f"{key}|{text}".encode())[:4]) % MARK_BITS


def _bit(mark: str, place: int) -> bool:
    return bool(int(mark, 16) >> place & 1)


def _read(content: bytes) -> tuple[list[list[str]], str]:
    """The texts of a workbook or CSV file, and the mark among the workbook's properties."""
    if content.startswith(b"PK"):
        return _read_workbook(content)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [[unguarded(cell) for cell in row] for row in csv.reader(StringIO(text))], ""
    return [], ""


def _read_workbook(content: bytes) -> tuple[list[list[str]], str]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _LARGEST_UNPACKED:
                return [], ""
        book: Any = openpyxl.load_workbook(BytesIO(content), read_only=True)
    except Exception:  # what another program made of the file is not ours to foresee
        return [], ""
    written = next((str(one.value) for one in book.custom_doc_props.props if one.name == PROPERTY), "")
    rows = [
        ["" if value is None else str(value) for value in row]
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
    ]
    book.close()
    return rows, written
