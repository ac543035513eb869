"""Direct rent in the demo: three firms in the pilot, leases of theirs, mandates in every state with months of bills."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from deploy.demo.pilot_leases import TENANTS
from models.access import Role
from models.columns import new_id
from models.direct_pay import (
    Entrustment,
    FilingEnding,
    PaymentResult,
    PaymentTermination,
    PilotScope,
    RentBill,
    TerminationDecision,
)
from models.direct_pay_codes import (
    BillState,
    DrawCycle,
    EndingKind,
    EntrustState,
    FailCode,
    PaymentOutcome,
    PilotState,
    ResultState,
    ReviewDecision,
    TermReason,
    TermSide,
    TermState,
)
from models.engine import Outgoing, OutgoingState
from models.enterprise import Enterprise
from models.sealed import Sealed
from models.sealing import sm3_hex
from models.tenancy import ContractParty, FilingPart, LeaseContract, LeaseFiling
from models.tenancy_codes import CancelReason, Channel, ContractState, FilingState, Side
from services.direct_pay.rent import first_of, last_of, month_before, month_of
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.endings import SERIES

_BANK = ("中国建设银行上海市分行", "105290000012")


@dataclass(frozen=True)
class Plan:
    """How one mandate stands; `bills` are the states of the last months' bills, the oldest first, this month's last."""

    state: EntrustState
    bills: tuple[BillState, ...] = ()
    end: str = ""
    pushed_minutes_ago: int = 3 * 24 * 60
    reversed_last: bool = False


_PAID, _UNPAID, _SENT = BillState.PAID, BillState.UNPAID, BillState.SENT_TO_FUND
PLANS = (
    Plan(EntrustState.RUNNING, (_PAID, _PAID, _PAID, _SENT)),
    Plan(EntrustState.RUNNING, (_PAID, _UNPAID, _PAID, BillState.CHECKED)),
    Plan(EntrustState.RUNNING, (_UNPAID, _UNPAID, _UNPAID, _SENT)),
    Plan(EntrustState.RUNNING, (_PAID, _PAID, BillState.REFUSED_BY_FUND)),
    Plan(EntrustState.RUNNING, (_PAID, _PAID, _UNPAID), reversed_last=True),
    Plan(EntrustState.ACKED),
    Plan(EntrustState.PUSHED, pushed_minutes_ago=140),
    Plan(EntrustState.PUSHED, pushed_minutes_ago=4),
    Plan(EntrustState.PUSH_FAILED),
    Plan(EntrustState.REFUSED),
    Plan(EntrustState.ENDING, (_PAID, _PAID, _PAID), end="filing"),
    Plan(EntrustState.ENDED, (_PAID, _PAID, _PAID), end="tenant"),
    Plan(EntrustState.ENDED, (_PAID, _PAID), end="approved"),
    Plan(EntrustState.RUNNING, (_PAID, _PAID, _PAID, _SENT), end="stuck"),
)


@dataclass
class Shown:
    """A lease and its mandate while the demo is written."""

    work: Work
    filing: LeaseFiling
    contract: LeaseContract
    firm: Enterprise
    tenant: tuple[str, str]
    plan: Plan
    serial: int
    mandate: Entrustment = field(init=False)

    def months_ago(self, number: int) -> str:
        """The month so many before this one."""
        month = month_of(self.work.today)
        for _ in range(number):
            month = month_before(month)
        return month

    def at(self, day: date) -> datetime:
        """A morning of a day, and never one to come."""
        moment = self.work.now - timedelta(days=(self.work.today - day).days)
        return min(moment, self.work.now)

    @property
    def place(self) -> dict[str, Any]:
        return {"district_code": self.filing.district_code, "street_code": self.filing.street_code}


@action("demo.direct_pay", "装载直付委托与账单", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_direct_pay(work: Work, order: None) -> int:
    """Mandates of the pilot's leases in every state, once; the rest of the leases are left for tenants to sign."""
    if work.session.exec(select(Entrustment.id).limit(1)).first() is not None:
        return 0
    found = work.session.exec(
        select(LeaseFiling, LeaseContract, Enterprise)
        .join(LeaseContract, col(LeaseFiling.contract_id) == LeaseContract.id)
        .join(Enterprise, col(LeaseFiling.enterprise_id) == Enterprise.id)
        .where(
            col(Enterprise.id).in_(select(PilotScope.enterprise_id).where(PilotScope.state == PilotState.CONFIRMED)),
            LeaseFiling.state == FilingState.ACTIVE,
            # Old enough for the months of bills that are shown.
            LeaseFiling.channel == Channel.ENT,
            col(LeaseFiling.valid_from) <= work.today - timedelta(days=100),
            ~select(ContractParty.id)
            .where(
                ContractParty.contract_id == LeaseContract.id,
                ContractParty.side == Side.LESSEE,
                col(ContractParty.id_type) != "11",
            )
            .exists(),
        )
    ).all()
    # By the number's running part, so that every district has some.
    rows = sorted(found, key=lambda row: (row[0].filing_no[-7:], row[0].filing_no))
    made = 0
    for serial, ((filing, contract, firm), plan) in enumerate(zip(rows, PLANS, strict=False)):
        _write(Shown(work, filing, contract, firm, _tenant(work, contract), plan, serial))
        made += 1
    if made:
        _orphan(work)
    return made


def _tenant(work: Work, contract: LeaseContract) -> tuple[str, str]:
    one = work.session.exec(
        select(ContractParty).where(ContractParty.contract_id == contract.id, ContractParty.side == Side.LESSEE)
    ).first()
    return TENANTS[0] if one is None else (one.name.plain, one.id_no.plain)


def _write(shown: Shown) -> None:
    work, plan = shown.work, shown.plan
    signed = shown.at(shown.filing.valid_from + timedelta(days=2))
    pushed = None
    if plan.state not in {EntrustState.REFUSED, EntrustState.PUSH_FAILED}:
        pushed = work.now - timedelta(minutes=plan.pushed_minutes_ago) if not plan.bills else signed
    silent = plan.state in {EntrustState.PUSHED, EntrustState.PUSH_FAILED, EntrustState.REFUSED}
    received = pushed - timedelta(minutes=1) if pushed else work.now - timedelta(days=1)
    findings = (
        [{"code": "G06", "message": "收款账户不一致", "field": "payee_account"}]
        if plan.state is EntrustState.REFUSED
        else []
    )
    number = f"WT{signed:%Y%m%d}9{shown.serial + 1:04d}"
    shown.mandate = Entrustment(
        entrust_no=number,
        receipt_no=f"JS{number[2:]}",
        filing_no=shown.filing.filing_no,
        contract_no=shown.contract.contract_no or "",
        filing_id=shown.filing.id,
        enterprise_id=shown.firm.id,
        tenant=Sealed.of(shown.tenant[0]),
        tenant_id_no=Sealed.of(shown.tenant[1]),
        payee_name=shown.firm.name,
        payee_bank=_BANK[0],
        payee_bank_code=_BANK[1],
        payee_account=Sealed.of(shown.firm.supervised_account.plain if shown.firm.supervised_account else "0"),
        pay_cycle=DrawCycle.MONTH,
        monthly_rent=shown.filing.month_rent,
        draw_from=month_of(shown.filing.valid_from),
        draw_to=month_of(shown.filing.valid_to),
        signed_at=signed,
        signature_digest=sm3_hex(number.encode()),
        content_digest=sm3_hex(f"demo {number}".encode()),
        findings=Sealed.of_json(findings),
        received_at=received,
        pushed_at=pushed,
        ack_at=None if silent or pushed is None else pushed + timedelta(minutes=6),
        unpaid_flagged=plan.bills[:3] == (_UNPAID, _UNPAID, _UNPAID),
        state=plan.state,
        **shown.place,
    )
    work.add(shown.mandate)
    if plan.state is EntrustState.PUSH_FAILED:
        _dead_letter(shown)
    for place, state in enumerate(plan.bills):
        _bill(shown, place, state)
    if plan.end:
        _ENDS[plan.end](shown)


def _dead_letter(shown: Shown) -> None:
    """The push that failed, so that it can be sent again by hand."""
    mandate = shown.mandate
    body = {
        "entrust_no": mandate.entrust_no,
        "filing_no": mandate.filing_no,
        "contract_no": mandate.contract_no,
        "tenant": shown.tenant[0],
        "tenant_id_no": shown.tenant[1],
        "by_spouse": False,
        "payee_name": mandate.payee_name,
        "payee_bank": mandate.payee_bank,
        "payee_account": mandate.payee_account.plain,
        "pay_cycle": str(mandate.pay_cycle),
        "monthly_rent": f"{mandate.monthly_rent:.2f}",
        "draw_from": mandate.draw_from,
        "draw_to": mandate.draw_to,
        "signed_at": mandate.signed_at.isoformat(timespec="seconds"),
    }
    app_id = {"91310115MA1K000016": "qy-huyu", "91310000MA1F000035": "qy-tuju"}.get(shown.firm.uscc, "qy-jiangpan")
    shown.work.add(
        Outgoing(
            system="rental_company",
            operation="entrustment",
            business_key=f"entrustment:{app_id}:{mandate.entrust_no}",
            object_kind="entrustment",
            object_id=mandate.id,
            request_id=sm3_hex(mandate.entrust_no.encode())[:32],
            payload=Sealed.of_json({"to": app_id, "mid": str(new_id()), "key": mandate.entrust_no, "body": body}),
            state=OutgoingState.DEAD,
            attempts=4,
            next_at=shown.work.now,
            last_error="对方系统没有应答",
        )
    )


def _bill(shown: Shown, place: int, state: BillState) -> None:
    """The bill of a month; an unfinished one is this month's."""
    open_one = state in {BillState.CHECKED, BillState.SENT_TO_FUND}
    month = shown.months_ago(0 if open_one else len(shown.plan.bills[:3]) - place)
    first, decided = first_of(month), shown.at(first_of(month) + timedelta(days=9))
    sent = shown.at(first + timedelta(days=1))
    reason = {_UNPAID: "公积金余额不足，当月未支付，请自行支付租金", BillState.REFUSED_BY_FUND: "不符合提取条件"}.get(
        state
    )
    bill = RentBill(
        bill_no=f"ZD{month.replace('-', '')}{shown.serial + 1:04d}",
        entrustment_id=shown.mandate.id,
        entrust_no=shown.mandate.entrust_no,
        contract_no=shown.mandate.contract_no,
        enterprise_id=shown.firm.id,
        period_start=first,
        period_end=last_of(month),
        bill_time=sent,
        rent_fee=shown.filing.month_rent,
        deposit_fee=Decimal(0),
        other_fee=Decimal(0),
        total_amount=shown.filing.month_rent,
        subject=f"{month} 租金",
        content_digest=sm3_hex(f"demo {month} {shown.serial}".encode()),
        findings=Sealed.of_json([]),
        received_at=sent,
        sent_at=None if state is BillState.CHECKED else sent + timedelta(minutes=1),
        decided_at=None if open_one else decided,
        paid_amount=shown.filing.month_rent if state is _PAID else None,
        reason=Sealed.of_json(reason) if reason else None,
        state=state,
        **shown.place,
    )
    shown.work.add(bill)
    if open_one:
        return
    back = shown.plan.reversed_last and place == len(shown.plan.bills) - 1
    if back:
        bill.reason = Sealed.of_json("收款账户错误，银行退回")
        _result(shown, bill, PaymentOutcome.SUCCESS, decided - timedelta(days=2), "1")
    outcome = {_PAID: PaymentOutcome.SUCCESS, _UNPAID: PaymentOutcome.FAIL}.get(state, PaymentOutcome.REFUSED)
    _result(shown, bill, outcome, decided, "2" if back else "1", FailCode.PAYEE if back else FailCode.BALANCE)


def _result(
    shown: Shown,
    bill: RentBill,
    outcome: PaymentOutcome,
    decided: datetime,
    mark: str,
    fail_code: FailCode = FailCode.BALANCE,
) -> None:
    paid = outcome is PaymentOutcome.SUCCESS
    if outcome is PaymentOutcome.REFUSED:
        fail_code = FailCode.INELIGIBLE
    number = f"JG{bill.bill_no[2:]}-{mark}"
    shown.work.add(
        PaymentResult(
            result_no=number,
            entrust_no=bill.entrust_no,
            bill_no=bill.bill_no,
            bill_id=bill.id,
            enterprise_id=bill.enterprise_id,
            amount=bill.total_amount if paid else Decimal(0),
            outcome=outcome,
            fail_code=FailCode.NONE if paid else fail_code,
            reason=Sealed.of_json("" if paid or bill.reason is None else bill.reason.json()),
            decided_at=decided,
            paid_on=decided.date() if paid else None,
            bank_flow_no=sm3_hex(number.encode())[:16] if paid else "",
            content_digest=sm3_hex(f"demo {number}".encode()),
            received_at=decided + timedelta(minutes=2),
            pushed_at=decided + timedelta(minutes=3),
            ack_at=decided + timedelta(minutes=9),
            state=ResultState.ACKED,
            **shown.place,
        )
    )


def _orphan(work: Work) -> None:
    """A result the fund told under a number nobody billed."""
    work.add(
        PaymentResult(
            district_code="",
            result_no=f"JG{work.today:%Y%m}9999-1",
            entrust_no=f"WT{work.today:%Y%m}0199999",
            bill_no=f"ZD{work.today:%Y%m}9999",
            amount=Decimal("4200.00"),
            outcome=PaymentOutcome.SUCCESS,
            reason=Sealed.of_json(""),
            decided_at=work.now - timedelta(hours=5),
            paid_on=work.today,
            bank_flow_no="0000000000000000",
            content_digest=sm3_hex(b"demo orphan"),
            received_at=work.now - timedelta(hours=5),
            state=ResultState.ORPHAN,
        )
    )


# How some of them end


def _end(shown: Shown, side: TermSide, state: TermState, days_ago: int, **more: Any) -> PaymentTermination:
    tenant = side is TermSide.TENANT
    asked = shown.at(shown.work.today - timedelta(days=days_ago))
    number = f"{'GZ' if tenant else 'QZ'}{shown.mandate.entrust_no[2:]}"
    row = PaymentTermination(
        term_no=number,
        side=side,
        asked_by="gjj-center" if tenant else str(shown.firm.id),
        entrustment_id=shown.mandate.id,
        entrust_no=shown.mandate.entrust_no,
        enterprise_id=shown.firm.id,
        reason=TermReason.TENANT_WISH if tenant else TermReason.ROOM_OUT,
        note=Sealed.of_json(""),
        reason_on=None if tenant else shown.work.today - timedelta(days=days_ago),
        contract_state=str(ContractState.EFFECTIVE),
        requested_at=asked,
        effective_month=month_of(shown.work.today),
        content_digest=sm3_hex(f"demo {number}".encode()),
        state=state,
        **more,
        **shown.place,
    )
    shown.work.add(row)
    return row


def _ended_by_tenant(shown: Shown) -> None:
    now = shown.work.now
    _end(shown, TermSide.TENANT, TermState.ACKED, 6, pushed_at=now - timedelta(days=6), ack_at=now - timedelta(days=6))
    shown.mandate.stops_from = month_of(shown.work.today)
    shown.mandate.ended_at = now - timedelta(days=6)


def _approved(shown: Shown) -> None:
    now = shown.work.now
    decided = now - timedelta(days=2)
    row = _end(
        shown,
        TermSide.ENTERPRISE,
        TermState.PUSHED_TO_ENTERPRISE,
        4,
        decision=ReviewDecision.APPROVED,
        sent_at=now - timedelta(days=4),
        decided_at=decided,
        pushed_at=decided,
    )
    shown.work.add(
        TerminationDecision(
            decision_no=f"SH{row.term_no}-1",
            termination_id=row.id,
            decision=ReviewDecision.APPROVED,
            reason=Sealed.of_json("情况属实"),
            decided_at=decided,
            received_at=decided,
            pushed_at=decided,
            content_digest=sm3_hex(f"demo {row.term_no}".encode()),
        )
    )
    shown.mandate.stops_from, shown.mandate.ended_at = month_of(shown.work.today), decided


def _stuck(shown: Shown) -> None:
    _end(shown, TermSide.ENTERPRISE, TermState.SENT_TO_FUND, 5, sent_at=shown.work.now - timedelta(days=5))


def _filing_over(shown: Shown) -> None:
    """The lease was cancelled a week ago: contract, filing, part and ledger say so."""
    work, ended = shown.work, shown.work.today - timedelta(days=7)
    shown.contract.state = ContractState.TERMINATED
    shown.filing.state, shown.filing.ended_on = FilingState.CANCELLED, ended
    shown.filing.cancel_reason = CancelReason.EARLY_BOTH.value
    shown.mandate.filing_ended_on = ended
    for part in work.session.exec(select(FilingPart).where(FilingPart.filing_id == shown.filing.id)).all():
        part.holds = False
        work.add(part)
    line = FilingEnding(
        filing_id=shown.filing.id,
        filing_no=shown.filing.filing_no,
        contract_no=shown.contract.contract_no or "",
        kind=EndingKind.EARLY_BOTH,
        ended_on=ended,
        recorded_at=shown.at(ended),
        **shown.place,
    )
    for row in (shown.contract, shown.filing, line):
        work.add(row)
    work.numbers.append((SERIES, lambda value: setattr(line, "position", value)))


_ENDS = {"filing": _filing_over, "tenant": _ended_by_tenant, "approved": _approved, "stuck": _stuck}
