"""Facts of supply from the register: records in force or voided, milestones, building tables and sale events."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.building_codes import CertificateKind
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole, UnitNaturalLink
from models.companies import GroupCompany, HeadCompany
from models.construction import ConstructionPermit, UnitEngineering, UnitPlannedLink
from models.handbooks import Handbook
from models.parcels import Parcel
from models.planning import EngineeringPlanningPermit, PlannedBuilding, RealtyCertificate
from models.progress import Milestone, MilestoneCode, MilestoneScope, ProgressLine, ProgressReport, WorkStatus
from models.projects import Project as ProjectRow
from models.projects import ProjectParcelLine, ProjectParcels
from models.records import InForceState, Revision
from models.sales import OpeningUnit, PresaleBuilding, PresalePermit, PresaleStatus, SaleEvent, UnitRestriction
from services.engine.clock import SHANGHAI
from services.engine.work import Work
from services.supply.facts import (
    PLACES,
    Event,
    Facts,
    Happening,
    Home,
    Land,
    Natural,
    Planned,
    Presale,
    Project,
    Restriction,
    Tie,
    Type,
    Use,
)
from services.supply.facts import Work as UnitWork
from services.supply.months import Known, month_named

_TYPES = {
    "住宅": Type.HOUSING,
    "住宅楼": Type.HOUSING,
    "办公": Type.OFFICE,
    "商业": Type.RETAIL,
    "地下车库": Type.PARKING,
    "车位": Type.PARKING,
}
_GARAGE = "地下车库"
#: The milestones of a unit work that figures rest on: begun, topped out for presale, completed.
_REACHED = (MilestoneCode.M07, MilestoneCode.M13, MilestoneCode.M17)

#: The name under which figures show a record.
Naming = Callable[[UUID], str]


def facts_of(work: Work, name: Naming = str) -> Facts:
    """Read all facts of supply; every record is known by `name`."""
    return _Reader(work, name).facts()


def _area(value: Decimal | None) -> int:
    return int(value * PLACES) if value is not None else 0


def _type(label: str) -> Type:
    return _TYPES.get(label, Type.OTHER)


class _Reader:
    """The rows of the register, read by a statement a table."""

    def __init__(self, work: Work, name: Naming) -> None:
        self.work, self.name = work, name

    def facts(self) -> Facts:
        return Facts(
            lands=[self.land(row) for row in self._in_force(Parcel)],
            projects=self.projects(),
            uses=self.uses(),
            planned=list(self.planned()),
            works=list(self.works()),
            planned_ties=[
                Tie(self.name(row.unit_id), self.name(row.planned_building_id))
                for row in self.work.rows(UnitPlannedLink, col(UnitPlannedLink.open_key).is_not(None))
            ],
            natural_ties=[
                Tie(
                    self.name(row.unit_engineering_id),
                    self.name(row.natural_building_id),
                    Known(row.linked_on, row.effective_from),
                )
                for row in self._in_force(UnitNaturalLink)
                if row.natural_building_id is not None
            ],
            naturals=self.naturals(),
            homes=self.homes(),
            presales=self.presales(),
            master_certificates=frozenset(
                self.name(row.id) for row in self._in_force(RealtyCertificate) if row.kind is CertificateKind.MASTER
            ),
            events=[self.event(row) for row in self.work.rows(SaleEvent, by=SaleEvent.event_no)],
            restrictions=[
                Restriction(self.name(row.house_unit_id), row.from_on, row.to_on)
                for row in self.work.rows(UnitRestriction)
            ],
            handbooks=[
                (self.name(row.project_id), row.compiled_at.astimezone(SHANGHAI).date())
                for row in self.work.rows(Handbook)
            ],
            groups={self.name(row.id): bool(row.in_city_list) for row in self._in_force(GroupCompany)},
        )

    def _project(self, project_id: UUID | None) -> str:
        return self.name(project_id) if project_id is not None else ""

    def _in_force(self, table: Any) -> Iterable[Any]:
        rows: Iterable[Any] = self.work.rows(table, table.in_force == InForceState.EFFECTIVE, by=table.record_no)
        return rows

    def land(self, row: Parcel) -> Land:
        types = {
            Type.HOUSING: _area(row.residential_area),
            Type.OFFICE: _area(row.office_area),
            Type.RETAIL: _area(row.commercial_area),
            Type.OTHER: _area(row.other_area),
        }
        reserved = sum(map(_area, (row.affordable_area, row.self_held_area, row.public_facility_area)))
        planned = row.saleable_area_plan
        return Land(
            self.name(row.id),
            row.district_code,
            row.plate,
            row.ring.value,
            Known(row.signed_on, row.effective_from) if row.signed_on is not None else None,
            _area(row.land_area),
            _area(planned) if planned is not None else sum(types.values()) - reserved,
            types,
        )

    def projects(self) -> list[Project]:
        groups = dict(self.work.session.exec(select(HeadCompany.id, HeadCompany.group_company_id)).all())
        found = []
        for row in self._in_force(ProjectRow):
            group = groups.get(row.head_company_id) if row.head_company_id is not None else None
            effective = Known(row.effective_from.astimezone(SHANGHAI).date(), row.effective_from)
            found.append(
                Project(
                    self.name(row.id),
                    row.district_code,
                    row.plate,
                    row.ring.value,
                    self.name(group) if group is not None else "",
                    effective,
                    row.planned_presale_on,
                )
            )
        return found

    def uses(self) -> list[Use]:
        lists = {row.id: row.project_id for row in self._in_force(ProjectParcels)}
        return [
            Use(self.name(lists[line.record_id]), self.name(line.parcel_id), _area(line.used_area))
            for line in self.work.rows(ProjectParcelLine)
            if line.record_id in lists
        ]

    def planned(self) -> Iterable[Planned]:
        voided = dict(
            self.work.session.exec(
                select(Revision.id, Revision.superseded_at).where(
                    Revision.kind == "engineering_planning_permit", col(Revision.superseded_at).is_not(None)
                )
            ).all()
        )
        permits = {}
        for row in self.work.rows(EngineeringPlanningPermit):
            ended = voided.get(row.revision_id) if row.in_force is InForceState.VOIDED else None
            permits[row.id] = row.project_id, Known(row.issued_on, row.effective_from, ended)
        for line in self.work.rows(PlannedBuilding, by=PlannedBuilding.id):
            if line.record_id not in permits:
                continue
            project, issued = permits[line.record_id]
            off = sum(map(_area, (line.self_held_area, line.affordable_area, line.public_facility_area)))
            if line.saleable_area is not None:
                saleable = _area(line.saleable_area)
            else:
                saleable = _area(line.gfa_above) - off if line.floors_above else 0
            sets = (line.sets or 0) if saleable > 0 else 0
            yield Planned(
                self.name(line.id), self._project(project), issued, _type(line.use.label), saleable, off, sets
            )

    def works(self) -> Iterable[UnitWork]:
        reached: dict[UUID, dict[MilestoneCode, Milestone]] = defaultdict(dict)
        for row in self.work.rows(
            Milestone, Milestone.scope == MilestoneScope.UNIT, col(Milestone.milestone).in_(_REACHED)
        ):
            reached[row.subject_id][row.milestone] = row
        permits = {row.id: row.project_id for row in self.work.rows(ConstructionPermit)}
        stops = self._stops()
        for row in self._in_force(UnitEngineering):
            own = reached.get(row.id, {})
            label = row.kind.label if row.kind is not None else ""
            kind = {"住宅楼": Type.HOUSING, "商业": Type.RETAIL}.get(label, Type.OTHER)
            started, topped, completed = (_known(own.get(code)) for code in _REACHED)
            yield UnitWork(
                self.name(row.id),
                self._project(permits[row.construction_permit_id]),
                kind,
                label == _GARAGE,
                _area(row.gfa),
                started,
                topped,
                completed,
                _planned(own.get(MilestoneCode.M07)),
                _planned(own.get(MilestoneCode.M17)),
                tuple(sorted(stops.get(row.id, ()), key=lambda line: line[0])),
            )

    def _stops(self) -> dict[UUID, list[tuple[int, date | None]]]:
        reports = {row.id: month_named(row.period) for row in self._in_force(ProgressReport)}
        found: dict[UUID, list[tuple[int, date | None]]] = defaultdict(list)
        for line in self.work.rows(ProgressLine):
            if line.record_id in reports:
                stopped = line.stop_from if line.status is WorkStatus.STOPPED else None
                found[line.unit_engineering_id].append((reports[line.record_id], stopped))
        return found

    def naturals(self) -> list[Natural]:
        return [
            Natural(
                self.name(row.id),
                self.name(row.project_id),
                Known(row.surveyed_on, row.survey_recorded_at)
                if row.surveyed_on is not None and row.survey_recorded_at is not None
                else None,
            )
            for row in self.work.rows(NaturalBuilding, by=NaturalBuilding.id)
            if row.project_id is not None
        ]

    def homes(self) -> list[Home]:
        opened = {row.id: row.opened_on for row in self.work.rows(OpeningUnit)}
        return [
            Home(
                self.name(row.id),
                self.name(row.natural_building_id),
                _type(row.planned_use),
                row.planned_use == "住宅",
                row.sale_role is SaleRole.FOR_SALE,
                _area(row.forecast_gross) if row.forecast_gross is not None else None,
                _area(row.surveyed_gross) if row.surveyed_gross is not None else None,
                int(row.filed_unit_price * 100) if row.filed_unit_price is not None else None,
                opened.get(row.opening_unit_id) if row.opening_unit_id is not None else None,
            )
            for row in self.work.rows(HouseUnit, col(HouseUnit.gone).is_(False), by=HouseUnit.id)
        ]

    def presales(self) -> list[Presale]:
        buildings: dict[UUID, list[str]] = defaultdict(list)
        for line in self.work.rows(PresaleBuilding):
            buildings[line.presale_permit_id].append(self.name(line.natural_building_id))
        return [
            Presale(
                self.name(row.id),
                self.name(row.project_id),
                Known(row.issued_on, row.recorded_at, row.voided_at),
                tuple(buildings[row.id]),
                _area(row.permitted_area),
            )
            for row in self.work.rows(PresalePermit, PresalePermit.status == PresaleStatus.ARCHIVED)
            if row.issued_on is not None and row.project_id is not None
        ]

    def event(self, row: SaleEvent) -> Event:
        return Event(
            self.name(row.house_unit_id),
            Happening(row.act.value),
            Known(row.happened_on, row.recorded_at),
            row.contract_no,
            _area(row.gross_area),
            int(row.amount * 100) if row.amount is not None else 0,
            self.name(row.ref_id) if row.ref_id is not None else "",
        )


def _known(row: Milestone | None) -> Known | None:
    if row is None or row.actual_on is None or row.recorded_at is None:
        return None
    return Known(row.actual_on, row.recorded_at)


def _planned(row: Milestone | None) -> date | None:
    return row.planned_on if row is not None else None
