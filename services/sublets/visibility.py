"""Visibility of sublets: the city all, a district what lies in it or what it was notified of, an office what it registered."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.sublets import SubletAlert, SubletAlertDistrict, SubletAlertStep, SubletPerson, SubletUnit
from services.access.visibility import CITY, CLERKS
from services.engine.callers import streets_worked_in
from services.engine.notices import tell_only
from services.engine.work import Work, visible_rows

tell_only("sublet_alert", frozenset(CITY | CLERKS | {Role.DISTRICT_BUREAU}))


def districts_of(work: Work) -> list[str]:
    """Return the districts the caller reviews."""
    return [scope.code for scope in work.caller.scope_of(Role.DISTRICT_BUREAU) if scope.code]


def _rows(work: Work, *, office: Any, of_districts: Any, of_streets: Any = None) -> Any:
    caller = work.caller
    if caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    allowed: list[Any] = []
    if caller.has(*CLERKS) and caller.unit_id is not None and office is not None:
        allowed.append(office)
    if districts := districts_of(work):
        allowed.append(of_districts(districts))
    if of_streets is not None and (codes := streets_worked_in(caller)):
        allowed.append(of_streets(codes))
    return sa.or_(*allowed) if allowed else sa.false()


@visible_rows(SubletUnit)
def units(work: Work, table: Any) -> Any:
    return _rows(
        work,
        office=table.unit_id == work.caller.unit_id,
        of_districts=lambda districts: col(table.district_code).in_(districts),
        of_streets=lambda codes: col(table.street_code).in_(codes),
    )


@visible_rows(SubletPerson)
def persons(work: Work, table: Any) -> Any:
    """A person is seen where units lie and in the main district; an office sees whom it registered."""

    def of_districts(districts: list[str]) -> Any:
        lies = select(SubletUnit.person_id).where(col(SubletUnit.district_code).in_(districts))
        return sa.or_(col(table.district_code).in_(districts), col(table.id).in_(lies))

    def of_streets(codes: list[str]) -> Any:
        return col(table.id).in_(select(SubletUnit.person_id).where(col(SubletUnit.street_code).in_(codes)))

    return _rows(work, office=table.unit_id == work.caller.unit_id, of_districts=of_districts, of_streets=of_streets)


def _told(districts: list[str]) -> Any:
    return select(SubletAlertDistrict.alert_id).where(col(SubletAlertDistrict.district_code).in_(districts))


@visible_rows(SubletAlert)
def alerts(work: Work, table: Any) -> Any:
    """Each district that was notified of an alert handles it."""
    return _rows(work, office=None, of_districts=lambda districts: col(table.id).in_(_told(districts)))


@visible_rows(SubletAlertDistrict)
@visible_rows(SubletAlertStep)
def details(work: Work, table: Any) -> Any:
    return _rows(work, office=None, of_districts=lambda districts: col(table.alert_id).in_(_told(districts)))
