"""The firm's desk: what came in, the mandates it may bill, the keys it may confirm with (rows 17-22)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.direct_pay import Entrustment, PaymentResult, PaymentTermination, RentBill, TerminationDecision
from models.direct_pay_codes import EntrustState, ResultState, TermState
from models.engine import Notice
from models.enterprise import EnterpriseKey, KeyState
from models.privacy import Shown
from models.sealed import index_of
from services.access.visibility import ENTERPRISE
from services.direct_pay.bill_hint import BILLABLE, BillHint, hints_of
from services.direct_pay.bill_workbook import bill_template
from services.direct_pay.mandate_intake import AckKind
from services.direct_pay.progress import ProgressFilter, ProgressLine, progress_page
from services.engine.refusals import NotAllowed, Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.privacy.accesses import note_access

_TABLES: dict[str, tuple[Any, str]] = {
    "entrustment": (Entrustment, "委托"),
    "rent_bill": (RentBill, "账单"),
    "payment_result": (PaymentResult, "支付结果"),
    "payment_termination": (PaymentTermination, "终止"),
    "termination_decision": (TerminationDecision, "终止审核"),
}
KINDS = {kind: label for kind, (_, label) in _TABLES.items()}
_MOST_PREFILLED = 2_000
#: A counted-on number is two or three characters longer.
_LONGEST_NUMBER = 36


def _firm(work: Work) -> UUID:
    if work.caller.enterprise_id is None:
        raise NotAllowed("只有租赁企业可以办理此项业务")
    return work.caller.enterprise_id


# Inbox


@dataclass(frozen=True)
class InboxFilter:
    """`kind` is a key of `KINDS`; `unread` leaves out messages read by a user of the firm."""

    kind: str = ""
    unread: bool = False
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class InboxLine:
    """A thing that came. `ack` and `number` are set while the firm has not yet said that it has it."""

    id: UUID
    kind: str
    subject: str
    body: str
    at: datetime
    state: str
    read: bool
    mandate_id: UUID | None
    ack: AckKind | None
    number: str


@dataclass(frozen=True)
class InboxPage:
    total: int
    unread: int
    lines: tuple[InboxLine, ...] = field(default_factory=tuple)


@query("direct_pay.inbox", "直付收件箱", roles=ENTERPRISE)
def inbox(work: Work, order: InboxFilter) -> InboxPage:
    """Return what fund and authority sent this firm about direct payment, the newest first."""
    if not 1 <= order.size <= 200 or not 1 <= order.page <= 200:
        raise Rejected("只能查看最近的记录，请缩小查询范围")
    if order.kind and order.kind not in KINDS:
        raise Rejected("筛选条件不正确，请重新选择")
    base = _mine(work)
    unread = _count(work, base.where(col(Notice.read_at).is_(None)))
    if order.kind:
        base = base.where(Notice.object_kind == order.kind)
    if order.unread:
        base = base.where(col(Notice.read_at).is_(None))
    rows = work.session.exec(
        base.order_by(col(Notice.created_at).desc(), col(Notice.id).desc())
        .offset((order.page - 1) * order.size)
        .limit(order.size)
    ).all()
    objects = _objects(work, rows)
    return InboxPage(_count(work, base), unread, tuple(_line(row, objects.get(row.object_id)) for row in rows))


@query("direct_pay.unread", "直付未读消息数", roles=ENTERPRISE)
def unread_count(work: Work, order: None) -> int:
    """Count the messages that no user of the firm has read."""
    return _count(work, _mine(work).where(col(Notice.read_at).is_(None)))


def _mine(work: Work) -> Any:
    return work.visible(Notice).where(
        Notice.to_enterprise == _firm(work),
        col(Notice.object_kind).in_(list(KINDS)),
        col(Notice.object_id).is_not(None),
    )


def _count(work: Work, statement: Any) -> int:
    return work.session.exec(select(func.count()).select_from(statement.subquery())).one()


def _objects(work: Work, rows: Any) -> dict[UUID | None, Any]:
    """Return what the notices are about, as far as this firm may see it."""
    found: dict[UUID | None, Any] = {}
    for kind, (table, _) in _TABLES.items():
        if ids := [row.object_id for row in rows if row.object_kind == kind]:
            seen = work.session.exec(work.visible(table).where(col(table.id).in_(ids))).all()
            found |= {row.id: row for row in seen}
    decided = [row.termination_id for row in found.values() if isinstance(row, TerminationDecision)]
    if decided:
        terms = work.session.exec(work.visible(PaymentTermination).where(col(PaymentTermination.id).in_(decided))).all()
        by_id = {term.id: term for term in terms}
        found |= {
            key: by_id.get(row.termination_id) for key, row in found.items() if isinstance(row, TerminationDecision)
        }
    billed = {row.bill_id for row in found.values() if isinstance(row, PaymentResult)} - {None}
    bills = work.session.exec(work.visible(RentBill).where(col(RentBill.id).in_(billed))).all()
    by_bill: dict[UUID | None, UUID | None] = {row.id: row.entrustment_id for row in bills}
    return {key: _About.of(row, by_bill) for key, row in found.items() if row is not None}


@dataclass(frozen=True)
class _About:
    state: str
    mandate_id: UUID | None
    ack: AckKind | None = None
    number: str = ""

    @classmethod
    def of(cls, row: Any, by_bill: dict[UUID | None, UUID | None]) -> "_About":
        if isinstance(row, Entrustment):
            about = cls(row.state.label, row.id)
            waits = row.ack_at is None and row.state in _UNCONFIRMED
            return replace(about, ack=AckKind.ENTRUSTMENT, number=row.entrust_no) if waits else about
        if isinstance(row, PaymentResult):
            about = cls(row.state.label, by_bill.get(row.bill_id))
            waits = row.state in (ResultState.MATCHED, ResultState.PUSHED_TO_ENTERPRISE)
            return replace(about, ack=AckKind.PAYMENT_RESULT, number=row.result_no) if waits else about
        about = cls(row.state.label, row.entrustment_id)
        if isinstance(row, PaymentTermination) and row.state in _UNTAKEN:
            return replace(about, ack=AckKind.TERMINATION, number=row.term_no)
        return about


#: What a firm may confirm here while its own system is away.
_UNTAKEN = (TermState.RECEIVED_RESULT, TermState.APPROVED, TermState.PUSHED_TO_ENTERPRISE)
_UNCONFIRMED = (EntrustState.CHECKED, EntrustState.PUSHED, EntrustState.PUSH_FAILED)


def _line(row: Notice, about: _About | None) -> InboxLine:
    about = about or _About("", None)
    return InboxLine(
        id=row.id,
        kind=KINDS[row.object_kind],
        subject=row.subject,
        body=row.body.json(),
        at=row.created_at,
        state=about.state,
        read=row.read_at is not None,
        mandate_id=about.mandate_id,
        ack=about.ack,
        number=about.number,
    )


# Mandates


@dataclass(frozen=True)
class MandateLine:
    """A mandate of the firm with the period to bill next; `next_rent` is the most it may cost."""

    id: UUID
    entrust_no: str
    filing_no: str
    contract_no: str
    tenant: str
    project: str
    monthly_rent: Decimal
    draw: str
    state: str
    bills: int
    paid: int
    unpaid: int
    next_start: date | None
    next_end: date | None
    next_rent: Decimal | None
    received_at: datetime


@dataclass(frozen=True)
class MandatePage:
    total: int
    lines: tuple[MandateLine, ...] = field(default_factory=tuple)


@query("direct_pay.firm_mandates", "本企业直付委托", roles=ENTERPRISE, personal=lambda order: order.about_a_person)
def firm_mandates(work: Work, order: ProgressFilter) -> MandatePage:
    """The firm's own mandates as they may be billed, the newest first."""
    _firm(work)
    if order.id_no.strip():
        note_access(work, [index_of(work.sealer, "id_no", order.id_no)], "direct_pay.firm_mandates", Shown.MASKED)
    page = progress_page(work, order)
    rows = _rows(work, [line.id for line in page.lines])
    hints = hints_of(work, rows)
    return MandatePage(page.total, tuple(_mandate_line(line, hints.get(line.id)) for line in page.lines))


def _rows(work: Work, ids: list[UUID]) -> Sequence[Entrustment]:
    return work.session.exec(work.visible(Entrustment).where(col(Entrustment.id).in_(ids))).all()


def _mandate_line(line: ProgressLine, hint: BillHint | None) -> MandateLine:
    opened = hint is not None and hint.open
    return MandateLine(
        id=line.id,
        entrust_no=line.entrust_no,
        filing_no=line.filing_no,
        contract_no=line.contract_no,
        tenant=line.tenant,
        project=line.project,
        monthly_rent=line.monthly_rent,
        draw=line.draw,
        state=line.state,
        bills=line.bills,
        paid=line.paid,
        unpaid=line.unpaid,
        next_start=hint.start if hint is not None and opened else None,
        next_end=hint.end if hint is not None and opened else None,
        next_rent=hint.rent if hint is not None and opened else None,
        received_at=line.received_at,
    )


@dataclass(frozen=True)
class NewBillNumber:
    """The mandate and the first day of the period to bill."""

    entrust_no: str
    start: date | None


@query("direct_pay.new_bill_number", "账单编号建议", roles=ENTERPRISE)
def new_bill_number(work: Work, order: NewBillNumber) -> str:
    """A number the firm has not used: its mandate and the month; a second one of that month counts on."""
    _firm(work)
    month = f"{order.start or work.today:%Y%m}"
    plain = f"{order.entrust_no}-{month}"[:_LONGEST_NUMBER]
    taken: set[object] = set(
        work.session.exec(
            work.visible(RentBill)
            .with_only_columns(RentBill.bill_no)  # type: ignore[call-overload]
            .where(col(RentBill.bill_no).startswith(plain, autoescape=True))
        ).all()
    )
    return next(name for name in (plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)


@query("direct_pay.bill_template", "账单模板", roles=ENTERPRISE)
def filled_template(work: Work, filled: bool) -> bytes:
    """The workbook to fill in; with `filled` a row for the next open period of every mandate, its number left to the firm."""
    if not filled:
        return bill_template()
    mandates = work.session.exec(
        work.visible(Entrustment)
        .where(col(Entrustment.state).in_(BILLABLE), Entrustment.enterprise_id == _firm(work))
        .order_by(col(Entrustment.entrust_no))
        .limit(_MOST_PREFILLED)
    ).all()
    hints = hints_of(work, mandates).values()
    zero = Decimal("0.00")
    return bill_template(
        [("", one.entrust_no, one.start, one.end, one.rent, zero, zero, one.rent, "房租") for one in hints if one.open]
    )


# Keys


@dataclass(frozen=True)
class KeyLine:
    serial: str
    valid_to: date
    usable: bool


@query("direct_pay.firm_keys", "本企业密钥", roles=ENTERPRISE)
def firm_keys(work: Work, order: None) -> list[KeyLine]:
    """The keys this firm holds, usable ones first; a person confirms a request with one of them."""
    rows = work.session.exec(select(EnterpriseKey).where(EnterpriseKey.enterprise_id == _firm(work))).all()
    lines = [
        KeyLine(row.serial, row.valid_to, row.state is KeyState.VALID and row.valid_from <= work.today <= row.valid_to)
        for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.usable, line.serial))
