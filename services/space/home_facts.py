"""Facts of the homes of a project on a day: sale, limits, stage, area and, for whom it is open, price (row 82)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import MARKET, Role
from models.alerts import Alert, AlertGrade
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole
from models.sales import OpeningUnit, PresalePermit, SaleEvent, SaleState, UnitRestriction, UnitSale
from services.engine.callers import Caller
from services.engine.clock import SHANGHAI
from services.engine.registry import query
from services.engine.work import Work
from services.sales.unit_states import fold
from services.space.estate import READERS
from services.space.plan_outlines import seen_project
from services.supply.stages import Stage
from services.supply.sums import stages_of

#: Roles that see prices of homes and what follows from them; to all others they are as if there were none.
PRICE_READERS = frozenset(MARKET | {Role.ANALYST})


def sees_prices(caller: Caller) -> bool:
    return caller.has(*PRICE_READERS)


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """A home on a day; `price` is the filed unit price and `amount` the sum of its contract, both None where not open."""

    state: SaleState
    restricted: bool
    role: SaleRole
    use: str
    area: Decimal | None
    price: Decimal | None
    amount: Decimal | None
    stage: Stage | None
    completed: bool
    #: The entrance, which two homes of one storey and room differ by.
    section: str = ""


@dataclass(frozen=True)
class EstateDay:
    """A project on a day; None is now."""

    project_id: UUID
    on: date | None = None


@dataclass(frozen=True)
class EstateFacts:
    """The homes of a project's building tables on a day, and the gravest alert of the project."""

    on: date
    homes: Mapping[UUID, HomeFacts]
    prices: bool
    alert: AlertGrade | None
    first_day: date | None


@query("estate.facts", "房屋业务状态", roles=set(READERS))
def estate_facts(work: Work, order: EstateDay) -> EstateFacts:
    """Return what is known of the homes of a project that the caller sees, on a day."""
    seen_project(work, order.project_id)
    on = min(order.on or work.today, work.today)
    prices = sees_prices(work.caller)
    states = _states_now(work, order.project_id) if on == work.today else _states_on(work, order.project_id, on)
    limited = set(work.session.exec(_limited(order.project_id, on)).all())
    stages = stages_of(work, order.project_id, day=on)
    homes = {}
    for unit, role, use, section, forecast, surveyed, price in work.session.exec(_units(order.project_id)).all():
        state, amount = states.get(unit, (SaleState.NOT_LISTED, None))
        stage = stages.get(unit)
        area = stage.area if stage is not None and stage.area else surveyed if surveyed is not None else forecast
        homes[unit] = HomeFacts(
            state,
            unit in limited,
            role,
            use,
            area,
            price if prices else None,
            amount if prices else None,
            stage.stage if stage is not None else None,
            stage is not None and stage.completed,
            section,
        )
    return EstateFacts(on, homes, prices, _gravest(work, order.project_id), _first_day(work, order.project_id))


@query("estate.stamp", "房屋业务状态变化", roles=set(READERS))
def estate_stamp(work: Work, project_id: UUID) -> str:
    """Return a text that is another one once a sale or a limit of a home of a visible project changed; it is cheap to ask."""
    seen_project(work, project_id)
    sales: Any = select(sa.func.count(), sa.func.max(UnitSale.changed_at)).where(UnitSale.project_id == project_id)
    limits: Any = select(sa.func.count(), sa.func.max(UnitRestriction.recorded_at)).where(
        UnitRestriction.house_unit_id == HouseUnit.id,
        HouseUnit.natural_building_id == NaturalBuilding.id,
        NaturalBuilding.project_id == project_id,
        sa.or_(col(UnitRestriction.to_on).is_(None), col(UnitRestriction.to_on) > work.today),
    )
    parts = (work.today, *work.session.exec(sales).one(), *work.session.exec(limits).one())
    return "|".join(map(str, parts))


def _units(project_id: UUID) -> Any:
    named: Any = (HouseUnit.id, HouseUnit.sale_role, HouseUnit.planned_use, HouseUnit.section_no)
    areas: Any = (HouseUnit.forecast_gross, HouseUnit.surveyed_gross, HouseUnit.filed_unit_price)
    return select(*named, *areas).where(
        HouseUnit.natural_building_id == NaturalBuilding.id,
        NaturalBuilding.project_id == project_id,
        col(HouseUnit.gone).is_(False),
    )


def _limited(project_id: UUID, on: date) -> Any:
    """The homes that may not be sold on a day."""
    return select(UnitRestriction.house_unit_id).where(
        UnitRestriction.house_unit_id == HouseUnit.id,
        HouseUnit.natural_building_id == NaturalBuilding.id,
        NaturalBuilding.project_id == project_id,
        UnitRestriction.from_on <= on,
        sa.or_(col(UnitRestriction.to_on).is_(None), col(UnitRestriction.to_on) > on),
    )


States = dict[UUID, tuple[SaleState, Decimal | None]]


def _states_now(work: Work, project_id: UUID) -> States:
    columns: Any = (UnitSale.house_unit_id, UnitSale.state, UnitSale.amount)
    rows = select(*columns).where(UnitSale.project_id == project_id)
    return {unit: (state, amount) for unit, state, amount in work.session.exec(rows).all()}


def _states_on(work: Work, project_id: UUID, on: date) -> States:
    """Fold the events up to a day in the order they happened; a permit that was voided by then lists nothing."""
    gone = _voided_by(work, project_id, on)
    events: dict[UUID, list[SaleEvent]] = defaultdict(list)
    for event in work.rows(SaleEvent, SaleEvent.project_id == project_id, SaleEvent.happened_on <= on):
        events[event.house_unit_id].append(event)
    folded = ((unit, fold(rows, gone)) for unit, rows in events.items())
    return {unit: (one.state, one.amount) for unit, one in folded}


def _voided_by(work: Work, project_id: UUID, on: date) -> set[UUID]:
    """The presale permits that were voided by a day, and the opening units under them."""
    rows = work.rows(PresalePermit, PresalePermit.project_id == project_id, col(PresalePermit.voided_at).is_not(None))
    gone = {row.id for row in rows if row.voided_at and row.voided_at.astimezone(SHANGHAI).date() <= on}
    return gone | set(work.rows(OpeningUnit.id, col(OpeningUnit.presale_permit_id).in_(gone)))


def _gravest(work: Work, project_id: UUID) -> AlertGrade | None:
    """The gravest open alert of a project that the caller sees."""
    rows = work.rows(work.visible(Alert), Alert.subject_id == project_id, col(Alert.open_key).is_not(None))
    return max((row.grade for row in rows), key=lambda grade: grade.rank, default=None)


def _first_day(work: Work, project_id: UUID) -> date | None:
    """The first day on which anything happened to a home of the project."""
    found: date | None = work.session.exec(
        select(sa.func.min(SaleEvent.happened_on)).where(SaleEvent.project_id == project_id)
    ).one()
    return found
