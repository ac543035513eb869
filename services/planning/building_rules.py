"""Rules of a planned building by itself, shared by the form of its permit and by workbooks (row 65, PLN-08)."""

from collections.abc import Iterator
from decimal import Decimal

from services.engine.kinds import Values
from services.engine.rule_declaration import Fault
from services.engine.thresholds import Thresholds
from services.engine.value_checks import shown

FILL_LEAST, FILL_MOST = "planning.fill_least", "planning.fill_most"
STOREY_LEAST, STOREY_MOST = "planning.storey_least", "planning.storey_most"


def building_faults(line: Values, tolerance: Decimal) -> Iterator[Fault]:
    """Yield what no building can be: without storeys, or with a total that is not the sum of its parts."""
    above, below = line.get("floors_above"), line.get("floors_below")
    if above is not None and below is not None and above + below < 1:
        yield Fault("floors_above", "地上层数和地下层数合计至少为1层，请核对")
    parts = [line.get(name) for name in ("gfa_above", "gfa_below")]
    whole = line.get("gfa_total")
    if whole is not None and all(part is not None for part in parts):
        summed = sum((part for part in parts if part is not None), Decimal(0))
        if abs(whole - summed) > tolerance:
            yield Fault("gfa_total", f"总建筑面积{shown(whole)}㎡不等于地上加地下{shown(summed)}㎡，请核对")


def implausible(line: Values, thresholds: Thresholds) -> Iterator[Fault]:
    """Yield what is odd of a building: the area of its storeys beside its footprint, and their height."""
    above, footprint, area = line.get("floors_above"), line.get("footprint_area"), line.get("gfa_above")
    if not above:
        return
    if footprint and area:
        percent = area * 100 / (footprint * above)
        if not thresholds.decimal(FILL_LEAST) <= percent <= thresholds.decimal(FILL_MOST):
            yield Fault(
                "footprint_area",
                f"地上面积与基底面积乘层数之比为{percent:.0f}%，请核对面积的单位和层数",
                evidence={"percent": percent},
            )
    if height := line.get("height_m"):
        storey = height / above
        if not thresholds.decimal(STOREY_LEAST) <= storey <= thresholds.decimal(STOREY_MOST):
            yield Fault("height_m", f"平均层高{storey:.2f}米，请核对高度和层数", evidence={"storey": storey})
