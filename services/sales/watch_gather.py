"""Gathers the facts of the sale of projects' units for their watch, as far as known by a moment (row 75)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col

from models.building_tables import HouseUnit, NaturalBuilding
from models.projects import Project
from models.sales import OpeningUnit, PresaleBuilding, PresalePermit, SaleAct, SaleEvent
from services.engine.work import Work
from services.sales.watch_facts import ContractFacts, PresaleFacts, SaleFacts, UnitFacts


def facts_of(work: Work, projects: Sequence[Project], day: date, until: datetime) -> Iterator[SaleFacts]:
    """Yield the facts of the sale of projects on a day, of what was known before a moment."""
    seen = _Seen(work, [project.id for project in projects], day, until)
    for project in projects:
        if project.effective_from < until:
            yield seen.facts(project)


class _Seen:
    """The rows of some projects, read by a statement a table."""

    def __init__(self, work: Work, ids: Sequence[UUID], day: date, until: datetime) -> None:
        self.work, self.ids, self.day, self.until = work, list(ids), day, until
        self.permits = self._permits()
        self.licences = self._licences()
        self.opened = {
            row.id: row.opened_on
            for row in work.rows(OpeningUnit, col(OpeningUnit.project_id).in_(self.ids))
            if row.opened_on is not None and row.opened_on <= day
        }
        self.listed: dict[UUID, date] = {}
        self.contracts, self.current = self._events()
        self.units = self._units()

    def facts(self, project: Project) -> SaleFacts:
        thresholds = self.work.thresholds.over(project.district_code)
        permits = tuple(
            PresaleFacts(one.id, one.permit_no, one.issued_on)
            for one in self.permits.get(project.id, ())
            if one.issued_on is not None
        )
        return SaleFacts(project.id, self.day, thresholds, tuple(self.units.get(project.id, ())), permits)

    def _permits(self) -> dict[UUID, list[PresalePermit]]:
        """Return the permits that count: issued, known, and not voided by then."""
        found: dict[UUID, list[PresalePermit]] = defaultdict(list)
        rows = self.work.rows(
            PresalePermit, col(PresalePermit.project_id).in_(self.ids), by=(PresalePermit.permit_no, PresalePermit.id)
        )
        for row in rows:
            issued = row.issued_on is not None and row.issued_on <= self.day and row.recorded_at < self.until
            voided = row.voided_at is not None and row.voided_at < self.until
            if issued and not voided and row.project_id is not None:
                found[row.project_id].append(row)
        return found

    def _licences(self) -> dict[UUID, frozenset[UUID]]:
        ids = [row.id for rows in self.permits.values() for row in rows]
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for row in self.work.rows(PresaleBuilding, col(PresaleBuilding.presale_permit_id).in_(ids)):
            found[row.natural_building_id].add(row.presale_permit_id)
        return {building: frozenset(permits) for building, permits in found.items()}

    def _events(self) -> tuple[dict[UUID, dict[str, ContractFacts]], set[UUID]]:
        """Return the contracts of each unit, and the units listed by a first registration."""
        contracts: dict[UUID, dict[str, ContractFacts]] = defaultdict(dict)
        current: set[UUID] = set()
        presale = set(self.work.rows(PresalePermit.id, col(PresalePermit.project_id).in_(self.ids)))
        rows = self.work.rows(
            SaleEvent,
            col(SaleEvent.project_id).in_(self.ids),
            SaleEvent.happened_on <= self.day,
            SaleEvent.recorded_at < self.until,
            by=SaleEvent.event_no,
        )
        for row in rows:
            if row.act is SaleAct.LIST:
                first = self.listed.get(row.house_unit_id, row.happened_on)
                self.listed[row.house_unit_id] = min(first, row.happened_on)
            if row.act is SaleAct.LIST and row.ref_id is not None and row.ref_id not in presale:
                current.add(row.house_unit_id)
            if row.contract_no:
                one = contracts[row.house_unit_id].setdefault(row.contract_no, ContractFacts(row.contract_no))
                one.acts[row.act] = row.happened_on
                if row.act is SaleAct.SIGN:
                    one.area, one.amount = row.gross_area, row.amount
        return contracts, current

    def _units(self) -> dict[UUID, list[UnitFacts]]:
        buildings = {
            row.id: row for row in self.work.rows(NaturalBuilding, col(NaturalBuilding.project_id).in_(self.ids))
        }
        found: dict[UUID, list[UnitFacts]] = defaultdict(list)
        rows = self.work.rows(
            HouseUnit,
            col(HouseUnit.natural_building_id).in_(list(buildings)),
            by=(HouseUnit.house_code, HouseUnit.id),
        )
        for row in rows:
            building = buildings[row.natural_building_id]
            if building.project_id is not None:
                found[building.project_id].append(self._unit(row, building))
        return found

    def _unit(self, row: HouseUnit, building: NaturalBuilding) -> UnitFacts:
        opened = self.opened.get(row.opening_unit_id) if row.opening_unit_id is not None else None
        return UnitFacts(
            row.id,
            f"{building.building_name}{row.room_no}",
            row.sale_role,
            row.filed_unit_price,
            self.licences.get(building.id, frozenset()),
            row.id in self.current,
            opened,
            self.listed.get(row.id),
            tuple(self.contracts.get(row.id, {}).values()),
        )
