"""Row visibility by role (decision 7): own unit, exact match until tonight, own district, city, own enterprise."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import OrgUnit, RecordGrant, Role, UnitKind
from services.engine.callers import streets_worked_in
from services.engine.refusals import NotAllowed
from services.engine.work import Work, rows_in_scope

CLERKS = {Role.STREET_CLERK, Role.DISTRICT_CLERK}
CITY = {Role.CITY_CENTER, Role.CITY_BUREAU}
ENTERPRISE = {Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN}
STAFF = CLERKS | CITY | {Role.DISTRICT_BUREAU}


def rows_of_office(work: Work, table: Any) -> Any:
    """The where clause for a record with unit_id, district_code and enterprise_id."""

    def opened() -> list[Any]:
        # Read first: beside an OR, PostgreSQL answers a subquery row by row and walks the whole table.
        granted = work.session.exec(granted_ids(work, table.__tablename__)).all()
        return [col(table.id).in_(granted)] if granted else []

    return rows_by_role(work, table, clerks=opened, firm=lambda firm_id: table.enterprise_id == firm_id)


def rows_by_role(work: Work, table: Any, *, clerks: Callable[[], list[Any]], firm: Callable[[Any], Any]) -> Any:
    """The where clause for a record with unit_id and district_code.

    The city sees all, a district its own; a clerk the own unit's and what `clerks` allows, a firm what `firm` does.
    """
    caller = work.caller
    allowed: list[Any] = []
    if caller.has(*CLERKS):
        allowed += of_own_office(work, table.unit_id) + clerks()
    if caller.has(*ENTERPRISE) and caller.enterprise_id is not None:
        allowed.append(firm(caller.enterprise_id))
    return rows_in_scope(work, table, *allowed, whole=CITY, districts={Role.DISTRICT_BUREAU})


def of_own_office(work: Work, column: Any) -> list[Any]:
    """The clauses for rows whose column names the office of a clerk, or one of a street that was merged into the clerk's."""
    caller = work.caller
    found: list[Any] = [] if caller.unit_id is None else [column == caller.unit_id]
    if len(merged := streets_worked_in(caller)) > 1:
        # A street that took others over goes on with what their offices took in.
        offices = select(OrgUnit.id).where(OrgUnit.kind == UnitKind.STREET_CENTER, col(OrgUnit.street_code).in_(merged))
        found.append(col(column).in_(offices))
    return found


def is_own_office(work: Work, unit_id: UUID | None) -> bool:
    """Return whether this is the office of a clerk, or one of a street that was merged into the clerk's."""
    if unit_id is None or unit_id == work.caller.unit_id:
        return unit_id is not None
    return work.has(OrgUnit, OrgUnit.id == unit_id, sa.or_(sa.false(), *of_own_office(work, OrgUnit.id)))


def granted_ids(work: Work, object_kind: str) -> Any:
    """The records of one kind an exact match opened to this clerk today."""
    return select(RecordGrant.object_id).where(
        RecordGrant.account_id == work.caller.account_id,
        RecordGrant.object_kind == object_kind,
        RecordGrant.until_day >= work.today,
    )


def firm_id_of_caller(work: Work) -> UUID:
    """Return the firm of the caller; refuse other callers."""
    if not work.caller.has(*ENTERPRISE) or work.caller.enterprise_id is None:
        raise NotAllowed("只有企业可以办理此项业务")
    return work.caller.enterprise_id
