"""The walk's part for the ties of unit works to planned buildings (row 69)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import select

from models.columns import new_id
from models.construction import UnitEngineering, UnitPlannedLink
from models.planning import PlannedBuilding
from services.engine.work import Work
from tests.walks.kinds import by_keys

ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {UnitPlannedLink: lambda city, caller, row: by_keys(caller, row)}
ORDERS: dict[str, Any] = {}
UNFOREIGN: dict[str, str] = {}


def furnish(city: Any) -> None:
    """Both sides have a tie."""
    city.counter.world.act(_furnish)


def _furnish(work: Work) -> None:
    building = work.session.exec(select(PlannedBuilding)).first()
    assert building is not None
    for unit in work.rows(UnitEngineering):
        work.add(
            UnitPlannedLink(
                open_key=f"{unit.id.hex}:{new_id().hex}",
                unit_id=unit.id,
                planning_permit_id=building.record_id,
                planned_building_id=building.id,
                building_no=building.building_no,
                tied_at=datetime(2027, 2, 1, tzinfo=UTC),
                district_code=unit.district_code,
                head_company_id=unit.head_company_id,
                project_company_id=unit.project_company_id,
            )
        )
