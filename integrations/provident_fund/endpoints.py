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
    Endings,
    FilingDetail,
    Found,
    ask_filings,
    filing_endings,
)
from services.direct_pay.firm_terminations import receive_decision
from services.direct_pay.mandate_ends import receive_tenant_termination
from services.direct_pay.mandate_intake import receive_entrustment
from services.direct_pay.message_routes import moment_text
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

# Questions


def _question(message: FilingQuestion, caller: Caller) -> AskFilings:
    return AskFilings(**values_of(message))


def _found(found: Found) -> dict[str, Any]:
    return {
        "filings": [_detail(one) for one in found.details],
        "summaries": [
            {
                "filing_no": one.filing_no,
                "contract_no": one.contract_no,
                "state": str(one.state),
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat(),
                "changed_at": moment_text(one.changed_at),
            }
            for one in found.summaries
        ],
    }


def _detail(one: FilingDetail) -> dict[str, Any]:
    return {
        "filing_no": one.filing_no,
        "contract_no": one.contract_no,
        "state": str(one.state),
        "contract_state": str(one.contract_state),
        "address": one.address,
        "house_code": one.house_code,
        "enterprise_uscc": one.enterprise_uscc,
        "enterprise": one.enterprise,
        "landlords": list(one.landlords),
        "tenants": [{"name": tenant.name, "id_no": tenant.id_no} for tenant in one.tenants],
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "valid_from": one.valid_from.isoformat(),
        "valid_to": one.valid_to.isoformat(),
        "month_rent": f"{one.month_rent:.2f}",
        "pay_cycle": one.pay_cycle,
        "ended_on": one.ended_on.isoformat() if one.ended_on else None,
        "changed_at": moment_text(one.changed_at),
    }


relay(
    Relay(
        path="/filings/query",
        label="合同与备案信息查询",
        row=15,
        scope="filings.query",
        sender=PartnerKind.FUND,
        message=FilingQuestion,
        act=ask_filings,
        order=_question,
        reply=_found,
        business_key=lambda message: message.filing_no or message.contract_no or BY_PERSON,
    )
)


def _ends_asked(message: EndingQuestion, caller: Caller) -> AskEndings:
    return AskEndings(**values_of(message))


def _ends(found: Endings) -> dict[str, Any]:
    return {
        "lines": [
            {
                "line_no": one.line_no,
                "filing_no": one.filing_no,
                "contract_no": one.contract_no,
                "kind": str(one.kind),
                "ended_on": one.ended_on.isoformat(),
                "recorded_at": moment_text(one.recorded_at),
            }
            for one in found.lines
        ],
        "numbers": [
            {
                "filing_no": one.filing_no,
                "contract_no": one.contract_no,
                "state": str(one.state),
                "ended_on": one.ended_on.isoformat() if one.ended_on else None,
            }
            for one in found.numbers
        ],
        "cursor": found.cursor,
        "more": found.more,
    }


relay(
    Relay(
        path="/filings/endings",
        label="合同及备案终止数据查询",
        row=16,
        scope="filings.endings",
        sender=PartnerKind.FUND,
        message=EndingQuestion,
        act=filing_endings,
        order=_ends_asked,
        reply=_ends,
        business_key=lambda message: message.filing_no or message.contract_no or f"游标 {message.cursor or '0'}",
    )
)

# Messages


def _mandate(message: EntrustmentMessage, caller: Caller) -> ReceiveEntrustment:
    return ReceiveEntrustment(**values_of(message))


relay(
    Relay(
        path="/direct-pay/entrustments",
        label="个人委托开通对接",
        row=17,
        scope="direct-pay.entrustments",
        sender=PartnerKind.FUND,
        message=EntrustmentMessage,
        act=receive_entrustment,
        order=_mandate,
        reply=lambda answer: judged(
            answer.accepted, answer.reasons, entrust_no=answer.number, receipt_no=answer.receipt_no
        ),
        business_key=lambda message: message.entrust_no,
    )
)


def _results(message: ResultsMessage, caller: Caller) -> ReceiveResults:
    return ReceiveResults(tuple(NewResult(**values_of(one)) for one in message.results))


def _results_taken(answers: list[Answer]) -> dict[str, Any]:
    return {"items": [judged(one.accepted, one.reasons, result_no=one.number, note=one.note) for one in answers]}


relay(
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
    )
)
relay(
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
    )
)
relay(
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
    )
)
