"""The night erases what the register says is over, no more, and leaves no trace of it in the file (D22, D23)."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from models.access import AddressFailure, OldPassword, PersonGrant, RecordGrant, Reveal, SignInSession
from models.alarms import Alarm, AlarmState
from models.audit import AuditEvent
from models.citizens import CitizenDraft, CitizenSession, DraftState
from models.engine import AnsweredRequest, Draft, ExchangeLog, Notice, Outgoing, OutgoingState
from models.integrity import FaultKind, IntegrityFault
from models.operations import DeviceManifest, Erasure, FlowReport
from models.partners import PartnerExchange, PartnerNonce, PartnerReply
from models.privacy import PersonAccess, Reauthentication, Shown
from models.records import FreshDecision
from models.row_mac import keeps_ledger
from models.sealed import Sealed
from models.sign_in import SpentToken
from models.tenancy_codes import Situation
from services.catalogue.retention import REGISTER
from services.engine.clock import shanghai_day
from services.engine.jobs import run_job
from services.engine.locked_rows import lock_row
from services.engine.work import Work
from services.ports.place import Place
from tests.world import World

Make = Callable[[Work, timedelta], Any]
LOGS = timedelta(days=3 * 365)


@pytest.fixture(autouse=True)
def here(world: World, tmp_path: Path) -> None:
    world.door.house.folders = Place(tmp_path, tmp_path / "backups")


def account_of(work: Work) -> Any:
    from models.access import Account

    return work.session.exec(select(Account.id).limit(1)).one()


def outgoing(work: Work, age: timedelta, state: OutgoingState) -> Outgoing:
    return Outgoing(
        system="x",
        operation="y",
        business_key=uuid4().hex,
        object_kind="z",
        object_id=uuid4(),
        request_id=uuid4().hex,
        payload=Sealed.of_json({"name": "陈晓明"}),
        state=state,
        next_at=work.now,
        sent_at=work.now - age,
    )


def alarm(work: Work, age: timedelta, state: AlarmState) -> Alarm:
    return Alarm(alarm_code="T", subject="x", raised_at=work.at - age, last_at=work.at - age, state=state)


def draft(work: Work, age: timedelta, closed: bool) -> Draft:
    return Draft(owner_id=uuid4(), kind="lease", title="", payload=Sealed.of_json({}), closed=closed)


def day(work: Work, age: timedelta) -> date:
    return shanghai_day(work.now - age)


#: A row of each line of the register, and the age at which it is over.
ROWS: dict[str, tuple[timedelta, Make]] = {
    "登录会话": (
        timedelta(days=1),
        lambda work, age: SignInSession(
            digest=uuid4().hex, account_id=account_of(work), started_at=work.at - age, seen_at=work.at - age
        ),
    ),
    "一次性挑战与网关断言": (
        timedelta(0),
        lambda work, age: SpentToken(digest=uuid4().hex, kind="t", until=work.at - age),
    ),
    "登录失败限速": (timedelta(days=1), lambda work, age: AddressFailure(address=uuid4().hex, since=work.at - age)),
    "重复请求应答": (
        timedelta(days=7),
        lambda work, age: AnsweredRequest(
            caller="x",
            action="y",
            request_id=uuid4().hex,
            fingerprint="f",
            answer=Sealed.of_json("陈晓明"),
            at=work.at - age,
        ),
    ),
    "窗口精确查询的当日授权": (
        timedelta(days=8),
        lambda work, age: RecordGrant(
            account_id=uuid4(),
            object_kind="x",
            object_id=uuid4(),
            reason="查",
            until_day=day(work, age),
            granted_at=work.now,
        ),
    ),
    "窗口核验本人的当日授权": (
        timedelta(days=8),
        lambda work, age: PersonGrant(
            account_id=uuid4(), id_no_index=uuid4().hex, how="读卡", until_day=day(work, age), granted_at=work.now
        ),
    ),
    "对接交换日志": (
        LOGS,
        lambda work, age: ExchangeLog(
            at=work.at - age, system="x", direction="OUT", operation="y", request_id="r", outcome="SENT"
        ),
    ),
    "查看完整信息的记录": (
        LOGS,
        lambda work, age: Reveal(
            account_id=uuid4(),
            object_kind="x",
            object_id=uuid4(),
            field="name",
            reason=Sealed.of_json("核对"),
            on_day=day(work, age),
            at=work.at - age,
        ),
    ),
    "个人信息查看记录": (
        LOGS,
        lambda work, age: PersonAccess(id_no_index="b1:x", act="x", what=Shown.FULL, at=work.at - age),
    ),
    "已关闭的告警": (LOGS, lambda work, age: alarm(work, age, AlarmState.CLOSED)),
    "主机采集清单": (
        LOGS,
        lambda work, age: DeviceManifest(
            host="x", made_at=work.at - age, file_name="x", body_sm3="0", kid="k", signature="s"
        ),
    ),
    "清除报告": (
        LOGS,
        lambda work, age: Erasure(at=work.at - age, erased_from="x", purpose="y", rule="z", row_count=1),
    ),
    "流转监测周报": (LOGS, lambda work, age: FlowReport(week_start=day(work, age), made_at=work.at - age, lines=[])),
    "市民登录会话": (
        timedelta(days=1),
        lambda work, age: CitizenSession(
            digest=uuid4().hex,
            name=Sealed.of("陈晓明"),
            id_type="10",
            id_no=Sealed.of("310101199001010016"),
            started_at=work.at - age,
            seen_at=work.at - age,
        ),
    ),
    "已了结的网上申请草稿": (
        timedelta(days=30),
        lambda work, age: CitizenDraft(
            owner_no=Sealed.of("310101199001010016"),
            situation=Situation.NEW,
            content=Sealed.of_json({}),
            edited_at=work.now - age,
            state=DraftState.DROPPED,
        ),
    ),
    "工作台通知": (
        timedelta(days=365),
        lambda work, age: Notice(subject="x", body=Sealed.of_json("y"), created_at=work.now - age),
    ),
    "可撤销的审核决定": (
        timedelta(days=1),
        lambda work, age: FreshDecision(
            revision_id=uuid4(),
            record_id=uuid4(),
            verb="reject",
            decided_at=work.now - age,
            until=work.now - age,
            images=Sealed.of_json({}),
        ),
    ),
    "防重放随机数": (
        timedelta(0),
        lambda work, age: PartnerNonce(app_id="x", nonce=uuid4().hex, until=work.at - age),
    ),
    "对接请求应答": (
        timedelta(days=7),
        lambda work, age: PartnerReply(
            app_id="x",
            method="POST",
            path="/x",
            idempotency_key=uuid4().hex,
            fingerprint="0" * 64,
            reply=Sealed.of_json({"name": "陈晓明"}),
            at=work.at - age,
        ),
    ),
    "签名交换日志与凭据": (
        LOGS,
        lambda work, age: PartnerExchange(
            at=work.at - age, direction="IN", app_id="x", system="y", operation="/z", request_id=uuid4().hex
        ),
    ),
    "已送达的对外消息": (timedelta(days=365), lambda work, age: outgoing(work, age, OutgoingState.SENT)),
}
#: Lines whose rows cannot be made old with one moment; each has a test of its own.
BY_THEMSELVES = {
    "未了结的草稿",
    "已了结的草稿",
    "最近5个",
    "再次确认口令",
    "口令不得重复使用",
    # tests/services/practitioners/desks/test_erased.py
    "没有提交的信息卡申请",
    "没有用到的从业人员照片",
    # tests/services/imports/test_erased.py
    "导入批次的逐行内容",
}


def test_every_line_of_the_register_is_tried() -> None:
    assert {rule.purpose for rule in REGISTER} - set(ROWS) <= BY_THEMSELVES
    assert set(ROWS) <= {rule.purpose for rule in REGISTER}


def put(world: World, make: Make, age: timedelta) -> Any:
    def add(work: Work) -> Any:
        return work.add(make(work, age))

    return world.act(add)


def there(world: World, row: Any) -> bool:
    kind = type(row)
    statement = select(kind.id).where(kind.id == row.id)
    return world.read(lambda work: work.session.exec(statement).first()) is not None


@pytest.mark.proves("D22", "D23")
@pytest.mark.parametrize("purpose", ROWS)
def test_what_is_over_goes_and_what_is_not_stays(world: World, purpose: str) -> None:
    over, make = ROWS[purpose]
    old, young = put(world, make, over + timedelta(hours=30)), put(world, make, over - timedelta(hours=30))
    assert run_job(world.door, "retention.erase")
    assert not there(world, old)
    assert there(world, young)
    report = select(Erasure).where(Erasure.purpose == purpose).order_by(Erasure.at.desc())  # type: ignore[attr-defined]
    rows = world.read(lambda work: work.session.exec(report).all())
    assert rows[0].row_count >= 1
    told = select(AuditEvent.body).where(AuditEvent.event == "DATA.DELETE", AuditEvent.act == "retention.erase")
    assert any(purpose in body for body in world.read(lambda work: work.session.exec(told).all()))


def test_a_message_that_did_not_arrive_and_an_open_alarm_stay(world: World) -> None:
    years = timedelta(days=4 * 365)
    dead = put(world, lambda work, age: outgoing(work, age, OutgoingState.DEAD), years)
    still_open = put(world, lambda work, age: alarm(work, age, AlarmState.OPEN), years)
    assert run_job(world.door, "retention.erase")
    assert there(world, dead)
    assert there(world, still_open)


def test_drafts_go_after_thirty_days_or_ninety(world: World) -> None:
    start = world.door.clock.now()
    closed, lying = (put(world, lambda work, age, c=c: draft(work, age, c), LOGS) for c in (True, False))  # type: ignore[misc]
    world.let_pass(days=31)
    assert run_job(world.door, "retention.erase")
    assert (there(world, closed), there(world, lying)) == (False, True)
    world.let_pass(days=60)
    assert run_job(world.door, "retention.erase")
    assert not there(world, lying)
    world.door.clock.stand_at(start)


def test_an_account_keeps_its_five_newest_old_passwords(world: World) -> None:
    def add(work: Work) -> list[Any]:
        return [
            work.add(
                OldPassword(account_id=account_of(work), password=Sealed.of("p1:x"), set_at=work.at - timedelta(days=n))
            ).id
            for n in range(8)
        ]

    made = world.act(add)
    assert run_job(world.door, "retention.erase")
    left = set(world.read(lambda work: work.session.exec(select(OldPassword.id)).all()))
    assert set(made[:5]) <= left
    assert not set(made[5:]) & left


def test_a_password_typed_again_is_forgotten_after_a_day(world: World) -> None:
    def add(work: Work) -> Any:
        old = work.at - timedelta(days=2)
        return work.add(Reauthentication(account_id=account_of(work), confirmed_at=old)).id

    made = world.act(add)
    assert run_job(world.door, "retention.erase")
    assert made not in world.read(lambda work: work.session.exec(select(Reauthentication.id)).all())


@pytest.mark.proves("D22")
def test_a_deleted_value_is_not_found_in_the_file(world: World) -> None:
    """D22: what was erased is overwritten in the database file and gone from its log."""
    database = world.door.database
    word = f"WORD{uuid4().hex}"

    def add(work: Work) -> None:
        row = SpentToken(digest=word, kind="t", until=work.at - timedelta(days=1))
        work.add(row)

    world.act(add)
    if not database.sqlite:
        assert run_job(world.door, "retention.erase")
        with database.engine.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).where(SpentToken.digest == word)) == 0  # type: ignore[arg-type]
        return
    assert word.encode() in on_disk(database.url)
    assert run_job(world.door, "retention.erase")
    assert word.encode() not in on_disk(database.url)


def on_disk(url: str) -> bytes:
    path = url.removeprefix("sqlite:///")
    return b"".join(file.read_bytes() for end in ("", "-wal") if (file := Path(path + end)).exists())


@pytest.mark.proves("D22")
def test_the_temporary_folder_is_swept(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "tmp"
    (folder / "old").mkdir(parents=True)
    for name in ("old/part", "old.pdf", "young.pdf"):
        (folder / name).write_text("x")
    (folder / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "kept").mkdir()
    past = folder.stat().st_mtime - 2 * 86400
    for name in ("old", "old.pdf"):
        os.utime(folder / name, (past, past))
    os.utime(folder / "link", (past, past), follow_symlinks=False)
    assert run_job(world.door, "retention.erase")
    assert [path.name for path in folder.iterdir()] == ["young.pdf"]
    assert (tmp_path / "kept").is_dir()


@pytest.mark.proves("D23")
def test_personal_data_that_does_not_last_has_a_line_in_the_register() -> None:
    """D23: whatever is personal and no lasting record of the business is erased some day."""
    passing = {"draft", "answered_request", "outgoing", "notice", "reveal", "person_access", "old_password"}
    named = {rule.name for rule in REGISTER}
    assert passing <= named <= set(SQLModel.metadata.tables)
    assert "lease_filing" not in named


def test_deleting_an_object_is_told_so_that_nobody_misses_it(world: World) -> None:
    row = put(world, ROWS["已关闭的告警"][1], LOGS + timedelta(days=2))
    assert keeps_ledger(type(row).__table__)
    assert run_job(world.door, "retention.erase")
    told = select(AuditEvent.body).where(AuditEvent.event == "DATA.ROWS")
    bodies = world.read(lambda work: work.session.exec(told).all())
    assert any(f'"{row.id}":"-"' in body for body in bodies)


@pytest.mark.proves("D19", "D22")
def test_a_changed_row_that_is_over_ends_its_fault_unless_the_audit_knows_it(world: World) -> None:
    """A technical row goes in its time and its fault with it; an object stays, and keeps nobody else from going."""
    line = put(world, ROWS["查看完整信息的记录"][1], LOGS + timedelta(days=2))
    told, other = (put(world, ROWS["已关闭的告警"][1], LOGS + timedelta(days=2)) for _ in range(2))
    assert not keeps_ledger(type(line).__table__)

    def change(work: Work) -> None:
        for row in (line, told):
            table: sa.Table = type(row).__table__
            work.session.connection().execute(table.update().where(table.c.id == row.id).values(mac="0" * 64))
            lock_row(work, table.name, row.id, FaultKind.CHANGED)

    world.act(change)
    world.door.locked.look()
    assert run_job(world.door, "retention.erase")
    assert [there(world, row) for row in (line, told, other)] == [False, True, False]
    open_ones = select(IntegrityFault.row_id).where(col(IntegrityFault.closed_at).is_(None))
    left = set(world.read(lambda work: work.session.exec(open_ones).all()))
    assert (line.id in left, told.id in left) == (False, True)
