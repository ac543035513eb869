"""Applications and cards made from the association's records, by the firm's own rules, but a photo prevents nothing (row 45)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import select

from models.enterprise import Enterprise
from models.identity import check_document, check_mobile
from models.practitioner_codes import APPLY, ApplyChannel, ApplyKind, ApplyState, CardOrigin
from models.practitioners import CardApply, InfoCard
from models.sealed import Sealed
from services.engine.findings import Finding, Rule, Severity
from services.engine.steps import take_step
from services.engine.work import Work
from services.practitioners.association_ledger import ACTIVATION
from services.practitioners.cards import activate_card, make_card, store_person
from services.practitioners.facts import ApplyFacts
from services.practitioners.identity_checks import keep_findings
from services.practitioners.import_columns import ID_TYPES
from services.practitioners.orders import ApplyFor, PersonData
from services.practitioners.records import (
    add_opinion,
    firm_of,
    number_apply,
    person_json,
    person_of,
    place_with_firm,
    placed_with,
    tell_firm,
)
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
from services.practitioners.thresholds import LAPSE_DAYS

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


def _photo_fault(facts: ApplyFacts) -> Iterator[Finding]:
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
    check=_photo_fault,
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


def new_application(work: Work, firm: Enterprise, order: ApplyFor, found: Sequence[Finding]) -> CardApply:
    """Make an application as if the firm had filed it; police and blacklist are asked at once or by the nightly job."""
    apply = CardApply(
        apply_no="",
        kind=ApplyKind.NEW,
        channel=ApplyChannel.ASSOC,
        id_no=Sealed.of(order.person.id_no),
        name=Sealed.of(order.person.name),
        after=Sealed.of_json(person_json(order.person)),
        portrait_id=order.portrait_id,
        submitted_at=work.now,
        check_again_at=work.now,
        state=ApplyState.SUBMITTED,
        **placed_with(firm),
    )
    number_apply(work, apply)
    keep_findings(apply, found)
    work.add(apply)
    work.trail.tell("DATA.CREATE", "practitioners.assoc_apply", about=apply)
    return apply


def pass_at_once(work: Work, apply: CardApply, event_at: datetime) -> InfoCard:
    """The association has seen the person: the card is drawn up without an inspection, for the firm to activate."""
    firm = firm_of(work, apply.enterprise_id)
    place_with_firm(apply, firm)
    take_step(work, apply, APPLY, "pass", reason="协会已登记")
    apply.decided_at = work.now
    add_opinion(work, apply, "诚信平台已登记，免予验看")
    apply.taken_by = apply.taken_at = None
    holder = store_person(work, firm, person_of(apply.after.json() if apply.after else {}), apply.portrait_id)
    card = make_card(
        work, firm, holder, apply.portrait_id, origin=CardOrigin.ASSOC, from_outside=True, event_at=event_at
    )
    apply.practitioner_id, apply.card_id = holder.id, card.id
    work.add(apply)
    days = work.thresholds.integer(LAPSE_DAYS)
    words = f"行业协会已登记{apply.name.masked()}为贵企业从业人员，信息卡已生成，请在{days}日内激活。"
    if not work.thresholds.flag(ACTIVATION):
        activate_card(work, card, from_outside=True, event_at=event_at)
        words = f"行业协会已登记{apply.name.masked()}为贵企业从业人员，信息卡已生效。"
    tell_firm(work, firm.id, "诚信平台新办信息卡", words, apply)
    return card


def card_of_application(work: Work, apply: CardApply, event_at: datetime) -> InfoCard:
    """The card an inspector has drawn up out of such an application: the association's, and of its time."""
    card: InfoCard = work.session.exec(select(InfoCard).where(InfoCard.id == apply.card_id)).one()
    card.origin, card.event_at = CardOrigin.ASSOC, event_at
    work.add(card)
    return card
