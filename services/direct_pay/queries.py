"""Lists of mandates, bills, results and terminations, each caller his own part; what is foreign is not found (G14)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, or_, select

from models.direct_pay import Entrustment, PaymentResult, PaymentTermination, RentBill, TerminationDecision
from models.direct_pay_codes import BillState, EntrustState, ResultState, TermState
from models.enterprise import Enterprise
from models.privacy import Shown
from services.direct_pay.results import reason_of
from services.direct_pay.visibility import READERS
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work
from services.privacy.accesses import note_access

Line = TypeVar("Line")
LARGEST_PAGE = 200
_LAST_PAGE = 100_000


@dataclass(frozen=True)
class Ask:
    """A page of a list. `number` is exact: a mandate's, filing's, bill's, result's or termination's; `state` a value."""

    number: str = ""
    state: str = ""
    enterprise_id: UUID | None = None
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class Page(Generic[Line]):
    lines: tuple[Line, ...]
    total: int


@dataclass(frozen=True)
class MandateLine:
    id: UUID
    entrust_no: str
    filing_no: str
    enterprise: str
    monthly_rent: Decimal
    draw_from: str
    draw_to: str
    stops_from: str
    unpaid_flagged: bool
    received_at: datetime
    state: EntrustState


@dataclass(frozen=True)
class BillLine:
    id: UUID
    bill_no: str
    entrust_no: str
    enterprise: str
    period_start: date
    period_end: date
    rent_fee: Decimal
    total_amount: Decimal
    paid_amount: Decimal | None
    amount_differs: bool
    reasons: tuple[str, ...]
    received_at: datetime
    state: BillState


@dataclass(frozen=True)
class ResultLine:
    id: UUID
    result_no: str
    bill_no: str
    entrust_no: str
    enterprise: str
    amount: Decimal
    outcome: str
    reason: str
    decided_at: datetime
    state: ResultState


@dataclass(frozen=True)
class TerminationLine:
    id: UUID
    term_no: str
    side: str
    entrust_no: str
    enterprise: str
    reason: str
    effective_month: str
    last_payment: bool
    decision: str
    requested_at: datetime
    state: TermState


@query("direct_pay.entrustments", "直付委托", roles=READERS)
def mandate_lines(work: Work, order: Ask) -> Page[MandateLine]:
    """Mandates, newest first."""
    rows, total = _page(
        work, Entrustment, order, EntrustState, "received_at", ("entrust_no", "filing_no", "contract_no")
    )
    firms = _firms(work, rows)
    return Page(tuple(_mandate_line(row, firms) for row in rows), total)


@query("direct_pay.bills", "直付账单", roles=READERS)
def bill_lines(work: Work, order: Ask) -> Page[BillLine]:
    """Bills, newest first, with why one was refused or not paid."""
    rows, total = _page(work, RentBill, order, BillState, "received_at", ("bill_no", "entrust_no"))
    firms = _firms(work, rows)
    return Page(tuple(_bill_line(row, firms) for row in rows), total)


@query("direct_pay.results", "支付结果", roles=READERS)
def result_lines(work: Work, order: Ask) -> Page[ResultLine]:
    """Results, newest first, with the fund's reason; `state` ORPHAN is the list of those without a bill."""
    rows, total = _page(work, PaymentResult, order, ResultState, "received_at", ("result_no", "bill_no", "entrust_no"))
    firms = _firms(work, rows)
    return Page(tuple(_result_line(row, firms) for row in rows), total)


@query("direct_pay.terminations", "直付终止", roles=READERS)
def termination_lines(work: Work, order: Ask) -> Page[TerminationLine]:
    """Ends asked for by tenants and firms, newest first."""
    rows, total = _page(work, PaymentTermination, order, TermState, "requested_at", ("term_no", "entrust_no"))
    firms = _firms(work, rows)
    return Page(tuple(_termination_line(row, firms) for row in rows), total)


def _page(
    work: Work, table: Any, order: Ask, states: Any, newest: str, numbers: tuple[str, ...]
) -> tuple[list[Any], int]:
    if not 1 <= order.page <= _LAST_PAGE or not 1 <= order.size <= LARGEST_PAGE:
        raise Rejected(f"每页条数应在1至{LARGEST_PAGE}之间")
    rows = work.visible(table)
    if order.state:
        rows = rows.where(table.state == chosen(states, order.state))
    if number := search_word(order.number):
        rows = rows.where(or_(*(getattr(table, name) == number for name in numbers)))
    if order.enterprise_id is not None:
        rows = rows.where(table.enterprise_id == order.enterprise_id)
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    rows = rows.order_by(col(getattr(table, newest)).desc(), col(table.id).desc())
    found = work.session.exec(rows.offset((order.page - 1) * order.size).limit(order.size)).all()
    return list(found), total


def _firms(work: Work, rows: list[Any]) -> dict[UUID, str]:
    ids = {row.enterprise_id for row in rows if row.enterprise_id is not None}
    return dict(work.session.exec(select(Enterprise.id, Enterprise.name).where(col(Enterprise.id).in_(ids))).all())


def _mandate_line(row: Entrustment, firms: dict[UUID, str]) -> MandateLine:
    return MandateLine(
        row.id,
        row.entrust_no,
        row.filing_no,
        firms.get(row.enterprise_id, "") if row.enterprise_id else "",
        row.monthly_rent,
        row.draw_from,
        row.draw_to,
        row.stops_from,
        row.unpaid_flagged,
        row.received_at,
        row.state,
    )


def _bill_line(row: RentBill, firms: dict[UUID, str]) -> BillLine:
    reasons = [str(one["message"]) for one in row.findings.json()]
    if row.reason is not None and row.reason.json():
        reasons.append(str(row.reason.json()))
    return BillLine(
        row.id,
        row.bill_no,
        row.entrust_no,
        firms.get(row.enterprise_id, ""),
        row.period_start,
        row.period_end,
        row.rent_fee,
        row.total_amount,
        row.paid_amount,
        row.amount_differs,
        tuple(reasons),
        row.received_at,
        row.state,
    )


def _result_line(row: PaymentResult, firms: dict[UUID, str]) -> ResultLine:
    return ResultLine(
        row.id,
        row.result_no,
        row.bill_no,
        row.entrust_no,
        firms.get(row.enterprise_id, "") if row.enterprise_id else "",
        row.amount,
        row.outcome.label,
        reason_of(row),
        row.decided_at,
        row.state,
    )


def _termination_line(row: PaymentTermination, firms: dict[UUID, str]) -> TerminationLine:
    return TerminationLine(
        row.id,
        row.term_no,
        row.side.label,
        row.entrust_no,
        firms.get(row.enterprise_id, "") if row.enterprise_id else "",
        row.reason.label,
        row.effective_month,
        row.last_payment,
        row.decision.label,
        row.requested_at,
        row.state,
    )


# One of them


@dataclass(frozen=True)
class MandateView:
    """A mandate with its persons and account masked, and why it was refused."""

    line: MandateLine
    contract_no: str
    tenant: str
    tenant_id_no: str
    by_spouse: bool
    payee_name: str
    payee_bank: str
    payee_account: str
    pay_cycle: str
    signed_at: datetime
    pushed_at: datetime | None
    ack_at: datetime | None
    filing_ended_on: date | None
    ended_at: datetime | None
    reasons: tuple[str, ...]
    bills: tuple[BillLine, ...]


@query("direct_pay.entrustments.open", "直付委托详情", roles=READERS, personal=True)
def open_mandate(work: Work, row_id: UUID) -> MandateView:
    row = work.get(Entrustment, row_id)
    firms = _firms(work, [row])
    note_access(
        work,
        [row.tenant_id_no_index, row.spouse_id_no_index],
        "direct_pay.entrustments.open",
        Shown.MASKED,
        about=row,
    )
    bills = work.session.exec(
        work.visible(RentBill).where(RentBill.entrustment_id == row.id).order_by(col(RentBill.period_start))
    ).all()
    return MandateView(
        line=_mandate_line(row, firms),
        contract_no=row.contract_no,
        tenant=row.tenant.masked(),
        tenant_id_no=row.tenant_id_no.masked(),
        by_spouse=row.by_spouse,
        payee_name=row.payee_name,
        payee_bank=row.payee_bank,
        payee_account=row.payee_account.masked(),
        pay_cycle=row.pay_cycle.label,
        signed_at=row.signed_at,
        pushed_at=row.pushed_at,
        ack_at=row.ack_at,
        filing_ended_on=row.filing_ended_on,
        ended_at=row.ended_at,
        reasons=tuple(str(one["message"]) for one in row.findings.json()),
        bills=tuple(_bill_line(bill, firms) for bill in bills),
    )


@dataclass(frozen=True)
class BillView:
    """A bill with every word of the fund about it, latest first."""

    line: BillLine
    deposit_fee: Decimal
    other_fee: Decimal
    subject: str
    sent_at: datetime | None
    decided_at: datetime | None
    results: tuple[ResultLine, ...]


@query("direct_pay.bills.open", "直付账单详情", roles=READERS)
def open_bill(work: Work, row_id: UUID) -> BillView:
    row = work.get(RentBill, row_id)
    firms = _firms(work, [row])
    results = work.session.exec(
        work.visible(PaymentResult)
        .where(PaymentResult.bill_id == row.id)
        .order_by(col(PaymentResult.decided_at).desc(), col(PaymentResult.result_no).desc())
    ).all()
    return BillView(
        line=_bill_line(row, firms),
        deposit_fee=row.deposit_fee,
        other_fee=row.other_fee,
        subject=row.subject,
        sent_at=row.sent_at,
        decided_at=row.decided_at,
        results=tuple(_result_line(one, firms) for one in results),
    )


@dataclass(frozen=True)
class ResultView:
    """A result, and how one without a bill was dealt with; `candidates` are bills it may have meant."""

    line: ResultLine
    bank_flow_no: str
    paid_on: date | None
    pushed_at: datetime | None
    ack_at: datetime | None
    handled_at: datetime | None
    handled_note: str
    candidates: tuple[BillLine, ...]


@query("direct_pay.results.open", "支付结果详情", roles=READERS)
def open_result(work: Work, row_id: UUID) -> ResultView:
    row = work.get(PaymentResult, row_id)
    candidates: list[RentBill] = []
    if row.state is ResultState.ORPHAN:
        candidates = list(
            work.session.exec(
                work.visible(RentBill)
                .where(
                    or_(RentBill.entrust_no == row.entrust_no, RentBill.bill_no == row.bill_no),
                    col(RentBill.state).in_([BillState.CHECKED, BillState.SENT_TO_FUND, BillState.UNPAID]),
                )
                .order_by(col(RentBill.period_start).desc())
                .limit(20)
            ).all()
        )
    firms = _firms(work, [row, *candidates])
    return ResultView(
        line=_result_line(row, firms),
        bank_flow_no=row.bank_flow_no,
        paid_on=row.paid_on,
        pushed_at=row.pushed_at,
        ack_at=row.ack_at,
        handled_at=row.handled_at,
        handled_note="" if row.handled_note is None else str(row.handled_note.json()),
        candidates=tuple(_bill_line(one, firms) for one in candidates),
    )


@dataclass(frozen=True)
class DecisionLine:
    decision_no: str
    decision: str
    reason: str
    decided_at: datetime
    pushed_at: datetime | None


@dataclass(frozen=True)
class TerminationView:
    """A termination with every decision on it, latest first."""

    line: TerminationLine
    note: str
    reason_on: date | None
    contract_state: str
    sent_at: datetime | None
    pushed_at: datetime | None
    ack_at: datetime | None
    decisions: tuple[DecisionLine, ...]


@query("direct_pay.terminations.open", "直付终止详情", roles=READERS)
def open_termination(work: Work, row_id: UUID) -> TerminationView:
    row = work.get(PaymentTermination, row_id)
    decisions = work.session.exec(
        work.visible(TerminationDecision)
        .where(TerminationDecision.termination_id == row.id)
        .order_by(col(TerminationDecision.decided_at).desc(), col(TerminationDecision.decision_no).desc())
    ).all()
    return TerminationView(
        line=_termination_line(row, _firms(work, [row])),
        note=str(row.note.json()),
        reason_on=row.reason_on,
        contract_state=row.contract_state,
        sent_at=row.sent_at,
        pushed_at=row.pushed_at,
        ack_at=row.ack_at,
        decisions=tuple(
            DecisionLine(one.decision_no, one.decision.label, str(one.reason.json()), one.decided_at, one.pushed_at)
            for one in decisions
        ),
    )
