"""Samples of the kinds of row 76: sales plans."""

from services.sales.plan_rules import PAPERS
from tests.conformance.samples import Sample, sample
from tests.land import Land
from tests.market import Market
from tests.sales import REASONS, TEXTS, selling


@sample("sales_plan")
def sales_plan(market: Market, number: int) -> Sample:
    found = selling(Land(market))
    building = found.building("1#")
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01", "shishen01"),
        stranger="xincheng_admin",
        about=found.project,
        values={**TEXTS, "sale_kind": "PRESALE"},
        change={"agent_name": f"上海示例房地产经纪有限公司{number}"},
        children=found.lists(building),
        papers=tuple(PAPERS),
        reasons=REASONS,
    )
