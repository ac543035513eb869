"""A counter day on several hosts, while processes are killed, nginx is reloaded and a host is cut off: nothing is lost."""

import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models.access import SignInSession
from models.documents import IssuedDocument, PaperKind
from models.engine import Outgoing, OutgoingState
from models.tenancy import LeaseFiling
from services.engine.work import Work
from tests.databases import Databases
from tests.deploy.nginx_site import NGINX, eventually
from tests.drills import write_drill
from tests.hosts.clerks import Office, Visitors
from tests.hosts.estate import HERE, Estate, Namespace, may_part, running_estate
from tests.poolers import PGBOUNCER
from tests.postgres import can_replicate
from tests.services.documents.papers import token_of
from tests.services.tenancy.test_killed import nothing_is_half

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(
        NGINX is None or PGBOUNCER is None or not can_replicate(), reason="nginx, pgbouncer, pg_basebackup are needed"
    ),
]
CLERKS, EACH, WEBS = 12, 10, 3


@pytest.fixture
def folder(databases: Databases) -> Iterator[Path]:
    """A folder that the servers' user can reach, with the database in memory."""
    with tempfile.TemporaryDirectory(prefix="shenfang-hosts-", dir=databases.home.parent) as name:
        yield Path(name)


def test_a_counter_day_on_several_hosts_loses_nothing(folder: Path) -> None:
    started = time.monotonic()
    with ExitStack() as after:
        parted = Namespace("shenfang-w2") if may_part() else None
        if parted is not None:
            after.callback(parted.remove)
            parted.make()
        listens_at = (HERE,) if parted else ()
        estate, office = after.enter_context(
            running_estate(folder, webs=WEBS, clerks=CLERKS, each=EACH, listens_at=listens_at)
        )
        if parted is not None:
            parted.relay(urlsplit(estate.world.simulators.urls()["police"]).port or 0)
        estate.worker("worker-1")
        estate.worker("worker-2", parted)
        earlier = estate.counter.filed()
        paper = estate.world.read(lambda work: work.session.exec(_notice_of(earlier.filing_id)).one())
        visitors = Visitors(estate.site, f"/c/{token_of(estate.world, paper)}", paper.number)
        office.open()
        visitors.start()
        misfortunes(estate, parted)
        office.wait(420)
        visitors.stop()
        assert visitors.wrong == []
        assert visitors.right > 100
        told = _agreed(estate, office, parted, earlier.contract_id)
        told += f"；其间扫码核验 {visitors.right + visitors.busy} 次，答对 {visitors.right} 次，其余为暂时不可用"
        condition = f"{WEBS} 个网页进程、2 个后台任务、pgbouncer、nginx、主库与副本；{CLERKS} 名经办"
        write_drill("多主机受理日", condition, told, time.monotonic() - started)


def test_the_same_day_on_one_process_without_misfortune(folder: Path) -> None:
    """The day of several hosts stands beside it: one web process, one worker, straight to the database."""
    started = time.monotonic()
    with running_estate(folder, webs=1, clerks=CLERKS, each=EACH, pooled=False) as (estate, office):
        estate.worker("worker-1")
        office.open()
        office.wait(420)
        leases = [UUID(lease) for mine in office.leases.values() for lease in mine]
        nothing_is_half(estate.counter, leases)
        assert office.signed_out == 0
        told = f"{len(leases)} 份备案全部办成；{_waits(office)}；页面重载 {office.reloads} 次"
        condition = f"对照：1 个网页进程、1 个后台任务，直连主库，无故障；{CLERKS} 名经办"
        write_drill("多主机受理日", condition, told, time.monotonic() - started)


def _notice_of(filing_id: UUID) -> Any:
    return select(IssuedDocument).where(
        IssuedDocument.filing_id == filing_id, IssuedDocument.kind == PaperKind.FILING_NOTICE
    )


def _waits(office: Office) -> str:
    waits = sorted(one.ended - one.began for one in office.answered)
    middle, most = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    return f"备案应答中位 {middle * 1000:.0f} 毫秒、p95 {most * 1000:.0f} 毫秒、最长 {waits[-1]:.1f} 秒"


def misfortunes(estate: Estate, parted: Namespace | None) -> None:
    """Do to the estate what a bad day would, one thing after another, while clerks file."""
    first, second, *_ = estate.ports
    wait(8)
    estate.note("网页进程被强制结束")
    estate.kill(estate.webs[first].process)
    wait(4)
    estate.web(first, wait=False)
    wait(8)
    estate.note("nginx 重载")
    estate.reload_nginx()
    wait(4)
    estate.note("后台任务被强制结束")
    estate.kill(estate.workers["worker-1"])
    estate.worker("worker-1")
    if parted is not None:
        estate.note("后台任务主机断网")
        parted.cut()
    wait(10)
    estate.note("pgbouncer 切断全部连接")
    estate.pooler.order("KILL shenfang", "RESUME shenfang")
    wait(8)
    estate.note("网页进程正常停止后启动")
    estate.webs[second].process.send_signal(signal.SIGTERM)
    estate.webs[second].process.wait()
    estate.web(second, wait=False)
    wait(25)
    if parted is not None:
        parted.mend()


def _agreed(estate: Estate, office: Office, parted: Namespace | None, earlier: UUID) -> str:
    """Hold the database against what clerks were answered; say what was found."""
    leases = [UUID(lease) for mine in office.leases.values() for lease in mine]
    nothing_is_half(estate.counter, [*leases, earlier])
    by_contract = {
        row.contract_id: row.filing_no
        for row in estate.world.read(lambda work: work.session.exec(select(LeaseFiling)).all())
    }
    for one in office.answered:
        assert by_contract[UUID(office.leases[one.account][one.number])] == one.filing_no
    assert office.signed_out == 0
    assert estate.world.read(_sessions) == CLERKS
    assert eventually_sent(estate), estate.tail()
    again = sum(one.tries > 1 for one in office.answered) + office.found_filed
    return (
        f"{len(leases)} 份备案全部办成，逐份恰有一个备案、办件、两份文书、一条待发报文，编号不重不漏；"
        f"已答复的 {len(office.answered)} 份与库中一致，应答丢失而再按一次见到“已备案”的 {office.found_filed} 份；"
        f"无人重新登录，页面重载 {office.reloads} 次，{again} 份按了一次以上；"
        f"{_waits(office)}；{'、'.join(what for what, _ in estate.happened)}"
        + ("（断网 43 秒后接通，由网络命名空间实现）" if parted else "（本机不能建网络命名空间，未断网）")
    )


def _sessions(work: Work) -> int:
    open_ones = sa.select(sa.func.count()).select_from(SignInSession).where(col(SignInSession.ended_at).is_(None))
    return int(work.session.execute(open_ones).scalar_one())


def eventually_sent(estate: Estate) -> bool:
    """Whether every message leaves the outbox within two minutes."""

    def sent() -> bool:
        left = sa.select(sa.func.count()).where(col(Outgoing.state) != OutgoingState.SENT)
        return bool(estate.world.read(lambda work: work.session.execute(left).scalar_one()) == 0)

    return any(eventually(sent) for _ in range(12))


def wait(seconds: float) -> None:
    """Let the day go on."""
    threading.Event().wait(seconds)


def test_processes_of_one_version_are_restarted_without_a_lost_click(folder: Path) -> None:
    """As `install.sh restart` does it: out of nginx, stop, start, ready, back into nginx, one after another."""
    started = time.monotonic()
    with running_estate(folder, webs=2, clerks=CLERKS, each=EACH) as (estate, office):
        estate.worker("worker-1")
        office.open()
        wait(6)
        for port in estate.ports:
            estate.in_site(port, up=False)
            wait(2)
            estate.webs[port].process.send_signal(signal.SIGTERM)
            estate.webs[port].process.wait()
            estate.web(port)
            estate.in_site(port, up=True)
        while_filing = office.left()
        office.wait(420)
        leases = [UUID(lease) for mine in office.leases.values() for lease in mine]
        nothing_is_half(estate.counter, leases)
        lost = [one for one in office.answered if one.tries > 1]
        assert while_filing > 0, "the office was closed before the last process was back"
        assert (office.signed_out, lost, office.found_filed) == (0, [], 0), office.refusals[-5:]
        told = f"{len(leases)} 份备案全部按一次办成，没有丢失的点按；无人重新登录，页面自动重载 {office.reloads} 次；{_waits(office)}"
        condition = f"2 个网页进程逐个从 nginx 摘下、停止、启动、接回；{CLERKS} 名经办"
        write_drill("不停机重启", condition, told, time.monotonic() - started)
