"""Every rule of a project's base data at its edges (PRJ-01, 03, 04, 05, 11, row 58)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.engine.findings import Severity
from services.engine.kinds import kind_named
from services.engine.proposals import read_form
from services.projects.project_rules import CAPITAL_HOUSING, CONTRACT, SAME_CODE, SAME_NAME, ContractBounds
from tests.land import PROJECT_LISTS, project_form
from tests.services.parcels.proposals import codes, judged, proposal

pytestmark = pytest.mark.row(58)

BOUNDS = ContractBounds(Decimal("20000"), date(2027, 12, 31), date(2030, 6, 30))


def project(lists: dict[str, Any] | None = None, **change: Any) -> Any:
    more = {name: change.pop(name) for name in ("found", "thresholds", "before") if name in change}
    more.setdefault("found", {CONTRACT: BOUNDS})
    return proposal("project", project_form(**change), PROJECT_LISTS if lists is None else lists, **more)


def test_a_whole_project_breaks_no_rule() -> None:
    assert codes(project()) == []


def test_a_project_says_when_its_presale_is_planned() -> None:
    assert codes(project(planned_presale_on="")) == ["REQ REFUSE"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("2020-310115-70-03-000000", []),
        ("2111-310115-04-01-123456", []),
        ("2020-310115-70-03-00000", ["FMT REFUSE"]),
        ("2020–310115-70-03-000000", ["FMT REFUSE"]),
        ("2020310115-70-03-000000", ["FMT REFUSE"]),
        ("٢٠٢٠-310115-70-03-000000", ["FMT REFUSE"]),
        ("2199-310115-70-03-000000", ["PRJ-01 WARN"]),
        ("2020-330106-70-03-000000", ["PRJ-01 WARN"]),
    ],
)
def test_project_codes_of_both_years(code: str, found: list[str]) -> None:
    assert codes(project(project_code=code)) == found


def test_a_full_width_hyphen_is_the_same_hyphen() -> None:
    form = read_form(
        kind_named("project"), project_form(project_code="２０２０－310115－70－03－000000"), PROJECT_LISTS
    )
    assert form.values["project_code"] == "2020-310115-70-03-000000"


@pytest.mark.parametrize(
    ("kind", "capital", "refused"),
    [
        ("MARKET", "300000000.00", False),
        ("MARKET", "299850000.00", True),
        ("SHARED", "300000000.00", False),
        ("NONE", "375000000.00", False),
        ("NONE", "374850000.00", True),
        ("MARKET", "299999999.00", True),
    ],
)
def test_capital_of_twenty_per_cent_for_homes_and_twenty_five_for_others(
    kind: str, capital: str, refused: bool
) -> None:
    of = project(housing_kind=kind, project_capital=capital, total_investment="1500000000.00")
    assert codes(of) == (["PRJ-05 REFUSE"] if refused else [])
    if refused:
        told = judged(of)[0].message
        share = {"299850000.00": "19.99%", "374850000.00": "24.99%", "299999999.00": "19.9999999%"}[capital]
        assert f"占总投资{share}，" in told


def test_the_part_of_capital_is_a_dated_parameter() -> None:
    of = project(project_capital="299850000.00", thresholds={CAPITAL_HOUSING: "19.99"})
    assert codes(of) == []


@pytest.mark.parametrize(
    ("whole", "found"),
    [("27000.50", []), ("27000.51", ["PRJ-03 REFUSE"]), ("26999.50", []), ("26999.49", ["PRJ-03 REFUSE"])],
)
def test_areas_add_up_to_half_a_square_metre(whole: str, found: list[str]) -> None:
    assert codes(project(total_gfa=whole)) == found


@pytest.mark.parametrize(("above", "found"), [("20600.00", []), ("20600.01", ["PRJ-03 WARN"])])
def test_what_stands_above_the_ground_fits_the_contract(above: str, found: list[str]) -> None:
    whole = Decimal(above) + 7000
    assert codes(project(above_gfa=above, total_gfa=str(whole))) == found


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"planned_presale_on": "2027-06-30"}, "planned_presale_on"),
        ({"planned_presale_on": "2027-01-01"}, "planned_presale_on"),
        ({"planned_finish_on": "2028-09-29"}, "planned_finish_on"),
        ({"planned_delivery_on": "2030-03-30"}, "planned_delivery_on"),
        ({"planned_start_on": "2028-01-01"}, "planned_start_on"),
        ({"planned_finish_on": "2030-07-01", "planned_delivery_on": "2030-08-01"}, "planned_finish_on"),
    ],
)
def test_days_that_do_not_follow_are_asked_about(change: dict[str, Any], field: str) -> None:
    found = [one for one in judged(project(**change)) if one.code == "PRJ-04"]
    assert [one.field for one in found] == [field]
    assert found[0].severity is Severity.WARN


def test_presale_and_finish_may_be_one_day() -> None:
    assert codes(project(planned_presale_on="2030-03-31")) == []


def test_a_name_or_code_that_is_taken_is_refused() -> None:
    found = judged(project(found={SAME_NAME: "x", SAME_CODE: "y"}))
    assert [(one.code, one.field) for one in found] == [("PRJ-01", "name"), ("PRJ-01", "project_code")]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("600000000.00", []),
        ("599999999.99", ["PRJ-11 WARN"]),
        ("1575000000.00", []),
        ("1575000000.01", ["PRJ-11 WARN"]),
    ],
)
def test_invested_money_does_not_vanish_nor_pass_the_whole(now: str, found: list[str]) -> None:
    before = {"invested_to_date": Decimal("600000000.00")}
    assert codes(project(invested_to_date=now, before=before)) == found


def test_a_project_builds_something() -> None:
    assert [(one.code, one.field) for one in judged(project({"properties": []}))] == [("REQ", "properties")]


def test_an_approved_place_name_has_its_paper() -> None:
    found = judged(project(approved_place_name="滨江雅苑"))
    assert [(one.code, one.field) for one in found] == [("REQ", "place_name_doc_no")]


@pytest.mark.parametrize(
    ("phone", "wrong"), [("13800000155", False), ("021-62345678", False), ("6234567", True), ("021-٦٢٣٤٥٦٧٨", True)]
)
def test_a_phone_that_can_be_called(phone: str, wrong: bool) -> None:
    assert codes(project(contact_phone=phone)) == (["FMT REFUSE"] if wrong else [])


@pytest.mark.parametrize("name", ["华" * 200, "<script>alert(1)</script>", "星光🏠家园", "' OR 1=1 --"])
def test_whatever_a_name_is_it_is_kept_as_it_is(name: str) -> None:
    form = read_form(kind_named("project"), project_form(name=name), PROJECT_LISTS)
    assert (form.findings, form.values["name"]) == ((), name)


@pytest.mark.parametrize("name", ["华" * 201, "名\x00称", "名\ud800称"])
def test_a_name_nobody_can_keep_is_refused_kindly(name: str) -> None:
    form = read_form(kind_named("project"), project_form(name=name), PROJECT_LISTS)
    assert [one.field for one in form.findings] == ["name"]
