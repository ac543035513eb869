"""楼盘表: natural buildings taken from the building table, their units kept up to date with the areas they had (row 70)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import PROJECT_OFFICE, Role
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole, Storey, UnitNaturalLink, UnitSurvey
from models.parcels import ParcelCadastre
from models.projects import ProjectParcelLine, ProjectParcels
from models.records import InForceState
from services.engine.door import Gathering
from services.engine.jobs import one_by_one
from services.engine.kept_visibility import by_scope
from services.engine.kinds import Owner
from services.engine.refusals import NotFound, Rejected, Unavailable
from services.engine.registry import action
from services.engine.work import Work, shown_with, visible_rows
from services.ports.answers import Answer
from services.ports.building_table import BUILDING_TABLES, ToldBuilding, ToldUnit
from services.projects.ownership import own_project

SURVEY_DIFFERENCE = "construction.survey_difference"
#: What becomes of a unit of a use, where it is not for sale (row 70).
_ROLES = {
    "征收安置": SaleRole.RELOCATION,
    "动迁安置": SaleRole.RELOCATION,
    "自持": SaleRole.SELF_HELD,
    "保障": SaleRole.AFFORDABLE,
    "共有产权": SaleRole.AFFORDABLE,
    "公共租赁": SaleRole.AFFORDABLE,
    "车位": SaleRole.PARKING,
    "车库": SaleRole.PARKING,
    "物业": SaleRole.OWNERS_COMMON,
    "设备": SaleRole.OWNERS_COMMON,
    "架空": SaleRole.OWNERS_COMMON,
    "避难": SaleRole.OWNERS_COMMON,
    "人防": SaleRole.PUBLIC_FACILITY,
    "居委会": SaleRole.PUBLIC_FACILITY,
    "养老": SaleRole.PUBLIC_FACILITY,
    "公共": SaleRole.PUBLIC_FACILITY,
    "配套": SaleRole.PUBLIC_FACILITY,
}
#: The areas that are kept when the building table changes them.
_SURVEYED = ("forecast_gross", "forecast_inner", "surveyed_gross", "surveyed_inner")
_PLAIN = (
    "building_name",
    "planned_use",
    "floors_above",
    "floors_below",
    "sets_total",
    "forecast_area",
    "surveyed_area",
)
_OPTIONAL = ("realty_unit_code", "cadastral_code", "address", "structure")
_PLACED = (
    "logical_no",
    "section_no",
    "nominal_floor",
    "actual_floor_from",
    "actual_floor_to",
    "room_no",
    "column_index",
    "column_span",
    "planned_use",
    "layout",
    "realty_unit_code",
    "location",
    "forecast_shared",
    "surveyed_shared",
    *_SURVEYED,
)


@visible_rows(NaturalBuilding)
def buildings(work: Work, table: Any) -> Any:
    """Show a natural building to those who see its project."""
    return by_scope(work, table)


shown_with(Storey, "natural_building_id", NaturalBuilding)
shown_with(HouseUnit, "natural_building_id", NaturalBuilding)
shown_with(UnitSurvey, "natural_building_id", NaturalBuilding)


# Taking over


@dataclass(frozen=True)
class TakeBuilding:
    """A natural building to be taken over for a project of the caller's company."""

    project_id: UUID
    natural_building_no: str


def _ask_building(gathering: Gathering, order: TakeBuilding) -> Answer[ToldBuilding]:
    gathering.look(lambda work: own_project(work, order.project_id))
    return gathering.systems.at(BUILDING_TABLES).building(order.natural_building_no)


@action(
    "building_tables.take", "取得自然幢楼盘表", roles=set(PROJECT_OFFICE), gather=_ask_building, event="DATA.UPDATE"
)
def take_building(work: Work, order: TakeBuilding, told: Answer[ToldBuilding]) -> UUID:
    """Store a natural building with storeys and units as the building table has it now; returns its id."""
    if told.missed:
        raise NotFound("楼盘表没有这个自然幢，请核对编号")
    if told.value is None:
        raise Unavailable("楼盘表暂未应答，请稍后再试")
    codes = cadastral_codes(work, order.project_id)
    if told.value.cadastral_code and told.value.cadastral_code not in codes:
        raise Rejected("该自然幢不在本项目的地块上，请核对")
    return store_building(work, told.value).id


def cadastral_codes(work: Work, project_id: UUID) -> list[str]:
    """Return the cadastral codes of the land of a project of the caller's company."""
    own_project(work, project_id)
    listed = work.rows(
        ProjectParcels.id,
        ProjectParcels.project_id == project_id,
        ProjectParcels.in_force == InForceState.EFFECTIVE,
    )
    parcels = work.rows(ProjectParcelLine.parcel_id, col(ProjectParcelLine.record_id).in_(listed))
    return sorted(set(work.rows(ParcelCadastre.cadastral_code, col(ParcelCadastre.record_id).in_(parcels))))


def store_building(work: Work, told: ToldBuilding) -> NaturalBuilding:
    """Store or refresh a natural building; a unit whose areas changed keeps those it had, one that is gone stays marked."""
    row = work.first(NaturalBuilding, NaturalBuilding.natural_building_no == told.natural_building_no)
    values = {name: getattr(told, name) for name in _PLAIN}
    values |= {name: getattr(told, name) or None for name in _OPTIONAL}
    if row is None:
        row = NaturalBuilding(natural_building_no=told.natural_building_no, **values)
    if told.surveyed_on is not None and row.surveyed_on != told.surveyed_on:
        row.surveyed_on, row.survey_recorded_at = told.surveyed_on, work.now
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    limit = work.thresholds.over(row.district_code).decimal(SURVEY_DIFFERENCE)
    row.fetched_at = work.now
    row.units_off = sum(is_off(one.forecast_gross, one.surveyed_gross, limit) for one in told.units)
    work.add(row)
    work.session.flush()
    _store_storeys(work, row, told)
    _store_units(work, row, told.units)
    return row


def _store_storeys(work: Work, row: NaturalBuilding, told: ToldBuilding) -> None:
    known = {one.actual_floor: one for one in work.rows(Storey, Storey.natural_building_id == row.id)}
    for one in told.storeys:
        storey = known.pop(one.actual_floor, None) or Storey(
            natural_building_id=row.id, actual_floor=one.actual_floor, nominal_floor=one.nominal_floor
        )
        storey.nominal_floor, storey.gross_area = one.nominal_floor, one.gross_area
        work.add(storey)
    for storey in known.values():
        work.session.delete(storey)


def _store_units(work: Work, row: NaturalBuilding, told: Iterable[ToldUnit]) -> None:
    known = {one.house_code: one for one in work.rows(HouseUnit, HouseUnit.natural_building_id == row.id)}
    for one in told:
        values = {name: getattr(one, name) for name in _PLACED}
        unit = known.pop(one.house_code, None)
        if unit is None:
            work.add(
                HouseUnit(
                    natural_building_id=row.id,
                    house_code=one.house_code,
                    sale_role=role_of(one.planned_use),
                    **values,
                )
            )
            continue
        had = {name: getattr(unit, name) for name in _SURVEYED}
        if had != {name: values[name] for name in _SURVEYED}:
            work.add(UnitSurvey(house_unit_id=unit.id, natural_building_id=row.id, replaced_at=work.now, **had))
        for name, value in {**values, "gone": False}.items():
            if getattr(unit, name) != value:
                setattr(unit, name, value)
        work.add(unit)
    for unit in known.values():
        unit.gone = True
        work.add(unit)


def is_off(forecast: Decimal | None, surveyed: Decimal | None, limit: Decimal) -> bool:
    """Return whether a unit's surveyed area differs from the forecast by more percent than `limit` (CMP-09)."""
    if not forecast or surveyed is None:
        return False
    return abs(surveyed - forecast) * 100 / forecast > limit


def role_of(use: str) -> SaleRole:
    """Return what becomes of a unit of a use until its sales plan says so; the first word of `_ROLES` in it decides."""
    return next((role for part, role in _ROLES.items() if part in use), SaleRole.FOR_SALE)


def give_scope(work: Work, building_id: UUID, owner: Owner) -> None:
    """Show a natural building to those who see the project it was tied to."""
    row = work.first(NaturalBuilding, NaturalBuilding.id == building_id)
    if row is not None:
        for name, value in owner.keys.items():
            setattr(row, name, value)
        work.add(row)


# Every night


def _ask_again(gathering: Gathering, number: str) -> Answer[ToldBuilding]:
    return gathering.systems.at(BUILDING_TABLES).building(number)


@action("building_tables.refresh", "更新楼盘表", roles={Role.SYSTEM}, gather=_ask_again, event="")
def refresh_building(work: Work, number: str, told: Answer[ToldBuilding]) -> bool:
    """Refresh a natural building; an answer that does not come leaves it as it is."""
    if told.value is None:
        return False
    store_building(work, told.value)
    return True


def tied_numbers(work: Work) -> list[str]:
    """Return the numbers of the natural buildings that are tied to unit works."""
    tied = work.rows(UnitNaturalLink.natural_building_no, UnitNaturalLink.in_force == InForceState.EFFECTIVE)
    return sorted(set(tied))


refresh_tied = one_by_one("building_tables.refresh", "更新已关联的楼盘表", refresh_building, tied_numbers, at="01:40")
