"""The table of capacities: it is what the script computes from the figures, and grows as they say."""

import csv
from itertools import pairwise

import pytest

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
