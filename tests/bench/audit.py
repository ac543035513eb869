"""The audit: a million events verified on two cores, and how long a checkpoint holds a writer (security.md 6)."""

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import event

from models.audit import AuditCheckpoint, AuditEvent
from models.columns import new_id
from models.dialect import Database
from services.audit.checkpoints import MakeCheckpoint, checkpoint, make_checkpoint
from services.audit.sources import DatabaseSource
from services.audit.statement import NOTHING_BEFORE, root_of, statement_at
from services.audit.verification import verify
from services.audit.verification_runs import own_keys
from services.engine.audit import CHAIN, canonical, event_hash, event_time, genesis_hash
from services.engine.callers import SYSTEM
from services.engine.registry import Action
from tests.bench.bulk import Writer, postgres_writer, sqlite_writer
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, percentile, told
from tests.world import World, provider

SECONDS, HELD = 60.0, 0.020
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
TABLES: list[sa.Table] = [AuditEvent.__table__, AuditCheckpoint.__table__]  # type: ignore[attr-defined]
WINDOW = 1000


def bench(ground: Ground, arguments: argparse.Namespace) -> Iterator[Figure]:
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url:
            yield told(_verified(engine, url, arguments.rows))
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            yield from map(told, _held(engine, world))


def _verified(engine: str, url: str, rows: int) -> Figure:
    with ExitStack() as stack:
        if engine == "sqlite":
            write = stack.enter_context(sqlite_writer(url.removeprefix("sqlite:///"), TABLES))
        else:
            write = stack.enter_context(postgres_writer(url, TABLES))
        _fill(write, rows)
    started = time.perf_counter()
    report = verify(DatabaseSource(Database(url).url), own_keys(provider()))
    seconds = time.perf_counter() - started
    assert (report.fault, report.events) == (None, rows)
    return Figure(
        f"audit verify, {rows:,} events, {report.checkpoints:,} checkpoints, {engine}",
        f"{seconds:.1f} s",
        f"{seconds / rows * 1e6:.0f} us an event",
        "",
        f"< {SECONDS * rows / 1_000_000:.0f} s",
        seconds < SECONDS * rows / 1_000_000,
    )


def _fill(write: Writer, rows: int) -> None:
    """A chain as the product writes it, with a signed checkpoint every thousand events."""
    prev, before, hashes, batch = genesis_hash(CHAIN), NOTHING_BEFORE, [], []
    account, org = str(uuid4()), str(uuid4())
    for seq in range(1, rows + 1):
        at = FIRST + timedelta(milliseconds=17 * seq)
        target, request = str(uuid4()), uuid4().hex
        said: dict[str, Any] = {"act": "tenancy.file", "chain": CHAIN, "det": {"case": target, "ver": 1}, "dig": prev}
        said |= {"evt": "DATA.CREATE", "ip": "10.1.2.3", "obj_id": target, "obj_t": "lease_filing", "org": org}
        said |= {"prev": prev, "req": request, "res": "ok", "role": "STREET_CLERK", "rsn": "", "seq": seq, "sev": 6}
        said |= {"sid": "5f2a9c0b7d1e4a63", "ts": event_time(at), "uid": account, "v": 1}
        body = canonical(said)
        digest = event_hash(body)
        row: list[Any] = [new_id(), CHAIN, seq, at, "DATA.CREATE", 6, account, "STREET_CLERK", org, "lease_filing"]
        batch.append([*row, target, "tenancy.file", "ok", request, body, prev, digest])
        hashes.append(digest)
        prev = digest
        if len(hashes) == WINDOW or seq == rows:
            before = _sign(write, seq - len(hashes) + 1, seq, hashes, before, at)
            hashes = []
        if len(batch) == 20_000 or seq == rows:
            write(TABLES[0], batch)
            batch = []


def _sign(write: Writer, first: int, last: int, hashes: Sequence[str], before: str, at: datetime) -> str:
    said = statement_at(
        CHAIN, first, last, hash=hashes[-1], root=root_of(hashes), previous=before, at=at, key="sig.audit.1"
    )
    signature = provider().sign("sig.audit", said.text.encode())
    row = [new_id(), CHAIN, first, last, at, said.text, said.digest, said.key, "", signature.sig_b64]
    write(TABLES[1], [row])
    return said.digest


def _held(engine: str, world: World) -> Iterator[Figure]:
    """How long the transaction of a checkpoint over a thousand events stands, beside that of an ordinary event."""
    ordinary: Action[Any, None] = Action("bench.tell", "测试", frozenset(SYSTEM.roles), _tell)
    checkpoint(world.door, at_once=True)
    plain: list[float] = []
    signed: list[float] = []
    for _ in range(20):
        for _ in range(WINDOW // 50):
            with _holding(world, plain):
                world.door.perform(ordinary, SYSTEM, 1)
            world.door.perform(ordinary, SYSTEM, 49)
        with _holding(world, signed):
            assert world.door.perform(make_checkpoint, SYSTEM, MakeCheckpoint()) == WINDOW or signed
    yield Figure(
        f"a checkpoint of 1,000 events holds a writer, {engine}",
        f"p50 {percentile(signed, 0.5) * 1000:.1f} ms, max {max(signed) * 1000:.1f} ms",
        f"one event: p50 {percentile(plain, 0.5) * 1000:.1f} ms, max {max(plain) * 1000:.1f} ms",
        f"{percentile(signed, 0.5) / percentile(plain, 0.5):.1f}x p50",
        f"max < {HELD * 1000:.0f} ms",
        max(signed) < HELD,
    )


def _tell(work: Any, count: int) -> None:
    for _ in range(count):
        work.trail.tell("DATA.STATE", "bench.tell")


@contextmanager
def _holding(world: World, times: list[float]) -> Iterator[None]:
    """How long others wait: on SQLite from the start of the writing transaction, on PostgreSQL from the head's lock."""
    began: list[float] = []
    database = world.door.database

    def begin(connection: sa.Connection) -> None:
        if database.sqlite and connection.info.get("writer"):
            began.append(time.perf_counter())

    def execute(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not database.sqlite and "audit_head" in statement and "FOR UPDATE" in statement:
            began.append(time.perf_counter())

    event.listen(database.engine, "begin", begin)
    event.listen(database.engine, "before_cursor_execute", execute)
    try:
        yield
    finally:
        event.remove(database.engine, "begin", begin)
        event.remove(database.engine, "before_cursor_execute", execute)
    times.append(time.perf_counter() - began[-1])
