"""Sales plans: 3,000 units priced by workbook, checked and put in force; sale events applied one by one (row 76). Processor time."""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from time import process_time
from typing import Any

from services.engine.cycle import acts
from services.engine.cycle_orders import Save
from services.engine.work import Work
from services.ports.sale_system import ToldSale
from services.sales.plan_prices import PriceSheet, ReadPrices, price_sheet, read_prices
from services.sales.plan_rules import PAPERS
from services.sales.sale_news import apply
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, told
from tests.building import natural_building, tie
from tests.land import Land
from tests.market import market
from tests.sales import REASONS, TEXTS, Selling, selling
from tests.world import World

FLOORS, ACROSS, EVENTS = 150, 20, 600
PRICED, EVENT = 3.0, 0.010
_AT = datetime(2027, 3, 1, 2, tzinfo=UTC)


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            world.stand_at(2027, 3, 1)
            figures += [told(one) for one in _measure(engine, world)]
    return figures


def _measure(engine: str, world: World) -> Sequence[Figure]:
    found = selling(Land(market(world)))
    building = tower(found, world)
    version = found.drafted(building)
    desk = found.desk
    view = desk.view(version)
    lines = [{**line, "unit_price": "98000.00", "total_price": "8771000.00"} for line in view.children["units"]]
    content = desk.ask(price_sheet, "binjiang01", PriceSheet(version, lines))

    def price() -> None:
        read = desk.ask(read_prices, "binjiang01", ReadPrices(version, view.children["units"], content))
        assert len(read.values) == FLOORS * ACROSS, read.told[:3]
        units = [{**line, **read.values.get(place, {})} for place, line in enumerate(view.children["units"])]
        order = Save(version, desk.view(version).version, {**TEXTS, **view.values}, {**view.children, "units": units})
        desk.perform(acts("sales_plan").save, "binjiang01", order)

    priced = _seconds(price)
    found.with_papers(version, ("evidence", *PAPERS))
    submitted = _seconds(lambda: desk.submit(version, REASONS))
    passed = _seconds(lambda: desk.approve(version, "pdshen01", "shishen01"))
    each = _events(world, [unit.house_code for unit in found.units(building)])
    count = FLOORS * ACROSS
    return (
        _figure(f"{engine}: prices of {count:,} units read from a workbook and saved", priced, PRICED),
        _figure(f"{engine}: plan of {count:,} units checked and submitted", submitted, PRICED),
        _figure(f"{engine}: plan of {count:,} units passed twice and put in force", passed, 3 * PRICED),
        _figure(f"{engine}: sale event applied with the state of its unit", each, EVENT),
    )


def tower(found: Selling, world: World) -> str:
    """A building of 3,000 units, topped out."""
    found.building("1#")
    unit = found.site.unit(found.permit, "2#", floors_above=18)
    found.site.tie(unit, found.planning, "2#")
    area = str(Decimal("89.50") * FLOORS * ACROSS)
    number = natural_building(world, floors=FLOORS, units=ACROSS, building_name="2#", forecast_area=area)
    tie(found.site, unit, number)
    world.act(lambda work: found.progress(work, unit, 18, topped=True))
    found.buildings += (number,)
    return number


def _events(world: World, codes: Sequence[str]) -> float:
    """Return the processor seconds of an event, each home having four before."""
    homes = codes[: EVENTS // 6]

    def run(work: Work) -> float:
        before = process_time()
        for place in range(EVENTS):
            act = ("RESUME", "EARNEST", "SIGN", "REGISTER", "CANCEL", "SUSPEND")[place // len(homes)]
            code = homes[place % len(homes)]
            contract = f"B{code[-8:]}" if act not in ("RESUME", "SUSPEND") else ""
            apply(work, ToldSale(f"B{place:06d}", code, act, date(2027, 3, 1), contract), _AT)
        return (process_time() - before) / EVENTS

    seconds: float = world.act(run)
    return seconds


def _seconds(call: Callable[[], Any]) -> float:
    before = process_time()
    call()
    return process_time() - before


def _figure(name: str, seconds: float, limit: float) -> Figure:
    return Figure(name, f"{seconds * 1000:.1f} ms", target=f"< {limit * 1000:.0f} ms", met=seconds < limit)
