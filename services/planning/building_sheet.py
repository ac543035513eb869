"""The workbook of planned buildings as planners hand it in, judged by itself (row 65)."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from services.engine.thresholds import Thresholds
from services.imports.measures import building_no, measure, plain
from services.imports.sheets import Cell, Checks, ImportedRow, Level, Says, Sheet, SheetColumn, as_it_stands
from services.planning.building_cells import CELLS, area
from services.planning.building_rules import STOREY_LEAST
from services.projects.project_rules import GFA_TOLERANCE

SHEET_STOREY_MOST = "planning.sheet_storey_most"
PERMIT, PROJECT, NUMBER, NAME = "建设工程规划许可证号", "项目名称", "幢号", "建筑物名称"
USE, STRUCTURE, ABOVE, BELOW, HEIGHT = "建筑用途", "结构类型", "地上层数", "地下层数", "建筑高度(m)"
FOOTPRINT, GFA_ABOVE, GFA_BELOW, GFA_TOTAL, SETS = (
    "基底面积(㎡)",
    "地上建筑面积(㎡)",
    "地下建筑面积(㎡)",
    "总建筑面积(㎡)",
    "住宅套数",
)
_FORM = re.compile(r"建字第[0-9A-Z]+号")
_WAN = 10_000
#: An area is in 万㎡ when ten thousand times it comes as near to footprint times storeys as this factor.
_NEAR = 3


def _permit_no(cell: Cell, says: Says) -> str:
    value = plain(cell.text).upper()
    if not _FORM.fullmatch(value):
        says.error("PERMIT_FORMAT", "许可证号格式不正确，应为“建字第…号”")
        return ""
    return value


COLUMNS = (
    SheetColumn(PERMIT, _permit_no, "建字第…号", "permit_no", ("许可证号", "工程规划许可证号"), width=28),
    SheetColumn(PROJECT, as_it_stands, "可纵向合并", "project_name", width=24, spanned=True),
    SheetColumn(NUMBER, building_no, "例如1#", "building_no", ("楼号", "栋号"), required=True),
    SheetColumn(NAME, as_it_stands, "", "name", literal=True),
    SheetColumn(USE, CELLS["use"], "", "use", ("用途",), required=True),
    SheetColumn(STRUCTURE, CELLS["structure"], "", "structure", ("结构",)),
    SheetColumn(ABOVE, CELLS["floors_above"], "整数", "floors_above", required=True),
    SheetColumn(BELOW, CELLS["floors_below"], "整数", "floors_below", required=True),
    SheetColumn(HEIGHT, CELLS["height_m"], "米", "height_m", ("建筑高度",)),
    SheetColumn(FOOTPRINT, area, "平方米", "footprint_area", ("基底面积", "占地面积")),
    SheetColumn(GFA_ABOVE, area, "平方米", "gfa_above", ("地上建筑面积", "地上面积")),
    SheetColumn(GFA_BELOW, area, "平方米", "gfa_below", ("地下建筑面积", "地下面积")),
    SheetColumn(GFA_TOTAL, area, "平方米，等于地上加地下", "gfa_total", ("总建筑面积", "总面积"), required=True),
    SheetColumn(SETS, measure("套", "户", places=0), "没有的填0", "sets", ("套数",)),
)


def _identity(values: Mapping[str, str]) -> str:
    """Return what a building is known by: its number within a permit."""
    return f"{values[PERMIT]} {values[NUMBER]}" if values[NUMBER] else ""


SHEET = Sheet(
    "规划建筑物",
    COLUMNS,
    500,
    NUMBER,
    identity=_identity,
    first_counts=True,
    repeated="NO_DUP",
    merged_rows=True,
    layout=True,
)


def checks_of(thresholds: Thresholds) -> Checks:
    """The checks of planned buildings by themselves."""

    def row(one: ImportedRow) -> None:
        _about_permit(one)
        _about_areas(one, thresholds)
        _about_storeys(one, thresholds)

    return Checks(row=row)


def _about_permit(one: ImportedRow) -> None:
    """Refuse a row of another permit than the title of the sheet names."""
    titled = _FORM.findall(plain(one.beside.get("title", "")).upper())
    if len(titled) == 1 and one.values[PERMIT] and one.values[PERMIT] != titled[0]:
        one.find(PERMIT, Level.ERROR, "PERMIT_MISMATCH", f"与本次申报的许可证号{titled[0]}不一致")


def _about_areas(one: ImportedRow, thresholds: Thresholds) -> None:
    above, below, whole, footprint, floors = _numbers(one, (GFA_ABOVE, GFA_BELOW, GFA_TOTAL, FOOTPRINT, ABOVE))
    if above is not None and footprint and floors:
        built = footprint * floors
        if built <= above * _WAN * _NEAR and above * _WAN <= built * _NEAR:
            one.find(GFA_ABOVE, Level.ERROR, "UNIT_SUSPECT", "疑为万㎡，请按平方米填写")
            return
    parts = None if above is None or below is None else above + below
    if parts is not None and whole is not None and abs(whole - parts) > thresholds.decimal(GFA_TOLERANCE):
        one.find(GFA_TOTAL, Level.ERROR, "SUM_MISMATCH", f"总建筑面积不等于地上加地下（{parts}㎡）")
    if footprint is not None and above and footprint > above:
        one.find(FOOTPRINT, Level.ERROR, "FOOTPRINT_GT_FLOOR", "基底面积大于地上建筑面积，请核对")


def _about_storeys(one: ImportedRow, thresholds: Thresholds) -> None:
    floors, below, height, area_above = _numbers(one, (ABOVE, BELOW, HEIGHT, GFA_ABOVE))
    if floors == 0 and area_above:
        one.find(ABOVE, Level.ERROR, "STOREYS_RANGE", "地上层数为0但有地上建筑面积，请核对")
    elif floors == 0 and below == 0:
        one.find(ABOVE, Level.ERROR, "STOREYS_RANGE", "地上层数和地下层数合计至少为1层")
    if floors and height is not None:
        least, most = thresholds.decimal(STOREY_LEAST), thresholds.decimal(SHEET_STOREY_MOST)
        if not least <= height / floors <= most:
            told = f"平均层高{height / floors:.2f}米，不在{least}至{most}米之间，请核对高度和层数"
            one.find(HEIGHT, Level.ERROR, "HEIGHT_STOREYS", told)


def _numbers(one: ImportedRow, columns: Sequence[str]) -> list[Decimal | None]:
    return [Decimal(one.values[name]) if one.values[name] and not one.failed(name) else None for name in columns]
