"""Records whose figures are doubtful, and in which months, kept beside the sums of their project (5.2, 8)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa

from models.columns import new_id
from models.dialect import bulk_insert
from models.supply import DoubtCode, SupplyDoubt
from services.engine.work import Work
from services.supply.facts import Facts
from services.supply.figures import Figures
from services.supply.indicators import doubtful
from services.supply.months import Series, month_of
from services.supply.rounding import Exact, rounded

_MM2 = 100


def keep_doubts(work: Work, project: UUID, facts: Facts) -> None:
    """Keep the doubts about a project's records anew; those about parcels are kept with land of no project."""
    own = project if project.int else None
    table: sa.Table = SupplyDoubt.__table__  # type: ignore[attr-defined]
    mine = table.c.project_id == own if own is not None else table.c.project_id.is_(None)
    districts = {one.id: one.district for one in facts.projects} | {one.id: one.district for one in facts.lands}
    fallback = facts.projects[0].district if own is not None and facts.projects else ""
    rows = [
        {
            "id": new_id(),
            "project_id": own,
            "district_code": districts.get(one.number, fallback),
            "doubt": DoubtCode.of(one.code),
            "entity": one.entity,
            "subject_id": UUID(one.number),
            "subject": "",
            "area": rounded(one.area * _MM2, 0) if one.area is not None else None,
            "from_month": one.since,
            "to_month": one.until,
        }
        for one in doubts_over_time(facts, month_of(work.today))
        if (one.entity == "parcel") == (own is None)
    ]
    work.session.connection().execute(sa.delete(table).where(mine))
    bulk_insert(work.session, table, rows)


@dataclass(frozen=True)
class Doubt:
    """A doubtful record over some months: `since` is 0 where it was so from its beginning, `until` None while it is."""

    code: str
    entity: str
    number: str
    area: Exact | None
    since: int
    until: int | None = None


def doubts_over_time(facts: Facts, last: int) -> list[Doubt]:
    """The doubts about records at every month end up to one, looked for where a fact begins or ceases to count."""
    figures = Figures(facts, Series.RESTATED)
    over: list[Doubt] = []
    standing: dict[tuple[str, str, str], Doubt] = {}
    moments = sorted(one for one in set(_moments(facts)) if one <= last) or [last]
    for since, month in ((0, moments[0] - 1), *((one, one) for one in moments)):
        found = {(code, entity, number): area for code, entity, number, area in doubtful(figures, month)}
        for key in [key for key, doubt in standing.items() if key not in found or found[key] != doubt.area]:
            over.append(replace(standing.pop(key), until=month))
        for (code, entity, number), area in found.items():
            standing.setdefault((code, entity, number), Doubt(code, entity, number, area, since))
    return [*over, *standing.values()]


def _moments(facts: Facts) -> Iterator[int]:
    """The months in which facts that doubts rest on begin and cease to count."""
    known = (
        *(land.contract for land in facts.lands),
        *(one.permit for one in facts.planned),
        *(tie.known for tie in facts.natural_ties),
        *(one.surveyed for one in facts.naturals),
    )
    for fact in known:
        if fact is not None:
            yield fact.month(Series.RESTATED)
            if fact.void_month is not None:
                yield fact.void_month
