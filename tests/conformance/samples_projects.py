"""Samples of the kinds of rows 56 and 58-62: parcels, projects and what belongs to them."""

from typing import Any
from uuid import UUID

from tests.conformance.samples import Sample, sample
from tests.land import PARCEL_LISTS, PROJECT_LISTS, Land, parcel_form, project_form
from tests.market import Market

_OWN = "91310115MAYPA0014U"


@sample("parcel")
def parcel(market: Market, number: int) -> Sample:
    return Sample(
        drafter="pdchu01",
        submitter="pdchu01",
        reviewers=("pdshen01",),
        stranger="xhchu01",
        values=parcel_form(),
        children=PARCEL_LISTS,
        change={"plate": "联洋", "green_ratio": "40"},
    )


@sample("project")
def project(market: Market, number: int) -> Sample:
    Land(market).given("P-1")
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01",),
        stranger="xincheng_admin",
        values=project_form(),
        children=PROJECT_LISTS,
        change={"promotion_name": "望江雅苑", "invested_to_date": "700000000.00"},
    )


def _of_project(market: Market, values: dict[str, Any], change: dict[str, Any], **more: Any) -> Sample:
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01",),
        stranger="xincheng_admin",
        values=values,
        change=change,
        **more,
    )


@sample("project_parcels")
def project_parcels(market: Market, number: int) -> Sample:
    land = Land(market)
    parcel_id = land.given("P-1")
    lines = [{"parcel_id": str(parcel_id), "used_area": "10000.00", "far_area_part": "20000.00"}]
    return _of_project(
        market, {"note": "整块使用"}, {"note": "一期使用整块"}, children={"parcels": lines}, about=_project(land)
    )


@sample("project_investors")
def project_investors(market: Market, number: int) -> Sample:
    lines = [
        {
            "kind": "COMPANY",
            "name": "申浦置业集团有限公司",
            "uscc": "91310115MAYHA0017M",
            "country": "中国",
            "subscribed_amount": "102000000.00",
            "paid_amount": "102000000.00",
            "ratio": "51.0000",
            "is_head_group": True,
            "source": "REGISTRY",
        },
        {
            "kind": "PERSON",
            "name": "孙小舟",
            "id_no": "310101199003079013",
            "subscribed_amount": "98000000.00",
            "ratio": "49.0000",
            "is_head_group": False,
            "source": "MANUAL",
        },
    ]
    return _of_project(
        market,
        {"registered_capital": "200000000.00", "note": "与登记信息一致"},
        {"note": "已核对公司章程"},
        children={"investors": lines},
        about=_project(Land(market)),
    )


@sample("project_builders")
def project_builders(market: Market, number: int) -> Sample:
    lines = [
        {
            "name": "华亭城市建设发展有限公司",
            "uscc": "91310101MAYCA00120",
            "qualification": "SECOND",
            "contract_no": "DJ-2026-01",
            "mode": "COMMERCIAL",
            "work_scope": "全过程代建",
            "fee_rate": "2.5000",
            "start_on": "2026-06-01",
            "end_on": "2029-12-31",
            "contact": "钱多多",
            "source": "MANUAL",
        }
    ]
    return _of_project(
        market,
        {"has_agent": True, "note": "委托代建"},
        {"note": "委托全过程代建"},
        children={"builders": lines},
        about=_project(Land(market)),
        reasons={"PRJ-15": "已核对营业执照原件"},
    )


@sample("project_transfer")
def project_transfer(market: Market, number: int) -> Sample:
    values = {
        "transferor_uscc": _OWN,
        "transferor_name": "上海申浦滨江置业有限公司",
        "transferee_uscc": "91310104MAYPA0022Q",
        "transferee_name": "上海申浦西岸置业有限公司",
        "contract_no": "ZR-2026-01",
        "contract_on": "2026-10-08",
        "price": "1200000000.00",
        "investment_ratio": "40.0000",
        "land_fee_paid_all": True,
        "certificate_held": True,
        "registration_changed_on": "2026-11-20",
        "filed_on": "2026-12-01",
        "relocation_obligation_passed": True,
    }
    sample_ = _of_project(market, values, {"price": "1250000000.00"}, about=_project(Land(market)))
    return Sample(**{**vars(sample_), "reviewers": ("pdshen01", "shishen01")})


@sample("relocation")
def relocation(market: Market, number: int) -> Sample:
    values = {
        "permit_or_decision_no": f"浦征补决(2025)第{number}号",
        "relocation_scope": "花木街道芳甸路以东",
        "households_total": "120",
        "households_signed": "118",
        "households_moved": "110",
        "area_demolished": "9800.00",
        "compensation_total": "560000000.00",
        "compensation_paid": "540000000.00",
        "resettle_mode": "BOTH",
        "resettle_sets": "90",
        "resettle_area": "8100.00",
        "start_on": "2025-03-01",
        "end_on": "2026-12-31",
    }
    return _of_project(market, values, {"households_moved": "115"}, about=_project(Land(market)))


def _project(land: Land) -> UUID:
    return land.project("P-1")
