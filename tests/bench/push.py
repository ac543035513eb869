"""A batch of 500 leases of the association, each judged and filed by itself, beside systems that answer in 20 ms (row 13)."""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import islice

from deploy.demo.firms import load_firms
from integrations.systems import systems_at
from models.push_codes import PushState
from services.broker_pushes.batch_intake import OpenBatch, open_batch, receive_batch
from services.broker_pushes.filing import FileItem, FileItems, file_items
from services.broker_pushes.orders import MOST_ITEMS, PushedItem, ReceiveBatch
from services.engine.callers import SYSTEM, Caller
from services.tenancy.lease_form import LeaseForm, form_json
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.leases import leases
from tests.bench.measure import Figure, milliseconds, spent_with_server, told
from tests.bench.simulators_apart import simulators_apart
from tests.services.broker_pushes.association import CARD, MEMBER, Association
from tests.services.tenancy.counter import Counter
from tests.world import World, outside

LATENCY_MS = 20
MOST_SECONDS = 10.0
#: What one lease by itself may cost the door's thread (issue 20).
ALONE = 0.010
#: Filed one after the other, for comparison.
IN_TURN = 40


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with (
            ground.passing(engine) as url,
            simulators_apart(LATENCY_MS) as systems,
            world_at(url) as world,
        ):
            world.door.house.systems = systems_at(systems, outside())
            figures += _measure(engine, url, world)
    return figures


def _measure(engine: str, url: str, world: World) -> Iterator[Figure]:
    world.door.perform(load_firms, SYSTEM, None)
    caller = Association(Counter(world)).caller
    forms = list(islice(leases(world.door.clock.today()), MOST_ITEMS + IN_TURN + 8))
    items = [pushed_item(place, form) for place, form in enumerate(forms, 1)]
    clock = spent_with_server(url)
    pushed_in_turn(world, caller, items[-8:], "WARM")
    before = clock()
    turns = pushed_in_turn(world, caller, items[MOST_ITEMS:-8], "TURN")
    whole, each = (clock() - before) / IN_TURN, statistics.mean(elapsed for elapsed, _ in turns)
    alone = statistics.median(computed for _, computed in turns)
    yield told(
        Figure(
            f"a pushed lease by itself, {engine}",
            f"{milliseconds(alone)} of the door's thread, least {milliseconds(min(turn[1] for turn in turns))}",
            f"with threads that ask and the server {milliseconds(whole)}",
            "",
            f"<= {ALONE * 1000:.0f} ms",
            alone <= ALONE,
        )
    )
    started, computed = time.perf_counter(), time.process_time()
    answer = world.door.perform(receive_batch, caller, ReceiveBatch("BENCH", tuple(items[:MOST_ITEMS])))
    seconds, computed = time.perf_counter() - started, time.process_time() - computed
    wrong = [one for one in answer.items if one.state is not PushState.FILED]
    assert not wrong, wrong[0]
    yield told(
        Figure(
            f"500-item push, {engine}",
            f"{seconds:.2f} s ({seconds / MOST_ITEMS * 1000:.1f} ms an item, {computed / MOST_ITEMS * 1000:.1f} ms computed)",
            f"one after the other: {each * 1000:.1f} ms an item",
            f"{each * MOST_ITEMS / seconds:.1f}x",
            f"< {MOST_SECONDS:.0f} s" if engine == "postgresql" else "",
            seconds < MOST_SECONDS if engine == "postgresql" else None,
        )
    )


def pushed_in_turn(
    world: World, caller: Caller, items: Sequence[PushedItem], batch_no: str
) -> list[tuple[float, float]]:
    """Leases pushed and filed one after the other; seconds elapsed, and computed by the door's thread, of each."""
    batch_id = world.door.perform(open_batch, caller, OpenBatch(batch_no, batch_no, len(items)))
    turns = []
    for item in items:
        started, before = time.perf_counter(), time.thread_time()
        [answer] = world.door.perform(file_items, caller, FileItems(batch_id, (FileItem(item),)))
        turns.append((time.perf_counter() - started, time.thread_time() - before))
        assert answer.state is PushState.FILED, answer
    return turns


def pushed_item(place: int, form: LeaseForm) -> PushedItem:
    """A lease as a member of the association pushes it."""
    raw = form_json(form) | {"card_no": CARD, "materials": ["不动产权证", "居民身份证", "租赁合同"]}
    return PushedItem(place, f"BENCH-{place:05d}", MEMBER, raw, "5e" * 32)
