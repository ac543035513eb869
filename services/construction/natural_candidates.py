"""Candidates: the natural buildings on a project's land, each with the unit work that is most like it (row 70)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import col

from models.access import PROJECT_OFFICE
from models.building_tables import UnitNaturalLink
from models.construction import UnitEngineering
from services.construction.building_tables import cadastral_codes
from services.construction.unit_natural_link import AREA_DIFFERENCE
from services.engine.door import Gathering
from services.engine.refusals import Unavailable
from services.engine.registry import query
from services.engine.work import Work
from services.ports.building_table import BUILDING_TABLES, ToldBuilding


@dataclass(frozen=True)
class LikelyWork:
    """The unit work most like a natural building, and in what the two agree."""

    id: UUID
    unit_no: str
    name: str
    alike: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A natural building on a project's land: its figures, whether a project has it, and the work it may be."""

    natural_building_no: str
    building_name: str
    address: str
    planned_use: str
    floors_above: int
    floors_below: int
    sets_total: int | None
    area: Decimal | None
    tied_to: tuple[str, ...]
    taken: bool
    likely: LikelyWork | None


def _ask_candidates(gathering: Gathering, project_id: UUID) -> list[ToldBuilding]:
    codes = gathering.look(lambda work: cadastral_codes(work, project_id))
    found: list[ToldBuilding] = []
    for code in codes:
        answer = gathering.systems.at(BUILDING_TABLES).candidates(code)
        if answer.value is None and not answer.missed:
            raise Unavailable("楼盘表暂未应答，请稍后再试")
        found += answer.value or ()
    return found


@query("building_tables.candidates", "查找候选自然幢", roles=set(PROJECT_OFFICE), gather=_ask_candidates)
def candidates(work: Work, project_id: UUID, told: list[ToldBuilding]) -> list[Candidate]:
    """Return the natural buildings on the land of a project of the caller's company, those still free first."""
    there = col(UnitNaturalLink.natural_building_no).in_([one.natural_building_no for one in told])
    # A work tied to a building elsewhere is free for none of these.
    links = work.in_force(UnitNaturalLink, there | (col(UnitNaturalLink.project_id) == project_id))
    units = work.in_force(UnitEngineering, project=project_id, by=UnitEngineering.unit_no)
    names = {unit.id: unit.unit_no for unit in units}
    tied = {link.unit_engineering_id for link in links}
    free = [unit for unit in units if unit.id not in tied]
    limit = work.thresholds.decimal(AREA_DIFFERENCE)
    found = []
    for one in told:
        own = [link for link in links if link.natural_building_no == one.natural_building_no]
        taken = any(link.project_id != project_id for link in own)
        here = tuple(names.get(link.unit_engineering_id, "") for link in own if link.project_id == project_id)
        found.append(
            Candidate(
                one.natural_building_no,
                one.building_name,
                one.address,
                one.planned_use,
                one.floors_above,
                one.floors_below,
                one.sets_total,
                one.surveyed_area or one.forecast_area,
                here,
                taken,
                None if taken or here else most_like(one, free, limit),
            )
        )
    return sorted(found, key=lambda one: (one.taken, bool(one.tied_to)))


def most_like(building: ToldBuilding, units: Sequence[UnitEngineering], limit: Decimal) -> LikelyWork | None:
    """Return the unit work that agrees with a natural building in most, none where two do so equally.

    A work with other storeys above the ground, such as a garage beside a tower, is like none.
    """
    storeys = (building.floors_above, None)
    agreed = [(tuple(_alike(building, unit, limit)), unit) for unit in units if unit.floors_above in storeys]
    most = max((len(alike) for alike, _ in agreed), default=0)
    best = [(alike, unit) for alike, unit in agreed if len(alike) == most]
    if not most or len(best) != 1:
        return None
    alike, unit = best[0]
    return LikelyWork(unit.id, unit.unit_no, unit.name, alike)


def _alike(building: ToldBuilding, unit: UnitEngineering, limit: Decimal) -> Iterator[str]:
    if building.building_name == unit.unit_no:
        yield "幢号"
    if unit.floors_above is not None and building.floors_above == unit.floors_above:
        yield "地上层数"
    if unit.floors_below is not None and building.floors_below == unit.floors_below:
        yield "地下层数"
    area = building.surveyed_area or building.forecast_area
    if area and unit.gfa and abs(area - unit.gfa) * 100 <= limit * unit.gfa:
        yield "面积"
