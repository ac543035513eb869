"""Endpoints of rental firms' systems: bills, their cancellation, requests to end, acknowledgements (rows 17-21)."""

from typing import Any

from integrations.rental_company.contract import Acknowledgement, BillCancellation, BillsMessage, TerminationRequest
from integrations.wire.exchange.judged import judged, values_of
from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.direct_pay.bills import cancel_bill, submit_bills
from services.direct_pay.firm_terminations import request_termination
from services.direct_pay.mandate_intake import Acknowledge, acknowledge
from services.direct_pay.orders import Answer, CancelBill, NewBill, RequestTermination, SubmitBills
from services.engine.callers import Caller


def _bills(message: BillsMessage, caller: Caller) -> SubmitBills:
    return SubmitBills(tuple(NewBill(**values_of(one)) for one in message.bills))


def _bills_taken(answers: list[Answer]) -> dict[str, Any]:
    return {"items": [judged(one.accepted, one.reasons, bill_no=one.number, note=one.note) for one in answers]}


relay(
    Relay(
        path="/direct-pay/bills",
        label="企业账单对接",
        row=18,
        scope="direct-pay.bills",
        sender=PartnerKind.ENTERPRISE,
        message=BillsMessage,
        act=submit_bills,
        order=_bills,
        reply=_bills_taken,
        business_key=lambda message: f"{message.bills[0].bill_no}（共{len(message.bills)}笔）",
    ),
    Relay(
        path="/direct-pay/bills/cancel",
        label="企业账单撤销",
        row=18,
        scope="direct-pay.bills",
        sender=PartnerKind.ENTERPRISE,
        message=BillCancellation,
        act=cancel_bill,
        order=lambda message, caller: CancelBill(message.bill_no),
        reply=lambda answer: judged(answer.accepted, answer.reasons, bill_no=answer.number, note=answer.note),
        business_key=lambda message: message.bill_no,
    ),
    Relay(
        path="/direct-pay/terminations/enterprise",
        label="企业终止对接",
        row=21,
        scope="direct-pay.terminations.enterprise",
        sender=PartnerKind.ENTERPRISE,
        message=TerminationRequest,
        act=request_termination,
        order=lambda message, caller: RequestTermination(**values_of(message)),
        reply=lambda answer: judged(answer.accepted, answer.reasons, term_no=answer.number, note=answer.note),
        business_key=lambda message: message.term_no,
    ),
    Relay(
        path="/direct-pay/acks",
        label="企业确认收到",
        row=17,
        scope="direct-pay.acks",
        sender=PartnerKind.ENTERPRISE,
        message=Acknowledgement,
        act=acknowledge,
        order=lambda message, caller: Acknowledge(message.kind, message.number),
        reply=lambda answer: judged(answer.accepted, answer.reasons, number=answer.number),
        business_key=lambda message: message.number,
    ),
)
