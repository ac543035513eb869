"""Sample of the kind of row 80: the red line of a project in 浦东, each beside the one before."""

from tests.conformance.samples import Sample, sample
from tests.land import Land
from tests.market import Market
from tests.red_lines import red_line, square
from tests.site import Site


@sample("red_line")
def a_red_line(market: Market, number: int) -> Sample:
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01",),
        stranger="xincheng_admin",
        values=red_line(square(number)),
        change={"survey_unit": "上海申测测绘有限公司"},
        about=Site.begun(Land(market)).project,
    )
