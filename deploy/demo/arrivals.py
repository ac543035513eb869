"""When the demo's records became known: soon after the day they tell of, as in a register kept for years (row 83)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.building_tables import UnitNaturalLink
from models.completion import CompletionFiling, DeliveryPermit, PlanningAcceptance
from models.construction import ConstructionPermit, UnitEngineering
from models.parcels import Parcel
from models.planning import EngineeringPlanningPermit
from models.progress import EngineeringPayment, Milestone, ProgressReport
from models.projects import Project, ProjectParcels
from models.records import Revision
from models.sales import PresaleBuilding, PresalePermit
from services.engine.clock import SHANGHAI
from services.engine.periodic import closing_day
from services.engine.registry import action
from services.engine.work import Work
from services.supply.lean import land_days, read_pairs

_PROJECTS = select(Project.id)
_SOON = timedelta(days=2)
#: A building is tied to its works so long before its presale permit.
_BEFORE = timedelta(days=40)
#: A project comes into the register so long after its first land contract, and came at the latest so long ago.
_AFTER_LAND, _KNOWN = timedelta(days=45), timedelta(days=85)
#: The day of a record on which it happened, by its table.
_DAYS: tuple[tuple[Any, Callable[[Any], date | None]], ...] = (
    (Parcel, lambda row: row.signed_on),
    (EngineeringPlanningPermit, lambda row: row.issued_on),
    (ConstructionPermit, lambda row: row.issued_on),
    (PlanningAcceptance, lambda row: row.issued_on),
    (CompletionFiling, lambda row: row.filed_on),
    (DeliveryPermit, lambda row: row.issued_on),
    (ProgressReport, lambda row: row.report_on),
    (EngineeringPayment, lambda row: closing_day(row.period, 5)),
)


def _soon_after(day: Any) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI) + _SOON


@action("demo.arrivals", "演示记录的生效时间", roles={Role.SYSTEM}, event="DATA.UPDATE")
def date_arrivals(work: Work, order: None) -> int:
    """Date records from land to keys, milestones and building tables by the day they tell of; returns how many."""
    revisions: dict[UUID, datetime] = {}
    row: Any
    for table, told_by in _DAYS:
        for row in work.rows(table):
            told = told_by(row)
            if told is not None and _soon_after(told) < row.effective_from:
                row.effective_from = revisions[row.revision_id] = _soon_after(told)
    signed = read_pairs(work, land_days(_PROJECTS))
    contracts = {str(project): _soon_after(on + _AFTER_LAND) for project, on in signed if on is not None}
    for row in (*work.rows(Project), *work.rows(ProjectParcels)):
        began = contracts.get(str(getattr(row, "project_id", row.id)), work.now)
        row.effective_from = revisions[row.revision_id] = min(row.effective_from, work.now - _KNOWN, began)
    permits = {one.id: one.effective_from for one in work.rows(ConstructionPermit)}
    for row in work.rows(UnitEngineering):
        row.effective_from = revisions[row.revision_id] = min(row.effective_from, permits[row.construction_permit_id])
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
