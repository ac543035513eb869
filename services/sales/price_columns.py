"""The price list of a sales plan (一房一价): a row a home with its areas, unit price and total (row 76)."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from statistics import median

from services.imports.measures import building_no, measure, number_in, plain, positive, room_no
from services.imports.sheets import (
    Cell,
    Checks,
    FileFinding,
    ImportedRow,
    Level,
    Says,
    Sheet,
    SheetColumn,
    as_it_stands,
)

PLAN, BUILDING, SECTION, FLOOR, ROOM, USE = "销售方案编号", "幢号", "单元号", "名义层", "室号", "用途"
GROSS, INNER, SHARED = "建筑面积(㎡)", "套内面积(㎡)", "分摊面积(㎡)"
PRICE, TOTAL, NOTE = "单价(元/㎡)", "总价(元)", "备注"

#: A total may differ by so much from price times area.
_A_YUAN = Decimal(1)
_HUNDREDTH = Decimal("0.01")
#: A price this many times above or below the plan's median is looked at again.
_OUTLIER = 3
_WAN = 10_000


@dataclass(frozen=True)
class PlannedHome:
    """A home of the building table as the plan has it."""

    gross: Decimal | None
    floor: str
    use: str
    for_sale: bool


@dataclass(frozen=True)
class PricedPlan:
    """A sales plan with the homes of its buildings by building and room; `others` are buildings it does not sell."""

    number: str
    homes: Mapping[tuple[str, str], PlannedHome]
    buildings: frozenset[str]
    others: Mapping[tuple[str, str], PlannedHome] = field(default_factory=dict)


def _plan_no(cell: Cell, says: Says) -> str:
    return plain(cell.text).upper()


_SIZE = measure("㎡", "平方米", "平米", "m2", "m²", limit=positive)

COLUMNS = (
    SheetColumn(PLAN, _plan_no, "与本次申报的方案编号一致", "plan_no", ("方案编号",), required=True, width=26),
    SheetColumn(BUILDING, building_no, "例如1#", "building", ("楼号", "楼栋"), required=True),
    SheetColumn(SECTION, as_it_stands, "与楼盘表一致", "section", ("单元",)),
    SheetColumn(FLOOR, as_it_stands, "与楼盘表一致", "floor", ("楼层",)),
    SheetColumn(ROOM, room_no, "文本格式，一行一户", "room", ("室号部位", "房号"), required=True),
    SheetColumn(USE, as_it_stands, "与楼盘表一致", "use"),
    SheetColumn(GROSS, _SIZE, "与楼盘表一致", "gross", required=True),
    SheetColumn(INNER, _SIZE, "套内与分摊之和等于建筑面积", "inner"),
    SheetColumn(SHARED, measure("㎡", "平方米", "平米", "m2", "m²"), "套内与分摊之和等于建筑面积", "shared"),
    SheetColumn(
        PRICE,
        measure("元/㎡", "元/平方米", "元/平米", limit=positive),
        "元每平方米，最多两位小数",
        "price",
        required=True,
    ),
    SheetColumn(
        TOTAL, measure("元", limit=positive), "元，等于单价乘以建筑面积，误差不超过1元", "total", required=True
    ),
    SheetColumn(NOTE, as_it_stands, "选填", "note", literal=True),
)


def _home(values: Mapping[str, str]) -> str:
    """Return what a home is known by; empty while a part of it is missing."""
    return f"{values[BUILDING]} {values[ROOM]}" if values[BUILDING] and values[ROOM] else ""


SHEET = Sheet("一房一价", COLUMNS, key=ROOM, identity=_home, first_counts=True, repeated="NO_DUP")


def checks_of(plan: PricedPlan) -> Checks:
    """The checks of a price list against the plan and its building table."""

    def row(one: ImportedRow) -> None:
        _about_plan(one, plan)
        _about_areas(one)

    def whole(rows: Sequence[ImportedRow]) -> Sequence[FileFinding]:
        middle = _middle(rows)
        for one in rows:
            _about_price(one, middle)
        missing = sum(home.for_sale for home in plan.homes.values()) - len(
            {_home(one.values) for one in rows if not one.failed(*(column.label for column in COLUMNS))}
        )
        return (
            [FileFinding("PRICE_MISSING", SHEET.label, f"本方案还有{missing}户可售房屋没有报价")] if missing > 0 else []
        )

    return Checks(row=row, whole=whole)


def _about_plan(one: ImportedRow, plan: PricedPlan) -> None:
    values = one.values
    if values[PLAN] and values[PLAN] != plan.number:
        one.find(PLAN, Level.ERROR, "PLAN_MISMATCH", f"与本次申报的方案编号{plan.number}不一致")
    place = values[BUILDING], values[ROOM]
    if not all(place) or one.failed(BUILDING, ROOM):
        return
    home = plan.homes.get(place) or plan.others.get(place)
    # A home that is not for sale is in no plan: of the two the first says why.
    if home is not None and not home.for_sale:
        one.find(ROOM, Level.ERROR, "ROLE_NOT_FOR_SALE", "该户在楼盘表中不是可售房屋")
    elif place[0] not in plan.buildings:
        one.find(BUILDING, Level.ERROR, "BUILDING_NOT_IN_PLAN", "该幢不在本方案范围内")
    elif home is None:
        one.find(ROOM, Level.ERROR, "UNIT_UNKNOWN", "楼盘表中没有该室号")
    if home is None:
        return
    gross = _number(one, GROSS)
    if gross is not None and home.gross is not None and abs(gross - home.gross) >= _HUNDREDTH:
        one.find(GROSS, Level.ERROR, "AREA_MISMATCH", f"与楼盘表的{home.gross}㎡不一致")
    if values[FLOOR] and values[FLOOR] != home.floor:
        one.find(FLOOR, Level.WARNING, "FLOOR_MISMATCH", f"与楼盘表不一致，以楼盘表的{home.floor}层为准")
        values[FLOOR] = home.floor
    if values[USE] and values[USE] != home.use:
        one.find(USE, Level.WARNING, "USE_MISMATCH", f"与楼盘表不一致，以楼盘表的“{home.use}”为准")
        values[USE] = home.use


def _about_areas(one: ImportedRow) -> None:
    gross, inner, shared = (_number(one, column) for column in (GROSS, INNER, SHARED))
    if gross is None or inner is None or shared is None or one.failed(GROSS):
        return
    if abs(inner + shared - gross) > _HUNDREDTH:
        one.find(SHARED, Level.ERROR, "AREA_SUM", "套内面积与分摊面积之和不等于建筑面积")


def _middle(rows: Sequence[ImportedRow]) -> Decimal | None:
    """The median of the list's prices; a few in the wrong unit do not move it."""
    prices = [price for one in rows if (price := _number(one, PRICE)) is not None]
    return median(prices) if prices else None


def _about_price(one: ImportedRow, middle: Decimal | None) -> None:
    if middle is None or _in_wan(one, PRICE, middle, "疑为万元/㎡，请按元/㎡填写"):
        return
    price, gross = _number(one, PRICE), _number(one, GROSS)
    if price is None:
        return
    if not _near(price, middle):
        one.find(PRICE, Level.WARNING, "PRICE_OUTLIER", "与本方案单价的中位数相差3倍以上，请核对")
    if gross is None or _in_wan(one, TOTAL, price * gross, "疑为万元，请按元填写"):
        return
    total = _number(one, TOTAL)
    if total is not None and abs(total - price * gross) > _A_YUAN:
        one.find(TOTAL, Level.ERROR, "TOTAL_MISMATCH", "总价不等于单价乘以建筑面积，相差超过1元")


def _in_wan(one: ImportedRow, column: str, expected: Decimal, message: str) -> bool:
    """Tell if a sum is given in 10,000 yuan, which also explains its many decimals."""
    if one.failed(column) and not any((found.column, found.code) == (column, "DECIMALS") for found in one.findings):
        return False
    number = number_in(plain(one.cells[column].text)) if column in one.cells else None
    if number is None or not _near(number * _WAN, expected):
        return False
    one.findings = [found for found in one.findings if (found.column, found.code) != (column, "DECIMALS")]
    one.find(column, Level.ERROR, "UNIT_SUSPECT", message)
    return True


def _near(value: Decimal, other: Decimal) -> bool:
    return other <= value * _OUTLIER and value <= other * _OUTLIER


def _number(one: ImportedRow, column: str) -> Decimal | None:
    return Decimal(one.values[column]) if one.values[column] and not one.failed(column) else None


def plan_from_files(plan: bytes, naturals: bytes, units: bytes) -> PricedPlan:
    """Return the plan in a file of one line, its homes from the tables of buildings and units of an export (CSV)."""
    (line, *_) = _rows(plan)
    sold = set(line["building_ids"].split(";"))
    buildings = {one["id"]: one for one in _rows(naturals) if one["project_id"] == line["project_id"]}
    named = Counter(one["building_name"] for one in buildings.values())
    homes: dict[tuple[str, str], PlannedHome] = {}
    others: dict[tuple[str, str], PlannedHome] = {}
    for unit in _rows(units):
        building = buildings.get(unit["natural_building_id"])
        if building is None or (building["id"] not in sold and named[building["building_name"]] > 1):
            continue
        gross = unit["surveyed_gross"] or unit["forecast_gross"]
        home = PlannedHome(
            Decimal(gross).quantize(_HUNDREDTH) if gross else None,
            unit["nominal_floor"],
            unit["planned_use"],
            unit["sale_role"] == "FOR_SALE",
        )
        (homes if building["id"] in sold else others)[building["building_name"], unit["room_no"]] = home
    names = frozenset(buildings[one]["building_name"] for one in sold)
    return PricedPlan(line["plan_no"], homes, names, others)


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
