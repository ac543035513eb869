"""The page of supply: a report with its pictures, and the rows behind a figure, by keyboard alone (row 83)."""

import pytest

from services.supply.report_forms import Drawn
from services.supply.sum_updates import rebuild_all_stale
from tests.land import Land
from tests.ui.people import Crowd, page_of
from tests.ui.tenancy.hands import WAIT, rows
from ui.shell.chart import Chart
from ui.supply.pictures import options_of

pytestmark = pytest.mark.row(83)


@pytest.fixture(scope="module")
def project(land: Land) -> str:
    land.project("P-1")
    rebuild_all_stale(land.market.world.door)
    return "P-1"


async def test_a_report_is_shown_with_its_words_and_every_other_can_be_chosen(crowd: Crowd, project: str) -> None:
    user = await crowd.open("shichu01", "/?open=supply&series=restated")
    await user.should_see("单位：万㎡ · 截至", retries=WAIT)
    lines = {row["name"]: row for row in rows(user, "R1 可供应量汇总表")}
    assert set(lines) >= {"浦东新区", "徐汇区", "合计"}


async def test_doubtful_records_are_listed_for_a_district(crowd: Crowd, project: str) -> None:
    user = await crowd.open("pdshen01", "/?open=supply_doubts")
    await user.should_see("可供应量存疑数据", retries=WAIT)


async def test_a_picture_of_another_form_keeps_nothing_of_the_one_before(crowd: Crowd, project: str) -> None:
    user = await crowd.open("shichu01", "/?open=home")
    with page_of(user):
        chart = Chart("漏斗和柱")
        assert chart.chart is None, "there is nothing to close before it is drawn"
        chart.draw({"series": [{"type": "funnel"}], "title": [{"text": "2022年供地"}]})
        funnel = chart.chart
        chart.draw({"series": [{"type": "bar"}], "title": {"text": "库存"}})
        bars = chart.chart
        assert bars is not None
        assert bars is not funnel
        chart.draw({"series": [{"type": "bar"}], "title": {"text": "住宅库存"}})
        assert (chart.chart is bars, bars.options["title"]) == (True, {"text": "住宅库存"})


def test_a_picture_is_told_in_its_own_figures() -> None:
    drawn = Drawn("stacked", "各阶段", "万㎡", ("25-10", "25-11"), (("S0", (1.5, 2.25)), ("S1", (None, None))))
    told = options_of(drawn)
    assert told is not None
    assert told["aria"]["label"]["description"] == "各阶段（万㎡）。S0：25-10为1.5，25-11为2.25；S1：没有数据"
