"""Reads coordinate tables: CSV files and workbooks with or without heads (row 80)."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from models.normal import half_width
from services.files.file_refusals import FileRefused
from services.files.workbook_tables import cells_of, visible_sheets
from services.files.workbooks import Limits
from services.space.boundary_file import NUMBER, Boundary, BoundaryFile, UnusedLine
from services.space.planes import GEO
from services.space.survey_text import add_point, leave_line, names_a_point, take_plain_line, words_of

#: Columns by the words of their heads, the surer word first.
_HEADS = (
    ("parcel", re.compile(r"地块|宗地")),
    ("ring", re.compile(r"圈|环")),
    ("edge", re.compile(r"边长|距离|间距")),
    ("north", re.compile(r"北(?:坐标|向|方|$|\))|纵")),
    ("east", re.compile(r"东(?:坐标|向|方|$|\))|横")),
    ("north", re.compile(r"^[Xx]")),
    ("east", re.compile(r"^[Yy]")),
    ("north", re.compile(r"纬度|^[Ll]at")),
    ("east", re.compile(r"经度|^[Ll]on")),
    ("north", re.compile(r"^[Nn](?:orth.*)?$")),
    ("east", re.compile(r"^[Ee](?:ast.*)?$")),
    ("number", re.compile(r"点")),
    ("number", re.compile(r"序号")),
)
#: Heads of degrees, which need no other word for the system.
_DEGREES = re.compile(r"[经纬]度|^[Ll](?:at|on)")
#: Text in the place of a formula whose value was not stored.
_NO_VALUE = "公式无计算结果"
_LIMITS = Limits(rows=20_003, columns=64)


def read_workbook(content: bytes) -> BoundaryFile:
    """Read the first visible sheet; of a formula its stored value, without one its cell is no number."""
    place, marks = next(iter(visible_sheets(content, _LIMITS).items()))
    rows = [[half_width(text).replace("\u2212", "-") for _, text in row] for row in cells_of(content, place)]
    for (line, column), stored in marks.formulas.items():
        if not stored and line <= len(rows) and column <= len(rows[line - 1]):
            rows[line - 1][column - 1] = _NO_VALUE
    return read_table(rows)


def read_csv(text: str) -> BoundaryFile:
    """Read the rows of a text whose words are separated by commas or tabs."""
    first = text[:4000]
    try:
        return read_table(csv.reader(StringIO(text), delimiter="\t" if first.count("\t") > first.count(",") else ","))
    except csv.Error:
        raise FileRefused("TEXT-KIND", "坐标表中有超长的内容或没有配对的引号，请核对后上传") from None


def read_list(text: str) -> BoundaryFile:
    """Read the lines of a text whose words are separated by blanks."""
    file = read_table(words_of(line) for line in text.splitlines())
    file.kind = "list"
    return file


def read_table(rows: Iterable[Sequence[str]]) -> BoundaryFile:
    """Read rows of cells; without heads they are read as a plain list."""
    file = BoundaryFile("table")
    heads: dict[str, int] = {}
    parcels: dict[str, Boundary] = {}
    plain = Boundary()
    for line, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if found := _heads_of(cells):
            heads = found
            if all(_DEGREES.search(cells[heads[name]]) for name in ("north", "east")):
                file.name_system(GEO)
        elif not heads:
            take_plain_line(file, plain, line, [cell for cell in cells if cell])
        else:
            _take_row(file, parcels, line, cells, heads)
    file.parcels = [one for one in (*parcels.values(), plain) if one.rings]
    return file


def _heads_of(cells: list[str]) -> dict[str, int]:
    """The columns of a row of heads; nothing unless both coordinates are named."""
    found: dict[str, int] = {}
    if any(NUMBER.fullmatch(cell) for cell in cells[1:]) or sum(1 for cell in cells if cell) < 2:
        return {}
    taken: set[int] = set()
    for name, words in _HEADS:
        place = next(
            (i for i, cell in enumerate(cells) if i not in taken and len(cell) < 16 and words.search(cell)), None
        )
        if place is not None and name not in found:
            found[name] = place
            taken.add(place)
    return found if {"north", "east"} <= set(found) else {}


def _take_row(
    file: BoundaryFile, parcels: dict[str, Boundary], line: int, cells: list[str], heads: dict[str, int]
) -> None:
    named = {name: cells[place] for name, place in heads.items() if place < len(cells)}
    north, east, number = (named.get(name, "") for name in ("north", "east", "number"))
    if not (NUMBER.fullmatch(north) and NUMBER.fullmatch(east)):
        point = bool(north and east) or names_a_point(number)
        if point:
            file.unused.append(UnusedLine(line, " ".join(cells).strip()[:60], point=True))
        else:
            leave_line(file, line, [one for one in cells if one][:2])
        return
    name = named.get("parcel") or (next(reversed(parcels)) if parcels else "")
    parcel = parcels.setdefault(name, Boundary(name))
    ring, edge = named.get("ring", ""), named.get("edge", "")
    of_ring = parcel.ring(int(ring) if ring.isdigit() and len(ring) < 4 else 0)
    add_point(of_ring, number, (float(east), float(north)), float(edge) if NUMBER.fullmatch(edge) else None)
