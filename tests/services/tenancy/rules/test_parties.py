"""P01-P12: every rule with the case that breaks it, one that keeps it, and its source silent."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.tenancy_codes import AgentKind, IdType
from services.engine.findings import Outcome, Severity, judge
from services.ports.answers import Answer, AnswerState, LegalEntity, SamePerson, hit, miss, silent
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.lease_form import PartyForm
from services.tenancy.rules.catalogue import FILING_RULES
from tests.services.tenancy.rules.builders import (
    CHEN,
    E1,
    LI,
    MINOR,
    WANG,
    Case,
    body,
    check_case,
    enterprise_facts,
    facts,
    findings,
    form,
    of,
    person,
    resident,
)

POLICE, BODIES = "公安人口库", "法人库"
BAD_CHECK, BAD_DAY = "310101199901010013", "310101199902300011"


def tenant(number: str = LI, **changes: Any) -> FilingFacts:
    return facts(form=form(lessees=(person(number, **changes),)))


def foreigner(born_on: date) -> FilingFacts:
    return tenant(nationality="法国", id_type=IdType.PASSPORT, id_no="12AB34567", born_on=born_on)


def police(answer: Answer[SamePerson], number: str = LI) -> FilingFacts:
    clean = facts()
    return replace(clean, people=clean.people | {number: answer})


def library(answer: Answer[LegalEntity]) -> FilingFacts:
    return enterprise_facts(bodies={E1: answer})


def guardian(**changes: object) -> PartyForm:
    words: dict[str, Any] = {
        "agent_kind": AgentKind.STATUTORY,
        "agent_name": "王磊",
        "agent_id_no": WANG,
        "guardian_proof": True,
    }
    return person(MINOR, **(words | changes))


def agent(**changes: object) -> FilingFacts:
    words: dict[str, Any] = {
        "agent_kind": AgentKind.ENTRUSTED,
        "agent_name": "王磊",
        "agent_id_no": WANG,
        "agent_mandate": True,
    }
    return tenant(**(words | changes))


def minor(party: PartyForm) -> FilingFacts:
    return facts(form=form(lessees=(party,)))


REFUSE, CORRECT, INTERCEPT, PENDING = Severity.REFUSE, Severity.CORRECT, Severity.INTERCEPT, Severity.PENDING

CASES = (
    Case("P01", "police agree", facts()),
    Case("P01", "police disagree", police(hit(POLICE, SamePerson(False))), REFUSE, "lessees.0.id_no"),
    Case("P01", "police know nobody of that number", police(miss(POLICE)), REFUSE, "lessees.0.id_no"),
    Case("P01", "police silent", police(silent(POLICE)), PENDING, "lessees.0.id_no"),
    Case("P01", "police not connected", police(Answer(AnswerState.ABSENT, POLICE))),
    Case("P01", "police not asked", facts(people={CHEN: hit(POLICE, SamePerson(True))}), PENDING, "lessees.0.id_no"),
    Case("P02", "number sound", facts()),
    Case("P02", "wrong check character", tenant(id_no=BAD_CHECK), CORRECT, "lessees.0.id_no"),
    Case("P02", "impossible day", tenant(id_no=BAD_DAY), CORRECT, "lessees.0.id_no"),
    Case(
        "P02", "landlord without a number", facts(form=form(lessors=(person(CHEN, id_no=""),))), CORRECT, also=("H02",)
    ),
    Case("P02", "a digit in the name", tenant(name="张3"), CORRECT, "lessees.0.name"),
    Case("P02", "a radical in the name", tenant(name="⼭本"), CORRECT, "lessees.0.name"),
    Case("P02", "a damaged name", tenant(name="寮犱笁"), CORRECT, "lessees.0.name"),
    Case("P02", "agent's number wrong", agent(agent_id_no=BAD_CHECK), CORRECT, "lessees.0.agent_id_no"),
    Case("P03", "passport of a foreigner", tenant(nationality="法国", id_type=IdType.PASSPORT, id_no="12AB34567")),
    Case(
        "P03", "passport of a citizen", tenant(id_type=IdType.PASSPORT, id_no="12AB34567"), CORRECT, "lessees.0.id_type"
    ),
    Case("P03", "permit from Hong Kong", tenant(nationality="中国香港", id_type=IdType.HM_PERMIT, id_no="H12345678")),
    Case("P03", "Hong Kong with an ID card", tenant(nationality="中国香港"), CORRECT),
    Case(
        "P03",
        "Taiwan with a Macao permit",
        tenant(nationality="台湾", id_type=IdType.HM_PERMIT, id_no="M12345678"),
        CORRECT,
    ),
    Case("P03", "grown-up with a household book", tenant(id_type=IdType.HOUSEHOLD), CORRECT, "lessees.0.id_type"),
    Case("P03", "body with an ID card", facts(form=form(lessees=(body(id_type=IdType.ID_CARD, id_no=LI),))), CORRECT),
    Case("P04", "no date given", facts()),
    Case("P04", "valid until today", tenant(id_valid_to=date(2026, 6, 30))),
    Case("P04", "expired yesterday", tenant(id_valid_to=date(2026, 6, 29)), INTERCEPT, "lessees.0.id_valid_to"),
    Case("P05", "minor with his guardian", minor(guardian())),
    Case("P05", "minor alone", minor(person(MINOR)), CORRECT, "lessees.0.agent_kind"),
    Case("P05", "minor with a passport alone", foreigner(date(2015, 3, 1)), CORRECT, "lessees.0.agent_kind"),
    Case("P05", "grown-up with a passport", foreigner(date(1990, 3, 1))),
    Case(
        "P05",
        "minor with an ordinary agent",
        minor(guardian(agent_kind=AgentKind.ENTRUSTED, agent_mandate=True)),
        CORRECT,
    ),
    Case("P05", "guardian not named", minor(guardian(agent_name="")), CORRECT, "lessees.0.agent_name"),
    Case("P05", "no proof of guardianship", minor(guardian(guardian_proof=False)), CORRECT, "lessees.0.guardian_proof"),
    Case("P05", "limited capacity alone", tenant(limited_capacity=True), CORRECT, "lessees.0.agent_kind"),
    Case(
        "P05",
        "minor as landlord",
        facts(form=form(lessors=(person(MINOR),))),
        CORRECT,
        "lessors.0.agent_kind",
        ("H02",),
    ),
    Case("P06", "agent with all papers", agent()),
    Case("P06", "agent without a mandate", agent(agent_mandate=False), CORRECT, "lessees.0.agent_mandate"),
    Case("P06", "agent without a name", agent(agent_name=""), CORRECT, "lessees.0.agent_name"),
    Case("P06", "agent without a number", agent(agent_id_no=""), CORRECT, "lessees.0.agent_id_no"),
    Case("P07", "body in being", enterprise_facts()),
    Case("P07", "body struck off", library(hit(BODIES, LegalEntity(E1, "", "注销"))), REFUSE, "lessors.0.id_no"),
    Case("P07", "body unknown", library(miss(BODIES)), REFUSE, "lessors.0.id_no"),
    Case(
        "P07",
        "body of another name",
        library(hit(BODIES, LegalEntity(E1, "别家公司", "存续"))),
        REFUSE,
        "lessors.0.name",
    ),
    Case("P07", "library silent", library(silent(BODIES)), PENDING, "lessors.0.id_no"),
    Case("P07", "library not asked", enterprise_facts(bodies={}), PENDING),
    Case("P08", "everybody has a document", facts(form=form(residents=(resident(WANG),)))),
    Case("P08", "tenant without", tenant(id_no=""), REFUSE, "lessees.0.id_no"),
    Case(
        "P08", "resident without", facts(form=form(residents=(resident(WANG, id_no=""),))), REFUSE, "residents.0.id_no"
    ),
    Case("P08", "no tenant at all", facts(form=form(lessees=())), REFUSE, "lessees"),
    Case("P09", "two persons", facts()),
    Case("P09", "landlord is the tenant", tenant(CHEN), REFUSE, "lessees.0.id_no"),
    Case("P09", "landlord in full-width digits", tenant(CHEN, id_no="３１０１０１１９９９０１０１００１８"), REFUSE),
    Case("P10", "foreign script, translated", tenant(foreign_script=True, translation=True)),
    Case("P10", "foreign script, not translated", tenant(foreign_script=True), CORRECT, "lessees.0.translation"),
    Case("P11", "nobody listed", facts()),
    Case("P11", "tenant listed", facts(listed=frozenset({LI})), INTERCEPT, "lessees.0.id_no"),
    Case("P12", "one name", facts(form=form(residents=(resident(LI),)))),
    Case("P12", "two names", facts(form=form(residents=(resident(LI, name="李净"),))), CORRECT, "residents.0.name"),
)


@pytest.mark.row(7)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_party_rules(case: Case) -> None:
    check_case(case)


def test_the_clean_case_passes_every_rule() -> None:
    assert findings(facts()) == []
    assert judge(facts(), FILING_RULES).outcome is Outcome.PASS


def test_a_wrong_number_is_not_held_against_its_bearer_twice() -> None:
    """The police are never asked about a number that cannot exist, so nothing waits for them."""
    assert of("P01", tenant(id_no=BAD_CHECK)) == []


def test_a_mismatch_reveals_nothing_of_the_register() -> None:
    found = of("P01", police(hit(POLICE, SamePerson(False))))
    assert [finding.found for finding in found] == ["与登记信息不一致"]


@pytest.mark.row(6)
def test_every_reason_is_told_at_once() -> None:
    lease = form(lessors=(person(MINOR),), lessees=(person(LI, id_no=BAD_CHECK),), end=date(2026, 7, 10))
    found = {finding.code for finding in findings(facts(form=lease))}
    assert {"P02", "P05", "H02", "T03"} <= found


def test_a_birthday_makes_a_minor_of_age() -> None:
    party = person(MINOR)
    on_birthday = replace(minor(party), today=date(2028, 5, 20))
    day_before = replace(minor(party), today=date(2028, 5, 19))
    assert of("P05", on_birthday) == []
    assert len(of("P05", day_before)) == 1
