"""The table of capacities: it is what the script computes from the figures, and grows as they say."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest

from deploy import capacity
from deploy.capacity import CITY, CROWDED, FIGURES, PAGE, TIMES, City, figures, page, plan

KNOWN = {
    "click_ms": 10.0,
    "page_ms": 20.0,
    "open_ms": 0.2,
    "filing_ms": 50.0,
    "pushed_ms": 15.0,
    "server_share": 0.5,
    "head_ms": 2.0,
    "web_mb": 300.0,
    "worker_mb": 300.0,
    "home_bytes": 5_000.0,
    "project_bytes": 100_000.0,
    "filing_bytes": 40_000.0,
    "filing_wal": 80_000.0,
}


def test_the_page_is_what_the_script_prints() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_figure_has_its_source() -> None:
    with FIGURES.open(encoding="utf-8") as source:
        lines = list(csv.DictReader(source))
    assert {line["name"] for line in lines} == KNOWN.keys() == figures().keys()
    assert all(line["source"] and line["label"] and line["unit"] and float(line["value"]) > 0 for line in lines)


def test_a_city_is_worked_out_by_hand() -> None:
    need = plan(City(clerks=500, counter=10, pushed=20, filings=1_000_000, homes=1_000_000, projects=1_000), KNOWN)
    # 100 clicks a second of 10 ms, 5 pages of 20 ms, 500 pages that stay open, 10 filings of 50 ms and 20 pushed of 15 ms:
    # 2.0 cores, 3.3 at three fifths.
    assert need.webs == 4
    # 60 messages of half as much as a pushed lease: 0.45 cores, but two are the least.
    assert need.workers == 2
    # Half of 2.45 cores at three fifths is 2.04, and four the next power of two.
    assert (need.database_cores, need.connections) == (4, 16)
    assert (need.stock, need.growth, need.wal) == pytest.approx((5.1, 40, 80))
    # 40 + 20 + 60 commits of 2 ms.
    assert need.chain == pytest.approx(0.24)
    assert need.one_database


def test_a_larger_city_never_needs_less_and_a_chain_that_is_full_is_told() -> None:
    plans = [plan(CITY.times(factor), figures()) for factor in TIMES]
    assert plan(CROWDED, figures()).webs > plan(CITY, figures()).webs
    for less, more in pairwise(plans):
        assert (less.webs, less.workers, less.database_cores) <= (more.webs, more.workers, more.database_cores)
        assert less.growth < more.growth
    assert plans[0].one_database
    assert not plans[-1].one_database
    assert page().count("须按区分库") == sum(not one.one_database for one in plans)


def test_what_was_driven_is_told_up_to_the_last_step_whose_clicks_were_quick(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    line = (
        "| 到满为止 | {} 个网页进程、1 个后台任务 | 2026-11-30 | 9 秒 | 打开一页 20。全市高峰的各成：{}。到此 | x |\n"
    )
    quick = "15%（每秒 9 次查询）p50 5、p95 30 毫秒，全机 1"
    slow = "75%（每秒 45 次查询）p50 50、p95 151 毫秒，全机 2"
    drills = tmp_path / "drills.md"
    drills.write_text(line.format(1, f"{quick}；{slow}") + line.format(2, quick), encoding="utf-8")
    monkeypatch.setattr(capacity, "DRILLS", drills)
    told = capacity.driven()
    assert "1 个网页进程，求全市高峰的 15%（实得每秒 9 次查询）时点按 p95 30 毫秒，75%时 151 毫秒；" in told
    assert told.endswith("2 个网页进程，求全市高峰的 15%（实得每秒 9 次查询）时点按 p95 30 毫秒，没有再往上试。")
