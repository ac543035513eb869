"""企业账单: judged one by one, handed to the fund, unchanged once sent (row 18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.direct_pay import Entrustment, PaymentResult, RentBill
from models.direct_pay_codes import BILL, BillState, DrawCycle, EntrustState, FailCode
from models.engine import Outgoing, OutgoingState
from models.sealed import Sealed
from services.direct_pay.billed_leases import BilledLease, leases_of, rows_with
from services.direct_pay.facts import BillFacts
from services.direct_pay.mandates import mandates_of, running, state_by_date
from services.direct_pay.message_routes import FIRM, FUND, arrived, held, to_firm, to_fund, with_the_fund
from services.direct_pay.orders import (
    Answer,
    CancelBill,
    NewBill,
    SubmitBills,
    content_digest,
    findings_in,
    row_values,
    sealed_findings,
)
from services.direct_pay.pushes import PushedBill, PushedBillState
from services.direct_pay.rent import last_billable, longest_period
from services.direct_pay.rules import BILL_RULES
from services.direct_pay.visibility import FIRMS
from services.engine.findings import Finding, Outcome, judge
from services.engine.refusals import Conflict, NotAllowed, Rejected
from services.engine.registry import Step, action
from services.engine.search_terms import FIRST_DAY, LAST_DAY
from services.engine.steps import take_step
from services.engine.work import Work
from services.partners.message_body import body_of, with_given
from services.partners.outgoing import passing_on

MOST_BILLS = 2_000


@dataclass
class Batch:
    """Data for judging the bills of a message, read once; accepted bills count for the following ones."""

    enterprise_id: UUID
    mandates: dict[str, Entrustment]
    leases: dict[UUID, BilledLease]
    numbers: dict[str, RentBill]


@action("direct_pay.submit_bills", "报送账单", roles=FIRMS, event="DATA.CREATE")
def submit_bills(work: Work, order: SubmitBills) -> list[Answer]:
    """Accept each bill or return every reason, in order; a bill sent again gets its earlier answer."""
    enterprise_id = _firm(work)
    if not order.bills:
        raise Rejected("请至少报送一笔账单")
    if len(order.bills) > MOST_BILLS:
        raise Rejected(f"一次最多报送{MOST_BILLS}笔账单，请分批报送")
    batch = _batch(work, enterprise_id, order.bills)
    return [_submit(work, batch, bill) for bill in order.bills]


def _firm(work: Work) -> UUID:
    if work.caller.enterprise_id is None:
        raise NotAllowed("只有租赁企业可以办理此项业务")
    return work.caller.enterprise_id


def _batch(work: Work, enterprise_id: UUID, bills: Iterable[NewBill]) -> Batch:
    found = mandates_of(work, [bill.entrust_no for bill in bills])
    own = {
        number: row
        for number, row in found.items()
        if row.enterprise_id == enterprise_id and row.state is not EntrustState.RECEIVED
    }
    numbers = rows_with(
        work, RentBill, col(RentBill.bill_no), [bill.bill_no for bill in bills], RentBill.enterprise_id == enterprise_id
    )
    leases = leases_of(work, list(own.values()))
    return Batch(enterprise_id, own, leases, {row.bill_no: row for row in numbers})


def _submit(work: Work, batch: Batch, bill: NewBill) -> Answer:
    if not all(FIRST_DAY <= day <= LAST_DAY for day in (bill.period_start, bill.period_end)):
        # Nothing can be reckoned with such a day; one wrong year must not keep the other bills of a batch up.
        return Answer(bill.bill_no, False, (Finding("G07", "账期重复或超出租期：账期日期不正确", "period_start"),))
    earlier = batch.numbers.get(bill.bill_no)
    if earlier is not None:
        if earlier.content_digest == content_digest(bill):
            return _answer(earlier)
        return Answer(bill.bill_no, False, tuple(judge(bill_facts(work, batch, bill), BILL_RULES).findings))
    mandate = batch.mandates.get(bill.entrust_no)
    judgement = judge(bill_facts(work, batch, bill), BILL_RULES)
    row = work.add(_row(work, batch.enterprise_id, mandate, bill, judgement.findings))
    batch.numbers[bill.bill_no] = row
    if judgement.outcome is not Outcome.PASS or mandate is None:
        take_step(work, row, BILL, "refuse", reason=",".join(finding.code for finding in judgement.findings))
        return _answer(row)
    take_step(work, row, BILL, "check")
    running(work, mandate)
    batch.leases[mandate.id].standing.append(row)
    _send(work, row, bill.corrects)
    return _answer(row)


def bill_facts(work: Work, batch: Batch, bill: NewBill) -> BillFacts:
    """Return what one bill is judged by."""
    taken = bill.bill_no in batch.numbers
    mandate = batch.mandates.get(bill.entrust_no)
    lease = None if mandate is None else batch.leases.get(mandate.id)
    if mandate is None or lease is None:
        return BillFacts(work.today, work.thresholds, bill, known=False, number_taken=taken)
    last, by_an_end = last_billable(mandate)
    corrected, why_not = _corrected(work, lease, bill)
    return BillFacts(
        today=work.today,
        thresholds=work.thresholds,
        bill=bill,
        known=True,
        filing_state=state_by_date(lease.filing, work.today),
        first=lease.first,
        last=lease.last,
        longest=longest_period(mandate.pay_cycle, bill.period_start),
        whole_cycle=mandate.pay_cycle is DrawCycle.QUARTER,
        ended_on=last if by_an_end else None,
        month_rent=lease.month_rent,
        lease_start=lease.contract.start,
        lease_rent=lease.rent,
        billed=lease.billed - (corrected.rent_fee if corrected else 0),
        standing=tuple(lease.standing),
        number_taken=taken,
        corrected=corrected,
        why_not_corrected=why_not,
    )


def _corrected(work: Work, lease: BilledLease, bill: NewBill) -> tuple[RentBill | None, str]:
    """Return the unpaid bill this one corrects, or why its period is not free for that: want of money frees none."""
    if not bill.corrects:
        return None, ""
    own = (one for one in lease.standing if one.enterprise_id == lease.mandate.enterprise_id)
    first = next((one for one in own if one.bill_no == bill.corrects), None)
    if first is None or first.state is not BillState.UNPAID:
        return None, f"没有未支付的账单 {bill.corrects} 可以更正"
    words = select(PaymentResult).where(PaymentResult.bill_id == first.id)
    latest = work.session.exec(
        words.order_by(col(PaymentResult.decided_at).desc(), col(PaymentResult.result_no).desc())
    ).first()
    if latest is None or latest.fail_code is FailCode.BALANCE:
        return None, f"账单 {first.bill_no} 因余额不足未支付，该账期不能更正"
    if latest.fail_code is FailCode.NONE and not latest.reason.json():
        return None, f"账单 {first.bill_no} 未支付的原因不明，请先向公积金中心核实"
    return first, ""


def _row(
    work: Work, enterprise_id: UUID, mandate: Entrustment | None, bill: NewBill, findings: list[Finding]
) -> RentBill:
    return RentBill(
        district_code="" if mandate is None else mandate.district_code,
        street_code="" if mandate is None else mandate.street_code,
        **row_values(RentBill, bill),
        entrustment_id=None if mandate is None else mandate.id,
        contract_no="" if mandate is None else mandate.contract_no,
        enterprise_id=enterprise_id,
        findings=sealed_findings(findings),
        received_at=work.now,
        state=BillState.RECEIVED,
    )


def _answer(row: RentBill) -> Answer:
    return Answer(row.bill_no, row.state is not BillState.REFUSED, findings_in(row.findings), note=row.state.label)


def _send(work: Work, row: RentBill, corrects: str) -> None:
    told = body_of(row, *(name for name in PushedBill.model_fields if name != "corrects"))
    to_fund(
        work,
        "bill",
        key=f"{row.entrust_no}:{row.bill_no}",
        about=row,
        body=with_given({**told, "corrects": corrects}, "corrects"),
        delay_minutes=work.thresholds.integer("direct_pay.send_delay_minutes"),
    )


def _fund_said(work: Work, message: Outgoing, told: dict[str, Any]) -> None:
    """Apply the fund's immediate refusal of a bill; a later result overrides it."""
    if told.get("accepted") is not False:
        return
    bill = held(work, RentBill, message.object_id)
    with_the_fund(work, bill, BILL)
    if bill.state is not BillState.SENT_TO_FUND:
        return
    bill.reason, bill.decided_at = Sealed.of_json(reasons_text(told)), work.now
    take_step(work, bill, BILL, "refuse_by_fund")
    tell_state(work, bill, "公积金中心审查未通过")


def reasons_text(told: dict[str, Any]) -> str:
    """The sentences of a business refusal, as one text."""
    reasons = told.get("reasons")
    if not isinstance(reasons, list):
        return ""
    return "；".join(str(one.get("message", "")) for one in reasons if isinstance(one, dict))[:500]


def tell_state(work: Work, bill: RentBill, subject: str) -> None:
    """Notify the firm of the state of its bill."""
    reason = "" if bill.reason is None else bill.reason.json()
    to_firm(
        work,
        "bill_state",
        enterprise_id=bill.enterprise_id,
        key=f"{bill.bill_no}:{bill.state}",
        about=bill,
        body={"bill_no": bill.bill_no, "entrust_no": bill.entrust_no, "state": str(bill.state), "reason": reason},
        subject=subject,
        words=f"账单 {bill.bill_no}：{bill.state.label}。{reason}",
    )


passing_on(
    FUND,
    "bill",
    path="/bills",
    label="企业账单对接",
    row=18,
    message=PushedBill,
    afterwards=arrived(RentBill, BILL, with_the_fund),
    answered=_fund_said,
)
passing_on(FIRM, "bill_state", path="/bill-states", label="账单状态", row=18, message=PushedBillState)


@action("direct_pay.cancel_bill", "撤销账单", roles=FIRMS, step=Step(BILL, "cancel"))
def cancel_bill(work: Work, order: CancelBill) -> Answer:
    """Take back a bill whose sending has not begun; what is on its way can be with the fund already."""
    found = work.find(
        work.visible(RentBill), RentBill.bill_no == order.bill_no, RentBill.enterprise_id == work.caller.enterprise_id
    )
    message = _waiting_message(work, found)
    bill = held(work, RentBill, found.id)
    if bill.state is BillState.CANCELLED:
        return Answer(bill.bill_no, True, note=bill.state.label)
    if bill.state is BillState.REFUSED:
        raise Conflict("账单核验未通过，没有送往公积金中心，不需要撤销；改正后请用新的账单编号报送")
    if bill.state is not BillState.CHECKED or (message is not None and _has_begun(work, message)):
        raise Conflict("账单已送往公积金中心，不能撤销")
    if message is not None:
        work.session.delete(message)
    take_step(work, bill, BILL, "cancel")
    return Answer(bill.bill_no, True, note=bill.state.label)


def _waiting_message(work: Work, bill: RentBill) -> Outgoing | None:
    """The message of a bill, held first as the sender holds it first."""
    rows = select(Outgoing).where(Outgoing.object_id == bill.id, Outgoing.system == FUND, Outgoing.operation == "bill")
    return work.held(rows).first()


def _has_begun(work: Work, message: Outgoing) -> bool:
    return message.state is not OutgoingState.WAITING or message.attempts > 0
