"""Records whose figures are doubtful now, kept beside the sums of their project (5.2, 8)."""

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
from services.supply.rounding import rounded

_MM2 = 100


def keep_doubts(work: Work, project: UUID, facts: Facts) -> None:
    """Keep the doubts about a project's records anew; those about parcels are kept with land of no project."""
    own = project if project.int else None
    table: sa.Table = SupplyDoubt.__table__  # type: ignore[attr-defined]
    mine = table.c.project_id == own if own is not None else table.c.project_id.is_(None)
    districts = {one.id: one.district for one in facts.projects} | {one.id: one.district for one in facts.lands}
    fallback = facts.projects[0].district if own is not None and facts.projects else ""
    found = {
        (code, number): (entity, value)
        for code, entity, number, value in doubtful(Figures(facts, Series.RESTATED), month_of(work.today))
        if (entity == "parcel") == (own is None)
    }
    rows = [
        {
            "id": new_id(),
            "project_id": own,
            "district_code": districts.get(number, fallback),
            "doubt": DoubtCode.of(code),
            "entity": entity,
            "subject_id": UUID(number),
            "subject": "",
            "area": rounded(value * _MM2, 0) if value is not None else None,
        }
        for (code, number), (entity, value) in sorted(found.items())
    ]
    work.session.connection().execute(sa.delete(table).where(mine))
    bulk_insert(work.session, table, rows)
