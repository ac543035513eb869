"""A mandate's course: found and locked, moved on, ended and taken up again as what is known of it says (3.11)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlmodel import col, or_, select

from models.direct_pay import Entrustment, PaymentTermination, RentBill
from models.direct_pay_codes import BINDING, ENTRUST, BillState, EntrustState, ReviewDecision, TermSide, TermState
from models.sealed import indexes_of
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import ContractState, FilingState
from services.direct_pay.message_routes import pushed
from services.direct_pay.rent import first_of, last_month
from services.engine.alarms import raise_alarm
from services.engine.steps import step_on, take_step
from services.engine.work import Work

#: A bill the fund has been given, or will have been by the next sending.
_WITH_THE_FUND = (BillState.SENT_TO_FUND, BillState.PAID, BillState.UNPAID)


def mandate_of(work: Work, entrust_no: str) -> Entrustment | None:
    """Lock and return a mandate by number regardless of the caller; refused mandates are left out."""
    found = mandates_of(work, [entrust_no])
    return found.get(entrust_no)


def mandates_of(work: Work, numbers: Iterable[str]) -> dict[str, Entrustment]:
    """Lock and return several mandates in a fixed order, so that two batches cannot deadlock."""
    return {row.entrust_no: row for row in held_where(work, col(Entrustment.entrust_no).in_(sorted(set(numbers))))}


def held_where(work: Work, where: Any) -> list[Entrustment]:
    """Lock and return the mandates that were not refused."""
    # Flush first: the rows are read again from the database.
    if any(isinstance(row, Entrustment) for row in work.session.dirty):
        work.session.flush()
    rows = select(Entrustment).where(where, Entrustment.state != EntrustState.REFUSED)
    return list(work.held(rows.order_by(col(Entrustment.id))))


def delivered(work: Work, mandate: Entrustment) -> None:
    """Note that the firm has a mandate."""
    pushed(work, mandate, ENTRUST)


def acknowledged(work: Work, mandate: Entrustment) -> None:
    """The firm says so itself, or shows it by billing; that may come before we know that our message arrived."""
    delivered(work, mandate)
    mandate.ack_at = mandate.ack_at or work.now
    step_on(work, mandate, ENTRUST, "acknowledge")


def running(work: Work, mandate: Entrustment) -> None:
    """Mark a mandate as running, because it has a first bill."""
    acknowledged(work, mandate)
    step_on(work, mandate, ENTRUST, "run")


def settle(work: Work, mandate: Entrustment, reason: str = "") -> None:
    """Recompute end and state from everything known, in whatever order it arrived.

    The fund's decision ends a mandate at once, from the month `stops_from` on; the filing's end lets it run out.
    """
    mandate.stops_from = _stops_from(work, mandate)
    if mandate.stops_from:
        if step_on(work, mandate, ENTRUST, "end", reason=reason):
            mandate.ended_at = work.now
    elif mandate.filing_ended_on is not None:
        step_on(work, mandate, ENTRUST, "ending", reason=reason)
    elif mandate.state in {EntrustState.ENDING, EntrustState.ENDED}:
        take_step(work, mandate, ENTRUST, _resumed(work, mandate), reason=reason)
        mandate.ended_at = None
        _tell_of_another(work, mandate)
    work.add(mandate)


def _tell_of_another(work: Work, mandate: Entrustment) -> None:
    """Raise an alarm for a tenant who signed a new mandate while the old one now continues (G04); people settle it."""
    persons = [
        index
        for number in (mandate.tenant_id_no, mandate.spouse_id_no)
        if number is not None
        for index in indexes_of(work.sealer, "id_no", number.plain)
    ]
    rows = select(Entrustment.entrust_no).where(
        Entrustment.id != mandate.id,
        col(Entrustment.state).in_(BINDING),
        or_(
            Entrustment.filing_id == mandate.filing_id,
            col(Entrustment.tenant_id_no_index).in_(persons),
            col(Entrustment.spouse_id_no_index).in_(persons),
        ),
        # At least one month in common, as `last_month` counts; a household that moved has none.
        Entrustment.draw_from <= last_month(mandate),
        Entrustment.draw_to >= mandate.draw_from,
        or_(Entrustment.stops_from == "", col(Entrustment.stops_from) > mandate.draw_from),
        or_(
            col(Entrustment.filing_ended_on).is_(None),
            col(Entrustment.filing_ended_on) >= first_of(mandate.draw_from),
        ),
    )
    others = sorted(work.session.exec(rows).all())
    if others:
        subject = f"委托书 {mandate.entrust_no} 恢复执行，同一住户另有委托书 {others[0]}，请与公积金中心核对"
        raise_alarm(work, "DIRECTPAY.TWO_MANDATES", subject, about=mandate)


def _stops_from(work: Work, mandate: Entrustment) -> str:
    ends = work.rows(PaymentTermination, PaymentTermination.entrustment_id == mandate.id)
    # Ends of this transaction count too; they are not in the database before a flush.
    here = [
        row
        for row in (*work.session.new, *work.session.dirty)
        if isinstance(row, PaymentTermination) and row.entrustment_id == mandate.id
    ]
    months = [
        end.effective_month
        for end in (*ends, *here)
        if (end.side is TermSide.TENANT and end.state is not TermState.WAITING)
        or end.decision is ReviewDecision.APPROVED
    ]
    return min(months, default="")


def _resumed(work: Work, mandate: Entrustment) -> str:
    if mandate.ack_at is not None:
        billed = select(RentBill.id).where(
            RentBill.entrustment_id == mandate.id, col(RentBill.state).not_in([BillState.REFUSED, BillState.CANCELLED])
        )
        return "resume_running" if work.session.exec(billed).first() is not None else "resume_acked"
    return "resume_pushed" if mandate.pushed_at is not None else "resume_checked"


def billed_already(work: Work, mandate: Entrustment, month: str) -> bool:
    """Return whether a bill for a month or a later one is with the fund: then its payment is the last one."""
    sent = select(RentBill.id).where(
        RentBill.entrustment_id == mandate.id,
        col(RentBill.state).in_(_WITH_THE_FUND),
        col(RentBill.period_end) >= first_of(month),
    )
    return work.session.exec(sent).first() is not None


def state_by_date(filing: LeaseFiling, today: date) -> FilingState:
    """A filing past its last day has expired, whether or not the job has come round (row 16)."""
    if filing.state is FilingState.ACTIVE and filing.valid_to < today:
        return FilingState.EXPIRED
    return filing.state


def contract_state_by_date(contract: LeaseContract, today: date) -> ContractState:
    if contract.state is ContractState.EFFECTIVE and contract.end < today:
        return ContractState.EXPIRED
    return contract.state
