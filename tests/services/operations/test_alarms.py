"""Every rule of the watch fires, and only those whose duty it is see what came of it (D16, D24)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from models.access import Role, ScopeKind
from models.alarms import Alarm, AlarmState
from models.audit import AuditEvent
from models.engine import Outgoing
from models.operations import Backup
from models.sealed import Sealed
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.jobs import JOBS, run_job
from services.engine.listings import ListRows
from services.engine.orders import Reasoned
from services.engine.outbox import RETRY_MINUTES, ROUTES, Delivery, Route, record
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotFound, Rejected
from services.operations.alarms import ALARMS, close_alarm, count_alarms, duty_of, see_alarm
from services.operations.security_watch import watch_standing
from services.operations.watches import BURSTS, SINGLES, Burst, Single
from tests.world import World


def watched(world: World) -> list[Alarm]:
    """The alarms the watch raises for what was told since it last looked."""
    before = {alarm.id: alarm.times for alarm in alarms(world)}
    assert run_job(world.door, "alarms.watch")
    return [alarm for alarm in alarms(world) if before.get(alarm.id) != alarm.times]


def alarms(world: World) -> list[Alarm]:
    found: list[Alarm] = world.read(lambda work: work.session.exec(select(Alarm)).all())
    return found


def somebody(role: Role = Role.STREET_CLERK) -> Caller:
    return Caller("测试", (Scope(role, ScopeKind.CITY),), account_id=uuid4())


@pytest.fixture(autouse=True)
def nothing_waits(world: World) -> None:
    run_job(world.door, "alarms.watch")


def test_the_watch_looks_often_enough() -> None:
    assert JOBS["alarms.watch"].every <= 30


@pytest.mark.proves("D16")
@pytest.mark.parametrize("rule", SINGLES, ids=lambda rule: rule.alarm_code)
def test_an_event_that_is_an_alarm_is_raised_once(world: World, rule: Single) -> None:
    reasons = {"AUTH.FAIL": "DORMANT", "JOB.RUN": "failed"}
    who, about = somebody(), str(uuid4())
    world.door.tell(
        who, rule.event, "job.x", result="fail", reason=reasons.get(rule.event, ""), kind="account", object_id=about
    )
    raised = watched(world)
    assert [(alarm.alarm_code, alarm.times) for alarm in raised] == [(rule.alarm_code, 1)]
    assert raised[0].object_key == ("job.x" if rule.event == "JOB.RUN" else about)
    assert watched(world) == []


def test_an_event_of_the_same_kind_that_is_none_is_not_raised(world: World) -> None:
    for event, result, reason in (
        ("AUTH.FAIL", "deny", "PASSWORD"),
        ("RELEASE.VERIFY", "ok", ""),
        ("JOB.RUN", "ok", ""),
    ):
        world.door.tell(somebody(), event, "test", result=result, reason=reason)
    assert watched(world) == []


@pytest.mark.proves("D16")
@pytest.mark.parametrize("rule", BURSTS, ids=lambda rule: rule.alarm_code)
def test_a_burst_is_raised_when_it_is_one(world: World, rule: Burst) -> None:
    enough = world.read(lambda work: work.thresholds.integer(rule.count))
    who = somebody()
    for _ in range(enough - 1):
        world.door.tell(who, rule.event, "test", result="deny")
    if rule.by:
        world.door.tell(somebody(), rule.event, "test", result="deny")
    assert watched(world) == []
    world.door.tell(who, rule.event, "test", result="deny")
    raised = watched(world)
    assert [alarm.alarm_code for alarm in raised] == [rule.alarm_code]
    assert raised[0].object_key == (str(who.account_id) if rule.by else "")
    assert str(enough) in raised[0].subject


def test_trouble_that_was_told_with_its_alarm_is_not_told_twice(world: World) -> None:
    def find(work: Any) -> None:
        work.trail.tell("INTEGRITY.FAIL", "test", kind="house", object_id="one")
        raise_alarm(work, "INTEGRITY.FAIL", "房屋记录被改动", kind="house", key="one")

    world.act(find)
    assert watched(world) == []


@pytest.mark.proves("D16")
def test_a_dead_letter_is_an_alarm_of_the_city(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    way = Route(lambda systems, payload, request: "", lambda work, row: None)
    monkeypatch.setitem(ROUTES, ("test_system", "push"), way)
    message = Outgoing(
        system="test_system",
        operation="push",
        business_key=uuid4().hex,
        object_kind="x",
        object_id=uuid4(),
        request_id=uuid4().hex,
        payload=Sealed.of_json({}),
        attempts=len(RETRY_MINUTES) + 1,
        next_at=world.door.clock.now() + timedelta(days=400),
    )
    world.act(lambda work: work.add(message) and None)
    world.door.perform(record, SYSTEM, Delivery(message.id, "", "NoAnswer", 5))
    (raised,) = watched(world)
    assert (raised.alarm_code, raised.object_key) == ("OUTBOX.DEAD", "test_system")
    city, auditor = somebody(Role.CITY_CENTER), somebody(Role.AUDITOR)
    assert raised.id in seen(world, city)
    assert raised.id not in seen(world, auditor)


@pytest.mark.proves("D16", "D21")
def test_a_backup_that_is_overdue_is_raised_once_while_it_stands(world: World) -> None:
    def made(work: Any, hours: int) -> None:
        for row in work.session.exec(select(Backup)).all():
            work.session.delete(row)
        work.add(
            Backup(
                file_name=uuid4().hex,
                made_at=work.at - timedelta(hours=hours),
                size=1,
                file_sm3="0",
                row_count=1,
                audit_seq=1,
                audit_hash="0",
            )
        )

    world.act(lambda work: made(work, 2))
    assert watched(world) == []
    world.act(lambda work: made(work, 27))
    assert [alarm.alarm_code for alarm in watched(world)] == ["BACKUP.OVERDUE"]
    assert watched(world) == []
    world.act(lambda work: made(work, 1))


class Ending:
    """A provider whose audit key ends in ten days, otherwise the real one."""

    def __init__(self, days: int) -> None:
        self.days = days

    def keys(self, use: str = "") -> Any:
        from services.engine.clock import system_now
        from services.ports.crypto import KeyInfo

        until = system_now() + timedelta(days=self.days)
        return [KeyInfo("sig.audit.1", "sig.audit", "sig", "active", system_now(), until)]


@pytest.mark.proves("D16")
def test_a_key_near_its_end_is_raised_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.door.house, "crypto", Ending(31))
    assert world.door.perform(watch_standing, SYSTEM, None) == 0
    monkeypatch.setattr(world.door.house, "crypto", Ending(10))
    assert [alarm.object_key for alarm in watched(world)] == ["sig.audit.1"]
    assert watched(world) == []


# Duties


def seen(world: World, caller: Caller) -> set[UUID]:
    return {line.id for line in world.door.ask(ALARMS.query, caller, ListRows(paging=Paging(size=200))).lines}


def raised(world: World, code: str) -> UUID:
    def make(work: Any) -> UUID:
        return raise_alarm(work, code, "测试告警", kind="test", key=uuid4().hex).id

    found: UUID = world.act(make)
    return found


@pytest.mark.proves("D24")
@pytest.mark.parametrize("code", ["KEY.EXPIRY", "BACKUP.FAIL", "AUDIT.GAP", "DEV.TAMPER", "OUTBOX.DEAD", "NEW.KIND"])
def test_an_alarm_is_seen_and_closed_by_those_whose_duty_it_is(world: World, code: str) -> None:
    alarm = raised(world, code)
    for role in (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR, Role.CITY_CENTER):
        caller = somebody(role)
        assert (alarm in seen(world, caller)) == (role in duty_of(code)), role
        if role not in duty_of(code):
            with pytest.raises(NotFound):
                world.door.perform(see_alarm, caller, alarm)
            with pytest.raises(NotFound):
                world.door.perform(close_alarm, caller, Reasoned(alarm, "已处理完毕"))


def test_an_alarm_is_looked_into_and_closed_with_what_was_done(world: World) -> None:
    alarm, who = raised(world, "KEY.EXPIRY"), somebody(Role.SEC_ADMIN)
    before = world.door.ask(count_alarms, who)
    world.door.perform(see_alarm, who, alarm)
    assert world.door.ask(count_alarms, who) == before - 1
    with pytest.raises(Conflict):
        world.door.perform(see_alarm, who, alarm)
    with pytest.raises(Rejected):
        world.door.perform(close_alarm, who, Reasoned(alarm, " 好 "))
    world.door.perform(close_alarm, who, Reasoned(alarm, "已轮换密钥"))
    row = next(row for row in alarms(world) if row.id == alarm)
    assert (row.state, row.closing_note, row.seen_by) == (AlarmState.CLOSED, "已轮换密钥", who.account_id)
    told = select(AuditEvent.act).where(AuditEvent.object_id == str(alarm)).order_by(col(AuditEvent.seq))
    assert world.read(lambda work: work.session.exec(told).all())[-2:] == ["see", "close"]


def test_the_same_trouble_after_closing_is_a_new_alarm(world: World) -> None:
    def raise_it(work: Any) -> UUID:
        return raise_alarm(work, "KEY.EXPIRY", "密钥将到期", kind="key", key="dek.x.1").id

    who = somebody(Role.SEC_ADMIN)
    first = world.act(raise_it)
    assert world.act(raise_it) == first
    world.door.perform(close_alarm, who, Reasoned(first, "已轮换密钥"))
    assert world.act(raise_it) != first


def test_the_list_is_paged_within_bounds(world: World) -> None:
    _: Callable[..., object]
    with pytest.raises(Rejected):
        world.door.ask(ALARMS.query, somebody(Role.AUDITOR), ListRows(paging=Paging(size=100_000)))
