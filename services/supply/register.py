"""Facts of supply from the register: records in force or voided, milestones, building tables and sale events."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.building_codes import CertificateKind
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole, UnitNaturalLink
from models.codes import Code
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
REACHED = (MilestoneCode.M07, MilestoneCode.M13, MilestoneCode.M17)

#: What figures rest on of a home and of a sale event: there are millions, so that columns are read and not whole rows.
HOME: tuple[Any, ...] = (
    col(HouseUnit.id),
    col(HouseUnit.natural_building_id),
    col(HouseUnit.planned_use),
    col(HouseUnit.sale_role),
    col(HouseUnit.forecast_gross),
    col(HouseUnit.surveyed_gross),
    col(HouseUnit.filed_unit_price),
)
EVENT: tuple[Any, ...] = (
    col(SaleEvent.house_unit_id),
    col(SaleEvent.act),
    col(SaleEvent.happened_on),
    col(SaleEvent.recorded_at),
    col(SaleEvent.contract_no),
    col(SaleEvent.gross_area),
    col(SaleEvent.amount),
    col(SaleEvent.ref_id),
    col(SaleEvent.event_no),
)
#: A select of columns.
columns: Any = select

#: The name under which figures show a record.
Naming = Callable[[UUID], str]


def facts_of(work: Work, name: Naming = str, *, project: UUID | None = None) -> Facts:
    """Read all facts of supply, or those that stages and flows of a project follow from; `name` names a record."""
    return Reader(work, name, project).facts()


def land_facts_of(work: Work, name: Naming = str) -> Facts:
    """Read the facts that land without a project follows from."""
    reader = Reader(work, name, None)
    return Facts(lands=reader.lands(), projects=reader.projects(), uses=reader.uses())


def _area(value: Decimal | None) -> int:
    return int(value * PLACES) if value is not None else 0


def _type(label: str) -> Type:
    return _TYPES.get(label, Type.OTHER)


class Reader:
    """The rows of the register, read by a statement a table."""

    def __init__(self, work: Work, name: Naming, project: UUID | None) -> None:
        self.work, self.name, self.project = work, name, project

    def _own(self, column: Any) -> Iterator[Any]:
        """The clause that a project's rows fulfil, or none."""
        if self.project is not None:
            yield column == self.project

    def _wanted(self, column: Any) -> Iterator[Any]:
        """The clause that the rows of the project's homes fulfil, or none."""
        if self.project is not None:
            own = select(NaturalBuilding.id).where(NaturalBuilding.project_id == self.project)
            yield column.in_(select(HouseUnit.id).where(col(HouseUnit.natural_building_id).in_(own)))

    def facts(self) -> Facts:
        return Facts(
            lands=self.lands(),
            projects=self.projects(),
            uses=self.uses(),
            planned=list(self.planned()),
            works=list(self.works()),
            planned_ties=[
                Tie(self.name(row.unit_id), self.name(row.planned_building_id))
                for row in self.work.rows(
                    UnitPlannedLink,
                    col(UnitPlannedLink.open_key).is_not(None),
                    *self._own(col(UnitPlannedLink.project_id)),
                )
            ],
            natural_ties=self.natural_ties(self._own(col(UnitNaturalLink.project_id))),
            naturals=self.naturals(self._own(col(NaturalBuilding.project_id))),
            homes=self.homes(),
            presales=self.presales(),
            master_certificates=self.certificates(),
            events=self.events(),
            restrictions=self.restrictions(),
            handbooks=[
                (self.name(row.project_id), row.compiled_at.astimezone(SHANGHAI).date())
                for row in self.work.rows(Handbook, *self._own(col(Handbook.project_id)))
            ],
            groups={self.name(row.id): bool(row.in_city_list) for row in self._in_force(GroupCompany)},
        )

    def _project(self, project_id: UUID | None) -> str:
        return self.name(project_id) if project_id is not None else ""

    def _in_force(self, table: Any, *where: Any) -> Iterable[Any]:
        effective = table.in_force == InForceState.EFFECTIVE
        rows: Iterable[Any] = self.work.rows(table, effective, *where, by=table.record_no)
        return rows

    def lands(self) -> list[Land]:
        """The parcels, or those that the project uses."""
        where = []
        if self.project is not None:
            own = select(ProjectParcels.id).where(ProjectParcels.project_id == self.project)
            lines = select(ProjectParcelLine.parcel_id).where(col(ProjectParcelLine.record_id).in_(own))
            where.append(col(Parcel.id).in_(lines))
        return [self.land(row) for row in self._in_force(Parcel, *where)]

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

    def groups(self) -> Mapping[UUID, UUID | None]:
        """The group of each head company."""
        return dict(self.work.session.exec(select(HeadCompany.id, HeadCompany.group_company_id)).all())

    def projects(self) -> list[Project]:
        groups = self.groups()
        return [
            self.one_project(row.id, row, groups) for row in self._in_force(ProjectRow, *self._own(col(ProjectRow.id)))
        ]

    def one_project(self, project_id: UUID, row: Any, groups: Mapping[UUID, UUID | None]) -> Project:
        group = groups.get(row.head_company_id) if row.head_company_id is not None else None
        effective = Known(row.effective_from.astimezone(SHANGHAI).date(), row.effective_from)
        return Project(
            self.name(project_id),
            row.district_code,
            row.plate,
            row.ring.value,
            self.name(group) if group is not None else "",
            effective,
            row.planned_presale_on,
        )

    def uses(self) -> list[Use]:
        own = self._own(col(ProjectParcels.project_id))
        lists = {row.id: row.project_id for row in self._in_force(ProjectParcels, *own)}
        return [
            Use(self.name(lists[line.record_id]), self.name(line.parcel_id), _area(line.used_area))
            for line in self._lines(ProjectParcelLine, lists)
            if line.record_id in lists
        ]

    def planned(self) -> Iterable[Planned]:
        voided = dict(
            self.work.session.exec(
                select(Revision.id, Revision.superseded_at).where(
                    Revision.kind == "engineering_planning_permit",
                    col(Revision.superseded_at).is_not(None),
                    *self._own(col(Revision.project_id)),
                )
            ).all()
        )
        permits = {}
        own = self._own(col(EngineeringPlanningPermit.project_id))
        for row in self.work.rows(EngineeringPlanningPermit, *own):
            ended = voided.get(row.revision_id) if row.in_force is InForceState.VOIDED else None
            permits[row.id] = row.project_id, Known(row.issued_on, row.effective_from, ended)
        for line in self._lines(PlannedBuilding, permits):
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

    def natural_ties(self, where: Iterable[Any]) -> list[Tie]:
        """Ties of unit works to natural buildings."""
        return [
            Tie(
                self.name(row.unit_engineering_id),
                self.name(row.natural_building_id),
                Known(row.linked_on, row.effective_from),
            )
            for row in self._in_force(UnitNaturalLink, *where)
            if row.natural_building_id is not None
        ]

    def certificates(self) -> frozenset[str]:
        """The first registrations under which homes are sold when they are finished."""
        rows = self._in_force(RealtyCertificate, *self._own(col(RealtyCertificate.project_id)))
        return frozenset(self.name(row.id) for row in rows if row.kind is CertificateKind.MASTER)

    def restrictions(self) -> list[Restriction]:
        rows = self.work.rows(UnitRestriction, *self._wanted(col(UnitRestriction.house_unit_id)))
        return [self.restriction(row) for row in rows]

    def restriction(self, row: Any) -> Restriction:
        return Restriction(self.name(row.house_unit_id), row.from_on, row.to_on)

    def works(self) -> Iterable[UnitWork]:
        permits = {
            row.id: row.project_id
            for row in self.work.rows(ConstructionPermit, *self._own(col(ConstructionPermit.project_id)))
        }
        reached = self.reached([Milestone.scope == MilestoneScope.UNIT, *self._own(col(Milestone.project_id))])
        # Only the report of all works asks for stops: a project has hundreds of progress lines.
        stops = self._stops() if self.project is None else {}
        for row in self._in_force(UnitEngineering, *self._own(col(UnitEngineering.project_id))):
            yield self.unit_work(row, permits[row.construction_permit_id], reached.get(row.id, {}), stops.get(row.id))

    def reached(self, where: Iterable[Any]) -> dict[UUID, dict[MilestoneCode, Milestone]]:
        """The milestones that figures rest on, by unit work."""
        found: dict[UUID, dict[MilestoneCode, Milestone]] = defaultdict(dict)
        for row in self.work.rows(Milestone, col(Milestone.milestone).in_(REACHED), *where):
            found[row.subject_id][row.milestone] = row
        return found

    def unit_work(
        self,
        row: Any,
        project: UUID | None,
        own: Mapping[MilestoneCode, Any],
        stops: Iterable[tuple[int, date | None]] | None = None,
    ) -> UnitWork:
        kind, garage = works_kind(row.kind)
        started, topped, completed = (_known(own.get(code)) for code in REACHED)
        return UnitWork(
            self.name(row.id),
            self._project(project),
            kind,
            garage,
            _area(row.gfa),
            started,
            topped,
            completed,
            _planned(own.get(MilestoneCode.M07)),
            _planned(own.get(MilestoneCode.M17)),
            tuple(sorted(stops or (), key=lambda line: line[0])),
        )

    def _stops(self) -> dict[UUID, list[tuple[int, date | None]]]:
        own = self._own(col(ProgressReport.project_id))
        reports = {row.id: month_named(row.period) for row in self._in_force(ProgressReport, *own)}
        found: dict[UUID, list[tuple[int, date | None]]] = defaultdict(list)
        for line in self._lines(ProgressLine, reports):
            if line.record_id in reports:
                stopped = line.stop_from if line.status is WorkStatus.STOPPED else None
                found[line.unit_engineering_id].append((reports[line.record_id], stopped))
        return found

    def naturals(self, where: Iterable[Any]) -> list[Natural]:
        rows = self.work.rows(NaturalBuilding, *where, by=NaturalBuilding.id)
        return [self.natural(row.id, row) for row in rows if row.project_id is not None]

    def natural(self, building_id: UUID, row: Any) -> Natural:
        """A natural building of a project and when it was surveyed."""
        known = row.surveyed_on is not None and row.survey_recorded_at is not None
        surveyed = Known(row.surveyed_on, row.survey_recorded_at) if known else None
        return Natural(self.name(building_id), self.name(row.project_id), surveyed)

    def homes(self) -> list[Home]:
        opened = {row.id: row.opened_on for row in self.work.rows(OpeningUnit, *self._own(col(OpeningUnit.project_id)))}
        wanted = col(HouseUnit.gone).is_(False), *self._wanted(col(HouseUnit.id))
        rows = self._read(columns(*HOME, HouseUnit.opening_unit_id).where(*wanted).order_by(HouseUnit.id))
        return [self.home(row, opened.get(row.opening_unit_id)) for row in rows]

    def _read(self, statement: Any) -> Any:
        return self.work.session.connection().execute(statement)

    def home(self, row: Any, opened_on: date | None) -> Home:
        return Home(
            self.name(row.id),
            self.name(row.natural_building_id),
            _type(row.planned_use),
            row.planned_use == "住宅",
            row.sale_role is SaleRole.FOR_SALE,
            _area(row.forecast_gross) if row.forecast_gross is not None else None,
            _area(row.surveyed_gross) if row.surveyed_gross is not None else None,
            int(row.filed_unit_price * 100) if row.filed_unit_price is not None else None,
            opened_on,
        )

    def presales(self) -> list[Presale]:
        permits = self.work.rows(
            PresalePermit, PresalePermit.status == PresaleStatus.ARCHIVED, *self._own(col(PresalePermit.project_id))
        )
        ids = [row.id for row in permits]
        where = [col(PresaleBuilding.presale_permit_id).in_(ids)] if self.project is not None else []
        buildings: dict[UUID, list[str]] = defaultdict(list)
        for line in self.work.rows(PresaleBuilding, *where):
            buildings[line.presale_permit_id].append(self.name(line.natural_building_id))
        return [one for row in permits for one in self.presale(row, buildings[row.id])]

    def presale(self, row: Any, buildings: Iterable[str]) -> Iterator[Presale]:
        """Yield a permit once it is issued."""
        if row.issued_on is not None and row.project_id is not None:
            issued = Known(row.issued_on, row.recorded_at, row.voided_at)
            yield Presale(
                self.name(row.id), self.name(row.project_id), issued, tuple(buildings), _area(row.permitted_area)
            )

    def events(self) -> list[Event]:
        """The sale events in the order of their arrival."""
        where = self._own(col(SaleEvent.project_id))
        return [self.event(row) for row in self._read(columns(*EVENT).where(*where).order_by(SaleEvent.event_no))]

    def _lines(self, table: Any, records: Mapping[UUID, Any]) -> Sequence[Any]:
        """The lines of some records' lists in the order of their ids; of all where all is read."""
        where = [col(table.record_id).in_(list(records))] if self.project is not None else []
        rows: Sequence[Any] = self.work.rows(table, *where, by=table.id)
        return rows

    def event(self, row: Any) -> Event:
        return Event(
            self.name(row.house_unit_id),
            Happening(row.act.value),
            Known(row.happened_on, row.recorded_at),
            row.contract_no,
            _area(row.gross_area),
            int(row.amount * 100) if row.amount is not None else 0,
            self.name(row.ref_id) if row.ref_id is not None else "",
            row.event_no,
        )


def works_kind(kind: Code | None) -> tuple[Type, bool]:
    """The use of a unit work as reports divide it, and whether it is a garage."""
    label = kind.label if kind is not None else ""
    return {"住宅楼": Type.HOUSING, "商业": Type.RETAIL}.get(label, Type.OTHER), label == _GARAGE


def _known(row: Any) -> Known | None:
    if row is None or row.actual_on is None or row.recorded_at is None:
        return None
    return Known(row.actual_on, row.recorded_at)


def _planned(row: Any) -> date | None:
    return row.planned_on if row is not None else None
