"""The stock of licensed homes: how it changed in each month, what it consists of, how old it is (5.3, R8)."""

from collections import defaultdict
from fractions import Fraction
from operator import attrgetter
from typing import Any

from services.supply import rounding
from services.supply.facts import PLACES
from services.supply.figures import Figures, Sum
from services.supply.flows import Month
from services.supply.months import name_of
from services.supply.reports import MONTHS, whole
from services.supply.stages import STOCK, Part, Stage

LICENSED = (*STOCK, Stage.RESTRICTED)

#: Upper bounds of the bands in m² and in yuan a square metre; the last band has none.
SIZES = (70, 90, 120, 144, 200)
PRICES = (30_000, 50_000, 80_000, 100_000)
#: Upper bounds of the months since the first listing.
AGES = (6, 12, 24)
NO_AREA, NO_PRICE = "无面积", "无备案价"


def identity(figures: Figures, last: int) -> list[dict[str, str | int]]:
    """The stock of each month from that of the month before: nothing comes or goes without a cause (STA-03)."""
    chosen = whole(figures)
    return [_changed(figures, month, chosen.of(month)) for month in range(last - MONTHS + 1, last + 1)]


def _changed(figures: Figures, month: int, flow: Month) -> dict[str, str | int]:
    before, now = _licensed(figures, month - 1), _licensed(figures, month)
    opening, closing = figures.total(month - 1, LICENSED), figures.total(month, LICENSED)
    relisted, withdrawn = Sum(), Sum()
    for home, part in now.items():
        if home not in before and _listed_before(figures, home, month):
            relisted.add(part)
    for home, part in before.items():
        if home not in now:
            withdrawn.add(part)
    adjusted, adjusted_sets = (
        part(closing)
        - part(opening)
        - part(flow.listed)
        - part(relisted)
        + part(flow.gross)
        - part(flow.cancelled)
        + part(withdrawn)
        for part in (attrgetter("area"), attrgetter("sets"))
    )
    return {
        "month": name_of(month),
        "opening": rounding.area(opening.area),
        "listed": rounding.area(flow.listed.area),
        "relisted": rounding.area(relisted.area),
        "sold": rounding.area(flow.gross.area),
        "cancelled": rounding.area(flow.cancelled.area),
        "withdrawn": rounding.area(withdrawn.area),
        "adjusted": rounding.area(adjusted),
        "closing": rounding.area(closing.area),
        "opening_sets": int(opening.sets),
        "closing_sets": int(closing.sets),
        "relisted_sets": int(relisted.sets),
        "withdrawn_sets": int(withdrawn.sets),
        "adjusted_sets": int(adjusted_sets),
    }


def _licensed(figures: Figures, month: int) -> dict[str, Part]:
    """Homes that are licensed at the end of a month, sold or not."""
    return {part.home.id: part for part in figures.parts(month) if part.home is not None and part.licensed}


def _listed_before(figures: Figures, home: str, month: int) -> bool:
    listed = figures.flows.listed_in.get(home)
    return listed is not None and listed < month


def structure(figures: Figures, month: int) -> dict[str, Any]:
    """R8: homes in stock by size and filed price, and by the months since they were first listed."""
    grid: dict[tuple[int, int], Sum] = defaultdict(Sum)
    ages: dict[int, Sum] = defaultdict(Sum)
    total = Sum()
    for part in figures.parts(month):
        if part.stage in STOCK and part.home is not None and part.home.housing:
            grid[_size(part), _price(part)].add(part)
            listed = figures.flows.listed_in.get(part.home.id)
            if listed is not None:
                ages[_band(month - listed, AGES)].add(part)
            total.add(part)
    return {
        "grid": [
            {"size": _named(size, SIZES, NO_AREA), "price": _named(price, PRICES, NO_PRICE), **_told(held, total)}
            for (size, price), held in sorted(grid.items())
        ],
        "age": [{"age": _named(age, AGES, ""), **_told(held, total)} for age, held in sorted(ages.items())],
        "total": total.told(),
    }


def _told(held: Sum, total: Sum) -> dict[str, str | int | None]:
    return {
        "area": rounding.area(held.area),
        "sets": int(held.sets),
        "share": rounding.ratio(held.area, total.area, percent=True),
    }


def _size(part: Part) -> int:
    return _band(Fraction(part.area) / PLACES, SIZES) if part.area else len(SIZES) + 1


def _price(part: Part) -> int:
    filed = part.home.filed_price if part.home is not None else None
    return len(PRICES) + 1 if filed is None else _band(Fraction(filed, 100), PRICES)


def _band(value: Fraction | int, bounds: tuple[int, ...]) -> int:
    return next((at for at, bound in enumerate(bounds) if value <= bound), len(bounds))


def _named(band: int, bounds: tuple[int, ...], none: str) -> str:
    if band > len(bounds):
        return none
    if band == len(bounds):
        return f">{bounds[-1]}"
    return f"<={bounds[0]}" if band == 0 else f"{bounds[band - 1]}-{bounds[band]}"
