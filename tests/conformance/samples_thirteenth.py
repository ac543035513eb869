"""The sample of the kind that a test adds."""

from tests.conformance.samples import Sample, sample
from tests.market import Market


@sample("sales_office")
def sales_office(market: Market, number: int) -> Sample:
    return Sample(
        drafter="binjiang01",
        submitter="binjiang_admin",
        reviewers=("pdshen01", "shishen01"),
        stranger="xincheng_admin",
        values={
            "name": f"滨江售楼处{number}",
            "office_no": f"SLC-{number:05d}",
            "use": "SALES",
            "opened_on": "2027-03-01",
            "floor_area": "260.50",
            "monthly_rent": "80000.00",
            "staff": "12",
            "open_to_all": True,
            "contact_name": "陈晓东",
            "remark": "一层\n临街",
        },
        children={
            "rooms": [
                {"room_no": "101", "room_area": "60.00", "purpose": "沙盘"},
                {"room_no": "102", "room_area": "45.50", "purpose": "洽谈"},
            ]
        },
        change={"floor_area": "300.00", "remark": "扩建后"},
    )
