"""The primary falls while clerks file, its replica takes over: how long they wait, and what is lost; and a restore to a moment."""

import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlmodel import select

from models.dialect import Database
from models.tenancy import LeaseFiling
from tests.commands import run_main
from tests.databases import Databases
from tests.deploy.nginx_site import NGINX, eventually
from tests.drills import write_drill
from tests.hosts.estate import DATABASE, running_estate
from tests.hosts.servers import DatabaseHost
from tests.hosts.test_counter_day import wait
from tests.poolers import PGBOUNCER
from tests.postgres import can_replicate
from tests.services.tenancy.counter import Counter
from tests.services.tenancy.test_killed import nothing_is_half
from tests.world import key_folder, running_world, sealer

pytestmark = [pytest.mark.soak, pytest.mark.skipif(not can_replicate(), reason="pg_basebackup is needed")]
CLERKS, EACH = 8, 12
#: Seconds from the fall of the primary to the next filing, at most (issue 21).
WANTED = 30.0


@pytest.fixture
def folder(databases: Databases) -> Iterator[Path]:
    """A folder that the servers' user can reach, with the database in memory."""
    with tempfile.TemporaryDirectory(prefix="shenfang-hosts-", dir=databases.home.parent) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.mark.skipif(NGINX is None or PGBOUNCER is None, reason="nginx and pgbouncer are needed")
@pytest.mark.parametrize("synchronous", [True, False], ids=["synchronous", "asynchronous"])
def test_a_replica_takes_over_while_clerks_file(folder: Path, *, synchronous: bool) -> None:
    started = time.monotonic()
    with running_estate(folder, webs=2, clerks=CLERKS, each=EACH) as (estate, office):
        primary, replica = estate.primary, estate.replica
        if synchronous:
            primary.order("ALTER SYSTEM SET synchronous_standby_names = '*'")
            primary.order("SELECT pg_reload_conf()")
        assert eventually(lambda: replica.replayed(primary))
        estate.worker("worker-1")
        office.open()
        wait(15)
        fallen = time.monotonic()
        primary.fall()
        # As in the handbook: look, be sure that the old one is down, promote, lead the pooler there.
        wait(3)
        assert not primary.answers()
        ordered = time.monotonic()
        replica.promote()
        promoted = time.monotonic()
        estate.pooler.lead_to(replica.home, DATABASE)
        estate.pooler.order("RECONNECT shenfang")
        wait(1)
        # Ours looks at the new one, too.
        estate.world.door.house.database.dispose()
        estate.world.door.house.database = Database(replica.url(DATABASE), sealer())
        office.wait(420)
        after = min(one.ended for one in office.answered if one.ended > fallen)
        rows = estate.world.read(lambda work: work.session.exec(select(LeaseFiling)).all())
        by_contract = {row.contract_id: row.filing_no for row in rows}
        promised = {UUID(office.leases[one.account][one.number]): one.filing_no for one in office.answered}
        lost = [contract for contract, number in promised.items() if by_contract.get(contract) != number]
        longest = max(one.ended - one.began for one in office.answered)
        assert office.signed_out == 0
        assert after - fallen < WANTED
        if synchronous:
            assert lost == []
            nothing_is_half(estate.counter, [UUID(lease) for mine in office.leases.values() for lease in mine])
        told = (
            f"主库被强制结束，从结束到下一份备案办成 {after - fallen:.1f} 秒"
            f"（其中等待确认 3 秒、提升 {promoted - ordered:.1f} 秒）；一名经办最长等待 {longest:.1f} 秒；"
            f"已答复的 {len(promised)} 份备案丢失 {len(lost)} 份；无人重新登录，页面重载 {office.reloads} 次"
        )
        condition = f"{'同步' if synchronous else '异步'}复制，2 个网页进程，{CLERKS} 名经办"
        write_drill("主库故障切换", condition, told, time.monotonic() - started)


def test_the_archive_restores_to_a_second_before_a_deletion(folder: Path) -> None:
    started = time.monotonic()
    primary = DatabaseHost(folder / "db01", folder / "wal")
    restored = DatabaseHost(folder / "db03", folder / "wal2")
    primary.make()
    primary.start()
    try:
        primary.order(f"CREATE DATABASE {DATABASE}")
        with running_world(primary.url(DATABASE), few=160) as world:
            counter = Counter(world)
            restored.copy_of(primary, replica=False)
            leases = [counter.filed().contract_id for _ in range(5)]
            wait(2)
            before, deleted_at = _delete(primary)
            # What came after the deletion is lost with it, and found in the second store of the audit.
            last = primary.order("SELECT pg_walfile_name(pg_switch_wal())")
            assert eventually(lambda: (primary.order("SELECT last_archived_wal FROM pg_stat_archiver") or "") >= last)
            primary.fall()
            began = time.monotonic()
            restored.archive = folder / "wal"
            restored.recover_to((deleted_at - timedelta(seconds=1)).isoformat())
            restored.start()
            assert eventually(lambda: restored.order("SELECT pg_is_in_recovery()") is False)
            took = time.monotonic() - began
            database = Database(restored.url(DATABASE), sealer())
            with database.read() as session:
                rows = session.exec(select(LeaseFiling)).all()
                assert sorted(row.contract_id for row in rows) == sorted(leases)
            database.dispose()
            assert restored.order("SELECT count(*) FROM lease_filing", DATABASE) == before == 5
            (folder / "app").mkdir()
            verified = run_main(
                folder / "app",
                "audit",
                "verify",
                MODE="test",
                DATABASE_URL=restored.url(DATABASE),
                KEY_DIR=str(key_folder()),
                DATA_DIR=str(folder / "app"),
            )
            assert verified.code == 0, verified.out + verified.err
            told = (
                f"删除 {before} 份备案后，由基础备份和归档的 WAL 恢复到删除前一秒：{before} 份都在，逐行校验值和审计链核验通过；"
                f"恢复用时 {took:.1f} 秒"
            )
            write_drill("恢复到指定时刻", "PostgreSQL，归档 WAL", told, time.monotonic() - started)
    finally:
        restored.stop()
        primary.stop()


def _delete(primary: DatabaseHost) -> tuple[int, datetime]:
    """Delete every filing past the product; returns how many there were, and when."""
    with psycopg.connect(primary.url(DATABASE)) as connection:
        connection.execute("SET session_replication_role = replica")
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        return connection.execute("DELETE FROM lease_filing").rowcount, row[0]
