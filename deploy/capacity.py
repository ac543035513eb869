"""Processes, cores, connections and gigabytes a year of an installation, computed from measured figures.

`python -m deploy.capacity` writes docs/admin/capacity.md anew. The figures stand in `capacity_figures.csv` beside it, each with
its source; a figure measured again is changed there.
"""

from __future__ import annotations

import csv
import re
from dataclasses import astuple, dataclass, replace
from math import ceil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = Path(__file__).with_name("capacity_figures.csv")
PAGE = ROOT / "docs" / "admin" / "capacity.md"
DRILLS = ROOT / "docs" / "drills.md"
#: Multiples of the city that the page shows.
TIMES = (3, 10, 30, 100)
#: Share of each core that is planned with; the rest is for what was not planned.
USED = 0.6
#: Clerks of a web process at most, whatever they do: measured with 200 and 300, whose clicks took p95 35 and 60 ms.
PER_WEB = 250
#: Seconds between two clicks of a clerk, and pages opened anew by each of them in a second.
THINK, OPENS = 5.0, 0.01
#: Messages that a worker passes on for each filing: what is passed on, sent and answered.
PASSED_ON = 2
GIGA = 1e9
#: The slowest click of twenty that a machine may have while it is called able to bear its load.
MOST_CLICK_MS = 150


@dataclass(frozen=True)
class City:
    """The load that an installation is to carry."""

    clerks: int
    #: In the busiest second: at counters, and pushed by partners.
    counter: float
    pushed: float
    #: In a year.
    filings: int
    homes: int
    projects: int

    def times(self, factor: float) -> City:
        return City(*(value * factor for value in astuple(self)))


#: Assumed for planning: the peak is that of issue 21, the year's filings are twelve months of 50,000.
CITY = City(clerks=300, counter=5, pushed=15, filings=600_000, homes=900_000, projects=2_000)
#: The other load that issue 21 asks about: the city with a thousand clerks.
CROWDED = replace(CITY, clerks=1_000)


@dataclass(frozen=True)
class Plan:
    """The needs of a city; gigabytes are of the database at first and grown in a year, and of its WAL in that year."""

    webs: int
    workers: int
    cores: int
    memory: int
    database_cores: int
    connections: int
    stock: float
    growth: float
    wal: float
    #: Commits a second that wait for the end of the audit's chain, as a share of what it allows.
    chain: float

    @property
    def one_database(self) -> bool:
        """Return whether a single primary and a single chain of the audit carry it."""
        return self.chain <= 1 and self.database_cores <= 64


def figures() -> dict[str, float]:
    """Return the measured figures by name."""
    with FIGURES.open(encoding="utf-8") as source:
        return {line["name"]: float(line["value"]) for line in csv.DictReader(source)}


def used(city: City, known: dict[str, float]) -> tuple[float, float, float]:
    """Return the cores that web processes, workers and the database use in the busiest second."""
    shown = (
        city.clerks / THINK * known["click_ms"]
        + city.clerks * (OPENS * known["page_ms"] + known["open_ms"])
        + city.counter * known["filing_ms"]
        + city.pushed * known["pushed_ms"]
    ) / 1000
    behind = (city.counter + city.pushed) * PASSED_ON * known["pushed_ms"] / 2 / 1000
    return shown, behind, (shown + behind) * known["server_share"]


def plan(city: City, known: dict[str, float]) -> Plan:
    """Work out what a city needs."""
    shown, behind, server = used(city, known)
    webs = max(2, ceil(max(shown / USED, city.clerks / PER_WEB)))
    workers = max(2, ceil(behind / USED))
    database_cores = max(4, 2 ** (ceil(server / USED) - 1).bit_length())
    commits = city.counter * 4 + city.pushed + (city.counter + city.pushed) * PASSED_ON
    return Plan(
        webs=webs,
        workers=workers,
        cores=webs + workers,
        memory=ceil((webs * known["web_mb"] + workers * known["worker_mb"]) * 1.3 / 1000),
        database_cores=database_cores,
        connections=max(16, 4 * database_cores),
        stock=(city.homes * known["home_bytes"] + city.projects * known["project_bytes"]) / GIGA,
        growth=city.filings * known["filing_bytes"] / GIGA,
        wal=city.filings * known["filing_wal"] / GIGA,
        chain=commits * known["head_ms"] / 1000,
    )


def page() -> str:
    """Return the page of the administrator's handbook."""
    known = figures()
    loads, needs = [], []
    for name, city in (("1", CITY), ("1，千名经办", CROWDED), *((f"{factor}", CITY.times(factor)) for factor in TIMES)):
        need = plan(city, known)
        told = "一台" if need.one_database else "须按区分库"
        loads.append(
            f"| {name} | {city.clerks:,} | {city.counter + city.pushed:,.0f} | {city.filings / 10_000:,.0f} | {city.homes / 10_000:,.0f} | "
            f"{city.projects:,} |"
        )
        needs.append(
            f"| {name} | {need.webs} | {need.workers} | {need.cores} 核 {need.memory} GB | {need.database_cores} | "
            f"{need.connections} | {need.stock:,.0f} | {need.growth:,.0f} | {need.wal:,.0f} | {need.chain:.0%} | {told} |"
        )
    with FIGURES.open(encoding="utf-8") as source:
        sources = [
            f"| {line['label']} | {line['value']} {line['unit']} | {line['source']} |"
            for line in csv.DictReader(source)
        ]
    fullest = "\n".join(_limit(name, city, known) for name, city in (("全市", CITY), ("千名经办", CROWDED)))
    parts = (
        HEAD,
        "\n".join(loads),
        NEEDS,
        "\n".join(needs),
        "\n\n",
        fullest,
        driven(),
        MIDDLE,
        "\n".join(sources),
        "\n",
    )
    return "".join(parts)


def driven() -> str:
    """Say what share of the city this machine bore when it was driven until clicks were slow, by the record of the drills."""
    told = []
    for webs, steps in re.findall(
        r"^\| 到满为止 \| (\d+) 个网页进程.*?各成：(.*)$", DRILLS.read_text(encoding="utf-8"), re.M
    ):
        tried = [
            (share, work, int(slow))
            for share, work, slow in re.findall(r"(\d+%)（每秒 (.+?)）p50 \d+、p95 (\d+) 毫秒", steps)
        ]
        borne = [step for step in tried if step[2] <= MOST_CLICK_MS]
        slow = "".join(f"，{share}时 {wait} 毫秒" for share, _, wait in tried[len(borne) :][:1]) or "，没有再往上试"
        share, work, wait = borne[-1]
        told.append(f"{webs} 个网页进程，求全市高峰的 {share}（实得每秒 {work}）时点按 p95 {wait} 毫秒{slow}")
    return (
        f"\n- 实际开过的（[演练记录](../drills.md)“到满为止”，一台两核的机器，经办一方也在其上，点按 p95 不超过 {MOST_CLICK_MS} 毫秒为限）："
        + "；".join(told)
        + "。"
    )


def _limit(name: str, city: City, known: dict[str, float]) -> str:
    """Say which part is full first, and what a machine of two cores bears of it."""
    web, worker, server = used(city, known)
    share = 2 * USED / (web + worker + server)
    return (
        f"- {name}（{city.clerks:,} 名经办，每秒 {city.counter + city.pushed:g} 份备案）的高峰实际用网页进程 {web:.1f} 核、后台任务 {worker:.1f} 核、"
        f"数据库 {server:.1f} 核，最先满的是网页进程；全部放在一台两核的机器上，按 {USED:.0%} 计划只承担得了 {share:.0%}，"
        f"即 {city.clerks * share:.0f} 名经办、每秒 {(city.counter + city.pushed) * share:.0f} 份备案。"
    )


HEAD = f"""# 容量

由 `python -m deploy.capacity` 从实测数字算出，请勿手改；数字改在 `deploy/capacity_figures.csv`。第一行是全市：{CITY.clerks} 名经办同时在线，高峰每秒
{CITY.counter + CITY.pushed:.0f} 份备案（窗口 {CITY.counter}、推送 {CITY.pushed}），是规划时的假定，不是统计；其余各行是它的倍数。

| 倍数 | 经办 | 高峰备案/秒 | 备案 万/年 | 房屋 万套 | 项目 |
|--:|--:|--:|--:|--:|--:|
"""
NEEDS = """

各需要：

| 倍数 | 网页进程 | 后台任务 | 应用主机合计 | 数据库核数 | 数据库连接 | 存量 GB | 每年增加 GB | 每年 WAL GB | 审计链占用 | 主库 |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|
"""
MIDDLE = f"""

怎样算的：

- 处理器只计划用到 {USED:.0%}，一个网页进程不超过 {PER_WEB} 名经办；经办每 {THINK:.0f} 秒点一次。网页进程、后台任务各至少两个，一个没有了另一个接着办。
- 一个网页进程用一个核；应用主机的台数由核数和内存决定，每台 4 核 8 GB 起。连接经过 pgbouncer，每核 4 条，至少 16 条。
- “存量”是房屋和项目，“每年增加”是备案连同办件、文书（PDF）、审计和索引；备份是加密压缩前的同量。磁盘按三年存量的两倍备。
- 每次办理在提交时依次接到审计链末端：占用将近100%时先按区分成几条链（decisions/performance.md 110），再不够就按区分成几个库，见[多台主机](several-hosts.md#五分布到多台数据库)。这是目前增长的第一个上限，
  按单次占用的时间推算，没有在这样的规模上跑过。
- 数字量自两核的机器，各核快慢不同，按[监控](monitoring.md)的实际数字修正；10倍以上没有在真实的主机上试过。

实测的数字：

| 数字 | 值 | 出处 |
|---|--:|---|
"""


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
