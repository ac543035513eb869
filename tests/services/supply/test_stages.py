"""Each square metre is in one stage at the end of a month, in both series (row 83: 5.1, 5.2, 5.6)."""

from datetime import date
from typing import Any

import pytest

from services.supply.facts import Facts, Natural, Restriction, Tie, Work
from services.supply.figures import Figures
from services.supply.months import Series, closing, month_named, name_of
from services.supply.stages import STOCK, Stage
from tests.services.supply.made import FACTS, area, event, facts, home, known

pytestmark = pytest.mark.row(83)


def stages(given: Facts, month: str, series: Series = Series.PUBLISHED) -> dict[str, tuple[float, int]]:
    """Area in m² and homes by stage."""
    figures = Figures(given, series)
    sums = figures.by(month_named(month), lambda part: "")
    return {stage.value: (float(held.area) / 10_000, round(float(held.sets))) for (_, stage), held in sums.items()}


@pytest.mark.parametrize(
    ("month", "wanted"),
    [
        ("2024-12", {}),
        ("2025-01", {"S0": (5000, 50)}),
        ("2025-05", {"S0": (4600, 46), "S1": (400, 4), "SX": (50, 0)}),
        ("2025-08", {"S0": (4600, 46), "S2": (400, 4), "SX": (50, 0)}),
        ("2026-01", {"S0": (4600, 46), "S3": (200, 2), "SX": (100, 1)}),
        ("2026-03", {"S0": (4600, 46), "S4b": (200, 2), "SX": (100, 1)}),
    ],
)
def test_a_project_goes_through_the_stages(month: str, wanted: dict[str, tuple[float, int]]) -> None:
    assert stages(FACTS, month) == wanted


@pytest.mark.parametrize(
    ("events", "stage"),
    [
        ([], "S4b"),
        ([("EARNEST", "C1")], "S4b"),
        ([("EARNEST", "C1"), ("SIGN", "C1")], "S5"),
        ([("REGISTER", "C1")], "S5"),
        ([("SIGN", "C1"), ("CANCEL", "C1")], "S4b"),
        ([("CANCEL", "C1"), ("SIGN", "C1")], "S4b"),
        ([("SIGN", "C1"), ("CANCEL", "C1"), ("SIGN", "C2")], "S5"),
        ([("SUSPEND", "")], "S4r"),
        ([("SUSPEND", ""), ("RESUME", "")], "S4b"),
    ],
)
def test_contracts_decide_and_not_the_order_of_lines(events: list[tuple[str, str]], stage: str) -> None:
    told = [event("U1", what, "2026-04-02", contract=contract) for what, contract in events]
    found = stages(facts(events=told), "2026-04")
    assert found[stage][1] == (1 if stage != "S4b" else 2)


@pytest.mark.parametrize(
    ("acts", "paid"), [(("EARNEST",), 1), (("EARNEST", "CANCEL"), 0), (("EARNEST", "SIGN", "CANCEL"), 0)]
)
def test_an_earnest_counts_until_its_contract_has_another_act(acts: tuple[str, ...], paid: int) -> None:
    told = [event("U1", what, "2026-04-02", contract="C1") for what in acts]
    figures = Figures(facts(events=told), Series.PUBLISHED)
    assert figures.total(month_named("2026-04"), STOCK, lambda part: part.earnest).sets == paid


@pytest.mark.parametrize(("until", "stage"), [(None, "S4r"), ("2026-04-30", "S4b"), ("2026-05-01", "S4r")])
def test_a_restriction_ends_before_its_last_day(until: str | None, stage: str) -> None:
    limit = Restriction("U1", date(2026, 4, 30), date.fromisoformat(until) if until else None)
    assert stages(facts(restrictions=[limit]), "2026-04")[stage][1] == (1 if stage == "S4r" else 2)


def test_a_home_sold_without_a_licence_is_sold_and_a_restricted_one_stays_where_its_building_is() -> None:
    given = facts(
        presales=[],
        events=[event("U1", "SIGN", "2026-04-02", contract="C1")],
        restrictions=[Restriction("U2", date(2026, 1, 1), None)],
    )
    found = stages(given, "2026-04")
    assert (found["S5"], found["S3"]) == ((100, 1), (100, 1))


def test_a_master_certificate_licenses_a_current_sale() -> None:
    listed = [event("U1", "LIST", "2026-04-02", ref="RC1")]
    given = facts(
        presales=[], master_certificates=frozenset({"RC1"}), events=listed, homes=[home("U1", opened_on=None)]
    )
    assert stages(given, "2026-04")["S4a"] == (100, 1)


@pytest.mark.parametrize(
    ("at", "published"),
    [
        ("2026-05-05T15:59:30+00:00", {"2026-04": "S5", "2026-05": "S5"}),
        ("2026-05-05T16:00:10+00:00", {"2026-04": "S4b", "2026-05": "S5"}),
        ("2026-05-31T17:00:00+00:00", {"2026-04": "S4b", "2026-05": "S4b", "2026-06": "S5"}),
    ],
)
def test_a_late_fact_counts_in_the_month_of_its_arrival_and_restated_in_its_own(
    at: str, published: dict[str, str]
) -> None:
    given = facts(events=[event("U1", "SIGN", "2026-04-20", at, contract="C1")])
    for month, stage in published.items():
        assert stages(given, month).get("S5", (0, 0))[1] == (stage == "S5")
        assert stages(given, month, Series.RESTATED)["S5"][1] == 1


@pytest.mark.parametrize("series", Series)
def test_a_voided_permit_counts_in_months_closed_before_it_was_voided(series: Series) -> None:
    given = facts(
        presales=[
            FACTS.presales[0].__class__(
                "PS1", "P1", known("2026-03-05", voided="2026-05-03T02:00:00+00:00"), ("NB1",), 0
            )
        ]
    )
    assert stages(given, "2026-03", series)["S4b"] == (200, 2)
    assert stages(given, "2026-04", series)["S3"] == (200, 2)


def test_a_survey_replaces_the_forecast_once_it_counts_and_a_home_missing_in_it_keeps_its_own() -> None:
    given = facts(
        naturals=[Natural("NB1", "P1", known("2026-04-10"))],
        homes=[home("U1", surveyed=area(101.5)), home("U2"), home("U3", forecast=None)],
    )
    assert stages(given, "2026-03")["S4b"] == (200, 3)
    assert stages(given, "2026-04")["S4b"] == (201.5, 3)


def test_a_building_waits_for_all_its_towers_and_not_for_its_garage() -> None:
    tower = Work("W2", "P1", FACTS.works[0].kind, False, 0, known("2025-08-01"), None, None, None, None)
    garage = Work("W3", "P1", FACTS.works[0].kind, True, 0, known("2025-08-01"), None, None, None, None)
    ties = [Tie(work, "PB1") for work in ("W1", "W2", "W3")]
    with_tower = facts(works=[*FACTS.works, tower], planned_ties=ties, natural_ties=[])
    with_garage = facts(works=[*FACTS.works, garage], planned_ties=ties, natural_ties=[])
    assert (stages(with_tower, "2026-02")["S2"][0], stages(with_garage, "2026-02")["S3"][0]) == (400, 400)


def test_land_is_shared_by_area_and_land_without_a_project_is_supply_of_its_parcel() -> None:
    given = facts(uses=[FACTS.uses[0].__class__("P1", "L1", area(250))])
    figures = Figures(given, Series.PUBLISHED)
    sums = figures.by(month_named("2025-05"), lambda part: part.project)
    assert float(sums["P1", Stage.LAND].area) / 10_000 == 850
    assert float(sums["", Stage.LAND].area) / 10_000 == 3750


def test_more_planned_than_promised_is_no_negative_supply() -> None:
    land = [FACTS.lands[0].__class__("L1", "310101", "", "INNER", known("2025-01-10"), area(1000), area(300), {})]
    assert "S0" not in stages(facts(lands=land), "2025-05")


@pytest.mark.parametrize("month", ["2026-01", "2026-12"])
def test_a_month_closes_at_the_end_of_the_fifth_day_in_shanghai(month: str) -> None:
    moment: Any = closing(month_named(month)).astimezone(known("2026-01-01").at.tzinfo)
    assert (moment.day, moment.hour) == (5, 16)
    assert name_of(month_named(month)) == month
