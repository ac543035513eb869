"""A counter day of the size that is asked for: what it takes of the processor, and so which part is the first to be full.

`LARGE_DAY=clerks,filing,each,webs` sets another size: all clerks, those among them who file, their leases, web processes.
"""

import os
import time
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from deploy.demo.firms import load_firms
from models.push_codes import PushState
from models.tenancy import LeaseFiling
from services.broker_pushes.batch_intake import receive_batch
from services.broker_pushes.orders import PushedItem, ReceiveBatch
from services.engine.callers import SYSTEM
from services.engine.listings import ListRows
from services.tenancy.listings import FILINGS
from tests.bench.measure import percentile
from tests.deploy.nginx_site import NGINX
from tests.drills import write_drill
from tests.hosts.clerks import Office
from tests.hosts.estate import running_estate
from tests.hosts.test_counter_day import folder
from tests.poolers import PGBOUNCER
from tests.postgres import can_replicate
from tests.services.broker_pushes.association import CARD, MEMBER, Association
from tests.services.tenancy.counter import Counter, somebody

__all__ = ["folder"]

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(
        NGINX is None or PGBOUNCER is None or not can_replicate(), reason="nginx, pgbouncer, pg_basebackup are needed"
    ),
]
SIZES = tuple(map(int, os.environ.get("LARGE_DAY", "300,100,3,4").split(",")))
#: Leases of a pushed batch.
BATCH = 10
#: The load that is asked for (issue 21): filings a second, clerks, and the seconds between two of their clicks.
FILINGS_WANTED, CLERKS_WANTED, THINK = 20.0, 1_000, 5.0
#: The share of the cores that is planned with.
USED = 0.6
MOST_CLICK = 0.15


class Pushes:
    """The association pushes batch after batch, and the city counts its filings, in a thread beside the clerks."""

    def __init__(self, counter: Counter, count: int) -> None:
        self.world = counter.world
        self.world.door.perform(load_firms, SYSTEM, None)
        self.caller = Association(counter).caller
        self.forms = iter([counter.form(counter.free_flat(), somebody()) for _ in range(count)])
        self.over, self.filed, self.reports, self.spent = Event(), 0, 0, 0.0
        self.thread = Thread(target=self._push, daemon=True)

    def _push(self) -> None:
        door, place = self.world.door, 0
        while not self.over.is_set():
            forms = list(islice(self.forms, BATCH))
            if not forms:
                return
            items = tuple(_item(place + number, form) for number, form in enumerate(forms, 1))
            place += len(items)
            answer = door.perform(receive_batch, self.caller, ReceiveBatch(f"LARGE-{place}", items))
            self.filed += sum(one.state is PushState.FILED for one in answer.items)
            door.ask(FILINGS.query, self.world.caller("shi01"), ListRows({}))
            self.reports += 1
            self.spent = time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID)
            self.over.wait(1.0)


def _item(place: int, form: dict[str, Any]) -> PushedItem:
    """A lease as a member of the association pushes it."""
    pushed = {"card_no": CARD, "materials": ["不动产权证", "居民身份证", "租赁合同"]}
    return PushedItem(place, f"LARGE-{place:05d}", MEMBER, form | pushed, "5e" * 32)


def test_a_large_day_and_what_it_takes(folder: Path) -> None:
    clerks, filing, each, webs = SIZES
    started = time.monotonic()
    with running_estate(folder, webs=webs, clerks=filing, each=each, searching=clerks - filing) as (estate, office):
        for name in ("worker-1", "worker-2"):
            estate.worker(name)
        office.think = office.search_think = THINK
        pushes = Pushes(estate.counter, filing * each)
        office.open()
        while not office.began and office.failed is None:
            time_passes(0.2)
        pushes.thread.start()
        before, clicked, begun = estate.spent(), len(office.clicks), time.monotonic()
        office.wait(1_500)
        seconds, after = time.monotonic() - begun, estate.spent()
        pushes.over.set()
        pushes.thread.join()
        leases_filed = [UUID(lease) for mine in office.leases.values() for lease in mine]
        taken = {name: after[name] - before[name] for name in after}
        told = _told(office, pushes, taken, len(leases_filed), len(office.clicks) - clicked, seconds)
        rows = estate.world.read(lambda work: work.rows(LeaseFiling, col(LeaseFiling.contract_id).in_(leases_filed)))
        assert sorted(row.contract_id for row in rows) == sorted(leases_filed)
        numbers = {row.filing_no for row in rows}
        assert len(numbers) == len(leases_filed)
        assert {one.filing_no for one in office.answered} <= numbers
        assert office.signed_out == 0
        write_drill(
            "大规模受理日",
            f"{clerks} 名经办（{filing} 名备案），{webs} 个网页进程、2 个后台任务、pgbouncer、nginx、主库与副本",
            told,
            time.monotonic() - started,
        )


def _told(office: Office, pushes: Pushes, taken: Mapping[str, float], filed: int, clicks: int, seconds: float) -> str:
    """Say what was done, what it took, and which part of it limits a day of the size that is asked for."""
    waits = sorted(one.ended - one.began for one in office.answered)
    slow = percentile(office.clicks, 0.95) if office.clicks else 0.0
    whole = sum(taken.values())
    parts = "、".join(f"{name} {spent:.0f}" for name, spent in taken.items())
    return (
        f"全部页面同时打开；备案 {filed} 份、推送 {pushes.filed} 份、查询 {clicks} 次、统计 {pushes.reports} 次，用时 {seconds:.0f} 秒，"
        f"即每秒 {(filed + pushes.filed) / seconds:.1f} 份备案、{clicks / seconds:.0f} 次查询；"
        f"备案应答 p95 {percentile(waits, 0.95):.1f} 秒，查询 p50 {percentile(office.clicks, 0.5) * 1000:.0f} 毫秒、p95 {slow * 1000:.0f} 毫秒"
        f"（要求 {MOST_CLICK * 1000:.0f} 毫秒）；处理器共 {whole:.0f} 秒（{parts}；推送的业务进程另 {pushes.spent:.0f}），"
        f"平均占用 {whole / seconds:.1f} 核，本机 {os.cpu_count()} 核，客户端也在其上；页面重载 {office.reloads} 次，逐份恰有一个备案"
    )


def time_passes(seconds: float) -> None:
    Event().wait(seconds)
