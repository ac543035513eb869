"""Readers of the cells of planned buildings, for the form of their permit and for workbooks (row 65)."""

from collections.abc import Mapping
from decimal import Decimal

from models.building_codes import BuildingUse, DeliveryStandard, Structure
from models.normal import half_width, without_blanks
from services.imports.measures import building_no, measure, storeys
from services.imports.sheets import Cell, Reader, Says, one_of

#: Other words for the uses of a building.
_USES = {
    "居住": "住宅",
    "居住用房": "住宅",
    "住宅楼": "住宅",
    "商铺": "商业",
    "商业用房": "商业",
    "办公楼": "办公",
    "配套": "配套设施",
    "配套用房": "配套设施",
    "公共设施": "公共服务",
    "公建配套": "公共服务",
    "地库": "地下车库",
    "车库": "地下车库",
}
#: Other words for structures, as certificates print them.
_STRUCTURES = {
    "框剪": "框架-剪力墙",
    "框架剪力墙": "框架-剪力墙",
    "钢结构": "钢",
    "木结构": "木",
    "钢混": "钢-混凝土",
    "混合": "砖混",
}
_SQUARE_METRES = measure("㎡", "平方米", "平米", "m2", "m²", places=4)
_METRES = measure("米", "m")
_WHOLE = measure("套", "户", places=0)


def _tidy(number: str) -> str:
    """Return a number without needless places, of which areas keep two."""
    if not number:
        return ""
    two = Decimal(number).quantize(Decimal("0.01"))
    return f"{two}" if two == Decimal(number) else number


def area(cell: Cell, says: Says) -> str:
    return _tidy(_SQUARE_METRES(cell, says))


def structure(cell: Cell, says: Says) -> str:
    """Read a structure; a certificate's 钢筋混凝土 before it says nothing more."""
    plain = half_width(without_blanks(cell.text)).removeprefix("钢筋混凝土").removesuffix("结构")
    words = [one.label for one in Structure]
    value = _STRUCTURES.get(plain, plain)
    if value not in words:
        says.error("STRUCTURE_UNKNOWN", f"{says.column}应为：{'、'.join(words)}")
        return ""
    return value


use = one_of([one.label for one in BuildingUse], "USE_UNKNOWN", _USES)
#: By the fields of a planned building; the others are read as their types are.
CELLS: Mapping[str, Reader] = {
    "building_no": building_no,
    "use": use,
    "structure": structure,
    "floors_above": storeys,
    "floors_below": storeys,
    "height_m": _METRES,
    "sets": _WHOLE,
    "delivery_standard": one_of([one.label for one in DeliveryStandard], "STANDARD_UNKNOWN", {"精装": "全装修"}),
    **dict.fromkeys(
        (
            *("gfa_above", "gfa_below", "gfa_total", "far_area", "footprint_area", "saleable_area"),
            *("self_held_area", "affordable_area", "public_facility_area"),
        ),
        area,
    ),
}
