"""When the demo's records became known: soon after the day they tell of, as in a register kept for years (row 83)."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.building_tables import UnitNaturalLink
from models.parcels import Parcel
from models.planning import EngineeringPlanningPermit
from models.progress import Milestone
from models.records import Revision
from models.sales import PresaleBuilding, PresalePermit
from services.engine.clock import SHANGHAI
from services.engine.registry import action
from services.engine.work import Work

_SOON = timedelta(days=2)
#: A building is tied to its works so long before its presale permit.
_BEFORE = timedelta(days=40)


def _soon_after(day: Any) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI) + _SOON


@action("demo.arrivals", "演示记录的生效时间", roles={Role.SYSTEM}, event="DATA.UPDATE")
def date_arrivals(work: Work, order: None) -> int:
    """Date records of land, planning, milestones and building tables by the day they tell of; returns how many."""
    revisions: dict[UUID, datetime] = {}
    for table, day in ((Parcel, "signed_on"), (EngineeringPlanningPermit, "issued_on")):
        row: Any
        for row in work.rows(table):
            told = getattr(row, day)
            if told is not None and _soon_after(told) < row.effective_from:
                row.effective_from = revisions[row.revision_id] = _soon_after(told)
    for milestone in work.rows(Milestone, col(Milestone.actual_on).is_not(None)):
        if milestone.recorded_at is not None and _soon_after(milestone.actual_on) < milestone.recorded_at:
            milestone.recorded_at = _soon_after(milestone.actual_on)
    issued = dict(_first_permits(work))
    for link in work.rows(UnitNaturalLink):
        on = issued.get(link.natural_building_id)
        if on is not None and on - _BEFORE < link.linked_on:
            link.linked_on = on - _BEFORE
            link.effective_from = revisions[link.revision_id] = _soon_after(link.linked_on)
    for revision in work.rows(Revision, col(Revision.id).in_(list(revisions))):
        revision.effective_from = revision.submitted_at = revision.reviewed_at = revisions[revision.id]
    return len(revisions)


def _first_permits(work: Work) -> Any:
    """The day of the first presale permit over each building."""
    days = {row.id: row.issued_on for row in work.rows(PresalePermit, by=col(PresalePermit.issued_on).desc())}
    for line in work.rows(PresaleBuilding):
        if days.get(line.presale_permit_id) is not None:
            yield line.natural_building_id, days[line.presale_permit_id]
