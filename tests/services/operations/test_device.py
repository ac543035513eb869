"""A collected log or an access setting that was touched is found the next time, with file and line (M3)."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models.alarms import Alarm, AlarmState
from models.audit import AuditEvent
from models.operations import DeviceManifest
from services.engine.callers import SYSTEM
from services.engine.jobs import run_job
from services.engine.refusals import NotFound
from services.operations.device import CollectDevice, collect_device
from services.ports.place import HostTarget, Place
from tests.world import World

LOG = "".join(f"Nov 24 10:{minute:02} host sshd: session {minute}\n" for minute in range(60))
SUDOERS = "root ALL=(ALL) ALL\n%admin ALL=(ALL) ALL\n"


class Host:
    """A small host in a folder, collected under a name of its own."""

    def __init__(self, world: World, home: Path) -> None:
        self.world, self.root, self.store = world, home / "host", home / "data"
        self.name = f"h{uuid4().hex[:12]}"
        self.own = home / "own"
        self.own.mkdir()
        (self.own / "root.key").write_text("x")
        (self.own / "root.key").chmod(0o600)
        self.write("var/log/auth.log.1", LOG)
        self.write("etc/sudoers", SUDOERS)
        self.write("etc/passwd", "root:x:0:0::/home/admin:/bin/sh\n")
        target = HostTarget(self.name, ("/var/log/*.log.[0-9]",), ("/etc/passwd", "/etc/sudoers"), self.root)
        self.world.door.house.folders = Place(
            self.store, home / "backups", targets=(target,), own_files=(str(self.own), f"{self.own}/*")
        )

    def write(self, place: str, text: str) -> None:
        (self.root / place).parent.mkdir(parents=True, exist_ok=True)
        (self.root / place).write_text(text)

    def collect(self, *, accept: bool = False) -> tuple[str, ...]:
        return self.world.door.perform(collect_device, SYSTEM, CollectDevice(self.name, accept))

    def kept(self, part: str) -> list[Path]:
        return sorted((self.store / "device" / self.name / part).iterdir())

    def alarm(self) -> Alarm | None:
        statement = select(Alarm).where(Alarm.alarm_code == "DEV.TAMPER", Alarm.object_key == self.name)
        found: Alarm | None = self.world.read(lambda work: work.session.exec(statement).first())
        return found


@pytest.fixture
def host(world: World, tmp_path: Path) -> Host:
    made = Host(world, tmp_path)
    assert made.collect() == ()
    return made


@pytest.mark.proves("M3")
def test_an_untouched_host_gives_one_signed_list_after_another(host: Host) -> None:
    assert host.collect() == ()
    statement = select(DeviceManifest).where(DeviceManifest.host == host.name).order_by(col(DeviceManifest.made_at))
    first, second = host.world.read(lambda work: work.session.exec(statement).all())
    assert (first.files, second.files) == (1, 0)
    assert second.previous_sm3 == first.body_sm3
    assert host.alarm() is None
    assert all(path.stat().st_mode & 0o077 == 0 for part in ("logs", "lines", "manifests") for path in host.kept(part))


def test_a_log_is_collected_once_however_it_is_renamed(host: Host) -> None:
    (host.root / "var/log/auth.log.1").rename(host.root / "var/log/auth.log.2")
    host.write("var/log/auth.log.1", "".join(f"Nov 25 {line}\n" for line in range(60)))
    assert host.collect() == ()
    assert len(host.kept("logs")) == 2


def edit_line(text: str, line: int, new: str) -> str:
    lines = text.splitlines(keepends=True)
    lines[line - 1] = new
    return "".join(lines)


TAMPERING: dict[str, tuple[Callable[[Host], object], str]] = {
    "a log on the host": (
        lambda host: host.write("var/log/auth.log.1", edit_line(LOG, 17, "nothing happened\n")),
        "auth.log.1 第17行",
    ),
    "a log on the host cut": (
        lambda host: host.write("var/log/auth.log.1", "".join(LOG.splitlines(keepends=True)[:40])),
        "auth.log.1 第41行",
    ),
    "a kept copy": (
        lambda host: host.kept("logs")[0].write_text(edit_line(LOG, 5, "nothing\n")),
        "auth.log.1 的副本第5行",
    ),
    "a kept copy gone": (lambda host: host.kept("logs")[0].unlink(), "副本已不存在"),
    "a list": (
        lambda host: host.kept("manifests")[0].write_text(host.kept("manifests")[0].read_text().replace("host", "h")),
        "被改动或签名不正确",
    ),
    "a list gone": (lambda host: host.kept("manifests")[0].unlink(), "已不存在"),
    "a sudo right": (
        lambda host: host.write("etc/sudoers", SUDOERS + "mallory ALL=(ALL) NOPASSWD: ALL\n"),
        "/etc/sudoers 第3行新增",
    ),
    "a sudo right changed": (
        lambda host: host.write("etc/sudoers", edit_line(SUDOERS, 2, "%users ALL=(ALL) ALL\n")),
        "/etc/sudoers 第2行改动",
    ),
    "a user": (
        lambda host: host.write("etc/passwd", "root:x:0:0::/home/admin:/bin/sh\nm:x:0:0::/:/bin/sh\n"),
        "/etc/passwd 第2行新增",
    ),
    "a settings file gone": (lambda host: (host.root / "etc/sudoers").unlink(), "/etc/sudoers 已不存在"),
    "a mode of ours": (lambda host: (host.own / "root.key").chmod(0o644), "modes 第2行改动"),
    "a file beside our keys": (lambda host: (host.own / "other.key").write_text("x"), "modes 第2行新增"),
}


@pytest.mark.proves("M3", "D16")
@pytest.mark.parametrize("what", TAMPERING)
def test_what_was_touched_is_named_with_its_line(host: Host, what: str) -> None:
    touch, word = TAMPERING[what]
    touch(host)
    (problem,) = host.collect()
    assert word in problem
    alarm = host.alarm()
    assert alarm is not None
    assert word in alarm.subject
    statement = select(AuditEvent.body).where(AuditEvent.event == "DEV.TAMPER", AuditEvent.object_id == host.name)
    (told,) = host.world.read(lambda work: work.session.exec(statement).all())
    assert word in told
    for content in ("mallory", "NOPASSWD", "nothing happened"):
        assert content not in told + alarm.subject


def test_a_difference_stands_until_somebody_accepts_it(host: Host) -> None:
    host.write("etc/sudoers", SUDOERS + "ops ALL=(ALL) ALL\n")
    assert len(host.collect()) == 1
    assert len(host.collect()) == 1
    assert host.collect(accept=True) == ()
    assert host.collect() == ()


@pytest.mark.proves("M3")
def test_a_grant_in_the_database_is_found(host: Host) -> None:
    database = host.world.door.database
    if database.sqlite:
        assert host.collect() == ()
        return
    with database.engine.begin() as connection:
        connection.execute(sa.text(f"CREATE ROLE {host.name} LOGIN"))
        connection.execute(sa.text(f"GRANT SELECT ON account TO {host.name}"))
    try:
        problems = host.collect()
    finally:
        with database.engine.begin() as connection:
            connection.execute(sa.text(f"REVOKE ALL ON account FROM {host.name}"))
            connection.execute(sa.text(f"DROP ROLE {host.name}"))
    assert any("database:roles" in problem and "新增" in problem for problem in problems)
    assert any("database:grants" in problem and "改动" in problem for problem in problems)


def test_every_host_is_looked_at_each_night(host: Host) -> None:
    host.write("etc/passwd", "")
    assert run_job(host.world.door, "device.integrity")
    alarm = host.alarm()
    assert alarm is not None
    assert alarm.state is AlarmState.OPEN


def test_a_host_nobody_named_is_refused(host: Host) -> None:
    with pytest.raises(NotFound):
        host.world.door.perform(collect_device, SYSTEM, CollectDevice("somewhere"))
