"""What cannot be told to the audit is not done: a full or read-only store rolls the business back (H70, D11)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import select

from models.audit import AuditEvent, AuditHead
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.refusals import NotAllowed, Unavailable
from services.engine.registry import Query
from tests.services.audit.conftest import Audited
from tests.services.engine.notes import EVERYBODY, Note, notes_of, noting

FAULTS = {"full": ("database or disk is full", "53100"), "read-only": ("attempt to write a readonly table", "25006")}


@contextmanager
def refusing(door: Door, fault: str) -> Iterator[None]:
    """The event table takes nothing, with the words and codes of a full disk or a read-only store."""
    words, code = FAULTS[fault]
    name = f"refusing_{uuid4().hex}"
    if door.database.sqlite:
        on = [f"CREATE TRIGGER {name} BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, '{words}'); END"]
        off = [f"DROP TRIGGER {name}"]
    else:
        body = f"BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = '{code}'; END"
        on = [
            f"CREATE FUNCTION {name}() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {name} BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
        off = [f"DROP TRIGGER {name} ON audit_event", f"DROP FUNCTION {name}"]
    _execute(door, on)
    try:
        yield
    finally:
        _execute(door, off)


def _execute(door: Door, statements: list[str]) -> None:
    with door.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def head(audited: Audited) -> tuple[int, str]:
    found = audited.world.read(lambda work: work.session.exec(select(AuditHead.seq, AuditHead.hash)).one())
    return found[0], found[1]


@pytest.mark.proves("H70", "D11")
@pytest.mark.parametrize("fault", FAULTS)
def test_h70_business_is_rolled_back_and_answered_with_503(
    audited: Audited, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    door, kind, secret = audited.world.door, uuid4().hex, "31010119900307125X"
    before = head(audited)
    with refusing(door, fault), caplog.at_level(logging.DEBUG), pytest.raises(Unavailable) as refused:
        door.perform(noting(), SYSTEM, Note(kind, secret))
    assert refused.value.status == 503
    assert "系统" in refused.value.message
    assert (notes_of(audited.world, kind), head(audited)) == ([], before)
    assert secret not in caplog.text + refused.value.message
    door.perform(noting(), SYSTEM, Note(kind))
    assert len(notes_of(audited.world, kind)) == 1
    audited.sign_all()
    assert audited.verify().ok


@pytest.mark.proves("H70")
@pytest.mark.parametrize("fault", FAULTS)
def test_h70_a_personal_question_is_not_answered_either(audited: Audited, fault: str) -> None:
    asked: Query[None, str] = Query("test.person", "问人", EVERYBODY, lambda work, order: "张三", personal=True)
    with refusing(audited.world.door, fault), pytest.raises(Unavailable) as refused:
        audited.world.door.ask(asked, SYSTEM, None)
    assert "张三" not in refused.value.message


@pytest.mark.proves("H70")
def test_h70_a_denial_that_cannot_be_told_is_503_and_nothing_is_done(audited: Audited) -> None:
    kind = uuid4().hex
    nobody = type(audited.auditor)("无岗位", ())
    with refusing(audited.world.door, "full"), pytest.raises(Unavailable):
        audited.world.door.perform(noting(), nobody, Note(kind))
    with pytest.raises(NotAllowed):
        audited.world.door.perform(noting(), nobody, Note(kind))
    told = audited.world.read(
        lambda work: work.session.exec(select(AuditEvent).where(AuditEvent.event == "AUTHZ.DENY")).all()
    )
    assert len(told) == 1
