"""R4: what is expected on the market in the next twelve months, by when projects mean to sell (5.5)."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from services.engine.thresholds import Thresholds
from services.supply import rounding
from services.supply.kept_book import KeptBook
from services.supply.months import month_of, name_of
from services.supply.rounding import Exact
from services.supply.stages import Stage

AHEAD = 12
#: How likely an area of a stage is to come, in hundredths.
LIKELY = {
    Stage.READY: "supply.likely_ready",
    Stage.BUILDING: "supply.likely_building",
    Stage.PLANNED: "supply.likely_planned",
}
_NAMES = {Stage.READY: "ready", Stage.BUILDING: "building", Stage.PLANNED: "planned"}


def forecast(book: KeptBook, month: int, thresholds: Thresholds) -> list[dict[str, Any]]:
    """The next months' lines: by stage, in all, and weighed by how likely they are; sums of unrounded areas."""
    due: dict[tuple[int, Stage], Exact] = defaultdict(int)
    for part in book.parts(month):
        if part.stage is Stage.READY:
            due[month + 1, part.stage] += part.area
        elif part.stage in LIKELY and part.presale_planned is not None:
            due[max(month + 1, month_of(part.presale_planned)), part.stage] += part.area
    share = {stage: Fraction(thresholds.integer(key), 100) for stage, key in LIKELY.items()}
    so_far: Exact = 0
    likely_so_far: Exact = 0
    lines = []
    for one in range(month + 1, month + AHEAD + 1):
        areas = {stage: due.get((one, stage), 0) for stage in LIKELY}
        whole = sum(areas.values())
        likely = sum(area * share[stage] for stage, area in areas.items())
        so_far, likely_so_far = so_far + whole, likely_so_far + likely
        lines.append(
            {
                "month": name_of(one),
                **{_NAMES[stage]: rounding.wan(area) for stage, area in areas.items()},
                "sum": rounding.wan(whole),
                "so_far": rounding.wan(so_far),
                "likely": rounding.wan(likely),
                "likely_so_far": rounding.wan(likely_so_far),
            }
        )
    return lines
