"""Rules tried on the past: 20,000 decisions on leases judged again with another value of a parameter. Processor time."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from time import process_time
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.columns import new_id
from models.dialect import bulk_insert
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.tenancy import CheckRun
from services.engine.rule_replays import Simulate, simulate
from services.engine.work import Work
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure
from tests.services.tenancy.counter import Counter
from tests.world import World

DECISIONS, MOST = 20_000, 60.0
_FILED, _AT_ONCE = 10, 1_000


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url) as world:
            world.stand_at(2027, 3, 1)
            _load(world)
            figures.append(_measure(engine, world))
    return figures


def _load(world: World) -> None:
    """Runs of real filings, repeated with their own seals until there are enough."""
    counter = Counter(world)
    for _ in range(_FILED):
        counter.filed()
    table: sa.Table = CheckRun.__table__  # type: ignore[attr-defined]

    def put(work: Work) -> None:
        runs = work.session.exec(select(CheckRun).order_by(col(CheckRun.started_at)).limit(_FILED)).all()
        rows = [_again(runs[number % len(runs)]) for number in range(_AT_ONCE)]
        bulk_insert(work.session, table, seal_rows(work.sealer, table, rows))

    for _ in range(DECISIONS // _AT_ONCE):
        world.act(put)


def _again(run: CheckRun) -> dict[str, Any]:
    values = {name: getattr(run, name) for name in CheckRun.model_fields}
    return {**values, "id": new_id(), "mac": None, "facts": Sealed.of(run.facts.plain)}


def _measure(engine: str, world: World) -> Figure:
    caller, order = world.caller("shi01"), Simulate("filing.min_days", "3000", 30)
    began = process_time()
    cases = changed = 0
    while True:
        part = world.door.ask(simulate, caller, order)
        cases, changed = cases + part.cases, changed + len(part.changes)
        if not part.next:
            break
        order = replace(order, after=part.next)
    spent = process_time() - began
    assert changed == cases >= DECISIONS
    name = f"{cases:,} decisions judged again, {engine}"
    return Figure(name, f"{spent:.1f} s", target=f"< {MOST:.0f} s", met=spent < MOST)
