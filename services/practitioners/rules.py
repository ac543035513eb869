"""K01-K09, K14: what an application for a card, and its activation, must fulfil (leasing 4.11); pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from models.enterprise import RECORDED
from models.identity import age_on, check_document, check_mobile
from models.names import DAMAGED, is_garbled, name_problem
from models.normal import BadText, clean_text
from models.practitioner_codes import ApplyKind, CardState
from services.engine.findings import Finding, Rule, Severity
from services.engine.rule_declaration import Catalogue, Fault, rule
from services.engine.switches import switch_each
from services.ports.answers import Answer
from services.practitioners.faces import SENTENCES
from services.practitioners.facts import ApplyFacts
from services.practitioners.import_columns import CONTRACT_OVER, ID_TYPES, RESIDENTS, is_residents, shape_fault
from services.practitioners.orders import KNOWN, LONGEST, PersonData
from services.tenancy.rules.words import CATALOGUE as TENANCY

CATALOGUE = Catalogue(Path(__file__).with_name("rules.toml"), known=TENANCY)


def name_is_one(facts: ApplyFacts) -> Iterator[Fault]:
    """The name has the form of a name in documents (H28)."""
    name = facts.person.name
    if not name.strip():
        yield Fault("name", "请填写姓名")
    elif problem := name_problem(name):
        yield Fault("name", problem)
    else:
        yield from _readable("name", name)


def texts_can_be_read(facts: ApplyFacts, *more: str) -> Iterator[Fault]:
    """Other texts have only visible, printable characters and fit card and list (H28)."""
    for field in ("store", "qualification", "qualification_no", "education", "note", *more):
        yield from _readable(field, getattr(facts.person, field))


def _readable(field: str, text: str) -> Iterator[Fault]:
    try:
        clean_text(text, LONGEST[field])
    except BadText as bad:
        yield Fault(field, bad.sentence)
    else:
        if is_garbled(text):
            yield Fault(field, DAMAGED)


def days_can_be(facts: ApplyFacts) -> Iterator[Fault]:
    """Days that contradict today, the person's birth or one another."""
    person = facts.person
    born = check_document(person.id_type, person.id_no, today=facts.today).birthday
    if person.hired_on is not None and person.hired_on > facts.today:
        yield Fault("hired_on", "入职日期晚于今天，请核对")
    elif person.hired_on is not None and born is not None and person.hired_on < born:
        yield Fault("hired_on", "入职日期早于出生日期，请核对")
    if person.contract_from and person.contract_to and person.contract_to < person.contract_from:
        yield Fault("contract_to", "劳动合同的止日早于起日，请核对")
    elif person.contract_to and person.contract_to < facts.today:
        yield Fault("contract_to", CONTRACT_OVER, severity=Severity.WARN)


#: What is missing in the form or cannot be right: it stops a submission, never a draft, and is never switched off.
@rule("FORM", "填写完整", Severity.CORRECT, "请补全或更正所填内容", source="表单", basis=CATALOGUE.law("agreed"))
def form_is_whole(facts: ApplyFacts) -> Iterator[Fault]:
    person = facts.person
    yield from name_is_one(facts)
    yield from texts_can_be_read(facts)
    if person.id_type not in ID_TYPES.values():
        yield Fault("id_type", "请选择证件种类")
    elif is_residents(person.id_type, person.id_no, facts.today):
        yield Fault("id_type", RESIDENTS)
    elif problem := check_document(person.id_type, person.id_no, today=facts.today).problem:
        yield Fault("id_no", problem.sentence)
    if not person.mobile:
        yield Fault("mobile", "请填写手机号")
    elif wrong := check_mobile(person.mobile, foreign=person.id_type != "11").problem:
        yield Fault("mobile", wrong.sentence)
    if person.post not in KNOWN:
        yield Fault("post", "请选择岗位")
    if person.hired_on is None:
        yield Fault("hired_on", "请填写入职日期")
    yield from days_can_be(facts)


@CATALOGUE.rule("K01", Severity.REFUSE)
def name_and_number_agree(facts: ApplyFacts) -> Iterator[Fault]:
    said = facts.answers.two_factor
    if said is None or not answered(said):
        return
    if said.missed:
        yield Fault("id_no", message="身份信息核验未通过：查无此证件号码；新领取证件的，请待登记更新后重新申请")
    elif said.value is not None and not said.value.agree:
        yield Fault("name")


@CATALOGUE.rule("K02", Severity.REFUSE)
def person_is_not_listed(facts: ApplyFacts) -> Iterator[Fault]:
    said = facts.answers.blacklist
    if said is None or not answered(said):
        return
    standing = [entry for entry in said.value or () if entry.holds(facts.today)]
    if standing:
        categories = "、".join(dict.fromkeys(entry.category for entry in standing))
        yield Fault("id_no", message=f"该人员不符合从业要求（{categories}）", evidence={"category": categories})


@CATALOGUE.rule("K03", Severity.PENDING)
def both_have_answered(facts: ApplyFacts) -> Iterator[Fault]:
    for said in (facts.answers.two_factor, facts.answers.blacklist):
        if said is not None and not answered(said):
            yield Fault("", evidence={"source": said.source})


def answered(said: Answer[Any]) -> bool:
    """An answer, be it that nothing is known; silence is none."""
    return said.hit or said.missed


@CATALOGUE.rule("K04", Severity.REFUSE)
def person_has_no_other_card(facts: ApplyFacts) -> Iterator[Fault]:
    if facts.open_no:
        told = f"该人员已有一份申请 {facts.open_no}（{facts.open_state}），请在该申请上继续办理"
        yield Fault("id_no", message=told)
    if facts.live is not None and facts.live.enterprise_id == facts.firm.id:
        yield Fault("id_no", message=f"该人员在本企业已有信息卡（{facts.live.state.label}），无需重复申办")
    elif facts.live is not None:
        yield Fault("id_no")


@rule("K04", "一人一卡", Severity.REFUSE, "没有可以变更的信息卡", basis=person_has_no_other_card.basis)
def change_is_of_a_card_in_force(facts: ApplyFacts) -> Iterator[Fault]:
    if facts.kind is not ApplyKind.CHANGE:
        return
    if facts.changed is None:
        yield Fault("card_id", message="没有查到要变更的信息卡，请从本企业的信息卡中选择")
    elif not facts.changed_is_same_person:
        yield Fault("id_no", message="证件号码不同即为另一人：请先注销原卡，再为该人员新办")
    elif facts.changed is not CardState.ACTIVE:
        yield Fault("card_id", message=f"信息卡现为“{facts.changed.label}”，只有有效的信息卡可以变更")


@CATALOGUE.rule("K05", Severity.REFUSE)
def firm_is_recorded_and_normal(facts: ApplyFacts) -> Iterator[Fault]:
    if facts.firm.record_state not in RECORDED:
        yield Fault(
            "",
            found=f"备案状态：{facts.firm.record_state.label}",
            message=f"企业未备案（{facts.firm.record_state.label}）",
        )
    elif facts.firm.service_state.value != "NORMAL":
        yield Fault("", message="企业服务已暂停，恢复后再办理")


@CATALOGUE.rule("K06", Severity.WARN)
def person_was_hired_lately(facts: ApplyFacts) -> Iterator[Fault]:
    days = facts.thresholds.integer("practitioners.hired_days")
    hired = facts.person.hired_on
    if facts.kind is ApplyKind.NEW and hired is not None and hired + timedelta(days=days) < facts.today:
        yield Fault("hired_on", message=f"入职已超过{days}日")


@CATALOGUE.rule("K07", Severity.CORRECT)
def portrait_is_an_id_photo(facts: ApplyFacts) -> Iterator[Fault]:
    photo = facts.portrait
    if photo is None:
        yield Fault("portrait", message="照片不符合要求：请上传照片")
        return
    if told := shape_fault(photo.width, photo.height):
        yield Fault("portrait", message=told)
    elif min(photo.width, photo.height) < facts.thresholds.integer("practitioners.photo_side"):
        yield Fault("portrait", message="照片偏小，印制后可能不清晰，请核对", severity=Severity.WARN)
    if photo.face in SENTENCES:
        # A detector errs: it shows people where to look and refuses nothing.
        yield Fault("portrait", message=SENTENCES[photo.face], severity=Severity.WARN)


@CATALOGUE.rule("K14", Severity.WARN)
def age_is_of_the_trade(facts: ApplyFacts) -> Iterator[Fault]:
    born = check_document(facts.person.id_type, facts.person.id_no, today=facts.today).birthday
    if born is None:
        return
    age = age_on(born, facts.today)
    least, most = (facts.thresholds.integer(f"practitioners.{word}_age") for word in ("least", "most"))
    if age < least:
        yield Fault("id_no", message=f"未满{least}周岁，不能登记为从业人员", severity=Severity.REFUSE)
    elif age > most:
        yield Fault("id_no", message=f"年龄超过{most}周岁，请核对年龄")


#: Asked when an application is handed in; no outside system is asked for it.
SUBMIT_RULES: tuple[Rule[ApplyFacts], ...] = (
    form_is_whole,
    person_has_no_other_card,
    change_is_of_a_card_in_force,
    firm_is_recorded_and_normal,
    person_was_hired_lately,
    portrait_is_an_id_photo,
    age_is_of_the_trade,
)
#: Asked with the answers of police and association.
CHECK_RULES: tuple[Rule[ApplyFacts], ...] = (name_and_number_agree, person_is_not_listed, both_have_answered)
#: Asked again before a card is made: the facts at submission may have changed while it waited.
PASS_RULES: tuple[Rule[ApplyFacts], ...] = (
    person_has_no_other_card,
    change_is_of_a_card_in_force,
    firm_is_recorded_and_normal,
)
#: All rules, to show beforehand whether it would pass to the inspector.
ALL_RULES = (*SUBMIT_RULES, *CHECK_RULES)

switch_each(rule for rule in ALL_RULES if rule is not form_is_whole)


# Of persons the association has recorded (row 45)

_PLATFORM = "诚信平台对接约定"
NO_FIRM = Finding("K05", "企业未在本系统备案，请核对统一社会信用代码", "uscc", Severity.REFUSE)


def name_differs() -> Finding:
    """K10: the number is recorded here under another name."""
    return Finding("K10", "诚信平台信息不一致，请核对", "name", Severity.INTERCEPT)


def usable_mobile(person: PersonData, given: str) -> tuple[PersonData, list[Finding]]:
    """Return the person without an invalid telephone number, with a warning; the number does not prevent the card."""
    if not given.strip() or not check_mobile(person.mobile, foreign=person.id_type != "11").problem:
        return person, []
    told = Finding("FORM", "手机号无法识别，没有登记，请企业补填", "mobile", Severity.WARN)
    return replace(person, mobile=""), [told]


@rule("FORM", "人员信息可读", Severity.CORRECT, "请更正人员信息", source="诚信平台", basis=_PLATFORM)
def person_can_be_read(facts: ApplyFacts) -> Iterator[Fault]:
    person = facts.person
    yield from name_is_one(facts)
    yield from texts_can_be_read(facts, "post")
    if person.id_type not in ID_TYPES.values():
        yield Fault("id_type", "该证件种类不能登记为从业人员")
    elif is_residents(person.id_type, person.id_no, facts.today):
        yield Fault("id_type", RESIDENTS)
    elif problem := check_document(person.id_type, person.id_no, today=facts.today).problem:
        yield Fault("id_no", problem.sentence)
    yield from days_can_be(facts)


@rule("K07", "照片可以后补", Severity.WARN, "没有可用的照片，请企业补传", source="诚信平台", basis=_PLATFORM)
def photo_may_follow(facts: ApplyFacts) -> Iterator[Fault]:
    if facts.portrait is None:
        yield Fault("photo")
        return
    for found in portrait_is_an_id_photo.check(facts):
        yield Fault("photo", found.message)


#: Asked of a recorded person before police and blacklist are.
RECORD_RULES: tuple[Rule[ApplyFacts], ...] = (
    person_can_be_read,
    person_has_no_other_card,
    firm_is_recorded_and_normal,
    person_was_hired_lately,
    photo_may_follow,
    age_is_of_the_trade,
)
