"""The association's integrity platform: recorded people, cancelled cards, and questions about a card (rows 45-47)."""

import base64
import binascii
from typing import Any

from integrations.broker_association.cards_contract import (
    CancellationMessage,
    CancellationResult,
    CardQuestion,
    CardResult,
    PeopleBatch,
    PeopleResult,
    RecordedPerson,
)
from integrations.wire.exchange.messages import faults_in, text_within, values_of
from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.engine.copied import copy_of
from services.engine.findings import Finding, Severity
from services.partners.message_body import body_of
from services.partners.wire_fields import credit_code
from services.practitioners.association_cards import ask_card, receive_cancellation
from services.practitioners.association_messages import (
    AskCard,
    CardTold,
    PeopleAnswer,
    ReceiveCancellation,
    ReceivePeople,
    person_body,
)
from services.practitioners.association_messages import RecordedPerson as Recorded
from services.practitioners.association_registration import receive_people
from services.practitioners.orders import PersonData


def _people(message: PeopleBatch) -> ReceivePeople:
    people = tuple(_person(message.batch_no, place, item) for place, item in enumerate(message.items, 1))
    return ReceivePeople(message.batch_no, people)


def _person(batch_no: str, place: int, item: Any) -> Recorded:
    if not isinstance(item, RecordedPerson):
        given = item if isinstance(item, dict) else {}
        # Without a number of his own he is known by his place in the batch, so that a resend finds him again.
        own_no = text_within(given.get("own_no"), 64) or f"{batch_no}#{place}"
        return Recorded(
            place,
            own_no,
            credit_code(text_within(given.get("uscc"), 18))[:18],
            faults=faults_in(item, RecordedPerson, no_object="每名人员", unreadable="内容"),
        )
    photo = b""
    faults: tuple[Finding, ...] = ()
    try:
        photo = base64.b64decode(item.photo or "", validate=True)
    except binascii.Error:
        faults = (Finding("FORM", "photo：不是 Base64", "photo", Severity.CORRECT),)
    person = PersonData(**values_of(item, PersonData) | {"id_type": str(item.id_type)})
    return copy_of(Recorded, item, position=place, person=person, photo=photo, faults=faults)


def _people_body(answer: PeopleAnswer) -> dict[str, Any]:
    return {
        "batch_no": answer.batch_no,
        "total": len(answer.people),
        "items": [person_body(one) for one in answer.people],
    }


def _card_body(card: CardTold) -> dict[str, Any]:
    body = body_of(card, without={"picture", "watermarked"})
    if card.picture:
        body |= {"picture": base64.b64encode(card.picture).decode(), "watermarked": card.watermarked}
    return {"card": body}


relay(
    Relay(
        path="/practitioners/registrations",
        label="诚信平台新办对接",
        row=45,
        message=PeopleBatch,
        act=receive_people,
        order=_people,
        reply=_people_body,
        answer=PeopleResult,
        business_key=lambda message: f"{message.batch_no}（共{len(message.items)}人）",
    ),
    Relay(
        path="/practitioners/cancellations",
        label="诚信平台注销对接",
        row=46,
        message=CancellationMessage,
        act=receive_cancellation,
        answer=CancellationResult,
        order=lambda message: ReceiveCancellation(**values_of(message, ReceiveCancellation)),
        business_key=lambda message: f"{message.event_no} {message.card_no}".strip(),
    ),
    Relay(
        path="/practitioners/cards/query",
        label="信息卡查询",
        row=47,
        scope="practitioners.cards",
        message=CardQuestion,
        act=ask_card,
        order=lambda message: AskCard(**values_of(message, AskCard)),
        reply=_card_body,
        answer=CardResult,
        # A holder's name and number are no business key: the log shows that a person was asked about.
        business_key=lambda message: message.card_no or "按姓名和证件号码",
    ),
    sender=PartnerKind.ASSOCIATION,
)
