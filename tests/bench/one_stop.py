"""A stream of the case library: messages opened, ordered, sealed and their cases kept; decisions apart (rows 1, 2).

Then 办件列表 of a million cases as city, district and street see it.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import func, select

from models.base import whole_row
from models.dialect import Database
from models.one_stop import StopCase, StopMessage
from models.one_stop_codes import ApplicantRole, StopKind, StopState
from models.places_data import streets
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.tenancy_codes import Channel, Side, Situation
from services.engine.callers import SYSTEM
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.one_stop.intake import TakeMessage, take_message
from services.one_stop.listings import CASES as CASES_LIST
from services.one_stop.pushed import TOGETHER, TakeMany, take_many
from tests.bench.bulk import postgres_writer, sqlite_writer
from tests.bench.ground import ENGINES, Ground, sealer, world_at
from tests.bench.measure import Figure, below, timed, told
from tests.services.one_stop.portal import NEW, Portal, person
from tests.services.tenancy.counter import Counter
from tests.world import World

#: 办件列表: one case in `OPEN_OF` is not decided yet; a page's p95.
OPEN_OF, PAGES, LIST = 200, 100, 0.08
_BATCH = 20_000
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_OPEN = (StopState.RECEIVED, StopState.ACCEPTED, StopState.CORRECTION, StopState.INTERCEPTED)
_ENDED = (StopState.DONE, StopState.DONE, StopState.DONE, StopState.RETURNED, StopState.WITHDRAWN)
_CASES: Any = StopCase.__table__  # type: ignore[attr-defined]
#: Messages a second that two workers should take in, so what one message may cost a processor.
TARGET, WORKERS = 200, 2
MOST_MS = 1000 * WORKERS / TARGET


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url) as world:
            world.stand_at(2027, 3, 1)
            figures += map(told, _measure(engine, Portal(Counter(world)), arguments.cases))
        if engine == "postgresql":
            with ground.passing(engine) as url, world_at(url) as world:
                world.stand_at(2027, 3, 1)
                figures.append(told(_side_by_side(url, world, arguments.cases)))
        if not arguments.rows:
            continue
        with ground.passing(engine) as url:
            _fill(engine, url, arguments.rows)
            with world_at(url, houses=False) as world:
                world.door.database.survey()
                world.stand_at(2027, 3, 1)
                figures += map(told, _pages(engine, world))
    return figures


def _fill(engine: str, url: str, rows: int) -> None:
    """Write cases of a year past the ORM, over all districts and streets."""
    database = Database(url, sealer())
    database.dispose()
    path = url.removeprefix("sqlite:///")
    writing = sqlite_writer(path, [_CASES]) if engine == "sqlite" else postgres_writer(url, [_CASES])
    chance = random.Random(15)
    with writing as write:
        for start in range(0, rows, _BATCH):
            made = [_case(number, chance, rows) for number in range(start, min(start + _BATCH, rows))]
            sealed = seal_rows(sealer(), _CASES, made)
            write(_CASES, [[row.get(column.name) for column in _CASES.columns] for row in sealed])


def _case(number: int, chance: random.Random, rows: int) -> dict[str, Any]:
    at = _FIRST + timedelta(seconds=number * (420 * 86_400 / rows))
    street = chance.choice(streets())
    state = chance.choice(_OPEN if number % OPEN_OF == 0 else _ENDED)
    return whole_row(
        StopCase,
        case_no=f"YWTB{number:010}",
        item_code="310-ZLBA-0001",
        situation=Situation.CANCEL if number % 5 == 0 else Situation.NEW,
        channel=Channel.YWTB,
        accept_district=street.district_code,
        district_code=street.district_code,
        street_code=street.code,
        content_version=1,
        last_kind=StopKind.SUBMIT,
        opened_on=at.date(),
        received_at=at,
        accepted_at=at,
        accepted_on=at.date(),
        role=ApplicantRole.LESSEE,
        side=Side.LESSEE,
        applicant_no=Sealed.of("310101199901010018"),
        state=state,
        ended_at=None if state in _OPEN else at + timedelta(days=1),
        steps=4,
    )


def _pages(engine: str, world: World) -> Iterator[Figure]:
    """Pages as city and district open them: what is open, what ended, of a district, found by its number."""
    chance = random.Random(16)
    for login, who in (("shi01", "city"), ("pdju01", "district")):
        caller = world.caller(login)
        for name, filters in (
            ("open", {}),
            ("done", {"state": "DONE"}),
            ("open since a day", {"since": "2026-12-01"}),
            ("all of a district", {"state": "ALL", "accepted": "310115"}),
        ):
            asked = [ListRows(filters, Paging(chance.randint(1, 8), 50)) for _ in range(PAGES)]
            times = [timed(partial(world.door.ask, CASES_LIST.query, caller, order)) for order in asked]
            yield below(f"办件列表, {name}, {who}, {engine}", times[5:], LIST)


def _measure(engine: str, portal: Portal, cases: int) -> Sequence[Figure]:
    stream = [TakeMessage(message) for message in _stream(portal, cases)]
    half = len(stream) // 2
    pushed, pulled = stream[:half], stream[half:]
    together = [TakeMany(tuple(pulled[start : start + TOGETHER])) for start in range(0, half, TOGETHER)]
    one = _spent(portal.world, lambda door: [door.perform(take_message, SYSTEM, order) for order in pushed])
    many = _spent(portal.world, lambda door: [door.perform(take_many, SYSTEM, order) for order in together])
    decided = _spent(portal.world, lambda door: portal.decide())
    return (
        _figure(f"message pushed by itself, {engine}", one / half),
        _figure(f"message pulled, {TOGETHER} in a transaction, {engine}", many / half),
        Figure(f"decision of a case, {engine}", f"{decided / cases * 1000:.1f} ms", "", "", "", True),
    )


def _side_by_side(url: str, world: World, cases: int) -> Figure:
    """The rate of two worker processes on PostgreSQL, and what a message costs them and the server."""
    stream, systems = _stream(Portal(Counter(world)), cases), json.dumps(world.simulators.urls())
    with TemporaryDirectory() as folder, ExitStack() as stack:
        working = []
        for number in range(WORKERS):
            # A case's two messages go to one worker each now and then: every other pair is split.
            part = [one for place, one in enumerate(stream) if (place // 2 + (place % 4 == 3)) % WORKERS == number]
            path = Path(folder) / f"{number}.json"
            path.write_text(json.dumps(part), encoding="utf-8")
            command = [sys.executable, "-m", "tests.bench.one_stop_worker", url, systems, str(path)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            working.append(stack.enter_context(process))
        for process in working:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        before = _server_computed(url)
        for process in working:
            assert process.stdin is not None
            print(file=process.stdin, flush=True)
        took = [json.loads(process.stdout.readline()) for process in working if process.stdout]
        served = _server_computed(url) - before
        for process in working:
            assert process.stdin is not None
            process.stdin.close()
    kept = world.read(lambda work: work.session.exec(select(func.count()).select_from(StopMessage)).one())
    assert kept == len({one["msg_id"] for one in stream}), "a message was lost"
    messages = sum(one["messages"] for one in took)
    rate = messages / max(one["seconds"] for one in took)
    own = sum(one["computed"] for one in took) / messages * 1000
    return Figure(
        f"{WORKERS} workers side by side",
        f"{rate:.0f} messages a second",
        f"each {own:.1f} ms of a worker, {served / messages * 1000:.1f} ms of the server",
        f"{WORKERS * 1000 / own:.0f} a second computed",
        f"{TARGET} a second",
        own <= MOST_MS,
    )


def _server_computed(url: str) -> float:
    """Processor seconds of the server's processes that work on a database."""
    name, spent = url.partition("?")[0].rpartition("/")[2], 0.0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if name in (process / "cmdline").read_text(encoding="utf-8", errors="replace").partition("\0")[0]:
                times = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                spent += (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def _figure(name: str, seconds: float) -> Figure:
    cost = seconds * 1000
    rate = f"{WORKERS * 1000 / cost:.0f} a second with {WORKERS} workers"
    return Figure(name, f"{cost:.1f} ms of a processor", rate, "", f"{TARGET} a second", cost <= MOST_MS)


def _spent(world: World, act: Callable[[Any], Any]) -> float:
    started = time.process_time()
    act(world.door)
    return time.process_time() - started


def _stream(portal: Portal, cases: int) -> list[dict[str, Any]]:
    """Twice as many messages as cases: a case, its delivery once more or the library's own state."""
    messages: list[dict[str, Any]] = []
    flats = [portal.counter.free_flat() for _ in range(min(200, len(portal.counter.flats)))]
    for number in range(cases):
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
