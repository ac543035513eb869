"""Facts of single homes from the register: what a sale event needs, and no more of its project than that.

Every sale event asks these statements, so that they are made once and bound anew, and read columns and not whole rows.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlmodel import col

from models.building_codes import CertificateKind
from models.building_tables import HouseUnit, NaturalBuilding, UnitNaturalLink
from models.construction import UnitEngineering
from models.planning import RealtyCertificate
from models.postgres import PREPARED
from models.progress import Milestone, MilestoneCode
from models.projects import Project
from models.records import InForceState
from models.sales import OpeningUnit, PresaleBuilding, PresalePermit, PresaleStatus, SaleAct, SaleEvent, UnitRestriction
from services.engine.work import Work
from services.supply.facts import Facts, Tie
from services.supply.facts import Work as UnitWork
from services.supply.months import Known
from services.supply.register import EVENT, HOME, REACHED, Reader

_IDS: Any = bindparam("ids", expanding=True)
_PROJECT: tuple[Any, ...] = (
    col(Project.id).label("its_project"),
    col(Project.district_code),
    col(Project.plate),
    col(Project.ring),
    col(Project.head_company_id),
    col(Project.effective_from),
    col(Project.planned_presale_on),
)
#: Homes with their building, each with what restricts it, their project if it is in force, and when their opening unit
#: opened: one of another project opens nothing here.
_HOMES = (
    select(
        *HOME,
        col(OpeningUnit.opened_on),
        col(NaturalBuilding.project_id),
        col(NaturalBuilding.surveyed_on),
        col(NaturalBuilding.survey_recorded_at),
        col(UnitRestriction.house_unit_id),
        col(UnitRestriction.from_on),
        col(UnitRestriction.to_on),
        *_PROJECT,
    )
    .join(NaturalBuilding, col(NaturalBuilding.id) == col(HouseUnit.natural_building_id))
    .outerjoin(
        OpeningUnit,
        and_(
            col(OpeningUnit.id) == col(HouseUnit.opening_unit_id), col(OpeningUnit.project_id) == bindparam("project")
        ),
    )
    .outerjoin(UnitRestriction, col(UnitRestriction.house_unit_id) == col(HouseUnit.id))
    .outerjoin(Project, and_(col(Project.id) == bindparam("project"), col(Project.in_force) == InForceState.EFFECTIVE))
    .where(col(HouseUnit.id).in_(_IDS), col(HouseUnit.gone).is_(False))
    .order_by(col(HouseUnit.id))
    .execution_options(**PREPARED)
)
#: Unit works tied to buildings, each with its milestones.
_WORKS = (
    select(
        col(UnitNaturalLink.natural_building_id),
        col(UnitNaturalLink.linked_on),
        col(UnitNaturalLink.effective_from),
        col(UnitEngineering.id),
        col(UnitEngineering.kind),
        col(UnitEngineering.gfa),
        col(Milestone.milestone),
        col(Milestone.actual_on),
        col(Milestone.recorded_at),
        col(Milestone.planned_on),
    )
    .join(UnitEngineering, col(UnitEngineering.id) == col(UnitNaturalLink.unit_engineering_id))
    .outerjoin(
        Milestone, and_(col(Milestone.subject_id) == col(UnitEngineering.id), col(Milestone.milestone).in_(REACHED))
    )
    .where(
        col(UnitNaturalLink.natural_building_id).in_(_IDS),
        col(UnitNaturalLink.in_force) == InForceState.EFFECTIVE,
        col(UnitEngineering.in_force) == InForceState.EFFECTIVE,
    )
    .execution_options(**PREPARED)
)
#: The issued permits over buildings.
_PRESALES = (
    select(
        col(PresalePermit.id),
        col(PresalePermit.project_id),
        col(PresalePermit.issued_on),
        col(PresalePermit.recorded_at),
        col(PresalePermit.voided_at),
        col(PresalePermit.permitted_area),
        col(PresaleBuilding.natural_building_id),
    )
    .join(PresaleBuilding, col(PresaleBuilding.presale_permit_id) == col(PresalePermit.id))
    .where(col(PresaleBuilding.natural_building_id).in_(_IDS), col(PresalePermit.status) == PresaleStatus.ARCHIVED)
    .execution_options(**PREPARED)
)
_EVENTS = (
    select(*EVENT)
    .where(col(SaleEvent.house_unit_id).in_(_IDS))
    .order_by(col(SaleEvent.event_no))
    .execution_options(**PREPARED)
)
_MASTERS = select(col(RealtyCertificate.id)).where(
    col(RealtyCertificate.id).in_(_IDS),
    col(RealtyCertificate.kind) == CertificateKind.MASTER,
    col(RealtyCertificate.in_force) == InForceState.EFFECTIVE,
)


@dataclass(frozen=True)
class _Milestone:
    """A milestone of a unit work, as far as figures rest on it."""

    actual_on: Any
    recorded_at: Any
    planned_on: Any


def facts_of_homes(work: Work, project: UUID, homes: Collection[UUID]) -> Facts:
    """Read the facts that stages and flows of some homes of a project follow from."""
    reader, connection = Reader(work, str, project), work.session.connection()

    def asked(statement: Any, wanted: Collection[UUID], **bound: Any) -> list[Any]:
        return list(connection.execute(statement, {"ids": list(wanted), **bound}))

    found = asked(_HOMES, homes, project=project)
    own, buildings = {row.id: row for row in found}, {row.natural_building_id: row for row in found}
    works, ties = _works_and_ties(reader, asked(_WORKS, buildings))
    presales = [one for row in asked(_PRESALES, buildings) for one in reader.presale(row, [str(row[-1])])]
    rows = asked(_EVENTS, homes)
    named = {row.ref_id for row in rows if row.act is SaleAct.LIST and row.ref_id is not None}
    # What is listed under none of the permits is under a first registration, or under a permit of another building.
    others = named - {UUID(one.id) for one in presales}
    masters = asked(_MASTERS, others) if others else []
    return Facts(
        projects=[reader.one_project(project, row, {}) for row in found[:1] if row.its_project is not None],
        works=works,
        natural_ties=ties,
        naturals=[reader.natural(one, row) for one, row in buildings.items() if row.project_id is not None],
        homes=[reader.home(row, row.opened_on) for row in own.values()],
        presales=presales,
        master_certificates=frozenset(str(row.id) for row in masters),
        events=[reader.event(row) for row in rows],
        restrictions=[reader.restriction(row) for row in found if row.house_unit_id is not None],
    )


def _works_and_ties(reader: Reader, rows: Collection[Any]) -> tuple[list[UnitWork], list[Tie]]:
    works: dict[UUID, Any] = {}
    reached: dict[UUID, dict[MilestoneCode, Any]] = defaultdict(dict)
    ties: dict[tuple[UUID, UUID], Tie] = {}
    for row in rows:
        works[row.id] = row
        known = Known(row.linked_on, row.effective_from)
        ties[row.id, row.natural_building_id] = Tie(str(row.id), str(row.natural_building_id), known)
        if row.milestone is not None:
            reached[row.id][row.milestone] = _Milestone(row.actual_on, row.recorded_at, row.planned_on)
    return [reader.unit_work(row, reader.project, reached[one]) for one, row in works.items()], list(ties.values())
