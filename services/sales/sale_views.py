"""The sale of a project beside its plans: permits, opening units, states of units, and the events of one unit (rows 76, 82)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, func, select

from models.access import MARKET, Role
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole
from models.projects import Project
from models.sales import OpeningUnit, PresaleBuilding, PresalePermit, SaleEvent, SaleState, UnitRestriction, UnitSale
from services.engine.clock import shanghai_text
from services.engine.registry import query
from services.engine.work import Work

#: Analysts see averages, never the price of a unit (market 9, Q18).
_PRICES = frozenset(MARKET) - {Role.ANALYST}


@dataclass(frozen=True)
class PermitLine:
    """A presale permit with its plan, its buildings and what was sold under it."""

    permit_no: str
    plan_no: str
    buildings: str
    sets: int
    area: Decimal | None
    issued_on: date | None
    state: str


@dataclass(frozen=True)
class OpeningLine:
    """An opening unit with its homes."""

    code: str
    permit_no: str
    mode: str
    opened_on: date | None
    homes: int


@dataclass(frozen=True)
class SaleBuilding:
    """A building on sale with the number of its units in each state."""

    id: UUID
    number: str
    name: str
    states: Mapping[SaleState, int]


@dataclass(frozen=True)
class ProjectSale:
    """The sale of a project as the sale system reports it."""

    project: str
    permits: tuple[PermitLine, ...]
    openings: tuple[OpeningLine, ...]
    buildings: tuple[SaleBuilding, ...]


@query("sales.of_project", "项目的销售情况", roles=set(MARKET))
def sale_of_project(work: Work, project_id: UUID) -> ProjectSale:
    """Return permits, opening units and counts of states of a project that the caller sees."""
    project = work.get(Project, project_id)
    buildings = work.rows(
        NaturalBuilding,
        NaturalBuilding.project_id == project.id,
        by=(func.length(NaturalBuilding.building_name), NaturalBuilding.building_name, NaturalBuilding.id),
    )
    permits = work.rows(
        PresalePermit,
        PresalePermit.project_id == project.id,
        by=(col(PresalePermit.issued_on).desc(), PresalePermit.permit_no, PresalePermit.id),
    )
    names = {row.id: row.building_name for row in buildings}
    covered: dict[UUID, list[str]] = {}
    for row in work.rows(PresaleBuilding, col(PresaleBuilding.presale_permit_id).in_([one.id for one in permits])):
        covered.setdefault(row.presale_permit_id, []).append(names.get(row.natural_building_id, "其他项目的楼幢"))
    numbers = {one.id: one.permit_no for one in permits}
    openings = work.rows(
        OpeningUnit,
        OpeningUnit.project_id == project.id,
        by=(col(OpeningUnit.opened_on).desc(), OpeningUnit.opening_code, OpeningUnit.id),
    )
    homes = dict(
        work.session.exec(
            select(HouseUnit.opening_unit_id, func.count())
            .where(col(HouseUnit.opening_unit_id).in_([one.id for one in openings]))
            .group_by(col(HouseUnit.opening_unit_id))
        ).all()
    )
    return ProjectSale(
        project.name,
        tuple(
            PermitLine(
                one.permit_no or "（未发证）",
                one.sales_plan_no,
                "、".join(sorted(covered.get(one.id, ()))),
                one.sets,
                one.permitted_area,
                one.issued_on,
                f"已作废（{shanghai_text(one.voided_at)[:10]}）" if one.voided_at is not None else one.status.label,
            )
            for one in permits
        ),
        tuple(
            OpeningLine(
                one.opening_code,
                numbers.get(one.presale_permit_id, "") if one.presale_permit_id else "现售",
                one.mode.label,
                one.opened_on,
                homes.get(one.id, 0),
            )
            for one in openings
        ),
        tuple(_building(work, row) for row in buildings),
    )


def _building(work: Work, row: NaturalBuilding) -> SaleBuilding:
    counted = work.session.exec(
        select(UnitSale.state, func.count())
        .where(
            UnitSale.house_unit_id == HouseUnit.id,
            HouseUnit.natural_building_id == row.id,
            HouseUnit.sale_role == SaleRole.FOR_SALE,
        )
        .group_by(col(UnitSale.state))
    ).all()
    return SaleBuilding(
        row.id, row.natural_building_no, row.building_name, {SaleState.of(state): number for state, number in counted}
    )


@dataclass(frozen=True)
class SaleStates:
    """The states of a building's units by their ids; a unit without events is not listed. `limited` may not be sold now."""

    states: Mapping[UUID, SaleState]
    limited: frozenset[UUID]


@query("sales.states", "楼幢的销售状态", roles=set(MARKET))
def sale_states(work: Work, building_id: UUID) -> SaleStates:
    """Return the states of the units for sale of a building that the caller sees."""
    row = work.get(NaturalBuilding, building_id)
    units = work.rows(HouseUnit.id, HouseUnit.natural_building_id == row.id, HouseUnit.sale_role == SaleRole.FOR_SALE)
    known = work.rows(UnitSale, col(UnitSale.house_unit_id).in_(units))
    found = dict.fromkeys(units, SaleState.NOT_LISTED) | {one.house_unit_id: one.state for one in known}
    limits = work.rows(
        UnitRestriction.house_unit_id,
        col(UnitRestriction.house_unit_id).in_(units),
        UnitRestriction.from_on <= work.today,
        (col(UnitRestriction.to_on).is_(None)) | (col(UnitRestriction.to_on) > work.today),
    )
    return SaleStates(found, frozenset(limits) | {one.house_unit_id for one in known if one.suspended})


@dataclass(frozen=True)
class EventLine:
    """An event of a unit; amounts are empty for those who see no prices."""

    act: str
    happened_on: date
    contract_no: str
    amount: str
    recorded_at: str


@dataclass(frozen=True)
class UnitSaleView:
    """A unit on sale with its filed price and its events, the newest first."""

    shown: Mapping[str, str]
    events: tuple[EventLine, ...]


@query("sales.unit", "房屋的销售情况", roles=set(MARKET))
def unit_sale(work: Work, unit_id: UUID) -> UnitSaleView:
    """Return the sale of a unit that the caller sees."""
    unit = work.get(HouseUnit, unit_id)
    prices = bool(_PRICES & work.caller.roles)
    row = work.first(UnitSale, UnitSale.house_unit_id == unit.id)
    area = unit.surveyed_gross if unit.surveyed_gross is not None else unit.forecast_gross
    events = work.rows(
        SaleEvent,
        SaleEvent.house_unit_id == unit.id,
        by=(col(SaleEvent.happened_on).desc(), col(SaleEvent.recorded_at).desc(), col(SaleEvent.event_no).desc()),
    )
    filed = unit.filed_unit_price if prices else None
    amount = row.amount if row is not None and prices else None
    shown = {
        "室号部位": unit.room_no or unit.house_code,
        "销售属性": unit.sale_role.label,
        "销售状态": (row.state if row is not None else SaleState.NOT_LISTED).label,
        "建筑面积": f"{area:,.2f} ㎡" if area is not None else "",
        "备案单价": f"{filed:,.2f} 元/㎡" if filed is not None else "",
        "备案总价": f"{filed * area:,.2f} 元" if filed is not None and area is not None else "",
        "合同总价": f"{amount:,.2f} 元" if amount is not None else "",
        "合同编号": row.contract_no if row is not None else "",
    }
    return UnitSaleView(
        {name: value for name, value in shown.items() if value},
        tuple(
            EventLine(
                one.act.label,
                one.happened_on,
                one.contract_no,
                f"{one.amount:,.2f} 元" if one.amount is not None and prices else "",
                shanghai_text(one.recorded_at)[:16],
            )
            for one in events
        ),
    )


def counts_of(buildings: tuple[SaleBuilding, ...]) -> Mapping[SaleState, int]:
    """Add up the states of buildings."""
    found: Counter[SaleState] = Counter()
    for one in buildings:
        found.update(one.states)
    return found
