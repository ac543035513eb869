"""The sample of an unmanaged place (row 37), kept by a district bureau and accepted by the city."""

from tests.conformance.samples import Sample, sample
from tests.market import Market
from tests.people_made import id_number


@sample("unmanaged_report")
def unmanaged_report(market: Market, number: int) -> Sample:
    return Sample(
        drafter="pdju01",
        submitter="pdju01",
        reviewers=("shi01",),
        stranger="xhju01",
        values={
            "project_name": f"金桥蓝领公寓{number}",
            "address": f"浦东新区金桥路{number}号",
            "street": "金桥镇",
            "in_estate": "NO",
            "land_nature": "FACTORY",
            "title_state": "YES",
            "conversion": "NO",
            "operator_kind": "FIRM",
            "operator_name": "上海金桥公寓管理有限公司",
            "safety_manager": "黄安全",
            "period": "2027-02",
            "building_count": "1",
            "room_count": "12",
            "bed_count": "24",
            "resident_count": "20",
            "rectification": "UNDER_WAY",
        },
        change={"resident_count": "18"},
        children={
            "rooms": [{"room_no": "0101", "area": "15.00", "beds": "2", "rent": "1800.00", "let_state": "LET"}],
            "tenants": [
                {
                    "name": "李安",
                    "id_no": id_number(37),
                    "room_no": "0101",
                    "moved_in_on": "2026-09-01",
                    "registered": "YES",
                }
            ],
            "hazards": [{"kind": "FIRE", "spot": "二楼走道", "found_on": "2027-01-05"}],
        },
    )
