"""Sample of the texts a company adds to its handbook (row 78)."""

from tests.conformance.samples import Sample, sample
from tests.land import Land
from tests.market import Market


@sample("handbook_text")
def handbook_text(market: Market, number: int) -> Sample:
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01",),
        stranger="xincheng_admin",
        values={"introduction": f"本项目分{number + 1}期建设。", "commitments": "按期交付。"},
        change={"special_matters": "本期新增配套学校。"},
        about=Land(market).project("P-1"),
    )
