"""Facts of single homes from the register: what a sale event needs, and no more of its project than that."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from models.building_codes import CertificateKind
from models.building_tables import HouseUnit, NaturalBuilding, UnitNaturalLink
from models.construction import UnitEngineering
from models.planning import RealtyCertificate
from models.progress import Milestone
from models.sales import PresaleBuilding, PresalePermit, PresaleStatus
from services.engine.work import Work
from services.supply.facts import Facts, Presale
from services.supply.register import Reader


@dataclass(frozen=True)
class _Homes:
    """Homes of a project, their buildings and the unit works of these."""

    ids: Collection[UUID]
    buildings: list[UUID]
    works: list[UUID]


def facts_of_homes(work: Work, project: UUID, homes: Collection[UUID]) -> Facts:
    """Read the facts that stages and flows of some homes of a project follow from."""
    buildings = set(work.rows(HouseUnit.natural_building_id, col(HouseUnit.id).in_(homes)))
    works = work.rows(UnitNaturalLink.unit_engineering_id, col(UnitNaturalLink.natural_building_id).in_(buildings))
    return _HomeReader(work, project, _Homes(homes, sorted(buildings), list(works))).facts()


class _HomeReader(Reader):
    """Reads the facts of some homes."""

    def __init__(self, work: Work, project: UUID, wanted: _Homes) -> None:
        super().__init__(work, str, project, wanted.ids)
        self.wanted = wanted

    def facts(self) -> Facts:
        buildings = self.wanted.buildings
        reached = self.reached([col(Milestone.subject_id).in_(self.wanted.works)])
        events = self.events()
        return Facts(
            projects=self.projects(),
            works=[
                self.unit_work(row, self.project, reached.get(row.id, {}))
                for row in self._in_force(UnitEngineering, col(UnitEngineering.id).in_(self.wanted.works))
            ],
            natural_ties=self.natural_ties([col(UnitNaturalLink.natural_building_id).in_(buildings)]),
            naturals=self.naturals([col(NaturalBuilding.id).in_(buildings)]),
            homes=self.homes(),
            presales=[one for building in buildings for one in self._presales_of(building)],
            master_certificates=self._certificates_named({UUID(event.ref) for event in events if event.ref}),
            events=events,
            restrictions=self.restrictions(),
        )

    def groups(self) -> Mapping[UUID, UUID | None]:
        """No groups: sums of homes do not ask for them."""
        return {}

    def _presales_of(self, building: UUID) -> Iterator[Presale]:
        """Yield the issued permits over a building."""
        lines = select(PresaleBuilding.presale_permit_id).where(PresaleBuilding.natural_building_id == building)
        archived = PresalePermit.status == PresaleStatus.ARCHIVED
        for row in self.work.rows(PresalePermit, col(PresalePermit.id).in_(lines), archived):
            yield from self.presale(row, [self.name(building)])

    def _certificates_named(self, ids: Collection[UUID]) -> frozenset[str]:
        named = self._in_force(RealtyCertificate, col(RealtyCertificate.id).in_(ids)) if ids else ()
        return frozenset(self.name(row.id) for row in named if row.kind is CertificateKind.MASTER)
