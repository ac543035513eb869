"""T01-T15: dates to the day, rent and deposit to the cent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.house import HouseCategory
from models.rooms import ProjectKind
from models.tenancy_codes import DealKind, LeaseMode, LessorCapacity, PayCycle, RentUnit
from models.working_days import months_later
from services.engine.findings import Severity
from services.engine.thresholds import Thresholds
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.predicates import last_day, longer_than_months, month_rent
from tests.services.tenancy.rules.builders import (
    E1,
    SUN,
    TODAY,
    Case,
    check_case,
    enterprise_facts,
    facts,
    firm,
    form,
    house_form,
    of,
    other,
    person,
    project,
)

REFUSE, CORRECT, WARN = Severity.REFUSE, Severity.CORRECT, Severity.WARN


def lease(**changes: Any) -> FilingFacts:
    return facts(form=form(**changes))


def term(start: date, end: date, **changes: Any) -> FilingFacts:
    return lease(start=start, end=end, handover_on=start, **changes)


def sublease(**changes: Any) -> FilingFacts:
    words: dict[str, Any] = {
        "lessors": (person(SUN),),
        "deal": DealKind.SUBLET,
        "lessor_capacity": LessorCapacity.SUBLESSOR,
        "house": house_form(mandate_chain=True),
        "head_lease_consent": True,
        "head_lease_end": date(2027, 6, 30),
    }
    return lease(**(words | changes))


def affordable(**changes: Any) -> FilingFacts:
    return enterprise_facts(
        {"house": house_form(category=HouseCategory.AFFORDABLE)} | changes,
        project=project(kind=ProjectKind.AFFORDABLE, filed_month_price=Decimal(5000)),
    )


def enterprise(**changes: Any) -> FilingFacts:
    return enterprise_facts(changes)


HEAD_LEASE = other("*", lessee_ids=(SUN,), valid_to=date(2026, 6, 29), contract_end=date(2027, 5, 31))

CASES = (
    Case("T01", "a year", facts()),
    Case("T01", "no start", lease(start=None), CORRECT, "start"),
    Case("T01", "no end", lease(end=None), CORRECT, "end"),
    Case("T01", "end before start", term(date(2027, 6, 30), date(2026, 7, 1)), CORRECT, "end"),
    Case("T01", "one day", term(date(2026, 7, 1), date(2026, 7, 1)), CORRECT, "end", ("T03",)),
    Case("T02", "twenty years to the day", term(date(2026, 7, 1), date(2046, 6, 30)), also=("T04",)),
    Case("T02", "a day more", term(date(2026, 7, 1), date(2046, 7, 1)), CORRECT, "end", ("T04",)),
    Case("T02", "from 29 February, to the day", term(date(2024, 2, 29), date(2044, 2, 28)), also=("T04",)),
    Case("T02", "from 29 February, a day more", term(date(2024, 2, 29), date(2044, 2, 29)), CORRECT, "end", ("T04",)),
    Case("T03", "thirty days", term(date(2026, 7, 1), date(2026, 7, 30))),
    Case("T03", "twenty-nine days", term(date(2026, 7, 1), date(2026, 7, 29)), REFUSE, "end"),
    Case("T04", "three years to the day", term(date(2026, 7, 1), date(2029, 6, 30))),
    Case("T04", "a day more", term(date(2026, 7, 1), date(2029, 7, 1)), WARN, "end"),
    Case("T04", "from 29 February, to the month's end", term(date(2024, 2, 29), date(2027, 2, 28))),
    Case("T04", "from 29 February, into March", term(date(2024, 2, 29), date(2027, 3, 1)), WARN, "end"),
    Case("T05", "on the thirtieth day", lease(signed_on=date(2026, 5, 31))),
    Case("T05", "on the thirty-first", lease(signed_on=date(2026, 5, 30)), WARN, "signed_on"),
    Case("T06", "usual rent", facts()),
    Case("T06", "five times the reference", lease(rent=Decimal("26320.00"))),
    Case("T06", "a cent more", lease(rent=Decimal("26320.01")), WARN, "rent"),
    Case("T06", "a fifth of the reference", lease(rent=Decimal("1052.80"), deposit=Decimal(1000))),
    Case("T06", "a cent less", lease(rent=Decimal("1052.79"), deposit=Decimal(1000)), WARN, "rent"),
    Case("T06", "by day and square metre", lease(rent=Decimal("2.30"), rent_unit=RentUnit.DAY_AREA)),
    Case("T06", "no reference", facts(reference_rent=None, form=form(rent=Decimal(99999)))),
    Case("T06", "no rent", lease(rent=None), CORRECT, "rent"),
    Case("T06", "rent of nothing", lease(rent=Decimal(0), deposit=None, deposit_return_days=None, deposit_deduct_rule=""), CORRECT, "rent"),
    Case("T07", "all agreed", facts()),
    Case("T07", "no deposit", lease(deposit=Decimal(0), deposit_return_days=None, deposit_deduct_rule="")),
    Case("T07", "no time of return", lease(deposit_return_days=None), CORRECT, "deposit_return_days"),
    Case("T07", "no deductions", lease(deposit_deduct_rule=" "), CORRECT, "deposit_deduct_rule"),
    Case("T07", "no amount", lease(deposit=None), CORRECT, "deposit"),
    Case("T07", "less than nothing", lease(deposit=Decimal(-1)), CORRECT, "deposit"),
    Case("T08", "two months", lease(deposit=Decimal(10000))),
    Case("T08", "a cent more", lease(deposit=Decimal("10000.01")), WARN, "deposit"),
    Case("T09", "three months at once, one month's deposit", enterprise(pay_cycle=PayCycle.QUARTER, pay_months=3)),
    Case("T09", "half a year at once", enterprise(pay_cycle=PayCycle.HALF), CORRECT, "supervised_account"),
    Case("T09", "four months at once", enterprise(pay_months=4), CORRECT, "supervised_account"),
    Case("T09", "the whole year at once", enterprise(pay_cycle=PayCycle.ONCE), CORRECT, "supervised_account"),
    Case("T09", "more deposit", enterprise(deposit=Decimal("5000.01")), CORRECT, "supervised_account"),
    Case("T09", "more deposit, account named", enterprise(deposit=Decimal(10000), supervised_account="310000001")),
    Case("T09", "a firm that lets its own houses", enterprise_facts({"deposit": Decimal(10000)}, enterprise=firm(E1, rents_from_individuals=False))),
    Case("T10", "within all limits", affordable()),
    Case("T10", "too much deposit", affordable(deposit=Decimal("5000.01")), REFUSE, "deposit", ("T09",)),
    Case("T10", "half a year at once", affordable(pay_cycle=PayCycle.HALF), REFUSE, "pay_cycle", ("T09",)),
    Case("T10", "above the filed price", affordable(rent=Decimal("5000.01")), REFUSE, "rent"),
    Case("T10", "a day short of a year", affordable(end=date(2027, 6, 29)), REFUSE, "end"),
    Case("T10", "short at the tenant's wish", affordable(end=date(2027, 6, 29), short_term_by_tenant=True)),
    Case("T10", "three years", affordable(end=date(2029, 6, 30))),
    Case("T10", "more than three years", affordable(end=date(2029, 7, 1)), REFUSE, "end", ("T04",)),
    Case("T11", "once a year", lease(rent_changes_a_year=1)),
    Case("T11", "twice a year", lease(rent_changes_a_year=2), WARN, "rent_changes_a_year"),
    Case("T11", "twice a year as agreed", lease(rent_changes_a_year=2, rent_change_agreed=True)),
    Case("T12", "owner consents", sublease()),
    Case("T12", "no consent", sublease(head_lease_consent=False), CORRECT, "head_lease_consent"),
    Case("T13", "ends with the head lease", sublease()),
    Case("T13", "ends a day later", sublease(head_lease_end=date(2027, 6, 29)), CORRECT, "end"),
    Case("T13", "head lease not stated", sublease(head_lease_end=None), CORRECT, "head_lease_end"),
    Case("T13", "recorded head lease ends earlier", replace(sublease(), filings=(HEAD_LEASE,)), CORRECT, "end"),
    Case("T14", "thirty days early", lease(handover_on=date(2026, 6, 1))),
    Case("T14", "thirty-one days early", lease(handover_on=date(2026, 5, 31)), WARN, "handover_on"),
    Case("T14", "after the term", lease(handover_on=date(2027, 7, 1)), WARN, "handover_on"),
    Case("T15", "landlord is paid", facts()),
    Case("T15", "broker is paid", lease(payee="BROKER"), CORRECT, "payee"),
    Case("T15", "platform keeps the deposit", lease(deposit_custody="PLATFORM"), CORRECT, "deposit_custody"),
    Case("T16", "signed on the day it is filed", lease(signed_on=date(2026, 6, 30))),
    Case("T16", "to be signed tomorrow", lease(signed_on=date(2026, 7, 1)), CORRECT, "signed_on"),
)  # fmt: skip


@pytest.mark.row(6)
@pytest.mark.row(7)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_term_rules(case: Case) -> None:
    check_case(case)


@pytest.mark.parametrize(
    ("key", "value", "code", "given"),
    [
        ("filing.min_days", "60", "T03", term(date(2026, 7, 1), date(2026, 8, 20))),
        ("filing.max_months", "12", "T04", term(date(2026, 7, 1), date(2027, 7, 1))),
        ("lease.max_years", "10", "T02", term(date(2026, 7, 1), date(2037, 6, 30))),
        ("deposit.default_max_months", "1", "T08", lease(deposit=Decimal(6000))),
    ],
)
@pytest.mark.row(5)
def test_limits_and_their_words_follow_the_parameters(key: str, value: str, code: str, given: FilingFacts) -> None:
    found = of(code, replace(given, thresholds=Thresholds(TODAY, {key: value})))
    assert len(found) == 1
    assert {"60": "60日", "12": "1年", "10": "10年", "1": "1个月"}[value] in found[0].message


@pytest.mark.parametrize(
    ("day", "months", "later", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28), date(2026, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28), date(2025, 2, 28)),
        (date(2026, 7, 1), 36, date(2029, 7, 1), date(2029, 6, 30)),
    ],
)
def test_months_end_on_the_same_day_or_with_their_month(day: date, months: int, later: date, last: date) -> None:
    assert months_later(day, months) == later
    assert last_day(day, months) == last
    assert not longer_than_months(day, last, months)


def test_rent_by_day_and_area_is_told_by_the_month() -> None:
    words = form(rent=Decimal("2.00"), rent_unit=RentUnit.DAY_AREA, leased_area=Decimal("60.00"))
    assert month_rent(words) == Decimal("3650.00")


def test_a_room_without_an_area_is_not_compared_with_the_reference() -> None:
    given = lease(mode=LeaseMode.ROOM, rooms=("A",), leased_area=None, rent=Decimal(100), deposit=Decimal(100))
    assert of("T06", given) == []
