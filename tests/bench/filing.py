"""A filing decision with outside systems that take 50 ms each, beside the same questions asked in turn."""

import argparse
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any
from unittest.mock import patch
from uuid import UUID

from services.engine.callers import Caller
from services.engine.findings import Outcome
from services.tenancy import fact_sources
from services.tenancy.fact_sources import ask_outside
from services.tenancy.filing import file_lease
from services.tenancy.lease_form import LeaseForm
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.leases import draw_up_and_confirm, leases
from tests.bench.measure import Figure, below, in_turn, percentile, spread
from tests.world import World

LATENCY_MS = 50
#: A decision may take so many times as long as the slowest system takes for its answer.
MOST = 1.4
FILINGS, WARM_UP = 200, 20


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, latency_ms=LATENCY_MS) as world:
            figures += _measure(engine, world)
    return figures


def _measure(engine: str, world: World) -> list[Figure]:
    clerk = world.caller("huamu01")
    forms = list(islice(leases(world.door.clock.today()), FILINGS + WARM_UP))
    ready = [draw_up_and_confirm(world.door, clerk, form) for form in forms]
    for contract in ready[:WARM_UP]:
        _file(world, clerk, contract)
    computed = 0.0

    def file(contract: UUID) -> None:
        nonlocal computed
        before = time.process_time()
        _file(world, clerk, contract)
        computed += time.process_time() - before

    times = in_turn(
        {
            "filed": [partial(file, contract) for contract in ready[WARM_UP:]],
            "in turn": [partial(_ask_in_turn, world, form) for form in forms[WARM_UP::5]],
            "at once": [partial(_ask_slowest, world, form) for form in forms[WARM_UP::2]],
        }
    )
    figure = below(f"filing decision, {engine}", times["filed"], 0.25)
    filed, slowest = percentile(times["filed"], 0.5), percentile(times["at once"], 0.5)
    return [
        Figure(
            figure.name,
            figure.figure,
            f"only the questions, in turn: {spread(times['in turn'])}",
            f"{percentile(times['in turn'], 0.5) / filed:.1f}x",
            figure.target,
            figure.met,
        ),
        Figure(
            f"the same beside the slowest answer, {engine}",
            f"{spread(times['filed'])}, {computed / len(times['filed']) * 1000:.1f} ms computed",
            f"one question {spread(times['at once'])}",
            f"{filed / slowest:.2f}x",
            f"<= {MOST}x",
            filed <= MOST * slowest,
        ),
    ]


def _file(world: World, clerk: Caller, contract: UUID) -> None:
    decision = world.door.perform(file_lease, clerk, contract)
    assert decision.outcome is Outcome.PASS, decision


def _ask_in_turn(world: World, form: LeaseForm) -> None:
    def one_by_one(questions: dict[str, tuple[str, Callable[[], Any]]]) -> dict[str, Any]:
        return {name: ask() for name, (_, ask) in questions.items()}

    with patch.object(fact_sources, "together", one_by_one):
        ask_outside(world.door.systems, form)


def _ask_slowest(world: World, form: LeaseForm) -> None:
    """One question: the systems of the bench are equally slow."""

    def one(questions: dict[str, tuple[str, Callable[[], Any]]]) -> dict[str, Any]:
        (name, (_, ask)), *_ = questions.items()
        raise _Asked(name, ask())

    with patch.object(fact_sources, "together", one), suppress(_Asked):
        ask_outside(world.door.systems, form)


class _Asked(Exception):
    """Raised once the first question is answered."""
