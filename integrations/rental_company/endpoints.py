"""Endpoints of rental firms' systems: bills, their cancellation, requests to end, acknowledgements (rows 17-21); verification (26, 27)."""

from integrations.wire.exchange.code_relays import code_relays
from integrations.wire.exchange.messages import each, each_answer, judged, judged_answer
from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.direct_pay.bills import cancel_bill, submit_bills
from services.direct_pay.firm_terminations import request_termination
from services.direct_pay.mandate_intake import Acknowledge, acknowledge
from services.direct_pay.orders import CancelBill, RequestTermination, SubmitBills
from services.partners.wire_fields import message_of
from services.verification.partner_calls import Taken, item_reply
from services.verification.partner_orders import SubmitHomes, submit_homes

relay(
    Relay(
        path="/verifications",
        label="房源核验报送",
        row=26,
        message=message_of(SubmitHomes),
        act=submit_homes,
        reply=each(item_reply),
        answer=each_answer(Taken),
        business_key=lambda message: f"{message.items[0].request_no}（共{len(message.items)}套）",
    ),
    *code_relays(
        "verifications",
        26,
        ask=("/verifications/query", "房源核验结果查询"),
        act=("/verifications/act", "房源维护、下架和撤码"),
        publish=("/verifications/publish", "房源发布"),
    ),
    Relay(
        path="/direct-pay/bills",
        label="企业账单对接",
        row=18,
        message=message_of(SubmitBills),
        act=submit_bills,
        reply=each(judged("bill_no", "note")),
        answer=each_answer(judged_answer("bill_no", "账单编号", note="核验说明")),
        business_key=lambda message: f"{message.bills[0].bill_no}（共{len(message.bills)}笔）",
    ),
    Relay(
        path="/direct-pay/bills/cancel",
        label="企业账单撤销",
        row=18,
        scope="direct-pay.bills",
        message=message_of(CancelBill),
        act=cancel_bill,
        reply=judged("bill_no", "note"),
        answer=judged_answer("bill_no", "账单编号", note="说明"),
        business_key=lambda message: message.bill_no,
    ),
    Relay(
        path="/direct-pay/terminations/enterprise",
        label="企业终止对接",
        row=21,
        message=message_of(RequestTermination, needed=frozenset({"term_no"})),
        act=request_termination,
        reply=judged("term_no", "note"),
        answer=judged_answer("term_no", "终止编号", note="说明"),
        business_key=lambda message: message.term_no,
    ),
    Relay(
        path="/direct-pay/acks",
        label="企业确认收到",
        row=17,
        message=message_of(Acknowledge),
        act=acknowledge,
        reply=judged("number"),
        answer=judged_answer("number", "编号"),
        business_key=lambda message: message.number,
    ),
    sender=PartnerKind.ENTERPRISE,
)
