"""验看: the district of the firm's record takes an application, passes it or returns it with a reason (row 40)."""

from datetime import datetime
from uuid import UUID

from models.practitioner_codes import APPLY, FACE_IN_DOUBT, ApplyKind, ApplyState, CardOrigin, CheckAnswer, FaceSeen
from models.practitioners import CardApply, InfoCard, Portrait, Practitioner
from services.engine.findings import judge
from services.engine.listings import Line
from services.engine.look_ups import held, row_by
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.switches import is_on
from services.engine.undo import keep_for_undo, undoing
from services.engine.words import enough_words, some_words
from services.engine.work import Work
from services.practitioners.cards import activate_card, change_card, make_card, store_person
from services.practitioners.faces import SENTENCES
from services.practitioners.facts import apply_facts, known_of
from services.practitioners.orders import ApplyFor, Told
from services.practitioners.records import (
    claim_actions,
    decided,
    firm_of,
    person_of,
    place_with_firm,
    take_row,
    tell_firm,
    undone,
)
from services.practitioners.rules import PASS_RULES
from services.practitioners.visibility import DISTRICT

_NOT_LOOKED_AT = "已通过（照片未经人脸检测）"
_NO_DECISION = {ApplyKind.CANCEL: "窗口注销请在“信息卡注销复核”中办理"}


def _held(work: Work, order: OneRow | Told) -> CardApply:
    apply = held(work, CardApply, order.id, order.version)
    if apply.kind in _NO_DECISION:
        raise Conflict(_NO_DECISION[apply.kind])
    if apply.state is ApplyState.SUBMITTED:
        raise Conflict("该申请的身份或黑名单核验尚未得到应答，请待核验完成后再验看")
    if apply.state is not ApplyState.INSPECTING:
        raise Conflict(f"该申请现为“{apply.state.label}”，无需验看")
    place_with_firm(apply, firm_of(work, apply.enterprise_id))
    return apply


take, release = claim_actions("", "领取验看", "放回待验看", _held)
undo_inspection, inspection_undo_left = undoing(
    CardApply, APPLY, "practitioners.inspection", "验看决定", DISTRICT, undone
)


def _is_checked(work: Work, apply: CardApply) -> bool:
    """Return whether both answers let the application pass: a bad answer or silence counts while its rule is on."""
    for code, said in (("K01", apply.two_factor), ("K02", apply.blacklist)):
        stops = {CheckAnswer.UNASKED: True, CheckAnswer.GOOD: False}
        stops |= {CheckAnswer.BAD: is_on(work.thresholds, code), CheckAnswer.SILENT: is_on(work.thresholds, "K03")}
        if stops[said]:
            return False
    return True


@action("practitioners.pass", "验看通过", roles=DISTRICT, step=Step(APPLY, "pass"))
def pass_apply(work: Work, order: Told) -> UUID:
    """Pass an application: the card is drawn up, not yet in force and not public; a change takes effect at once.

    Gives the card's id. One card a person and the firm's record are looked at again, for both may have changed.
    """
    words = some_words(order.reason, "意见", most=500)
    apply = _held(work, order)
    if not _is_checked(work, apply):
        raise Conflict("该申请的身份或黑名单核验尚未通过，不能验看通过")
    take_row(work, apply)
    firm = firm_of(work, apply.enterprise_id)
    person = person_of(apply.after.json() if apply.after else {})
    asked = ApplyFor(person, apply.portrait_id, apply.kind, apply.card_id, draft_id=apply.id)
    stopping = judge(apply_facts(work, firm, asked, known_of(work, firm.id, [asked])), PASS_RULES).stopping
    if stopping:
        raise Rejected("不能通过：" + "；".join(one.message for one in stopping), stopping)
    keep_for_undo(work, apply, "pass")
    take_step(work, apply, APPLY, "pass")
    decided(work, apply, words)
    card = _take_effect(work, apply)
    days = work.thresholds.integer("practitioners.lapse_days")
    follows = "变更已生效" if apply.kind is ApplyKind.CHANGE else f"信息卡已生成，请在{days}日内激活"
    body = f"{apply.name.masked()}的信息卡申请验看通过，{follows}。"
    tell_firm(work, firm.id, "信息卡申请验看通过", body, apply)
    return card.id


def _take_effect(work: Work, apply: CardApply, *, outside: datetime | None = None) -> InfoCard:
    firm = firm_of(work, apply.enterprise_id)
    person = person_of(apply.after.json() if apply.after else {})
    if apply.kind is ApplyKind.CHANGE:
        assert apply.card_id is not None
        card = held(work, InfoCard, apply.card_id)
        holder = row_by(work, Practitioner, card.practitioner_id)
        if holder is None:
            raise NotFound("没有查到该信息卡的持卡人，请退回该申请")
        change_card(work, card, holder, person, apply.portrait_id)
        return card
    holder = store_person(work, firm, person, apply.portrait_id)
    card = make_card(work, firm, holder, apply.portrait_id, outside=outside)
    apply.practitioner_id, apply.card_id = holder.id, card.id
    work.add(apply)
    return card


def pass_at_once(work: Work, apply: CardApply, event_at: datetime) -> InfoCard:
    """The association has seen the person: the card is drawn up without an inspection, for the firm to activate (row 45)."""
    firm = firm_of(work, apply.enterprise_id)
    place_with_firm(apply, firm)
    take_step(work, apply, APPLY, "pass", reason="协会已登记")
    decided(work, apply, "诚信平台已登记，免予验看")
    card = _take_effect(work, apply, outside=event_at)
    follows = f"信息卡已生成，请在{work.thresholds.integer('practitioners.lapse_days')}日内激活"
    if not work.thresholds.flag("practitioners.assoc_activation"):
        activate_card(work, card, outside=event_at)
        follows = "信息卡已生效"
    words = f"行业协会已登记{apply.name.masked()}为贵企业从业人员，{follows}。"
    tell_firm(work, firm.id, "诚信平台新办信息卡", words, apply)
    return card


def card_of_application(work: Work, apply: CardApply, event_at: datetime) -> InfoCard:
    """The card an inspector has drawn up out of such an application: the association's, and of its time."""
    card = work.session.get_one(InfoCard, apply.card_id)
    card.origin, card.event_at = CardOrigin.ASSOC, event_at
    return work.add(card)


@action("practitioners.return", "验看退回", roles=DISTRICT, step=Step(APPLY, "return"))
def return_apply(work: Work, order: Told) -> None:
    """Send an application back with a reason of five characters or more (K08); the firm corrects it and hands it in again."""
    reason = enough_words(order.reason, "退回原因", most=500)
    apply = _held(work, order)
    keep_for_undo(work, apply, "return")
    take_row(work, apply)
    take_step(work, apply, APPLY, "return")
    decided(work, apply, reason)
    body = f"{apply.name.masked()}的信息卡申请已退回，原因：{reason}。请修改后重新提交。"
    tell_firm(work, apply.enterprise_id, "信息卡申请已退回", body, apply)


def needs_no_look(work: Work, line: Line) -> str:
    """Refuse a portrait the detector doubts, which an inspector must look at; one it never saw passes and is named."""
    face = work.first(Portrait.face, Portrait.id == line.portrait_id) if line.portrait_id is not None else None
    if face is not None and face in FACE_IN_DOUBT:
        raise Conflict(f"{SENTENCES[FaceSeen.of(face)]}后单独办理")
    return _NOT_LOOKED_AT if face is None and line.portrait_id is not None else ""
