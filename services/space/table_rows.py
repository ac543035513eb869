"""The homes of the building table as rows that a model is divided by and matched to (rows 70, 81)."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col

from models.building_tables import HouseUnit, NaturalBuilding
from services.engine.work import Work
from services.space.unit_table import HomeRow


def units_of(work: Work, building_id: UUID, logical_no: str | None = None) -> Sequence[HouseUnit]:
    """Return the units of a natural building, or of one logical building of it, in the order of their table."""
    where = [HouseUnit.logical_no == logical_no] if logical_no else []
    return work.rows(
        HouseUnit,
        HouseUnit.natural_building_id == building_id,
        col(HouseUnit.gone).is_(False),
        *where,
        by=(HouseUnit.section_no, HouseUnit.actual_floor_from, HouseUnit.column_index, HouseUnit.id),
    )


def home_rows(units: Sequence[HouseUnit]) -> list[HomeRow]:
    """Return a row for each storey of each unit; the area of a duplex is divided among its storeys."""
    rows: list[HomeRow] = []
    several = len({unit.section_no for unit in units}) > 1
    for unit in units:
        storeys = [one for one in range(unit.actual_floor_from, unit.actual_floor_to + 1) if one]
        area = unit.surveyed_gross if unit.surveyed_gross is not None else unit.forecast_gross
        for storey in storeys:
            rows.append(
                HomeRow(
                    len(rows) + 1,
                    "",
                    storey,
                    unit.nominal_floor if storey == unit.actual_floor_from else str(storey),
                    unit.room_no or unit.house_code,
                    unit.section_no if several else "",
                    unit.planned_use,
                    gross=float(area) / len(storeys) if area else None,
                    code=unit.house_code,
                )
            )
    return rows


def project_buildings(work: Work, project_id: UUID) -> Sequence[NaturalBuilding]:
    """Return the natural buildings of a project that the caller sees, by number."""
    return work.rows(
        work.visible(NaturalBuilding), NaturalBuilding.project_id == project_id, by=NaturalBuilding.natural_building_no
    )
