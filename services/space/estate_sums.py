"""Sums of a project, of buildings or of chosen homes beside the picture: those of the reports, to the last digit (row 82)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.building_tables import HouseUnit, NaturalBuilding
from models.sales import UnitSale
from services.engine.registry import query
from services.engine.work import Work
from services.space.estate import READERS
from services.space.home_facts import sees_prices
from services.space.plan_outlines import seen_project
from services.supply.stages import Stage
from services.supply.sums import StageSum, added, stages_of, sums_of

_CENT = Decimal("0.01")
_LICENSED = (Stage.LICENSED, Stage.OPEN, Stage.RESTRICTED)


@dataclass(frozen=True)
class Selection:
    """A selection to be summed: a project, some of its natural buildings, or some homes; `on` None is now."""

    project_id: UUID
    buildings: tuple[UUID, ...] = ()
    homes: tuple[UUID, ...] | None = None
    on: date | None = None


@dataclass(frozen=True)
class SelectionSums:
    """Sets and areas by stage; shares and prices are None where there is nothing to divide by, or no right to see them."""

    on: date
    stages: tuple[StageSum, ...]
    sets: int
    area: Decimal
    sold_percent: Decimal | None
    average_price: Decimal | None
    prices: bool


@query("estate.sums", "统计所选范围", roles=set(READERS))
def selection_sums(work: Work, order: Selection) -> SelectionSums:
    """Return the sums of what is chosen; homes and buildings of others count as nothing."""
    seen_project(work, order.project_id)
    on = min(order.on or work.today, work.today)
    own = select(NaturalBuilding.id).where(NaturalBuilding.project_id == order.project_id)
    homes: set[UUID] | None = None
    if order.homes is not None:
        known = select(HouseUnit.id).where(col(HouseUnit.natural_building_id).in_(own))
        homes = set(order.homes) & set(work.session.exec(known).all())
        known_stages = stages_of(work, order.project_id, day=on).items() if homes else ()
        stages = added([one for home, one in known_stages if home in homes])
    elif order.buildings:
        mine = set(order.buildings) & set(work.session.exec(own).all())
        stages = sums_of(work, order.project_id, buildings=mine, day=on) if mine else added(())
    else:
        stages = sums_of(work, order.project_id, day=on)
    price = _average(work, order, homes) if sees_prices(work.caller) else None
    return SelectionSums(
        on,
        stages,
        sum(one.sets for one in stages),
        sum((one.area for one in stages), Decimal(0)),
        sold_percent(stages),
        price,
        sees_prices(work.caller),
    )


def sold_percent(stages: Iterable[StageSum]) -> Decimal | None:
    """The sets sold of those licensed; None while none is."""
    sets = {one.stage: one.sets for one in stages}
    sold = sets.get(Stage.SOLD, 0)
    licensed = sold + sum(sets.get(stage, 0) for stage in _LICENSED)
    return (Decimal(sold * 100) / licensed).quantize(_CENT, ROUND_HALF_UP) if licensed else None


def _average(work: Work, order: Selection, homes: set[UUID] | None) -> Decimal | None:
    """Yuan a square metre over the contracts that stand; None without one."""
    columns: Any = (UnitSale.house_unit_id, UnitSale.amount, HouseUnit.surveyed_gross, HouseUnit.forecast_gross)
    wanted = select(*columns).where(
        UnitSale.project_id == order.project_id,
        UnitSale.house_unit_id == HouseUnit.id,
        col(UnitSale.amount).is_not(None),
    )
    if order.on is not None:
        wanted = wanted.where(col(UnitSale.signed_on) <= order.on)
    if order.buildings and homes is None:
        wanted = wanted.where(col(HouseUnit.natural_building_id).in_(order.buildings))
    total, area = Decimal(0), Decimal(0)
    for unit, amount, surveyed, forecast in work.session.exec(wanted).all():
        size = surveyed if surveyed is not None else forecast
        if amount and size and (homes is None or unit in homes):
            total, area = total + amount, area + size
    return (total / area).quantize(_CENT, ROUND_HALF_UP) if area else None
