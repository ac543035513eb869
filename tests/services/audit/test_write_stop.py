"""Nothing is done while the audit cannot be signed for too long; silence and clocks are told (D11, M6, H70)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from models.access import Role
from models.alarms import Alarm
from models.audit import AuditEvent
from services.access.sign_in import SignIn, sign_in
from services.audit.checkpoints import checkpoint
from services.audit.console import EVENTS
from services.audit.jobs import Beat, heartbeat, sign_and_copy, watch
from services.engine import audit as engine_audit
from services.engine.callers import SYSTEM
from services.engine.clock import ClockWatch, system_now
from services.engine.jobs import JOBS, run_job
from services.engine.listings import ListRows
from services.engine.refusals import Unavailable
from services.engine.write_stop import STOPPED
from tests.services.audit.conftest import Audited
from tests.services.engine.notes import Note, notes_of, noting

Switch = Callable[[bool], None]


def alarms(audited: Audited) -> set[str]:
    return set(audited.world.read(lambda work: work.session.exec(select(Alarm.alarm_code)).all()))


def unsigned_for(audited: Audited, minutes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """So much time passes for the write stop."""
    later = system_now() + timedelta(minutes=minutes)
    monkeypatch.setattr("services.engine.write_stop.system_now", lambda: later)
    audited.world.door.write_stop.look_again()


@pytest.mark.proves("M6", "D11")
def test_business_stops_when_the_head_stays_unsigned_and_goes_on_when_it_is_signed(
    audited: Audited, silence: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, kind = audited.world.door, uuid4().hex
    # Events of the copied database are as old as its template.
    audited.sign_all()
    audited.tell()
    silence(True)
    sign_and_copy(door, at_once=True)
    assert "AUDIT.UNSIGNED" in alarms(audited)
    unsigned_for(audited, 29, monkeypatch)
    door.perform(noting(), SYSTEM, Note(kind))
    unsigned_for(audited, 31, monkeypatch)
    with pytest.raises(Unavailable, match=STOPPED):
        door.perform(noting(), SYSTEM, Note(kind))
    assert len(notes_of(audited.world, kind)) == 1
    door.perform(watch, SYSTEM, None)
    assert "AUDIT.STOPPED" in alarms(audited)
    assert door.ask(EVENTS.query, audited.auditor, ListRows()).total
    silence(False)
    monkeypatch.undo()
    assert checkpoint(door, at_once=True)
    door.perform(noting(), SYSTEM, Note(kind))
    assert len(notes_of(audited.world, kind)) == 2
    assert audited.verify().ok


@pytest.mark.proves("M6")
@pytest.mark.parametrize(
    ("login", "let_in"), [("huamu01", False), ("shi01", False), ("anquan01", True), ("shenji01", True)]
)
def test_only_who_looks_after_security_and_audit_may_sign_in_meanwhile(
    audited: Audited, monkeypatch: pytest.MonkeyPatch, login: str, let_in: bool
) -> None:
    audited.tell()
    unsigned_for(audited, 31, monkeypatch)
    answer = audited.world.door.perform(sign_in, SYSTEM, SignIn(login, "", "127.0.0.1", demo=True))
    assert answer.ok is let_in
    assert answer.message == ("" if let_in else STOPPED)
    last = audited.world.read(
        lambda work: work.session.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1)).one()
    )
    assert ("WRITE_STOP" in last.body) is not let_in


def test_jobs_rest_while_business_is_stopped_except_those_of_the_audit(
    audited: Audited, silence: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    audited.tell()
    unsigned_for(audited, 31, monkeypatch)
    assert not run_job(audited.world.door, "outbox.send" if "outbox.send" in JOBS else next(iter(JOBS)))
    before = system_now()
    assert run_job(audited.world.door, "audit.checkpoint")
    assert before


def test_the_look_is_not_taken_with_every_action(audited: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    stop = audited.world.door.write_stop
    audited.tell()
    monkeypatch.setattr(type(stop), "_look", lambda self: looked.append(1))
    audited.tell(20)
    assert len(looked) <= 2


@pytest.mark.proves("D11")
def test_a_heartbeat_that_was_left_out_raises_an_alarm_once(audited: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    door = audited.world.door
    door.perform(heartbeat, SYSTEM, Beat())
    assert door.perform(watch, SYSTEM, None) == 0
    later = system_now() + timedelta(minutes=11)
    monkeypatch.setattr("services.engine.door.system_now", lambda: later)
    assert door.perform(watch, SYSTEM, None) == 1
    assert door.perform(watch, SYSTEM, None) == 0
    assert "AUDIT.SILENT" in alarms(audited)


def test_a_silence_that_was_announced_is_none(audited: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    door = audited.world.door
    door.perform(heartbeat, SYSTEM, Beat(stopping=True))
    later = system_now() + timedelta(hours=11)
    monkeypatch.setattr("services.engine.door.system_now", lambda: later)
    door.perform(heartbeat, SYSTEM, Beat())
    assert "AUDIT.SILENT" not in alarms(audited)


@pytest.mark.proves("D11")
@pytest.mark.parametrize(("minutes", "reason"), [(-10, "BACK"), (10, "FORWARD")])
def test_a_clock_that_jumps_is_told_before_anything_else(
    audited: Audited, monkeypatch: pytest.MonkeyPatch, minutes: int, reason: str
) -> None:
    audited.tell()
    moved = lambda: system_now() + timedelta(minutes=minutes)  # noqa: E731
    monkeypatch.setattr(engine_audit, "system_now", moved)
    audited.tell(2)
    jumps = audited.world.read(
        lambda work: work.session.exec(select(AuditEvent).where(AuditEvent.event == "TIME.JUMP")).all()
    )
    assert [f'"rsn":"{reason}"' in jump.body for jump in jumps] == [True]
    assert jumps[0].account == "system"
    monkeypatch.undo()
    audited.world.door.house.clock_watch.wall = None
    assert audited.verify().ok
    assert audited.world.door.perform(watch, SYSTEM, None) >= 1
    assert "TIME.JUMP" in alarms(audited)


@pytest.mark.both_engines
@pytest.mark.proves("D24")
def test_a_clock_off_the_database_hosts_is_an_alarm(audited: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    audited.world.door.perform(watch, SYSTEM, None)
    assert "TIME.OFFSET" not in alarms(audited)
    monkeypatch.setattr("services.audit.jobs.system_now", lambda: system_now() + timedelta(seconds=3))
    audited.world.door.perform(watch, SYSTEM, None)
    assert ("TIME.OFFSET" in alarms(audited)) is not audited.world.door.database.sqlite


def test_a_clock_that_runs_as_time_does_has_not_jumped() -> None:
    watch_ = ClockWatch()
    now = system_now()
    assert not watch_.jump(now, now - timedelta(days=3))
    watch_.settle(now)
    assert not watch_.jump(system_now(), now)
    assert watch_.jump(now - timedelta(seconds=5), now) < timedelta(seconds=-4)


@pytest.mark.proves("D11", "H70")
def test_events_have_rising_times_however_long_their_transaction_took(audited: Audited) -> None:
    door = audited.world.door
    audited.tell()
    door.perform(noting(lambda work: setattr(work.trail, "at", system_now() - timedelta(minutes=5))), SYSTEM, Note("x"))
    rows = audited.world.read(lambda work: work.session.exec(select(AuditEvent.at).order_by(col(AuditEvent.seq))).all())
    assert list(rows) == sorted(rows)
    assert Role.AUDITOR
