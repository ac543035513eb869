"""Samples of the kinds of rows 80 and 82: a red line, an area, parameters of the older city system, a base map."""

from tests.conformance.samples import Sample, sample
from tests.land import Land
from tests.market import Market
from tests.red_lines import base_map, red_line, square, transform
from tests.site import Site


@sample("red_line")
def a_red_line(market: Market, number: int) -> Sample:
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01", "pdkjshen01"),
        stranger="xincheng_admin",
        values=red_line(square(number)),
        change={"survey_unit": "上海申测测绘有限公司"},
        about=Site.begun(Land(market)).project,
    )


@sample("spatial_area")
def a_plate(market: Market, number: int) -> Sample:
    return Sample(
        drafter="pdkj01",
        submitter="pdkj01",
        reviewers=("pdkjshen01",),
        stranger="xhkj01",
        values={
            "area_name": f"花木{number}",
            "use": "PLATE",
            "district": "310115",
            "decided_on": "2026-01-20",
            "basis": "板块划分方案",
            "plane_system": "CGCS2000_GK3_40",
            "outline": str(square(number, east=-20_000)),
        },
        change={"basis": "板块划分方案（修订）"},
    )


@sample("plane_transform")
def parameters(market: Market, number: int) -> Sample:
    return Sample(
        drafter="pdkj01",
        submitter="pdkj01",
        reviewers=("pdkjshen01",),
        stranger="xhkj01",
        values=transform(square(number, side=50.0, east=-650_000 - 3_000 * number, north=-3_440_000)),
        change={"issuer": "上海市测绘院二分院"},
    )


@sample("base_map")
def a_base_map(market: Market, number: int) -> Sample:
    return Sample(
        drafter="pdkj01",
        submitter="pdkj01",
        reviewers=("pdkjshen01",),
        stranger="xhkj01",
        values=base_map(f"沪S（2026）{number:03}号"),
        change={"issuer": "上海市规划和自然资源局（测绘处）"},
    )
