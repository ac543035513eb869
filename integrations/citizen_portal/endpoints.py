"""Endpoints of the city portal's front end (row 4)."""

from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.partners.wire_fields import message_of
from services.verification.portal_precheck import PrecheckAnswer, PrecheckHome, precheck_body, precheck_home

relay(
    Relay(
        path="/precheck",
        label="房屋前置核验",
        row=4,
        message=message_of(PrecheckHome),
        act=precheck_home,
        reply=precheck_body,
        answer=PrecheckAnswer,
        business_key=lambda message: message.category.label if message.category else "房屋前置核验",
    ),
    sender=PartnerKind.PORTAL,
)
