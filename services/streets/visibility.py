"""Visibility of links: the city all, a district those of its streets, a user the own ones (row 50)."""

from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.access import Role
from models.streets import StreetChange, StreetChoice, StreetLink
from services.access.visibility import CITY, STAFF
from services.engine.work import Work, rows_in_scope, shown_whole, visible_rows

_of_district = partial(rows_in_scope, whole=CITY, districts={Role.DISTRICT_BUREAU})


@visible_rows(StreetLink)
def links(work: Work, table: Any) -> Any:
    """Show administrators the links of their streets, and users their own."""
    own = [] if work.caller.account_id is None else [table.account_id == work.caller.account_id]
    return _of_district(work, table, *own)


@visible_rows(StreetChoice)
def choices(work: Work, table: Any) -> Any:
    account = work.caller.account_id
    return sa.false() if account is None else col(table.account_id) == account


shown_whole(StreetChange, roles={*STAFF, Role.SYSTEM})
