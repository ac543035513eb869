"""Looks at a record or a lease until the end of a day, from the events that name what was shown (issue 21)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import CITY_AUTHORITY, LEASING_CITY, Account, OrgUnit, Role
from models.audit import AuditEvent
from models.records import Revision
from models.tenancy import LeaseContract
from services.audit.words import act_label
from services.engine.actor_names import people_shown
from services.engine.look_ups import uuid_of, values_by
from services.engine.registry import query
from services.engine.search_terms import day_is_over
from services.engine.work import Work

MOST = 500
Names = Mapping[Any, Any]


@dataclass(frozen=True)
class Until:
    record_id: UUID
    day: date


@dataclass(frozen=True)
class LookLine:
    at: datetime
    name: str
    unit: str
    role: str
    act: str


@query("records.looks", "查阅记录", roles={*CITY_AUTHORITY, *LEASING_CITY}, personal=True)
def looks(work: Work, order: Until) -> Sequence[LookLine]:
    """Return who opened a visible record or lease until the end of a day, the latest first."""
    version = work.first(work.visible(Revision), Revision.record_id == order.record_id)
    if version is None:
        work.get(LeaseContract, order.record_id)
    events = work.rows(
        AuditEvent,
        AuditEvent.object_id == str(order.record_id),
        AuditEvent.event == "PII.READ",
        AuditEvent.at < day_is_over(order.day),
        by=col(AuditEvent.seq).desc(),
        most=MOST,
    )
    who = {account for row in events if (account := uuid_of(row.account)) is not None}
    names, units = people_shown(work, who), values_by(work, Account.id, Account.unit_id, who)
    offices = values_by(work, OrgUnit.id, OrgUnit.name, units.values())
    return tuple(_line(row, names, units, offices) for row in events)


def _line(row: AuditEvent, names: Names, units: Names, offices: Names) -> LookLine:
    """Say who looked: a colleague by name, others masked, each by office and post."""
    account = uuid_of(row.account)
    return LookLine(
        at=row.at,
        name=names.get(account) or "—",
        unit=offices.get(units.get(account)) or "—",
        role="、".join(Role.of(one).label if one in Role.labels() else one for one in row.role.split(",") if one),
        act=act_label(row.act),
    )
