"""Reads coordinate lists of surveyors as text: the electronic boundary file and plain lists of points (row 80)."""

import re
from collections.abc import Iterator, Sequence

from models.normal import half_width
from services.files.file_refusals import FileRefused
from services.files.text_tables import decoded
from services.space.boundary_file import NUMBER, Boundary, BoundaryFile, ListedRing, UnusedLine
from services.space.planes import Pair
from services.space.space_findings import SpaceFinding

_BODY = "[地块坐标]"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATORS = re.compile(r"[\s,;]+")
_POINT_NUMBER = re.compile(r"[A-Za-z]{0,3}[0-9]{1,6}(?:[-'_][0-9]{1,4})?")
_SQUARE_METRES = 10_000
#: Kinds of graphic in the head of a parcel.
_GRAPHICS = frozenset("面线点")
_MOST_POINTS = 200_000


def text_of(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with a mark, or GB 18030: lines of any system, half-width digits and signs."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text: str | None = content.decode("utf-16", errors="replace")
    else:
        text = decoded(content, _CONTROL)
    if text is None or not text.strip():
        raise FileRefused("TEXT-KIND", "文件不是坐标文本，请上传txt、csv、xlsx、GeoJSON或DXF格式的坐标文件")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # By lines: those of plain numbers, nearly all, need no second look.
    return "\n".join(map(half_width, text.split("\n"))).replace("\u2212", "-").replace("、", ",")


def is_report(text: str) -> bool:
    """Return whether a text is an electronic boundary file."""
    return _BODY in text


def words_of(line: str) -> list[str]:
    """The words of a line between blanks, commas and semicolons."""
    return [word for word in _SEPARATORS.split(line.strip()) if word]


def names_a_point(word: str) -> bool:
    """Return whether a word is the number of a boundary point."""
    return bool(_POINT_NUMBER.fullmatch(word))


def take_plain_line(file: BoundaryFile, parcel: Boundary, line: int, words: list[str]) -> None:
    """Take a point from a line without heads: the last two numbers, before them a point number and perhaps a ring."""
    if not words:
        return
    numbers = [word for word in words if NUMBER.fullmatch(word)]
    if len(numbers) < 2 or _is_head(words):
        leave_line(file, line, words)
        return
    if len(numbers) > 2 and _is_height(numbers):
        numbers = numbers[:-1]
    north, east = float(numbers[-2]), float(numbers[-1])
    before = words[: _place_of(words, numbers[-2])]
    ring = int(before[1]) if len(before) > 1 and before[1].isdigit() and len(before[1]) < 3 else 0
    add_point(parcel.ring(ring), before[0] if before else "", (east, north))


def leave_line(file: BoundaryFile, line: int, words: list[str]) -> None:
    """Keep a line of which no point was taken, and what its words say of the system."""
    text = " ".join(words)
    file.take_head(text)
    point = len(words) > 2 and names_a_point(words[0])
    file.unused.append(UnusedLine(line, text[:60], point))


def add_point(ring: ListedRing, number: str, place: Pair, edge: float | None = None) -> None:
    """Add a point to a ring, up to the limit of a file."""
    if len(ring.points) >= _MOST_POINTS:
        raise FileRefused("POINTS", f"界址点超过{_MOST_POINTS}个，请核对文件")
    ring.add(number, place, edge)


def read_report(text: str) -> BoundaryFile:
    """Read an electronic boundary file: what its head says, then its parcels."""
    file = BoundaryFile("report")
    head, body = text.split(_BODY, 1)
    for words in head.splitlines():
        if words.partition("=")[0].strip() in ("坐标系", "带号"):
            file.take_head(words)
    offset = head.count("\n") + 1
    parcel: Boundary | None = None
    for line, words in enumerate(body.splitlines(), offset):
        fields = [word.strip() for word in words.strip().split(",")]
        if not any(fields):
            continue
        if _opens_parcel(fields):
            parcel = _parcel_of(fields)
            file.parcels.append(parcel)
            continue
        if parcel is None:
            parcel = Boundary()
            file.parcels.append(parcel)
        _take_report_line(file, parcel, line, [one for one in fields if one])
    file.parcels = [one for one in file.parcels if one.rings]
    file.findings += _counted(file.parcels)
    return file


def _counted(parcels: Sequence[Boundary]) -> Iterator[SpaceFinding]:
    """Say where a parcel has fewer points than its head states: lines may be lost."""
    for parcel in parcels:
        found = sum(len(ring.points) for ring in parcel.rings)
        if parcel.stated is not None and parcel.stated > found:
            message = f"文件写明{parcel.stated}个界址点，读到{found}个，请核对是否缺行"
            yield SpaceFinding("POINT_COUNT", message, parcel.name, warns=True)


def _opens_parcel(fields: list[str]) -> bool:
    """Return whether a line is the head of a parcel: it ends with @, names the kind of graphic, or its fourth word is no number."""
    return (
        fields[-1].endswith("@")
        or not _GRAPHICS.isdisjoint(fields[3:])
        or (len(fields) >= 6 and not NUMBER.fullmatch(fields[3]))
    )


def _parcel_of(fields: list[str]) -> Boundary:
    def word(place: int) -> str:
        return fields[place] if place < len(fields) else ""

    parcel = Boundary(word(2) or word(3), int(word(0)) if word(0).isdecimal() and len(word(0)) < 7 else None)
    if NUMBER.fullmatch(word(1)) and float(word(1)) > 0:
        decimals = len(word(1).partition(".")[2])
        parcel.area = float(word(1)) * _SQUARE_METRES
        parcel.rounding = 0.5 * 10**-decimals * _SQUARE_METRES
    return parcel


def _take_report_line(file: BoundaryFile, parcel: Boundary, line: int, words: list[str]) -> None:
    numbers = [word for word in words if NUMBER.fullmatch(word)]
    if len(numbers) < 2 or not all(NUMBER.fullmatch(word) for word in words[-2:]):
        file.unused.append(UnusedLine(line, " ".join(words)[:60], point=len(words) > 2))
        return
    ring = int(words[1]) if len(words) >= 4 and words[1].isdigit() else 1
    add_point(parcel.ring(ring), words[0] if len(words) > 2 else "", (float(words[-1]), float(words[-2])))


def _is_head(words: list[str]) -> bool:
    return any(re.search(r"[\u4e00-\u9fff]{2}", word) for word in words[1:])


def _is_height(numbers: list[str]) -> bool:
    """Return whether the last number is a height or an edge after two coordinates."""
    before, last = [abs(float(one)) for one in numbers[-3:-1]], abs(float(numbers[-1]))
    return min(before) > 10_000 and last < 2_000


def _place_of(words: list[str], number: str) -> int:
    """The place in the line of the number that begins the pair."""
    return next(place for place in range(len(words) - 1, -1, -1) if words[place] == number)
