"""竣工规划验收及备案 of a project on one page: its records of both kinds, and each planned building with both areas (row 72)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from models.access import MARKET
from models.building_codes import TieState
from models.completion import AcceptedBuilding, PlanningAcceptance
from models.construction import UnitEngineering, UnitPlannedLink
from models.normal import normal_building_no
from models.planning import EngineeringPlanningPermit, PlannedBuilding
from models.projects import Project
from models.records import InForceState
from services.completion.works import filings_of
from services.engine.dependencies import NodeRecord, dependency_graph
from services.engine.kinds import Owner
from services.engine.listings import Line
from services.engine.registry import query
from services.engine.work import Work

#: Both kinds, in the order of the page.
TOGETHER = ("completion_filing", "planning_acceptance")
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class CompletionDesk:
    """A project's completion: its records by kind, newest last, and its planned buildings."""

    project_id: UUID
    name: str
    keeps: bool
    records: Mapping[str, tuple[NodeRecord, ...]]
    buildings: tuple[Line, ...]


@query("completion.desk", "竣工验收与备案", roles=set(MARKET))
def completion_desk(work: Work, project_id: UUID) -> CompletionDesk:
    """Return the filings and planning acceptances of a project that the caller sees, and its buildings."""
    project = work.get(Project, project_id)
    graph = dependency_graph(work, Owner(project_id=project.id), TOGETHER)
    records = {name: graph.node(name).records for name in TOGETHER}
    keeps = project.project_company_id is not None and project.project_company_id == work.caller.enterprise_id
    return CompletionDesk(project.id, project.name, keeps, records, tuple(_buildings(work, project.id)))


def _buildings(work: Work, project_id: UUID) -> list[Line]:
    """Return the planned buildings in force with their measured areas and the papers that name them."""
    permits = work.in_force(EngineeringPlanningPermit, project=project_id)
    rows = work.rows(
        PlannedBuilding,
        col(PlannedBuilding.record_id).in_([one.id for one in permits]),
        by=(PlannedBuilding.record_id, PlannedBuilding.place),
    )
    accepted = _accepted(work, project_id)
    filed = _filed(work, [row.id for row in rows])
    lines = []
    for row in rows:
        paper, measured = accepted.get((row.record_id, row.building_no), ("", None))
        off = measured - row.gfa_total if measured is not None else None
        percent = off * _HUNDRED / row.gfa_total if off is not None and row.gfa_total else None
        lines.append(
            Line(
                id=row.id,
                building_no=row.building_no,
                use=row.use.label if row.use else "",
                planned=row.gfa_total,
                measured=measured,
                off=off,
                percent=f"{percent:+.2f}%" if percent is not None else "",
                acceptance_no=paper,
                filing_no="、".join(sorted(filed.get(row.id, ()))),
            )
        )
    return lines


def _accepted(work: Work, project_id: UUID) -> dict[tuple[UUID, str], tuple[str, Decimal | None]]:
    """Return the number of the acceptance of each building with its measured area, by permit and building number."""
    found = work.session.exec(
        select(PlanningAcceptance, AcceptedBuilding).where(
            AcceptedBuilding.record_id == PlanningAcceptance.id,
            PlanningAcceptance.project_id == project_id,
            PlanningAcceptance.in_force == InForceState.EFFECTIVE,
        )
    ).all()
    return {
        (paper.engineering_planning_permit_id, normal_building_no(line.building_no)): (
            paper.acceptance_no,
            line.measured_gfa,
        )
        for paper, line in found
    }


def _filed(work: Work, building_ids: list[UUID]) -> dict[UUID, set[str]]:
    """Return the numbers of the filings that cover the works tied to each planned building."""
    ties = work.rows(
        UnitPlannedLink,
        col(UnitPlannedLink.planned_building_id).in_(building_ids),
        UnitPlannedLink.state == TieState.TIED,
    )
    works = work.in_force(UnitEngineering, col(UnitEngineering.id).in_([one.unit_id for one in ties]))
    filings = filings_of(work, [one.id for one in works])
    found: dict[UUID, set[str]] = {}
    for one in ties:
        if one.planned_building_id is not None and one.unit_id in filings:
            found.setdefault(one.planned_building_id, set()).add(filings[one.unit_id])
    return found
