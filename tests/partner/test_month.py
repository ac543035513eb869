"""A whole month of direct payment with faults and kills: fund, firms and product agree on everything at the end."""

import time
from pathlib import Path

import pytest

from tests.drills import write_drill
from tests.partner.agreement import disagreements, product_bills, totals
from tests.partner.cluster import running_cluster
from tests.partner.month import Month, Plan, prepared
from tests.world import HANDFUL, key_folder, running_world

_SMALL = Plan(contracts=12, kills=2, seed=7, days=(1, 5, 10, 15, 20, 25, 30), houses=HANDFUL)
_WHOLE = Plan(contracts=1_000, kills=20, seed=11, rest=4.0)


@pytest.mark.row(17)
@pytest.mark.row(18)
@pytest.mark.row(19)
@pytest.mark.row(20)
@pytest.mark.row(21)
@pytest.mark.row(22)
@pytest.mark.one_engine
@pytest.mark.night
def test_a_month_of_a_dozen_contracts_ends_in_agreement(
    fresh_database_url: str, database_engine: str, tmp_path: Path
) -> None:
    _drill(fresh_database_url, database_engine, tmp_path, _SMALL)


@pytest.mark.soak
def test_a_month_of_a_thousand_contracts_ends_in_agreement(
    fresh_database_url: str, database_engine: str, tmp_path: Path
) -> None:
    started = time.monotonic()
    month = _drill(fresh_database_url, database_engine, tmp_path, _WHOLE)
    engine = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database_engine]
    condition = f"{engine}，{_WHOLE.contracts} 份合同，{len(month.cluster.webs)} 个网页进程"
    write_drill("公积金直付一个月", condition, _told(month), time.monotonic() - started)


def _drill(database_url: str, engine: str, folder: Path, plan: Plan) -> Month:
    webs = 2 if engine == "postgresql" else 1
    with running_world(database_url, few=plan.houses) as world:
        over = prepared(world, plan)
        with running_cluster(database_url, folder, key_folder(), world.simulators.urls(), webs=webs) as cluster:
            month = over(cluster)
            month.run()
            assert disagreements(month) == [], cluster.tail()
            assert all(product == fund == firm for product, fund, firm in totals(month).values())
            assert cluster.kills == plan.kills
            _something_happened(month)
    return month


def _something_happened(month: Month) -> None:
    """A drill in which nothing went wrong proves nothing."""
    assert len(product_bills(month)) >= month.plan.contracts * 0.8
    # Among a few bills there may be none whose payment failed and was told again.
    assert month.plan is _SMALL or any(bill.told > 1 for bill in month.fund.bills.values())
    assert sum(sum(one.arrivals.values()) for one in month.everybody) > sum(
        sum(one.effects.values()) for one in month.everybody
    )
    assert {"half", "badsig", "down"} <= month.faults.keys()
    assert month.resent > 0


def _told(month: Month) -> str:
    bills = product_bills(month)
    arrivals = sum(sum(one.arrivals.values()) for one in month.everybody)
    effects = sum(sum(one.effects.values()) for one in month.everybody)
    results = sum(bill.told for bill in month.fund.bills.values())
    return (
        f"种子 {month.plan.seed}：{len(month.fund.mandates)} 份委托、{len(bills)} 笔账单、{results} 个支付结果，"
        f"三方逐笔一致；推送到达 {arrivals} 次、生效 {effects} 次；"
        f"强制结束后台进程 {month.cluster.kills} 次，人工重发 {month.resent} 条；每条报文恰好生效一次"
    )
