"""The audit trail: one unbroken chain, never changed, never left out (security 6, H68, H70)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from models.audit import AuditEvent, AuditHead
from models.sealing import sm3_hex
from services.engine.audit import CHAIN, canonical, event_hash, genesis_hash
from services.engine.callers import SYSTEM
from services.engine.refusals import Refusal, Unavailable
from services.engine.registry import Query
from services.engine.work import Work
from tests.services.engine.notes import EVERYBODY, Note, drawn, notes_of, noting
from tests.world import World, at_once

VECTOR = (
    '{"act":"login","chain":"app","det":{"factors":["cert","pwd"]},"dig":"","evt":"AUTH.LOGIN","ip":"10.1.2.3",'
    '"obj_id":"","obj_t":"session","org":"310115",'
    '"prev":"72560f15d34be9eaf33da41f9bc3293299b4b34b11371fb1fbb9fabb4f0400d3","req":"req-01JD8Z6Q4T","res":"ok",'
    '"role":"R_CLERK","rsn":"","seq":1,"sev":6,"sid":"5f2a9c0b7d1e4a63","ts":"2026-11-24T02:00:00.123Z",'
    '"uid":"u-1001","v":1}'
)


def chain(world: World) -> list[AuditEvent]:
    return list(world.read(lambda work: work.session.exec(select(AuditEvent).order_by(col(AuditEvent.seq))).all()))


def assert_unbroken(world: World) -> None:
    """Every event stands on the one before it, and the head is the last."""
    prev, seq = genesis_hash(CHAIN), 0
    for event in chain(world):
        seq += 1
        body = json.loads(event.body)
        assert (event.seq, body["seq"]) == (seq, seq)
        assert event.prev == body["prev"] == prev
        assert event.hash == sm3_hex(b"AUD1\n" + event.body.encode())
        assert event.body == canonical(body)
        prev = event.hash
    head = world.read(lambda work: work.session.exec(select(AuditHead)).one())
    assert (head.seq, head.hash) == (seq, prev)


def test_the_vector_of_the_specification_comes_out() -> None:
    assert genesis_hash("app") == "72560f15d34be9eaf33da41f9bc3293299b4b34b11371fb1fbb9fabb4f0400d3"
    assert canonical(json.loads(VECTOR)) == VECTOR
    assert event_hash(VECTOR) == "42dcea8cb34bc3fa6ce81ddaab533e97cbb6f60a2227fb46e84e6788eccec353"


def test_the_chain_is_unbroken_after_racing_writers_and_refusals(world: World) -> None:
    kind = uuid4().hex

    def refuse(work: Work) -> None:
        raise Refusal("不")

    before = len(chain(world))
    calls = [lambda: world.door.perform(noting(), SYSTEM, Note(kind))] * 6
    calls += [lambda: world.door.perform(noting(refuse), SYSTEM, Note(kind))] * 4
    at_once(calls)
    # The counter that each note's number is drawn from is logged beside the note.
    assert len(chain(world)) == before + 10 + 6
    assert_unbroken(world)


def test_an_event_that_was_changed_no_longer_fits_the_chain(world: World) -> None:
    world.door.perform(noting(), SYSTEM, Note(uuid4().hex))
    event = chain(world)[-1]
    assert event_hash(event.body.replace('"uid":"system"', '"uid":"sysadmin"')) != event.hash


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET act = 'x'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_to_change_the_trail(world: World, statement: str) -> None:
    world.door.perform(noting(), SYSTEM, Note(uuid4().hex))
    before = len(chain(world))
    with world.door.database.write() as session, pytest.raises(DBAPIError, match="audit is append only"):
        session.connection().execute(text(statement))
    assert len(chain(world)) == before


def test_an_event_holds_no_number_name_or_phone(world: World) -> None:
    caller = world.caller("shi01")
    world.door.perform(noting(), caller, Note(uuid4().hex))
    assert caller.name not in chain(world)[-1].body


@contextmanager
def no_room_for_events(world: World) -> Iterator[None]:
    """The event table takes nothing for a while, as on a full disk."""
    # A pooled SQLite connection may still know a dropped trigger by its name.
    name = f"full_{uuid4().hex}"
    full, free = "ALTER TABLE audit_event RENAME TO audit_away", "ALTER TABLE audit_away RENAME TO audit_event"
    if world.door.database.sqlite:
        refuse = "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        full, free = f"CREATE TRIGGER {name} BEFORE INSERT ON audit_event {refuse}", f"DROP TRIGGER {name}"
    _execute(world, full)
    try:
        yield
    finally:
        _execute(world, free)


def _execute(world: World, statement: str) -> None:
    with world.door.database.engine.begin() as connection:
        connection.execute(text(statement))


def test_what_cannot_be_told_is_not_done(world: World) -> None:
    kind, before = uuid4().hex, drawn(world)
    with no_room_for_events(world), pytest.raises(Unavailable):
        world.door.perform(noting(), SYSTEM, Note(kind))
    assert (notes_of(world, kind), drawn(world)) == ([], before)
    assert world.door.perform(noting(), SYSTEM, Note(kind)).number
    assert_unbroken(world)


def test_a_question_that_cannot_be_told_is_not_answered(world: World) -> None:
    asked: Query[Any, str] = Query("test.person", "问人", EVERYBODY, lambda work, order: "张三", personal=True)
    with no_room_for_events(world), pytest.raises(Unavailable):
        world.door.ask(asked, SYSTEM, None)
