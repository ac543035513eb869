"""Endpoints of rental firms' systems: bills, their cancellation, requests to end, acknowledgements (rows 17-21)."""

from integrations.rental_company.contract import Acknowledgement, BillCancellation, BillsMessage, TerminationRequest
from integrations.wire.exchange.messages import each, judged, order_of
from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.direct_pay.bills import cancel_bill, submit_bills
from services.direct_pay.firm_terminations import request_termination
from services.direct_pay.mandate_intake import Acknowledge, acknowledge
from services.direct_pay.orders import CancelBill, RequestTermination, SubmitBills

relay(
    Relay(
        path="/direct-pay/bills",
        label="企业账单对接",
        row=18,
        message=BillsMessage,
        act=submit_bills,
        order=order_of(SubmitBills),
        reply=each(judged("bill_no", "note")),
        business_key=lambda message: f"{message.bills[0].bill_no}（共{len(message.bills)}笔）",
    ),
    Relay(
        path="/direct-pay/bills/cancel",
        label="企业账单撤销",
        row=18,
        scope="direct-pay.bills",
        message=BillCancellation,
        act=cancel_bill,
        order=order_of(CancelBill),
        reply=judged("bill_no", "note"),
        business_key=lambda message: message.bill_no,
    ),
    Relay(
        path="/direct-pay/terminations/enterprise",
        label="企业终止对接",
        row=21,
        message=TerminationRequest,
        act=request_termination,
        order=order_of(RequestTermination),
        reply=judged("term_no", "note"),
        business_key=lambda message: message.term_no,
    ),
    Relay(
        path="/direct-pay/acks",
        label="企业确认收到",
        row=17,
        message=Acknowledgement,
        act=acknowledge,
        order=order_of(Acknowledge),
        reply=judged("number"),
        business_key=lambda message: message.number,
    ),
    sender=PartnerKind.ENTERPRISE,
)
