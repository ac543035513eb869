"""A mandate from its signing to its last payment: what tenant, firm and fund did, with receipts (row 23)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import union
from sqlmodel import col, select

from models.codes import Tone
from models.direct_pay import Entrustment, PaymentResult, PaymentTermination, RentBill, TerminationDecision
from models.direct_pay_codes import BillState, EntrustState, PaymentOutcome, ResultState, TermSide
from models.engine import Outgoing, OutgoingState
from models.privacy import Shown
from models.sealed import Sealed
from services.access.visibility import ENTERPRISE
from services.direct_pay.month_steps import month_steps
from services.direct_pay.progress import PROGRESS
from services.direct_pay.visibility import WATCHERS
from services.engine.list_pages import lines_of
from services.engine.listings import Line
from services.engine.outbox import sending_of
from services.engine.registry import query
from services.engine.work import Work
from services.privacy.accesses import note_access

TENANT, FIRM, FUND, US = "承租人", "企业", "公积金中心", "本系统"
_MOST_BILLS = 600


@dataclass(frozen=True)
class Event:
    """An event of a mandate. `receipt` is the number of its acknowledgement; `tone` is that of a badge."""

    id: str
    at: datetime
    who: str
    what: str
    detail: str = ""
    receipt: str = ""
    tone: Tone = "muted"


@query("direct_pay.timeline", "公积金直付时间线", roles=WATCHERS | ENTERPRISE, personal=True)
def timeline(work: Work, entrustment_id: UUID) -> Line:
    """Return a visible mandate as the list of progress shows it, with its events, bills and messages.

    Names, numbers and accounts are masked; the look at the tenant is logged.
    """
    row = work.get(Entrustment, entrustment_id)
    note_access(
        work,
        [row.tenant_id_no_index, row.spouse_id_no_index],
        "direct_pay.timeline",
        Shown.MASKED,
        purpose="查看公积金直付进度",
        about=row,
    )
    parts = _parts(work, row)
    sent = _messages(work, row, parts) if work.caller.has(*WATCHERS) else []
    receipts = {message.object_id: message.receipt for message in sent if message.receipt}
    events = [
        *_of_mandate(row, receipts),
        *(event for bill in parts.bills for event in _of_bill(bill, receipts)),
        *(event for result in parts.results for event in _of_result(result, receipts)),
        *(event for term in parts.terms for event in _of_termination(term, receipts)),
        *(_decision(one) for one in parts.decisions),
        *_of_dead(sent),
    ]
    own = vars(lines_of(work, PROGRESS, [row])[0]) | {
        "filing_id": row.filing_id,
        "tenant": f"{row.tenant.masked()}（{row.tenant_id_no.masked()}）",
        "spouse": row.spouse.masked() if row.spouse else "",
        "payee": f"{row.payee_name}，{row.payee_bank}，{row.payee_account.masked()}",
        "pay_cycle": row.pay_cycle,
        "stops_from": row.stops_from,
        "filing_ended_on": row.filing_ended_on,
        "findings": told_findings(row.findings),
        "events": tuple(sorted(events, key=lambda event: (event.at, event.id))),
        "bills": tuple(_bill_line(bill) for bill in parts.bills),
        "months": month_steps(row, parts.bills, parts.results, work.today),
        "messages": tuple(_message_line(message) for message in sent),
    }
    return Line(**own)


@dataclass(frozen=True)
class _Parts:
    bills: Sequence[RentBill]
    results: Sequence[PaymentResult]
    terms: Sequence[PaymentTermination]
    decisions: Sequence[TerminationDecision]


def _parts(work: Work, row: Entrustment) -> _Parts:
    session = work.session
    bills = session.exec(
        select(RentBill)
        .where(RentBill.entrustment_id == row.id)
        .order_by(col(RentBill.period_start).desc(), col(RentBill.received_at).desc())
        .limit(_MOST_BILLS)
    ).all()
    own = select(RentBill.id).where(RentBill.entrustment_id == row.id)
    # A result belongs to its bill's mandate; the number it came with may have been a wrong one. Two selects, each by its
    # index: one condition for both would read the results of all mandates.
    billed = select(PaymentResult.id).where(col(PaymentResult.bill_id).in_(own))
    unbilled = select(PaymentResult.id).where(
        col(PaymentResult.bill_id).is_(None), PaymentResult.entrust_no == row.entrust_no
    )
    results = session.exec(
        select(PaymentResult)
        .where(col(PaymentResult.id).in_(union(billed, unbilled)))
        .order_by(col(PaymentResult.received_at), col(PaymentResult.id))
    ).all()
    # Of the fund's messages a firm sees only those about its own bills.
    if work.caller.has(*ENTERPRISE):
        results = [result for result in results if result.enterprise_id == work.caller.enterprise_id]
    terms = session.exec(select(PaymentTermination).where(PaymentTermination.entrustment_id == row.id)).all()
    decisions = session.exec(
        select(TerminationDecision).where(col(TerminationDecision.termination_id).in_([term.id for term in terms]))
    ).all()
    return _Parts(bills, results, terms, decisions)


def _messages(work: Work, row: Entrustment, parts: _Parts) -> list[Outgoing]:
    """Return the delivery state of messages about a mandate to those who see it; contents are the city's only."""
    ids = [row.id, *(child.id for child in (*parts.bills, *parts.results, *parts.terms))]
    return list(work.rows(Outgoing, col(Outgoing.object_id).in_(ids), by=Outgoing.created_at))


def _of_mandate(row: Entrustment, receipts: dict[UUID, str]) -> Iterator[Event]:
    key = f"e{row.id}"
    who = f"{TENANT}（配偶）" if row.by_spouse else TENANT
    yield Event(f"{key}0", row.signed_at, who, "签署委托书", f"提取 {row.draw_from} 至 {row.draw_to}")
    refused = row.state is EntrustState.REFUSED
    yield Event(
        f"{key}1",
        row.received_at,
        FUND,
        "推送委托书，核验未通过" if refused else "推送委托书，核验通过",
        "；".join(told_findings(row.findings)) if refused else "",
        row.receipt_no,
        "bad" if refused else "good",
    )
    if row.pushed_at:
        yield Event(f"{key}2", row.pushed_at, US, "委托书已送达企业", "", receipts.get(row.id, ""))
    if row.ack_at:
        yield Event(f"{key}3", row.ack_at, FIRM, "确认收到委托书", tone="good")
    if row.ended_at:
        yield Event(
            f"{key}4", row.ended_at, US, "委托终止", f"自 {row.stops_from} 起停止提取" if row.stops_from else ""
        )


def _of_bill(bill: RentBill, receipts: dict[UUID, str]) -> Iterator[Event]:
    key, about = f"g{bill.id}", f"{bill.bill_no}，{period_of(bill)}，租金 {bill.rent_fee:,.2f} 元"
    refused = bill.state is BillState.REFUSED
    what = "提交账单，核验未通过" if refused else "提交账单"
    why = f"{about}：{'；'.join(told_findings(bill.findings))}" if refused else about
    yield Event(f"{key}0", bill.received_at, FIRM, what, why, tone="bad" if refused else "muted")
    if bill.state is BillState.CANCELLED and bill.updated_at:
        yield Event(f"{key}1", bill.updated_at, FIRM, "撤销账单", bill.bill_no)
    if bill.sent_at:
        yield Event(f"{key}2", bill.sent_at, US, "账单已送公积金中心", bill.bill_no, receipts.get(bill.id, ""))


def _of_result(result: PaymentResult, receipts: dict[UUID, str]) -> Iterator[Event]:
    key = f"r{result.id}"
    paid = result.outcome is PaymentOutcome.SUCCESS
    told = f"{result.bill_no}，{result.amount:,.2f} 元" if paid else f"{result.bill_no}，{_why(result)}"
    flow = result.bank_flow_no if paid else result.result_no
    yield Event(f"{key}0", result.decided_at, FUND, result.outcome.label, told, flow, "good" if paid else "bad")
    if result.state is ResultState.ORPHAN:
        yield Event(f"{key}1", result.received_at, US, "结果没有对应的账单", result.bill_no, tone="warn")
    if result.handled_at:
        note = result.handled_note.json() if result.handled_note else ""
        yield Event(f"{key}2", result.handled_at, US, "人工处理无对应账单的结果", str(note))
    if result.pushed_at:
        yield Event(f"{key}3", result.pushed_at, US, "支付结果已送达企业", result.bill_no, receipts.get(result.id, ""))
    if result.ack_at:
        yield Event(f"{key}4", result.ack_at, FIRM, "确认收到支付结果", result.bill_no)


def _why(result: PaymentResult) -> str:
    """The fund's own words, and its code where it gave none."""
    return str(result.reason.json() or "") or result.fail_code.label


def _of_termination(term: PaymentTermination, receipts: dict[UUID, str]) -> Iterator[Event]:
    key, receipt = f"t{term.id}", receipts.get(term.id, "")
    about = f"{term.reason.label}，自 {term.effective_month} 起停止提取"
    if term.side is TermSide.TENANT:
        yield Event(f"{key}0", term.requested_at, TENANT, "终止委托", about, term.term_no)
    else:
        yield Event(f"{key}0", term.requested_at, FIRM, "申请终止委托", about, term.term_no)
        if term.sent_at:
            yield Event(f"{key}1", term.sent_at, US, "终止申请已送公积金中心", "", receipt)
    if term.pushed_at:
        receipt = receipt if term.side is TermSide.TENANT else ""
        yield Event(f"{key}2", term.pushed_at, US, "终止结果已送达企业", "", receipt)
    if term.ack_at:
        yield Event(f"{key}3", term.ack_at, FIRM, "确认收到终止结果")


def _decision(one: TerminationDecision) -> Event:
    said, why = one.decision, str(one.reason.json() or "")
    return Event(f"d{one.id}", one.decided_at, FUND, said.label, why, one.decision_no, said.tone)


def _of_dead(sent: Sequence[Outgoing]) -> Iterator[Event]:
    for message in sent:
        if message.state is OutgoingState.DEAD:
            what = f"{message_label(message)}发送失败"
            yield Event(f"o{message.id}", message.updated_at, US, what, "重试后仍未送达，需要重新发送", tone="bad")


def told_findings(findings: Sealed) -> tuple[str, ...]:
    """The reasons of a check as sentences with their codes."""
    kept = findings.json() or []
    return tuple(f"{one.get('code', '')} {one.get('message', '')}".strip() for one in kept if one.get("message"))


def period_of(bill: RentBill) -> str:
    return f"{bill.period_start} 至 {bill.period_end}"


def _bill_line(bill: RentBill) -> Line:
    own = {
        key: getattr(bill, key)
        for key in ("id", "bill_no", "rent_fee", "paid_amount", "state", "received_at", "decided_at")
    }
    return Line(**own, period=period_of(bill), reason=bill_reason(bill))


def bill_reason(bill: RentBill) -> str:
    """The fund's words on a bill, or why it was refused here."""
    if bill.state is BillState.REFUSED:
        return "；".join(told_findings(bill.findings))
    if bill.amount_differs:
        return f"实付与账单 {bill.total_amount:,.2f} 元不符，请核对"
    return str(bill.reason.json() or "") if bill.reason else ""


_LABELS = {
    "entrustment": "委托书",
    "rent_bill": "账单",
    "payment_result": "支付结果",
    "payment_termination": "终止",
}


def message_label(message: Outgoing) -> str:
    """Return what a message about direct payment carries."""
    return _LABELS.get(message.object_kind, message.operation)


def _message_line(message: Outgoing) -> Line:
    """A message on its way out; `dead` ones may be sent again."""
    return Line(
        id=message.id,
        what=message_label(message),
        business_key=message.business_key.split(":", 2)[-1],
        state=sending_of(message),
        dead=message.state is OutgoingState.DEAD,
        attempts=message.attempts,
        next_at=message.next_at if message.state is OutgoingState.WAITING else None,
        receipt=message.receipt,
        request_id=message.request_id,
    )
