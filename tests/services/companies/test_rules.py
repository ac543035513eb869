"""Rules of companies at their edges, without a database (market 4.1)."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from models.companies import Currency, QualificationGrade, RegistryStatus
from services.alerts.catalogue import SWITCHED
from services.companies.company_kinds import PROJECT_COMPANY
from services.companies.rules import (
    HEAD_EXIT_RULES,
    HEAD_RULES,
    PROJECT_EXIT_RULES,
    PROJECT_RULES,
    REGISTRY,
    Left,
    Standing,
)
from services.engine.findings import Severity, judge
from services.engine.kinds import Owner, Proposal
from services.engine.proposals import read_form
from services.engine.switches import RULE_SWITCH, is_on
from services.engine.thresholds import Thresholds
from services.ports.answers import hit, miss, silent
from services.ports.registry import CompanyProfile

TODAY = date(2027, 3, 1)
_ID = UUID(int=1)
_USCC = "91310115MA1H8R7C67"


def proposal(kind: str = "project_company", **more: Any) -> Proposal:
    values: dict[str, Any] = {
        "name": "上海测试置业有限公司",
        "uscc": _USCC,
        "established_on": date(2026, 1, 1),
        "licensed_on": date(2027, 1, 30),
        "filed_on": date(2027, 2, 10),
        "registry_status": RegistryStatus.EXISTING,
        "qualification_grade": QualificationGrade.SECOND,
        "qualification_no": "沪房开证字第00001号",
        "qualification_valid_to": date(2029, 1, 1),
        "registered_capital": 50_000_000,
        "tech_staff_count": 4,
        "accountant_count": 2,
        "holding_ratio": 100,
        "contact_phone": "13800000001",
        "independent": True,
    }
    answers = more.pop("answers", {})
    children = more.pop("children", {})
    found = more.pop("found", {"standing": Standing()})
    before = more.pop("before", None)
    return Proposal(
        kind, _ID, 1, values | more, children, {}, Owner(), TODAY, Thresholds(TODAY), before, answers, found
    )


def codes(rules: Any, given: Proposal, *severities: Severity) -> list[str]:
    wanted = severities or tuple(Severity)
    return [one.code for one in judge(given, rules).findings if one.severity in wanted]


def test_a_sound_company_has_nothing_wrong() -> None:
    assert codes(PROJECT_RULES, proposal()) == []
    assert codes(HEAD_RULES, proposal("head_company")) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"uscc": _USCC[:17]}, ["SUB-01"]),
        ({"uscc": "91310115MA1H8R7C6D"}, ["SUB-01"]),
        ({"established_on": date(2027, 3, 2)}, ["SUB-01"]),
        ({"contact_phone": "1380000"}, ["FMT"]),
        ({"contact_phone": "021-12345678"}, []),
        ({"qualification_valid_to": date(2027, 2, 28)}, ["SUB-04"]),
        ({"qualification_valid_to": date(2027, 3, 1)}, ["SUB-04"]),
        ({"qualification_valid_to": date(2027, 5, 30)}, ["SUB-04"]),
        ({"qualification_valid_to": date(2027, 5, 31)}, []),
        ({"qualification_no": None}, ["SUB-04"]),
        ({"filed_on": date(2027, 3, 1)}, []),
        ({"licensed_on": date(2027, 1, 29), "filed_on": date(2027, 3, 1)}, ["SUB-05"]),
        ({"licensed_on": date(2027, 1, 30), "filed_on": None}, []),
        ({"licensed_on": date(2027, 1, 29), "filed_on": None}, ["SUB-05"]),
        ({"filed_on": date(2027, 1, 29)}, ["FMT"]),
        # What is to come has not been done in time.
        ({"licensed_on": date(2027, 2, 20), "filed_on": date(2027, 3, 2)}, ["FMT"]),
        ({"licensed_on": date(2027, 3, 2), "filed_on": None}, ["FMT"]),
        ({"registered_capital": 999_999}, ["SUB-06"]),
        ({"registered_capital": 1_000_000}, []),
        ({"tech_staff_count": 3}, ["SUB-06"]),
        ({"accountant_count": 1}, ["SUB-06"]),
        ({"holding_ratio": 34}, []),
        ({"holding_ratio": 33}, ["SUB-16"]),
        ({"registry_status": RegistryStatus.REVOKED}, ["SUB-01"]),
    ],
)
def test_edges_of_a_project_company(change: dict[str, Any], found: list[str]) -> None:
    assert codes(PROJECT_RULES, proposal(**change)) == found


@pytest.mark.row(54)
def test_a_form_reads_no_number_that_holds_of_no_company() -> None:
    values = {
        "registered_capital": "-1",
        "paid_in_capital": "-1",
        "tech_staff_count": "-3",
        "accountant_count": "-1",
        "holding_ratio": "0",
    }
    lists = {
        "shareholders": [{"ratio": "101"}, {"ratio": "-1"}],
        "indicators": [{"year": "2026", "cash": "-1"}],
        "financings": [{"amount": "0"}],
    }
    found = {one.field for one in read_form(PROJECT_COMPANY, values, lists).findings}
    assert found == {
        *values,
        "shareholders.1.ratio",
        "shareholders.2.ratio",
        "indicators.1.cash",
        "financings.1.amount",
    }
    assert [one.field for one in read_form(PROJECT_COMPANY, {"holding_ratio": "250"}).findings] == ["holding_ratio"]


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"registry_status": RegistryStatus.REVOKED}, "registry_status"),
        ({"registry_status": RegistryStatus.DEREGISTERED}, "registry_status"),
        ({"licensed_on": date(2027, 3, 2), "filed_on": None}, "licensed_on"),
        ({"filed_on": date(2027, 3, 2)}, "filed_on"),
        ({"filed_on": date(2027, 1, 29)}, "filed_on"),
        ({"children": {"indicators": [{"year": 2028}]}}, "indicators.1.year"),
        (
            {"children": {"financings": [{"start_on": date(2027, 1, 2), "due_on": date(2027, 1, 1)}]}},
            "financings.1.due_on",
        ),
    ],
)
def test_no_switch_lets_in_what_holds_of_no_company(change: dict[str, Any], field: str) -> None:
    """With every rule off that can be (decision 56)."""
    switches = {RULE_SWITCH.format(code): "false" for code in SWITCHED}
    given = replace(proposal(**change), thresholds=Thresholds(TODAY, switches))
    rules = [rule for rule in PROJECT_RULES if is_on(given.thresholds, rule.code)]
    assert {rule.code for rule in rules} == {"SUB-01", "SUB-03", "FMT", "CNF"}
    found = judge(given, rules).findings
    assert " ".join(one.field for one in found) == field
    assert {one.severity for one in found} == {Severity.REFUSE}


@pytest.mark.parametrize(
    ("answer", "severity"),
    [
        (hit("法人库", CompanyProfile(_USCC, "上海测试置业有限公司", "存续")), None),
        (hit("法人库", CompanyProfile(_USCC, "上海测试置业（有限）公司", "存续")), Severity.WARN),
        (hit("法人库", CompanyProfile(_USCC, "上海 测试置业有限公司", "存续")), None),
        (hit("法人库", CompanyProfile(_USCC, "上海测试置业有限公司", "吊销")), Severity.REFUSE),
        (miss("法人库"), Severity.WARN),
        (silent("法人库"), Severity.PENDING),
    ],
)
def test_what_the_library_says(answer: Any, severity: Severity | None) -> None:
    found = judge(proposal(answers={REGISTRY: answer}), PROJECT_RULES).findings
    assert [one.severity for one in found] == ([severity] if severity else [])


def test_later_versions_may_tell_that_a_company_is_gone() -> None:
    gone = hit("法人库", CompanyProfile(_USCC, "上海测试置业有限公司", "注销"))
    later = proposal(answers={REGISTRY: gone}, registry_status=RegistryStatus.DEREGISTERED, before={"name": "旧"})
    assert codes(PROJECT_RULES, later, Severity.REFUSE) == []
    (warned,) = [one for one in judge(later, PROJECT_RULES).findings if one.code == "SUB-02"]
    assert "准入" not in warned.message


@pytest.mark.parametrize(
    ("capital", "currency", "found"),
    [
        (999_999, Currency.CNY, [("SUB-06", Severity.WARN)]),
        (1_000_000, Currency.CNY, []),
        # Another currency is not compared with a limit in yuan.
        (999_999, Currency.USD, [("SUB-06", Severity.PENDING)]),
        (20_000_000, Currency.JPY, [("SUB-06", Severity.PENDING)]),
    ],
)
@pytest.mark.parametrize("kind", ["project_company", "head_company"])
def test_least_capital_of_every_developer(
    kind: str, capital: int, currency: Currency, found: list[tuple[str, Severity]]
) -> None:
    rules = PROJECT_RULES if kind == "project_company" else HEAD_RULES
    given = proposal(kind, registered_capital=capital, currency=currency)
    assert [(one.code, one.severity) for one in judge(given, rules).findings] == found


@pytest.mark.parametrize(
    ("standing", "refused"),
    [
        (Standing(same_code="甲"), ["SUB-03"]),
        (Standing(same_name="甲"), ["SUB-03"]),
        (Standing(under_way="甲"), ["SUB-03"]),
        (Standing(exiting=True), ["SUB-03"]),
        (Standing(head_exited=True), ["SUB-03"]),
        (Standing(confirmed=False), ["CNF"]),
    ],
)
def test_what_our_own_tables_say(standing: Standing, refused: list[str]) -> None:
    assert codes(PROJECT_RULES, proposal(found={"standing": standing})) == refused


@pytest.mark.parametrize(
    ("independent", "group", "found"),
    [(True, None, []), (False, UUID(int=2), []), (False, None, ["SUB-01"]), (True, UUID(int=2), ["SUB-01"])],
)
def test_a_group_or_none(independent: bool, group: UUID | None, found: list[str]) -> None:
    given = proposal("head_company", independent=independent, group_company_id=group)
    assert codes(HEAD_RULES, given) == found


@pytest.mark.parametrize(
    "left", [Left(undelivered=["甲"]), Left(arrears=["乙"]), Left(red_alerts=["丙"]), Left(unsold=["丁3套"])]
)
def test_what_is_left_behind_holds_a_project_company(left: Left) -> None:
    assert "SUB-20" in codes(PROJECT_EXIT_RULES, proposal("project_exit", found={"left": left}), Severity.REFUSE)
    allowed = replace(left, override="市级依据")
    assert codes(PROJECT_EXIT_RULES, proposal("project_exit", found={"left": allowed}), Severity.REFUSE) == []


@pytest.mark.parametrize(("left", "refused"), [(Left(admitted=["甲"]), 1), (Left(parcels=["乙"]), 1), (Left(), 0)])
def test_what_holds_a_head_company(left: Left, refused: int) -> None:
    assert len(codes(HEAD_EXIT_RULES, proposal("head_exit", found={"left": left}), Severity.REFUSE)) == refused


def test_shareholders_are_whole_and_told_apart() -> None:
    lines = [
        {"ratio": 60, "uscc": "91310115MA1H8R7C6D"},
        {"ratio": 40, "id_type": "居民身份证", "id_no": "310101199001019802"},
    ]
    assert codes(PROJECT_RULES, proposal(children={"shareholders": lines})) == ["FMT", "FMT"]
    third = [{"ratio": 33}, {"ratio": 33}, {"ratio": 33}]
    assert codes(PROJECT_RULES, proposal(children={"shareholders": third})) == ["SUB-08"]


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ({"name": "甲公司", "uscc": _USCC}, {"name": "甲有限公司", "uscc": _USCC}, "uscc"),
        ({"name": "王一", "id_no": "AB123456x"}, {"name": "王 一", "id_no": "ab123456X"}, "id_no"),
    ],
)
def test_a_shareholder_in_two_lines_is_asked_about(first: dict[str, Any], second: dict[str, Any], field: str) -> None:
    """Contributions of one holder due on days of their own are registered in lines of their own, and are no mistake."""
    lines = [{**first, "ratio": 30}, {**second, "ratio": 30}, {"name": "乙", "uscc": "91310000MA1FL1X2AK", "ratio": 40}]
    found = judge(proposal(children={"shareholders": lines}), PROJECT_RULES).findings
    assert [(one.code, one.field, one.severity) for one in found] == [
        ("SUB-08", f"shareholders.2.{field}", Severity.WARN)
    ]


def test_admission_and_monitoring_go_by_one_threshold() -> None:
    """What is moved for the one is moved for the other."""
    moved = {"monitoring.holding_percent": "40", "monitoring.filing_days": "10", "monitoring.qualification_days": "900"}
    given = replace(proposal(holding_ratio=39), thresholds=Thresholds(TODAY, moved))
    assert codes(PROJECT_RULES, given) == ["SUB-04", "SUB-05", "SUB-16"]
