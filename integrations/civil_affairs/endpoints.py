"""Endpoints of the civil affairs system: acceptances, withdrawals and questions about them (row 12)."""

from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.forced_review.civil_cases import ask_civil, hand_over, take_back
from services.forced_review.civil_orders import AskCivil, HandOver, TakeBack
from services.forced_review.civil_results import CivilResult, civil_body
from services.partners.wire_fields import message_of

_SCOPE = "civil-cases"

relay(
    Relay(
        path="/civil/cases",
        label="社区受理办件",
        row=12,
        scope=_SCOPE,
        message=message_of(HandOver),
        act=hand_over,
        reply=civil_body,
        answer=CivilResult,
        business_key=lambda message: message.acceptance_no,
    ),
    Relay(
        path="/civil/cases/withdraw",
        label="社区受理撤回",
        row=12,
        scope=_SCOPE,
        message=message_of(TakeBack),
        act=take_back,
        reply=civil_body,
        answer=CivilResult,
        business_key=lambda message: message.acceptance_no,
    ),
    Relay(
        path="/civil/cases/query",
        label="社区受理办件查询",
        row=12,
        scope=_SCOPE,
        message=message_of(AskCivil),
        act=ask_civil,
        reply=civil_body,
        answer=CivilResult,
        business_key=lambda message: message.acceptance_no,
    ),
    sender=PartnerKind.CIVIL,
)
