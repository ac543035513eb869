"""The catalogue is whole: every code has a rule with its words and cases that break and keep it."""

import re
from dataclasses import replace

import pytest

from services.engine.findings import Outcome, Rule, Severity, judge
from services.engine.thresholds import DECLARED, Thresholds
from services.tenancy.filing_facts import CancelFacts
from services.tenancy.lease_form import LeaseForm
from services.tenancy.rules.applicants import everybody
from services.tenancy.rules.catalogue import ALWAYS_ON, BY_CODE, CANCEL_RULES, FILING_RULES, PRECHECK_RULES, RULE_SET
from tests.report import each_in_turn
from tests.services.tenancy.rules import (
    test_cancellation,
    test_filing,
    test_house,
    test_occupancy,
    test_parties,
    test_terms,
)
from tests.services.tenancy.rules.builders import (
    CHEN,
    TODAY,
    Case,
    cancel,
    facts,
    findings,
    house_form,
    of,
    other,
    person,
)

#: Leasing 4.3-4.8, in its order; T16 is ours, which row 13 had alone before.
CATALOGUE = (
    [f"P{number:02}" for number in range(1, 13)]
    + [f"H{number:02}" for number in range(1, 19)]
    + [f"O{number:02}" for number in range(1, 11)]
    + [f"T{number:02}" for number in range(1, 17)]
    + [f"F{number:02}" for number in (*range(1, 18), 19, 18)]
)
CANCELLATIONS = [f"C{number:02}" for number in range(1, 9)]
FORCEABLE = {
    *("P04", "P11", "H01", "H02", "H03", "H04", "H07", "H08", "H09", "H10", "H13", "H17"),
    *("O03", "O07", "F01", "F02"),
}
SEVERITIES = {
    "REFUSE": "P01 P07 P08 P09 H04 H05 H06 H14 O01 O02 O03 O04 O05 O06 O07 O08 O10 T03 T10 F01 F06 F07 F09 F10 F11 F16 "
    "F17 C01 C02 C07",
    "INTERCEPT": "P04 P11 H01 H02 H03 H07 H08 H09 H10 H13 H17 F02 F13 C06",
    "ROUTE": "H11 H16 F04 F19",
    "CORRECT": "P02 P03 P05 P06 P10 P12 H12 H15 T01 T02 T07 T09 T12 T13 T15 T16 F05 F08 F15 C03 C05",
    "WARN": "H18 O09 T04 T05 T06 T08 T11 T14 F03 F12 F14 F18 C04 C08",
}
#: Rules that stand on a source outside: each must have a case in which it is silent.
ON_OUTSIDE_SOURCES = {
    *("P01", "P07", "F08", "H01", "H02", "H03", "H04", "H05", "H06", "H07", "H08", "H09", "H10"),
    *("H13", "H14", "H17", "H18"),
}

CASES: list[Case] = [
    case
    for module in (test_parties, test_house, test_occupancy, test_terms, test_filing, test_cancellation)
    for case in module.CASES
]


def test_every_code_of_the_catalogue_has_its_rule_in_order() -> None:
    assert [rule.code for rule in FILING_RULES] == CATALOGUE
    assert [rule.code for rule in CANCEL_RULES] == CANCELLATIONS
    assert sorted(BY_CODE) == sorted(CATALOGUE + CANCELLATIONS)


@pytest.mark.row(4)
def test_the_precheck_runs_what_can_be_told_before_the_form() -> None:
    wanted = ["P01", "H01", "H02", "H03", "H04", "H05", "H06", "H07", "H08", "H09", "H14", "H17", "F01", "F02"]
    assert [rule.code for rule in PRECHECK_RULES] == wanted


@each_in_turn("code", CATALOGUE + CANCELLATIONS)
def test_every_rule_has_a_case_that_breaks_it_and_one_that_keeps_it(code: str) -> None:
    mine = [case for case in CASES if case.code == code]
    broken = [case for case in mine if case.severity not in (None, Severity.PENDING)]
    assert broken, "no case breaks the rule"
    assert any(case.severity is None for case in mine), "no case keeps the rule"
    assert code not in ON_OUTSIDE_SOURCES or any(case.severity is Severity.PENDING for case in mine)


@each_in_turn("rule", [*FILING_RULES, *CANCEL_RULES])
def test_severity_and_force_are_the_catalogues(rule: Rule[object]) -> None:
    assert rule.code in SEVERITIES[rule.severity.value].split()
    assert rule.forceable is (rule.code in FORCEABLE)


@each_in_turn("rule", [*FILING_RULES, *CANCEL_RULES])
def test_words_are_chinese_and_say_where_they_come_from(rule: Rule[object]) -> None:
    words = (rule.label, rule.message, rule.basis, rule.source, rule.bring, rule.where)
    # Latin letters stand in standards and document numbers only; punctuation is full-width.
    assert not re.search(r"[,;:!?](?!\d)", "".join(words))
    assert rule.label
    assert rule.message
    assert rule.basis
    assert rule.source


def test_the_ordinance_is_cited_with_its_amendment() -> None:
    cited = [rule.basis for rule in BY_CODE.values() if "上海市住房租赁条例" in rule.basis]
    assert cited
    assert all("2025年11月26日修正" in basis for basis in cited)


@pytest.mark.row(5)
@each_in_turn("case", [case for case in CASES if case.severity is not None and case.code not in ALWAYS_ON])
def test_a_switch_turns_its_rule_off(case: Case) -> None:
    off = replace(case.given, thresholds=Thresholds(TODAY, {f"rule.{case.code}.on": "false"}))
    assert of(case.code, off) == []


@pytest.mark.row(5)
@pytest.mark.parametrize("code", sorted(ALWAYS_ON))
def test_the_heart_of_a_filing_cannot_be_switched_off(code: str) -> None:
    case = next(case for case in CASES if case.code == code and case.severity is not None)
    off = replace(case.given, thresholds=Thresholds(TODAY, {f"rule.{code}.on": "false"}))
    assert of(code, off) == of(code, case.given) != []
    assert f"rule.{code}.on" not in DECLARED


def test_every_other_rule_has_a_switch_among_the_parameters() -> None:
    switches = {key for key in DECLARED if re.fullmatch(r"rule\..+\.on", key)}
    # Other areas declare rules of their own in the same way.
    assert {f"rule.{code}.on" for code in BY_CODE if code not in ALWAYS_ON} <= switches
    assert not {f"rule.{code}.on" for code in ALWAYS_ON} & switches
    assert {DECLARED[key].default for key in switches} == {"true"}


def test_clean_cases_pass() -> None:
    assert judge(facts(), FILING_RULES).outcome is Outcome.PASS
    assert judge(facts(), PRECHECK_RULES).outcome is Outcome.PASS
    assert judge(cancel(), CANCEL_RULES).outcome is Outcome.PASS


def test_no_rule_breaks_on_an_empty_form() -> None:
    """What is left blank is told as missing; nothing crashes into "temporarily not checkable"."""
    empty = facts(form=LeaseForm())
    for item in judge(empty, FILING_RULES).items:
        assert all("error" not in finding.evidence for finding in item.findings), item.rule.code


def test_the_rule_set_has_a_version() -> None:
    assert re.fullmatch(r"[A-Z-]+\d{4}\.\d+", RULE_SET)


@pytest.mark.row(4)
def test_a_certificate_and_its_holder_are_enough_for_the_precheck() -> None:
    asked = facts(form=LeaseForm(house=house_form(), lessors=(person(CHEN),)), confirmed_digest="", text_digest="")
    assert judge(asked, PRECHECK_RULES).outcome is Outcome.PASS
    filed = replace(asked, filings=(other("*"),))
    assert [finding.code for finding in judge(filed, PRECHECK_RULES).findings] == ["F01"]


def test_no_finding_tells_another_persons_data() -> None:
    """Whatever goes wrong, papers show what the applicant entered and impersonal facts of the registers."""
    for case in CASES:
        if isinstance(case.given, CancelFacts):
            continue
        entered = {named.id_no for named in everybody(case.given.form)} | {case.given.form.previous_filing_no}
        title = case.given.title.value
        theirs = {holder.id_no for holder in (title.holders if title else ())}
        theirs |= {holder.name for holder in (title.holders if title else ())} - {
            named.name for named in everybody(case.given.form)
        }
        for filing in case.given.filings:
            theirs |= {filing.filing_no, *filing.lessor_ids, *filing.lessee_ids}
        told = "".join(finding.message + finding.found for finding in findings(case.given))
        assert not [word for word in theirs - entered if word in told], str(case)
