"""Endpoints of information platforms: verify on behalf, fetch and cancel own codes, the daily list (row 32)."""

from integrations.listing_platform.contract import EndedList
from integrations.wire.exchange.messages import each, each_answer
from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.partners.wire_fields import message_of
from services.verification.partner_calls import (
    Acted,
    CodeAct,
    PublishCode,
    Taken,
    act_on_code,
    acted,
    item_reply,
    publish_code,
)
from services.verification.partner_orders import (
    AskEnded,
    AskVerification,
    SubmitListings,
    ask_verification,
    ended_codes,
    submit_listings,
)
from services.verification.result_callbacks import VerificationResult, result_body

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
    Relay(
        path="/listings/codes/query",
        label="获取核验码",
        row=32,
        scope="listings",
        message=message_of(AskVerification),
        act=ask_verification,
        reply=result_body,
        answer=VerificationResult,
        business_key=lambda message: message.request_no or message.code_no,
    ),
    Relay(
        path="/listings/codes/act",
        label="维护、下架和注销核验码",
        row=32,
        scope="listings",
        message=message_of(CodeAct),
        act=act_on_code,
        reply=acted,
        answer=Acted,
        business_key=lambda message: message.code_no,
    ),
    Relay(
        path="/listings/publish",
        label="平台房源发布",
        row=32,
        scope="listings",
        message=message_of(PublishCode),
        act=publish_code,
        reply=acted,
        answer=Acted,
        business_key=lambda message: message.code_no,
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
