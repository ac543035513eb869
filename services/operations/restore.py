"""Restoring a backup into an empty database: nothing stays unless every row, digest, MAC and link is proven (D21)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from models import row_mac
from models.access import Role, SignInSession
from models.audit import AuditEvent
from models.dialect import Database, bulk_insert, revisions, stored_revision
from models.engine import JobLease
from models.sealing import CryptoError, Sealer, Sm3
from services.audit.sources import DETACHED
from services.engine.audit import CHAIN, event_hash, genesis_hash
from services.engine.house import House
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.work import Work
from services.operations.archive import KIND, PAGE, VERSION, archived_tables, lines_of, page_of, row_of, table_as_it_was
from services.operations.backup import manifest_of, opened
from services.ports.crypto import Crypto


class RestoreRefused(Refusal):
    """Raised with the reason why a backup was not restored; the database is unchanged."""


@dataclass(frozen=True)
class Restored:
    """Counts of what was restored."""

    tables: int
    rows: int
    macs: int
    audit_seq: int
    made_at: str


def restore_backup(house: House, file: Path) -> Restored:
    """Restore a backup into an empty database in one transaction; any mismatch leaves the database empty.

    Its rows are proven in the schema they were written in; `Door.prepare` then brings both up to date.
    """
    try:
        with opened(house.sealer, file) as lines:
            return _restore(house, lines)
    except (CryptoError, OSError, EOFError) as problem:
        raise RestoreRefused("备份文件不完整、被改动，或密钥库与备份不符") from problem
    except (ValueError, KeyError, TypeError, StopIteration) as problem:
        raise RestoreRefused("备份文件的内容不正确，不能恢复") from problem


def _restore(house: House, lines: Iterator[str]) -> Restored:
    header = json.loads(next(lines))
    if (header["kind"], header["v"]) != (KIND, VERSION):
        raise RestoreRefused("这不是本系统的备份文件")
    _refuse_a_used(house.database)
    _make_schema(house.database, header["revision"])
    with house.database.write() as session, session.begin():
        connection = session.connection()
        for name in _tables_there(connection):
            # The migrations added rows that are in the backup too.
            connection.execute(sa.table(name).delete())
        manifest, tables = _insert_all(house.crypto, session, lines)
        _prove_keys(house.crypto, manifest)
        macs = _prove_tables(house.sealer, connection, manifest, tables)
        _prove_chain(connection, manifest)
    return Restored(
        tables=len(manifest["tables"]),
        rows=sum(told["rows"] for told in manifest["tables"].values()),
        macs=macs,
        audit_seq=manifest["audit"]["seq"],
        made_at=manifest["made_at"],
    )


def _refuse_a_used(database: Database) -> None:
    """Refuse a database with data: only one without schema, or with an unused schema, is accepted."""
    with database.engine.connect() as connection:
        present = set(sa.inspect(connection).get_table_names())
        for table in archived_tables():
            if table.name not in present or table.name == "audit_head":
                continue
            if connection.scalar(sa.select(sa.func.count()).select_from(table)):
                raise RestoreRefused("目标数据库不是空库，不能恢复；请新建空库")


def _make_schema(database: Database, revision: str) -> None:
    """Give the empty database the schema of the backup's time; the upgrade to today's comes when its rows are in."""
    known = revisions()
    if revision not in known:
        raise RestoreRefused(
            f"备份的数据库版本为 {revision}，本程序可以恢复 {known[0]} 至 {known[-1]} 的备份；请用备份时的程序版本恢复"
        )
    with database.engine.connect() as connection:
        there = stored_revision(connection)
    if there is not None and there not in known[: known.index(revision) + 1]:
        raise RestoreRefused(f"目标数据库已建有较新的表结构，备份的数据库版本为 {revision}；请新建空库")
    database.make_schema(revision)


def _tables_there(connection: sa.Connection) -> list[str]:
    return sorted(set(sa.inspect(connection).get_table_names()) - {"alembic_version"})


def _insert_all(crypto: Crypto, session: Session, lines: Iterator[str]) -> tuple[dict[str, Any], list[sa.Table]]:
    """Insert every line into its table; gives the manifest, which is the last line, and the tables as they were then."""
    connection = session.connection()
    tables: list[sa.Table] = []
    table: sa.Table | None = None
    names: list[str] = []
    waiting: list[dict[str, Any]] = []

    def flush() -> None:
        if table is not None and waiting:
            bulk_insert(session, table, waiting)
            waiting.clear()

    for line in lines:
        if line.startswith("["):
            if table is None:
                raise ValueError("a row before its table")
            waiting.append(row_of(table, names, line))
            if len(waiting) == page_of(table):
                flush()
            continue
        flush()
        told = json.loads(line)
        if "manifest" in told:
            if next(lines, None) is not None:
                raise ValueError("something after the manifest")
            return manifest_of(crypto, line), tables
        names = told["columns"]
        table = table_as_it_was(connection, told["table"], names)
        tables.append(table)
    raise ValueError("no manifest")


def _prove_keys(crypto: Crypto, manifest: dict[str, Any]) -> None:
    held = {key.kid for key in crypto.keys("") if key.state != "destroyed"}
    missing = sorted(set(manifest["keys"]) - held)
    if missing:
        raise RestoreRefused(f"密钥库缺少备份所用的密钥：{'、'.join(missing)}；请先恢复密钥库")


def _prove_tables(sealer: Sealer, connection: sa.Connection, manifest: dict[str, Any], tables: list[sa.Table]) -> int:
    """Read every row back: counts and digests as in the manifest, and the MAC of each row that carries one."""
    if sorted(manifest["tables"]) != sorted(table.name for table in tables) or set(manifest["tables"]) != set(
        _tables_there(connection)
    ):
        raise ValueError("other tables")
    macs = 0
    for table in tables:
        digest, count = Sm3(), 0
        protected = row_mac.is_protected(table)
        for line, values in lines_of(connection, table):
            digest.update(line.encode() + b"\n")
            count += 1
            if protected:
                macs += 1
                if not row_mac.fits(sealer, table, values):
                    raise RestoreRefused(f"数据表 {table.name} 中记录 {values['id']} 的完整性校验未通过，未恢复")
        if manifest["tables"][table.name] != {"rows": count, "sm3": digest.hex()}:
            raise RestoreRefused(f"数据表 {table.name} 恢复后的行数或摘要与备份清单不符，未恢复")
    return macs


def _prove_chain(connection: sa.Connection, manifest: dict[str, Any]) -> None:
    """Every event of the trail from the first on: no gap, each names the one before, each digest fits.

    The first is the one after those that left the database before the backup.
    """
    seq, before = _end_of_the_detached(connection)
    columns = (AuditEvent.seq, AuditEvent.prev, AuditEvent.hash, AuditEvent.body)
    statement = select(*columns).where(AuditEvent.chain == CHAIN).order_by(col(AuditEvent.seq))
    for number, prev, told, body in connection.execution_options(yield_per=PAGE).execute(statement):
        if number != seq + 1 or prev != before or told != event_hash(body):
            raise RestoreRefused(f"审计链在序号 {seq + 1} 处不连续或被改动，未恢复")
        seq, before = number, told
    if (seq, before) != (manifest["audit"]["seq"], manifest["audit"]["hash"]):
        raise RestoreRefused("审计链的末端与备份清单不符，未恢复")


def _end_of_the_detached(connection: sa.Connection) -> tuple[int, str]:
    """Return number and digest of the last event that had left the database; those before the first for none."""
    told = select(AuditEvent.body).where(AuditEvent.chain == CHAIN, AuditEvent.event == DETACHED)
    body = connection.scalar(told.order_by(col(AuditEvent.seq).desc()).limit(1))
    if body is None:
        return 0, genesis_hash(CHAIN)
    detail = json.loads(body)["det"]
    return int(detail["last"]), str(detail["hash"])


@action("operations.restored", "恢复完成", roles={Role.SYSTEM}, event="")
def tell_restored(work: Work, order: Restored) -> None:
    """Close what was open at the backup: sessions end, jobs are free; the audit goes on with this event."""
    for row in work.rows(SignInSession, col(SignInSession.ended_at).is_(None)):
        row.ended_at, row.end_reason = work.at, "RESTORED"
        work.add(row)
    work.session.connection().execute(update(JobLease).values(until=work.at, holder=""))
    work.trail.tell(
        "BACKUP.RESTORE",
        "operations.restored",
        detail={"rows": order.rows, "tables": order.tables, "audit_seq": order.audit_seq, "made_at": order.made_at},
        severity=4,
    )
