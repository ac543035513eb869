"""Visibility of sums of supply: the city everything, a district its own, a company its projects (row 83)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import AUTHORITY, CITY_AUTHORITY, DISTRICT_AUTHORITY, HEAD_OFFICE, Role, ScopeKind
from models.projects import Project
from models.supply import SupplyClosing, SupplyDay, SupplyDoubt, SupplyMonth, SupplyProject, SupplySum
from services.engine.kept_visibility import districts_of
from services.engine.work import Work, shown_whole, visible_rows

#: Who reads reports of supply; a head company those of its own projects.
READERS = AUTHORITY | HEAD_OFFICE | {Role.ANALYST, Role.SYSTEM}
_CITY = CITY_AUTHORITY | {Role.ANALYST}


def sees_city(work: Work) -> bool:
    """Return whether the caller sees the sums of the whole city."""
    city = [scope for scope in work.caller.scope_of(*_CITY) if scope.kind is ScopeKind.CITY]
    return bool(city) or work.caller.has(Role.SYSTEM)


def narrowed_by(work: Work) -> frozenset[str]:
    """Return the columns that separate the sums the caller sees from others."""
    if sees_city(work):
        return frozenset()
    own = {"project_id"} if work.caller.has(*HEAD_OFFICE) else set()
    return frozenset(own | {"district_code"})


def _sums(work: Work, table: Any) -> Any:
    if sees_city(work):
        return sa.true()
    allowed: list[Any] = []
    if districts := sorted(districts_of(work, DISTRICT_AUTHORITY | {Role.ANALYST})):
        allowed.append(col(table.district_code).in_(districts))
    if work.caller.has(*HEAD_OFFICE) and work.caller.enterprise_id is not None:
        own = select(Project.id).where(Project.head_company_id == work.caller.enterprise_id)
        allowed.append(col(table.project_id).in_(own))
    return sa.or_(*allowed) if allowed else sa.false()


visible_rows(SupplyDay)(_sums)
visible_rows(SupplyMonth)(_sums)
visible_rows(SupplySum)(_sums)
visible_rows(SupplyDoubt)(_sums)
shown_whole(SupplyProject, roles={Role.SYSTEM})
shown_whole(SupplyClosing, roles=READERS)
