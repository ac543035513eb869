"""Samples of the kinds of rows 63-66: certificates of the planning stage."""

from tests.conformance.samples import Sample, sample
from tests.land import Land
from tests.market import Market
from tests.site import BUILDINGS, Site, certificate, community, planning_permit


@sample("land_planning_permit")
def land_planning_permit(market: Market, number: int) -> Sample:
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01",),
        stranger="xincheng_admin",
        values={
            "permit_no": f"地字第3101152026YG{number:07d}号",
            "project_name": "花木A1-02地块住宅项目",
            "land_user": "上海申浦滨江置业有限公司",
            "land_user_uscc": "91310115MAYPA0014U",
            "location": "东至芳甸路，南至锦绣路",
            "land_use": "居住用地",
            "land_area_text": "壹万平方米",
            "land_area_total": "10000.00",
            "scale_text": "地上建筑面积20000平方米",
            "issuer": "上海市浦东新区规划和自然资源局",
            "issued_on": "2026-03-20",
        },
        change={"scale_text": "地上建筑面积19800平方米"},
        about=Land(market).project("P-1"),
    )


@sample("realty_certificate")
def realty_certificate(market: Market, number: int) -> Sample:
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01",),
        stranger="xincheng_admin",
        values=certificate(co_ownership="SHARED"),
        children={
            "holders": [
                {"holder_name": "上海申浦西岸置业有限公司", "holder_uscc": "91310104MAYPA0022Q", "share": "30.0000"}
            ]
        },
        change={"land_no": "花木镇9街坊73/7丘"},
        about=Land(market).project("P-1"),
    )


@sample("engineering_planning_permit")
def engineering_planning_permit(market: Market, number: int) -> Sample:
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01",),
        stranger="xincheng_admin",
        values=planning_permit(),
        children={"buildings": BUILDINGS},
        change={"scale_text": "住宅、车库及配套"},
        about=Site.begun(Land(market)).project,
    )


@sample("community")
def a_community(market: Market, number: int) -> Sample:
    site = Site.begun(Land(market))
    planning = site.planning()
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01",),
        stranger="xincheng_admin",
        values=community(),
        children={
            "buildings": [{"planning_permit_id": str(planning), "building_no": one} for one in ("1#", "2#", "3#")],
            "facilities": [{"facility": "社区卫生服务点", "facility_area": "200.00", "building_no": "2#"}],
        },
        change={"pm_company": "上海示例物业服务有限公司"},
        about=site.project,
    )
