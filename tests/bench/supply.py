"""Reports of supply over five years of 2,000 projects from kept sums, and a sale event. Processor time (row 83)."""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.building_tables import HouseUnit
from models.columns import CodeType, new_id
from models.construction import ConstructionPermit, UnitEngineering
from models.dialect import bulk_insert
from models.places_data import districts_by_code
from models.progress import Milestone, MilestoneCode, MilestoneScope
from models.projects import Project
from models.sealed import Sealed, SealedType
from models.supply import SupplyDay, SupplyMonth
from services.engine.callers import SYSTEM
from services.engine.past_records import PastRecords
from services.engine.work import Work
from services.legacy.market_export import Export
from services.legacy.market_load import load_export
from services.ports.sale_system import ToldMessage, ToldSale
from services.sales.sale_news import receive
from services.supply.coarse import CoarseSums
from services.supply.exports import as_csv, as_workbook
from services.supply.facts import Type
from services.supply.kept_sums import MM2
from services.supply.months import first_day, month_named
from services.supply.report_forms import TITLES, AskReport, Report, ReportColumn
from services.supply.report_views import report
from services.supply.stages import Stage
from services.supply.sum_updates import rebuild_all_stale
from tests.bench.ground import ENGINES, HOME, ROOT, Ground, world_at
from tests.bench.measure import Figure, percentile, spread
from tests.services.supply.small_town import write_town
from tests.world import World

#: The export that lies beside the repository where it is developed.
EXPORT = ROOT.parent / "shared" / "data" / "market"
PROJECTS, MONTHS, WORKS = 2_000, 60, 15
#: Rows of sums a project has a month, and days of the last month with changes; as the maker's sets have them.
ROWS_A_MONTH, DAYS = 8, 25
LAST = month_named("2026-05")
ROUNDS = 5
#: Events told one by one, and pages of the sale system's size.
_EVENTS, _PAGES, _PAGE = 80, 4, 200
_ACTS, _ON, _TOLD, _PRICE = ("SIGN", "CANCEL"), date(2026, 6, 1), datetime(2026, 6, 1, tzinfo=UTC), Decimal(6_000_000)
MOST_MONTH, MOST_DAY, MOST_EVENT, MOST_EXPORT = 1.0, 5.0, 0.010, 10.0


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            world.stand_at(2026, 6, 20)
            figures += _event(engine, world)
            rows = world.act(fill_projects)
            _survey(world)
            figures += _reports(engine, world, rows)
        if EXPORT.exists():
            figures.append(_beside_duckdb(ground, engine))
    return [*figures, *_export()]


def _beside_duckdb(ground: Ground, engine: str) -> Figure:
    """Time one month's stages by district from kept sums, and DuckDB making those of five years from the same export."""
    with ground.passing(engine) as url, world_at(url, houses=False) as world:
        world.stand_at(2026, 6, 20)
        load_export(world.door, EXPORT)
        building = _seconds(world, lambda: rebuild_all_stale(world.door))
        _survey(world)
        order = AskReport(report="R1", month="2026-05", series="restated")
        ours = sorted(_seconds(world, lambda: world.door.ask(report, SYSTEM, order)) for _ in range(ROUNDS))[
            ROUNDS // 2
        ]
    packages = HOME / "duckdb"
    if not (packages / "duckdb").is_dir():
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", str(packages), "duckdb"], check=True)
    script = Path(__file__).with_name("duckdb_rival.py")
    months = [first_day(month).isoformat() for month in (LAST - MONTHS + 1, LAST)]
    paths = {**os.environ, "PYTHONPATH": str(packages)}
    said = subprocess.check_output([sys.executable, str(script), str(EXPORT), *months], env=paths)
    rival = json.loads(said)
    return Figure(
        f"R1 of the shared export at a month end, {engine}",
        f"{ours * 1000:.0f} ms; its sums were built in {building:.1f} s",
        f"DuckDB {rival['version']}, {MONTHS} months from the files: {rival['computed'] * 1000:.0f} ms",
        f"{ours / rival['computed']:.2f}x",
    )


def _survey(world: World) -> None:
    """Have planners know the tables: PostgreSQL's autovacuum would within a minute, and some of the rounds before."""
    database = world.door.database
    database.survey()
    if not database.sqlite:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")


def _reports(engine: str, world: World, rows: int) -> Iterator[Figure]:
    for day, most in (("", MOST_MONTH), ("2026-05-20", MOST_DAY)):
        slowest: tuple[float, str, list[float]] = (0.0, "", [])
        for code in TITLES:
            order = AskReport(report=code, month="2026-05", series="restated", day=day)
            times = [_seconds(world, lambda: world.door.ask(report, SYSTEM, order)) for _ in range(ROUNDS)]  # noqa: B023
            slowest = max(slowest, (percentile(times, 0.95), code, times))
        p95, code, times = slowest
        what = "as of a day" if day else "at a month end"
        yield Figure(
            f"slowest of R1-R9 {what}, {PROJECTS} projects, five years, {rows:,} sums, {engine}",
            f"{code}: {spread(times)}",
            "",
            "",
            f"p95 < {most:.0f} s",
            p95 < most,
        )


def _seconds(world: World, call: Callable[[], Any]) -> float:
    """Processor seconds of a call, in this process and in the database's: clocks say little on a busy machine."""
    server, own = _of_server(world), time.process_time()
    call()
    own = time.process_time() - own
    return own + _of_server(world) - server


def _of_server(world: World) -> float:
    """Processor seconds of the database's own processes so far; SQLite has none."""
    engine = world.door.database.engine
    if engine.dialect.name == "sqlite":
        return 0.0
    with engine.connect() as connection:
        asked = sa.text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = [row[0] for row in connection.execute(asked)]
    ticks = 0
    for pid in pids:
        with suppress(FileNotFoundError):
            ticks += sum(
                map(int, Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13])
            )
    return ticks / os.sysconf("SC_CLK_TCK")


def fill_projects(work: Work) -> int:
    """Put projects, their works and their sums straight into the tables."""
    chance = random.Random(83)
    into = PastRecords(work)
    places = list(districts_by_code())
    months: list[dict[str, Any]] = []
    days: list[dict[str, Any]] = []
    for number in range(PROJECTS):
        project, district = new_id(), places[number % len(places)]
        keys = {"project_id": project, "district_code": district}
        plate = f"板块{number % 7}"
        _put(into, Project, id=project, name=f"测算项目{number}", plate=plate, **keys)
        permit = new_id()
        _put(into, ConstructionPermit, id=permit, **keys)
        for at in range(WORKS):
            unit = new_id()
            _put(into, UnitEngineering, id=unit, construction_permit_id=permit, unit_no=f"{at}#", **keys)
            begun = first_day(LAST - chance.randrange(MONTHS))
            reached = {"actual_on": begun, "recorded_at": datetime(2026, 6, 1, tzinfo=UTC), "planned_on": begun}
            for code in (MilestoneCode.M07, MilestoneCode.M17):
                _put(
                    into,
                    Milestone,
                    project_id=project,
                    scope=MilestoneScope.UNIT,
                    subject_id=unit,
                    milestone=code,
                    **reached,
                )
        about = {**keys, "plate": plate, "ring": "OUTSIDE"}
        for month in range(LAST - MONTHS + 1, LAST + 1):
            months += (
                _sum(chance, month=month, area_now=0, sets_now=0, amount_now=0, **about) for _ in range(ROWS_A_MONTH)
            )
        for at in range(DAYS):
            on = date(2026, 5, 1) + timedelta(days=at)
            days += (_sum(chance, day=on, building_id=project, **about) for _ in range(2))
    into.write()
    tables: list[tuple[Any, list[dict[str, Any]]]] = [(SupplyMonth, months), (SupplyDay, days)]
    for table, rows in tables:
        bulk_insert(work.session, table.__table__, rows)
    coarse = CoarseSums()
    coarse.take(months)
    coarse.write(work)
    return len(months) + len(days)


_ITEMS = (*(stage.value for stage in Stage), "GROSS", "LISTED", "CANCELLED", "PRICED")


def _sum(chance: random.Random, **about: Any) -> dict[str, Any]:
    # In whole 0.0001 m², as records have areas.
    area = chance.randrange(10_000, 9_000_000) * MM2
    made = {
        "id": UUID(int=chance.getrandbits(128)),
        "property_type": chance.choice(list(Type)).value,
        "item": chance.choice(_ITEMS),
        "level": "TABLE_FORECAST",
        "completed": False,
        "earnest": False,
        "size_band": chance.randrange(6),
        "price_band": chance.randrange(-1, 5),
        "listed_month": LAST - chance.randrange(30),
        "area": area,
        "sets": chance.randrange(1, 9),
        "amount": area * 5,
        **about,
    }
    return made | ({"area_now": area, "sets_now": made["sets"], "amount_now": area * 5} if "month" in about else {})


def _put(into: PastRecords, table: Any, **given: Any) -> None:
    """Collect a row whose other columns hold whatever their types allow."""
    for name, field in table.model_fields.items():
        if name not in given and field.is_required():
            given[name] = _anything(table.__table__.columns[name].type)
    given.setdefault("record_no", f"B{new_id().hex[:20]}") if "record_no" in table.model_fields else None
    into.row(table, **given)


def _anything(kind: Any) -> Any:
    if isinstance(kind, CodeType):
        return next(iter(kind.codes))
    if isinstance(kind, SealedType):
        return Sealed.of("测算")
    if isinstance(kind, sa.Uuid):
        return new_id()
    if isinstance(kind, sa.Date):
        return date(2026, 1, 1)
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.String):
        return new_id().hex[: kind.length or 8]
    python = getattr(kind, "python_type", None)
    if "UtcMoment" in type(kind).__name__:
        return datetime(2026, 1, 1, tzinfo=UTC)
    return Decimal(1) if python is None or python is not int else 1


def _event(engine: str, world: World) -> Iterator[Figure]:
    """Time messages of sale events with the sums that follow them, told one by one and by the page."""
    with tempfile.TemporaryDirectory() as folder:
        town = write_town(Path(folder) / "export")
        began = time.process_time()
        load_id = load_export(world.door, town)
        loaded = time.process_time() - began
        tower = Export(town, load_id).id("NB1")
    # Each home has one contract signed and cancelled, as most have.
    homes = world.act(lambda work: _more_homes(work, tower))
    acts = [ToldSale(f"B{home}{act}", home, act, _ON, home, Decimal(100), _PRICE) for home in homes for act in _ACTS]
    rebuild_all_stale(world.door)
    _survey(world)
    for name, count, size in (("by itself", _EVENTS, 1), (f"in a page of {_PAGE}", _PAGES, _PAGE)):
        times, server = [], _of_server(world)
        for _ in range(count):
            page = [ToldMessage(one.event_no, _TOLD, one) for one in acts[:size]]
            del acts[:size]
            own = time.process_time()
            assert world.act(lambda work: receive(work, page)) == size  # noqa: B023
            times.append((time.process_time() - own) / size)
        # A server tells its time in hundredths of a second: of one event it says nothing.
        server = (_of_server(world) - server) / count / size
        times = [one + server for one in times]
        yield Figure(
            f"a sale event told {name}, with the sums that follow, commit and audit, {engine}",
            spread(times),
            f"small load: {loaded:.1f} s",
            "",
            f"p95 < {MOST_EVENT * 1000:.0f} ms",
            percentile(times, 0.95) < MOST_EVENT,
        )


def _more_homes(work: Work, tower: UUID) -> list[str]:
    """Add homes to a tower like one that it has; returns their codes."""
    [like, *_] = work.rows(HouseUnit, HouseUnit.natural_building_id == tower)
    values = {name: getattr(like, name) for name in HouseUnit.model_fields if name not in ("id", "mac", "version")}
    codes = [f"H{number:04}" for number in range((_EVENTS + _PAGES * _PAGE) // len(_ACTS))]
    for code in codes:
        work.add(HouseUnit(**{**values, "house_code": code}))
    return codes


def _export() -> Iterator[Figure]:
    """Time files of 60,000 rows, and measure what memory they take beside those of a tenth of it."""
    columns = (ReportColumn("name", "项目", number=False), *(ReportColumn(f"s{at}", f"S{at}") for at in range(12)))
    told = {f"s{at}": Decimal("1234.56") for at in range(12)}
    lines = tuple({"name": f"=测算项目{number}", **told} for number in range(60_000))
    long = Report("R7", "项目明细表", "㎡", "", "", "", columns, lines)
    short = replace(long, lines=lines[:6_000])
    for name, write in (("CSV", as_csv), ("xlsx", lambda found: as_workbook(found, []))):
        started = time.process_time()
        content = write(long)
        seconds = time.process_time() - started
        more = _peak(lambda: write(long)) - _peak(lambda: write(short))  # noqa: B023
        yield Figure(
            f"{name} of 60,000 rows by 13 columns, {len(content) / 1e6:.1f} MB",
            f"{seconds:.1f} s of processor time",
            f"{more / 1e6:.1f} MB more than for 6,000",
            "",
            f"< {MOST_EXPORT:.0f} s, constant memory",
            seconds < MOST_EXPORT and more < 3 * len(content),
        )


def _peak(call: Callable[[], Any]) -> int:
    """The most bytes that Python held during a call."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
