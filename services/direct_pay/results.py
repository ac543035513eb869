"""审查（支付）结果: matched to bills, the fund's latest decision holds, each notified to the bill's own firm (row 19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.codes import Code
from models.direct_pay import Entrustment, PaymentResult, RentBill
from models.direct_pay_codes import BILL, RESULT, STANDING, BillState, FailCode, PaymentOutcome, ResultState
from models.sealed import Sealed
from services.direct_pay.billed_leases import rows_with
from services.direct_pay.mandates import mandates_of
from services.direct_pay.message_routes import FIRM, arrived, held, pushed, to_firm, with_the_fund
from services.direct_pay.orders import Answer, NewResult, ReceiveResults, content_digest, row_values
from services.direct_pay.pushes import PushedResult
from services.direct_pay.timely import untimely
from services.direct_pay.visibility import only_the_fund
from services.engine.alarms import raise_alarm
from services.engine.findings import Finding, Severity
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import Step, action
from services.engine.steps import step_on, take_step
from services.engine.work import Work
from services.partners.message_body import body_of
from services.partners.outgoing import passing_on

MOST_RESULTS = 2_000
#: What the tenant's firm reads when the fund could not pay (G12).
NO_BALANCE = "公积金余额不足，当月未支付，请自行支付租金"
_STEP = {PaymentOutcome.SUCCESS: "pay", PaymentOutcome.FAIL: "fail", PaymentOutcome.REFUSED: "refuse_by_fund"}
#: Other bills an alarm names.
_MOST_NAMED = 10
#: A bill that never reached the fund cannot have a result.
_NEVER_SENT = frozenset({BillState.RECEIVED, BillState.REFUSED, BillState.CANCELLED})


@action("direct_pay.receive_results", "接收支付结果", roles={Role.PARTNER}, event="API.IN")
def receive_results(work: Work, order: ReceiveResults) -> list[Answer]:
    """Take each result, in order; one sent again gets its earlier answer and no second effect."""
    only_the_fund(work)
    if not order.results:
        raise Rejected("请至少报送一条结果")
    if len(order.results) > MOST_RESULTS:
        raise Rejected(f"一次最多报送{MOST_RESULTS}条结果，请分批报送")
    mandates = mandates_of(work, [one.entrust_no for one in order.results])
    bills = _bills(work, mandates.values(), {one.bill_no for one in order.results})
    known = rows_with(work, PaymentResult, col(PaymentResult.result_no), [one.result_no for one in order.results])
    batch = Batch(mandates, bills, {row.result_no: row for row in known}, _words(work, bills.values()))
    answers = [_receive(work, one, batch) for one in order.results]
    _tell_of_periods(work, batch.again)
    _flag_runs(work, batch.touched.values())
    return answers


@dataclass
class Batch:
    """Data for matching the results of a message, read once; `words` are the results of each bill so far."""

    mandates: dict[str, Entrustment]
    bills: dict[tuple[UUID, str], RentBill]
    known: dict[str, PaymentResult]
    words: dict[UUID, list[PaymentResult]]
    touched: dict[UUID, Entrustment] = field(default_factory=dict)
    #: Bills that did not count and do now.
    again: list[RentBill] = field(default_factory=list)


def _words(work: Work, bills: Iterable[RentBill]) -> dict[UUID, list[PaymentResult]]:
    """Every result of these bills."""
    words: dict[UUID, list[PaymentResult]] = {bill.id: [] for bill in bills}
    for row in rows_with(work, PaymentResult, col(PaymentResult.bill_id), list(words)):
        words[row.bill_id].append(row)
    return words


def _bills(work: Work, mandates: Iterable[Entrustment], numbers: set[str]) -> dict[tuple[UUID, str], RentBill]:
    """The bills named, by mandate and number, held until the end."""
    ids = [mandate.id for mandate in mandates]
    rows = (
        select(RentBill)
        .where(col(RentBill.entrustment_id).in_(ids), col(RentBill.bill_no).in_(sorted(numbers)))
        .order_by(col(RentBill.id))
    )
    return {
        (row.entrustment_id, row.bill_no): row
        for row in work.held(rows)
        if row.entrustment_id is not None and row.state not in _NEVER_SENT
    }


def _receive(work: Work, order: NewResult, batch: Batch) -> Answer:
    mandate = batch.mandates.get(order.entrust_no)
    bill = None if mandate is None else batch.bills.get((mandate.id, order.bill_no))
    earlier = batch.known.get(order.result_no)
    if earlier is not None:
        if earlier.content_digest != content_digest(order):
            told = Finding("G11", "该结果编号已使用，内容与先前报送的不同，请用新编号报送", "result_no")
            return Answer(order.result_no, False, (told,))
        return _answer(earlier, bill)
    if (early := untimely(work, order.decided_at)) is not None:
        return Answer(order.result_no, False, (early,))
    row = work.add(
        PaymentResult(
            district_code="",
            **row_values(PaymentResult, order),
            received_at=work.now,
            state=ResultState.RECEIVED,
        )
    )
    batch.known[order.result_no] = row
    if mandate is None or bill is None:
        take_step(work, row, RESULT, "orphan", reason="G11")
        if mandate is not None:
            row.district_code, row.street_code = mandate.district_code, mandate.street_code
        raise_alarm(
            work, "DIRECTPAY.ORPHAN", f"支付结果 {row.result_no} 没有对应的账单 {row.bill_no}，请核对处理", about=row
        )
        return _answer(row, bill)
    batch.touched[mandate.id] = mandate
    if _match(work, row, bill, batch.words[bill.id]):
        batch.again.append(bill)
    return _answer(row, bill)


def _answer(row: PaymentResult, bill: RentBill | None) -> Answer:
    """Answer the fund about a result: at its first arrival and at every repetition."""
    hints = () if bill is None else _differences(row, bill)
    if row.state is ResultState.ORPHAN:
        hints = (Finding("G11", "没有对应的账单，已转人工处理", "bill_no"),)
    return Answer(row.result_no, True, hints, note=row.state.label)


def _match(work: Work, row: PaymentResult, bill: RentBill, words: list[PaymentResult]) -> bool:
    """Give a result to its bill; whether a bill that did not count counts again by it."""
    row.bill_id, row.enterprise_id = bill.id, bill.enterprise_id
    row.district_code, row.street_code = bill.district_code, bill.street_code
    take_step(work, row, RESULT, "match")
    with_the_fund(work, bill, BILL)
    words.append(row)
    before = bill.state
    _apply(work, bill, words)
    if _differences(row, bill):
        subject = f"账单 {bill.bill_no} 实付 {row.amount:,.2f} 元，与账单 {bill.total_amount:,.2f} 元不符"
        raise_alarm(work, "DIRECTPAY.AMOUNT", subject, about=bill)
    if missing := _left_out(row):
        subject = f"支付结果 {row.result_no}（账单 {bill.bill_no}）{missing}，请向公积金中心核实"
        raise_alarm(work, "DIRECTPAY.INCOMPLETE", subject, about=row)
    waits = to_firm(
        work,
        "payment_result",
        enterprise_id=bill.enterprise_id,
        key=row.result_no,
        about=row,
        body=_body(row, bill),
        subject=f"公积金直付结果：{row.outcome.label}",
        words=f"账单 {bill.bill_no}：{row.outcome.label}。{reason_of(row)}",
    )
    if not waits:
        pushed(work, row, RESULT)
    # An unpaid bill takes up its period, yet one that corrects it may have been paid meanwhile.
    paid_after_all = before is BillState.UNPAID and bill.state is BillState.PAID
    return paid_after_all or (bill.state in STANDING and before not in STANDING)


def _left_out(row: PaymentResult) -> str:
    """Return what a result should say and does not: when it was paid, or why not."""
    if row.outcome is PaymentOutcome.SUCCESS:
        return "" if row.paid_on is not None else "没有支付日期"
    return "没有说明未支付的原因" if row.fail_code is FailCode.NONE and not row.reason.json() else ""


def _differences(row: PaymentResult, bill: RentBill) -> tuple[Finding, ...]:
    if row.outcome is not PaymentOutcome.SUCCESS or row.amount == bill.total_amount:
        return ()
    message = f"实付 {row.amount:,.2f} 元与账单 {bill.total_amount:,.2f} 元不符，已提示核对"
    return (Finding("G08", message, "amount", Severity.WARN),)


def _apply(work: Work, bill: RentBill, words: list[PaymentResult]) -> None:
    """Set the bill by the fund's latest decision, in whatever order decisions arrived."""
    latest = max(words, key=lambda row: (row.decided_at, row.result_no))
    step = _STEP[latest.outcome]
    step_on(work, bill, BILL, step, reason=latest.result_no)
    paid = latest.outcome is PaymentOutcome.SUCCESS
    bill.decided_at = latest.decided_at
    bill.paid_amount = latest.amount if paid else None
    bill.amount_differs = paid and latest.amount != bill.total_amount
    bill.reason = None if paid else Sealed.of_json(reason_of(latest))
    work.add(bill)


def _tell_of_periods(work: Work, bills: Iterable[RentBill]) -> None:
    """Raise an alarm for bills that count again although another bill took their period (G07).

    Runs after the whole message, because its other results may change either bill; a pair is reported once.
    """
    work.session.flush()
    told: set[frozenset[str]] = set()
    for bill in {bill.id: bill for bill in bills if bill.state in STANDING}.values():
        others = [other for other in _of_the_period(work, bill) if frozenset({bill.bill_no, other}) not in told]
        told |= {frozenset({bill.bill_no, other}) for other in others}
        if others:
            subject = f"账单 {bill.bill_no} 原未支付或审查未通过，现又有结果，与账单 {'、'.join(others)} 的账期重叠，请核对是否重复支付"
            raise_alarm(work, "DIRECTPAY.TWICE", subject, about=bill)


def _of_the_period(work: Work, bill: RentBill) -> Sequence[str]:
    """Return the numbers of other counted bills of this lease that overlap this one."""
    filing = select(Entrustment.filing_id).where(Entrustment.id == bill.entrustment_id).scalar_subquery()
    rows = (
        select(RentBill.bill_no)
        .join(Entrustment, col(Entrustment.id) == RentBill.entrustment_id)
        .where(
            Entrustment.filing_id == filing,
            RentBill.id != bill.id,
            col(RentBill.state).in_(STANDING - {BillState.UNPAID}),
            RentBill.period_start <= bill.period_end,
            RentBill.period_end >= bill.period_start,
        )
        .order_by(col(RentBill.bill_no))
        .limit(_MOST_NAMED)
    )
    return work.session.exec(rows).all()


def reason_of(row: PaymentResult) -> str:
    """Return why nothing was paid: the fund's own words, or the rule's where it has none."""
    words = str(row.reason.json())
    if row.outcome is PaymentOutcome.SUCCESS:
        return words
    if row.fail_code is FailCode.BALANCE:
        return words or NO_BALANCE
    return words or row.fail_code.label


def _flag_runs(work: Work, mandates: Iterable[Entrustment]) -> None:
    work.session.flush()
    for mandate in mandates:
        _flag_run(work, mandate)


def _flag_run(work: Work, mandate: Entrustment) -> None:
    """Flag a mandate whose last bills, by period, were not paid several times in a row; a payment takes the flag away."""
    run = work.thresholds.integer("direct_pay.unpaid_run")
    last = work.rows(
        RentBill.state,
        RentBill.entrustment_id == mandate.id,
        col(RentBill.state).in_([BillState.PAID, BillState.UNPAID]),
        by=col(RentBill.period_start).desc(),
        most=run,
    )
    flagged = len(last) == run and set(last) == {BillState.UNPAID}
    if flagged and not mandate.unpaid_flagged:
        raise_alarm(work, "DIRECTPAY.UNPAID", f"委托书 {mandate.entrust_no} 已连续{run}期未支付", about=mandate)
    if flagged is not mandate.unpaid_flagged:
        mandate.unpaid_flagged = flagged
        work.add(mandate)


def _body(row: PaymentResult, bill: RentBill) -> dict[str, Any]:
    told = body_of(
        row,
        *("result_no", "entrust_no", "bill_no", "outcome", "amount", "fail_code", "decided_at", "paid_on"),
        "bank_flow_no",
    )
    return {**told, "reason": reason_of(row), "bill_state": str(bill.state)}


passing_on(
    FIRM,
    "payment_result",
    path="/payment-results",
    label="审查（支付）结果对接",
    row=19,
    message=PushedResult,
    afterwards=arrived(PaymentResult, RESULT, pushed),
)


class OrphanWay(Code):
    MATCH = "MATCH", "对应到账单"
    CLOSE = "CLOSE", "退回公积金中心核实"


@dataclass(frozen=True)
class HandleOrphan:
    """Treatment of a result without a bill: with MATCH `bill_id` is the bill; `note` gives the reason."""

    id: UUID
    way: OrphanWay
    note: str
    bill_id: UUID | None = None


@action("direct_pay.handle_orphan", "处理无账单结果", roles={Role.CITY_CENTER}, step=Step(RESULT, "handle"))
def handle_orphan(work: Work, order: HandleOrphan) -> None:
    """Give a result to the bill it meant, which then goes its ordinary way, or close it with a reason."""
    row = work.get(PaymentResult, order.id)
    note = order.note.strip()
    if len(note) < 4:
        raise Rejected("请填写处理说明（不少于4个字）")
    if row.state is not ResultState.ORPHAN:
        raise Conflict("该结果已经处理过了")
    row.handled_by, row.handled_at = work.caller.account_id, work.now
    row.handled_note = Sealed.of_json(note[:500])
    if order.way is OrphanWay.CLOSE:
        take_step(work, row, RESULT, "handle", reason=note[:100])
        return
    if order.bill_id is None:
        raise Rejected("请选择对应的账单")
    found = work.get(RentBill, order.bill_id)
    if found.state in _NEVER_SENT:
        raise Rejected("该账单没有送往公积金中心，不能对应")
    mandate = mandates_of(work, [found.entrust_no])[found.entrust_no]
    work.add(row)
    bill = held(work, RentBill, found.id)
    if _match(work, row, bill, _words(work, [bill])[bill.id]):
        _tell_of_periods(work, [bill])
    _flag_runs(work, [mandate])
