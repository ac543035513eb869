"""The building table as it is shown: a building's storeys and units, one unit with the areas it had, a project's buildings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from models.access import MARKET
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole, Storey, UnitSurvey
from models.projects import Project
from services.construction.building_tables import SURVEY_DIFFERENCE, is_off
from services.engine.registry import query
from services.engine.work import Work


@dataclass(frozen=True, slots=True)
class UnitCell:
    """A unit as the building table draws it; `off` means that its survey differs too much from the forecast (CMP-09)."""

    id: UUID
    section: str
    column: int
    span: int
    floor_from: int
    floor_to: int
    label: str
    use: str
    layout: str
    area: Decimal | None
    surveyed: bool
    off: bool
    role: SaleRole
    gone: bool


@dataclass(frozen=True)
class BuildingTable:
    """A natural building with its storeys from the top down and its units."""

    id: UUID
    number: str
    name: str
    use: str
    address: str
    surveyed_on: date | None
    floors: tuple[tuple[int, str], ...]
    units: tuple[UnitCell, ...]


#: What is read of a unit for its cell: columns, for 2,000 rows of the table's class take three times as long.
_CELL: tuple[Any, ...] = (
    HouseUnit.id,
    HouseUnit.section_no,
    HouseUnit.column_index,
    HouseUnit.column_span,
    HouseUnit.actual_floor_from,
    HouseUnit.actual_floor_to,
    HouseUnit.room_no,
    HouseUnit.planned_use,
    HouseUnit.layout,
    HouseUnit.forecast_gross,
    HouseUnit.surveyed_gross,
    HouseUnit.sale_role,
    HouseUnit.gone,
    HouseUnit.nominal_floor,
)


@query("building_tables.table", "查看楼盘表", roles=set(MARKET))
def building_table(work: Work, building_id: UUID) -> BuildingTable:
    """Return a natural building of a project that the caller sees."""
    row = work.get(NaturalBuilding, building_id)
    limit = work.thresholds.decimal(SURVEY_DIFFERENCE)
    wanted: Any = select(*_CELL).where(HouseUnit.natural_building_id == row.id)
    order = (HouseUnit.section_no, HouseUnit.column_index, HouseUnit.actual_floor_from, HouseUnit.id)
    labels: dict[int, str] = {}
    cells = []
    for *place, forecast, surveyed, role, gone, nominal in work.session.exec(wanted.order_by(*order)):
        area = surveyed if surveyed is not None else forecast
        said = [*place, area, surveyed is not None, is_off(forecast, surveyed, limit), role, gone]
        cell = UnitCell(*said)
        labels[cell.floor_from] = nominal
        cells.append(cell)
    labels |= {one.actual_floor: one.nominal_floor for one in work.rows(Storey, Storey.natural_building_id == row.id)}
    return BuildingTable(
        row.id,
        row.natural_building_no,
        row.building_name,
        row.planned_use,
        row.address or "",
        row.surveyed_on,
        tuple(sorted(labels.items(), reverse=True)),
        tuple(cells),
    )


@dataclass(frozen=True)
class UnitDetail:
    """A unit with all it says, and the areas it had before."""

    house_code: str
    shown: Mapping[str, str]
    surveys: tuple[tuple[str, str, str], ...]


@query("building_tables.unit", "查看房屋", roles=set(MARKET))
def unit_detail(work: Work, unit_id: UUID) -> UnitDetail:
    """Return the details of a unit that the caller sees."""
    unit = work.get(HouseUnit, unit_id)
    history = work.rows(UnitSurvey, UnitSurvey.house_unit_id == unit.id, by=(UnitSurvey.replaced_at, UnitSurvey.id))
    floors = unit.nominal_floor + (
        f"（跃层至{unit.actual_floor_to}层）" if unit.actual_floor_to != unit.actual_floor_from else ""
    )
    shown = {
        "房屋编码": unit.house_code,
        "逻辑幢": unit.logical_no,
        "单元": unit.section_no,
        "层": floors,
        "室号部位": unit.room_no,
        "用途": unit.planned_use,
        "户型": unit.layout,
        "预测面积": _area(unit.forecast_gross),
        "实测面积": _area(unit.surveyed_gross),
        "销售属性": unit.sale_role.label,
    }
    past = tuple(
        (f"{one.replaced_at:%Y-%m-%d}", _area(one.forecast_gross), _area(one.surveyed_gross)) for one in history
    )
    return UnitDetail(unit.house_code, {name: value for name, value in shown.items() if value}, past)


def _area(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f} ㎡"


@dataclass(frozen=True)
class BuildingLine:
    """A natural building of a project in the list beside its table."""

    id: UUID
    number: str
    name: str
    units: int


@dataclass(frozen=True)
class ProjectBuildings:
    """The natural buildings of a project, by name."""

    project: str
    buildings: tuple[BuildingLine, ...]


@query("building_tables.of_project", "项目的自然幢", roles=set(MARKET))
def buildings_of_project(work: Work, project_id: UUID) -> ProjectBuildings:
    """Return the natural buildings of a project that the caller sees."""
    project = work.get(Project, project_id)
    rows = work.rows(
        work.visible(NaturalBuilding),
        NaturalBuilding.project_id == project_id,
        by=(NaturalBuilding.building_name, NaturalBuilding.natural_building_no),
    )
    counted: Any = select(HouseUnit.natural_building_id, func.count(col(HouseUnit.id))).where(
        col(HouseUnit.natural_building_id).in_([row.id for row in rows])
    )
    units = dict(work.session.exec(counted.group_by(col(HouseUnit.natural_building_id))).all())
    lines = (BuildingLine(row.id, row.natural_building_no, row.building_name, units.get(row.id, 0)) for row in rows)
    return ProjectBuildings(project.name, tuple(lines))
