"""Ends of mandates: by the tenant, by the end of their filing, by time (rows 16, 20; leasing 3.11)."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.direct_pay import Entrustment, FilingEnding, PaymentTermination, RentBill
from models.direct_pay_codes import ENTRUST, OPEN_BILLS, TERMINATION, EndingKind, EntrustState, TermSide, TermState
from models.enterprise import Enterprise
from models.tenancy import LeaseContract, LeaseFiling
from services.direct_pay.mandates import billed_already, contract_state_by_date, held_where, mandate_of, settle
from services.direct_pay.message_routes import FIRM, FUND, arrived, pushed, to_firm, to_fund
from services.direct_pay.orders import Answer, ReceiveTenantTermination, content_digest, row_values
from services.direct_pay.pushes import PushedEnding, PushedTenantTermination
from services.direct_pay.rent import month_of
from services.direct_pay.visibility import only_the_fund
from services.engine.alarms import raise_alarm
from services.engine.events import on
from services.engine.findings import Finding
from services.engine.jobs import repeated
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.partners.message_body import body_of
from services.partners.outgoing import passing_on
from services.tenancy.endings import ENDED

_WRONG_FIRM = "企业与委托书不符，未送达任何企业，请核对后用新编号重新报送"


@action("direct_pay.receive_tenant_termination", "接收个人终止结果", roles={Role.PARTNER}, event="API.IN")
def receive_tenant_termination(work: Work, order: ReceiveTenantTermination) -> Answer:
    """End a mandate from a month on and notify its firm; a message that overtook its mandate waits for it."""
    only_the_fund(work)
    earlier = work.first(
        PaymentTermination,
        PaymentTermination.side == TermSide.TENANT,
        PaymentTermination.asked_by == work.caller.name,
        PaymentTermination.term_no == order.term_no,
    )
    if earlier is not None:
        if earlier.content_digest != content_digest(order) or earlier.reason is not order.reason:
            raise Conflict("该终止编号已使用，内容与先前报送的不同，请用新编号报送")
        return Answer(order.term_no, True, note=_note(earlier))
    mandate = mandate_of(work, order.entrust_no)
    named = work.first(Enterprise.id, Enterprise.uscc == order.enterprise_uscc)
    if mandate is not None and named != mandate.enterprise_id:
        _tell_of_the_wrong_firm(work, order.entrust_no, order.term_no)
        return Answer(order.term_no, False, (Finding("G14", _WRONG_FIRM, "enterprise_uscc"),))
    row = PaymentTermination(
        district_code="",
        **row_values(PaymentTermination, order),
        side=TermSide.TENANT,
        asked_by=work.caller.name,
        enterprise_id=named,
        state=TermState.RECEIVED_RESULT if mandate is not None else TermState.WAITING,
    )
    work.add(row)
    work.trail.tell("API.IN", "direct_pay.receive_tenant_termination", about=row, detail={"state": str(row.state)})
    if mandate is None:
        subject = f"个人终止结果 {order.term_no} 所指的委托书 {order.entrust_no} 尚未收到"
        raise_alarm(work, "DIRECTPAY.UNKNOWN", subject, about=row)
        return Answer(order.term_no, True, note="委托书尚未收到，收到后自动终止")
    _attach(work, row, mandate)
    return Answer(order.term_no, True, note=_note(row))


def _note(row: PaymentTermination) -> str:
    return "停止提取月的账单已送出，该笔为最后一次支付" if row.last_payment else ""


def _tell_of_the_wrong_firm(work: Work, entrust_no: str, term_no: str) -> None:
    subject = f"个人终止结果 {term_no} 中的企业与委托书 {entrust_no} 不符，未送达"
    raise_alarm(work, "DIRECTPAY.WRONG_FIRM", subject, kind="payment_termination", key=f"{entrust_no} {term_no}")


def attach_waiting(work: Work, mandate: Entrustment) -> None:
    """Give a mandate that has just come the ends that came before it."""
    rows = select(PaymentTermination).where(
        PaymentTermination.entrust_no == mandate.entrust_no, PaymentTermination.state == TermState.WAITING
    )
    for row in work.session.exec(rows).all():
        if row.enterprise_id != mandate.enterprise_id:
            _tell_of_the_wrong_firm(work, row.entrust_no, row.term_no)
            continue
        take_step(work, row, TERMINATION, "arrive")
        _attach(work, row, mandate)


def _attach(work: Work, row: PaymentTermination, mandate: Entrustment) -> None:
    assert mandate.enterprise_id is not None
    row.entrustment_id, row.district_code, row.street_code = mandate.id, mandate.district_code, mandate.street_code
    row.contract_state = contract_state_of(work, mandate)
    row.last_payment = billed_already(work, mandate, row.effective_month)
    work.add(row)
    settle(work, mandate, reason=str(row.reason))
    words = f"委托书 {mandate.entrust_no} 自 {row.effective_month} 起停止提取（{row.reason.label}）。{_note(row)}"
    waits = to_firm(
        work,
        "termination",
        enterprise_id=mandate.enterprise_id,
        key=row.term_no,
        about=row,
        body={
            **body_of(row, "term_no", "entrust_no", "reason", "requested_at", "effective_month", "last_payment"),
            "filing_no": mandate.filing_no,
        },
        subject="承租人已终止公积金直付",
        words=words,
    )
    if not waits:
        pushed(work, row, TERMINATION)


def contract_state_of(work: Work, mandate: Entrustment) -> str:
    """The state of a mandate's lease by today's date, as a value of `ContractState`."""
    contract = work.session.exec(
        select(LeaseContract)
        .join(LeaseFiling, col(LeaseFiling.contract_id) == LeaseContract.id)
        .where(LeaseFiling.id == mandate.filing_id)
    ).one()
    return str(contract_state_by_date(contract, work.today))


passing_on(
    FIRM,
    "termination",
    path="/terminations",
    label="个人终止对接",
    row=20,
    message=PushedTenantTermination,
    afterwards=arrived(PaymentTermination, TERMINATION, pushed),
)


# The end of the filing


@on(ENDED)
def filing_changed(work: Work, line: FilingEnding) -> None:
    """A filing ended or came back: its mandates run out or go on, and the fund is offered the ledger's line (row 16)."""
    for mandate in held_where(work, col(Entrustment.filing_id) == line.filing_id):
        mandate.filing_ended_on = None if line.kind is EndingKind.RESTORED else line.ended_on
        settle(work, mandate, reason=str(line.kind))
        work.trail.tell("DATA.STATE", "direct_pay.filing_changed", about=mandate, reason=str(line.kind))
        work.then(lambda mandate=mandate: _offer(work, mandate, line))  # type: ignore[misc]


def _offer(work: Work, mandate: Entrustment, line: FilingEnding) -> None:
    to_fund(
        work,
        "ending",
        key=f"{mandate.entrust_no}:{line.position}",
        about=mandate,
        body={
            **body_of(line, "filing_no", "contract_no", "kind", "ended_on", "recorded_at"),
            "line_no": line.position,
            "entrust_no": mandate.entrust_no,
        },
    )


passing_on(FUND, "ending", path="/endings", label="合同及备案终止数据", row=16, message=PushedEnding)


# Time


def _run_out(work: Work, before: Any) -> Any:
    """Mandates whose last day is past, whose bills are all answered."""
    unanswered = select(RentBill.entrustment_id).where(
        RentBill.entrustment_id == Entrustment.id, col(RentBill.state).in_(OPEN_BILLS)
    )
    over = sa.or_(
        sa.and_(col(Entrustment.state) == EntrustState.ENDING, col(Entrustment.filing_ended_on) < before),
        col(Entrustment.draw_to) < month_of(before),
    )
    return sa.and_(col(Entrustment.state).in_(ENTRUST.open_to("end")), over, ~unanswered.exists())


@action("direct_pay.close", "到期终止委托", roles={Role.SYSTEM})
def close_mandates(work: Work, limit: int) -> int:
    """End mandates that have run out; firms have some days after the last one to send what is still to be billed."""
    before = work.today - timedelta(days=work.thresholds.integer("direct_pay.close_days"))
    rows = work.free(select(Entrustment).where(_run_out(work, before)).order_by(col(Entrustment.id)).limit(limit)).all()
    for mandate in rows:
        take_step(work, mandate, ENTRUST, "end", reason="到期")
        mandate.ended_at = work.now
    return len(rows)


repeated("direct_pay.close", "到期终止直付委托", close_mandates, 200, at="01:15")
