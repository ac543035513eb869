"""Endpoints of the provident fund: two questions and four messages (rows 15-17, 19, 20, 22)."""

from typing import Any

from integrations.provident_fund.contract import (
    DecisionMessage,
    EndingQuestion,
    EntrustmentMessage,
    FilingQuestion,
    ResultsMessage,
    TenantTermination,
)
from integrations.wire.exchange.judged import judged, values_of
from integrations.wire.exchange.relay import Relay, relay
from models.partners import PartnerKind
from services.direct_pay.calls import BY_PERSON
from services.direct_pay.filings import (
    AskEndings,
    AskFilings,
    Found,
    ask_filings,
    filing_endings,
)
from services.direct_pay.firm_terminations import receive_decision
from services.direct_pay.mandate_ends import receive_tenant_termination
from services.direct_pay.mandate_intake import receive_entrustment
from services.direct_pay.orders import (
    Answer,
    NewResult,
    ReceiveDecision,
    ReceiveEntrustment,
    ReceiveResults,
    ReceiveTenantTermination,
)
from services.direct_pay.results import receive_results
from services.engine.callers import Caller
from services.partners.message_body import body_of


def _found(found: Found) -> dict[str, Any]:
    return {"filings": [body_of(one) for one in found.details], "summaries": [body_of(one) for one in found.summaries]}


def _results(message: ResultsMessage, caller: Caller) -> ReceiveResults:
    return ReceiveResults(tuple(NewResult(**values_of(one)) for one in message.results))


def _results_taken(answers: list[Answer]) -> dict[str, Any]:
    return {"items": [judged(one.accepted, one.reasons, result_no=one.number, note=one.note) for one in answers]}


relay(
    Relay(
        path="/filings/query",
        label="合同与备案信息查询",
        row=15,
        scope="filings.query",
        sender=PartnerKind.FUND,
        message=FilingQuestion,
        act=ask_filings,
        order=lambda message, caller: AskFilings(**values_of(message)),
        reply=_found,
        business_key=lambda message: message.filing_no or message.contract_no or BY_PERSON,
    ),
    Relay(
        path="/filings/endings",
        label="合同及备案终止数据查询",
        row=16,
        scope="filings.endings",
        sender=PartnerKind.FUND,
        message=EndingQuestion,
        act=filing_endings,
        order=lambda message, caller: AskEndings(**values_of(message)),
        reply=body_of,
        business_key=lambda message: message.filing_no or message.contract_no or f"游标 {message.cursor or '0'}",
    ),
    Relay(
        path="/direct-pay/entrustments",
        label="个人委托开通对接",
        row=17,
        scope="direct-pay.entrustments",
        sender=PartnerKind.FUND,
        message=EntrustmentMessage,
        act=receive_entrustment,
        order=lambda message, caller: ReceiveEntrustment(**values_of(message)),
        reply=lambda answer: judged(
            answer.accepted, answer.reasons, entrust_no=answer.number, receipt_no=answer.receipt_no
        ),
        business_key=lambda message: message.entrust_no,
    ),
    Relay(
        path="/direct-pay/results",
        label="审查（支付）结果对接",
        row=19,
        scope="direct-pay.results",
        sender=PartnerKind.FUND,
        message=ResultsMessage,
        act=receive_results,
        order=_results,
        reply=_results_taken,
        business_key=lambda message: f"{message.results[0].result_no}（共{len(message.results)}条）",
    ),
    Relay(
        path="/direct-pay/terminations/tenant",
        label="个人终止对接",
        row=20,
        scope="direct-pay.terminations.tenant",
        sender=PartnerKind.FUND,
        message=TenantTermination,
        act=receive_tenant_termination,
        order=lambda message, caller: ReceiveTenantTermination(**values_of(message)),
        reply=lambda answer: judged(answer.accepted, answer.reasons, term_no=answer.number, note=answer.note),
        business_key=lambda message: message.term_no,
    ),
    Relay(
        path="/direct-pay/terminations/decisions",
        label="终止审核结果对接",
        row=22,
        scope="direct-pay.terminations.decisions",
        sender=PartnerKind.FUND,
        message=DecisionMessage,
        act=receive_decision,
        order=lambda message, caller: ReceiveDecision(**values_of(message)),
        reply=lambda answer: judged(answer.accepted, answer.reasons, decision_no=answer.number, note=answer.note),
        business_key=lambda message: message.decision_no,
    ),
)
