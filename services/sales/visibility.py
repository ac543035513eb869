"""Visibility of presale permits, opening units and sale events: with the project or the building they belong to."""

from typing import Any

from models.access import Role
from models.building_tables import HouseUnit
from models.projects import Project
from models.sales import (
    OpeningUnit,
    PresaleBuilding,
    PresalePermit,
    SaleEvent,
    SaleNews,
    SaleReading,
    UnitRestriction,
    UnitSale,
)
from services.engine.kept_visibility import by_scope
from services.engine.work import Work, shown_whole, shown_with, visible_rows


@visible_rows(PresalePermit)
def presale_permits(work: Work, table: Any) -> Any:
    """Show a presale permit to those who see its project."""
    return by_scope(work, table)


shown_with(PresaleBuilding, "presale_permit_id", PresalePermit)
shown_with(OpeningUnit, "project_id", Project)
shown_with(SaleEvent, "project_id", Project)
shown_with(UnitRestriction, "house_unit_id", HouseUnit)
shown_with(UnitSale, "house_unit_id", HouseUnit)
shown_whole(SaleNews, SaleReading, roles={Role.SYSTEM, Role.CITY_HANDLER, Role.CITY_REVIEWER})
