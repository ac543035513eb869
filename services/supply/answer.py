"""All figures of a month in one object: the published series with its reports, and the restated one."""

from collections.abc import Iterable
from typing import Any

from services.supply import construction, indicators, reports, stock
from services.supply.facts import Facts
from services.supply.figures import Figures
from services.supply.months import Series, last_day, name_of


def answer(facts: Facts, month: int, districts: Iterable[str]) -> dict[str, Any]:
    """The figures at the end of a month; numbers with decimals are text, so that nothing is lost on reading."""
    every = list(districts)
    published, restated = Figures(facts, Series.PUBLISHED), Figures(facts, Series.RESTATED)
    return {
        "as_of": name_of(month),
        "as_of_day": last_day(month).isoformat(),
        "published": {
            **_common(published, month, every, apart=True),
            "R2": reports.by_ring(published, month),
            "R5": reports.by_plate(published, month),
            "R6": construction.progress(facts.works, month, Series.PUBLISHED),
            "R7": reports.by_project(published, month),
            "R8": stock.structure(published, month),
            "R9": indicators.coverage(facts, month, Series.PUBLISHED),
            "data_quality": indicators.doubts(published, month),
        },
        "restated": _common(restated, month, every, apart=False),
    }


def _common(figures: Figures, month: int, districts: list[str], *, apart: bool) -> dict[str, Any]:
    return {
        "R1": reports.by_district(figures, month, districts),
        "R3": reports.monthly(figures, month, districts=apart),
        "indicators": indicators.indicators(figures, month),
        "stock_identity": stock.identity(figures, month),
    }
