"""Visibility of practitioners, cards, applications, tasks and brands: each district by its firms' records (row 40)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.association import AssociationEvent
from models.enterprise import Enterprise
from models.practitioner_codes import ApplyChannel, TaskKind
from models.practitioners import Brand, CardApply, CardTask, InfoCard, Portrait, Practitioner
from services.access.visibility import CITY, ENTERPRISE, granted_ids
from services.engine.notices import tell_only
from services.engine.work import Work, shown_whole, visible_rows

DISTRICT = {Role.DISTRICT_BUREAU}
WINDOW = {Role.DISTRICT_CLERK}
#: Who reads what is a firm's: the firm itself, its district, the city.
READERS = ENTERPRISE | DISTRICT | CITY
for _table in ("card_apply", "card_task", "info_card", "brand"):
    tell_only(_table, frozenset(READERS | WINDOW))


def districts_of(work: Work, *roles: Role) -> list[str]:
    """The districts the caller holds one of these roles over."""
    return [scope.code for scope in work.caller.scope_of(*roles) if scope.code]


def firms_of(districts: list[str]) -> Any:
    """Firms whose record is kept in these districts today: what is a firm's goes with its record when it moves."""
    return select(Enterprise.id).where(col(Enterprise.district_code).in_(districts))


def _of_firm(work: Work, table: Any, own: Any) -> list[Any]:
    """Return where clauses for rows of a firm: what is `own` of the firm itself, and the bureau of its record's district."""
    caller = work.caller
    allowed: list[Any] = []
    if districts := districts_of(work, Role.DISTRICT_BUREAU):
        allowed.append(col(table.enterprise_id).in_(firms_of(districts)))
    if caller.has(*ENTERPRISE) and caller.enterprise_id is not None:
        allowed.append(sa.and_(table.enterprise_id == caller.enterprise_id, own))
    return allowed


def _rows(work: Work, table: Any, *more: Any, own: Any = sa.true()) -> Any:
    if work.caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    allowed = [*_of_firm(work, table, own), *more]
    return sa.or_(*allowed) if allowed else sa.false()


def _granted(work: Work, table: Any) -> list[Any]:
    """Return what the holder's own document opened to this clerk until tonight (row 43)."""
    if not work.caller.has(*WINDOW):
        return []
    # Read first: beside an OR, PostgreSQL answers a subquery row by row.
    found = work.session.exec(granted_ids(work, str(table.__tablename__))).all()
    return [col(table.id).in_(found)] if found else []


@visible_rows(Practitioner)
@visible_rows(Brand)
def of_firm(work: Work, table: Any) -> Any:
    """The firm's own, the district's, the city's."""
    return _rows(work, table)


@visible_rows(InfoCard)
@visible_rows(Portrait)
def opened_by_the_holder(work: Work, table: Any) -> Any:
    """Build the clause of visible rows, with those opened at a window by the holder's document."""
    return _rows(work, table, *_granted(work, table))


@visible_rows(CardApply)
def applications(work: Work, table: Any) -> Any:
    """A window cancellation belongs to the district that took it in, whose second person confirms it."""
    at_window: list[Any] = []
    if districts := districts_of(work, Role.DISTRICT_CLERK, Role.DISTRICT_BUREAU):
        at_window.append(sa.and_(table.channel == ApplyChannel.WINDOW, col(table.district_code).in_(districts)))
    return _rows(work, table, *at_window)


@visible_rows(CardTask)
def tasks(work: Work, table: Any) -> Any:
    """A firm sees no task about it but its own objections; a task without a firm goes by its district."""
    without_firm: list[Any] = []
    if districts := districts_of(work, Role.DISTRICT_BUREAU):
        without_firm.append(sa.and_(col(table.enterprise_id).is_(None), col(table.district_code).in_(districts)))
    return _rows(work, table, *without_firm, own=table.kind == TaskKind.DISPUTE)


# The city answers for what passes between the association and us; districts get their tasks out of it.
shown_whole(AssociationEvent, roles=CITY | {Role.SYSTEM})
