"""How the installation stands is told in one look, to those whose duty it is (M3, M4, D21, D22)."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from models.alarms import Alarm
from models.engine import JobLease
from models.operations import Backup, DeviceManifest, Erasure
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.jobs import TakeLease, run_job, take_lease
from services.engine.refusals import NotAllowed
from services.engine.work import Work
from services.operations.system_health import Standing, standing
from services.ports.place import Place
from tests.world import World


@pytest.fixture(autouse=True)
def somewhere(world: World, tmp_path: Path) -> None:
    world.door.house.folders = Place(tmp_path, tmp_path / "backups", tmp_path / "second", backup_keep_days=45)


def look(world: World, login: str = "xitong01") -> Standing:
    return world.door.ask(standing, world.caller(login))


def keep_backup(work: Work, name: str, hours: int) -> None:
    """A backup that was made some hours ago."""
    digest = "0" * 64
    work.add(
        Backup(
            file_name=name,
            made_at=work.at - timedelta(hours=hours),
            size=3 << 20,
            file_sm3=digest,
            row_count=5,
            audit_seq=1,
            audit_hash=digest,
        )
    )


@pytest.mark.proves("D21")
def test_a_backup_that_is_too_old_is_told_as_overdue(world: World) -> None:
    world.act(lambda work: keep_backup(work, "old.shfb", 30))
    told = look(world)
    assert (told.overdue, told.keep_days, told.copied) == (True, 45, True)
    assert [(line.file_name, line.removed_at) for line in told.backups] == [("old.shfb", None)]
    world.act(lambda work: keep_backup(work, "new.shfb", 1))
    told = look(world, "shenji01")
    assert not told.overdue
    assert [line.file_name for line in told.backups] == ["new.shfb", "old.shfb"]


@pytest.mark.proves("M3")
def test_a_host_stands_with_its_newest_list_and_whether_something_differs(world: World) -> None:
    def collect(work: Work, hours: int, lines: int) -> None:
        at = work.at - timedelta(hours=hours)
        row = DeviceManifest(
            host="db01", made_at=at, file_name=f"{lines}.json", body_sm3="0" * 64, lines=lines, kid="sig.audit.1",
            signature="",
        )  # fmt: skip
        work.add(row)

    world.act(lambda work: collect(work, 20, 10))
    world.act(lambda work: collect(work, 2, 12))
    (host,) = look(world).hosts
    assert (host.newest.host, host.lists, host.newest.lines, host.state) == ("db01", 2, 12, "一致")
    world.act(lambda work: raise_alarm(work, "DEV.TAMPER", "有变动", kind="host", key="db01") and None)
    (host,) = look(world).hosts
    assert host.state == "有变动待处置"
    assert world.read(lambda work: work.session.exec(select(Alarm.object_key)).all()) == ["db01"]


def test_tasks_are_told_with_their_last_run(world: World) -> None:
    assert run_job(world.door, "access.sign")
    jobs = {job.id: job for job in look(world).jobs}
    assert jobs["access.sign"].last_at is not None
    assert (jobs["access.sign"].ok, jobs["backup.daily"].when) == (True, "每日 02:10")
    world.door.perform(take_lease, SYSTEM, TakeLease("flows.weekly", 1, "test"))
    world.act(lambda work: _fail(work, "flows.weekly"))
    (failed,) = [job for job in look(world).jobs if job.id == "flows.weekly"]
    assert (failed.ok, failed.result) == (False, "失败")


def _fail(work: Work, name: str) -> None:
    row = work.session.exec(select(JobLease).where(col(JobLease.job) == name)).one()
    row.last_result = "failed"
    work.session.add(row)


@pytest.mark.proves("D22")
def test_erasures_are_told_with_their_table(world: World) -> None:
    world.act(
        lambda work: (
            work.add(Erasure(at=work.at, erased_from="notice", purpose="到期通知", rule="1年", row_count=7)) and None
        )
    )
    (line,) = look(world).erasures
    assert (line.erased_from, line.row_count) == ("notice", 7)


@pytest.mark.proves("D24", "H17")
@pytest.mark.parametrize("login", ["huamu01", "anquan01", "shi01"])
def test_nobody_else_is_told(world: World, login: str) -> None:
    with pytest.raises(NotAllowed):
        look(world, login)
