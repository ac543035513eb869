"""Visibility of pushes: the city all, a district and a firm their own, the association what it sent."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.access import Role
from models.pushes import BrokerBatch, BrokerPush
from services.access.visibility import CITY, ENTERPRISE
from services.engine.work import Work, visible_rows


@visible_rows(BrokerBatch)
def batches(work: Work, table: Any) -> Any:
    """A batch is of many districts and firms, so only the city and its sender see it as one."""
    if work.caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    return col(table.app_id) == work.caller.name if work.caller.has(Role.PARTNER) else sa.false()


@visible_rows(BrokerPush)
def pushes(work: Work, table: Any) -> Any:
    """A lease goes by its house's district and by the member who pushed it."""
    caller = work.caller
    if caller.has(*CITY, Role.SYSTEM):
        return sa.true()
    allowed: list[Any] = []
    if caller.has(Role.PARTNER):
        allowed.append(col(table.app_id) == caller.name)
    if districts := [scope.code for scope in caller.scope_of(Role.DISTRICT_BUREAU)]:
        allowed.append(col(table.district_code).in_(districts))
    if caller.has(*ENTERPRISE) and caller.enterprise_id is not None:
        allowed.append(table.enterprise_id == caller.enterprise_id)
    return sa.or_(*allowed) if allowed else sa.false()
