"""Endpoints of information platforms: verify on behalf, fetch and cancel own codes, the daily list (row 32)."""

from integrations.listing_platform.contract import EndedList
from integrations.wire.exchange.code_relays import code_relays
from integrations.wire.exchange.messages import each, each_answer
from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.partners.wire_fields import message_of
from services.verification.partner_calls import Taken, item_reply
from services.verification.partner_orders import AskEnded, SubmitListings, ended_codes, submit_listings

relay(
    Relay(
        path="/listings/verifications",
        label="代办房源核验",
        row=32,
        message=message_of(SubmitListings),
        act=submit_listings,
        reply=each(item_reply),
        answer=each_answer(Taken),
        business_key=lambda message: f"{message.items[0].request_no}（共{len(message.items)}套）",
        scope="listings",
    ),
    *code_relays(
        "listings",
        32,
        ask=("/listings/codes/query", "获取核验码"),
        act=("/listings/codes/act", "维护、下架和注销核验码"),
        publish=("/listings/publish", "平台房源发布"),
    ),
    Relay(
        path="/listings/codes/ended",
        label="每日失效核验码清单",
        row=32,
        scope="listings",
        message=message_of(AskEnded),
        act=ended_codes,
        answer=EndedList,
        business_key=lambda message: f"{message.day} {message.after}".strip(),
    ),
    sender=PartnerKind.PLATFORM,
)
