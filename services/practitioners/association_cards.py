"""Cards as the association reports and asks about them: one that ended there ends here, once, in order of events (rows 46, 47)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import select

from models.access import Role
from models.association import AssociationEvent, CardEventKind, EventState, EventWay
from models.dialect import locked
from models.enterprise import Enterprise
from models.normal import normal
from models.practitioner_codes import LIVE, CardState
from models.practitioners import InfoCard
from models.privacy import Shown
from models.sealed import Sealed
from services.engine.copied import copy_of
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity
from services.engine.refusals import Malformed, NotFound
from services.engine.registry import action, query
from services.engine.work import Work
from services.practitioners import association_ledger as ledger
from services.practitioners.association_ledger import newest_card_of, only_the_association
from services.practitioners.association_messages import (
    AskCard,
    CancellationAnswer,
    CardTold,
    ReceiveCancellation,
    end_of,
    reasons_of,
)
from services.practitioners.association_registration import release_held
from services.practitioners.card_files import card_picture
from services.practitioners.cards import cancel_card
from services.practitioners.public_entries import card_stands
from services.practitioners.records import card_number, firm_of, tell_firm
from services.privacy.accesses import note_access

_NOTHING = "没有此卡，请核对卡号，或姓名、证件号码和企业"
_OLDER = "该注销早于我方现有信息，未改变；如确已注销，请核实后以新的事件重新报送"
_DIFFERS = "诚信平台信息不一致，请核对"


@action("practitioners.assoc_cancel", "接收协会注销", roles={Role.PARTNER}, event="API.IN")
def receive_cancellation(work: Work, order: ReceiveCancellation) -> CancellationAnswer:
    """Judge an event once; a repetition with equal content gets the stored answer."""
    ledger.only_the_association(work)
    earlier = ledger.heard(work, order.event_no)
    if earlier is not None:
        if not ledger.is_the_same(work.sealer, earlier, order):
            words = "该事件编号已报送过其他内容，请更换编号"
            return _unkept(order, Finding("J02", words, "event_no"))
        return _answer(work, earlier)
    if late := ledger.untimely(work, order.event_at):
        return _unkept(order, late)
    source = ledger.foreign_source(work, order.origin, order.source_event_no, CardEventKind.CANCELLED)
    if isinstance(source, Finding):
        return _unkept(order, source)
    if not order.card_no and not (order.name and order.id_no):
        words = "请填写信息卡编号，或同时填写姓名和证件号码"
        return _unkept(order, Finding("FORM", words, "card_no", Severity.CORRECT))
    event = ledger.received(
        work,
        order,
        ledger.firm_of(work, order.uscc),
        event_no=order.event_no,
        kind=CardEventKind.CANCELLED,
        event_at=order.event_at,
        uscc=order.uscc,
        content=Sealed.of_json({"reason": str(order.reason), "sent": order.plain_digest}),
        card_no=card_number(order.card_no),
        name=Sealed.of(order.name) if order.name else None,
        id_no=Sealed.of(order.id_no) if order.id_no else None,
    )
    if source is not None:
        event.card_id = source.card_id
        ledger.settle(work, event, EventState.ECHO)
        return _answer(work, event)
    card = _card(work, order)
    if card is None:
        ledger.settle(work, event, EventState.UNKNOWN, [Finding("K11", _NOTHING, "card_no")])
        return _answer(work, event)
    event.card_id, event.card_no = card.id, card.card_no
    _judge(work, order, event, card)
    work.trail.tell("DATA.CREATE", "practitioners.assoc_cancel", about=event, detail={"state": str(event.state)})
    return _answer(work, event)


def _card(work: Work, order: ReceiveCancellation) -> InfoCard | None:
    """The card of a number; of a person the live one, else his newest with that firm."""
    if order.card_no:
        found = select(InfoCard).where(InfoCard.card_no == card_number(order.card_no))
        card: InfoCard | None = work.session.exec(locked(work.session, found)).first()
        return card
    firm = ledger.firm_of(work, order.uscc)
    if firm is None:
        return None
    newest = ledger.newest_card_of(work, order.id_no, InfoCard.enterprise_id == firm.id)
    # Without a card of that firm's there is the one he has elsewhere, for the difference to be reported.
    return newest or ledger.held_live_card(work, order.id_no)


def _judge(work: Work, order: ReceiveCancellation, event: AssociationEvent, card: InfoCard) -> None:
    firm = work.session.get_one(Enterprise, card.enterprise_id)
    if card.id_no is not None and event.id_no is None:
        # By his number the person's other events are found, whichever comes first.
        event.id_no, event.name = Sealed.of(card.id_no.plain), Sealed.of(card.name.plain)
    if differences := _differences(order, card, firm):
        ledger.settle(work, event, EventState.CONFLICT, differences)
        words = "协会报来注销的信息卡与我方登记不一致：" + "、".join(_FIELDS[one.field] for one in differences)
        ledger.raise_conflict(work, event, words, card=card)
    elif card.state not in LIVE:
        words = f"该卡{card.state.label}，无需再次办理"
        ledger.settle(work, event, EventState.DONE, [Finding("K11", words, severity=Severity.WARN)])
    elif order.event_at < ledger.stands_since(card):
        ledger.settle(work, event, EventState.OLDER, [Finding("K11", _OLDER, "event_at", Severity.WARN)])
        if not _known_since(work, order, card, firm):
            words = f"协会报来的注销早于我方信息，本卡仍为{card.state.label}"
            ledger.raise_conflict(work, event, words, card=card)
    else:
        ledger.settle(work, event, EventState.DONE)
        _end(work, order, card, firm)


def _end(work: Work, order: ReceiveCancellation, card: InfoCard, firm: Enterprise) -> None:
    cancel_card(work, card, end_of(order.reason), outside=order.event_at)
    words = f"信息卡 {card.card_no} 已按行业协会报送注销，原因：{order.reason.label}。如有异议，请联系区房屋管理部门。"
    tell_firm(work, firm.id, "信息卡已注销", words, card)
    work.session.flush()
    if card.id_no is not None:
        release_held(work, card.id_no.plain)


_FIELDS = {"uscc": "企业", "name": "姓名", "id_no": "证件号码"}


def _differences(order: ReceiveCancellation, card: InfoCard, firm: Enterprise) -> list[Finding]:
    """K10: what the association says of the card and ours says otherwise."""
    differs = [
        ("uscc", order.uscc != firm.uscc),
        ("name", bool(order.name) and normal("name", order.name) != normal("name", card.name.plain)),
        (
            "id_no",
            bool(order.id_no)
            and card.id_no is not None
            and normal("id_no", order.id_no) != normal("id_no", card.id_no.plain),
        ),
    ]
    return [Finding("K10", _DIFFERS, field, Severity.INTERCEPT) for field, found in differs if found]


def _known_since(work: Work, order: ReceiveCancellation, card: InfoCard, firm: Enterprise) -> bool:
    """Return whether the association re-recorded the person later, or we cancelled the card: no check is needed."""
    if card.id_no is None:
        return False
    person = card.id_no.plain, firm.uscc, order.event_at
    return ledger.told_before(work, CardEventKind.REGISTERED, *person) or ledger.told_before(
        work, CardEventKind.CANCELLED, *person, EventWay.OUT
    )


def _answer(work: Work, event: AssociationEvent) -> CancellationAnswer:
    card = work.session.get(InfoCard, event.card_id) if event.card_id else None
    return CancellationAnswer(
        event.event_no,
        event.state in (EventState.DONE, EventState.ECHO),
        event.state,
        card.card_no if card is not None else event.card_no,
        ledger.told_state(work, card),
        ledger.kept_reasons(event),
    )


def _unkept(order: ReceiveCancellation, finding: Finding) -> CancellationAnswer:
    return CancellationAnswer(order.event_no, False, EventState.REFUSED, order.card_no, None, reasons_of([finding]))


@dataclass(frozen=True)
class Drawn:
    """The picture of a card, with the state it was drawn in."""

    card_id: UUID
    valid: bool
    picture: bytes


def _draw(gathering: Gathering, order: AskCard) -> Drawn | None:
    """Drawn before the transaction: a picture takes its time."""

    def drawn(work: Work) -> Drawn | None:
        only_the_association(work)
        if not order.picture or (card := _card_asked(work, order)) is None:
            return None
        valid = card_stands(card, firm_of(work, card.enterprise_id)) is CardState.ACTIVE
        return Drawn(card.id, valid, card_picture(work, card))

    found: Drawn | None = gathering.look(drawn)
    return found


@query("practitioners.assoc_card", "信息卡查询", roles={Role.PARTNER}, gather=_draw, personal=True)
def ask_card(work: Work, order: AskCard, drawn: Drawn | None) -> CardTold:
    """Return the card of a number, or a person's newest card; any mismatch is `NotFound`."""
    only_the_association(work)
    card = _card_asked(work, order)
    if card is None:
        raise NotFound
    firm = firm_of(work, card.enterprise_id)
    note_access(work, [card.id_no_index], "practitioners.assoc_card", Shown.FULL, purpose=order.purpose, about=card)
    state = card_stands(card, firm)
    valid = state is CardState.ACTIVE
    # A card that changed in this very moment is shown without the picture of what it was.
    fits = drawn is not None and (drawn.card_id, drawn.valid) == (card.id, valid)
    return copy_of(
        CardTold,
        card,
        valid=valid,
        state=state,
        name=card.name.plain,
        enterprise_name=firm.name,
        uscc=firm.uscc,
        record_no=firm.record_no,
        record_state=str(firm.record_state),
        picture=drawn.picture if drawn is not None and fits else b"",
        watermarked=not valid,
    )


def _card_asked(work: Work, order: AskCard) -> InfoCard | None:
    by_holder = bool(order.name.strip() and order.id_no.strip())
    if bool(order.card_no) is by_holder or (order.card_no and (order.name or order.id_no)):
        raise Malformed("请按信息卡编号，或按姓名和证件号码两种方式之一查询")
    return _of_holder(work, order) if by_holder else _of_number(work, order.card_no)


def _of_number(work: Work, card_no: str) -> InfoCard | None:
    return work.first(InfoCard, InfoCard.card_no == card_number(card_no))


def _of_holder(work: Work, order: AskCard) -> InfoCard | None:
    card = newest_card_of(work, order.id_no)
    if card is None or normal("name", card.name.plain) != normal("name", order.name):
        return None
    return card
