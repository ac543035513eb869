"""H01-H18: the register's word on the house, its silence, and who may let it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from models.house import HouseCategory, IntakeState, ProofKind, RestrictionKind
from models.tenancy_codes import Channel, FilingWay, LessorCapacity
from services.engine.findings import Severity
from services.ports.answers import Answer, AnswerState, Holder, Restriction, Title, hit, miss, silent, skipped
from services.tenancy.filing_facts import FilingFacts
from tests.services.tenancy.rules.builders import (
    CHEN,
    LI,
    SUN,
    WANG,
    ZHAO,
    ZHOU,
    Case,
    body,
    check_case,
    codes,
    enterprise_facts,
    facts,
    findings,
    form,
    house_form,
    known_house,
    of,
    person,
    project,
    public_facts,
    tenancy,
    title,
)

REGISTER, PUBLIC = "不动产登记", "公房系统"
REFUSE, CORRECT, INTERCEPT, ROUTE = Severity.REFUSE, Severity.CORRECT, Severity.INTERCEPT, Severity.ROUTE
PENDING, WARN = Severity.PENDING, Severity.WARN

ASK_THE_REGISTER = ("H01", "H02", "H03", "H04", "H05", "H06", "H07", "H08", "H13", "H14", "H17", "H18")
ASK_PUBLIC_HOUSING = ("H01", "H04", "H05", "H06", "H07", "H08", "H09", "H10", "H13", "H14", "H17", "H18")
SILENT_REGISTER = facts(title=silent(REGISTER))
SILENT_PUBLIC = public_facts(tenancy=silent(PUBLIC))


def others(wanted: tuple[str, ...], code: str) -> tuple[str, ...]:
    return tuple(other for other in wanted if other != code)


def titled(found: Title | None = None, **changes: Any) -> FilingFacts:
    return facts(title=hit(REGISTER, found or title(**changes)))


def restricted(kind: RestrictionKind, **period: Any) -> FilingFacts:
    return titled(restrictions=(Restriction(kind.value, REGISTER, **period),))


def housed(**changes: Any) -> FilingFacts:
    return facts(form=form(house=house_form(**changes)))


CO_OWNED = title(
    share_kind="COMMON",
    holders=(Holder("陈晓明", "11", CHEN, Decimal(50)), Holder("周桂英", "11", ZHOU, Decimal(50))),
)


def co_owned(**lease: Any) -> FilingFacts:
    return facts(form=form(**lease), title=hit(REGISTER, CO_OWNED))


def custodian(*, counter: bool) -> FilingFacts:
    """Somebody who lets under a chain of mandates on paper."""
    lease = form(lessors=(person(SUN),), lessor_capacity=LessorCapacity.CUSTODIAN, house=house_form(mandate_chain=True))
    return facts(form=lease, counter=counter)


def homestead(channel: Channel, way: FilingWay) -> FilingFacts:
    lease = form(
        house=house_form(category=HouseCategory.HOMESTEAD, proof_kind=ProofKind.B2),
        materials=frozenset({"宅基地使用证或建房批准文件", "租赁合同"}),
        channel=channel,
        way=way,
    )
    return facts(form=lease, title=skipped(REGISTER))


def presale(kind: ProofKind, paper: str, *, handover: bool) -> FilingFacts:
    house = house_form(category=HouseCategory.PRESALE, proof_kind=kind, handover_paper=handover)
    return facts(form=form(house=house, materials=frozenset({paper})))


FAMILY_OF_HOLDER = (Holder("赵敏", "11", ZHAO),)
OFFICE: dict[str, Any] = {"design_use": "办公"}

CASES = (
    Case("H01", "title found", facts()),
    Case("H01", "no such title", facts(title=miss(REGISTER)), INTERCEPT, "house.cert_no"),
    Case("H01", "certificate cancelled", titled(ended_on=date(2026, 6, 1)), INTERCEPT, "house.cert_no"),
    Case("H01", "register not connected", facts(title=Answer(AnswerState.ABSENT, REGISTER))),
    Case("H01", "no such public certificate", public_facts(tenancy=miss(PUBLIC)), INTERCEPT, "house.cert_no"),
    *(Case(code, "register silent", SILENT_REGISTER, PENDING, also=others(ASK_THE_REGISTER, code)) for code in ASK_THE_REGISTER),
    *(Case(code, "public housing silent", SILENT_PUBLIC, PENDING, also=others(ASK_PUBLIC_HOUSING, code)) for code in ASK_PUBLIC_HOUSING),
    Case("H02", "landlord is the holder", facts()),
    Case("H02", "landlord is somebody else", facts(form=form(lessors=(person(SUN),))), INTERCEPT, "lessors.0.id_no"),
    Case("H02", "one of two landlords is not", facts(form=form(lessors=(person(CHEN), person(SUN)))), INTERCEPT, "lessors.1.id_no"),
    Case("H02", "former holder", titled(holders=(Holder("陈晓明", "11", CHEN, until=date(2026, 5, 31)), Holder("孙立", "11", SUN))), INTERCEPT),
    Case("H02", "firm with a recorded mandate", enterprise_facts()),
    Case("H02", "firm without one", enterprise_facts(title=hit(REGISTER, title())), INTERCEPT, "lessors.0.id_no"),
    Case("H02", "chain on paper seen at a counter", custodian(counter=True)),
    Case("H02", "chain on paper claimed online", custodian(counter=False), INTERCEPT, "lessors.0.id_no"),
    Case("H02", "owner claims a chain", facts(form=form(lessors=(person(SUN),), house=house_form(mandate_chain=True))), INTERCEPT),
    Case("H03", "both owners let", co_owned(lessors=(person(CHEN), person(ZHOU)))),
    Case("H03", "one owner lets alone", co_owned(), INTERCEPT, "house.co_owner_consent"),
    Case("H03", "the other has consented", co_owned(house=house_form(co_owner_consent=True))),
    Case("H04", "office", titled(**OFFICE), REFUSE, "house.cert_no"),
    Case("H04", "office, conversion registered", titled(**OFFICE, conversion_approved=True)),
    Case("H04", "office, papers of a conversion", facts(form=form(house=house_form(conversion_papers=True)), title=hit(REGISTER, title(**OFFICE))), INTERCEPT),
    Case("H04", "office, room of a project", facts(title=hit(REGISTER, title(**OFFICE)), project=project())),
    Case("H05", "illegal building", restricted(RestrictionKind.ILLEGAL), REFUSE, "house.cert_no"),
    Case("H05", "no longer illegal", restricted(RestrictionKind.ILLEGAL, until=date(2026, 6, 29))),
    Case("H06", "dangerous", restricted(RestrictionKind.DANGER), REFUSE, "house.cert_no"),
    Case("H06", "dangerous from tomorrow", restricted(RestrictionKind.DANGER, since=date(2026, 7, 1))),
    Case("H07", "seized", restricted(RestrictionKind.SEIZURE), INTERCEPT, "house.cert_no"),
    Case("H07", "disputed", restricted(RestrictionKind.DISPUTE), INTERCEPT, "house.cert_no"),
    Case("H07", "seized until today", restricted(RestrictionKind.SEIZURE, until=date(2026, 6, 30)), INTERCEPT),
    Case("H07", "mortgaged only", titled(mortgaged=True)),
    Case("H08", "expropriation", restricted(RestrictionKind.EXPROPRIATION), INTERCEPT, "house.cert_no"),
    Case("H08", "expropriation over", restricted(RestrictionKind.EXPROPRIATION, until=date(2026, 1, 1))),
    Case("H09", "holder lets", public_facts()),
    Case("H09", "certificate not valid", public_facts(tenancy=hit(PUBLIC, tenancy(valid=False))), INTERCEPT, "house.cert_no"),
    Case("H09", "somebody else lets", public_facts(lease={"lessees": (person(CHEN),)}, tenancy=hit(PUBLIC, tenancy(holder=Holder("李静", "11", LI)))), INTERCEPT, "lessors"),
    Case("H10", "no residents on the certificate", public_facts()),
    Case("H10", "residents have not agreed", public_facts(tenancy=hit(PUBLIC, tenancy(residents=FAMILY_OF_HOLDER))), INTERCEPT, "house.public_consent"),
    Case("H10", "sub-letting not allowed", public_facts(tenancy=hit(PUBLIC, tenancy(sublet_allowed=False))), INTERCEPT),
    Case("H11", "owned house", facts()),
    Case("H11", "homestead online", homestead(Channel.YWTB, FilingWay.FILING_ONLY), ROUTE, "house.proof_kind"),
    Case("H11", "homestead filed at a street centre", homestead(Channel.STREET, FilingWay.FILING_ONLY)),
    Case("H11", "homestead to be signed at a counter", homestead(Channel.DCOUNTER, FilingWay.COMBINED), ROUTE, "way"),
    Case("H12", "presale with handover paper", presale(ProofKind.A3, "商品房出售（预售）合同", handover=True)),
    Case("H12", "presale without", presale(ProofKind.A2, "预告登记证明", handover=False), CORRECT, "house.handover_paper"),
    Case("H13", "one square metre off", housed(build_area=Decimal("76.20"))),
    Case("H13", "a little more off", housed(build_area=Decimal("76.21")), INTERCEPT, "house.build_area"),
    Case("H13", "wrong room", housed(room_no="303室"), INTERCEPT, "house.room_no"),
    Case("H13", "full-width room", housed(room_no="３０２")),
    Case("H13", "leading zero kept", housed(room_no="0302室"), INTERCEPT, "house.room_no"),
    Case("H14", "owned house", facts()),
    Case("H14", "affordable let on by a person", facts(house=known_house(category=HouseCategory.AFFORDABLE)), REFUSE, "house.category"),
    Case("H14", "register says policy housing", restricted(RestrictionKind.POLICY), REFUSE),
    Case("H14", "affordable let by its operator", enterprise_facts(house=known_house(category=HouseCategory.AFFORDABLE))),
    Case("H15", "street of the district", facts()),
    Case("H15", "unknown street", housed(street_code="310115999"), CORRECT, "house.street_code"),
    Case("H15", "street of another district", housed(street_code="310104001"), CORRECT, "house.district_code"),
    Case("H15", "no address", housed(address=" "), CORRECT, "house.address"),
    Case("H16", "in the library", facts()),
    Case("H16", "unknown to the library", facts(house=None), ROUTE, "house.house_code"),
    Case("H16", "intake refused", facts(house=known_house(intake=IntakeState.REJECTED)), ROUTE),
    Case("H17", "under rectification", restricted(RestrictionKind.GROUP_LETTING), INTERCEPT, "house.cert_no"),
    Case("H17", "put right", restricted(RestrictionKind.GROUP_LETTING, until=date(2026, 6, 1))),
    Case("H18", "no recent transfer", facts()),
    Case("H18", "sold after signing", titled(last_transfer_on=date(2026, 6, 21)), WARN, "signed_on"),
    Case("H18", "sold on the day of signing", titled(last_transfer_on=date(2026, 6, 20))),
    Case("H18", "register older than the transfer", titled(last_transfer_on=date(2026, 6, 20), as_of=datetime(2026, 6, 1, tzinfo=UTC)), WARN),
)  # fmt: skip


@pytest.mark.row(5)
@pytest.mark.row(6)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_house_rules(case: Case) -> None:
    check_case(case)


def test_a_silent_register_makes_nothing_pass_or_fail() -> None:
    assert {finding.severity for finding in findings(SILENT_REGISTER)} == {PENDING}


def test_a_waived_title_does_not_make_its_holder_known() -> None:
    """With no title there is nobody to compare with; H01 alone stands for it."""
    assert codes(facts(title=miss(REGISTER))) == ["H01"]


@pytest.mark.row(5)
def test_police_agree_but_the_register_does_not() -> None:
    """Both must pass: one good answer does not make up for the other."""
    assert codes(facts(form=form(lessors=(person(WANG),)))) == ["H02"]


def test_owner_findings_never_name_the_owner() -> None:
    given = facts(form=form(lessors=(person(SUN),)))
    told = "".join(finding.message + finding.found + str(finding.evidence) for finding in of("H02", given))
    assert "与登记信息不一致" in told
    assert "陈晓明" not in told
    assert CHEN not in told


def test_a_public_holder_may_sign_together_with_his_family() -> None:
    lease = public_facts(tenancy=hit(PUBLIC, tenancy(residents=FAMILY_OF_HOLDER)))
    together = replace(lease.form, lessors=(person(WANG), person(ZHAO)))
    given = facts(form=together, title=skipped(REGISTER), tenancy=hit(PUBLIC, tenancy(residents=FAMILY_OF_HOLDER)))
    assert codes(given) == []


def test_a_firm_that_lets_public_rental_is_no_occupant() -> None:
    assert of("H14", facts(form=form(lessors=(body(),)), house=known_house(category=HouseCategory.LOW_RENT))) == []


@pytest.mark.parametrize("kind", [RestrictionKind.SEIZURE, RestrictionKind.EXPROPRIATION])
def test_what_may_be_forced_says_so(kind: RestrictionKind) -> None:
    assert [finding.forceable for finding in findings(restricted(kind))] == [True]


def test_what_may_not_be_forced_says_so() -> None:
    assert [finding.forceable for finding in findings(restricted(RestrictionKind.ILLEGAL))] == [False]
    assert not any(finding.forceable for finding in findings(SILENT_REGISTER))
