"""Reports of supply over five years of 2,000 projects from kept sums, and a sale event. Processor time (row 83)."""

import argparse
import os
import random
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

from models.columns import CodeType, new_id
from models.construction import ConstructionPermit, UnitEngineering
from models.dialect import bulk_insert
from models.places_data import districts_by_code
from models.progress import Milestone, MilestoneCode, MilestoneScope
from models.projects import Project
from models.sales import SaleAct, SaleEvent
from models.sealed import Sealed, SealedType
from models.supply import SupplyDay, SupplyMonth
from services.engine.callers import SYSTEM
from services.engine.past_records import PastRecords
from services.engine.work import Work
from services.legacy.market_export import Export
from services.legacy.market_load import load_export
from services.supply.coarse import CoarseSums
from services.supply.exports import as_csv, as_workbook
from services.supply.facts import Type
from services.supply.months import first_day, month_named
from services.supply.report_forms import TITLES, AskReport, Report, ReportColumn
from services.supply.report_views import report
from services.supply.stages import Stage
from services.supply.sum_updates import rebuild_all_stale
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, percentile, spread
from tests.services.supply.small_town import write_town
from tests.world import World

PROJECTS, MONTHS, WORKS = 2_000, 60, 15
#: Rows of sums a project has a month, and days of the last month with changes; as the maker's sets have them.
ROWS_A_MONTH, DAYS = 8, 25
LAST = month_named("2026-05")
ROUNDS, _EVENTS = 5, 40
MOST_MONTH, MOST_DAY, MOST_EVENT, MOST_EXPORT = 1.0, 5.0, 0.010, 10.0


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            world.stand_at(2026, 6, 20)
            figures += _event(engine, world)
            rows = world.act(fill_projects)
            world.door.database.survey()
            figures += _reports(engine, world, rows)
    return [*figures, *_export()]


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
    area = chance.randrange(1_000_000, 900_000_000)
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
    """Time sale events with and without the sums that follow them."""
    with tempfile.TemporaryDirectory() as folder:
        town = write_town(Path(folder) / "export")
        began = time.process_time()
        load_id = load_export(world.door, town)
        loaded = time.process_time() - began
        rebuild_all_stale(world.door)
        ids = {name: one for one, name in Export(town, load_id).names().items()}
    times, server = [], _of_server(world)
    for number in range(_EVENTS):
        row = SaleEvent(
            event_no=f"B{number:04}",
            project_id=ids["P1"],
            house_unit_id=ids[f"HU{number // 2 % 6 + 1}"],
            act=SaleAct.SIGN if number % 2 == 0 else SaleAct.CANCEL,
            happened_on=date(2026, 6, 1),
            recorded_at=datetime(2026, 6, 1, tzinfo=UTC),
            contract_no=f"C{number // 2}",
            gross_area=Decimal(100),
            amount=Decimal(6_000_000),
        )

        # Each home has one contract signed and cancelled, as most have.
        own = time.process_time()
        world.act(lambda work: work.add(row) and None)  # noqa: B023
        times.append(time.process_time() - own)
    # A server tells its time in hundredths of a second: of one event it says nothing.
    server = (_of_server(world) - server) / _EVENTS
    times = [one + server for one in times]
    yield Figure(
        f"sums that follow one sale event, with commit and audit, {engine}",
        spread(times),
        f"small load: {loaded:.1f} s",
        "",
        f"p95 < {MOST_EVENT * 1000:.0f} ms",
        percentile(times, 0.95) < MOST_EVENT,
    )


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
