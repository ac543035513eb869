"""Calls that firms and platforms have in common about codes they obtained: ask, act, publish (rows 26, 32)."""

from typing import Any

from integrations.wire.exchange.relay import Relay
from services.partners.wire_fields import message_of
from services.verification.partner_calls import Acted, CodeAct, PublishCode, act_on_code, acted, publish_code
from services.verification.partner_orders import AskVerification, ask_verification
from services.verification.result_callbacks import VerificationResult, result_body


def code_relays(
    scope: str, row: int, *, ask: tuple[str, str], act: tuple[str, str], publish: tuple[str, str]
) -> tuple[Relay[Any, Any, Any], ...]:
    """Declare the three calls at the paths and under the labels of a kind of partner."""
    return (
        Relay(
            path=ask[0],
            label=ask[1],
            row=row,
            scope=scope,
            message=message_of(AskVerification),
            act=ask_verification,
            reply=result_body,
            answer=VerificationResult,
            business_key=lambda message: message.request_no or message.code_no,
        ),
        Relay(
            path=act[0],
            label=act[1],
            row=row,
            scope=scope,
            message=message_of(CodeAct),
            act=act_on_code,
            reply=acted,
            answer=Acted,
            business_key=lambda message: message.code_no,
        ),
        Relay(
            path=publish[0],
            label=publish[1],
            row=row,
            scope=scope,
            message=message_of(PublishCode),
            act=publish_code,
            reply=acted,
            answer=Acted,
            business_key=lambda message: message.code_no or "",
        ),
    )
