"""Homes of each kind at a million filings, as many cases and 2,000 projects, by processor time on both databases (issue 19)."""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.access import OrgUnit, Role, ScopeKind
from models.columns import new_id
from models.places_data import streets
from models.sealed_rows import seal_row
from models.tenancy import GovCase, LeaseFiling
from models.tenancy_codes import (
    ApplicantSide,
    CaseState,
    Channel,
    DealKind,
    FilingState,
    FilingWay,
    LeaseMode,
    LicenceState,
    Situation,
)
from services.engine.callers import Caller, Scope
from services.engine.work import Work
from services.homes.queries import my_home
from services.ports.place import Place
from tests.bench.bulk import columns, postgres_writer, sqlite_writer
from tests.bench.ground import ENGINES, Ground, sealer, world_at
from tests.bench.measure import Figure, below, told
from tests.bench.search import ANYWHERE, find_anywhere
from tests.bench.supply import fill_projects
from tests.world import World

ROUNDS, MOST = 20, 0.3
TODAY = date(2026, 6, 20)
#: The rows lie on the days of two years and a half, so that thirteen months have nearly half of them.
DAYS = 900
_BATCH = 50_000
_LOGINS = ("huamu01", "pdju01", "shi01")
#: Users of the market and administrators, who have no account in the bench.
_CITY = (Role.CITY_HANDLER, Role.CITY_REVIEWER, Role.ANALYST, Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR)
_TABLES: list[sa.Table] = [LeaseFiling.__table__, GovCase.__table__]  # type: ignore[attr-defined]


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url:
            with world_at(url, houses=False) as world:
                world.stand_at(TODAY.year, TODAY.month, TODAY.day)
                offices: dict[str, UUID] = world.read(_offices)
                world.act(fill_projects)
            _write(engine, url, arguments.rows, offices)
            with world_at(url, houses=False) as world, tempfile.TemporaryDirectory() as folder:
                world.door.house.folders = Place(Path(folder), Path(folder) / "backups")
                world.stand_at(TODAY.year, TODAY.month, TODAY.day)
                world.door.database.survey()
                figures += _homes(engine, world, arguments.rows)
    return figures


def _homes(engine: str, world: World, rows: int) -> Iterator[Figure]:
    callers = [world.caller(login) for login in _LOGINS]
    callers += [Caller(f"bench {role}", (Scope(role, ScopeKind.CITY),), account_id=new_id()) for role in _CITY]
    district = Scope(Role.DIST_REVIEWER, ScopeKind.DISTRICT, "310115")
    for caller in (*callers, Caller("bench", (district,), account_id=new_id())):
        kind = world.door.ask(my_home, caller, None).name
        times = [_processor(world, lambda: world.door.ask(my_home, caller, None)) for _ in range(ROUNDS)]  # noqa: B023
        yield told(below(f"home {kind} at {rows:,} filings and cases, {engine}", times, MOST))
        names = [f"测算项目{place}" for place in range(0, 1000, 100)] + ["csxm", "测算", "不在此处"]
        times = [_processor(world, lambda: find_anywhere(world.door, caller, name)) for name in names]  # noqa: B023
        yield told(below(f"Ctrl+K, a name or its initials, home {kind}, {engine}", times, ANYWHERE))


def _processor(world: World, call: Callable[[], Any]) -> float:
    """Seconds of processor time of a call, here and in the database's processes."""
    servers = _servers(world)
    before = time.process_time() + sum(map(_ran, servers))
    call()
    return time.process_time() + sum(map(_ran, servers)) - before


def _servers(world: World) -> list[int]:
    with world.door.database.read() as session:
        if session.get_bind().dialect.name == "sqlite":
            return []
        found = sa.text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return list(session.connection().execute(found).scalars())


def _ran(process_id: int) -> float:
    path = Path(f"/proc/{process_id}/schedstat")
    return int(path.read_text().split()[0]) / 1e9 if path.exists() else 0.0


def _offices(work: Work) -> dict[str, UUID]:
    return {one.street_code: one.id for one in work.rows(OrgUnit) if one.street_code}


def _write(engine: str, url: str, rows: int, offices: dict[str, UUID]) -> None:
    chance = random.Random(19)
    places = streets()
    with ExitStack() as stack:
        make = (
            sqlite_writer(url.removeprefix("sqlite:///"), _TABLES)
            if engine == "sqlite"
            else postgres_writer(url, _TABLES)
        )
        write = stack.enter_context(make)
        filings: list[list[Any]] = []
        cases: list[list[Any]] = []
        for number in range(rows):
            street = places[chance.randrange(len(places))]
            on = TODAY - timedelta(days=chance.randrange(DAYS))
            about = {
                "district_code": street.district_code,
                "street_code": street.code,
                "unit_id": offices.get(street.code),
            }
            filings.append(_filing(number, on, about))
            cases.append(_case(number, on, about))
            if len(filings) == _BATCH or number == rows - 1:
                for table, batch in zip(_TABLES, (filings, cases), strict=True):
                    write(table, batch)
                    batch.clear()


def _filing(number: int, on: date, about: dict[str, Any]) -> list[Any]:
    over = on + timedelta(days=367) < TODAY
    return _row(
        _TABLES[0],
        **about,
        filing_no=f"BA{number:016d}",
        contract_id=new_id(),
        house_id=new_id(),
        ticket=1,
        mode=LeaseMode.WHOLE,
        part_keys="*",
        valid_from=on + timedelta(days=3),
        valid_to=on + timedelta(days=367),
        month_rent=Decimal(5000),
        leased_area=Decimal(80),
        persons=1,
        way=FilingWay.COMBINED,
        waived_codes="",
        side=ApplicantSide.BOTH,
        deal=DealKind.SELF,
        channel=Channel.STREET,
        licence_state=LicenceState.ISSUED,
        late_days=0,
        filed_on=on,
        filed_at=datetime(on.year, on.month, on.day, 2, tzinfo=UTC),
        state=FilingState.EXPIRED if over else FilingState.ACTIVE,
        cancel_reason="",
        retain_until=on + timedelta(days=2000),
    )


def _case(number: int, on: date, about: dict[str, Any]) -> list[Any]:
    # Two in a hundred are returned for good; of the last month one in five hundred still waits.
    state = CaseState.RETURNED if number % 50 == 0 else CaseState.DONE
    if TODAY - on < timedelta(days=30) and number % 500 == 1:
        state = CaseState.INTERCEPTED
    at = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
    values = {"case_no": f"SL{number:016d}", "situation": Situation.NEW, "part_keys": "", "side": ApplicantSide.BOTH}
    more = {"channel": Channel.STREET, "received_at": at, "accepted_on": on, "state": state, "retries": 0}
    # Only those of today are shown line by line, which checks them.
    return _row(_TABLES[1], sealed=on == TODAY, **about, **values, **more)


def _row(table: sa.Table, *, sealed: bool = False, **values: Any) -> list[Any]:
    """Values in the order of the table's columns; rows that are only counted are not sealed, which takes an hour."""
    values |= {"id": new_id(), "created_at": _MADE, "updated_at": _MADE, "version": 1}
    if sealed:
        seal_row(sealer(), table, values["id"], values)
    else:
        values["mac"] = ""
    return [values.get(name) for name in _names(table)]


_MADE = datetime(2026, 6, 1, tzinfo=UTC)


@cache
def _names(table: sa.Table) -> tuple[str, ...]:
    return tuple(columns(table))
