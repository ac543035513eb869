"""How cost grows with cards, kept records, audit events and sale events: look-ups, pages and an act at so many of each.

Part of `make bench GROWTH=1`. The bases are made anew each time and thrown away.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count, islice
from typing import Any

import sqlalchemy as sa

from models.base import whole_row
from models.columns import new_id
from models.dialect import bulk_insert
from models.sales import SaleAct, SaleEvent
from models.sealed_rows import seal_rows
from services.audit.console import EVENTS
from services.engine.callers import SYSTEM, Caller
from services.engine.kind_listing import list_of
from services.engine.listings import Listing, ListRows
from services.engine.paging import Paging
from services.engine.registry import Action
from services.engine.work import Work
from services.ports.sale_system import ToldSale
from services.practitioners.listings import PEOPLE
from services.sales.sale_news import apply
from tests.bench.ground import Ground, sealer, world_at
from tests.bench.people import card_number, fill_people, person_number
from tests.bench.records import load_estates, settle
from tests.bench.sales import tower
from tests.conformance.apart import kinds_apart, make_tables
from tests.land import Land
from tests.market import market
from tests.sales import selling
from tests.services.records.desk import rows_asked
from tests.services.records.estate import ESTATE
from tests.world import World

SIZES = (20_000, 200_000, 2_000_000)
ASKED, PAGES, AT_ONCE = 60, 8, 5_000
_FIRST = datetime(2022, 1, 1, tzinfo=UTC)
#: What is asked of a base, or done in it, by its name.
Asked = Iterator[tuple[str, Sequence[Callable[[], Any]]]]


def cards(ground: Ground, engine: str, size: int) -> Asked:
    with ground.passing(engine) as url:
        with world_at(url, houses=False):
            pass
        fill_people(engine, url, size)
        with world_at(url, houses=False) as world:
            settle(world.door.database)
            step = size // ASKED
            asked = {
                "number of a card": [ListRows({"card_no": card_number(place)}) for place in range(0, size, step)],
                "number of a person with a card": [
                    ListRows({"id_no": person_number(place)}) for place in range(0, size, step)
                ],
                "list, of cards": _pages({}),
                "list, of cards of a state": _pages({"state": "ACTIVE"}),
            }
            yield from _listed(world, world.caller("shi01"), PEOPLE, asked)


def records(ground: Ground, engine: str, size: int) -> Asked:
    with ground.passing(engine) as url, world_at(url, houses=False) as world, kinds_apart(ESTATE):
        make_tables(world, ESTATE)
        standing = market(world)
        load_estates(standing, size)
        numbers = [rows_asked(f"ES3100002701{place:08d}") for place in range(0, size, size // ASKED)]
        asked = {
            "number of a kept record": numbers,
            "list, of kept records": [rows_asked(page=place % PAGES + 1) for place in range(ASKED)],
            "list, of kept records by two filters": [
                rows_asked(filters={"ring": "INNER", "district_code": "310115"}, sort="-land", page=place % PAGES + 1)
                for place in range(ASKED)
            ],
        }
        yield from _listed(world, standing.caller("shishen01"), list_of(ESTATE), asked)


def events(ground: Ground, engine: str, size: int) -> Asked:
    with ground.passing(engine) as url, world_at(url, houses=False) as world:
        telling: Action[Any, None] = Action("bench.tell", "测试", frozenset(SYSTEM.roles), _tell)
        for _ in range(size // AT_ONCE):
            world.door.perform(telling, SYSTEM, AT_ONCE)
        settle(world.door.database)
        asked = {
            "an object's audit events": [
                ListRows({"object": f"made-{place}"}) for place in range(0, AT_ONCE, AT_ONCE // ASKED)
            ],
            "list, of audit events": _pages({}),
            "list, of audit events of a kind": _pages({"event": "DATA.STATE"}),
        }
        yield from _listed(world, world.caller("shenji01"), EVENTS, asked)
        yield ("an act with one audit event", [partial(world.door.perform, telling, SYSTEM, 1)] * ASKED)


def sale_events(ground: Ground, engine: str, size: int) -> Asked:
    with ground.passing(engine) as url, world_at(url, houses=False) as world:
        world.stand_at(2027, 3, 1)
        found = selling(Land(market(world)))
        homes = [unit.house_code for unit in found.units(tower(found, world))][:ASKED]
        table: sa.Table = SaleEvent.__table__  # type: ignore[attr-defined]
        made = _sale_events()
        for _ in range(size // AT_ONCE):
            world.act(partial(_put, table=table, rows=list(islice(made, AT_ONCE))))
        settle(world.door.database)
        at = datetime(2027, 3, 1, 2, tzinfo=UTC)
        told = [ToldSale(f"B{place:06d}", code, "RESUME", date(2027, 3, 1), "") for place, code in enumerate(homes)]
        yield ("a sale event with its sums", [partial(world.act, partial(apply, about=one, at=at)) for one in told])


#: What is measured at which sizes; two million of the first three take longer to make than they tell.
KINDS: Mapping[Callable[[Ground, str, int], Asked], Sequence[int]] = {
    cards: SIZES[:2],
    records: SIZES[:2],
    events: SIZES[:2],
    sale_events: SIZES,
}


def _listed(world: World, caller: Caller, listing: Listing, asked: dict[str, list[ListRows]]) -> Asked:
    for name, orders in asked.items():
        yield (name, [partial(world.door.ask, listing.query, caller, order) for order in orders[:ASKED]])


def _pages(filters: dict[str, str]) -> list[ListRows]:
    return [ListRows(filters, Paging(place % PAGES + 1, 50)) for place in range(ASKED)]


def _tell(work: Work, number: int) -> None:
    for place in range(number):
        work.trail.tell("DATA.STATE", "bench.tell", kind="bench", object_id=f"made-{place}")


def _put(work: Work, *, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    bulk_insert(work.session, table, seal_rows(sealer(), table, rows))


def _sale_events() -> Iterator[dict[str, Any]]:
    """Yield events of homes that are asked about nowhere, four each, of five hundred projects."""
    projects = [new_id() for _ in range(500)]
    for home in count():
        house_unit_id, at = new_id(), _FIRST + timedelta(minutes=home)
        for act in (SaleAct.RESUME, SaleAct.EARNEST, SaleAct.SIGN, SaleAct.REGISTER):
            yield whole_row(
                SaleEvent,
                event_no=f"A{home:07d}{act.value}",
                project_id=projects[home % len(projects)],
                house_unit_id=house_unit_id,
                act=act,
                happened_on=at.date(),
                recorded_at=at,
            )
