"""Visibility of listing verification: the city all, offices their own, a firm and a platform what they asked for (rows 26-32)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.verification import (
    ForcedVerification,
    ListingMandate,
    ListingVerification,
    NoticeTemplate,
    OwnerPhone,
    Precheck,
    PublishingPenalty,
    ShelfEvent,
    SplitLock,
    VerificationCode,
    VerificationNotice,
)
from services.access.visibility import CITY, ENTERPRISE
from services.engine.work import Work, shown_whole, visible_rows

#: The window that receives objections, and the bureau that decides them.
OFFICE = {Role.DISTRICT_CLERK, Role.DISTRICT_BUREAU}
STAFF = OFFICE | CITY
#: A firm at its workspace, or its system.
FIRMS = ENTERPRISE | {Role.PARTNER}
READERS = STAFF | ENTERPRISE


def _of_office(work: Work, table: Any) -> list[Any]:
    districts = [scope.code for scope in work.caller.scope_of(*OFFICE) if scope.code]
    return [col(table.district_code).in_(districts)] if districts else []


def _rows(work: Work, table: Any, *, partner: bool = False) -> Any:
    """The clause for rows with a district and a firm; with `partner` also what a system asked for itself."""
    caller = work.caller
    if caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    allowed = _of_office(work, table)
    if caller.has(*FIRMS) and caller.enterprise_id is not None:
        allowed.append(table.enterprise_id == caller.enterprise_id)
    elif partner and caller.has(Role.PARTNER):
        allowed.append(col(table.app_id) == caller.name)
    return sa.or_(*allowed) if allowed else sa.false()


@visible_rows(ListingVerification)
@visible_rows(VerificationCode)
def asked_for(work: Work, table: Any) -> Any:
    """Requests and codes: the requester's, the district's of the home, the city's."""
    return _rows(work, table, partner=True)


@visible_rows(ListingMandate)
def mandates(work: Work, table: Any) -> Any:
    return _rows(work, table)


@visible_rows(ShelfEvent)
def shelf_events(work: Work, table: Any) -> Any:
    """Changes of display go with their code."""
    return col(table.code_id).in_(select(VerificationCode.id).where(asked_for(work, VerificationCode)))


@visible_rows(VerificationNotice)
def notices(work: Work, table: Any) -> Any:
    """Notices go with their request."""
    seen = select(ListingVerification.id).where(asked_for(work, ListingVerification))
    return col(table.verification_id).in_(seen)


@visible_rows(SplitLock)
def locks(work: Work, table: Any) -> Any:
    """A room plan belongs to the house: its district and the city see it, and firms that had the house verified."""
    caller = work.caller
    if caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    allowed = _of_office(work, table)
    if caller.has(*FIRMS):
        asked = select(ListingVerification.house_id).where(asked_for(work, ListingVerification))
        allowed.append(col(table.house_id).in_(asked.where(col(ListingVerification.house_id).is_not(None))))
    return sa.or_(*allowed) if allowed else sa.false()


@visible_rows(ForcedVerification)
def forced(work: Work, table: Any) -> Any:
    """An application for forced review is the district's of the home and the city's."""
    if work.caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    allowed = _of_office(work, table)
    return sa.or_(*allowed) if allowed else sa.false()


shown_whole(NoticeTemplate, roles=CITY | {Role.SYSTEM})
shown_whole(PublishingPenalty, roles=CITY | {Role.DISTRICT_BUREAU, Role.SYSTEM})
shown_whole(OwnerPhone, Precheck, roles={Role.SYSTEM})
