"""Records of later rows that rest on unit works: ties to natural buildings (row 70) and progress reports (row 74)."""

from sqlmodel import col, select

from models.building_tables import UnitNaturalLink
from models.progress import ProgressLine, ProgressReport
from models.records import InForceState
from services.construction.unit_engineering import RESTING_ON, Standing
from services.engine.events import on
from services.engine.kinds import Dependant
from services.engine.work import Work


@on(RESTING_ON)
def natural_links(work: Work, asked: Standing) -> None:
    """Add the ties of unit works to natural buildings."""
    rows = work.in_force(
        UnitNaturalLink, col(UnitNaturalLink.unit_engineering_id).in_(asked.unit_ids), by=UnitNaturalLink.id
    )
    for row in rows:
        label = f"与自然幢{row.natural_building_no}的关联"
        asked.add(row.unit_engineering_id, Dependant("unit_natural_link", row.id, label))


@on(RESTING_ON)
def progress_reports(work: Work, asked: Standing) -> None:
    """Add the progress reports that name unit works."""
    found = select(ProgressLine.unit_engineering_id, ProgressReport).join(
        ProgressReport, col(ProgressReport.id) == col(ProgressLine.record_id)
    )
    named = found.where(
        col(ProgressLine.unit_engineering_id).in_(asked.unit_ids), ProgressReport.in_force == InForceState.EFFECTIVE
    ).order_by(col(ProgressReport.period))
    for unit_id, report in work.session.exec(named).all():
        asked.add(unit_id, Dependant("progress_report", report.id, f"{report.period}进度填报"))
