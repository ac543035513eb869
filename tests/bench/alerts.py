"""A thousand companies change in one night: how long the night takes, and how the list of alerts answers after it (row 54)."""

import argparse
import time
from collections.abc import Sequence

import httpx
from sqlmodel import select

from models.companies import HeadCompany
from services.alerts.listings import ALERTS
from services.engine.callers import Caller
from services.engine.list_pages import counts_of
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.work import Work
from services.monitoring.nightly import watch_now
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, percentile, spread, timed
from tests.market import Market, admitted_project_company, credit_code, market
from tests.world import World

COMPANIES = 1_000
ROUNDS = 60
#: The page answers within five seconds; its queries may take a tenth of that.
MOST_MS, MOST_NIGHT = 500.0, 600.0


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            world.stand_at(2027, 3, 1)
            figures += _measure(engine, world)
    return figures


def _measure(engine: str, world: World) -> Sequence[Figure]:
    town = market(world)
    codes = [credit_code(60_000 + number) for number in range(COMPANIES)]
    world.act(lambda work: _admit(work, town, codes))
    head = town.lines["H-1"]
    holders = [{"name": head["name"], "uscc": head["uscc"], "ratio": "100"}]
    known = {"legal_rep": "严文清", "capital": "50000000", "holders": holders, "new": True}
    _tell(world, [{"uscc": code, "name": f"上海风暴{code[-6:]}置业有限公司", **known} for code in codes])
    first = timed(lambda: watch_now(world.door))
    _tell(world, [{"uscc": code, "legal_rep": "沈听澜", "capital": "40000000"} for code in codes])
    world.let_pass(days=1)
    night = timed(lambda: watch_now(world.door))
    city = town.caller("shichu01")
    lists = [_list(world, city, page) for page in range(1, ROUNDS + 1)]
    counts = [timed(lambda: world.door.look(city, lambda work: counts_of(work, ALERTS, {}))) for _ in range(ROUNDS)]
    return (
        Figure(
            f"night of {COMPANIES} changed companies, {engine}",
            f"{night:.0f} s ({night / COMPANIES * 1000:.0f} ms a company, two alerts each)",
            f"first night, nothing to compare: {first:.0f} s",
            f"{night / first:.1f}x",
            f"< {MOST_NIGHT:.0f} s",
            night < MOST_NIGHT,
        ),
        _figure(f"list of alerts, 50 of {2 * COMPANIES}, {engine}", lists),
        _figure(f"counts of alerts, {engine}", counts),
    )


def _figure(name: str, times: Sequence[float]) -> Figure:
    return Figure(name, spread(times), "", "", f"p95 < {MOST_MS:.0f} ms", percentile(times, 0.95) * 1000 < MOST_MS)


def _list(world: World, city: Caller, page: int) -> float:
    started = time.perf_counter()
    world.door.ask(ALERTS.query, city, ListRows(paging=Paging(page % 30 + 1, 50)))
    return time.perf_counter() - started


def _admit(work: Work, town: Market, codes: Sequence[str]) -> None:
    head = work.session.exec(select(HeadCompany).where(HeadCompany.id == town.shenpu)).one()
    for code in codes:
        admitted_project_company(work, head, f"上海风暴{code[-6:]}置业有限公司", code, district="310115")


def _tell(world: World, changes: Sequence[dict[str, object]]) -> None:
    url = f"{world.simulators.base_url('legal_entities')}/sim/changes"
    httpx.post(url, json={"changes": list(changes)}, timeout=60).raise_for_status()
