"""SUB-04, 05, 07 to 16: every edge of every rule, as a table; no database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.alerts import AlertGrade
from models.companies import (
    Financing,
    FinancingKind,
    FinancingState,
    Indicator,
    ProjectFinancing,
    ProjectIndicator,
    QualificationGrade,
)
from models.monitoring import CompanyType
from services.monitoring.answer_comparison import differences
from services.monitoring.rules import COMPARING, GRAVER_WITH_PROJECT, OWN_RULES, REGISTRY_RULES
from services.monitoring.watched import Projects, WatchFacts
from services.ports.registry import CompanyProfile, RegisteredHolder
from tests.services.monitoring.profiles import (
    CAPITAL,
    HEAD,
    TODAY,
    change,
    company,
    facts,
    frozen,
    holder,
    listed,
    pledged,
    profile,
)

RULES = {**OWN_RULES, **REGISTRY_RULES}
B, Y, R = AlertGrade.BLUE, AlertGrade.YELLOW, AlertGrade.RED


def grades(code: str, seen: WatchFacts) -> list[AlertGrade]:
    return [sign.grade for sign in RULES[code](seen)]


@pytest.mark.row(54)
@pytest.mark.parametrize("code", RULES)
def test_a_company_in_order_has_no_sign(code: str) -> None:
    assert grades(code, facts()) == []


@pytest.mark.row(52)
@pytest.mark.parametrize(
    ("valid_to", "found"),
    [
        (TODAY + timedelta(days=91), []),
        (TODAY + timedelta(days=90), [B]),
        (TODAY, [B]),
        (TODAY - timedelta(days=1), [R]),
        (None, [R]),
    ],
)
def test_sub_04_qualification(valid_to: date | None, found: list[AlertGrade]) -> None:
    assert grades("SUB-04", facts(of=company(qualification_valid_to=valid_to))) == found


@pytest.mark.row(52)
def test_sub_04_asks_no_qualification_of_a_group_and_misses_one_of_a_head() -> None:
    assert grades("SUB-04", facts(of=company(of=CompanyType.GROUP))) == []
    assert grades("SUB-04", facts(of=company(of=CompanyType.HEAD, qualification_grade=QualificationGrade.NONE))) == [R]


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("licensed", "filed", "found"),
    [
        (TODAY - timedelta(days=30), None, []),
        (TODAY - timedelta(days=31), None, [Y]),
        (date(2026, 1, 1), date(2026, 1, 31), []),
        (date(2026, 1, 1), date(2026, 2, 1), [Y]),
    ],
)
def test_sub_05_filing(licensed: date, filed: date | None, found: list[AlertGrade]) -> None:
    assert grades("SUB-05", facts(of=company(licensed_on=licensed, filed_on=filed))) == found
    assert grades("SUB-05", facts(of=company(of=CompanyType.HEAD, licensed_on=licensed, filed_on=filed))) == []


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ([], [Y]),
        ([TODAY], [Y]),
        ([date(2026, 3, 1), TODAY], [R]),
        ([date(2026, 2, 28), TODAY], [Y]),
    ],
)
def test_sub_07_second_representative_in_twelve_months(seen: list[date], found: list[AlertGrade]) -> None:
    now = profile(legal_rep="沈听澜")
    assert grades("SUB-07", facts(now=now, representative_days=seen)) == found


@pytest.mark.row(54)
def test_sub_07_counts_what_the_registry_has_entered_too() -> None:
    entered = (change("1", "法定代表人变更", date(2026, 9, 1)), change("2", "法定代表人变更", TODAY))
    assert grades("SUB-07", facts(now=profile(legal_rep="沈听澜", changes=entered))) == [R]
    later = (change("1", "法定代表人变更", date(2025, 9, 1)), change("2", "法定代表人变更", TODAY))
    assert grades("SUB-07", facts(now=profile(legal_rep="沈听澜", changes=later))) == [Y]


@pytest.mark.row(51)
def test_a_comparing_rule_goes_by_the_answer_its_alert_began_from() -> None:
    first, then = profile(legal_rep="严文清"), profile(legal_rep="沈听澜")
    assert grades("SUB-07", facts(then, first, baselines={"SUB-07": first})) == []
    assert grades("SUB-07", facts(then, then, baselines={"SUB-07": first})) == [Y]
    assert frozenset(RULES) >= COMPARING


def _held(*shares: tuple[str, str]) -> CompanyProfile:
    return profile(holders=tuple(holder(name, ratio, uscc=name) for name, ratio in shares))


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        ([("甲", "51"), ("乙", "49")], [("甲", "50"), ("乙", "50")], [R]),
        ([("甲", "51"), ("乙", "49")], [("甲", "50.01"), ("乙", "49.99")], [Y]),
        ([("甲", "50"), ("乙", "50")], [("甲", "50.01"), ("乙", "49.99")], [R]),
        ([("甲", "51"), ("乙", "49")], [("乙", "49"), ("甲", "51")], []),
        ([("甲", "51"), ("乙", "49")], [("丙", "51"), ("乙", "49")], [R]),
        ([("甲", "40"), ("乙", "30"), ("丙", "30")], [("甲", "40"), ("乙", "35"), ("丙", "25")], [Y]),
        ([("甲", "100")], [("甲", "100"), ("乙", "0")], [Y]),
        # Of a holder in two lines both count: more than half, however it is split.
        ([("甲", "51"), ("乙", "49")], [("甲", "30"), ("甲", "21"), ("乙", "49")], []),
        ([("甲", "30"), ("甲", "30"), ("乙", "40")], [("甲", "30"), ("甲", "10"), ("乙", "60")], [R]),
    ],
)
def test_sub_08_holders(was: list[tuple[str, str]], now: list[tuple[str, str]], found: list[AlertGrade]) -> None:
    assert grades("SUB-08", facts(_held(*was), _held(*now))) == found


@pytest.mark.row(54)
def test_every_contribution_of_a_holder_is_compared() -> None:
    parts = (
        holder("甲", "30", due_on=date(2028, 1, 1)),
        holder("甲", "30", due_on=date(2030, 1, 1)),
        holder("乙", "40"),
    )
    was = profile(holders=parts)
    assert list(differences(was, profile(holders=parts[::-1]))) == []
    put_off = profile(holders=(replace(parts[0], due_on=date(2029, 1, 1)), *parts[1:]))
    assert [(one.label, one.rule) for one in differences(was, put_off)] == [("股东出资", "SUB-15")]
    sold = profile(holders=(parts[0], replace(parts[1], name="丙"), parts[2]))
    told = [(one.before, one.after) for one in differences(was, sold) if one.label == "股东持股"]
    assert told == [("甲 60%", "甲 30%"), ("丙 ", "丙 30%")]


@pytest.mark.row(54)
def test_sub_08_control_in_fact_and_a_holder_renamed() -> None:
    was, now = profile(actual_controller="国资委"), profile(actual_controller="韩云汀")
    assert grades("SUB-08", facts(was, now)) == [R]
    assert grades("SUB-08", facts(profile(), now)) == []
    renamed = profile(holders=(holder("申浦集团新名", "51", uscc=HEAD), holder("浦汇基金", "49")))
    assert grades("SUB-08", facts(profile(), renamed)) == []


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("decided", "entered", "published", "found"),
    [
        (date(2027, 1, 1), date(2027, 1, 31), date(2027, 2, 1), []),
        (date(2027, 1, 1), date(2027, 2, 1), date(2027, 2, 1), [Y]),
        # Twenty working days after 1 February 2027, with the Spring Festival between.
        (None, date(2027, 2, 1), None, []),
        (None, date(2026, 12, 1), date(2026, 12, 29), []),
        (None, date(2026, 12, 1), date(2026, 12, 30), [Y]),
        (None, date(2026, 12, 1), None, [Y]),
        (date(2026, 10, 1), date(2026, 12, 1), None, [Y]),
    ],
)
def test_sub_09_late_changes(
    decided: date | None, entered: date, published: date | None, found: list[AlertGrade]
) -> None:
    one = change("BG1", "法定代表人变更", entered, decided_on=decided, published_on=published)
    assert grades("SUB-09", facts(now=profile(changes=(one,)))) == found
    assert grades("SUB-09", facts(now=profile(changes=(one,)), known_changes=frozenset({"BG1"}))) == []


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("shares", "found"),
    [(["29.9"], []), (["29.99"], []), (["30"], [Y]), (["20", "29.99"], [Y]), (["50"], [R]), (["30", "20"], [R])],
)
def test_sub_10_pledges(shares: list[str], found: list[AlertGrade]) -> None:
    assert grades("SUB-10", facts(now=profile(pledges=pledged(*shares)))) == found


@pytest.mark.row(54)
def test_sub_10_any_freeze_is_grave_and_what_was_lifted_is_not() -> None:
    assert grades("SUB-10", facts(now=profile(freezes=frozen()))) == [R]
    lifted = profile(freezes=frozen(until=TODAY), pledges=pledged("60", until=TODAY))
    assert grades("SUB-10", facts(now=lifted)) == []
    assert grades("SUB-10", facts(now=profile(registered_capital=None, holders=(), pledges=pledged("60")))) == []


@pytest.mark.row(51)
@pytest.mark.parametrize(
    ("status", "found"),
    [("存续", []), ("歇业", [Y]), ("迁出", [Y]), ("清算", [R]), ("吊销", [R]), ("注销", [R]), ("撤销", [R])],
)
def test_sub_11_status(status: str, found: list[AlertGrade]) -> None:
    assert grades("SUB-11", facts(now=profile(status=status))) == found


@pytest.mark.row(51)
def test_sub_11_lists_are_signs_of_their_own() -> None:
    both = profile(status="歇业", listings=(*listed("ABNORMAL"), *listed("GRAVE")))
    signs = list(RULES["SUB-11"](facts(now=both)))
    assert [(sign.key, sign.grade) for sign in signs] == [("status", Y), ("abnormal", R), ("grave", R)]
    assert grades("SUB-11", facts(now=profile(listings=listed("GRAVE", until=TODAY)))) == []


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("now", "duty", "found"),
    [
        ("100000000", "0", []),
        ("100000001", "0", []),
        ("99999999.99", "0", [Y]),
        ("80010000", "0", [Y]),
        ("80000000", "0", [R]),
        ("99000000", "99000000", [Y]),
        ("99000000", "99000000.01", [R]),
    ],
)
def test_sub_12_capital_lowered(now: str, duty: str, found: list[AlertGrade]) -> None:
    projects = Projects(("滨江花园",), Decimal(duty))
    assert grades("SUB-12", facts(now=profile(registered_capital=Decimal(now)), projects=projects)) == found


@pytest.mark.row(54)
def test_sub_12_another_currency_is_not_compared() -> None:
    assert grades("SUB-12", facts(now=profile(registered_capital=Decimal(1), currency="USD"))) == []


def _year(debts: str = "68", *, cash: str | None = "20", debt: str = "40") -> Indicator:
    return ProjectIndicator(
        year=2026,
        total_assets=Decimal(100),
        liabilities=Decimal(debts),
        advance_receipts=Decimal(10),
        interest_debt=Decimal(debt),
        cash=None if cash is None else Decimal(cash),
        short_debt=Decimal(20),
        equity=Decimal(20),
    )


@pytest.mark.row(51)
@pytest.mark.parametrize(
    ("year", "found"),
    [
        # 63 of 90 without advance receipts is 70 %, 20 net of 20 is 100 %, 20 of 20 is 1: all just kept.
        (_year("73"), []),
        (_year("73.01"), [B]),
        (_year("73", debt="40.01"), [B]),
        (_year("73", cash="19.99", debt="39.99"), [B]),
        (_year("73.01", debt="40.01"), [Y]),
        (_year("73.01", cash="19.99"), [R]),
        (_year("73.01", cash=None), [B]),
    ],
)
def test_sub_13_three_red_lines(year: Indicator, found: list[AlertGrade]) -> None:
    older = ProjectIndicator(year=2025, total_assets=Decimal(1), liabilities=Decimal(100), advance_receipts=Decimal(0))
    assert grades("SUB-13", facts(of=company(years=(year, older)))) == found


@pytest.mark.row(51)
def test_sub_13_more_debts_than_assets_and_no_figures() -> None:
    names = ("advance_receipts", "interest_debt", "cash", "short_debt", "equity")
    figures: dict[str, Any] = dict(zip(names, map(Decimal, (10, 5, 1, 0, -10)), strict=True))
    under = ProjectIndicator(year=2026, total_assets=Decimal(10), liabilities=Decimal(20), **figures)
    assert grades("SUB-13", facts(of=company(years=(under,)))) == [Y]
    assert grades("SUB-13", facts(of=company(years=()))) == []


def _debt(contract_no: str, due_on: date, state: FinancingState = FinancingState.ACTIVE) -> Financing:
    return ProjectFinancing(
        financing_kind=FinancingKind.BANK_LOAN,
        contract_no=contract_no,
        amount=Decimal(100),
        due_on=due_on,
        financing_state=state,
    )


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("days", "found"),
    [(61, []), (60, [B]), (0, [B]), (-1, [Y]), (-29, [Y]), (-30, [R])],
)
def test_sub_14_financing_falls_due(days: int, found: list[AlertGrade]) -> None:
    assert grades("SUB-14", facts(of=company(debts=(_debt("JH1", TODAY + timedelta(days=days)),)))) == found


@pytest.mark.row(54)
def test_sub_14_each_financing_has_its_own_sign_and_what_is_repaid_none() -> None:
    states = (FinancingState.ACTIVE, FinancingState.OVERDUE, FinancingState.REPAID)
    debts = tuple(_debt(f"JH{n}", TODAY, state) for n, state in enumerate(states))
    signs = list(RULES["SUB-14"](facts(of=company(debts=debts))))
    assert len({sign.key for sign in signs}) == 2


def _unpaid(due: date | None) -> tuple[RegisteredHolder, ...]:
    return (holder("甲", "51", paid=Decimal(0), due_on=due), holder("乙", "49"))


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("founded", "due", "found"),
    [
        (date(2025, 1, 1), TODAY + timedelta(days=181), []),
        (date(2025, 1, 1), TODAY + timedelta(days=180), [B]),
        (date(2025, 1, 1), TODAY, [B]),
        (date(2025, 1, 1), TODAY - timedelta(days=1), [Y]),
        # A company of before the law: a term beyond 30 June 2032 is to be shortened by 30 June 2027.
        (date(2023, 3, 1), date(2032, 6, 30), []),
        (date(2023, 3, 1), date(2032, 7, 1), [B]),
        (date(2023, 3, 1), None, [B]),
        # One after it: five years from its founding, whatever was promised.
        (date(2024, 7, 1), date(2040, 1, 1), []),
    ],
)
def test_sub_15_contributions(founded: date, due: date | None, found: list[AlertGrade]) -> None:
    now = profile(established_on=founded, holders=_unpaid(due))
    assert grades("SUB-15", facts(now=now)) == found


@pytest.mark.row(54)
def test_sub_15_five_years_from_the_founding() -> None:
    now = profile(established_on=date(2024, 7, 1), holders=_unpaid(date(2040, 1, 1)))
    assert grades("SUB-15", facts(now=now, today=date(2029, 6, 30))) == [B]
    assert grades("SUB-15", facts(now=now, today=date(2029, 7, 2))) == [Y]


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("told", "award", "held", "found"),
    [
        ("51", "30", "51", []),
        ("51", "30", "34", []),
        ("51", "30", "33.99", [Y]),
        ("51", "40", "40", []),
        ("51", "40", "39.99", [R]),
        ("51", None, "33", [Y]),
        ("30", "30", "30", []),
        ("30", None, "29", [Y]),
        # What the company has told since does not make up for what it held when it won the land.
        ("20", "40", "20", [R]),
        ("20", "40", "25", [R]),
    ],
)
def test_sub_16_the_head_holds_less(told: str, award: str | None, held: str, found: list[AlertGrade]) -> None:
    of = company(holding_ratio=Decimal(told), ratio_at_award=Decimal(award) if award else None)
    now = profile(holders=(holder("申浦置业集团有限公司", held, uscc=HEAD), holder("乙", str(100 - Decimal(held)))))
    assert grades("SUB-16", facts(now=now, of=of)) == found


@pytest.mark.row(54)
def test_sub_16_a_head_that_is_no_holder_any_more_holds_nothing() -> None:
    now = profile(holders=(holder("乙", "100", uscc="91310115MAYHA0099X"),))
    assert grades("SUB-16", facts(now=now)) == [R]
    assert grades("SUB-16", facts(now=now, of=company(of=CompanyType.HEAD))) == []


@pytest.mark.row(54)
def test_thresholds_are_dated_parameters() -> None:
    pledge = profile(pledges=pledged("31"))
    assert grades("SUB-10", facts(now=pledge, values={"monitoring.pledge_yellow": "32"})) == []
    lowered = profile(registered_capital=CAPITAL - 10_000_000)
    assert grades("SUB-12", facts(now=lowered, values={"monitoring.capital_red": "10"})) == [R]


@pytest.mark.row(54)
def test_sub_18_joins_rules_07_to_16() -> None:
    assert {f"SUB-{number:02}" for number in range(7, 17)} == GRAVER_WITH_PROJECT
