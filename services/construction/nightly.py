"""The night's look at construction permits: works that are stopped (CON-03), and the status of permits that lapsed."""

from collections.abc import Iterator

from sqlmodel import col

from models.access import Role
from models.alerts import AlertGrade
from models.building_codes import PermitStatus
from models.construction import ConstructionPermit, UnitEngineering
from models.records import InForceState
from services.alerts.alert_states import sweep
from services.alerts.signs import Line, Sign, Subject, grade_of
from services.construction.construction_permit import EXTENSION_MONTHS, RECHECK_DAYS
from services.construction.permit_days import start_limit
from services.engine.jobs import performed
from services.engine.kinds import Owner
from services.engine.registry import action
from services.engine.work import Work

STOPPED = {AlertGrade.RED: RECHECK_DAYS, AlertGrade.YELLOW: "construction.stop_yellow_days"}


@action("construction.watch", "监测中止施工与施工许可证状态", roles={Role.SYSTEM}, event="")
def watch_construction(work: Work, order: None) -> int:
    """Raise and settle alerts about stopped works, and mark permits lapsed whose works did not begin in time."""
    rows = list(
        work.rows(ConstructionPermit, ConstructionPermit.in_force == InForceState.EFFECTIVE, by=ConstructionPermit.id)
    )
    begun = {
        unit.construction_permit_id
        for unit in work.rows(
            UnitEngineering,
            UnitEngineering.in_force == InForceState.EFFECTIVE,
            col(UnitEngineering.actual_start).is_not(None),
        )
    }
    for row in rows:
        _settle_status(work, row, started=row.actual_start_on is not None or row.id in begun)
    return sweep(work, "CON-03", _stopped(work, rows), "已恢复施工")


def _settle_status(work: Work, permit: ConstructionPermit, *, started: bool) -> None:
    months = work.thresholds.over(permit.district_code).integer(EXTENSION_MONTHS)
    late = work.today > start_limit(permit.issued_on, permit.extended_to, months)
    never = late and not started
    if never and permit.status is PermitStatus.VALID:
        permit.status = PermitStatus.LAPSED
        work.add(permit)
    elif not never and permit.status is PermitStatus.LAPSED:
        permit.status = PermitStatus.VALID
        work.add(permit)


def _stopped(work: Work, rows: list[ConstructionPermit]) -> Iterator[tuple[Subject, Sign]]:
    for row in rows:
        if row.status is not PermitStatus.SUSPENDED or row.suspended_from is None:
            continue
        days = (work.today - row.suspended_from).days
        grade = grade_of(days, work.thresholds.over(row.district_code), STOPPED)
        if grade is not None:
            told = f"施工许可证{row.permit_no}的工程自{row.suspended_from}中止施工，已{days}天。"
            sign = Sign(
                grade,
                f"中止施工{days}天",
                told,
                (Line("中止施工起", str(row.suspended_from)),),
                key=str(row.suspended_from),
            )
            yield Subject(str(row.__tablename__), row.id, Owner.of(row), row.permit_no), sign


performed("construction.watch", "监测中止施工与施工许可证状态", watch_construction, at="02:25")
