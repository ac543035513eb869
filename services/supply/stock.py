"""The stock of licensed homes: how it changed in each month, what it consists of, how old it is (5.3, R8)."""

from collections import defaultdict
from operator import attrgetter
from typing import Any

from services.supply import rounding
from services.supply.figures import PRICES, SIZES, Book, Held, Sum, band, band_name
from services.supply.flows import Month
from services.supply.months import name_of
from services.supply.reports import MONTHS, whole
from services.supply.stages import STOCK, Stage

LICENSED = (*STOCK, Stage.RESTRICTED)

#: Upper bounds of the months since the first listing.
AGES = (6, 12, 24)
NO_AREA, NO_PRICE = "无面积", "无备案价"


def identity(book: Book, last: int) -> list[dict[str, str | int]]:
    """The stock of each month from that of the month before: nothing comes or goes without a cause (STA-02)."""
    chosen = whole(book)
    return [_changed(book, month, chosen.of(month)) for month in range(last - MONTHS + 1, last + 1)]


def _changed(book: Book, month: int, flow: Month) -> dict[str, str | int]:
    opening, closing = book.stock(month - 1, LICENSED), book.stock(month, LICENSED)
    relisted, withdrawn = book.licences(month)
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


def structure(book: Book, month: int) -> dict[str, Any]:
    """R8: homes in stock by size and filed price, and by the months since they were first listed."""
    grid: dict[tuple[int, int], Sum] = defaultdict(Sum)
    ages: dict[int, Sum] = defaultdict(Sum)
    total = Sum()
    for held in book.held(month):
        _take(grid[held.size, held.price], held)
        if held.listed is not None:
            _take(ages[band(month - held.listed, AGES)], held)
        _take(total, held)
    return {
        "grid": [
            {"size": band_name(size, SIZES, NO_AREA), "price": band_name(price, PRICES, NO_PRICE), **_told(held, total)}
            for (size, price), held in sorted(grid.items())
        ],
        "age": [{"age": band_name(age, AGES), **_told(held, total)} for age, held in sorted(ages.items())],
        "total": total.told(),
    }


def _told(held: Sum, total: Sum) -> dict[str, str | int | None]:
    return {
        "area": rounding.area(held.area),
        "sets": int(held.sets),
        "share": rounding.ratio(held.area, total.area, percent=True),
    }


def _take(total: Sum, held: Held) -> None:
    total.area += held.area
    total.sets += held.sets
