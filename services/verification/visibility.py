"""Visibility of listing verification: the city all, offices their own, a firm and a platform what they asked for (rows 26-32)."""

from functools import partial
from typing import Any

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
from services.documents.attachments import goes_with
from services.engine.notices import tell_only
from services.engine.work import Work, rows_in_scope, shown_whole, shown_with, visible_rows

#: The window that receives objections, and the bureau that decides them.
OFFICE = {Role.DISTRICT_CLERK, Role.DISTRICT_BUREAU}
STAFF = OFFICE | CITY
#: A firm at its workspace, or its system.
FIRMS = ENTERPRISE | {Role.PARTNER}
READERS = STAFF | ENTERPRISE
for _name in ("forced_verification", "verification_code", "listing_verification"):
    tell_only(_name, frozenset(READERS))


_of_office = partial(rows_in_scope, whole=CITY, districts=OFFICE)


@visible_rows(ListingVerification)
@visible_rows(VerificationCode)
def asked_for(work: Work, table: Any) -> Any:
    """Requests and codes: the requester's, the district's of the home, the city's."""
    return _of_office(work, table, firms=FIRMS, sent=work.caller.enterprise_id is None)


visible_rows(ListingMandate)(partial(_of_office, firms=FIRMS))
shown_with(ShelfEvent, "code_id", VerificationCode)
shown_with(VerificationNotice, "verification_id", ListingVerification)


@visible_rows(SplitLock)
def locks(work: Work, table: Any) -> Any:
    """A room plan belongs to the house: its district and the city see it, and firms that had the house verified."""
    own: list[Any] = []
    if work.caller.has(*FIRMS):
        asked = select(ListingVerification.house_id).where(asked_for(work, ListingVerification))
        own.append(col(table.house_id).in_(asked.where(col(ListingVerification.house_id).is_not(None))))
    return _of_office(work, table, *own)


# An application for forced review is the district's of the home and the city's.
visible_rows(ForcedVerification)(_of_office)
goes_with("forced_verification", ForcedVerification)
shown_whole(NoticeTemplate, roles=CITY | {Role.SYSTEM})
shown_whole(PublishingPenalty, roles=CITY | {Role.DISTRICT_BUREAU, Role.SYSTEM})
shown_whole(OwnerPhone, Precheck, roles={Role.SYSTEM})
