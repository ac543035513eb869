"""Three years of sale of the demo's homes: permits, opening units and events of each building that is topped out (rows 76, 83)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import false
from sqlmodel import col, select

from models.access import Role
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole
from models.columns import new_id
from models.progress import MilestoneCode, MilestoneScope
from models.sales import (
    OpeningMode,
    OpeningUnit,
    PresaleBuilding,
    PresalePermit,
    PresaleStatus,
    SaleAct,
    SaleEvent,
    SaleState,
    UnitSale,
)
from models.sales_plans import SalesPlan, SoldBuilding
from services.engine.kinds import SCOPE_KEYS
from services.engine.past_records import PastRecords
from services.engine.registry import action
from services.engine.work import Work
from services.ports.sale_system import ToldMessage, ToldSale
from services.projects.milestones import milestone_of
from services.sales.sale_news import receive
from services.sales.unit_states import fold
from services.supply.kept_sums import closed_until
from services.supply.months import first_day

_CENT = Decimal("0.01")
#: Share of a building's homes that sell in the months after it opens; what is left after them sells one by one.
_PACE = (0.22, 0.14, 0.09, 0.07, 0.06, 0.05, 0.05, 0.04, 0.04, 0.03, 0.03, 0.03)
_SLOW = 0.018
#: Of so many contracts one is cancelled, and so many months a year are quiet.
_CANCELLED, _QUIET = 23, {1: 0.6, 2: 0.35, 7: 0.8, 8: 0.8}
#: The numbers of contracts that come late.
_LATE = "HTBA-DEMO-LATE-{}"
_AREAS = {"310115": "浦东", "310104": "徐汇", "310114": "嘉定"}


@dataclass(frozen=True)
class Sold:
    """The sale of a plan's buildings: from when, at which pace."""

    plan: SalesPlan
    permit_on: date
    number: int


def sell(work: Work, sold: Sold) -> int:
    """Put the permit, the opening unit and the events of a plan in place; returns the number of events."""
    into, plan, random = PastRecords(work), sold.plan, Random(7600 + sold.number)  # nosec B311 # a repeatable sample  # noqa: S311
    numbers = work.rows(SoldBuilding.natural_building_no, SoldBuilding.record_id == plan.id)
    buildings = [
        row for row in work.rows(NaturalBuilding, by=NaturalBuilding.id) if row.natural_building_no in set(numbers)
    ]
    units = [
        unit
        for row in buildings
        for unit in work.rows(HouseUnit, HouseUnit.natural_building_id == row.id, by=HouseUnit.house_code)
        if unit.sale_role is SaleRole.FOR_SALE
    ]
    permit_id, opening_id = new_id(), new_id()
    opened_on = sold.permit_on + timedelta(days=8)
    permit_no = f"{_AREAS.get(plan.district_code, '沪')}房管({sold.permit_on:%Y})预字90076{sold.number:02d}号"
    keys = {name: getattr(plan, name) for name in SCOPE_KEYS}
    work.add(
        PresalePermit(
            id=permit_id,
            permit_no=permit_no,
            sales_plan_no=plan.plan_no,
            sets=len(units),
            permitted_area=plan.area_for_sale,
            status=PresaleStatus.ARCHIVED,
            issued_on=sold.permit_on,
            issued_at=_at(sold.permit_on, 3),
            recorded_at=_at(sold.permit_on, 5),
            **keys,
        )
    )
    for row in buildings:
        work.add(PresaleBuilding(presale_permit_id=permit_id, natural_building_id=row.id))
    assert plan.project_id is not None
    work.add(
        OpeningUnit(
            id=opening_id,
            project_id=plan.project_id,
            opening_code=f"KP{sold.number:02d}-{plan.plan_no[-5:]}",
            presale_permit_id=permit_id,
            mode=OpeningMode.AT_ONCE,
            opened_on=opened_on,
            subscribe_from=sold.permit_on + timedelta(days=1),
            subscribe_to=sold.permit_on + timedelta(days=6),
        )
    )
    for scope, subject, code, on in (
        (MilestoneScope.PRESALE_PERMIT, permit_id, MilestoneCode.M14, sold.permit_on),
        (MilestoneScope.OPENING_UNIT, opening_id, MilestoneCode.M15, opened_on),
    ):
        one = milestone_of(work, plan.project_id, scope, subject, code)
        one.actual_on, one.recorded_at = on, _at(on, 6)
        work.add(one)
    random.shuffle(units)
    days = list(_days(opened_on, work.today, len(units), random))
    count = 0
    for place, unit in enumerate(units):
        unit.opening_unit_id = opening_id
        work.add(unit)
        events = list(_events(sold, unit, permit_id, opening_id, opened_on, days[place], random, work.today))
        count += len(events)
        folded = fold(events)
        for event in events:
            into.row(SaleEvent, **event.model_dump(exclude={"mac"}))
        into.row(
            UnitSale,
            id=new_id(),
            house_unit_id=unit.id,
            project_id=plan.project_id,
            changed_at=max(event.recorded_at for event in events),
            **vars(folded),
        )
    into.write()
    return count


def _days(opened_on: date, today: date, homes: int, random: Random) -> Iterator[date | None]:
    """Yield the day on which each home is signed; None where it is still for sale."""
    month, left = 0, float(homes)
    given: list[date | None] = []
    while len(given) < homes:
        first = opened_on + timedelta(days=30 * month)
        if first > today:
            break
        share = _PACE[month] if month < len(_PACE) else _SLOW
        wanted = homes * share * _QUIET.get(first.month, 1.0) * random.uniform(0.8, 1.2)  # nosec B311 # a repeatable sample
        for _ in range(min(homes - len(given), max(0, round(wanted)))):
            on = first + timedelta(days=random.randrange(30))  # nosec B311 # a repeatable sample
            given.append(on if on <= today else None)
        month, left = month + 1, left - wanted
    yield from given
    for _ in range(homes - len(given)):
        yield None


def _events(
    sold: Sold,
    unit: HouseUnit,
    permit_id: UUID,
    opening_id: UUID,
    opened_on: date,
    signed_on: date | None,
    random: Random,
    today: date,
) -> Iterator[SaleEvent]:
    area = unit.surveyed_gross or unit.forecast_gross or Decimal(0)
    price = unit.filed_unit_price or Decimal(0)
    project_id = sold.plan.project_id
    assert project_id is not None
    serial = 0

    def event(act: SaleAct, on: date, contract: str = "", **more: Any) -> SaleEvent:
        nonlocal serial
        serial += 1
        return SaleEvent(
            event_no=f"DEMO{sold.number:02d}{unit.house_code[-9:]}{serial:02d}{unit.id.hex[-6:]}",
            project_id=project_id,
            house_unit_id=unit.id,
            act=act,
            happened_on=on,
            recorded_at=_at(on, 8),
            contract_no=contract,
            **more,
        )

    yield event(SaleAct.LIST, sold.permit_on, gross_area=area, ref_id=permit_id)
    yield event(SaleAct.OPEN, opened_on, gross_area=area, ref_id=opening_id)
    if signed_on is None:
        return
    contract = f"沪{sold.number:02d}{unit.id.hex[-8:]}".upper()
    off = Decimal(random.choice((0, 0, 0, 1, 1, 2)))  # nosec B311 # a repeatable sample
    amount = (area * price * (100 - off) / 100).quantize(_CENT)
    yield event(SaleAct.EARNEST, max(opened_on, signed_on - timedelta(days=5)), contract, gross_area=area)
    yield event(SaleAct.SIGN, signed_on, contract, gross_area=area, amount=amount)
    ends = signed_on + timedelta(days=random.randrange(12, 27))  # nosec B311 # a repeatable sample
    cancelled = random.randrange(_CANCELLED) == 0  # nosec B311 # a repeatable sample
    if ends > today:
        return
    if cancelled:
        yield event(SaleAct.CANCEL, ends, contract, gross_area=area, amount=amount)
        return
    yield event(SaleAct.REGISTER, ends, contract, gross_area=area)


def _at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), UTC)


@action("demo.late_sales", "装载迟到的签约", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_late_sales(work: Work, order: None) -> int:
    """Have contracts of the last closed month arrive once it is closed: they are in the restated series alone."""
    month = closed_until(work)
    if month is None or work.has(SaleEvent, SaleEvent.event_no == _LATE.format(0)):
        return 0
    free = select(UnitSale.house_unit_id).where(UnitSale.state == SaleState.AVAILABLE, UnitSale.suspended == false())
    homes = work.rows(HouseUnit, col(HouseUnit.id).in_(free), by=HouseUnit.house_code, most=3)
    for number, home in enumerate(homes):
        area, name = home.surveyed_gross or home.forecast_gross or Decimal(0), _LATE.format(number)
        amount = (area * (home.filed_unit_price or 0)).quantize(_CENT)
        told = ToldSale(name, home.house_code, "SIGN", first_day(month) + timedelta(days=17), name, area, amount)
        receive(work, [ToldMessage(name, work.now, told)])
    return len(homes)
