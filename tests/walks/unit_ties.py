"""The walk's part for the ties of unit works to planned buildings (row 69)."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.columns import new_id
from models.construction import ConstructionPermit, UnitEngineering, UnitPlannedLink
from models.planning import PlannedBuilding
from models.records import Revision
from services.construction.ties import Share
from services.construction.unit_sheet import SaveSheet, SheetLine
from services.engine.cycle_orders import OneRevision
from services.engine.work import Work
from tests.walks.kinds import SUBMITTED, by_keys

ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {UnitPlannedLink: lambda city, caller, row: by_keys(caller, row)}
ORDERS: dict[str, Any] = {
    "unit_ties.share": (UnitPlannedLink, lambda city, row_id: Share(row_id, Decimal("0.5"))),
    "unit_ties.cut": (UnitPlannedLink, lambda city, row_id: row_id),
    "unit_sheet.open": (ConstructionPermit, lambda city, row_id: row_id),
    "unit_sheet.save": (ConstructionPermit, lambda city, row_id: SaveSheet(row_id, (SheetLine({}),))),
    "community.figures": (Revision, lambda city, row_id: _theirs_of("community", city, row_id)),
    "unit_sheet.drop": (Revision, lambda city, row_id: OneRevision(_theirs_of("unit_engineering", city, row_id))),
}
UNFOREIGN: dict[str, str] = {
    "planning.refresh": "the system's own, for the night",
    "projects.refresh_permit": "the system's own, for the night",
    "unit_ties.board": "of a project that is not visible it is empty, tried in tests/services/construction",
    "unit_sheet.submit": "each version by itself, whose submission is walked as the kind's own",
}


def _theirs_of(kind: str, city: Any, row_id: UUID) -> UUID:
    """The other side's version of a kind in place of whatever version of theirs was found; an unknown id stays."""
    return SUBMITTED[kind] if city.where(Revision, "id", row_id) else row_id


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
