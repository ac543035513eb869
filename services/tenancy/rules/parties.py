"""P: the parties are who they say they are and may contract (leasing 4.3)."""

from collections.abc import Iterator

from models.identity import check_document
from models.names import name_problem
from models.normal import normal
from models.tenancy_codes import AgentKind, IdType, PartyKind
from services.engine.findings import Severity
from services.engine.rule_declaration import Fault, unanswered
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.predicates import is_minor, number_of, party_is_minor, shared_numbers
from services.tenancy.rules.applicants import BODIES, CREDIT_CODES, POLICE_ANSWERS, everybody, parties
from services.tenancy.rules.words import rule

MISMATCH = "与登记信息不一致"

_FOREIGN = frozenset({IdType.PASSPORT, IdType.PR_CARD})
_HONG_KONG_MACAO = frozenset({IdType.HM_PERMIT, IdType.HM_ID, IdType.HMT_RESIDENCE})
_TAIWAN = frozenset({IdType.TW_PERMIT, IdType.TW_TRAVEL, IdType.HMT_RESIDENCE})
_MAINLAND = frozenset({IdType.ID_CARD, IdType.HOUSEHOLD, IdType.MILITARY, IdType.CN_PASSPORT})


@rule("P01", Severity.REFUSE)
def names_and_numbers_agree(facts: FilingFacts) -> Iterator[Fault]:
    for person in everybody(facts.form):
        if person.kind is PartyKind.PERSON and name_problem(person.name):
            # A name that no document bears is P02's.
            continue
        # A number that is wrong in itself is P02's; no source could answer for it.
        if (
            person.kind is not PartyKind.PERSON
            or check_document(person.id_type.value, person.id_no, today=facts.today).problem
        ):
            continue
        answer = facts.people.get(person.id_no) or facts.people.get(number_of(person.id_no))
        if answer is None:
            if person.id_type in POLICE_ANSWERS:
                yield Fault(
                    person.no_field,
                    message="身份信息尚未核验，系统将自动重新核验",
                    severity=Severity.PENDING,
                    evidence={"answer": "not asked"},
                )
        elif answer.silent:
            yield unanswered(answer, person.no_field)
        elif answer.missed or (answer.value is not None and not answer.value.agree):
            yield Fault(person.no_field, found=MISMATCH, evidence={"answer": str(answer.state)})


@rule("P02", Severity.CORRECT)
def numbers_are_well_formed(facts: FilingFacts) -> Iterator[Fault]:
    for person in everybody(facts.form):
        if person.kind is PartyKind.PERSON and (problem := name_problem(person.name)):
            yield Fault(person.name_field, problem)
        # That a tenant, resident or agent has no number at all is P08's, P05's or P06's.
        landlord = person.path.startswith("lessors") and person.no_key == "id_no"
        if not person.id_no and not landlord:
            continue
        if flaw := check_document(person.id_type.value, person.id_no, today=facts.today).problem:
            yield Fault(
                person.no_field,
                found=person.id_no or "未填写",
                evidence={"problem": flaw.code, "hint": flaw.sentence},
            )


@rule("P03", Severity.CORRECT)
def documents_fit_the_persons(facts: FilingFacts) -> Iterator[Fault]:
    for path, party in parties(facts.form):
        if party.id_type not in _documents_of(party.kind, party.nationality):
            yield Fault(f"{path}.id_type", found=party.id_type.label)
        elif party.id_type is IdType.HOUSEHOLD and not is_minor(party.id_no, facts.today):
            yield Fault(f"{path}.id_type", found="户口簿仅适用于未成年人")
        if party.agent_kind is not AgentKind.NONE and party.agent_id_type in BODIES:
            yield Fault(f"{path}.agent_id_type", found=party.agent_id_type.label)
    for place, resident in enumerate(facts.form.residents):
        if resident.id_type in BODIES:
            yield Fault(f"residents.{place}.id_type", found=resident.id_type.label)


def _documents_of(kind: PartyKind, nationality: str) -> frozenset[IdType]:
    if kind is PartyKind.ORG:
        home = nationality.strip() in {"", "中国"}
        return BODIES if home else frozenset({IdType.REP_OFFICE, IdType.FOREIGN_REG})
    place = nationality.strip().removeprefix("中国")
    if "香港" in place or "澳门" in place:
        return _HONG_KONG_MACAO
    if "台湾" in place:
        return _TAIWAN
    if place:
        return _FOREIGN
    # Residents of Hong Kong, Macao and Taiwan are Chinese citizens and may well say so.
    return _MAINLAND | _HONG_KONG_MACAO | _TAIWAN


@rule("P04", Severity.INTERCEPT, forceable=True)
def documents_have_not_expired(facts: FilingFacts) -> Iterator[Fault]:
    for path, party in parties(facts.form):
        if party.id_valid_to is not None and party.id_valid_to < facts.today:
            yield Fault(f"{path}.id_valid_to", found=f"有效期至{party.id_valid_to.isoformat()}")


@rule("P05", Severity.CORRECT)
def minors_act_through_a_guardian(facts: FilingFacts) -> Iterator[Fault]:
    for path, party in parties(facts.form):
        if party.kind is not PartyKind.PERSON:
            continue
        minor = party_is_minor(party, facts.today)
        if not minor and not party.limited_capacity:
            continue
        message = "" if minor else "当事人为无民事行为能力人或限制民事行为能力人，请由监护人代为办理并上传监护证明"
        if party.agent_kind is not AgentKind.STATUTORY:
            yield Fault(f"{path}.agent_kind", found="未由监护人代理", message=message)
        elif not (party.agent_name and party.agent_id_no):
            yield Fault(f"{path}.agent_name", found="未填写监护人", message=message)
        elif is_minor(party.agent_id_no, facts.today):
            yield Fault(f"{path}.agent_id_no", found="监护人未满18周岁", message=message)
        elif not party.guardian_proof:
            yield Fault(f"{path}.guardian_proof", found="未提交监护证明", message=message)


@rule("P06", Severity.CORRECT)
def agents_have_a_mandate(facts: FilingFacts) -> Iterator[Fault]:
    for path, party in parties(facts.form):
        if party.agent_kind is not AgentKind.ENTRUSTED:
            continue
        if not party.agent_mandate:
            yield Fault(f"{path}.agent_mandate", found="未提交委托书")
        if not party.agent_name:
            yield Fault(f"{path}.agent_name", found="未填写代理人")
        if not party.agent_id_no:
            yield Fault(f"{path}.agent_id_no", found="未填写代理人证件号码")


@rule("P07", Severity.REFUSE)
def bodies_exist_and_are_in_being(facts: FilingFacts) -> Iterator[Fault]:
    for path, party in parties(facts.form):
        if party.kind is not PartyKind.ORG or party.id_type not in CREDIT_CODES:
            continue
        if check_document(party.id_type.value, party.id_no, today=facts.today).problem:
            continue
        answer = facts.bodies.get(party.id_no) or facts.bodies.get(number_of(party.id_no))
        field = f"{path}.id_no"
        if answer is None:
            yield Fault(field, message="单位登记信息尚未核验，系统将自动重新核验", severity=Severity.PENDING)
        elif answer.silent:
            yield unanswered(answer, field)
        elif answer.missed:
            yield Fault(field, found="未查询到登记信息", evidence={"answer": str(answer.state)})
        elif answer.value is not None:
            entity = answer.value
            if not entity.status.startswith("存续"):
                yield Fault(field, found=f"登记状态：{entity.status}")
            elif entity.name and normal("name", entity.name) != normal("name", party.name):
                yield Fault(f"{path}.name", found=MISMATCH, message="单位名称与登记不一致，请按营业执照或登记证书填写")


@rule("P08", Severity.REFUSE)
def everybody_living_there_has_a_document(facts: FilingFacts) -> Iterator[Fault]:
    if not facts.form.lessees:
        yield Fault("lessees", found="未填写承租人")
    for person in everybody(facts.form):
        if not person.path.startswith("lessors") and person.no_key == "id_no" and not person.id_no.strip():
            yield Fault(person.no_field, found="未填写证件号码")


@rule("P09", Severity.REFUSE)
def nobody_lets_to_himself(facts: FilingFacts) -> Iterator[Fault]:
    both = shared_numbers((party.id_no for party in facts.form.lessors), (party.id_no for party in facts.form.lessees))
    for place, party in enumerate(facts.form.lessees):
        if number_of(party.id_no) in both:
            yield Fault(f"lessees.{place}.id_no", found=party.id_no)


@rule("P10", Severity.CORRECT)
def foreign_documents_are_translated(facts: FilingFacts) -> Iterator[Fault]:
    for path, party in parties(facts.form):
        if party.foreign_script and not party.translation:
            yield Fault(f"{path}.translation", found="未提交中文译本")


@rule("P11", Severity.INTERCEPT, forceable=True)
def parties_are_not_listed_for_fraud(facts: FilingFacts) -> Iterator[Fault]:
    listed = {number_of(number) for number in facts.listed}
    for path, party in parties(facts.form):
        if party.id_no and number_of(party.id_no) in listed:
            yield Fault(f"{path}.id_no")


@rule("P12", Severity.CORRECT)
def one_number_has_one_name(facts: FilingFacts) -> Iterator[Fault]:
    names: dict[str, str] = {}
    for person in everybody(facts.form):
        if not person.id_no:
            continue
        name = normal("name", person.name)
        if names.setdefault(number_of(person.id_no), name) != name:
            yield Fault(person.name_field, found=person.name)
