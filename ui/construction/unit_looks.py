"""Colours of a building table by what the register says of a unit: sale role, use, size, survey (rows 70, 76)."""

from collections.abc import Sequence
from decimal import Decimal

from models.building_tables import SaleRole
from services.construction.building_table_views import UnitCell
from ui.shell.unit_colours import Colouring, Look, by_band, by_code, by_word
from ui.shell.unit_places import Cell

ROLE_LOOKS = {
    SaleRole.FOR_SALE: Look("green", "可", SaleRole.FOR_SALE.label),
    SaleRole.SELF_HELD: Look("amber", "持", SaleRole.SELF_HELD.label),
    SaleRole.AFFORDABLE: Look("blue", "保", SaleRole.AFFORDABLE.label),
    SaleRole.RELOCATION: Look("violet", "安", SaleRole.RELOCATION.label),
    SaleRole.PUBLIC_FACILITY: Look("teal", "公", SaleRole.PUBLIC_FACILITY.label),
    SaleRole.OWNERS_COMMON: Look("rose", "共", SaleRole.OWNERS_COMMON.label),
    SaleRole.PARKING: Look("grey", "位", SaleRole.PARKING.label),
}
#: Sizes of the reports (market 5.4), in square metres.
SIZES = tuple(map(Decimal, (70, 90, 120, 144, 200)))
_FORECAST, _SURVEYED, _OFF = "forecast", "surveyed", "off"
_SURVEYS = {
    _FORECAST: Look("grey", "预", "预测面积"),
    _SURVEYED: Look("good", "实", "实测面积"),
    _OFF: Look("bad", "差", "实测与预测相差较大"),
}
_GONE = Look("none", "消", "已不在楼盘表")


def cell_of(unit: UnitCell) -> Cell:
    """Return a unit as a cell: its room, or that it has none, and what it is."""
    area = f"{unit.area:,.2f}㎡" if unit.area is not None else "无面积"
    words = " ".join(filter(None, (unit.use, unit.layout, area)))
    return Cell(
        unit.id,
        unit.section,
        unit.column,
        unit.span,
        unit.floor_from,
        unit.floor_to,
        unit.label or "无室号",
        words,
    )


def colourings(units: Sequence[UnitCell]) -> tuple[Colouring, ...]:
    """Return the ways to colour the units of a building; those that left the building table are hatched in each."""
    found: tuple[Colouring, ...] = (
        by_code("role", "销售属性", {one.id: one.role for one in units}, ROLE_LOOKS),
        by_word("use", "用途", {one.id: one.use for one in units}),
        by_band(
            "size", "面积", {one.id: one.area for one in units if one.area is not None}, SIZES, lambda at: f"{at}㎡"
        ),
        by_code("survey", "测绘", {one.id: _survey(one) for one in units if one.area is not None}, _SURVEYS),
    )
    if len({one.logical for one in units}) > 1:
        found += (by_word("logical", "逻辑幢", {one.id: one.logical for one in units}),)
    gone = frozenset(one.id for one in units if one.gone)
    return tuple(Colouring(one.key, one.label, one.looks, one.of, _GONE if gone else None, gone) for one in found)


def _survey(unit: UnitCell) -> str:
    return _OFF if unit.off else _SURVEYED if unit.surveyed else _FORECAST
