"""The reports R1 to R9 of a month as an authority publishes them (5.5)."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from services.supply import rounding
from services.supply.facts import PLACES, Type
from services.supply.figures import Book, Selection, Sum
from services.supply.flows import Flow, Month
from services.supply.months import name_of
from services.supply.rounding import Exact
from services.supply.stages import POTENTIAL, STOCK, UNSOLD, Stage

CITY = "ALL"
RINGS = ("INNER", "INNER_MIDDLE", "MIDDLE_OUTER", "OUTSIDE")
#: Months of the monthly report, with the one a year ago first.
MONTHS = 13

Line: TypeAlias = dict[str, Any]


def by_district(book: Book, month: int, districts: Iterable[str]) -> list[Line]:
    """R1: the stages of each district and of the city, with the district's share of the total supply."""
    sums = book.by(month, lambda part: part.district)
    lines = {
        district: {stage: sums.get((district, stage), Sum()) for stage in Stage}
        for district in sorted({*districts, *(place for place, _ in sums)})
    }
    city = {stage: _all(line[stage] for line in lines.values()) for stage in Stage}
    whole = _of(city, UNSOLD).area
    return [
        {"district": district, "share": rounding.ratio(_of(line, UNSOLD).area, whole, percent=True), **_stages(line)}
        for district, line in (*lines.items(), (CITY, city))
    ]


def by_ring(book: Book, month: int) -> list[Line]:
    """R2: rings by types of property."""
    sums = book.by(month, lambda part: (part.ring, part.type))
    return [
        {
            "ring": ring,
            "type": kind.value,
            "potential": _of(line, POTENTIAL).told(),
            "S3": line[Stage.READY].told(),
            "stock": _of(line, STOCK).told(),
            "S4r": line[Stage.RESTRICTED].told(),
            "total": _of(line, UNSOLD).told(),
        }
        for ring in RINGS
        for kind in Type
        for line in [{stage: sums.get(((ring, kind), stage), Sum()) for stage in Stage}]
    ]


def monthly(book: Book, month: int, *, districts: bool) -> dict[str, list[Line]]:
    """R3: the flows of thirteen months, of the city and of each district that ever listed something."""
    found = {CITY: _months(book, month, whole(book), "")}
    if districts:
        for district, chosen in book.flows_of(lambda place: place[0]).items():
            found[district] = _months(book, month, chosen, district)
    return found


def whole(book: Book) -> Selection:
    """The flows of all homes whose project is effective."""
    return book.flows_of()[""]


def _months(book: Book, last: int, chosen: Selection, district: str) -> list[Line]:
    lines = []
    for month in range(last - MONTHS + 1, last + 1):
        flow, before, year_ago = chosen.of(month), chosen.of(month - 1), chosen.of(month - 12)
        stock = book.stock(month, STOCK, district)
        six, twelve = chosen.mean(month, 6), chosen.mean(month, 12)
        lines.append(
            {
                "month": name_of(month),
                "listed": told(flow.listed),
                "opened": told(flow.opened),
                "gross": told(flow.gross),
                "cancelled": told(flow.cancelled),
                "net": told(flow.net),
                "avg_price": rounding.written(price(flow)),
                "ratio": rounding.ratio(flow.listed.area, flow.net.area),
                "stock": stock.told(),
                "depletion_6": six.depletion(stock.area),
                "short_6": six.short,
                "depletion_12": twelve.depletion(stock.area),
                "short_12": twelve.short,
                **_changes(flow, before, "mom"),
                **_changes(flow, year_ago, "yoy"),
            }
        )
    return lines


def _changes(flow: Month, before: Month, name: str) -> dict[str, str | None]:
    return {
        f"listed_{name}": change(flow.listed.area, before.listed.area),
        f"net_{name}": change(flow.net.area, before.net.area),
        f"price_{name}": change(price(flow), price(before)),
    }


def price(flow: Month) -> Exact | None:
    """The average price in yuan a square metre of contracts that stand, or None without any."""
    return Fraction(flow.amount * PLACES, flow.priced * 100) if flow.priced else None


def change(now: Exact | None, before: Exact | None) -> str | None:
    """The change in per cent, or None when the earlier value is missing or not above zero."""
    if now is None or before is None or before <= 0:
        return None
    return rounding.ratio(now - before, before, percent=True)


def told(flow: Flow) -> dict[str, str | int]:
    return {"area": rounding.area(flow.area), "wan": rounding.wan(flow.area), "sets": flow.sets}


def by_plate(book: Book, month: int) -> list[Line]:
    """R5: how long the stock of each plate lasts that listed something so far."""
    sums = book.by(month, lambda part: f"{part.district} {part.plate}")
    lines = []
    for place, chosen in book.flows_of(" ".join).items():
        if chosen.first is None or chosen.first > month:
            continue
        district, _, plate = place.partition(" ")
        stock = sums.get((place, Stage.LICENSED), Sum()).plus(sums.get((place, Stage.OPEN), Sum()))
        six, twelve = chosen.mean(month, 6), chosen.mean(month, 12)
        lines.append(
            {
                "district": district,
                "plate": plate,
                "stock": stock.told(),
                "mean_6": _square_metres(six.area),
                "depletion_6": six.depletion(stock.area),
                "short_6": six.short,
                "mean_12": _square_metres(twelve.area),
                "depletion_12": twelve.depletion(stock.area),
                "short_12": twelve.short,
                "colour": colour(stock.area, six.area),
            }
        )
    return lines


def colour(stock: Exact, mean: Exact) -> str | None:
    """The colour of a depletion, of the value before rounding."""
    if mean <= 0:
        return None
    if stock < 6 * mean:
        return "red"
    if stock < 12 * mean:
        return "normal"
    return "yellow" if stock <= 18 * mean else "orange"


def by_project(book: Book, month: int) -> list[Line]:
    """R7: the stages of each project; land in no project has the empty number."""
    sums = book.by(month, lambda part: part.project)
    projects = sorted({project for project, _ in sums} | set(book.project_ids()) | {""})
    lines = []
    for project in projects:
        line = {stage: sums.get((project, stage), Sum()) for stage in Stage}
        areas = {stage.value: rounding.area(line[stage].area) for stage in Stage}
        lines.append({"project": project, **areas, "total": rounding.area(_of(line, UNSOLD).area)})
    return lines


def _square_metres(value: Exact) -> str | None:
    return rounding.written(Fraction(value) / PLACES)


def _stages(line: Mapping[Stage, Sum]) -> Line:
    return {
        **{stage.value: line[stage].told() for stage in Stage},
        "potential": _of(line, POTENTIAL).told(),
        "stock": _of(line, STOCK).told(),
        "total": _of(line, UNSOLD).told(),
    }


def _of(line: Mapping[Stage, Sum], stages: Iterable[Stage]) -> Sum:
    return _all(line[stage] for stage in stages)


def _all(sums: Iterable[Sum]) -> Sum:
    found = Sum()
    for one in sums:
        found = found.plus(one)
    return found
