"""The indicators of a month, the city's coverage by handbooks (R9), and records whose figures are doubtful (5.3)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from services.supply import rounding
from services.supply.facts import Facts
from services.supply.figures import Book, Figures, Sum
from services.supply.months import Series, last_day, month_of, name_of
from services.supply.reports import whole
from services.supply.rounding import Exact
from services.supply.stages import POTENTIAL, STOCK, UNSOLD, Level, Part, Stage

#: Months ahead within which supply is near.
AHEAD = (3, 6, 12)


def indicators(figures: Book, month: int) -> dict[str, Any]:
    """Every indicator of the city at the end of a month."""
    chosen = whole(figures)
    potential, stock = figures.total(month, POTENTIAL), figures.total(month, STOCK)
    six, twelve, two_years = (chosen.mean(month, count) for count in (6, 12, 24))
    listed = chosen.to_date(month, lambda flow: flow.listed)
    net = chosen.to_date(month, lambda flow: flow.net)
    levels: dict[Level, Sum] = {level: Sum() for level in Level}
    for part in figures.parts(month):
        if part.stage in UNSOLD:
            levels[part.level].add(part)
    return {
        "potential": potential.told(),
        "S3": figures.total(month, [Stage.READY]).told(),
        "stock": stock.told(),
        "S4r": figures.total(month, [Stage.RESTRICTED]).told(),
        "total": figures.total(month, UNSOLD).told(),
        "land_bank": rounding.area(figures.total(month, [Stage.LAND, Stage.PLANNED]).area),
        **{f"near_{ahead}": rounding.area(_near(figures, month, ahead).area) for ahead in AHEAD},
        "earnest": _short(figures.total(month, STOCK, lambda part: part.earnest)),
        "completed_stock": _short(figures.total(month, (*STOCK, Stage.RESTRICTED), lambda part: part.completed)),
        "unsold_completed": _short(figures.total(month, UNSOLD, _completed_home)),
        "approved_presale_area": rounding.area(figures.approved(month)),
        "listed_to_date": rounding.area(listed.area),
        "net_to_date": rounding.area(net.area),
        "sell_through": rounding.ratio(net.area, listed.area, percent=True),
        "potential_depletion": two_years.depletion(potential.area),
        "potential_short": two_years.short,
        "depletion_6": six.depletion(stock.area),
        "short_6": six.short,
        "depletion_12": twelve.depletion(stock.area),
        "short_12": twelve.short,
        "by_level": {level.value: rounding.area(levels[level].area) for level in Level},
    }


def _near(figures: Book, month: int, ahead: int) -> Sum:
    """Add to what is ready what is being built of projects whose presale is planned by then."""
    until = last_day(month + ahead)

    def planned(part: Part) -> bool:
        return part.presale_planned is not None and part.presale_planned <= until

    return figures.total(month, [Stage.READY]).plus(figures.total(month, [Stage.BUILDING], planned))


def _completed_home(part: Part) -> bool:
    return part.completed and part.level in (Level.FORECAST, Level.SURVEYED)


def _short(total: Sum) -> dict[str, str | int]:
    return {"area": rounding.area(total.area), "sets": int(total.sets)}


def coverage(facts: Facts, month: int, series: Series) -> dict[str, list[dict[str, Any]]]:
    """R9: projects with a handbook in each month of the year, and by group of companies."""
    january = month - month % 12
    months = []
    for one in range(january, month + 1):
        projects = [project for project in facts.projects if project.effective.counts(one, series)]
        covered = {project.group for project in projects if facts.groups.get(project.group)}
        listed = sum(facts.groups.values())
        months.append(
            {
                "month": name_of(one),
                "projects": len(projects),
                "with_handbook": len(_with_handbook(facts, january, one) & {project.id for project in projects}),
                "groups_in_list": listed,
                "groups_covered": len(covered),
                "coverage": rounding.ratio(len(covered), listed, percent=True),
            }
        )
    projects = [project for project in facts.projects if project.effective.counts(month, series)]
    with_handbook = _with_handbook(facts, january, month)
    every = Counter(project.group for project in projects)
    told = Counter(project.group for project in projects if project.id in with_handbook)
    return {
        "months": months,
        "groups": [{"group": group, "projects": every[group], "with_handbook": told[group]} for group in sorted(every)],
    }


def _with_handbook(facts: Facts, first: int, last: int) -> set[str]:
    return {project for project, day in facts.handbooks if first <= month_of(day) <= last}


def doubts(figures: Figures, month: int) -> list[dict[str, str]]:
    """Records whose figures are doubtful at the end of a month, by code and number."""
    found = {(code, entity, number): value for code, entity, number, value in doubtful(figures, month)}
    return [
        {"code": code, "entity": entity, "id": number, "value": rounding.area(value) if value is not None else ""}
        for (code, entity, number), value in sorted(found.items())
    ]


def doubtful(figures: Figures, month: int) -> Iterator[tuple[str, str, str, Exact | None]]:
    """Yield code, entity and number of each doubtful record, with the area that is too little."""
    end, ledger, facts = figures.end(month), figures.ledger, figures.ledger.facts
    for project in facts.projects:
        shares = end.shares_of(project.id)
        rest = end.remainder(project.id, shares)
        if rest < 0:
            yield "NEGATIVE_REMAINDER", "project", project.id, rest
        if shares and not project.plate:
            yield "PLATE_MISSING", "project", project.id, None
        if shares and project.presale_planned is None:
            yield "PRESALE_DATE_MISSING", "project", project.id, None
    for land in facts.lands:
        if land.contract is not None and land.contract.counts(month, figures.series) and not land.plate:
            yield "PLATE_MISSING", "parcel", land.id, None
    for building, works in end.tied.items():
        natural = ledger.naturals[building]
        for home in ledger.homes_of.get(building, ()):
            if home.for_sale and works and not end.area(home, natural)[0]:
                yield "UNIT_NO_AREA", "house_unit", home.id, None
    planned = {tie.work for tie in facts.planned_ties}
    for work in facts.works:
        if work.id not in planned:
            yield "UNIT_NOT_LINKED", "unit_engineering", work.id, None
    tied = {tie.building for tie in facts.natural_ties}
    for natural in facts.naturals:
        if natural.id not in tied and natural.id in ledger.homes_of:
            yield "TABLE_NOT_LINKED", "natural_building", natural.id, None
