"""Visibility of joint applications and of the city's permissions (row 53)."""

from functools import partial
from typing import Any

import sqlalchemy as sa

from models.access import AUTHORITY, CITY_AUTHORITY, MARKET, Role
from models.companies import ExitOverride, PublicApplication, SubjectApplication
from services.engine.kept_visibility import of_sides
from services.engine.notices import tell_only
from services.engine.work import Work, shown_whole, visible_rows

_of_head = partial(of_sides, heads=("head_company_id",))

visible_rows(SubjectApplication)(_of_head)
tell_only("subject_application", MARKET)


@visible_rows(ExitOverride)
def overrides(work: Work, table: Any) -> Any:
    """Permissions are read by the authority; the head company sees their outcome in its exit."""
    return _of_head(work, table) if work.caller.has(*AUTHORITY, Role.SYSTEM) else sa.false()


# A visitor reads by number and code through a query of the system; the city sees public applications.
shown_whole(PublicApplication, roles=CITY_AUTHORITY | {Role.SYSTEM})
