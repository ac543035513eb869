"""Natural buildings with units for tests, and their ties to the works of a site (rows 70, 73)."""

from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from models.building_tables import HouseUnit, NaturalBuilding
from tests.site import COMPANY, USCC, Site
from tests.world import World

_SERIAL = count(1)


def natural_building(world: World, *, floors: int = 3, units: int = 2, **change: Any) -> str:
    """A natural building that was taken over, with units on each storey; returns its number."""
    number = f"310115001001GB00001T{next(_SERIAL):04d}"
    world.act(lambda work: _stored(work, number, floors, units, change))
    return number


def _stored(work: Any, number: str, floors: int, units: int, change: dict[str, Any]) -> None:
    values: dict[str, Any] = {
        "building_name": "1#",
        "planned_use": "住宅",
        "floors_above": floors,
        "floors_below": 0,
        "sets_total": floors * units,
        "forecast_area": "10500.00",
        **change,
    }
    if values["forecast_area"] is not None:
        values["forecast_area"] = Decimal(values["forecast_area"])
    row = work.add(NaturalBuilding(natural_building_no=number, **values))
    for floor in range(1, floors + 1):
        for column in range(units):
            work.add(
                HouseUnit(
                    natural_building_id=row.id,
                    house_code=f"{number}{floor:02d}{column:02d}",
                    section_no="1",
                    nominal_floor=str(floor),
                    actual_floor_from=floor,
                    actual_floor_to=floor,
                    room_no=f"{floor}{column + 1:02d}",
                    column_index=column,
                    planned_use="住宅",
                    forecast_gross=Decimal("89.50"),
                )
            )


def tied(site: Site, *, filed: bool = True, number: str = "1#") -> str:
    """A natural building tied to a unit work of a site, whose completion is filed; returns its number."""
    unit = site.unit(site.permit(site.planning()), number)
    building = natural_building(site.land.market.world, building_name=number)
    tie(site, unit, building)
    if filed:
        file_completion(site, unit)
    return building


def tie(site: Site, unit: UUID, building: str) -> UUID:
    link = {"unit_engineering_id": str(unit), "natural_building_no": building, "linked_on": "2026-09-01"}
    return site.put("unit_natural_link", link)


def file_completion(site: Site, *units: UUID, **change: Any) -> UUID:
    """A completion filing in force of some unit works."""
    values = {
        "filing_no": f"2026PD8{next(_SERIAL):05d}",
        "builder": COMPANY,
        "builder_uscc": USCC,
        "filed_area": "10500.00",
        "accepted_on": "2026-12-01",
        "filed_on": "2026-12-10",
        "household_acceptance_done": True,
        **change,
    }
    return site.put("completion_filing", values, {"works": [{"unit_engineering_id": str(one)} for one in units]})
