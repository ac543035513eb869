"""Samples of the kinds of rows 70-74: natural links, payments, completion, delivery, reports and plans."""

from tests.building import natural_building, tied
from tests.conformance.samples import Sample, sample
from tests.land import Land
from tests.market import Market
from tests.site import COMPANY, USCC, Site


def _sample(site: Site, **more: object) -> Sample:
    people = {"drafter": "binjiang01", "submitter": "binjiang_admin", "reviewers": ("pdshen01",)}
    return Sample(stranger="xincheng_admin", about=site.project, **people, **more)  # type: ignore[arg-type]


def _site(market: Market) -> Site:
    return Site.begun(Land(market))


@sample("unit_natural_link")
def unit_natural_link(market: Market, number: int) -> Sample:
    site = _site(market)
    unit = site.unit(site.permit(site.planning()), "1#")
    building = natural_building(market.world, sets_total=None, forecast_area="10500.00")
    return _sample(
        site,
        values={"unit_engineering_id": str(unit), "natural_building_no": building, "linked_on": "2026-09-01"},
        change={"note": "按测绘成果核对"},
    )


@sample("engineering_payment")
def engineering_payment(market: Market, number: int) -> Sample:
    site = _site(market)
    permit = site.permit(site.planning())
    return _sample(
        site,
        values={
            "construction_permit_id": str(permit),
            "period": "2026-07",
            "contractor": "上海示例建设有限公司",
            "contract_amount": "120000000.00",
            "output_value_period": "3000000.00",
            "output_value_cum": "3000000.00",
            "payable_period": "2700000.00",
            "payable_cum": "2700000.00",
            "paid_period": "2600000.00",
            "paid_cum": "2600000.00",
            "labour_paid_period": "600000.00",
            "payment_guarantee_no": "ZFDB-2026-001",
        },
        change={"invoice_nos": "24312000000012345678"},
        reasons={"PER-04": "补充发票号码后更正"},
    )


@sample("completion_filing")
def completion_filing(market: Market, number: int) -> Sample:
    site = _site(market)
    unit = site.unit(site.permit(site.planning()), "1#")
    return _sample(
        site,
        values={
            "filing_no": f"2026PD9{number:05d}",
            "builder": COMPANY,
            "builder_uscc": USCC,
            "filed_area": "10500.00",
            "accepted_on": "2026-12-01",
            "filed_on": "2026-12-10",
            "household_acceptance_done": True,
        },
        children={"works": [{"unit_engineering_id": str(unit)}]},
        change={"filing_organ": "上海市浦东新区建设和交通委员会"},
        reasons={"CMP-02": "规划资源验收正在办理"},
    )


@sample("planning_acceptance")
def planning_acceptance(market: Market, number: int) -> Sample:
    site = _site(market)
    return _sample(
        site,
        values={
            "acceptance_no": f"沪浦规验9{number:05d}",
            "builder": COMPANY,
            "builder_uscc": USCC,
            "engineering_planning_permit_id": str(site.planning()),
            "measured_gfa_total": "10600.00",
            "issued_on": "2026-12-01",
        },
        children={"buildings": [{"building_no": "1#", "measured_gfa": "10600.00"}]},
        change={"survey_report_no": "CH-2026-0088"},
    )


@sample("delivery_permit")
def delivery_permit(market: Market, number: int) -> Sample:
    site = _site(market)
    building = tied(site)
    return _sample(
        site,
        values={
            "permit_no": f"沪浦交付9{number:05d}",
            "builder": COMPANY,
            "builder_uscc": USCC,
            "sets": 72,
            "permitted_area": "10500.00",
            "phase_delivery": False,
            "issued_on": "2027-01-05",
        },
        children={
            "buildings": [{"natural_building_no": building}],
            "conditions": [{"item": item, "met": True} for item in CONDITIONS],
        },
        change={"scope_text": "1号楼"},
    )


CONDITIONS = (
    *("LAND", "PLANNING", "FILING_HOUSING", "FILING_PUBLIC", "WATER", "POWER"),
    *("GAS", "CABLE", "PHONE", "BROADBAND", "SEWAGE"),
)


@sample("progress_report")
def progress_report(market: Market, number: int) -> Sample:
    site = _site(market)
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=18)
    line = {
        "unit_engineering_id": str(unit),
        "visual_progress": "1",
        "floors_done": 0,
        "percent": 3,
        "status": "NORMAL",
        "started_on": "2026-06-20",
    }
    return _sample(
        site,
        values={
            "period": "2026-07",
            "report_on": "2026-08-01",
            "invested_period": "5000000.00",
            "invested_cum": "5000000.00",
        },
        children={"works": [line]},
        change={"note": "土方开挖"},
        reasons={"PRG-10": "现场照片随后补充", "PER-04": "补充说明后更正"},
    )


@sample("progress_plan")
def progress_plan(market: Market, number: int) -> Sample:
    site = _site(market)
    unit = site.unit(site.permit(site.planning()), "1#")
    lines = [
        {"unit_engineering_id": str(unit), "milestone": "M07", "planned_on": "2026-06-20"},
        {"unit_engineering_id": str(unit), "milestone": "M12", "planned_on": "2027-06-20"},
    ]
    return _sample(
        site, values={"note": "总进度计划"}, children={"lines": lines}, change={"note": "按施工组织设计编制"}
    )
