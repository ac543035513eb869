"""What watching costs: a question to `/metrics` of a process that has counted many acts, and an act that is counted. Processor time."""

import argparse
from collections.abc import Sequence
from statistics import median
from time import process_time, thread_time
from urllib.request import urlopen

from deploy.metrics import Listener, Meters
from services.access.account_list import ACCOUNTS
from services.engine.registry import ACTIONS, QUERIES
from services.operations.readiness import Readiness
from services.ports.measures import Measures
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, percentile, spread, timed, told
from tests.world import World

#: Names that a process of the demo had counted after nine people had worked; questions; an act's pairs and repetitions.
COUNTED, ASKED, PAIRS, ACTS = 150, 60, 5, 150
MOST_SECONDS, MOST_MORE = 0.02, 0.03


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            figures += (_page(engine, world), _act(engine, world))
    return figures


def _page(engine: str, world: World) -> Figure:
    meters = Meters(world.door)
    for name in [*sorted(QUERIES), *sorted(ACTIONS)][:COUNTED]:
        for seconds in (0.004, 0.02, 0.2):
            meters.acted("query", name, seconds, "ok")
    listener = Listener("127.0.0.1", 0, meters, Readiness(world.door, lambda: True))
    listener.start()
    try:
        address = f"http://127.0.0.1:{listener.port}/metrics"
        lines = urlopen(address).read().count(b"\n")
        before = process_time()
        times = [timed(lambda: urlopen(address).read()) for _ in range(ASKED)]
        spent = (process_time() - before) / ASKED
    finally:
        listener.stop()
    return told(
        Figure(
            f"/metrics of {lines:,} lines, {engine}",
            f"{spent * 1000:.1f} ms of processor with its client; by the clock {spread(times)}",
            target=f"p95 < {MOST_SECONDS * 1000:.0f} ms",
            met=percentile(times, 0.95) < MOST_SECONDS,
        )
    )


def _act(engine: str, world: World) -> Figure:
    meters = Meters(world.door)

    def spent(measures: Measures | None) -> float:
        world.door.house.measures = measures
        before = thread_time()
        for _ in range(ACTS):
            world.listed(ACCOUNTS, "xitong01")
        return thread_time() - before

    spent(meters)
    # Which of a pair comes first changes, so that neither has the warmer caches.
    pairs = [
        (spent(None), spent(meters)) if number % 2 else (spent(meters), spent(None))[::-1] for number in range(PAIRS)
    ]
    world.door.house.measures = None
    more = [counted / bare - 1 for bare, counted in pairs]
    return told(
        Figure(
            f"a counted act beside one that is not, {engine}",
            f"{median(more):+.1%} ({', '.join(f'{one:+.1%}' for one in more)})",
            f"{pairs[0][0] / ACTS * 1000:.2f} ms of processor",
            target=f"<= {MOST_MORE:.0%}",
            met=median(more) <= MOST_MORE,
        )
    )
