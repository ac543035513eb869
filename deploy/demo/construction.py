"""Ties of the demo's unit works to planned buildings of the same number (row 69), and the milestones they have reached."""

from sqlmodel import col, select

from models.construction import UnitEngineering, UnitPlannedLink
from models.planning import EngineeringPlanningPermit, PlannedBuilding
from models.progress import Milestone, MilestoneCode, MilestoneScope
from services.engine.kinds import Owner
from services.engine.work import Work


def tie_by_number(work: Work) -> int:
    """Tie each unit work to the planned building of its project that has its number."""
    pairs = work.session.exec(
        select(UnitEngineering, PlannedBuilding)
        .join(EngineeringPlanningPermit, col(EngineeringPlanningPermit.project_id) == col(UnitEngineering.project_id))
        .join(PlannedBuilding, col(PlannedBuilding.record_id) == col(EngineeringPlanningPermit.id))
        .where(col(PlannedBuilding.building_no) == col(UnitEngineering.unit_no))
    ).all()
    for unit, building in pairs:
        work.add(
            UnitPlannedLink(
                open_key=f"{unit.id.hex}:{building.id.hex}",
                unit_id=unit.id,
                planning_permit_id=building.record_id,
                planned_building_id=building.id,
                building_no=building.building_no,
                tied_at=work.now,
                **Owner.of(unit).keys,
            )
        )
    return len(pairs)


def mark_reached(work: Work) -> None:
    """Keep the start and the topping out of the demo's unit works as milestones, for the watches of the night."""
    for unit in work.rows(UnitEngineering):
        reached = {
            MilestoneCode.M07: unit.actual_start,
            MilestoneCode.M12: unit.actual_topout,
            MilestoneCode.M13: unit.actual_topout,
        }
        for code, on in reached.items():
            if on is not None and unit.project_id is not None:
                work.add(
                    Milestone(
                        project_id=unit.project_id,
                        scope=MilestoneScope.UNIT,
                        subject_id=unit.id,
                        milestone=code,
                        actual_on=on,
                        recorded_at=work.now,
                        evidence="unit_engineering",
                        evidence_id=unit.id,
                    )
                )
