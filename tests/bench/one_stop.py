"""A stream of the case library: messages opened, ordered, sealed and their cases kept; decisions apart (rows 1, 2)."""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from services.engine.callers import SYSTEM
from services.one_stop.intake import TakeMessage, take_message
from services.one_stop.pushed import TOGETHER, TakeMany, take_many
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure
from tests.services.one_stop.portal import NEW, Portal, person
from tests.services.tenancy.counter import Counter
from tests.world import World

CASES = 5_000
#: Messages a second that two workers should take in, so what one message may cost a processor.
TARGET, WORKERS = 200, 2
MOST_MS = 1000 * WORKERS / TARGET


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url) as world:
            world.stand_at(2027, 3, 1)
            figures += _measure(engine, Portal(Counter(world)))
    return figures


def _measure(engine: str, portal: Portal) -> Sequence[Figure]:
    stream = [TakeMessage(message) for message in _stream(portal)]
    half = len(stream) // 2
    pushed, pulled = stream[:half], stream[half:]
    together = [TakeMany(tuple(pulled[start : start + TOGETHER])) for start in range(0, half, TOGETHER)]
    one = _spent(portal.world, lambda door: [door.perform(take_message, SYSTEM, order) for order in pushed])
    many = _spent(portal.world, lambda door: [door.perform(take_many, SYSTEM, order) for order in together])
    decided = _spent(portal.world, lambda door: portal.decide())
    return (
        _figure(f"message pushed by itself, {engine}", one / half),
        _figure(f"message pulled, {TOGETHER} in a transaction, {engine}", many / half),
        Figure(f"decision of a case, {engine}", f"{decided / CASES * 1000:.1f} ms", "", "", "", True),
    )


def _figure(name: str, seconds: float) -> Figure:
    cost = seconds * 1000
    rate = f"{WORKERS * 1000 / cost:.0f} a second with {WORKERS} workers"
    return Figure(name, f"{cost:.1f} ms of a processor", rate, "", f"{TARGET} a second", cost <= MOST_MS)


def _spent(world: World, act: Callable[[Any], Any]) -> float:
    started = time.process_time()
    act(world.door)
    return time.process_time() - started


def _stream(portal: Portal) -> list[dict[str, Any]]:
    """Twice as many messages as cases: a case, its delivery once more or the library's own state."""
    messages: list[dict[str, Any]] = []
    flats = [portal.counter.free_flat() for _ in range(min(200, len(portal.counter.flats)))]
    for number in range(CASES):
        (tenant,) = portal.tenants(1)
        first = date(2027, 4, 1) + timedelta(days=400 * (number // len(flats)))
        form = portal.lease(
            flats[number % len(flats)],
            (tenant,),
            start_date=first.isoformat(),
            end_date=(first + timedelta(days=364)).isoformat(),
        )
        message = portal.message(form=form, applicant={**person(tenant), "role": "LESSEE"}, papers=NEW)
        again = portal.message("STATE", case_no=message["case_no"], library_status="RECEIVED")
        messages += [message, message if number % 2 else again]
    return messages
