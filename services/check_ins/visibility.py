"""Visibility of stays: the city all, a district and an operator their own, a platform what it sent."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.access import Role
from models.pushes import CheckIn, MoveOut, OccupiedList, StayDifference
from services.access.visibility import CITY, ENTERPRISE
from services.engine.work import Work, visible_rows


@visible_rows(CheckIn)
def check_ins(work: Work, table: Any) -> Any:
    """Show an operator the stays in its projects, a platform those it reported."""
    caller = work.caller
    mine = _by_district(work, table)
    if caller.has(*ENTERPRISE) and caller.enterprise_id is not None:
        mine = sa.or_(mine, table.enterprise_id == caller.enterprise_id)
    return sa.or_(mine, col(table.app_id) == caller.name) if caller.has(Role.PARTNER) else mine


@visible_rows(MoveOut)
@visible_rows(OccupiedList)
def told(work: Work, table: Any) -> Any:
    """Show a platform what it reported, a district its own."""
    mine = _by_district(work, table)
    return sa.or_(mine, col(table.app_id) == work.caller.name) if work.caller.has(Role.PARTNER) else mine


@visible_rows(StayDifference)
def differences(work: Work, table: Any) -> Any:
    """Differences are followed up by the district."""
    return _by_district(work, table)


def _by_district(work: Work, table: Any) -> Any:
    if work.caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    districts = [scope.code for scope in work.caller.scope_of(Role.DISTRICT_BUREAU)]
    return col(table.district_code).in_(districts) if districts else sa.false()
