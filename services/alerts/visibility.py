"""Visibility of alerts: the authority by city and district, a company those it is notified of (market 3.7)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.access import DISTRICT_AUTHORITY, HEAD_OFFICE, MARKET, PROJECT_OFFICE
from models.alerts import Alert, AlertAction
from services.alerts.alert_states import OF_NO_DISTRICT
from services.engine.kept_visibility import by_scope
from services.engine.notices import tell_only
from services.engine.work import Work, shown_with, visible_rows

tell_only("alert", MARKET)


@visible_rows(Alert)
def told_alerts(work: Work, table: Any) -> Any:
    """Narrow alerts by scope keys, for companies by notification, for districts also to those for all."""
    caller, mine = work.caller, by_scope(work, table)
    if caller.has(*DISTRICT_AUTHORITY):
        return sa.or_(mine, sa.and_(col(table.district_code).in_(OF_NO_DISTRICT), col(table.told).contains("D")))
    told = []
    if caller.has(*HEAD_OFFICE):
        told.append(sa.and_(table.head_company_id == caller.enterprise_id, col(table.told).contains("H")))
    if caller.has(*PROJECT_OFFICE):
        told.append(sa.and_(table.project_company_id == caller.enterprise_id, col(table.told).contains("P")))
    return sa.and_(mine, sa.or_(*told)) if told else mine


shown_with(AlertAction, "alert_id", Alert)
