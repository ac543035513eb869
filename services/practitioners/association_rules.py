"""Rules for persons recorded by the association: the firm's own rules, but a photo prevents nothing (row 45)."""

from collections.abc import Iterator
from dataclasses import replace

from models.identity import check_document, check_mobile
from services.engine.findings import Finding, Rule, Severity
from services.practitioners.facts import ApplyFacts
from services.practitioners.import_columns import ID_TYPES
from services.practitioners.orders import PersonData
from services.practitioners.rules import (
    age_is_of_the_trade,
    days_can_be,
    firm_is_recorded_and_normal,
    name_is_one,
    person_has_no_other_card,
    person_was_hired_lately,
    portrait_is_an_id_photo,
    texts_can_be_read,
)

_AGREED = "诚信平台对接约定"
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


def _form(facts: ApplyFacts) -> Iterator[Finding]:
    person = facts.person
    yield from name_is_one(facts)
    yield from texts_can_be_read(facts, "post")
    if person.id_type not in ID_TYPES.values():
        yield Finding("FORM", "该证件种类不能登记为从业人员", "id_type", Severity.CORRECT)
    elif problem := check_document(person.id_type, person.id_no, today=facts.today).problem:
        yield Finding("FORM", problem.sentence, "id_no", Severity.CORRECT)
    yield from days_can_be(facts)


def _photo(facts: ApplyFacts) -> Iterator[Finding]:
    if facts.portrait is None:
        yield Finding("K07", "没有可用的照片，请企业补传", "photo", Severity.WARN)
        return
    for found in portrait_is_an_id_photo.check(facts):
        yield replace(found, field="photo", severity=Severity.WARN)


person_can_be_read: Rule[ApplyFacts] = Rule(
    code="FORM",
    label="人员信息可读",
    severity=Severity.CORRECT,
    check=_form,
    source="诚信平台",
    message="请更正人员信息",
    basis=_AGREED,
)
photo_may_follow: Rule[ApplyFacts] = Rule(
    code="K07",
    label="照片可以后补",
    severity=Severity.WARN,
    check=_photo,
    source="诚信平台",
    message="没有可用的照片，请企业补传",
    basis=_AGREED,
)
#: Asked of a recorded person before police and blacklist are.
RECORD_RULES: tuple[Rule[ApplyFacts], ...] = (
    person_can_be_read,
    person_has_no_other_card,
    firm_is_recorded_and_normal,
    person_was_hired_lately,
    photo_may_follow,
    age_is_of_the_trade,
)
