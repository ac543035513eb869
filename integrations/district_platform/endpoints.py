"""Endpoints of a district's platform: check-ins, move-outs and occupied rooms (row 14)."""

from typing import Any

from integrations.district_platform.contract import CheckInMessage, MoveOutResult, OccupiedResult
from integrations.wire.exchange.messages import typed, values_of
from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from models.push_codes import MoveOutState
from services.check_ins.arrivals import report_check_in
from services.check_ins.move_outs import report_move_out
from services.check_ins.occupied import report_occupied
from services.check_ins.orders import MoveOutAnswer, OccupiedAnswer, ReportCheckIn, ReportMoveOut, ReportOccupied
from services.check_ins.result_callbacks import StayResult, stay_body
from services.partners.message_body import body_of, with_given
from services.partners.wire_fields import message_of


def _stay(message: CheckInMessage) -> ReportCheckIn:
    own = values_of(message, ReportCheckIn)
    # Everything else is the tenants' part of the lease.
    lease = {key: value for key, value in typed(message).items() if key not in (*own, "signed_text_sm3")}
    return ReportCheckIn(**own, signed_text=message.signed_text_sm3, lease=lease)


def _left(answer: MoveOutAnswer) -> dict[str, Any]:
    accepted = answer.state is not MoveOutState.REFUSED
    return {"accepted": accepted, **with_given(body_of(answer), "filing_no", "cancel_no")}


def _compared(answer: OccupiedAnswer) -> dict[str, Any]:
    return {"accepted": True, **body_of(answer)}


relay(
    Relay(
        path="/checkins",
        label="入住即备案",
        row=14,
        message=CheckInMessage,
        act=report_check_in,
        order=_stay,
        reply=stay_body,
        answer=StayResult,
        business_key=lambda message: message.checkin_no,
    ),
    Relay(
        path="/checkouts",
        label="退租注销",
        row=14,
        scope="checkins",
        message=message_of(ReportMoveOut),
        act=report_move_out,
        reply=_left,
        answer=MoveOutResult,
        business_key=lambda message: message.checkout_no,
    ),
    Relay(
        path="/rooms/occupied",
        label="在住房间核对",
        row=14,
        scope="checkins",
        message=message_of(ReportOccupied),
        act=report_occupied,
        reply=_compared,
        answer=OccupiedResult,
        business_key=lambda message: f"{message.project_no} {message.as_of}",
    ),
    sender=PartnerKind.DISTRICT,
)
