"""Listings: one home verified, 2,000 from a workbook, look-ups among a million codes, the daily list (rows 26, 31, 32).

The systems answer in 50 ms and run in a process of their own, as in production. Processor time is this process's.
"""

import argparse
import csv
import random
import sqlite3
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from itertools import islice
from typing import Any
from unittest.mock import patch

import psycopg
from openpyxl import Workbook

from integrations.systems import systems_at
from models.access import Role, ScopeKind
from models.base import whole_row
from models.columns import new_id
from models.dialect import Database
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.verification import VerificationCode
from models.verification_codes import CodeEnd, CodeState, RequesterKind, VerificationState
from services.engine.callers import Caller, Scope
from services.engine.listings import ListRows
from services.tenancy import fact_sources
from services.verification.find_many import FindMany, find_many
from services.verification.jobs import check_waiting
from services.verification.listings import CODES
from services.verification.partner_orders import PAGE, AskEnded, ended_codes
from services.verification.submission import Submitted
from services.verification.workbook import MOST_ROWS, SHEET, submit_workbook
from tests.bench.bulk import postgres_writer, sqlite_writer
from tests.bench.ground import ENGINES, Ground, sealer, world_at
from tests.bench.measure import Figure, below, in_turn, percentile, spread, told
from tests.bench.simulators_apart import simulators_apart
from tests.services.tenancy.counter import Counter, Flat
from tests.services.verification.firm import PHONE, RENTAL, Firms
from tests.world import DATA, World, outside

LATENCY_MS = 50
ONE, BOOK_SECONDS, EXACT = 0.2, 60.0, 0.02
CHECKS, WARM_UP = 150, 10
LOOK_UPS, LISTED = 300, 10_000
_BATCH = 20_000
_DAY = date(2027, 2, 1)
_CODES: Any = VerificationCode.__table__  # type: ignore[attr-defined]


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, simulators_apart(LATENCY_MS) as systems, world_at(url) as world:
            world.door.house.systems = systems_at(systems, outside())
            firms = Firms(Counter(world))
            figures.append(told(_one(engine, firms)))
            figures.append(told(_workbook(engine, firms)))
        with ground.passing(engine) as url:
            numbers = _fill(engine, url, arguments.rows)
            with world_at(url, houses=False) as world, _driver(url) as bare:
                figures += map(told, _look_up(engine, world, numbers, bare))
                figures.append(told(_daily_list(engine, world)))
    return figures


def _one(engine: str, firms: Firms) -> Figure:
    """A request that waits is judged; register and police take 50 ms each."""
    homes = [firms.home(firms.counter.free_flat()) for _ in range(CHECKS + WARM_UP)]
    ready = [firms.submit(home) for home in homes]
    for given in ready[:WARM_UP]:
        _judged(firms, given)
    rest = ready[WARM_UP:]
    times = in_turn(
        {
            "together": [partial(_judged, firms, given) for given in rest[: len(rest) * 2 // 3]],
            "in turn": [partial(_in_turn, firms, given) for given in rest[len(rest) * 2 // 3 :]],
        },
        block=10,
    )
    figure = below(f"one verification, {engine}", times["together"], ONE)
    ratio = percentile(times["in turn"], 0.5) / percentile(times["together"], 0.5)
    beside = f"its systems asked in turn: {spread(times['in turn'])}"
    return Figure(figure.name, figure.figure, beside, f"{ratio:.1f}x", figure.target, figure.met)


def _judged(firms: Firms, given: Submitted) -> None:
    answer = firms.check(given)
    assert answer.state is VerificationState.PASSED, answer


def _in_turn(firms: Firms, given: Submitted) -> None:
    def one_by_one(questions: dict[str, tuple[str, Callable[[], Any]]]) -> dict[str, Any]:
        return {name: ask() for name, (_, ask) in questions.items()}

    with patch.object(fact_sources, "together", one_by_one):
        _judged(firms, given)


def _workbook(engine: str, firms: Firms) -> Figure:
    """All homes of the base library, sound or not, by one firm: taken in, then judged by the worker."""
    content = _book(firms.today)
    started, computed = time.perf_counter(), time.process_time()
    report = firms.world.door.perform(submit_workbook, firms.caller(RENTAL), content)
    taken = time.perf_counter() - started
    judged = check_waiting(firms.world.door)
    seconds, computed = time.perf_counter() - started, time.process_time() - computed
    assert report.accepted == judged > MOST_ROWS * 0.95, (report.accepted, judged)
    each, alone = computed / judged * 1000, LATENCY_MS * 2 * judged / 1000
    return Figure(
        f"{judged:,} homes of a workbook, {engine}",
        f"{seconds:.1f} s (taken in after {taken:.1f} s), {each:.1f} ms computed each",
        f"only the questions, one after the other: {alone:.0f} s",
        f"{alone / seconds:.1f}x",
        f"< {BOOK_SECONDS:.0f} s",
        seconds < BOOK_SECONDS,
    )


def _book(today: date) -> bytes:
    with (DATA / "houses_2000.csv").open(encoding="utf-8-sig") as source:
        flats = list(map(Flat, islice(csv.DictReader(source), MOST_ROWS)))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    labels = [column.label for column in SHEET.columns]
    sheet.append(labels)
    for number, flat in enumerate(flats):
        cells = {
            "权属证明编号": flat.cert_no,
            "室号": flat.line["room"],
            "权利人": flat.owners[0].name,
            "权利人证件号码": flat.owners[0].id_no,
            "权利人电话": PHONE,
            "共有人同意": "是",
            "月租金": "5000",
            "委托合同编号": f"BENCH-{number:05d}",
            "委托期起": today.isoformat(),
            "委托期止": (today + timedelta(days=300)).isoformat(),
        }
        sheet.append([cells.get(label, "") for label in labels])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _fill(engine: str, url: str, rows: int) -> list[str]:
    """Codes past the ORM; the last of them ended on the day of the list. Returns numbers to look for."""
    database = Database(url, sealer())
    database.dispose()
    writing = (
        sqlite_writer(url.removeprefix("sqlite:///"), [_CODES])
        if engine == "sqlite"
        else postgres_writer(url, [_CODES])
    )
    request = new_id()
    with writing as write:
        for start in range(0, rows, _BATCH):
            made = [
                _code(number, request, ended=number >= rows - LISTED)
                for number in range(start, min(start + _BATCH, rows))
            ]
            sealed = seal_rows(sealer(), _CODES, made)
            write(_CODES, [[row.get(column.name) for column in _CODES.columns] for row in sealed])
    chance = random.Random(11)
    return [_number(chance.randrange(rows)) for _ in range(max(LOOK_UPS, MOST_ROWS))]


def _number(number: int) -> str:
    return f"3101152702{number:08d}"


def _code(number: int, request: Any, *, ended: bool) -> dict[str, Any]:
    return whole_row(
        VerificationCode,
        code_no=_number(number),
        verification_id=request,
        holder_kind=RequesterKind.OWNER,
        holder_no=Sealed.of("310101199901010018"),
        state=CodeState.INVALID if ended else CodeState.VALID,
        end_reason=CodeEnd.FILED if ended else None,
        ended_on=_DAY if ended else None,
        valid_from=_DAY,
        valid_to=_DAY + timedelta(days=60),
        public={},
        district_code="310115",
    )


def _look_up(engine: str, world: World, numbers: list[str], bare: Callable[[str], Any]) -> Iterator[Figure]:
    for login, who in (("shi01", "city"), ("pdju01", "district")):
        caller = world.caller(login)
        times = in_turn(
            {
                "door": [partial(_found, world, caller, number) for number in numbers[:LOOK_UPS]],
                "bare": [partial(bare, number) for number in numbers[:LOOK_UPS]],
            }
        )
        yield below(f"a code by its number, {engine}, {who}", times["door"][5:], EXACT, baseline=times["bare"][5:])
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for value in ("核验码", *numbers[:MOST_ROWS]):
        sheet.append([value])
    kept = BytesIO()
    book.save(kept)
    started, computed = time.perf_counter(), time.process_time()
    answer = world.door.perform(find_many, world.caller("shi01"), FindMany(kept.getvalue(), "测量"))
    seconds, computed = time.perf_counter() - started, time.process_time() - computed
    assert (answer.total, answer.missing) == (MOST_ROWS, 0), answer
    yield Figure(
        f"{MOST_ROWS:,} codes of a workbook answered, {engine}",
        f"{seconds:.2f} s, {computed:.2f} s computed",
        target="< 5 s",
        met=seconds < 5,
    )


def _found(world: World, caller: Caller, number: str) -> None:
    assert world.door.ask(CODES.query, caller, ListRows({"number": number})).total == 1


def _daily_list(engine: str, world: World) -> Figure:
    """All pages of a long list; the memory of the last is that of the first."""
    partner = Caller("bench", (Scope(Role.PARTNER, ScopeKind.ORGANISATION, "bench"),))
    peaks: list[float] = []
    sizes, after = 0, ""
    tracemalloc.start()
    started = time.perf_counter()
    while True:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        page = world.door.ask(ended_codes, partner, AskEnded(_DAY, after))
        peaks.append((tracemalloc.get_traced_memory()[1] - before) / 1e6)
        sizes += len(page.codes)
        if not (after := page.next):
            break
    seconds = time.perf_counter() - started
    tracemalloc.stop()
    assert sizes == LISTED, sizes
    return Figure(
        f"daily list of {LISTED:,} codes, {engine}",
        f"{seconds:.2f} s, at most {max(peaks[1:]):.1f} MB a page",
        f"the second page of {PAGE:,}: {peaks[1]:.1f} MB",
        f"{max(peaks[1:]) / peaks[1]:.2f}x",
        "constant memory",
        max(peaks[1:]) < peaks[1] * 1.5,
    )


@contextmanager
def _driver(url: str) -> Iterator[Callable[[str], Any]]:
    """Look a code up by the engine's own driver on one connection."""
    wanted = "SELECT c.* FROM verification_code c WHERE c.code_no = "
    if url.startswith("sqlite"):
        plain = sqlite3.connect(url.removeprefix("sqlite:///"))
        try:
            yield lambda number: plain.execute(f"{wanted}?", (number,)).fetchall()
        finally:
            plain.close()
    else:
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
            yield lambda number: connection.execute(f"{wanted}%s".encode(), (number,)).fetchall()
