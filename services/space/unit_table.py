"""Reads the table of a building's homes: storeys, rooms, areas, facings (row 81)."""

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from services.files.file_refusals import FileRefused
from services.space.boundary_file import NUMBER
from services.space.building_labels import building_key
from services.space.survey_text import text_of

#: Columns by their heads in the exchanged tables. Columns that are not named here are not read.
_COLUMNS = {
    "building": ("building_no", "幢号", "楼号"),
    "entrance": ("entrance_unit", "单元"),
    "storey": ("storey", "自然层", "层次"),
    "label": ("storey_label", "名义层", "层"),
    "room": ("room", "室号", "房号"),
    "use": ("use", "用途"),
    "facing": ("facing", "朝向"),
    "base": ("floor_elev_m", "层底标高"),
    "height": ("floor_height_m", "层高"),
    "inner": ("inner_area_m2", "套内面积"),
    "gross": ("gross_area_m2", "建筑面积"),
}
_MOST_ROWS = 50_000


@dataclass(frozen=True)
class HomeRow:
    """A row of the table: a home on a storey, or with an empty room a common part."""

    line: int
    building: str
    storey: int
    label: str
    room: str
    entrance: str = ""
    use: str = ""
    facing: str = ""
    base: float | None = None
    height: float | None = None
    inner: float | None = None
    gross: float | None = None
    #: The code of the home in the building table, where the row comes from there.
    code: str = ""

    @property
    def area(self) -> float | None:
        """The area that counts for dividing a storey: the inner one, without it the gross one."""
        return self.inner if self.inner else self.gross


def read_unit_table(content: bytes) -> list[HomeRow]:
    """Read the table; one without storeys or rooms is refused."""
    try:
        rows = list(csv.DictReader(StringIO(text_of(content))))
    except csv.Error:
        raise FileRefused("UNITS-LINE", "户表中有超长的内容或不完整的引号，请核对后上传") from None
    heads = {name.strip(): name for name in (rows[0] if rows else {}) if name}
    columns = {use: next((heads[word] for word in words if word in heads), None) for use, words in _COLUMNS.items()}
    if len(rows) > _MOST_ROWS:
        raise FileRefused("UNITS-ROWS", f"户表超过{_MOST_ROWS}行，请按幢拆分")
    missing = [use for use in ("storey", "room") if columns[use] is None]
    if missing:
        raise FileRefused("UNITS-HEADS", "户表缺少层次或室号列，请核对表头")
    return [_row(line, row, columns) for line, row in enumerate(rows, 2) if _cell(row, columns, "storey")]


def storey_number(text: str) -> int:
    """A storey as a whole number: B1 and 地下1 are -1; a storey that cannot be read is refused."""
    plain = unicodedata.normalize("NFKC", text).strip().upper().removesuffix("层").removesuffix("F")
    for prefix in ("地下", "B", "-"):
        if plain.startswith(prefix) and plain[len(prefix) :].isdigit():
            return -int(plain[len(prefix) :])
    plain = plain.removeprefix("地上")
    if not plain.isdigit() or int(plain) == 0 or len(plain) > 3:
        raise FileRefused("UNITS-STOREY", f"户表中的层次“{text[:10]}”无法识别")
    return int(plain)


def _row(line: int, row: Mapping[str, str | None], columns: Mapping[str, str | None]) -> HomeRow:
    def cell(use: str) -> str:
        return _cell(row, columns, use)

    def number(use: str) -> float | None:
        return float(cell(use)) if NUMBER.fullmatch(cell(use)) else None

    storey = storey_number(cell("storey"))
    return HomeRow(
        line,
        building_key(cell("building")) if cell("building") else "",
        storey,
        cell("label") or str(storey),
        cell("room"),
        cell("entrance"),
        cell("use"),
        cell("facing"),
        number("base"),
        number("height"),
        number("inner"),
        number("gross"),
    )


def _cell(row: Mapping[str, str | None], columns: Mapping[str, str | None], use: str) -> str:
    name = columns[use]
    return (row.get(name) or "").strip() if name is not None else ""


def buildings_of(rows: Sequence[HomeRow]) -> list[str]:
    """The buildings of a table in its order."""
    return list(dict.fromkeys(row.building for row in rows))
