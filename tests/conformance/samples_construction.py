"""Samples of the kinds of rows 67-68: construction permits and unit works."""

from tests.conformance.samples import Sample, sample
from tests.land import Land
from tests.market import Market
from tests.site import Site, construction_permit, unit


@sample("construction_permit")
def a_construction_permit(market: Market, number: int) -> Sample:
    site = Site.begun(Land(market))
    planning = site.planning()
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01",),
        stranger="xincheng_admin",
        values=construction_permit(),
        children={
            "plannings": [{"planning_permit_id": str(planning)}],
            "events": [{"event": "EXTENSION", "on_day": "2026-08-20", "until": "2026-11-20"}],
        },
        change={"scale_text": "两幢住宅楼和地下车库"},
        about=site.project,
    )


@sample("unit_engineering")
def unit_engineering(market: Market, number: int) -> Sample:
    site = Site.begun(Land(market))
    permit = site.permit(site.planning(), works_area="10500.00")
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01",),
        stranger="xincheng_admin",
        values=unit(permit, "1#"),
        change={"foundation_type": "桩基"},
        about=site.project,
    )
