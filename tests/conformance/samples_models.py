"""Sample of the kind of row 81: a tower of three storeys over its planned building, not yet in the building table."""

from tests.conformance.samples import Sample, sample
from tests.land import Land
from tests.market import Market
from tests.site import Site
from tests.space_models import form, rows, tower


@sample("building_model")
def building_model(market: Market, number: int) -> Sample:
    site = Site.begun(Land(market))
    site.planning()
    values, lists = form(tower(number, table=rows()))
    return Sample(
        drafter="pdkj01",
        submitter="pdkj01",
        reviewers=("pdshen01", "pdkjshen01"),
        stranger="xhkj01",
        values=values,
        children=lists,
        change={"base_z": "4.8"},
        about=site.project,
        reasons={"SPA-13": "规划变更后的层数"},
    )
