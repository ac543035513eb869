"""工程款: one a permit and month, sums that follow, corrections, refunds (row 71)."""

from typing import Any
from uuid import UUID

import pytest

from services.engine.cycle import acts
from services.engine.listings import LISTINGS, ListRows
from services.engine.paging import Paging
from services.engine.refusals import Rejected
from services.progress.curves import payment_curve
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import Site

pytestmark = pytest.mark.row(71)
KIND = "engineering_payment"


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, KIND)


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


def payment(permit: UUID, period: str, months: int = 1, **change: Any) -> dict[str, Any]:
    """The payment of a month, so many months after the first."""
    return {
        "construction_permit_id": str(permit),
        "period": period,
        "contractor": "上海示例建设有限公司",
        "contract_amount": "120000000.00",
        "output_value_period": "1000000.00",
        "output_value_cum": f"{months}000000.00",
        "payable_period": "900000.00",
        "payable_cum": f"{900000 * months}.00",
        "paid_period": "850000.00",
        "paid_cum": f"{850000 * months}.00",
        "labour_paid_period": "200000.00",
        "payment_guarantee_no": "ZFDB-1",
        **change,
    }


def told(desk: Desk, site: Site, values: dict[str, Any]) -> dict[str, str]:
    """What is said of a payment at its submission, by field with its rule."""
    begun = desk.begin(site.project, values)
    try:
        desk.submit(begun.revision_id)
    except Rejected as no:
        return {one.field: one.code for one in no.findings}
    return {}


def test_the_next_month_begins_with_the_last_sums(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning())
    first = site.put(KIND, payment(permit, "2026-12"))
    begun = desk.perform(acts(KIND).next_period, "binjiang01", first)
    view = desk.view(begun.revision_id)
    assert (view.values["period"], view.values["output_value_cum"]) == ("2027-01", "1000000.00")
    assert view.values["contract_amount"] == "120000000.00"


def test_the_first_month_is_filled_in_from_the_permit(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning(), permit_no="310115202606010177")
    begun = desk.begin(site.project, {})
    assert not desk.fill_in(begun.revision_id, "310115202606010177").findings
    view = desk.view(begun.revision_id)
    assert view.values["construction_permit_id"] == str(permit)
    assert (view.values["contractor"], view.values["contract_amount"]) == ("上海示例建设有限公司", "120000000.00")


@pytest.mark.parametrize(
    ("period", "months", "change", "expected"),
    [
        ("2027-02", 3, {}, {"period": "CON-10"}),  # January is skipped
        ("2026-12", 1, {}, {"period": "PER-02"}),  # the same month again
        ("2027-04", 2, {}, {"period": "PER-03"}),  # a month to come
        ("2027-01", 2, {"paid_cum": "1700000.02"}, {"paid_cum": "CON-10"}),
        ("2027-01", 2, {"paid_cum": "1700000.01"}, {}),
        ("2027-01", 2, {"paid_period": "-100000.00", "paid_cum": "750000.00"}, {"reason": "REQ"}),
        (
            "2027-01",
            2,
            {"paid_period": "-100000.00", "paid_cum": "750000.00", "reason": "退回多付的预付款"},
            {},
        ),
        ("2027-01", 2, {"labour_paid_period": "0"}, {"labour_paid_period": "CON-13"}),
        ("2027-01", 2, {"payment_guarantee_no": ""}, {"payment_guarantee_no": "CON-15"}),
        # Paid is at most 105 % of the contract, and without a reason no more than the output.
        ("2027-01", 2, {"contract_amount": "1619047.61"}, {"paid_cum": "CON-14"}),
        ("2027-01", 2, {"contract_amount": "1619047.62"}, {}),
        ("2027-01", 2, {"paid_period": "1150000.01", "paid_cum": "2000000.01"}, {"paid_cum": "CON-14"}),
        ("2027-01", 2, {"paid_period": "1150000.00", "paid_cum": "2000000.00"}, {}),
        ("2027-01", 2, {"paid_period": "0.005"}, {"paid_period": "FMT"}),
        ("2027-01", 2, {"settlement_filed_on": "2027-01-20"}, {"settlement_filed_on": "CON-16"}),
    ],
)
def test_a_month_follows_the_one_before(
    desk: Desk, site: Site, period: str, months: int, change: dict[str, Any], expected: dict[str, str]
) -> None:
    permit = site.permit(site.planning())
    site.put(KIND, payment(permit, "2026-12"))
    found = told(desk, site, payment(permit, period, months, **change))
    assert found.items() >= expected.items()
    assert bool(found) == bool(expected)


def test_the_month_that_is_not_over_warns(desk: Desk, site: Site) -> None:
    permit = site.permit(site.planning())
    assert told(desk, site, payment(permit, "2027-03")) == {"period": "CON-10"}


def test_a_correction_names_the_later_months_that_no_longer_follow(desk: Desk, site: Site, land: Land) -> None:
    permit = site.permit(site.planning())
    rows = [site.put(KIND, payment(permit, f"2026-{8 + number:02}", number + 1)) for number in range(5)]
    begun = desk.update(rows[2], "发票金额更正")
    desk.keep_files(begun.revision_id)
    change = {"output_value_period": "1500000.00", "output_value_cum": "3500000.00"}
    desk.save(begun.revision_id, change)
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    words = {one.code: one.message for one in refused.value.findings}
    assert "2026-11累计产值应为4500000元" in words["CON-10"].replace(",", "")
    desk.submit(begun.revision_id, {"CON-10": "后续月份随后更正", "PER-04": "发票金额更正"})
    desk.approve(begun.revision_id)
    # A list that nobody sorted is by month, the latest first, whichever month was corrected last.
    listed = desk.ask(LISTINGS[f"records.{KIND}"].query, "binjiang01", ListRows(paging=Paging(size=200))).lines
    assert [one.period for one in listed if one.id in rows] == [f"2026-{month:02}" for month in range(12, 7, -1)]
    curve = desk.ask(payment_curve, "binjiang01", rows[0])
    assert [int(one) for one in curve.output] == [100, 200, 350, 400, 500]
