"""Every rule of a parcel at its edges (PAR-01 to PAR-05, row 56)."""

from typing import Any

import pytest

from services.engine.kinds import kind_named
from services.engine.proposals import read_form
from services.parcels.rules import FAR_TOLERANCE, saleable_plan
from tests.land import PARCEL_LISTS, parcel_form
from tests.services.parcels.proposals import codes, judged, proposal

pytestmark = pytest.mark.row(56)


def parcel(lists: dict[str, Any] | None = None, **change: Any) -> Any:
    more = {name: change.pop(name) for name in ("found", "thresholds", "district_of") if name in change}
    district = more.pop("district_of", "310115")
    return proposal("parcel", parcel_form(**change), {**PARCEL_LISTS, **(lists or {})}, district=district, **more)


def test_a_whole_parcel_breaks_no_rule() -> None:
    assert codes(parcel()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"land_area": "0"}, "出让面积：应大于0"),
        ({"far": "0"}, "容积率：应大于0"),
        ({"far": "-1"}, "容积率：应大于0"),
        ({"far_area": "0"}, "计容建筑面积：应大于0"),
        ({"building_density": "100.01"}, "建筑密度：应在0至100（%）之间"),
        ({"green_ratio": "-0.5"}, "绿地率：应在0至100（%）之间"),
    ],
)
def test_what_is_out_of_range_is_told(change: dict[str, Any], told: str) -> None:
    assert told in [one.message for one in judged(parcel(**change)) if one.code == "FMT"]


@pytest.mark.parametrize("typed", ["-1", "1e12", "12345678901"])
def test_an_area_nobody_can_have_is_no_area(typed: str) -> None:
    form = read_form(kind_named("parcel"), parcel_form(land_area=typed), PARCEL_LISTS)
    assert [one.field for one in form.findings] == ["land_area"]
    assert form.raw["land_area"] == typed


@pytest.mark.parametrize(
    ("use", "years", "refused"),
    [
        ("HOUSING", "70", False),
        ("HOUSING", "71", True),
        ("COMMERCE", "40", False),
        ("COMMERCE", "41", True),
        ("INDUSTRY", "50", False),
        ("INDUSTRY", "51", True),
        ("PUBLIC", "50", False),
        ("PUBLIC", "51", True),
        ("MIXED", "50", False),
        ("MIXED", "51", True),
    ],
)
def test_terms_end_with_the_law(use: str, years: str, refused: bool) -> None:
    of = parcel({"uses": [{"use": use, "use_area": "9000.00", "term_years": years}]})
    assert codes(of) == (["PAR-02 REFUSE"] if refused else [])
    if refused:
        assert judged(of)[0].field == "uses.1.term_years"


def test_a_term_is_a_dated_parameter() -> None:
    lists = {"uses": [{"use": "HOUSING", "use_area": "9000.00", "term_years": "71"}]}
    assert codes(parcel(lists, thresholds={"parcels.term_housing": "80"})) == []


@pytest.mark.parametrize(
    ("far_area", "warned"), [("20200.00", False), ("20200.01", True), ("19800.00", False), ("19799.99", True)]
)
def test_floor_area_follows_land_and_ratio(far_area: str, warned: bool) -> None:
    assert codes(parcel(far_area=far_area)) == (["PAR-03 WARN"] if warned else [])


@pytest.mark.parametrize(("granted", "warned"), [("10000.00", False), ("10000.01", True)])
def test_granted_land_is_no_more_than_the_land_there_is(granted: str, warned: bool) -> None:
    """A granted area above the land's passed without a question (acceptance D17)."""
    found = judged(parcel(parcel_area_granted=granted, land_area="10000.00"))
    assert [(one.code, one.field) for one in found] == ([("PAR-03", "parcel_area_granted")] if warned else [])


def test_the_tolerance_of_floor_area_is_a_dated_parameter() -> None:
    assert codes(parcel(far_area="20201.00", thresholds={FAR_TOLERANCE: "2"})) == []


def test_a_supplement_that_raises_the_ratio_must_show_in_it() -> None:
    raised = [
        {"supplement_no": "补2", "signed_on": "2026-06-01", "content": "容积率调整", "far": "2.4", "far_area": "24000"}
    ]
    found = judged(parcel({"supplements": raised}))
    assert [(one.code, one.field) for one in found] == [("PAR-03", "far")]
    assert "2.4" in found[0].message
    assert codes(parcel({"supplements": raised}, far="2.4", far_area="24000.00")) == []


@pytest.mark.parametrize(("homes", "warned"), [("17700.00", False), ("18200.00", False), ("18200.01", True)])
def test_uses_sum_up_to_the_floor_area(homes: str, warned: bool) -> None:
    assert codes(parcel(residential_area=homes)) == (["PAR-04 WARN"] if warned else [])


@pytest.mark.parametrize(
    ("second", "refused"), [("450000000.00", False), ("449999999.99", True), ("450000000.01", True)]
)
def test_instalments_one_cent_short_are_refused(second: str, refused: bool) -> None:
    lines = [
        {"no": "1", "amount": "450000000.00", "due_on": "2026-02-15"},
        {"no": "2", "amount": second, "due_on": "2028-02-15"},
    ]
    of = parcel({"instalments": lines})
    assert codes(of) == (["PAR-05 REFUSE"] if refused else [])
    if refused:
        assert "相差0.01元" in judged(of)[0].message


def test_instalments_come_one_after_the_other() -> None:
    lines = [
        {"no": "1", "amount": "450000000.00", "due_on": "2028-02-15"},
        {"no": "2", "amount": "450000000.00", "due_on": "2028-02-14"},
    ]
    assert codes(parcel({"instalments": lines})) == ["PAR-05 REFUSE"]
    # In whatever order they were typed.
    assert codes(parcel({"instalments": [*reversed(PARCEL_LISTS["instalments"])]})) == []


def test_a_number_or_contract_that_is_there_already_is_refused() -> None:
    found = judged(parcel(found={"same_parcel_no": "x", "same_contract_no": "y"}))
    assert [(one.code, one.field, one.severity.value) for one in found] == [
        ("PAR-01", "parcel_no", "REFUSE"),
        ("PAR-01", "contract_no", "REFUSE"),
    ]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("沪浦规土(2015)出让合同第7号", []),
        ("沪浦规土（2015）出让合同补字第7号", []),
        ("沪浦规土合同第7号", ["PAR-01 WARN"]),
        ("沪浦规土出让合同第7号", ["PAR-01 WARN"]),
        ("2015-7", ["PAR-01 WARN"]),
        ("HT-17", ["FMT REFUSE", "PAR-01 WARN"]),
    ],
)
def test_a_contract_number_that_is_not_usual_is_asked_about(number: str, found: list[str]) -> None:
    assert codes(parcel(contract_no=number)) == found


def test_allocated_land_has_no_price_and_no_contract() -> None:
    bare = dict.fromkeys(("contract_no", "grantor", "grantee_uscc", "signed_on", "parcel_area_granted", "price_total"))
    of = parcel({"instalments": []}, acquire_mode="ALLOCATED", **bare)
    assert codes(of) == []
    granted = parcel({"instalments": []}, **bare)
    assert {one.field for one in judged(granted) if one.code == "REQ"} == set(bare)


def test_a_plan_of_payments_needs_a_price() -> None:
    assert "PAR-05 REFUSE" in codes(parcel(acquire_mode="ALLOCATED", price_total=None))


def test_a_new_grant_shows_its_deal() -> None:
    assert [one.field for one in judged(parcel(entry_mode="NEW")) if one.code == "REQ"] == ["files.deal"]


def test_a_district_writes_down_its_own_parcels() -> None:
    assert [one.field for one in judged(parcel(district_of="310104"))] == ["district"]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"start_due_on": "2029-06-30", "finish_due_on": "2029-06-30"}, False),
        ({"start_due_on": "2029-07-01", "finish_due_on": "2029-06-30"}, True),
        # What a supplement put off counts in the place of the contract's own day.
        ({"start_due_on": "2029-06-01", "start_extended_to": "2029-07-01", "finish_due_on": "2029-06-30"}, True),
        ({"start_due_on": "2029-07-01", "finish_due_on": "2029-06-30", "finish_extended_to": "2029-12-31"}, False),
    ],
)
def test_works_do_not_start_after_they_are_finished(change: dict[str, Any], refused: bool) -> None:
    found = [(one.field, str(one.severity)) for one in judged(parcel(**change)) if one.code == "FMT"]
    assert found == ([("finish_due_on", "REFUSE")] if refused else [])


@pytest.mark.parametrize(("until", "warned"), [("2031-06-30", False), ("2031-07-01", True)])
def test_an_extension_of_more_than_a_year_is_asked_about(until: str, warned: bool) -> None:
    assert codes(parcel(finish_extended_to=until)) == (["PRJ-08 WARN"] if warned else [])


def test_areas_by_use_sum_up_to_what_can_be_kept() -> None:
    """Each of them can be kept; what is for sale is their sum, and has a column too."""
    most: dict[str, Any] = dict.fromkeys(("residential_area", "commercial_area"), "9999999999.99")
    found = [(one.code, one.field) for one in judged(parcel(**most)) if one.code == "FMT"]
    assert found == [("FMT", "residential_area")]
    assert "FMT REFUSE" not in codes(parcel(residential_area="9999999998.99", commercial_area="1", office_area=None))


@pytest.mark.parametrize("code", ["310115001001GB0001", "٣10115001001GB00001"])
def test_a_cadastral_code_has_its_form(code: str) -> None:
    of = parcel({"cadastres": [{"cadastral_code": code}]})
    assert [one.field for one in judged(of)] == ["cadastres.1.cadastral_code"]


def test_what_is_for_sale_is_what_is_built_less_what_is_kept() -> None:
    values = parcel(affordable_area="1000", self_held_area="700").values
    assert saleable_plan(dict(values)) == 16000 + 2000 - 1000 - 700 - 500
