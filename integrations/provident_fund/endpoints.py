"""Endpoints of the provident fund: two questions and four messages (rows 15-17, 19, 20, 22)."""

from integrations.provident_fund.answers import FilingEndings, FoundFilings
from integrations.wire.exchange.messages import each, each_answer, judged, judged_answer
from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.direct_pay.calls import BY_PERSON
from services.direct_pay.filings import AskEndings, AskFilings, ask_filings, filing_endings
from services.direct_pay.firm_terminations import receive_decision
from services.direct_pay.mandate_ends import receive_tenant_termination
from services.direct_pay.mandate_intake import receive_entrustment
from services.direct_pay.orders import ReceiveDecision, ReceiveEntrustment, ReceiveResults, ReceiveTenantTermination
from services.direct_pay.results import receive_results
from services.partners.wire_fields import message_of

relay(
    Relay(
        path="/filings/query",
        label="合同与备案信息查询",
        row=15,
        message=message_of(AskFilings),
        act=ask_filings,
        answer=FoundFilings,
        business_key=lambda message: message.filing_no or message.contract_no or BY_PERSON,
    ),
    Relay(
        path="/filings/endings",
        label="合同及备案终止数据查询",
        row=16,
        message=message_of(AskEndings),
        act=filing_endings,
        answer=FilingEndings,
        business_key=lambda message: message.filing_no or message.contract_no or f"游标 {message.cursor or '0'}",
    ),
    Relay(
        path="/direct-pay/entrustments",
        label="个人委托开通对接",
        row=17,
        message=message_of(ReceiveEntrustment),
        act=receive_entrustment,
        reply=judged("entrust_no", "receipt_no"),
        answer=judged_answer("entrust_no", "委托书编号", receipt_no="回执编号"),
        business_key=lambda message: message.entrust_no,
    ),
    Relay(
        path="/direct-pay/results",
        label="审查（支付）结果对接",
        row=19,
        message=message_of(ReceiveResults),
        act=receive_results,
        reply=each(judged("result_no", "note")),
        answer=each_answer(judged_answer("result_no", "结果编号", note="说明")),
        business_key=lambda message: f"{message.results[0].result_no}（共{len(message.results)}条）",
    ),
    Relay(
        path="/direct-pay/terminations/tenant",
        label="个人终止对接",
        row=20,
        message=message_of(ReceiveTenantTermination),
        act=receive_tenant_termination,
        reply=judged("term_no", "note"),
        answer=judged_answer("term_no", "终止编号", note="说明"),
        business_key=lambda message: message.term_no,
    ),
    Relay(
        path="/direct-pay/terminations/decisions",
        label="终止审核结果对接",
        row=22,
        message=message_of(ReceiveDecision),
        act=receive_decision,
        reply=judged("decision_no", "note"),
        answer=judged_answer("decision_no", "审核结果编号", note="说明"),
        business_key=lambda message: message.decision_no,
    ),
    sender=PartnerKind.FUND,
)
