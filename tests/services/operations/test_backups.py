"""A backup is whole or does not exist, and comes back into any engine with every row proven (D21)."""

import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from deploy.commands import restore
from deploy.settings import Settings
from models.access import OrgUnit, SignInSession
from models.alarms import Alarm
from models.audit import AuditEvent, AuditHead
from models.columns import new_id
from models.dialect import Database
from models.documents import IssuedDocument
from models.engine import JobLease
from models.operations import Backup
from models.sealing import KeyRing, Sealer
from models.tenancy import ContractParty
from services.audit.sources import DatabaseSource
from services.audit.verification import verify
from services.audit.verification_runs import own_keys
from services.documents.rendition import render_waiting
from services.documents.stored_papers import open_paper
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.door import Door
from services.engine.house import House
from services.engine.jobs import run_job
from services.operations.archive import archived_tables, lines_of
from services.operations.backup import Made, make_backup
from services.operations.backups import back_up, outdated
from services.operations.restore import RestoreRefused, restore_backup, tell_restored
from services.ports.place import Place
from tests.databases import ENGINES, Databases
from tests.ready import start
from tests.services.tenancy.counter import Counter
from tests.world import HANDFUL, World, at_once, house_on, provider, running_world, sealer


@pytest.fixture(scope="module")
def counter(database_url: str) -> Iterator[Counter]:
    """A house with a filed lease, its papers made, a clerk at work."""
    with running_world(database_url, few=HANDFUL) as running:
        running.stand_at(2027, 3, 1)
        made = Counter(running)
        made.filed()
        render_waiting(running.door)
        yield made


@pytest.fixture(scope="module")
def made(counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return back_up(counter.world.door, tmp_path_factory.mktemp("backup"))


@pytest.fixture
def empty(databases: Databases, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with an unused schema, which is as good to a restore as none, on the engine a test names, else on SQLite.

    `test_earlier_versions` restores into databases without a schema.
    """
    url = databases.new(getattr(request, "param", "sqlite"))
    database = Database(url, sealer())
    yield database
    database.dispose()
    databases.drop(url)


def content(database: Database) -> dict[str, list[str]]:
    """Every line of every table but those that go on while a backup is looked at."""
    with database.snapshot() as connection:
        return {table.name: [line for line, _ in lines_of(connection, table)] for table in archived_tables()}


@pytest.mark.proves("D21", "D19")
@pytest.mark.parametrize("empty", ENGINES, indirect=True)
def test_what_was_backed_up_comes_back_on_either_engine(counter: Counter, empty: Database, tmp_path: Path) -> None:
    before = content(counter.world.door.database)
    backup = make_backup(counter.world.door.house, tmp_path)
    came = restore_backup(house_over(empty), backup.file)
    assert content(empty) == before
    assert came.rows == backup.row.row_count == sum(map(len, before.values()))
    assert came.macs > 1000
    door = Door(house_over(empty))
    door.perform(tell_restored, SYSTEM, came)
    paper = door.look(SYSTEM, lambda work: work.session.exec(select(IssuedDocument.id).limit(1)).one())
    assert (open_paper(door, counter.clerk(), paper).content or b"").startswith(b"%PDF")
    names = select(ContractParty)
    assert "高远航" in {row.name.plain for row in door.look(SYSTEM, lambda work: work.session.exec(names).all())}
    assert verify(DatabaseSource(empty.url), own_keys(provider())).ok


def test_a_restored_product_goes_on_with_its_trail_and_without_the_old_sessions(
    counter: Counter, made: Made, empty: Database
) -> None:
    restored = restore_backup(house_over(empty), made.file)
    Door(house_over(empty)).perform(tell_restored, SYSTEM, restored)
    with empty.read() as session:
        newest = session.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1)).one()
        open_ones = session.exec(select(SignInSession).where(col(SignInSession.ended_at).is_(None))).all()
    assert (newest.event, newest.seq) == ("BACKUP.RESTORE", made.row.audit_seq + 1)
    assert open_ones == []


@dataclass
class OpenedOver:
    """A house over a database, as `main.py` hands it to a command."""

    door: Door
    settings: Settings
    closed: bool = False

    def close(self) -> None:
        self.closed = True


@pytest.mark.proves("D21")
@pytest.mark.parametrize("empty", ENGINES, indirect=True)
def test_the_command_restores_a_backup_older_than_the_signing_limit(
    made: Made, empty: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The events of a live backup are unsigned: restored hours later they must not stop its own end (security S-F1)."""
    later = system_now() + timedelta(hours=3)
    monkeypatch.setattr("services.engine.write_stop.system_now", lambda: later)
    opened = OpenedOver(Door(house_over(empty)), Settings())
    assert restore.run(opened.settings, Namespace(source=made.file), lambda _: opened) == 0
    assert opened.closed
    assert "恢复完成" in capsys.readouterr().out
    with empty.read() as session:
        newest = session.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1)).one()
        open_ones = session.exec(select(SignInSession).where(col(SignInSession.ended_at).is_(None))).all()
        held = session.exec(select(JobLease).where(JobLease.holder != "")).all()
    assert (newest.event, open_ones, held) == ("BACKUP.RESTORE", [], [])
    # Business itself waits until the restored trail is signed.
    assert opened.door.write_stop.active


def test_a_backup_is_written_down_and_told(counter: Counter, made: Made) -> None:
    statement = select(Backup).where(Backup.file_name == made.file.name)
    row: Backup = counter.world.read(lambda work: work.session.exec(statement).one())
    told = select(AuditEvent).where(AuditEvent.event == "BACKUP.DONE", AuditEvent.object_id == str(row.id))
    assert (row.size, row.file_sm3, row.row_count) == (made.file.stat().st_size, made.row.file_sm3, made.row.row_count)
    assert len(counter.world.read(lambda work: work.session.exec(told).all())) == 1
    assert made.file.stat().st_mode & 0o077 == 0


def test_nothing_of_a_backup_can_be_read_without_its_key(counter: Counter, made: Made, empty: Database) -> None:
    body = made.file.read_bytes()
    for word in ("INSERT", "audit_event", "lease_contract", "浦东"):
        assert word.encode() not in body
    stranger = house_over(Database(empty.url, Sealer(KeyRing.fresh())))
    refuses(empty, made.file, "密钥库", stranger)
    stranger.database.dispose()


def house_over(database: Database) -> House:
    """A house with the keys of all worlds on an open database."""
    return House(database, house_on(database.url).systems, provider())


def refuses(database: Database, file: Path, word: str, house: House | None = None) -> None:
    """A restore that is refused leaves no row of anybody behind."""
    with pytest.raises(RestoreRefused) as refused:
        restore_backup(house or house_over(database), file)
    assert word in refused.value.message
    with database.engine.connect() as connection:
        present = set(sa.inspect(connection).get_table_names())
        left = {
            table.name
            for table in archived_tables()
            if table.name in present and connection.scalar(sa.select(sa.func.count()).select_from(table))
        }
    assert left <= {"audit_head"}


@pytest.mark.proves("D21")
@pytest.mark.parametrize("place", [0, 20, 5000, -5000, -1])
def test_a_backup_that_was_changed_anywhere_is_refused(made: Made, empty: Database, tmp_path: Path, place: int) -> None:
    body = bytearray(made.file.read_bytes())
    body[place] ^= 1
    (tmp_path / "changed.shfb").write_bytes(bytes(body))
    refuses(empty, tmp_path / "changed.shfb", "不完整、被改动")


@pytest.mark.parametrize("part", [0.0, 0.3, 0.999])
def test_a_part_of_a_backup_is_refused(made: Made, empty: Database, tmp_path: Path, part: float) -> None:
    body = made.file.read_bytes()
    (tmp_path / "cut.shfb").write_bytes(body[: int(len(body) * part)])
    refuses(empty, tmp_path / "cut.shfb", "不完整、被改动")


def test_a_backup_goes_into_an_empty_database_only(counter: Counter, made: Made) -> None:
    with pytest.raises(RestoreRefused) as refused:
        restore_backup(counter.world.door.house, made.file)
    assert "不是空库" in refused.value.message


@pytest.mark.proves("D19")
def test_a_row_changed_past_the_product_does_not_come_back_unnoticed(
    fresh_database_url: str, empty: Database, tmp_path: Path
) -> None:
    with offices(fresh_database_url) as world:
        unit = OrgUnit.__table__  # type: ignore[attr-defined]
        with world.door.database.engine.begin() as connection:
            connection.execute(unit.update().values(hours="全天"))
        refuses(empty, make_backup(world.door.house, tmp_path).file, "org_unit")


@pytest.mark.proves("H68")
def test_a_trail_with_a_foreign_event_does_not_come_back(
    fresh_database_url: str, empty: Database, tmp_path: Path
) -> None:
    with offices(fresh_database_url) as world:
        events, head = AuditEvent.__table__, AuditHead.__table__  # type: ignore[attr-defined]
        with world.door.database.engine.begin() as connection:
            last = connection.execute(sa.select(events).order_by(events.c.seq.desc()).limit(1)).mappings().one()
            connection.execute(events.insert(), {**last, "id": new_id(), "seq": last["seq"] + 1})
            connection.execute(head.update().values(seq=last["seq"] + 1))
        refuses(empty, make_backup(world.door.house, tmp_path).file, "审计链")


def offices(url: str) -> Any:
    return running_world(url, houses=False)


def test_a_backup_made_while_others_write_is_one_moment(counter: Counter, empty: Database, tmp_path: Path) -> None:
    door = counter.world.door

    def write() -> None:
        for _ in range(40):
            door.tell(SYSTEM, "DATA.STATE", "test")

    results = at_once([lambda: make_backup(door.house, tmp_path), write, write])
    assert isinstance(results[0], Made), results[0]
    came = restore_backup(house_over(empty), results[0].file)
    assert came.audit_seq == results[0].row.audit_seq


@pytest.mark.proves("D21")
def test_a_backup_that_is_killed_leaves_nothing_that_looks_whole(
    counter: Counter, empty: Database, tmp_path: Path
) -> None:
    keys = provider().key_ring()
    told = {
        "url": counter.world.door.database.url,
        "keys": {kid: key.hex() for kid, key in keys.keys.items()},
        "active": dict(keys.active),
        "key_dir": str(tmp_path / "keys"),
        "folder": str(tmp_path),
    }
    child = start("-m", "tests.services.operations.backup_child", talks=True)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(told) + "\n")
    child.stdin.flush()
    assert child.stdout.readline() == "half\n"
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()
    left = [path for path in tmp_path.iterdir() if path.is_file()]
    assert [path.suffix for path in left] == [".part"]
    assert left[0].stat().st_size > 10_000
    refuses(empty, left[0], "不完整、被改动")
    counter.world.door.house.folders = Place(data_dir=tmp_path, backup_dir=tmp_path)
    counter.world.act(grow_old)
    assert run_job(counter.world.door, "backup.daily")
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.is_file()) == [".shfb"]


def grow_old(work: Any) -> None:
    for row in work.session.exec(select(Backup)).all():
        row.made_at -= timedelta(days=30)
        work.add(row)


def test_backups_past_their_time_go_but_never_the_newest(counter: Counter, tmp_path: Path) -> None:
    world: World = counter.world
    copies = tmp_path / "copies"
    counter.world.door.house.folders = Place(tmp_path, tmp_path / "b", backup_copy_dir=copies, backup_keep_days=7)
    world.act(grow_old)
    for _ in range(2):
        # The second time finds the backup of this night and makes no other.
        assert run_job(world.door, "backup.daily")
    (first,) = (tmp_path / "b").iterdir()
    assert [path.name for path in copies.iterdir()] == [first.name]
    world.act(grow_old)
    assert run_job(world.door, "backup.daily")
    assert first not in (tmp_path / "b").iterdir()
    assert len(list((tmp_path / "b").iterdir())) == len(list(copies.iterdir())) == 1
    statement = select(Backup).where(Backup.file_name == first.name)
    assert world.read(lambda work: work.session.exec(statement).one()).removed_at is not None
    world.act(grow_old)
    newest = select(Backup.file_name).order_by(col(Backup.made_at).desc()).limit(1)
    due = [name for _, name in world.door.ask(outdated, SYSTEM, 7)]
    assert world.read(lambda work: work.session.exec(newest).one()) not in due


def test_a_backup_that_cannot_be_made_is_an_alarm(counter: Counter, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    counter.world.door.house.folders = Place(tmp_path, tmp_path / "file" / "folder")
    with pytest.raises(OSError):
        back_up(counter.world.door, tmp_path / "file" / "x")
    statement = select(Alarm).where(Alarm.alarm_code == "BACKUP.FAIL")
    alarm: Alarm = counter.world.read(lambda work: work.session.exec(statement).one())
    assert "未能完成" in alarm.subject
    told = select(AuditEvent.result).where(AuditEvent.event == "BACKUP.FAIL")
    assert counter.world.read(lambda work: work.session.exec(told).all()) == ["fail"]
