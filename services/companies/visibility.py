"""Visibility of joint applications and of the city's permissions (row 53)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.access import AUTHORITY, CITY_AUTHORITY, DISTRICT_AUTHORITY, HEAD_OFFICE, Role
from models.companies import ExitOverride, PublicApplication, SubjectApplication
from services.engine.work import Work, shown_whole, visible_rows


def _both_sides(work: Work, table: Any) -> Any:
    """The city, the district that looks after it, and the head company that answers for it."""
    caller = work.caller
    if caller.has(*CITY_AUTHORITY, Role.SYSTEM):
        return sa.true()
    allowed: list[Any] = []
    if districts := sorted({scope.code for scope in caller.scope_of(*DISTRICT_AUTHORITY)}):
        allowed.append(col(table.district_code).in_(districts))
    if caller.has(*HEAD_OFFICE) and caller.enterprise_id is not None:
        allowed.append(table.head_company_id == caller.enterprise_id)
    return sa.or_(*allowed) if allowed else sa.false()


@visible_rows(SubjectApplication)
def applications(work: Work, table: Any) -> Any:
    return _both_sides(work, table)


@visible_rows(ExitOverride)
def overrides(work: Work, table: Any) -> Any:
    """The authority's word; the head company reads what came of it in the exit itself."""
    return _both_sides(work, table) if work.caller.has(*AUTHORITY, Role.SYSTEM) else sa.false()


# A visitor comes by number and code, through the system's own question; the city sees which came from outside.
shown_whole(PublicApplication, roles=CITY_AUTHORITY | {Role.SYSTEM})
