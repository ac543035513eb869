"""The building table as it is shown: a building's storeys and units, one unit with the areas it had, a project's buildings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import MARKET
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole, Storey, UnitNaturalLink, UnitSurvey
from models.construction import UnitEngineering
from models.projects import Project
from models.records import InForceState
from services.construction.building_tables import SURVEY_DIFFERENCE, is_off
from services.engine.clock import SHANGHAI
from services.engine.kinds import MARKET_OFFICES
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
    logical: str


@dataclass(frozen=True)
class TiedWork:
    """A unit work that a natural building is tied to, with the record of the tie."""

    tie: UUID
    unit_no: str
    name: str


@dataclass(frozen=True)
class BuildingTable:
    """A natural building with its figures, its unit works, its storeys from the top down, and its units."""

    id: UUID
    project_id: UUID | None
    number: str
    name: str
    shown: Mapping[str, str]
    works: tuple[TiedWork, ...]
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
    HouseUnit.logical_no,
    HouseUnit.nominal_floor,
)


@query("building_tables.table", "查看楼盘表", roles=set(MARKET_OFFICES.readers))
def building_table(work: Work, building_id: UUID) -> BuildingTable:
    """Return a natural building of a project that the caller sees."""
    row = work.get(NaturalBuilding, building_id)
    limit = work.thresholds.over(row.district_code).decimal(SURVEY_DIFFERENCE)
    wanted: Any = select(*_CELL).where(HouseUnit.natural_building_id == row.id)
    order = (HouseUnit.section_no, HouseUnit.column_index, HouseUnit.actual_floor_from, HouseUnit.id)
    labels: dict[int, str] = {}
    cells = []
    for *place, forecast, surveyed, role, gone, logical, nominal in work.session.exec(wanted.order_by(*order)):
        area = surveyed if surveyed is not None else forecast
        said = [*place, area, surveyed is not None, is_off(forecast, surveyed, limit), role, gone, logical]
        cell = UnitCell(*said)
        labels[cell.floor_from] = nominal
        cells.append(cell)
    labels |= {one.actual_floor: one.nominal_floor for one in work.rows(Storey, Storey.natural_building_id == row.id)}
    shown = {
        "坐落": row.address or "",
        "规划用途": row.planned_use,
        "结构": row.structure or "",
        "层数": f"地上{row.floors_above}层，地下{row.floors_below}层",
        "套数": f"{row.sets_total}套" if row.sets_total is not None else "",
        "预测面积": _area(row.forecast_area),
        "实测面积": _area(row.surveyed_area),
        "实测日期": row.surveyed_on.isoformat() if row.surveyed_on else "",
        "面积差异较大": f"{row.units_off}户" if row.units_off else "",
        "不动产单元号": row.realty_unit_code or "",
        "更新时间": _day(row.fetched_at) if row.fetched_at else "",
    }
    return BuildingTable(
        row.id,
        row.project_id,
        row.natural_building_no,
        row.building_name,
        {name: value for name, value in shown.items() if value},
        tuple(_works(work, row)),
        tuple(sorted(labels.items(), reverse=True)),
        tuple(cells),
    )


def _works(work: Work, row: NaturalBuilding) -> Iterator[TiedWork]:
    ties = work.rows(
        work.visible(UnitNaturalLink),
        UnitNaturalLink.natural_building_id == row.id,
        UnitNaturalLink.in_force == InForceState.EFFECTIVE,
    )
    names = {tie.unit_engineering_id: tie.id for tie in ties}
    for unit in work.rows(UnitEngineering, col(UnitEngineering.id).in_(names), by=UnitEngineering.unit_no):
        yield TiedWork(names[unit.id], unit.unit_no, unit.name)


@dataclass(frozen=True)
class PastAreas:
    """The areas a unit had until a day."""

    until: str
    shown: Mapping[str, str]


@dataclass(frozen=True)
class UnitDetail:
    """A unit with all that the building table says of it, and the areas it had before."""

    id: UUID
    name: str
    shown: Mapping[str, str]
    past: tuple[PastAreas, ...]


@query("building_tables.unit", "查看房屋", roles=set(MARKET))
def unit_detail(work: Work, unit_id: UUID) -> UnitDetail:
    """Return the details of a unit that the caller sees."""
    unit = work.get(HouseUnit, unit_id)
    row = work.get(NaturalBuilding, unit.natural_building_id)
    history = work.rows(UnitSurvey, UnitSurvey.house_unit_id == unit.id, by=(UnitSurvey.replaced_at, UnitSurvey.id))
    limit = work.thresholds.over(row.district_code).decimal(SURVEY_DIFFERENCE)
    shown = {
        "房屋编码": unit.house_code,
        "不动产单元号": unit.realty_unit_code,
        "坐落": unit.location,
        "逻辑幢": unit.logical_no,
        "单元": unit.section_no,
        "层": unit.nominal_floor + _reach(work, unit),
        "室号部位": unit.room_no,
        "用途": unit.planned_use,
        "户型": unit.layout,
        **_areas(unit),
        "面积差异": _difference(unit, limit),
        "销售属性": unit.sale_role.label,
        "楼盘表状态": "已不在楼盘表" if unit.gone else "",
    }
    return UnitDetail(
        unit.id,
        unit.room_no or "无室号",
        {name: value for name, value in shown.items() if value},
        tuple(PastAreas(_day(one.replaced_at), _areas(one)) for one in history),
    )


def _reach(work: Work, unit: HouseUnit) -> str:
    """Return the storey up to which a unit reaches, by its label."""
    if unit.actual_floor_to == unit.actual_floor_from:
        return ""
    top = work.first(
        Storey,
        Storey.natural_building_id == unit.natural_building_id,
        Storey.actual_floor == max(unit.actual_floor_from, unit.actual_floor_to),
    )
    return f"（跃层至{top.nominal_floor if top else unit.actual_floor_to}层）"


def _areas(row: HouseUnit | UnitSurvey) -> dict[str, str]:
    found = {
        "预测建筑面积": _area(row.forecast_gross),
        "预测套内面积": _area(row.forecast_inner),
        "实测建筑面积": _area(row.surveyed_gross),
        "实测套内面积": _area(row.surveyed_inner),
    }
    return {name: value for name, value in found.items() if value}


def _difference(unit: HouseUnit, limit: Decimal) -> str:
    if not unit.forecast_gross or unit.surveyed_gross is None:
        return ""
    percent = (unit.surveyed_gross - unit.forecast_gross) * 100 / unit.forecast_gross
    more = f"，超过{limit.normalize():f}%" if is_off(unit.forecast_gross, unit.surveyed_gross, limit) else ""
    return f"{percent:+.2f}%{more}"


def _area(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f} ㎡"


def _day(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).date().isoformat()


#: A unit in the thumbnail of its building: section, column, lowest and highest storey, sale role.
Spot = tuple[str, int, int, int, SaleRole]

_SPOT: tuple[Any, ...] = (
    HouseUnit.natural_building_id,
    HouseUnit.section_no,
    HouseUnit.column_index,
    HouseUnit.actual_floor_from,
    HouseUnit.actual_floor_to,
    HouseUnit.sale_role,
)


@dataclass(frozen=True)
class BuildingLine:
    """A natural building of a project with what its thumbnail draws."""

    id: UUID
    number: str
    name: str
    spots: tuple[Spot, ...]


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
    wanted: Any = select(*_SPOT).where(
        col(HouseUnit.natural_building_id).in_([row.id for row in rows]), col(HouseUnit.gone).is_(False)
    )
    spots: dict[UUID, list[Spot]] = {}
    for building, *spot in work.session.exec(wanted):
        spots.setdefault(building, []).append(tuple(spot))
    return ProjectBuildings(
        project.name,
        tuple(
            BuildingLine(row.id, row.natural_building_no, row.building_name, tuple(spots.get(row.id, ())))
            for row in rows
        ),
    )
