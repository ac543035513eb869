"""Every dated parameter can be set to what it is, and to nothing a rule could not read."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import services.everything  # noqa: F401
from services.engine.notices import my_notices
from services.engine.orders import Decide
from services.engine.parameters import ProposeParameter, confirm_parameter, propose_parameter, thresholds_on, value_fits
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.thresholds import DECLARED, Threshold, Thresholds
from services.monitoring.rules.days import months_back, years_later
from services.monitoring.rules.money import CONTRIBUTION_YEARS
from services.monitoring.rules.registered import REPRESENTATIVE_MONTHS
from tests.market_rules import set_parameter
from tests.report import each_in_turn
from tests.world import World

TODAY = date(2027, 3, 1)


def read(threshold: Threshold, value: str) -> None:
    """Read a value as rules do."""
    of = Thresholds(TODAY, {threshold.key: value})
    reader = {"integer": of.integer, "decimal": of.decimal, "day": of.day, "flag": of.flag, "words": of.text}
    reader[threshold.kind](threshold.key)


@each_in_turn("key", sorted(DECLARED))
def test_what_holds_now_can_be_set_again(key: str) -> None:
    assert value_fits(DECLARED[key], DECLARED[key].default)
    read(DECLARED[key], DECLARED[key].default)


@pytest.mark.parametrize(
    "value", ["5.0", "1e2", "1E2", "+5", "-0", "-1", "1_0", "٥", "", "5 ", "0x5", "NaN", "Infinity"]
)
@pytest.mark.parametrize("key", ["projects.start_blue_days", "subjects.least_technicians"])
def test_a_whole_number_is_written_as_rules_read_it(key: str, value: str) -> None:
    assert not value_fits(DECLARED[key], value)


@pytest.mark.parametrize("value", ["1e2", "+5", "-1", "1_0.5", "٥", "", ".5", "5.", "NaN", "Infinity", "0.1234567"])
def test_a_number_with_places_too(value: str) -> None:
    assert not value_fits(DECLARED["projects.gfa_tolerance"], value)


def test_the_least_capital_can_be_raised_but_not_beyond_reason() -> None:
    least = DECLARED["subjects.least_capital"]
    assert value_fits(least, "8000000")
    assert not value_fits(least, "100000000001")


def test_terms_stay_within_the_calendar() -> None:
    """A term so long that its day is none would break the rule for every company."""
    assert months_back(TODAY, DECLARED[REPRESENTATIVE_MONTHS].most) < TODAY
    assert years_later(date(2024, 2, 29), DECLARED[CONTRIBUTION_YEARS].most) == date(2124, 2, 29)


def test_a_district_has_its_own_value_before_the_citys() -> None:
    key = "projects.start_red_days"
    of = Thresholds(TODAY, {key: "400", f"{key}@310115": "300", "lease.max_years@310115": "1"})
    assert (of.integer(key), of.over("310115").integer(key), of.over("310104").integer(key)) == (400, 300, 400)
    assert of.over("310115").over("").integer(key) == 400
    assert Thresholds(TODAY, {f"{key}@310115": "300"}).integer(key) == 365
    # What is one for the whole city has no value of a district, whatever a row says.
    assert of.over("310115").text("lease.max_years") == DECLARED["lease.max_years"].default


def test_a_district_that_gives_its_value_back_follows_the_city_again(world: World) -> None:
    key, district = "projects.start_red_days", "310115"
    today = world.door.clock.today()

    def days(on: date) -> tuple[int, int]:
        of: Thresholds = world.read(lambda work: thresholds_on(work.session, on))
        return of.integer(key), of.over(district).integer(key)

    order = ProposeParameter(key, "", today, "按全市统一执行", district, take_back=True)
    for wrong, told in (
        (order, "没有单独设定的值"),
        (replace(order, district=""), "请选择"),
        (replace(order, value="9"), "不填"),
    ):
        with pytest.raises(Rejected, match=told):
            world.door.perform(propose_parameter, world.caller("shi01"), wrong)
    set_parameter(world, key, "300", district)
    assert days(today) == (365, 300)
    world.let_pass(days=2)
    order = replace(order, valid_from=world.door.clock.today())
    row = world.door.perform(propose_parameter, world.caller("shi01"), order)
    assert days(order.valid_from) == (365, 300)
    with pytest.raises(NotAllowed):
        world.door.perform(confirm_parameter, world.caller("shi01"), Decide(row, True))
    world.door.perform(confirm_parameter, world.caller("shi02"), Decide(row, True))
    assert (days(today), days(order.valid_from)) == ((365, 300), (365, 365))
    set_parameter(world, key, "400")
    assert days(order.valid_from) == (400, 400)
    set_parameter(world, key, "200", district)
    assert days(order.valid_from) == (400, 200)


@pytest.mark.parametrize("key", ["filing.max_months", "lease.max_years", "filing.min_days", "records.review_days"])
def test_a_value_that_turns_its_rule_round_is_refused_with_what_may_be_filled_in(world: World, key: str) -> None:
    threshold, today = DECLARED[key], world.door.clock.today()
    for value in ("0", str(threshold.most + 1), "-1"):
        order = ProposeParameter(key, value, today, "按新规定调整")
        with pytest.raises(Rejected, match=f"可填范围1至{threshold.most:,}{threshold.unit}"):
            world.door.perform(propose_parameter, world.caller("shi01"), order)


def test_every_number_says_its_least_its_most_and_its_unit() -> None:
    for threshold in DECLARED.values():
        if threshold.numeric:
            assert threshold.unit, threshold.key
            assert 0 <= threshold.least < threshold.most, threshold.key
            assert threshold.span.endswith(threshold.unit), threshold.key


def test_a_second_proposal_for_the_same_day_is_told_of_the_first(world: World) -> None:
    day = world.door.clock.today()
    first = ProposeParameter("filing.max_months", "24", day, "按新规定缩短")
    row = world.door.perform(propose_parameter, world.caller("shi01"), first)
    second = replace(first, value="12")
    with pytest.raises(Conflict, match=r"改为“24”.*按新规定缩短"):
        world.door.perform(propose_parameter, world.caller("shi02"), second)
    world.door.perform(propose_parameter, world.caller("shi02"), replace(second, valid_from=date(2099, 1, 1)))
    world.door.perform(confirm_parameter, world.caller("shi02"), Decide(row, agree=False))
    world.door.perform(propose_parameter, world.caller("shi02"), second)


def test_every_parameter_that_is_asked_for_by_name_is_declared() -> None:
    asked = re.compile(r"thresholds\.(?:integer|decimal|day|flag|text)\(\s*['\"]([a-z_.]+)['\"]")
    places = [path for area in ("services", "ui") for path in Path(area).rglob("*.py")]
    keys = {key for path in places for key in asked.findall(path.read_text(encoding="utf-8"))}
    assert len(keys) > 60
    assert keys <= DECLARED.keys()


def test_who_may_confirm_a_change_is_told_that_it_waits(world: World) -> None:
    def told(login: str) -> list[bool]:
        lines = world.door.ask(my_notices, world.caller(login), 50)
        return [one.read for one in lines if "等待复核的修改" in one.body]

    order = ProposeParameter("filing.deadline_days", "44", date(2099, 5, 1), "等待复核的修改")
    asked = world.door.perform(propose_parameter, world.caller("shi01"), order)
    assert (told("shi01"), told("shi02"), told("huamu01")) == ([], [False], [])
    world.door.perform(confirm_parameter, world.caller("shi02"), Decide(asked, agree=True))
    assert told("shi02") == [True]
