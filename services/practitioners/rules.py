"""K01-K09, K14: what an application for a card, and its activation, must fulfil (leasing 4.11); pure."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from models.enterprise import RECORDED
from models.identity import age_on, check_document, check_mobile
from models.names import name_problem
from models.normal import BadText, clean_text
from models.practitioner_codes import ApplyKind, CardState
from services.engine.findings import Finding, Rule, Severity
from services.engine.rule_declaration import Fault, rule
from services.engine.switches import switch_each
from services.ports.answers import Answer
from services.practitioners.duties import KNOWN
from services.practitioners.faces import SENTENCES
from services.practitioners.facts import ApplyFacts
from services.practitioners.import_columns import ID_TYPES
from services.practitioners.orders import LONGEST
from services.practitioners.thresholds import HIRED_DAYS, LEAST_AGE, MOST_AGE, PHOTO_SIDE
from services.tenancy.rules.words import CATALOGUE

_REAL_NAME = "《关于实行房地产经纪和住房租赁从业人员实名从业的通知》（沪房市场〔2023〕162号）"
_CARDS = CATALOGUE.law("platform 七")
_ONE_CARD = f"{_REAL_NAME}；{_CARDS}"
_AGREED = "信息卡申办核验约定"
_OFFICE = "企业备案所在区房屋管理部门"
#: Height by width of an upright portrait; one inch has 1.4.
_LEAST_RATIO, _MOST_RATIO = 1.1, 1.8


def tell(field: str, sentence: str) -> Finding:
    return Finding(code="FORM", message=sentence, field=field, severity=Severity.CORRECT)


def name_is_one(facts: ApplyFacts) -> Iterator[Finding]:
    """The name has the form of a name in documents (H28)."""
    name = facts.person.name
    if not name.strip():
        yield tell("name", "请填写姓名")
    elif problem := name_problem(name):
        yield tell("name", problem)
    else:
        yield from _readable("name", name)


def texts_can_be_read(facts: ApplyFacts, *more: str) -> Iterator[Finding]:
    """Other texts have only visible, printable characters and fit card and list (H28)."""
    for field in ("store", "qualification", "qualification_no", "education", "note", *more):
        yield from _readable(field, getattr(facts.person, field))


def _readable(field: str, text: str) -> Iterator[Finding]:
    try:
        clean_text(text, LONGEST[field])
    except BadText as bad:
        yield tell(field, bad.sentence)


def days_can_be(facts: ApplyFacts) -> Iterator[Finding]:
    """Days that contradict today, the person's birth or one another."""
    person = facts.person
    born = check_document(person.id_type, person.id_no, today=facts.today).birthday
    if person.hired_on is not None and person.hired_on > facts.today:
        yield tell("hired_on", "入职日期晚于今天，请核对")
    elif person.hired_on is not None and born is not None and person.hired_on < born:
        yield tell("hired_on", "入职日期早于出生日期，请核对")
    if person.contract_from and person.contract_to and person.contract_to < person.contract_from:
        yield tell("contract_to", "劳动合同的止日早于起日，请核对")


def _form(facts: ApplyFacts) -> Iterator[Finding]:
    person = facts.person
    yield from name_is_one(facts)
    yield from texts_can_be_read(facts)
    if person.id_type not in ID_TYPES.values():
        yield tell("id_type", "请选择证件种类")
    elif problem := check_document(person.id_type, person.id_no, today=facts.today).problem:
        yield tell("id_no", problem.sentence)
    if not person.mobile:
        yield tell("mobile", "请填写手机号")
    elif wrong := check_mobile(person.mobile, foreign=person.id_type != "11").problem:
        yield tell("mobile", wrong.sentence)
    if person.post not in KNOWN:
        yield tell("post", "请选择岗位")
    if person.hired_on is None:
        yield tell("hired_on", "请填写入职日期")
    yield from days_can_be(facts)


#: What is missing in the form or cannot be right: it stops a submission, never a draft, and is never switched off.
form_is_whole: Rule[ApplyFacts] = Rule(
    code="FORM",
    label="填写完整",
    severity=Severity.CORRECT,
    check=_form,
    source="表单",
    message="请补全或更正所填内容",
    basis=_AGREED,
)


@rule(
    "K01",
    "姓名与证件号码一致",
    Severity.REFUSE,
    source="公安人口库",
    message="身份信息核验未通过：姓名与证件号码不一致，请按证件核对后重新申请",
    basis=_REAL_NAME,
    bring="本人有效身份证件",
)
def name_and_number_agree(facts: ApplyFacts) -> Iterator[Fault]:
    said = facts.answers.two_factor
    if said is None or not answered(said):
        return
    if said.missed:
        yield Fault("id_no", message="身份信息核验未通过：查无此证件号码；新领取证件的，请待登记更新后重新申请")
    elif said.value is not None and not said.value.agree:
        yield Fault("name")


@rule(
    "K02",
    "不在行业黑名单",
    Severity.REFUSE,
    source="行业黑名单",
    message="该人员不符合从业要求",
    basis=_REAL_NAME,
    where="对此有异议的，请向行业协会提出",
)
def person_is_not_listed(facts: ApplyFacts) -> Iterator[Fault]:
    said = facts.answers.blacklist
    if said is None or not answered(said):
        return
    standing = [entry for entry in said.value or () if entry.holds(facts.today)]
    if standing:
        categories = "、".join(dict.fromkeys(entry.category for entry in standing))
        yield Fault("id_no", message=f"该人员不符合从业要求（{categories}）", evidence={"category": categories})


@rule(
    "K03",
    "核验系统已应答",
    Severity.PENDING,
    source="公安人口库、行业黑名单",
    message="核验中，请稍后查看",
    basis=_AGREED,
)
def both_have_answered(facts: ApplyFacts) -> Iterator[Fault]:
    for said in (facts.answers.two_factor, facts.answers.blacklist):
        if said is not None and not answered(said):
            yield Fault("", evidence={"source": said.source})


def answered(said: Answer[Any]) -> bool:
    """An answer, be it that nothing is known; silence is none."""
    return said.hit or said.missed


@rule(
    "K04",
    "一人一卡",
    Severity.REFUSE,
    source="从业信息卡",
    message="该人员在其他企业有有效信息卡，请先注销",
    basis=_ONE_CARD,
    where="原企业，或者由本人持身份证件到区住房租赁服务中心窗口注销",
)
def person_has_no_other_card(facts: ApplyFacts) -> Iterator[Fault]:
    if facts.open_no:
        told = f"该人员已有一份申请 {facts.open_no}（{facts.open_state}），请在该申请上继续办理"
        yield Fault("id_no", message=told)
    if facts.live is not None and facts.live.own:
        yield Fault("id_no", message=f"该人员在本企业已有信息卡（{facts.live.state.label}），无需重复申办")
    elif facts.live is not None:
        yield Fault("id_no")


@rule("K04", "一人一卡", Severity.REFUSE, source="从业信息卡", message="没有可以变更的信息卡", basis=_ONE_CARD)
def change_is_of_a_card_in_force(facts: ApplyFacts) -> Iterator[Fault]:
    if facts.kind is not ApplyKind.CHANGE:
        return
    if facts.changed is None:
        yield Fault("card_id", message="没有查到要变更的信息卡，请从本企业的信息卡中选择")
    elif not facts.changed_is_same_person:
        yield Fault("id_no", message="证件号码不同即为另一人：请先注销原卡，再为该人员新办")
    elif facts.changed is not CardState.ACTIVE:
        yield Fault("card_id", message=f"信息卡现为“{facts.changed.label}”，只有有效的信息卡可以变更")


@rule(
    "K05",
    "企业已备案且服务正常",
    Severity.REFUSE,
    source="企业备案",
    message="企业未备案",
    basis=_REAL_NAME,
    bring="企业备案证书",
    where=_OFFICE,
)
def firm_is_recorded_and_normal(facts: ApplyFacts) -> Iterator[Fault]:
    if facts.firm.record_state not in RECORDED:
        yield Fault(
            "",
            found=f"备案状态：{facts.firm.record_state.label}",
            message=f"企业未备案（{facts.firm.record_state.label}）",
        )
    elif facts.firm.service_state.value != "NORMAL":
        yield Fault("", message="企业服务已暂停，恢复后再办理")


@rule(
    "K06",
    "入职三十日内申办",
    Severity.WARN,
    source="表单",
    message="入职已超过30日",
    basis=_CARDS,
)
def person_was_hired_lately(facts: ApplyFacts) -> Iterator[Fault]:
    days = facts.thresholds.integer(HIRED_DAYS)
    hired = facts.person.hired_on
    if facts.kind is ApplyKind.NEW and hired is not None and hired + timedelta(days=days) < facts.today:
        yield Fault("hired_on", message=f"入职已超过{days}日")


@rule(
    "K07",
    "照片符合证件照要求",
    Severity.CORRECT,
    source="照片",
    message="照片不符合要求",
    basis=_AGREED,
    bring="近期一寸免冠证件照（JPG或PNG，竖幅）",
)
def portrait_is_an_id_photo(facts: ApplyFacts) -> Iterator[Fault]:
    photo = facts.portrait
    if photo is None:
        yield Fault("portrait", message="照片不符合要求：请上传照片")
        return
    if not _LEAST_RATIO <= photo.height / photo.width <= _MOST_RATIO:
        told = f"照片不符合要求：应为竖幅证件照，现为{photo.width}×{photo.height}像素"
        yield Fault("portrait", message=told)
    elif min(photo.width, photo.height) < facts.thresholds.integer(PHOTO_SIDE):
        yield Fault("portrait", message="照片偏小，印制后可能不清晰，请核对", severity=Severity.WARN)
    if photo.face in SENTENCES:
        # A detector errs: it shows people where to look and refuses nothing.
        yield Fault("portrait", message=SENTENCES[photo.face], severity=Severity.WARN)


@rule("K14", "年龄符合从业要求", Severity.WARN, source="证件号码", message="请核对年龄", basis=_AGREED)
def age_is_of_the_trade(facts: ApplyFacts) -> Iterator[Fault]:
    born = check_document(facts.person.id_type, facts.person.id_no, today=facts.today).birthday
    if born is None:
        return
    age, least = age_on(born, facts.today), facts.thresholds.integer(LEAST_AGE)
    if age < least:
        yield Fault("id_no", message=f"未满{least}周岁，不能登记为从业人员", severity=Severity.REFUSE)
    elif age > facts.thresholds.integer(MOST_AGE):
        yield Fault("id_no", message=f"年龄超过{facts.thresholds.integer(MOST_AGE)}周岁，请核对年龄")


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
