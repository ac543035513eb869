"""The night's look at construction permits: the status of permits that lapsed because works did not begin in time."""

from sqlmodel import col

from models.access import Role
from models.building_codes import PermitStatus
from models.construction import ConstructionPermit, UnitEngineering
from services.construction.construction_permit import EXTENSION_MONTHS
from services.construction.permit_days import start_limit
from services.engine.jobs import performed
from services.engine.registry import action
from services.engine.work import Work


@action("construction.watch", "更新施工许可证状态", roles={Role.SYSTEM}, event="")
def watch_construction(work: Work, order: None) -> int:
    """Mark permits lapsed whose works did not begin in time, and those valid again whose works did; returns how many."""
    rows = work.in_force(ConstructionPermit, by=ConstructionPermit.id)
    begun = {
        unit.construction_permit_id
        for unit in work.in_force(UnitEngineering, col(UnitEngineering.actual_start).is_not(None))
    }
    return sum(_settled(work, row, started=row.actual_start_on is not None or row.id in begun) for row in rows)


def _settled(work: Work, permit: ConstructionPermit, *, started: bool) -> bool:
    """Give a permit the status of its days; returns whether it changed."""
    months = work.thresholds.over(permit.district_code).integer(EXTENSION_MONTHS)
    late = work.today > start_limit(permit.issued_on, permit.extended_to, months)
    was, now = PermitStatus.VALID, PermitStatus.LAPSED
    if not late or started:
        was, now = now, was
    if permit.status is not was:
        return False
    permit.status = now
    work.add(permit)
    return True


performed("construction.watch", "更新施工许可证状态", watch_construction, at="02:25")
