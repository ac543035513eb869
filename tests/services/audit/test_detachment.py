"""Months of the audit leave the database signed, exported and carried over, and nothing is missed by it (decision 86)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, func, select

from models.access import Account, OrgUnit
from models.audit import AuditEvent
from models.integrity import CarriedState
from models.months import first_id, make_month, month_of, months_of
from services.audit.detachment import DetachAudit, Detached, detach_audit
from services.audit.sources import DatabaseSource
from services.audit.verification import verify
from services.audit.verification_runs import own_keys
from services.engine.audit import CHAIN
from services.engine.callers import SYSTEM
from services.engine.ledger import newest_told
from services.engine.refusals import Conflict
from services.engine.work import Work
from services.integrity.nightly_scan import scan
from services.operations.restore import _prove_chain
from tests.services.audit.conftest import Audited

pytestmark = pytest.mark.both_engines


def old_month() -> date:
    """A month that ended more than three years ago."""
    return month_of(month_of(datetime.now(UTC).date() - timedelta(days=3 * 365)) - timedelta(days=1))


def newest(audited: Audited) -> int:
    wanted = select(func.max(AuditEvent.seq)).where(AuditEvent.chain == CHAIN)
    return int(audited.world.read(lambda work: work.session.exec(wanted).one()))


def made_old(audited: Audited, month: date) -> int:
    """Put every event so far into a month, as its id has it; gives the number of the last."""
    last = newest(audited)
    with audited.world.door.database.engine.begin() as connection:
        if months_of(connection, "audit_event")[0] != month:
            make_month(connection, "audit_event", month)
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for seq in connection.scalars(sa.text("SELECT seq FROM audit_event")).all():
            aged = first_id(month).int + (seq << 80) | 7 << 76 | 2 << 62
            connection.execute(
                sa.text("UPDATE audit_event SET id = :aged WHERE seq = :seq AND chain = :chain"),
                {"aged": f"{aged:032x}", "seq": seq, "chain": CHAIN},
            )
    return last


def detached(audited: Audited, month: date) -> Detached:
    done: Detached = audited.world.door.perform(detach_audit, SYSTEM, DetachAudit(month))
    return done


def faults(audited: Audited) -> list[str]:
    found = audited.world.read(lambda work: scan(work.session).faults)
    return [f"{fault.table} {fault.kind}" for fault in found]


def test_a_month_leaves_when_it_is_signed_and_exported(audited: Audited) -> None:
    month = old_month()
    if audited.world.door.database.sqlite:
        with pytest.raises(Conflict, match="没有按月分区"):
            detached(audited, month)
        return
    audited.tell(5)
    last = made_old(audited, month)
    audited.tell(3)
    with pytest.raises(Conflict, match="没有全部导出"):
        detached(audited, month)
    audited.sign_all()
    audited.export()
    with pytest.raises(Conflict, match="只能从最早的月份"):
        detached(audited, month_of(datetime.now(UTC).date()))
    with pytest.raises(Conflict, match="保存不足"):
        audited.world.door.perform(detach_audit, SYSTEM, DetachAudit(month, kept_days=5 * 365))
    before = {
        key: audited.world.read(lambda work, key=key: newest_told(work.session, *key))  # type: ignore[misc]
        for key in objects(audited)
    }
    assert len(before) > 20
    done = detached(audited, month)
    assert (done.first, done.last) == (1, last)
    assert audited.world.read(lambda work: work.session.exec(select(func.min(AuditEvent.seq))).one()) == last + 1
    after = {key: audited.world.read(lambda work, key=key: newest_told(work.session, *key)) for key in before}  # type: ignore[misc]
    assert after == before
    assert faults(audited) == []
    verified_with_and_without_the_store(audited, last)
    what_is_done_past_us_is_found(audited, last)


def objects(audited: Audited) -> list[tuple[str, UUID]]:
    """Some objects whose last version was logged before."""

    def read(work: Work) -> list[tuple[str, UUID]]:
        session = work.session
        return [
            *(("account", one) for one in session.exec(select(Account.id).limit(20)).all()),
            *(("org_unit", one) for one in session.exec(select(OrgUnit.id).limit(20)).all()),
        ]

    found: list[tuple[str, UUID]] = audited.world.read(read)
    return found


def verified_with_and_without_the_store(audited: Audited, last: int) -> None:
    url, check = audited.world.door.database.url, own_keys(audited.world.door.house.crypto)
    audited.sign_all()
    whole = verify(DatabaseSource(url, store=audited.folder), check, external=audited.export())
    assert whole.ok, whole.sentence
    assert whole.first == 1
    rest = verify(DatabaseSource(url), check)
    assert rest.ok, rest.sentence
    assert rest.first == last + 1
    with audited.world.door.database.snapshot() as connection:
        head = connection.execute(sa.text("SELECT seq, hash FROM audit_head WHERE chain = 'app'")).one()
        _prove_chain(connection, {"audit": {"seq": head.seq, "hash": head.hash}})


def what_is_done_past_us_is_found(audited: Audited, last: int) -> None:
    url, check = audited.world.door.database.url, own_keys(audited.world.door.house.crypto)
    carried = audited.world.read(
        lambda work: work.session.exec(select(CarriedState).where(CarriedState.table_name == "account")).first()
    )
    for statement in (
        "UPDATE carried_state SET state = '9:0000000000000000' WHERE id = :id",
        "DELETE FROM carried_state WHERE id = :id",
    ):
        with audited.world.door.database.engine.connect() as connection, connection.begin() as transaction:
            connection.execute(sa.text(statement), {"id": carried.id})
            session = Session(connection, info={"sealer": audited.world.door.database.sealer})
            found = {fault.table for fault in scan(session).faults}
            transaction.rollback()
        assert "carried_state" in found, statement
    audited.past_us("DELETE FROM audit_event WHERE seq = :seq", seq=last + 1)
    for store in (audited.folder, None):
        report = verify(DatabaseSource(url, store=store), check)
        assert report.fault is not None
        assert (report.fault.seq, report.fault.code) == (last + 1, "GAP")
