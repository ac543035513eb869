"""Flows, indicators and reports of a month (row 83: 5.3 to 5.6)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from services.supply import construction, indicators, reports, rounding, stock
from services.supply.answer import answer
from services.supply.facts import PLACES, Event, Facts, Natural, Presale, Project, Tie
from services.supply.figures import Figures, Sum
from services.supply.months import Series, month_named
from tests.services.supply.made import FACTS, area, event, facts, home, known

pytestmark = pytest.mark.row(83)


def line(given: Facts, month: str, series: Series = Series.PUBLISHED) -> dict[str, Any]:
    """The last line of the city's monthly report."""
    return reports.monthly(Figures(given, series), month_named(month), districts=False)["ALL"][-1]


def signed(contract: str, on: str, at: str = "", *, of: str = "U1", price: int = 6_000_000) -> Event:
    return event(of, "SIGN", on, at, contract=contract, amount=price * 100)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(825, 1000), 2, "0.83"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (Fraction(-4, 1000), 2, "0.00"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
    ],
)
def test_figures_are_rounded_half_away_from_zero_and_zero_has_no_sign(value: Fraction, places: int, text: str) -> None:
    assert rounding.written(value, places) == text


def test_a_sum_is_rounded_from_areas_that_were_not_rounded() -> None:
    part, total = Sum(33_350 * PLACES, 1), Sum()
    for _ in range(3):
        total = total.plus(part)
    assert (part.told()["wan"], total.told()["wan"]) == ("3.34", "10.01")


def test_a_cancellation_lowers_the_month_it_happens_in_by_the_area_that_was_signed() -> None:
    ended = event("U1", "CANCEL", "2026-05-04", contract="C1", area=0)
    given = facts(events=[signed("C1", "2026-04-02"), ended, signed("C2", "2026-05-20")])
    april, may = line(given, "2026-04"), line(given, "2026-05")
    assert (april["gross"]["sets"], april["cancelled"]["sets"], april["avg_price"]) == (1, 0, "60000.00")
    assert (may["gross"]["sets"], may["cancelled"]["area"], may["net"]["sets"]) == (1, "100.0000", 0)
    assert may["ratio"] is None


def test_an_earnest_that_ran_out_is_no_cancellation() -> None:
    events = [event("U1", "EARNEST", "2026-04-02", contract="C1"), event("U1", "CANCEL", "2026-05-04", contract="C1")]
    assert line(facts(events=events), "2026-05")["cancelled"]["sets"] == 0


def test_a_contract_cancelled_in_its_month_has_no_price() -> None:
    ended = event("U1", "CANCEL", "2026-04-28", contract="C1")
    told = line(facts(events=[signed("C1", "2026-04-02"), ended]), "2026-04")
    assert (told["avg_price"], told["net"]["sets"]) == (None, 0)


def test_a_home_is_listed_once_in_its_life_and_not_under_a_permit_voided_before_its_month_closed() -> None:
    again = facts(events=[event("U1", "LIST", "2026-05-04")])
    assert (line(again, "2026-03")["listed"]["sets"], line(again, "2026-05")["listed"]["sets"]) == (2, 0)
    permit = replace(FACTS.presales[0], issued=known("2026-03-05", voided="2026-04-01T02:00:00+00:00"))
    assert line(facts(presales=[permit]), "2026-03")["listed"]["sets"] == 0


def test_depletion_uses_the_months_there_are_and_says_so() -> None:
    told = line(facts(events=[signed("C1", "2026-04-02")]), "2026-04")
    assert (told["depletion_6"], told["short_6"]) == ("2.00", True)
    assert (line(FACTS, "2026-04")["depletion_6"], line(FACTS, "2026-04")["short_6"]) == (None, True)
    assert line(FACTS, "2026-02")["short_6"] is False


@pytest.mark.parametrize(
    ("months", "colour"), [("5.99", "red"), ("6", "normal"), ("12", "yellow"), ("18", "yellow"), ("18.01", "orange")]
)
def test_colours_are_those_of_the_value_before_rounding(months: str, colour: str) -> None:
    assert reports.colour(Fraction(months), 1) == colour
    assert reports.colour(1, 0) is None


def test_changes_are_missing_where_there_is_nothing_to_compare_with() -> None:
    assert (reports.change(3, 2), reports.change(3, 0), reports.change(None, 2)) == ("50.00", None, None)


def test_a_month_is_held_against_the_same_month_a_year_ago() -> None:
    given = facts(events=[signed("C1", "2026-04-02"), signed("C2", "2027-04-02", of="U2")])
    assert (line(given, "2027-04")["net_yoy"], line(given, "2027-05")["net_yoy"]) == ("0.00", None)


def test_a_plate_is_told_by_six_and_by_twelve_months_with_what_is_not_open_yet() -> None:
    given = facts(homes=[home("U1"), home("U2", opened_on=None), home("U3", for_sale=False)])
    given = replace(given, events=[*given.events, signed("C1", "2026-04-02")])
    [plate] = reports.by_plate(Figures(given, Series.PUBLISHED), month_named("2026-12"))
    assert (plate["stock"]["area"], plate["mean_6"], plate["mean_12"]) == ("100.0000", "0.00", "10.00")


def test_a_district_has_its_own_stock() -> None:
    beside = Project("P2", "310104", "乙板块", "INNER", "G1", known("2025-02-01"), None)
    given = facts(
        projects=[*FACTS.projects, beside],
        works=[*FACTS.works, replace(FACTS.works[0], id="W2", project="P2")],
        natural_ties=[*FACTS.natural_ties, Tie("W2", "NB2", known("2026-01-25"))],
        naturals=[*FACTS.naturals, Natural("NB2", "P2", None)],
        homes=[*FACTS.homes, home("V1", building="NB2")],
        presales=[*FACTS.presales, Presale("PS2", "P2", known("2026-03-05"), ("NB2",), area(100))],
        events=[event("V1", "LIST", "2026-03-05", ref="PS2")],
    )
    found = reports.monthly(Figures(given, Series.PUBLISHED), month_named("2026-04"), districts=True)
    stocks = {place: lines[-1]["stock"]["area"] for place, lines in found.items()}
    assert stocks == {"ALL": "300.0000", "310101": "200.0000", "310104": "100.0000"}


def test_the_stock_of_a_month_comes_from_that_of_the_month_before() -> None:
    given = facts(events=[signed("C1", "2026-04-02"), event("U1", "CANCEL", "2026-05-04", contract="C1")])
    lines = {one["month"]: one for one in stock.identity(Figures(given, Series.PUBLISHED), month_named("2026-05"))}
    assert (lines["2026-03"]["listed"], lines["2026-03"]["closing"]) == ("200.0000", "200.0000")
    assert (lines["2026-04"]["sold"], lines["2026-04"]["closing"]) == ("100.0000", "100.0000")
    assert (lines["2026-05"]["cancelled"], lines["2026-05"]["closing"]) == ("100.0000", "200.0000")
    assert {one["adjusted"] for one in lines.values()} == {"0.0000"}


def test_a_permit_voided_and_issued_again_withdraws_and_lists_again() -> None:
    voided = replace(FACTS.presales[0], issued=known("2026-03-05", voided="2026-04-20T02:00:00+00:00"))
    again = replace(FACTS.presales[0], id="PS2", issued=known("2026-05-10"))
    lines = stock.identity(Figures(facts(presales=[voided, again]), Series.PUBLISHED), month_named("2026-05"))
    march, april, may = lines[-3:]
    assert (march["listed"], april["withdrawn"], may["relisted"]) == ("200.0000", "200.0000", "200.0000")
    assert (april["closing_sets"], may["closing_sets"], may["relisted_sets"]) == (0, 2, 2)


def test_homes_in_stock_are_counted_by_size_price_and_age() -> None:
    homes = [home("U1", forecast=area(90)), home("U2", forecast=None, filed_price=None)]
    told = stock.structure(Figures(facts(homes=homes), Series.PUBLISHED), month_named("2026-10"))
    assert [(one["size"], one["price"], one["sets"]) for one in told["grid"]] == [
        ("70-90", "50000-80000", 1),
        ("无面积", "无备案价", 1),
    ]
    assert [(one["age"], one["sets"]) for one in told["age"]] == [("6-12", 2)]


def test_a_work_that_stands_still_since_before_the_span_is_not_under_construction() -> None:
    still = replace(FACTS.works[0], stops=((month_named("2026-03"), date(2026, 2, 20)),))
    for month, wanted in (("2026-02", "450.0000"), ("2026-03", "0.0000")):
        lines = construction.progress([still], month_named(month), Series.PUBLISHED)
        (under,) = [one for one in lines if one["item"] == "under" and one["use"] == "ALL"]
        assert under["month"]["actual"] == wanted


def test_supply_is_near_when_it_is_ready_or_its_presale_is_planned() -> None:
    told = indicators.indicators(Figures(FACTS, Series.PUBLISHED), month_named("2025-09"))
    assert (told["near_3"], told["near_6"], told["near_12"]) == ("0.0000", "0.0000", "400.0000")
    assert told["by_level"]["CONTRACT"] == "4600.0000"


@pytest.mark.parametrize(
    ("planned", "near"), [(date(2025, 12, 31), ("400.0000", "400.0000")), (date(2026, 1, 1), ("0.0000", "400.0000"))]
)
def test_a_presale_planned_on_the_last_day_of_a_span_is_within_it(planned: date, near: tuple[str, str]) -> None:
    given = facts(projects=[replace(FACTS.projects[0], presale_planned=planned)])
    told = indicators.indicators(Figures(given, Series.PUBLISHED), month_named("2025-09"))
    assert (told["near_3"], told["near_6"]) == near


def test_the_city_counts_projects_with_a_handbook_of_this_year_and_groups_of_its_list() -> None:
    given = facts(handbooks=[("P1", date(2026, 2, 3)), ("P1", date(2025, 12, 31))])
    told = indicators.coverage(given, month_named("2026-02"), Series.PUBLISHED)
    assert [one["with_handbook"] for one in told["months"]] == [0, 1]
    assert told["months"][-1]["coverage"] == "100.00"


def test_doubtful_records_are_named() -> None:
    land = replace(FACTS.lands[0], plate="", saleable=area(300))
    project = replace(FACTS.projects[0], plate="", presale_planned=None)
    given = facts(lands=[land], projects=[project], homes=[home("U1", forecast=None)], planned_ties=[])
    told = indicators.doubts(Figures(given, Series.PUBLISHED), month_named("2026-02"))
    assert [(one["code"], one["id"], one["value"]) for one in told] == [
        ("NEGATIVE_REMAINDER", "P1", "-100.0000"),
        ("PLATE_MISSING", "L1", ""),
        ("PLATE_MISSING", "P1", ""),
        ("PRESALE_DATE_MISSING", "P1", ""),
        ("UNIT_NOT_LINKED", "W1", ""),
        ("UNIT_NO_AREA", "U1", ""),
    ]
    untied = facts(natural_ties=[])
    assert (
        indicators.doubts(Figures(untied, Series.PUBLISHED), month_named("2026-02"))[-1]["code"] == "TABLE_NOT_LINKED"
    )


@pytest.mark.parametrize("series", Series)
def test_every_square_metre_is_in_one_stage_and_the_lines_add_up(series: Series) -> None:
    given = facts(events=[signed("C1", "2026-04-02")])
    told = answer(given, month_named("2026-04"), ["310101", "310104"])[series.value]
    city = told["R1"][-1]
    assert city["district"] == "ALL"
    stages = ("S0", "S1", "S2", "S3", "S4a", "S4b", "S4r")
    assert sum(float(city[stage]["area"]) for stage in stages) == float(city["total"]["area"])
    assert [one["share"] for one in told["R1"]] == ["100.00", "0.00", "100.00"]
