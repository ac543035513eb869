"""The board of 500 projects, and the watch over 2,000 projects with 25,000 unit works (row 75). Processor time.

The projects are brought in as an authority brings in those of before, by two loads of an export.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlmodel import col, func, select

from models.alerts import Alert
from models.construction import UnitEngineering
from models.own_data import read_rows
from models.places_data import districts
from models.projects import Project
from services.engine.callers import SYSTEM
from services.engine.list_pages import counts_of
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.legacy.market_load import load_export
from services.progress.board import BOARD, project_progress
from services.sales.watch import watch_all, watch_projects
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, below, milliseconds, percentile, told
from tests.market import COMPANIES, Market, market
from tests.market_export import write_export
from tests.world import World

BOARD_OF, PROJECTS, WORKS, MONTHS = 500, 2_000, 25_000, 6
MOST_BOARD, MOST_NIGHT, MOST_ONE = 0.15, 300.0, 0.2
_ROUNDS = 40
_TODAY = date(2027, 3, 2)
_PERIODS = ("2026-08", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01")
Rows = dict[str, list[dict[str, str]]]


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            world.stand_at(_TODAY.year, _TODAY.month, _TODAY.day)
            figures += _measure(engine, world)
    return figures


def _measure(engine: str, world: World) -> Iterator[Figure]:
    people = market(world)
    _load(world, 0, BOARD_OF)
    first = _processor(lambda: watch_all(world.door))
    yield from _board(engine, world, people)
    _load(world, BOARD_OF, PROJECTS)
    world.let_pass(days=1)
    began = perf_counter()
    night = _processor(lambda: watch_all(world.door))
    clock = perf_counter() - began
    again = _processor(lambda: watch_all(world.door))
    projects, works, alerts = world.read(_counts)
    yield told(
        Figure(
            f"night over {projects:,} projects, {works:,} unit works, {engine}",
            f"{night:.0f} s ({clock:.0f} s by the clock), {alerts:,} alerts stand",
            f"first watch of {BOARD_OF}: {first:.0f} s; a second run of the day: {again:.1f} s",
            f"{night / projects * 1000:.0f} ms a project",
            f"< {MOST_NIGHT:.0f} s",
            max(night, clock) < MOST_NIGHT,
        )
    )
    ids = world.read(lambda work: work.rows(Project.id, by=Project.record_no, most=_ROUNDS))
    ones = [_processor(partial(world.door.perform, watch_projects, SYSTEM, [one])) for one in ids]
    yield told(below(f"one project after an event, {engine}", ones, MOST_ONE))


def _board(engine: str, world: World, people: Market) -> Iterator[Figure]:
    who = (("shichu01", "the city", 3), ("pdshen01", "a district", 1), ("shenpu_admin", "a head company", 3))
    for login, label, most in who:
        caller = people.caller(login)
        pages = [
            _both(partial(world.door.ask, BOARD.query, caller, ListRows(paging=Paging(page % most + 1, 50))))
            for page in range(_ROUNDS)
        ]
        yield _told(f"board of {BOARD_OF} projects, a page of 50, {label}, {engine}", pages)
        counts = partial(world.door.look, caller, partial(counts_of, listing=BOARD, filters={}))
        yield _told(f"its counts by light, {label}, {engine}", [_both(counts) for _ in range(_ROUNDS)])
    ids = world.read(lambda work: work.rows(Project.id, by=Project.record_no, most=_ROUNDS))
    caller = people.caller("shichu01")
    ones = [_both(partial(world.door.ask, project_progress, caller, one)) for one in ids]
    yield _told(f"a project's reasons and chart, {engine}", ones)


def _told(name: str, times: Sequence[tuple[float, float]]) -> Figure:
    """The processor's time is judged, as the machine's clock depends on its neighbours; the clock stands beside it."""
    figure = below(name, [one for one, _ in times], MOST_BOARD)
    clock = f"by the clock p95 {milliseconds(percentile([one for _, one in times], 0.95))}"
    return told(Figure(figure.name, figure.figure, clock, "", figure.target, figure.met))


def _both(call: Callable[[], Any]) -> tuple[float, float]:
    began = perf_counter()
    return _processor(call), perf_counter() - began


def _processor(call: Callable[[], Any]) -> float:
    begun = process_time()
    call()
    return process_time() - begun


def _counts(work: Any) -> tuple[int, int, int]:
    standing = select(func.count()).select_from(Alert).where(col(Alert.open_key).is_not(None))
    counted = (select(func.count()).select_from(table) for table in (Project, UnitEngineering))
    projects, works, alerts = (work.session.exec(one).one() for one in (*counted, standing))
    return projects, works, alerts


# Projects of before


def _load(world: World, first: int, end: int) -> None:
    began = process_time()
    with tempfile.TemporaryDirectory() as folder:
        load_export(world.door, write_export(Path(folder), **_export(first, end)))
    world.door.database.survey()
    print(f"    {end - first:,} projects loaded in {process_time() - began:.0f} s", flush=True)


def _export(first: int, end: int) -> Rows:
    """Projects in all districts with a permit, works, six months of reports, and planned days that are late or not."""
    uscc = {line["fixture_id"]: line["uscc"] for line in read_rows(COMPANIES)}
    companies = [
        {"id": "H1", "kind": "HEAD", "name": "上海甲集团(测试)", "uscc": uscc["H-1"], "district_code": "310115"},
        {"id": "C1", "kind": "PROJECT", "name": "上海甲置业(测试)", "uscc": uscc["P-1"], "head_company_id": "H1"},
    ]
    names = ("projects", "construction_permits", "unit_engineerings", "milestones", "progress_reports")
    rows: Rows = {"companies": companies, **{name: [] for name in (*names, "progress_lines", "payments")}}
    codes = [one.code for one in districts()]
    for number in range(first, end):
        _project(rows, f"P{number:05d}", number, codes[number % len(codes)])
    return rows


def _project(rows: Rows, own: str, number: int, district: str) -> None:
    at = "2026-07-01T00:00:00Z"
    rows["projects"].append(
        {"id": own, "name": f"甲苑{own}(测试)", "project_code": f"2501-310115-70-01-{number:06d}"}
        | {"district_code": district, "planned_delivery_on": "2028-12-31", "effective_from": at}
    )
    rows["construction_permits"].append(
        {"id": f"K{own}", "project_id": own, "permit_no": f"3101152026060{number:05d}", "effective_from": at}
        | {"issued_on": "2026-07-01", "contract_start": "2026-07-01", "contract_finish": "2028-06-30"}
    )
    late = timedelta(days=number % 120)
    works = [f"U{own}:{place}" for place in range(WORKS // PROJECTS + number % 2)]
    for place, one in enumerate(works, 1):
        rows["unit_engineerings"].append(
            {"id": one, "construction_permit_id": f"K{own}", "unit_no": f"{place}#", "name": f"{place}号楼"}
            | {"effective_from": at}
        )
        reached = {"actual_on": "2026-07-15", "recorded_at": "2026-07-20T00:00:00Z"}
        for code, on in (
            ("M07", "2026-07-10"),
            ("M12", str(_TODAY + timedelta(days=40) - late)),
            ("M17", "2028-06-15"),
        ):
            done = reached if code == "M07" else {}
            rows["milestones"].append(
                {"project_id": own, "scope": "UNIT", "scope_id": one, "code": code, "planned_on": on, **done}
            )
    for month, period in enumerate(_PERIODS):
        report = f"R{own}:{period}"
        # Every tenth project stands still; every seventh has not reported its last month.
        if number % 7 == 0 and period == _PERIODS[-1]:
            continue
        rows["progress_reports"].append(
            {"id": report, "project_id": own, "period": period, "report_on": f"{period}-28", "effective_from": at}
        )
        paid = str(900_000 * (month + 1))
        rows["payments"].append(
            {"id": f"Y{own}:{period}", "construction_permit_id": f"K{own}", "period": period, "effective_from": at}
            | {"output_value_cum": str(1_000_000 * (month + 1)), "payable_cum": paid, "paid_cum": paid}
        )
        step = 0 if number % 10 == 0 else month
        rows["progress_lines"] += [
            {"report_id": report, "unit_engineering_id": one, "floors_done": str(3 + step * 2)}
            | {"percent": str(10 + step * 4)}
            for one in works
        ]
