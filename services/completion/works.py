"""Unit works, planned and natural buildings as the completion stage looks them up (rows 72, 73)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.building_codes import TieState, WorkKind
from models.building_tables import NaturalBuilding, UnitNaturalLink
from models.completion import AcceptedBuilding, CompletedWork, CompletionFiling, PlanningAcceptance
from models.construction import UnitEngineering, UnitPlannedLink
from models.normal import normal_building_no
from services.engine.child_lines import named_by
from services.engine.kinds import Offer, Proposal
from services.engine.value_checks import shown
from services.engine.work import Work

WORKS, ACCEPTED, BUILDINGS = "works", "accepted_on", "buildings"


@dataclass(frozen=True)
class SeenWork:
    """A unit work of a project, and the number of another filing that covers it."""

    name: str
    kind: WorkKind | None
    filed_by: str = ""


def works_of(work: Work, filing: Proposal) -> Mapping[str, Any]:
    """Look up the unit works a filing names, and the day on which planning accepted their buildings."""
    named = [line["unit_engineering_id"] for line in filing.lines("works") if line.get("unit_engineering_id")]
    rows = work.in_force(UnitEngineering, project=filing.owner.project_id)
    filed = filings_of(work, (row.id for row in rows), other_than=filing.record_id)
    seen = {row.id: SeenWork(row.name, row.kind, filed.get(row.id, "")) for row in rows}
    return {WORKS: seen, ACCEPTED: planning_accepted(work, named)}


def works_offered(work: Work, filing: Proposal) -> list[Offer]:
    """Return the unit works of a project to be ticked; one that another filing covers cannot be."""
    project_id = filing.owner.project_id
    rows = work.in_force(UnitEngineering, project=project_id, by=UnitEngineering.unit_no)
    filed = filings_of(work, (row.id for row in rows), other_than=filing.record_id)
    return [
        Offer(
            {"unit_engineering_id": str(row.id)},
            f"{row.unit_no} {row.name}",
            f"{row.kind.label if row.kind else ''} {shown(row.gfa)}㎡",
            f"已由备案{filed[row.id]}办理" if row.id in filed else "",
        )
        for row in rows
    ]


def works_named(work: Work, project_id: UUID | None, numbers: Iterable[str]) -> list[dict[str, Any]]:
    """Return lines with the unit works of a project that a source names by number."""
    wanted = {normal_building_no(one) for one in numbers}
    rows = work.in_force(UnitEngineering, project=project_id, by=UnitEngineering.unit_no)
    return [{"unit_engineering_id": row.id} for row in rows if normal_building_no(row.unit_no) in wanted]


def filings_of(work: Work, works: Iterable[UUID], *, other_than: UUID | None = None) -> dict[UUID, str]:
    """Return the number of the filing in force that covers each of these works."""
    covered = col(CompletedWork.unit_engineering_id)
    return named_by(work, CompletionFiling.filing_no, covered, covered.in_(list(works)), but=other_than)


def planning_accepted(work: Work, works: Sequence[UUID]) -> date | None:
    """Return the last day on which planning accepted a building of these works; None where it accepted none."""
    tied = select(UnitPlannedLink.planned_building_id).where(
        col(UnitPlannedLink.unit_id).in_(works), UnitPlannedLink.state == TieState.TIED
    )
    lines = select(AcceptedBuilding.record_id).where(col(AcceptedBuilding.planned_building_id).in_(tied))
    rows = work.in_force(PlanningAcceptance, col(PlanningAcceptance.id).in_(lines))
    return max((row.issued_on for row in rows), default=None)


@dataclass(frozen=True)
class SeenBuilding:
    """A natural building of a project: its works by name with whether each is filed, and another permit that names it."""

    id: UUID
    name: str
    use: str
    works: Mapping[str, bool]
    permitted_by: str = ""


def buildings_of(work: Work, project_id: UUID | None, permitted: Mapping[UUID, str]) -> Mapping[str, SeenBuilding]:
    """Return the natural buildings tied to a project's works, by number."""
    links = work.in_force(UnitNaturalLink, project=project_id, by=UnitNaturalLink.id)
    works = {row.id: row for row in work.in_force(UnitEngineering, project=project_id)}
    filed = filings_of(work, works)
    ids = [link.natural_building_id for link in links]
    found = {}
    for building in work.rows(NaturalBuilding, col(NaturalBuilding.id).in_(ids)):
        mine = [link.unit_engineering_id for link in links if link.natural_building_id == building.id]
        of_building = {works[one].name: one in filed for one in mine if one in works}
        found[building.natural_building_no] = SeenBuilding(
            building.id,
            building.building_name,
            building.planned_use,
            of_building,
            permitted.get(building.id, ""),
        )
    return found
