"""The self-check says of each part whether it stands, and what is to be done where it does not (M4)."""

import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.alarms import Alarm
from models.dialect import Database
from models.engine import JobLease
from models.operations import Backup
from printing import fonts
from services.audit.jobs import Beat, heartbeat
from services.engine.alarms import Trouble, tell_silent_system
from services.engine.callers import SYSTEM
from services.engine.refusals import NotAllowed
from services.engine.work import Work
from services.operations import self_check as checks
from services.operations.diagnosis import diagnosis
from services.operations.readiness import LEAST_FREE
from services.operations.self_check import CHECKS, Checked, self_check
from services.ports.place import Place
from tests.services.operations.test_system_health import keep_backup
from tests.world import World


@pytest.fixture(autouse=True)
def somewhere(world: World, tmp_path: Path) -> None:
    world.door.house.folders = Place(tmp_path, tmp_path)


def look(world: World) -> dict[str, Checked]:
    return {one.id: one for one in world.door.ask(self_check, world.caller("xitong01"))}


def seen(world: World, name: str) -> tuple[str, str]:
    found = look(world)[name]
    return found.light.tone, found.words


def test_every_check_is_made_and_what_is_not_well_says_what_to_do(world: World) -> None:
    world.door.perform(heartbeat, SYSTEM, Beat())
    world.act(lambda work: keep_backup(work, "new.shfb", 1))
    found = look(world)
    assert list(found) == list(CHECKS)
    assert {one.light.tone for one in found.values()} <= {"good", "warn", "bad"}
    for one in found.values():
        assert (one.to_do == "") == (one.light.tone == "good"), one
    for name in ("database", "migration", "crypto", "worker", "backup", "fonts", "integrity", "replica", "partners"):
        assert found[name].light.tone == "good", found[name]


def test_a_part_that_fails_is_red_and_the_others_are_still_checked(world: World, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'missing' / 'gone.db'}"

    def apart(work: Work) -> tuple[Checked, ...]:
        work.house = replace(work.house, database=Database(url))
        return self_check(work, None)

    found = {one.id: one for one in world.read(apart)}
    assert found["database"].light.tone == "bad"
    assert found["migration"].light.tone == "good"


def test_a_schema_of_another_version_is_red(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "newest_revision", lambda: "9999")
    tone, words = seen(world, "migration")
    assert (tone, "程序为 9999" in words) == ("bad", True)


@pytest.mark.parametrize(("free", "tone"), [(LEAST_FREE - 1, "bad"), (LEAST_FREE * 2, "warn"), (10**11, "good")])
def test_a_disk_that_fills_is_told_before_it_is_full(
    world: World, monkeypatch: pytest.MonkeyPatch, free: int, tone: str
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12, free))
    assert seen(world, "disk")[0] == tone


def test_a_silent_system_a_failed_job_and_an_old_backup_are_told(world: World) -> None:
    world.door.perform(tell_silent_system, SYSTEM, Trouble("police"))
    world.act(
        lambda work: work.add(
            JobLease(job="backup.daily", holder="", until=work.at, last_run_at=work.at, last_result="failed")
        )
    )
    world.act(only_an_old_backup)
    found = look(world)
    assert found["partners"].light.tone == "bad"
    assert "公安" in found["partners"].words
    assert (found["jobs"].light.tone, found["backup"].light.tone) == ("warn", "bad")
    assert "备份" in found["jobs"].words


def test_answers_of_no_use_raise_an_alarm_of_their_own(world: World) -> None:
    world.door.perform(tell_silent_system, SYSTEM, Trouble("商品房销售系统", "应答不是有效的JSON"))
    alarm = world.read(lambda work: work.only(Alarm, Alarm.alarm_code == "UPSTREAM.USELESS"))
    assert alarm.subject == "商品房销售系统的应答连续多次不能使用（应答不是有效的JSON），请联系对方核对接口"


def only_an_old_backup(work: Work) -> None:
    for backup in work.rows(Backup):
        work.session.delete(backup)
    work.session.flush()
    keep_backup(work, "old.shfb", 30)


def test_a_worker_that_is_silent_is_red(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "newest_beat", lambda work: work.at - timedelta(minutes=20))
    tone, words = seen(world, "worker")
    assert (tone, "分钟前" in words) == ("bad", True)


def test_a_missing_font_is_red(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "PACKED", tmp_path)
    monkeypatch.setattr(fonts.FONTS, "folder", tmp_path)
    assert seen(world, "fonts")[0] == "bad"


def test_the_lights_are_the_administrators(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.door.ask(self_check, world.caller("huamu01"))


def test_support_reads_numbers_and_no_content_on_either_engine(world: World) -> None:
    told = world.door.ask(diagnosis, SYSTEM)
    assert told.revision == told.newest_revision
    assert told.engine.startswith(("SQLite", "PostgreSQL"))
    assert {"account", "audit_event"} <= told.tables.keys()
    assert {job.name for job in told.jobs} >= {"backup.daily"}
    with pytest.raises(NotAllowed):
        world.door.ask(diagnosis, world.caller("xitong01"))
