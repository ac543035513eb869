"""The association pushes its members' leases, up to 500 at once, each answered by itself (row 13, rule I06)."""

from typing import Any

from integrations.broker_association.contract import BrokerBatch, BrokerLease
from integrations.wire.exchange.messages import faults_in, text_within, typed
from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.broker_pushes.batch_intake import receive_batch
from services.broker_pushes.orders import PushedItem, ReceiveBatch
from services.broker_pushes.result_callbacks import BatchResult, batch_body
from services.partners.wire_fields import credit_code

#: Fields of the item itself; everything else is the lease.
_OWN = {"own_no", "attempt", "member_uscc", "signed_text_sm3"}


def _order(message: BrokerBatch) -> ReceiveBatch:
    return ReceiveBatch(
        message.batch_no,
        tuple(_item(message.batch_no, place, item) for place, item in enumerate(message.items, 1)),
    )


def _item(batch_no: str, place: int, item: Any) -> PushedItem:
    if isinstance(item, BrokerLease):
        raw = {key: value for key, value in typed(item).items() if key not in _OWN}
        return PushedItem(place, item.own_no, item.member_uscc, raw, item.signed_text_sm3, item.attempt)
    given = item if isinstance(item, dict) else {}
    # Without a number of its own it is known by its place in the batch, so that a resend finds it again.
    own_no = text_within(given.get("own_no"), 64) or f"{batch_no}#{place}"[-80:]
    attempt = given.get("attempt", 1)
    return PushedItem(
        position=place,
        own_no=own_no,
        member_uscc=credit_code(text_within(given.get("member_uscc"), 18))[:18],
        attempt=attempt if isinstance(attempt, int) and not isinstance(attempt, bool) and 1 <= attempt <= 99 else 1,
        faults=faults_in(item, BrokerLease, no_object="报送件", unreadable="报送件"),
    )


relay(
    Relay(
        path="/filings/broker",
        label="经纪行业协会批量对接",
        row=13,
        message=BrokerBatch,
        act=receive_batch,
        order=_order,
        reply=batch_body,
        answer=BatchResult,
        business_key=lambda message: f"{message.batch_no}（共{len(message.items)}件）",
    ),
    sender=PartnerKind.ASSOCIATION,
)
