"""A counter day of the size that is asked for: what it takes of the processor, which part is the first to be full, and what is lost."""

import os
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from deploy.capacity import CITY, THINK, City
from models.practitioner_codes import SessionState
from models.pushes import BrokerPush
from models.tenancy import LeaseFiling
from services.engine.listings import ListRows
from services.imports.commit_run import commit_session
from services.tenancy.listings import FILINGS
from tests.bench.imports import wait_for
from tests.bench.measure import percentile
from tests.deploy.nginx_site import NGINX, eventually
from tests.drills import write_drill
from tests.hosts.clerks import Answered, Office
from tests.hosts.estate import BATCH, HERE, Estate, Namespace, may_part, running_estate
from tests.hosts.test_counter_day import eventually_sent, folder, misfortunes
from tests.people_made import person, table
from tests.poolers import PGBOUNCER
from tests.postgres import can_replicate
from tests.services.imports.desk import Desk
from tests.world import World

__all__ = ["folder"]

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(
        NGINX is None or PGBOUNCER is None or not can_replicate(), reason="nginx, pgbouncer, pg_basebackup are needed"
    ),
]
#: The busiest minute: web processes; clerks who file, partners who push, what each has to do (there are 1,211 free rooms).
WEBS, FILING, PUSHING, EACH = 3, 38, 11, 8
#: Hands wait for answers, so that more is wanted of them than is to be done; the seconds of the busiest time that is told.
MORE, PEAK = 1.2, 10.0
#: People whom a firm brings in meanwhile.
PEOPLE = 2_000
MOST_CLICK = 0.15
#: Shares of the city's busiest second, tried one after the other for so many seconds each.
SHARES, SECONDS = (0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.1, 1.4), 8.0
#: Clerks with a page open, and how many of them click once in the time that a clerk thinks, more and more.
CONNECTED, CLICKING = 1_000, (100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000)
#: Share of a core that counts as full: the rest goes to switching between threads and processes.
FULL = 0.85
#: What is done by itself before, for its price: nothing, clicks, leases filed, leases pushed in a second.
ALONE = ((0.0, 0.0, 0.0), (15.0, 0.0, 0.0), (0.0, 1.5, 0.0), (0.0, 0.0, 10.0))


class Beside(Thread):
    """A firm brings in its people and the city asks for its filings again and again, until the day is over."""

    def __init__(self, world: World) -> None:
        super().__init__(daemon=True)
        self.world, self.desk = world, Desk(world).found()
        self.over, self.brought_in, self.reports = Event(), 0, 0
        self.failed: Exception | None = None

    def run(self) -> None:
        try:
            session = self.desk.upload(table(person(number) for number in range(PEOPLE)))
            wait_for(self.desk, session, lambda view: view.state is SessionState.READY)
            self.desk.do(commit_session, session)
            while not self.over.wait(1.0):
                self.brought_in = self.desk.view(session).committed
                self.world.door.ask(FILINGS.query, self.world.caller("shi01"), ListRows({}))
                self.reports += 1
        except Exception as problem:
            self.failed = problem


def test_the_busiest_minute_while_things_go_wrong(folder: Path) -> None:
    """All clerks of the city have a page open, twenty filings a second are offered, an import and reports run beside them."""
    started = time.monotonic()
    with ExitStack() as after:
        parted = Namespace("shenfang-w2") if may_part() else None
        if parted is not None:
            after.callback(parted.remove)
            parted.make()
        estate, office = after.enter_context(
            running_estate(
                folder,
                webs=WEBS,
                clerks=FILING,
                each=EACH,
                pushing=PUSHING,
                searching=CITY.clerks - FILING - PUSHING,
                listens_at=(HERE,) if parted else (),
            )
        )
        if parted is not None:
            parted.relay(urlsplit(estate.world.simulators.urls()["police"]).port or 0)
        estate.worker("worker-1")
        estate.worker("worker-2", parted)
        beside = Beside(estate.world)
        before = {row.id for row in _filings(estate)}
        _set(office, 0, 0, 0)
        _open(office)
        beside.start()
        begun = time.monotonic()
        _set(office, CITY.clerks / THINK, CITY.counter * MORE, CITY.pushed * MORE)
        time_passes(SECONDS * 2)
        misfortunes(estate, parted)
        office.over = True
        _set(office, 1e3, 1e3, 1e3)
        office.wait(240)
        # The last round of reports sees what a worker took up again after another had been killed.
        assert any(eventually(lambda: beside.brought_in == PEOPLE) for _ in range(6)), (
            beside.failed,
            beside.brought_in,
        )
        beside.over.set()
        beside.join()
        assert beside.failed is None
        told = _agreed(estate, office, before, begun)
        write_drill(
            "受理日高峰",
            f"{CITY.clerks} 名经办的页面同时打开，求每秒 {CITY.clerks / THINK:.0f} 次查询、{CITY.counter + CITY.pushed:g} 份备案；{WEBS} 个网页进程、"
            "2 个后台任务、pgbouncer、nginx、主库与副本",
            f"{told}；其间导入从业人员 {PEOPLE} 名（全部成为草稿）、统计 {beside.reports} 次；{'、'.join(what for what, _ in estate.happened)}"
            f"{'（断网由网络命名空间实现）' if parted else '（本机不能建网络命名空间，未断网）'}",
            time.monotonic() - started,
        )


def _open(office: Office) -> None:
    """Have every page opened."""
    office.open()
    while not office.began and office.failed is None:
        time_passes(0.2)


def _filings(estate: Estate) -> Sequence[LeaseFiling]:
    found: Sequence[LeaseFiling] = estate.world.read(lambda work: work.rows(LeaseFiling))
    return found


def _agreed(estate: Estate, office: Office, before: Collection[UUID], begun: float) -> str:
    """Hold the database against what clerks and partners were answered; say how much it was and how fast."""
    filed, pushed = office.answers(pushed=False), office.answers(pushed=True)
    assert {one.filing_no for one in pushed} == {str(BATCH)}
    assert office.signed_out == 0
    rows = [row for row in _filings(estate) if row.id not in before]
    by_contract = {row.contract_id: row.filing_no for row in rows}
    assert len(set(by_contract.values())) == len(rows)
    for one in filed:
        assert by_contract[UUID(office.leases[one.account][one.number])] == one.filing_no
    ours = {UUID(lease) for mine in office.leases.values() for lease in mine}
    pushes = estate.world.read(lambda work: work.rows(BrokerPush))
    pushed_leases = {one.contract_id for one in pushes}
    assert len(by_contract.keys() & ours) == len(filed) + office.found_filed, office.refusals
    assert len(by_contract.keys() & pushed_leases) == len(pushes) == BATCH * len(pushed)
    assert by_contract.keys() <= ours | pushed_leases
    assert eventually_sent(estate), estate.tail()
    ends = sorted([(one.ended, 1) for one in filed] + [(one.ended, BATCH) for one in pushed])
    most = max(sum(count for ended, count in ends if 0 <= ended - start < PEAK) for start, _ in ends) / PEAK
    last = max(ended for ended, _ in ends) - begun
    waits = sorted(one.ended - one.began for one in filed)
    again = sum(one.tries > 1 for one in office.answered) + office.found_filed
    return (
        f"备案 {len(filed) + office.found_filed} 份、推送 {BATCH * len(pushed)} 份、查询 {len(office.clicks)} 次，用时 {last:.0f} 秒，"
        f"平均每秒 {(len(filed) + office.found_filed + BATCH * len(pushed)) / last:.1f} 份备案，最忙的 {PEAK:.0f} 秒里每秒 {most:.1f} 份；逐份恰有一个备案，编号不重，报文全部送达，已答复的与库中一致；"
        f"无人重新登录，页面重载 {office.reloads} 次，{again} 份按了一次以上；备案应答中位 {percentile(waits, 0.5) * 1000:.0f} 毫秒、p95 "
        f"{percentile(waits, 0.95):.1f} 秒，查询 p50 {percentile(office.clicks, 0.5) * 1000:.0f} 毫秒、p95 {percentile(office.clicks, 0.95) * 1000:.0f} 毫秒"
    )


@dataclass(frozen=True)
class Step:
    """Some seconds at a rate: what was done in them, and the processor seconds of each part."""

    seconds: float
    clicks: list[float]
    filed: list[Answered]
    pushed: int
    taken: dict[str, float]
    #: Cores of this machine that anything used.
    busy: float

    @property
    def slow(self) -> float:
        return percentile(self.clicks, 0.95) if self.clicks else 0.0

    def price(self, count: int, rest: "Step") -> dict[str, float]:
        """Return the milliseconds of each part for one of so many, without what the same seconds take at rest."""
        share = self.seconds / rest.seconds
        return {name: (spent - rest.taken[name] * share) / count * 1000 for name, spent in self.taken.items()}


@pytest.mark.parametrize("webs", [1, 2])
def test_the_rate_at_which_this_machine_is_full(folder: Path, webs: int) -> None:
    """Raise clicks, leases and pushes together until clicks are slow; say what each costs and which part is full."""
    started = time.monotonic()
    with running_estate(folder, webs=webs, clerks=30, each=10, pushing=9, searching=26) as (estate, office):
        estate.worker("worker-1")
        _set(office, 0, 0, 0)
        before, pages = estate.spent(), len(office.tasks) + len(office.searching)
        _open(office)
        opened = (estate.spent()["网页进程"] - before["网页进程"]) / pages
        rest, clicks, filings, pushes = (_step(estate, office, *rates) for rates in ALONE)
        steps = []
        for share in SHARES:
            city = CITY.times(share)
            steps.append((f"{share:.0%}", _step(estate, office, city.clerks / THINK, city.counter, city.pushed)))
            if steps[-1][1].slow > MOST_CLICK:
                break
        # A step without work left would say that the machine bears what it was not given.
        assert min(office.left_of(office.leases), office.left_of(office.batches)) > 0
        office.over = True
        _set(office, 1e3, 1e3, 1e3)
        office.wait(120)
        assert {one.filing_no for one in office.answers(pushed=True)} == {str(BATCH)}
        assert office.signed_out == 0
        prices = {
            "查询": clicks.price(len(clicks.clicks), rest),
            "窗口备案的最后一次办理": filings.price(len(filings.filed), rest),
            "推送一份": pushes.price(pushes.pushed, rest),
        }
        write_drill(
            "到满为止",
            f"{webs} 个网页进程、1 个后台任务、pgbouncer、nginx、主库与副本",
            f"{pages} 个页面。每件所用处理器毫秒：打开一页 {opened * 1000:.0f}、停着的一页每秒 {_idle(rest, pages):.2f}；{_costs(prices)}。"
            f"全市高峰（{_day(CITY)}）的各成：{_grown(steps, webs)}",
            time.monotonic() - started,
        )


def test_the_clerks_that_four_web_processes_bear_on_this_machine(folder: Path) -> None:
    """Have a thousand pages open and more and more of their clerks click, until clicks are slow; say which part is full."""
    started, webs = time.monotonic(), 4
    with running_estate(folder, webs=webs, clerks=1, each=1, searching=CONNECTED) as (estate, office):
        estate.worker("worker-1")
        _set(office, 0, 0, 0)
        _open(office)
        rest, steps = _step(estate, office, 0, 0, 0), []
        for clerks in CLICKING:
            steps.append((f"{clerks} 名", _step(estate, office, clerks / THINK, 0, 0)))
            if steps[-1][1].slow > MOST_CLICK:
                break
        office.over = True
        _set(office, 1e3, 1e3, 1e3)
        office.wait(120)
        assert (office.signed_out, office.reloads) == (0, 0)
        write_drill(
            "千名经办",
            f"{webs} 个网页进程、1 个后台任务、pgbouncer、nginx、主库与副本；{CONNECTED} 名经办的页面同时打开",
            f"停着的一页每秒用网页进程 {_idle(rest, CONNECTED):.2f} 毫秒，全机 {rest.busy:.2f} 核。其中每 {THINK:g} 秒点一次的：{_grown(steps, webs)}",
            time.monotonic() - started,
        )


def _set(office: Office, clicks: float, filed: float, pushed: float) -> None:
    """Have so much done in a second by all of them together."""
    often = 1e-6
    office.search_think = len(office.searching) / max(clicks, often)
    office.think = len(office.leases) / max(filed, often)
    office.push_think = len(office.batches) * BATCH / max(pushed, often)


def _step(estate: Estate, office: Office, clicks: float, filed: float, pushed: float) -> Step:
    _set(office, clicks, filed, pushed)
    time_passes(1.5)
    before, used, begun = estate.spent(), _busy(), time.monotonic()
    clicked, answered, batches = len(office.clicks), len(office.answers(pushed=False)), len(office.answers(pushed=True))
    time_passes(SECONDS)
    seconds, after = time.monotonic() - begun, estate.spent()
    return Step(
        seconds,
        office.clicks[clicked:],
        office.answers(pushed=False)[answered:],
        BATCH * (len(office.answers(pushed=True)) - batches),
        {name: after[name] - before[name] for name in after},
        (_busy() - used) / seconds,
    )


def _busy() -> float:
    """Return the processor seconds that anything on this machine has used."""
    told = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    return sum(int(told[place]) for place in (0, 1, 2, 5, 6)) / os.sysconf("SC_CLK_TCK")


def _idle(rest: Step, pages: int) -> float:
    """Return the milliseconds a second of an open page that is not used."""
    return rest.taken["网页进程"] / rest.seconds / pages * 1000


def _costs(prices: Mapping[str, Mapping[str, float]]) -> str:
    return "；".join(
        f"{what}：" + "、".join(f"{name} {price:.1f}" for name, price in parts.items() if price >= 0.05)
        for what, parts in prices.items()
    )


def _grown(steps: list[tuple[str, Step]], webs: int) -> str:
    """Say how waits grow with the rate, where they pass what is asked, and which part is full there."""
    told = []
    for name, step in steps:
        cores = {part: spent / step.seconds for part, spent in step.taken.items()}
        others = sum(cores.values()) - cores["网页进程"] - cores["主库"]
        leases = f"、{len(step.filed) / step.seconds:.1f} 份窗口、{step.pushed / step.seconds:.1f} 份推送"
        told.append(
            f"{name}（每秒 {len(step.clicks) / step.seconds:.0f} 次查询{leases if step.filed or step.pushed else ''}）"
            f"p50 {percentile(step.clicks, 0.5) * 1000:.0f}、p95 {step.slow * 1000:.0f} 毫秒，"
            f"网页进程 {cores['网页进程']:.2f} 核、主库 {cores['主库']:.2f}、其余 {others:.2f}，全机 {step.busy:.2f}"
        )
    return "；".join(told) + f"。{_fullest(steps[-1][1], webs)}。要求 p95 {MOST_CLICK * 1000:.0f} 毫秒"


def _fullest(last: Step, webs: int) -> str:
    """Say which part is full in the last step: a web process has a core at most, all of them have those of this machine."""
    web, cores = last.taken["网页进程"] / last.seconds, os.cpu_count() or 1
    if last.slow <= MOST_CLICK:
        return "到最后一步仍未超过"
    if web >= FULL * webs:
        return f"先满的是网页进程（{webs} 个，用去 {web:.2f} 核）"
    ours = sum(last.taken.values()) / last.seconds
    if last.busy >= FULL * cores:
        return f"先满的是本机的 {cores} 核：网页进程 {web:.2f}，各部分共 {ours:.2f}，客户端和别的程序 {last.busy - ours:.2f}"
    return f"没有一部分是满的（全机 {last.busy:.2f} 核）：等待在别处"


def _day(city: City) -> str:
    return f"每秒 {city.clerks / THINK:.0f} 次查询、{city.counter:g} 份窗口备案、{city.pushed:g} 份推送"


def time_passes(seconds: float) -> None:
    Event().wait(seconds)
