"""The client of the building table, which answers in our words."""

from integrations.building_table.contract import BUILDING, CANDIDATES, BuildingLine, BuildingReply, CandidatesReply
from integrations.wire.client import SystemClient, about
from services.ports.answers import Answer
from services.ports.building_table import BUILDING_TABLE, ToldBuilding, ToldStorey, ToldUnit


class BuildingTableClient(SystemClient):
    """Asks the building table over HTTP."""

    source = BUILDING_TABLE

    def candidates(self, cadastral_code: str) -> Answer[tuple[ToldBuilding, ...]]:
        """Return the natural buildings on a parcel; those of another parcel are no answer."""

        def found(said: CandidatesReply) -> tuple[ToldBuilding, ...] | None:
            about(all(one.cadastral_code == cadastral_code for one in said.buildings))
            return tuple(map(told_building, said.buildings)) or None

        return self._ask(CANDIDATES, found, zddm=cadastral_code)

    def building(self, natural_building_no: str) -> Answer[ToldBuilding]:
        """Return a natural building with storeys and units; an answer about another is no answer."""

        def found(said: BuildingReply) -> ToldBuilding | None:
            if said.building is None:
                return None
            about(said.building.natural_building_no == natural_building_no)
            return told_building(said.building)

        return self._ask(BUILDING, found, zrzh=natural_building_no)


def told_building(line: BuildingLine) -> ToldBuilding:
    """Return a building in our words."""
    plain = line.model_dump(exclude={"storeys", "units"})
    storeys = tuple(ToldStorey(**one.model_dump()) for one in line.storeys)
    return ToldBuilding(**plain, storeys=storeys, units=tuple(ToldUnit(**one.model_dump()) for one in line.units))
