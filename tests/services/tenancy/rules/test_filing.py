"""F01-F19: parts and periods, intervals, firms and cards, materials, re-filing, projects, callers."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.enterprise import KeyState, RecordState, ServiceState
from models.house import HouseCategory, ProofKind
from models.practitioner_codes import CardState
from models.rooms import CentralRoomState
from models.tenancy_codes import ApplicantSide, DealKind, FilingState, FilingWay, IdType, LeaseMode, LessorCapacity
from services.engine.findings import Severity
from services.engine.thresholds import Thresholds
from services.ports.answers import HeldLicences, hit, miss, silent
from services.tenancy.filing_facts import FilingFacts, FirmFacts, OpenCase
from services.tenancy.lease_form import LeaseForm
from services.tenancy.rules.applicants import required_materials
from tests.services.tenancy.rules.builders import (
    CHEN,
    E1,
    E2,
    LI,
    TODAY,
    WANG,
    Case,
    body,
    card,
    check_case,
    codes,
    enterprise_facts,
    facts,
    findings,
    firm,
    form,
    house_form,
    known_house,
    of,
    other,
    person,
    project,
    resident,
)

REFUSE, CORRECT, INTERCEPT, ROUTE = Severity.REFUSE, Severity.CORRECT, Severity.INTERCEPT, Severity.ROUTE
PENDING, WARN = Severity.PENDING, Severity.WARN
LICENCES = "电子证照库"


def room(label: str, *filings: Any, **changes: Any) -> FilingFacts:
    words: dict[str, Any] = {"mode": LeaseMode.ROOM, "rooms": (label,), "leased_area": None}
    return facts(form=form(**(words | changes)), filings=filings)


def whole(*filings: Any, **changes: Any) -> FilingFacts:
    return facts(form=form(**changes), filings=filings)


def cancelled(*parts: str, **changes: Any) -> Any:
    words: dict[str, Any] = {"state": FilingState.CANCELLED, "ended_on": date(2026, 6, 1)}
    return other(*parts, **(words | changes))


def filed(day: date, *parts: str, **changes: Any) -> Any:
    """A filing that was made on a day and is over."""
    return cancelled(*parts, filed_on=day, valid_from=day, ended_on=day, **changes)


def on(day: date, given: FilingFacts) -> FilingFacts:
    """The same case judged on another day, signed and begun then."""
    words = replace(given.form, signed_on=day, start=day, handover_on=day, end=date(day.year + 1, day.month, 1))
    return replace(given, today=day, form=words)


def broker(lease: dict[str, Any] | None = None, **changes: Any) -> FilingFacts:
    words: dict[str, Any] = {
        "deal": DealKind.BROKER,
        "applicant": ApplicantSide.BROKERAGE,
        "broker_uscc": E2,
        "card_no": "SH260000001",
    }
    clean = facts(form=form(**(words | (lease or {}))), broker=firm(E2), card=card(E2))
    return replace(clean, **changes)


def carded(**changes: Any) -> FilingFacts:
    return broker(card=card(E2, **changes))


def recorded(**changes: Any) -> FilingFacts:
    return broker(broker=firm(E2, **changes))


def asked(lease: LeaseForm, **held: Any) -> FilingFacts:
    return facts(form=lease, licences={CHEN: held.get("chen", miss(LICENCES)), LI: held.get("li", miss(LICENCES))})


def held(number: str, *papers: str) -> Any:
    return hit(LICENCES, HeldLicences(number, frozenset(papers)))


NO_TITLE_PAPER = form(materials=frozenset())
NO_CARD = form(lessees=(person(LI, card_read=False),))

PREVIOUS = other(
    valid_from=date(2023, 7, 20),
    valid_to=date(2026, 7, 19),
    filed_on=date(2023, 7, 21),
    contract_end=date(2028, 7, 19),
)


def refile(previous: Any = PREVIOUS, lease: dict[str, Any] | None = None, **changes: Any) -> FilingFacts:
    words: dict[str, Any] = {
        "way": FilingWay.REFILE,
        "previous_filing_no": PREVIOUS.filing_no,
        "start": date(2023, 7, 20),
        "end": date(2028, 7, 19),
        "handover_on": date(2023, 7, 20),
        "signed_on": date(2026, 6, 20),
    }
    return replace(facts(form=form(**(words | (lease or {}))), filings=(previous,)), **changes)


def central(lease: dict[str, Any] | None = None, *, found: Any = None, **changes: Any) -> FilingFacts:
    return enterprise_facts(lease, **({"project": found or project()} | changes))


OPEN = OpenCase("SL1", ("*",), date(2026, 7, 1), date(2027, 6, 30), True)
C1_HOUSE = house_form(proof_kind=ProofKind.C1)
ONLY_T04 = ("T04",)

CASES = (
    Case("F01", "no other filing", facts()),
    Case("F01", "whole flat filed", whole(other("*")), REFUSE, "start"),
    Case("F01", "same room filed", room("A", other("A")), REFUSE, "start"),
    Case("F01", "another room filed", room("A", other("B"))),
    Case("F01", "ends the day before", whole(other("*", valid_to=date(2026, 6, 30)))),
    Case("F01", "ends on the first day", whole(other("*", valid_to=date(2026, 7, 1))), REFUSE),
    Case("F01", "begins the day after", whole(other("*", valid_from=date(2027, 7, 1), valid_to=date(2028, 6, 30)))),
    Case("F01", "begins on the last day", whole(other("*", valid_from=date(2027, 6, 30), valid_to=date(2028, 6, 30))), REFUSE),
    Case("F01", "frozen filing holds too", whole(other("*", state=FilingState.FROZEN)), REFUSE),
    Case("F01", "ended before its time", whole(other("*", ended_on=date(2026, 6, 30)))),
    Case("F01", "cancelled", whole(cancelled("*"))),
    Case("F01", "cancelled from the first day on", whole(cancelled("*", ended_on=date(2026, 7, 1)))),
    Case("F01", "cancelled, but runs into the lease", whole(cancelled("*", ended_on=date(2026, 7, 10))), REFUSE),
    Case("F01", "expired", whole(other("*", state=FilingState.EXPIRED))),
    Case("F01", "revoked", whole(other("*", state=FilingState.REVOKED))),
    Case("F02", "six months ago", whole(cancelled("*"))),
    Case("F02", "H-10: forty days ago, cancelled since", whole(filed(date(2026, 5, 21), "*")), INTERCEPT),
    Case("F02", "exactly two months ago", whole(filed(date(2026, 4, 30), "*"))),
    Case("F02", "a day less", whole(filed(date(2026, 5, 1), "*")), INTERCEPT),
    Case("F02", "whole flat a month ago, now a room", room("A", filed(date(2026, 5, 30), "*")), INTERCEPT, "rooms"),
    Case("F02", "a room a month ago, now the whole flat", whole(filed(date(2026, 5, 30), "A")), INTERCEPT, "house.cert_no"),
    Case("F02", "another room a month ago", room("A", filed(date(2026, 5, 30), "B"))),
    Case("F02", "cancelled and filed again the same day", whole(filed(TODAY, "*")), INTERCEPT),
    Case("F02", "of several the last one counts", whole(cancelled("*"), filed(date(2026, 6, 10), "*")), INTERCEPT),
    Case("F02", "room of a project", central(filings=(filed(date(2026, 6, 10), "*"),))),
    Case("F03", "no other case", facts()),
    Case("F03", "the other side has applied", facts(open_cases=(OPEN,)), WARN, "house.cert_no"),
    Case("F03", "another lease is asked for", facts(open_cases=(replace(OPEN, same_content=False),)), WARN),
    Case("F03", "another time", facts(open_cases=(replace(OPEN, start=date(2027, 7, 1), end=date(2028, 6, 30)),))),
    Case("F03", "another room", replace(room("A"), open_cases=(replace(OPEN, parts=("B",)),))),
    Case("F04", "deal of the parties", facts()),
    Case("F04", "broker files his deal", broker()),
    Case("F04", "parties file a broker's deal", broker({"applicant": ApplicantSide.BOTH}), ROUTE, "applicant"),
    Case("F04", "parties file a firm's deal", enterprise_facts({"applicant": ApplicantSide.LESSEE}), ROUTE, "applicant", ("F12",)),
    Case("F05", "active card of the firm", broker()),
    Case("F05", "no card", broker({"card_no": ""}), CORRECT, "card_no"),
    Case("F05", "unknown card", broker(card=None), CORRECT, "card_no"),
    Case("F05", "card of another firm", carded(firm_uscc=E1), CORRECT, "card_no"),
    Case("F05", "activated on the day of signing", carded(active_from=date(2026, 6, 20))),
    Case("F05", "activated a day later", carded(active_from=date(2026, 6, 21)), CORRECT),
    Case("F05", "cancelled after signing", carded(state=CardState.CANCELLED, cancelled_on=date(2026, 6, 21))),
    Case("F05", "cancelled on the day of signing", carded(state=CardState.CANCELLED, cancelled_on=date(2026, 6, 20)), CORRECT),
    Case("F05", "suspended", carded(state=CardState.SUSPENDED), CORRECT),
    Case("F05", "not yet activated", carded(state=CardState.PASSED, active_from=None), CORRECT),
    Case("F06", "recorded with a key", broker()),
    Case("F06", "unknown firm", broker(broker=None), REFUSE, "broker_uscc"),
    Case("F06", "record cancelled", recorded(record_state=RecordState.CANCELLED), REFUSE, "broker_uscc"),
    Case("F06", "change of record under way", recorded(record_state=RecordState.CHANGED)),
    Case("F06", "scope without letting", recorded(scope_ok=False), REFUSE),
    Case("F06", "E-3: no valid key", recorded(keys=(KeyState.EXPIRED, KeyState.LOST)), REFUSE),
    Case("F06", "one of three keys valid", recorded(keys=(KeyState.LOST, KeyState.VALID, KeyState.EXPIRED))),
    Case("F07", "in service", broker()),
    Case("F07", "E-4: suspended", recorded(service_state=ServiceState.SUSPENDED), REFUSE, "broker_uscc"),
    Case("F08", "all handed in", facts()),
    Case("F08", "title paper missing", asked(NO_TITLE_PAPER), CORRECT, "materials"),
    Case("F08", "library holds the title paper", asked(NO_TITLE_PAPER, chen=held(CHEN, "不动产权证"))),
    Case("F08", "library holds somebody else's", asked(NO_TITLE_PAPER, li=held(LI, "不动产权证")), CORRECT),
    Case("F08", "library silent", asked(NO_TITLE_PAPER, chen=silent(LICENCES)), PENDING, "materials"),
    Case("F08", "library silent, paper handed in", asked(form(), chen=silent(LICENCES))),
    Case("F08", "identity card not shown", asked(NO_CARD), CORRECT, "lessees.0.id_type"),
    Case("F08", "identity card held", asked(NO_CARD, li=held(LI, "居民身份证"))),
    Case("F08", "paper lease missing", facts(form=form(way=FilingWay.FILING_ONLY)), CORRECT, "materials"),
    Case("F09", "room while the whole flat is filed", room("A", other("*")), REFUSE, "mode"),
    Case("F09", "whole flat while a room is filed", whole(other("A")), REFUSE, "mode"),
    Case("F09", "two rooms", room("A", other("B"))),
    Case("F09", "at another time", whole(other("A", valid_to=date(2026, 6, 30)))),
    Case("F10", "text as confirmed", facts()),
    Case("F10", "text changed", facts(text_digest="cd" * 32), REFUSE, "text"),
    Case("F11", "ends today", facts(form=form(start=date(2025, 7, 1), handover_on=None, end=TODAY))),
    Case("F11", "ended yesterday", facts(form=form(start=date(2025, 7, 1), handover_on=None, end=date(2026, 6, 29))), REFUSE, "end"),
    Case("F12", "both apply", facts()),
    Case("F12", "tenant alone", facts(form=form(applicant=ApplicantSide.LESSEE)), WARN, "applicant"),
    Case("F13", "merged cases agree", facts()),
    Case("F13", "merged cases differ", facts(merged_conflicts=("租金", "租期")), INTERCEPT),
    Case("F14", "change in time", whole(other("*"), previous_filing_no="BA310115260101000001")),
    Case("F14", "change late", whole(other("*"), previous_filing_no="BA310115260101000001", signed_on=date(2026, 5, 30)), WARN, "signed_on", ("T05",)),
    Case("F15", "nineteen days before the end", refile(), also=ONLY_T04),
    Case("F15", "thirty days before the end", refile(replace(PREVIOUS, valid_to=date(2026, 7, 30))), also=ONLY_T04),
    Case("F15", "thirty-one days before", refile(replace(PREVIOUS, valid_to=date(2026, 7, 31))), CORRECT, "previous_filing_no", ONLY_T04),
    Case("F15", "after the end", refile(replace(PREVIOUS, state=FilingState.EXPIRED, valid_to=date(2026, 5, 1))), also=ONLY_T04),
    Case("F15", "frozen", refile(replace(PREVIOUS, state=FilingState.FROZEN)), CORRECT, also=("F01", *ONLY_T04)),
    Case("F15", "cancelled", refile(replace(PREVIOUS, state=FilingState.CANCELLED)), CORRECT, also=ONLY_T04),
    Case("F15", "another tenant", refile(lease={"lessees": (person(WANG),)}), CORRECT, "lessees", ("F01", *ONLY_T04)),
    Case("F15", "another part", refile(lease={"mode": LeaseMode.ROOM, "rooms": ("A",), "leased_area": None}), CORRECT, "rooms", ONLY_T04),
    Case("F15", "no such filing", refile(lease={"previous_filing_no": "BA0"}), CORRECT, "previous_filing_no", ("F01", *ONLY_T04)),
    Case("F15", "the contract has ended", refile(replace(PREVIOUS, contract_end=date(2026, 6, 29))), CORRECT, "end", ONLY_T04),
    Case("F16", "free room of an open project", central()),
    Case("F16", "room let", central(found=project(room_state=CentralRoomState.LET)), REFUSE, "house.house_code"),
    Case("F16", "not opened", central(found=project(opened=False)), REFUSE),
    Case("F16", "not in the library", central(found=project(room_in_library=False)), REFUSE),
    Case("F16", "no project known", facts(form=form(house=C1_HOUSE, materials=frozenset({"集中式项目权属与改建批准文件"}))), REFUSE),
    Case("F16", "term to the end of the right", central(found=project(operate_to=date(2027, 6, 30)))),
    Case("F16", "term a day beyond it", central(found=project(operate_to=date(2027, 6, 29))), REFUSE, "end"),
    Case("F16", "term before it", central(found=project(operate_from=date(2026, 7, 2))), REFUSE, "start"),
    Case("F16", "scattered house", facts()),
    Case("F17", "no interface", facts()),
    Case("F17", "operator of the project", central(caller_enterprise=E1)),
    Case("F17", "somebody else", central(caller_enterprise=E2), REFUSE),
    Case("F17", "broker for his own deal", broker(caller_enterprise=E2)),
    Case("F17", "broker for another's deal", broker(caller_enterprise=E1), REFUSE),
    Case("F17", "house run by another firm", broker(house=known_house(operator_uscc=E1), caller_enterprise=E2), REFUSE),
    Case("F18", "two filings of the tenant", facts(tenant_filings={LI: 2}, house_filings_year=3)),
    Case("F18", "three filings of the tenant", facts(tenant_filings={LI: 3}), WARN, "lessees.0"),
    Case("F18", "four filings of the house in a year", facts(house_filings_year=4), WARN, "house.house_code"),
    Case("F19", "owned house", facts()),
    Case("F19", "filed by its operator", enterprise_facts(house=known_house(category=HouseCategory.PUBLIC_RENTAL))),
    Case("F19", "filed by a person", facts(house=known_house(category=HouseCategory.LOW_RENT)), ROUTE, "house.category", ("H14",)),
)  # fmt: skip


@pytest.mark.row(7)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_filing_rules(case: Case) -> None:
    check_case(case)


@pytest.mark.row(5)
@pytest.mark.parametrize(
    ("last", "today", "passes"),
    [
        (date(2025, 12, 31), date(2026, 2, 27), False),
        (date(2025, 12, 31), date(2026, 2, 28), True),
        (date(2023, 12, 31), date(2024, 2, 28), False),
        (date(2023, 12, 31), date(2024, 2, 29), True),
        (date(2025, 12, 28), date(2026, 2, 28), True),
        (date(2024, 2, 29), date(2024, 4, 28), False),
        (date(2024, 2, 29), date(2024, 4, 29), True),
    ],
)
def test_the_interval_ends_with_a_short_february(last: date, today: date, passes: bool) -> None:
    given = on(today, whole(filed(last, "*")))
    assert (of("F02", given) == []) is passes


@pytest.mark.row(5)
def test_the_interval_is_measured_from_the_filing_not_from_its_start_or_end() -> None:
    old = cancelled("*", filed_on=date(2026, 3, 1), valid_from=date(2026, 6, 1), ended_on=date(2026, 6, 29))
    assert of("F02", whole(old)) == []


@pytest.mark.row(5)
@pytest.mark.parametrize(
    ("values", "given", "expected"),
    [
        ({"filing.interval_on": "false"}, whole(filed(date(2026, 6, 10), "*")), 0),
        ({"filing.interval_months": "6"}, whole(filed(date(2026, 1, 10), "*")), 1),
        ({"filing.interval_central": "true"}, central(filings=(filed(date(2026, 6, 10), "*"),)), 1),
    ],
)
def test_the_interval_follows_its_parameters(values: dict[str, str], given: FilingFacts, expected: int) -> None:
    assert len(of("F02", replace(given, thresholds=Thresholds(TODAY, values)))) == expected


@pytest.mark.parametrize(
    "people",
    [
        {"lessor_ids": (WANG,), "lessee_ids": (WANG,)},
        {"lessor_ids": (WANG,)},
        {"lessee_ids": (WANG,)},
    ],
    ids=["others", "other landlords", "other tenants"],
)
def test_the_number_of_somebody_elses_filing_opens_nothing(people: dict[str, Any]) -> None:
    """Naming a filing to replace frees its part only for its own landlords and a tenant in common."""
    theirs = other("*", **people, filing_no="BA9")
    assert "F01" in codes(whole(theirs, previous_filing_no="BA9"))


def test_a_stranger_learns_nothing_of_the_filing_in_his_way() -> None:
    theirs = other("*", lessor_ids=(WANG,), lessee_ids=(WANG,), filing_no="BA9")
    told = "".join(finding.message + finding.found for finding in findings(whole(theirs)))
    assert "BA9" not in told
    assert WANG not in told


def test_suspicions_are_for_staff_only() -> None:
    found = of("F18", facts(tenant_filings={LI: 5}, house_filings_year=9))
    assert len(found) == 2
    assert {finding.evidence["audience"] for finding in found} == {"staff"}


def test_every_missing_material_is_named_with_its_person() -> None:
    lease = form(
        materials=frozenset(),
        lessees=(
            person(LI, card_read=False),
            person(WANG, card_read=False, id_type=IdType.CN_PASSPORT, id_no="E12345678"),
        ),
    )
    told = [finding.message for finding in of("F08", facts(form=lease))]
    assert told == [
        "还需补充以下材料：不动产权证",
        "还需补充以下材料：承租人1的居民身份证",
        "还需补充以下材料：承租人2的中国护照",
    ]


def test_materials_follow_the_kind_of_house_and_party() -> None:
    lease = form(house=house_form(proof_kind=ProofKind.A4), lessees=(body(),), paper_lease=True)
    names = [material.name for material in required_materials(lease)]
    assert names == ["租用居住公房凭证", "居民身份证", "营业执照", "租赁合同"]


def test_refiling_tells_every_condition_that_is_missed() -> None:
    early = replace(PREVIOUS, valid_to=date(2026, 12, 31))
    told = [finding.found for finding in of("F15", refile(early, {"lessees": (person(WANG),)}))]
    assert told == ["当事人与原备案不一致", "原备案到期前30日内方可办理"]


def test_the_landlord_of_a_project_room_is_an_operator() -> None:
    given = central({"residents": (resident(WANG),)})
    assert given.form.lessor_capacity is LessorCapacity.OPERATOR
    assert codes(given) == []


@pytest.mark.parametrize("named", [None, firm(E1)])
def test_a_deal_of_the_parties_asks_nothing_of_firms(named: FirmFacts | None) -> None:
    assert codes(facts(enterprise=named)) == []
