"""Endpoint of the portal's case library: a message about a case, as soon as there is one (rows 1-3)."""

from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.one_stop.messages import LibraryMessage
from services.one_stop.pushed import CaseResult, push_case, result_body
from services.partners.wire_fields import message_of

relay(
    Relay(
        path="/one-stop/cases",
        label="一网通办办件报送",
        row=1,
        message=message_of(LibraryMessage),
        act=push_case,
        reply=result_body,
        answer=CaseResult,
        business_key=lambda message: message.case_no,
    ),
    sender=PartnerKind.PORTAL,
)
