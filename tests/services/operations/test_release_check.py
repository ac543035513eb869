"""The tree is checked at start and every night: told to the audit, and an alarm where it matters (M4, D18, H72)."""

from uuid import uuid4

import pytest
from sqlmodel import col, select

from models.alarms import Alarm
from models.audit import AuditEvent
from services.engine.callers import SYSTEM
from services.engine.jobs import run_job
from services.operations.release import check_release
from services.ports.release import Installed, ReleaseState
from tests.world import World


def last(world: World) -> AuditEvent:
    statement = select(AuditEvent).where(AuditEvent.event == "RELEASE.VERIFY").order_by(col(AuditEvent.seq).desc())
    found: AuditEvent = world.read(lambda work: work.session.exec(statement.limit(1)).one())
    return found


def alarms(world: World) -> int:
    statement = select(Alarm.times).where(Alarm.alarm_code == "RELEASE.VERIFY")
    return sum(world.read(lambda work: work.session.exec(statement).all()))


@pytest.mark.proves("D18", "H72")
@pytest.mark.parametrize(
    ("state", "enforced", "result", "raised"),
    [
        (ReleaseState(True, "1.0", 7, "d"), True, "ok", 0),
        (ReleaseState(True, "1.0", 7, "d", ("文件被改动：main.py",)), True, "fail", 1),
        (ReleaseState(True, "1.0", 7, "d", ("文件被改动：main.py",)), False, "fail", 1),
        (ReleaseState(False, problems=("没有发布清单",)), True, "fail", 1),
        (ReleaseState(False, problems=("没有发布清单",)), False, "ok", 0),
    ],
)
def test_a_check_is_told_and_what_is_wrong_is_an_alarm(
    world: World, state: ReleaseState, enforced: bool, result: str, raised: int
) -> None:
    """H72: the nightly check raises an alarm for a changed tree; an unsigned working copy is none outside production."""
    world.door.house.release = Installed(lambda: state, enforced)
    run_job(world.door, "alarms.watch")
    before = alarms(world)
    assert run_job(world.door, "release.check", holder=uuid4().hex)
    assert last(world).result == result
    run_job(world.door, "alarms.watch")
    assert alarms(world) - before == raised


def test_the_answer_says_whether_to_go_on(world: World) -> None:
    world.door.house.release = Installed(lambda: ReleaseState(True, problems=("x",)), enforced=True)
    assert world.door.perform(check_release, SYSTEM, None) is False
    world.door.house.release = Installed(lambda: ReleaseState(True), enforced=True)
    assert world.door.perform(check_release, SYSTEM, None) is True
