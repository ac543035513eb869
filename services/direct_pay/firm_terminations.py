"""企业终止: a firm's request goes to the fund once; the fund's decision ends the mandate and goes back to that firm (rows 21, 22)."""

from typing import Any

from sqlmodel import col, select

from models.access import Role
from models.direct_pay import Entrustment, PaymentTermination, TerminationDecision
from models.direct_pay_codes import TERMINATION, EntrustState, ReviewDecision, TermSide, TermState
from models.engine import Outgoing, OutgoingState
from models.enterprise import EnterpriseKey
from models.tenancy import LeaseFiling
from models.tenancy_codes import ContractState, FilingState
from services.direct_pay.bills import reasons_text
from services.direct_pay.facts import TerminationFacts
from services.direct_pay.mandate_ends import contract_state_of
from services.direct_pay.mandates import billed_already, mandate_of, settle, state_by_date
from services.direct_pay.message_routes import FIRM, FUND, arrived, held, pushed, to_firm, to_fund, with_the_fund
from services.direct_pay.orders import Answer, ReceiveDecision, RequestTermination, content_digest, row_values
from services.direct_pay.pushes import PushedDecision, PushedTermination
from services.direct_pay.rules import TERMINATION_RULES
from services.direct_pay.timely import untimely
from services.direct_pay.visibility import FIRMS, only_the_fund
from services.engine.alarms import raise_alarm
from services.engine.findings import Finding, Outcome, judge
from services.engine.notices import notify
from services.engine.numbering import number_later
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import action
from services.engine.steps import step_on, take_step
from services.engine.work import Work
from services.partners.message_body import body_of
from services.partners.outgoing import passing_on

_UNDECIDED = frozenset({TermState.CHECKED, TermState.SENT_TO_FUND})
_SUBJECT = "终止直付审核结果"
_DECIDED = {ReviewDecision.APPROVED: "approve", ReviewDecision.REJECTED: "reject"}


@action("direct_pay.request_termination", "企业申请终止直付", roles=FIRMS, event="DATA.CREATE")
def request_termination(work: Work, order: RequestTermination) -> Answer:
    """Send a request to the fund, or return every reason; another firm's tenant is not found."""
    asked_by = str(work.caller.enterprise_id)
    earlier = _earlier(work, asked_by, order.term_no)
    again = earlier is not None and earlier.content_digest == content_digest(order) and earlier.reason is order.reason
    if earlier is not None and again and earlier.state is not TermState.REFUSED:
        return _answer(work, earlier, ())
    seen = work.visible(Entrustment).where(
        Entrustment.entrust_no == order.entrust_no, Entrustment.enterprise_id == work.caller.enterprise_id
    )
    if work.session.exec(seen).first() is None or (mandate := mandate_of(work, order.entrust_no)) is None:
        raise NotFound
    judgement = judge(_facts(work, order, mandate, taken=earlier is not None and not again), TERMINATION_RULES)
    if again and judgement.outcome is Outcome.PASS:
        # The obstacle is gone since; the number was refused all the same and is used up.
        judgement = judge(_facts(work, order, mandate, taken=True), TERMINATION_RULES)
    if judgement.outcome is not Outcome.PASS and (earlier is not None or not order.term_no):
        return Answer(order.term_no, False, tuple(judgement.findings))
    row = PaymentTermination(
        district_code=mandate.district_code,
        street_code=mandate.street_code,
        **row_values(PaymentTermination, order),
        side=TermSide.ENTERPRISE,
        asked_by=asked_by,
        entrustment_id=mandate.id,
        enterprise_id=mandate.enterprise_id,
        contract_state=contract_state_of(work, mandate),
        requested_at=work.now,
        last_payment=billed_already(work, mandate, order.effective_month),
        state=TermState.RECEIVED,
    )
    work.add(row)
    if judgement.outcome is not Outcome.PASS:
        take_step(work, row, TERMINATION, "refuse", reason="G13")
        return Answer(row.term_no, False, tuple(judgement.findings))
    take_step(work, row, TERMINATION, "check")
    if not order.term_no:
        number_later(work, "ZZ", mandate.district_code, work.today, lambda number: setattr(row, "term_no", number))
    work.then(lambda: _send(work, row, mandate))
    return work.later(lambda: _answer(work, row, ()))


def _earlier(work: Work, asked_by: str, term_no: str) -> PaymentTermination | None:
    if not term_no:
        return None
    return work.first(
        PaymentTermination,
        PaymentTermination.side == TermSide.ENTERPRISE,
        PaymentTermination.asked_by == asked_by,
        PaymentTermination.term_no == term_no,
    )


def _answer(work: Work, row: PaymentTermination, findings: tuple[Finding, ...]) -> Answer:
    return Answer(row.term_no, row.state is not TermState.REFUSED, findings, note=row.state.label)


def _facts(work: Work, order: RequestTermination, mandate: Entrustment, *, taken: bool) -> TerminationFacts:
    filing = work.only(LeaseFiling, LeaseFiling.id == mandate.filing_id)
    under_way = work.rows(
        PaymentTermination,
        PaymentTermination.entrustment_id == mandate.id,
        col(PaymentTermination.state).in_(_UNDECIDED),
    )
    return TerminationFacts(
        today=work.today,
        thresholds=work.thresholds,
        order=order,
        contract_state=ContractState.of(contract_state_of(work, mandate)),
        filing_state=state_by_date(filing, work.today),
        mandate_ended=mandate.state is EntrustState.ENDED,
        key_valid=_key_valid(work, order),
        under_way=under_way,
        draw_to=mandate.draw_to,
        number_taken=taken,
    )


def _key_valid(work: Work, order: RequestTermination) -> bool:
    """A system's key was proven by its signature; a person names the firm's key he confirms with."""
    if work.caller.has(Role.PARTNER):
        return True
    named = select(EnterpriseKey).where(
        EnterpriseKey.enterprise_id == work.caller.enterprise_id, EnterpriseKey.serial == order.key_serial
    )
    return any(key.counts_on(work.today) for key in work.session.exec(named))


def _send(work: Work, row: PaymentTermination, mandate: Entrustment) -> None:
    to_fund(
        work,
        "termination",
        key=f"{row.entrust_no}:{row.term_no}",
        about=row,
        body={
            **body_of(row, "term_no", "entrust_no", "reason", "reason_on", "contract_state", "requested_at"),
            **body_of(row, "effective_month", "last_payment"),
            **body_of(mandate, "filing_no", "contract_no"),
            "note": row.note.json(),
        },
    )


def _fund_said(work: Work, message: Outgoing, told: dict[str, Any]) -> None:
    """A request the fund does not take at all is refused by it, until it decides otherwise."""
    if told.get("accepted") is not False:
        return
    row = held(work, PaymentTermination, message.object_id)
    with_the_fund(work, row, TERMINATION)
    if row.state is TermState.SENT_TO_FUND:
        row.decision, row.decided_at = ReviewDecision.REJECTED, work.now
        take_step(work, row, TERMINATION, "reject", reason="公积金中心未受理")
        _tell_firm(work, row, f"{row.term_no}:0", reasons_text(told))


passing_on(
    FUND,
    "termination",
    path="/terminations",
    label="企业终止对接",
    row=21,
    message=PushedTermination,
    afterwards=arrived(PaymentTermination, TERMINATION, with_the_fund),
    answered=_fund_said,
)


# The fund's decision


@action("direct_pay.receive_decision", "接收终止审核结果", roles={Role.PARTNER}, event="API.IN")
def receive_decision(work: Work, order: ReceiveDecision) -> Answer:
    """Note the decision; the latest by the fund's time holds, and the mandate ends or goes on by it."""
    only_the_fund(work)
    if order.decision not in _DECIDED:
        raise Rejected("审核结果应为同意或不同意")
    earlier = work.first(TerminationDecision, TerminationDecision.decision_no == order.decision_no)
    if earlier is not None:
        if earlier.content_digest != content_digest(order):
            raise Conflict("该审核编号已使用，内容与先前报送的不同，请用新编号报送")
        return Answer(order.decision_no, True)
    if (told := untimely(work, order.decided_at)) is not None:
        return Answer(order.decision_no, False, (told,))
    mandate = mandate_of(work, order.entrust_no)
    row = None if mandate is None else _request(work, mandate, order.term_no)
    if mandate is None or row is None:
        subject = f"终止审核结果 {order.decision_no} 所指的申请 {order.term_no} 不存在"
        raise_alarm(work, "DIRECTPAY.UNKNOWN", subject, kind="termination_decision", key=order.decision_no)
        return Answer(order.decision_no, False, (Finding("G11", "没有查到该终止申请，请核对", "term_no"),))
    decision = TerminationDecision(
        **row_values(TerminationDecision, order), termination_id=row.id, received_at=work.now
    )
    work.add(decision)
    work.trail.tell("API.IN", "direct_pay.receive_decision", about=row, detail={"decision": str(order.decision)})
    return _decide(work, row, mandate, decision, order.reason)


def _request(work: Work, mandate: Entrustment, term_no: str) -> PaymentTermination | None:
    """The firm's request that was sent on, held."""
    rows = select(PaymentTermination).where(
        PaymentTermination.entrustment_id == mandate.id,
        PaymentTermination.side == TermSide.ENTERPRISE,
        PaymentTermination.term_no == term_no,
        col(PaymentTermination.state).not_in([TermState.RECEIVED, TermState.REFUSED]),
    )
    return work.held(rows).first()


def _decide(
    work: Work, row: PaymentTermination, mandate: Entrustment, decision: TerminationDecision, reason: str
) -> Answer:
    with_the_fund(work, row, TERMINATION)
    others = work.rows(
        TerminationDecision, TerminationDecision.termination_id == row.id, TerminationDecision.id != decision.id
    )
    if any(other.decision is not decision.decision for other in others):
        subject = f"终止申请 {row.term_no} 收到前后不一致的审核结果，以公积金中心时间较晚的为准"
        raise_alarm(work, "DIRECTPAY.TWO_DECISIONS", subject, about=row)
    latest = max([*others, decision], key=lambda one: (one.decided_at, one.decision_no))
    if latest is not decision:
        return Answer(decision.decision_no, True, note="已有时间更晚的审核结果")
    # A firm that was sent an approval stops billing; that it was taken back must reach the same system.
    taken_back = row.decision is ReviewDecision.APPROVED
    row.decision, row.decided_at = decision.decision, decision.decided_at
    step = _DECIDED[decision.decision]
    step_on(work, row, TERMINATION, step)
    settle(work, mandate, reason=str(row.reason))
    note = ""
    if decision.decision is ReviewDecision.APPROVED and _restored(work, mandate, row):
        note = "合同已恢复有效，委托按公积金中心审核结果终止；如需继续直付，请承租人重新委托"
        raise_alarm(
            work,
            "DIRECTPAY.RESTORED",
            f"委托书 {mandate.entrust_no} 的备案已恢复有效，但公积金中心已同意终止",
            about=mandate,
        )
    if (
        decision.decision is ReviewDecision.APPROVED
        or taken_back
        or work.thresholds.flag("direct_pay.deliver_rejected")
    ):
        _tell_firm(work, row, decision.decision_no, reason, note=note)
    else:
        # Its workspace shows what its system is not sent (leasing Q18).
        notify(work, _SUBJECT, _words(row, reason, note), about=row, to_enterprise=row.enterprise_id)
    return Answer(decision.decision_no, True, note=note)


def _restored(work: Work, mandate: Entrustment, row: PaymentTermination) -> bool:
    """The lease was over when the firm asked, and is not any more."""
    filing = work.only(LeaseFiling, LeaseFiling.id == mandate.filing_id)
    over = {str(ContractState.TERMINATED), str(ContractState.EXPIRED)}
    return row.contract_state in over and state_by_date(filing, work.today) is FilingState.ACTIVE


def _tell_firm(work: Work, row: PaymentTermination, key: str, reason: str, *, note: str = "") -> None:
    assert row.enterprise_id is not None
    waits = to_firm(
        work,
        "decision",
        enterprise_id=row.enterprise_id,
        key=key,
        about=row,
        body={
            **body_of(row, "term_no", "entrust_no", "decision", "decided_at", "effective_month", "last_payment"),
            "decision_no": key,
            "reason": reason,
            "note": note,
        },
        subject=_SUBJECT,
        words=_words(row, reason, note),
    )
    if not waits:
        pushed(work, row, TERMINATION)


def _words(row: PaymentTermination, reason: str, note: str) -> str:
    return f"终止申请 {row.term_no}：{row.decision.label}。{reason}{note}"


def _told(work: Work, message: Outgoing) -> None:
    if message.state is not OutgoingState.SENT:
        return
    key = message.payload.json()["key"]
    decision = work.first(TerminationDecision, TerminationDecision.decision_no == key)
    if decision is not None:
        decision.pushed_at = decision.pushed_at or work.now
        work.add(decision)
    row = held(work, PaymentTermination, message.object_id)
    if decision is None or decision.decision is row.decision:
        # An earlier decision that arrives behind a later one is not the last word.
        pushed(work, row, TERMINATION)


passing_on(
    FIRM,
    "decision",
    path="/termination-decisions",
    label="终止审核结果对接",
    row=22,
    message=PushedDecision,
    afterwards=_told,
)
