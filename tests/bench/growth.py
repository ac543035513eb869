"""How cost grows with what is kept: the same look-ups, lists and pushed leases at 20,000, 200,000 and 2,000,000 filings.

`make bench GROWTH=1`; the bases of filings are made once and kept. Cards, kept records and events are
`growth_of_records.py`. Processor time is this process's, on SQLite the database's too; on
PostgreSQL the server's part shows in the elapsed time alone.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from statistics import median
from typing import Any

from deploy.demo.firms import load_firms
from models.sealing import Sealer
from services.engine.callers import SYSTEM
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.tenancy.listings import FILINGS
from tests.bench.ground import ENGINES, Ground, ring, world_at
from tests.bench.growth_of_records import KINDS
from tests.bench.leases import leases
from tests.bench.measure import Figure, milliseconds, told
from tests.bench.million import kept_name, million, stand_at_making
from tests.bench.push import pushed_in_turn, pushed_item
from tests.bench.search import sample_of
from tests.services.broker_pushes.association import Association
from tests.services.tenancy.counter import Counter
from tests.world import World

SIZES = (20_000, 200_000, 2_000_000)
#: How much dearer the largest base may be than the smallest.
KEYED, LISTS = 1.5, 2.0
LOOKS, PUSHES, WARMING = 100, 40, 8


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    sizes = [size for size in SIZES if size <= max(arguments.rows, SIZES[0])]
    figures = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        found: dict[str, list[tuple[float, float]]] = {}
        for size in sizes:
            for name, times in _measured(ground, engine, size):
                found.setdefault(name, []).append(times)
        figures += [told(_figure(f"{name}, {engine}", sizes, times)) for name, times in found.items()]
        for kind, of_kind in KINDS.items():
            grown: dict[str, list[tuple[float, float]]] = {}
            for size in of_kind:
                for name, calls in kind(ground, engine, size):
                    grown.setdefault(name, []).append(_timed(calls))
            figures += [told(_figure(f"{name}, {engine}", of_kind, times)) for name, times in grown.items()]
    return figures


def _measured(ground: Ground, engine: str, size: int) -> Iterator[tuple[str, tuple[float, float]]]:
    url = million(ground, engine, size)
    with world_at(url, houses=False) as world:
        world.door.database.survey()
        stand_at_making(world)
        for login, who in (("shi01", "city"), ("huamu01", "clerk")):
            yield from _looks(world, login, who)
    with ground.copy_of(engine, kept_name(size)) as copied, world_at(copied) as world:
        yield "pushed lease", _pushes(world)


def _looks(world: World, login: str, who: str) -> Iterator[tuple[str, tuple[float, float]]]:
    caller = world.caller(login)
    sample = world.read(partial(sample_of, unit=caller.unit_id if who == "clerk" else None))
    # A centre has some 150 filings among 20,000, a third of them in force: a page without a line would cost nothing.
    pages = 8 if who == "city" else 1
    asked = {
        "filing number": [ListRows({"number": one}) for one in sample.numbers],
        "certificate number": [ListRows({"cert_no": one}) for one in sample.certificates],
        "person's number": [ListRows({"id_no": one}) for one in sample.persons],
        "list, by day": [ListRows({}, Paging(page % pages + 1, 50)) for page in range(LOOKS)],
        "list, of a state": [ListRows({"state": "ACTIVE"}, Paging(page % pages + 1, 50)) for page in range(LOOKS)],
    }
    for name, orders in asked.items():
        # Rows whose MACs were checked are not checked again: what a small base's questions meet twice is new to each.
        world.door.database.sealer = Sealer(ring())
        calls = [partial(world.door.ask, FILINGS.query, caller, order) for order in orders[:LOOKS]]
        yield f"{name}, {who}", _timed(calls)


def _pushes(world: World) -> tuple[float, float]:
    world.door.perform(load_firms, SYSTEM, None)
    caller = Association(Counter(world)).caller
    forms = islice(leases(world.door.clock.today()), WARMING + PUSHES)
    items = [pushed_item(place, form) for place, form in enumerate(forms, 1)]
    pushed_in_turn(world, caller, items[:WARMING], "WARM")
    started, computed = time.perf_counter(), time.process_time()
    pushed_in_turn(world, caller, items[WARMING:], "TURN")
    return (time.process_time() - computed) / PUSHES, (time.perf_counter() - started) / PUSHES


def _timed(calls: Sequence[Callable[[], Any]]) -> tuple[float, float]:
    """Median processor time and median elapsed time of the calls, the first of which warm up."""
    computed, elapsed = [], []
    for call in calls:
        started, before = time.perf_counter(), time.thread_time()
        call()
        computed.append(time.thread_time() - before)
        elapsed.append(time.perf_counter() - started)
    return median(computed[5:]), median(elapsed[5:])


def _figure(name: str, sizes: Sequence[int], times: Sequence[tuple[float, float]]) -> Figure:
    most = LISTS if name.startswith("list") else KEYED
    grown = times[-1][0] / times[0][0]
    steps = ", ".join(
        f"{size:,}: {milliseconds(computed)} ({milliseconds(elapsed)})"
        for size, (computed, elapsed) in zip(sizes, times, strict=True)
    )
    return Figure(name, steps, "computed (elapsed)", f"{grown:.2f}x", f"<= {most}x", grown <= most)
