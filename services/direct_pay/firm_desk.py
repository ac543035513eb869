"""The firm's desk: its inbox, the numbers and workbook of its bills, the keys it may confirm with (rows 17-22)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.codes import Code, Toned
from models.direct_pay import Entrustment, PaymentResult, PaymentTermination, RentBill, TerminationDecision
from models.direct_pay_codes import EntrustState, ResultState, TermState
from models.engine import Notice
from models.enterprise import EnterpriseKey, KeyState
from services.access.visibility import ENTERPRISE
from services.direct_pay.bill_hint import BILLABLE, hints_of
from services.direct_pay.bill_workbook import bill_template
from services.direct_pay.mandate_intake import AckKind
from services.engine.listings import Column, Listing, count_of, listed, named
from services.engine.refusals import NotAllowed
from services.engine.registry import query
from services.engine.work import Work

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


def _mine(work: Work) -> Any:
    return work.visible(Notice).where(
        col(Notice.to_enterprise).is_not(None),
        Notice.to_enterprise == work.caller.enterprise_id,
        col(Notice.object_kind).in_(list(KINDS)),
        col(Notice.object_id).is_not(None),
    )


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
    """The subject of a message. `ack` and `number` are set while the firm has not yet acknowledged it."""

    state: Code | None = None
    mandate_id: UUID | None = None
    ack: AckKind | None = None
    number: str = ""

    @classmethod
    def of(cls, row: Any, by_bill: dict[UUID | None, UUID | None]) -> "_About":
        if isinstance(row, Entrustment):
            about = cls(row.state, row.id)
            waits = row.ack_at is None and row.state in _UNCONFIRMED
            return replace(about, ack=AckKind.ENTRUSTMENT, number=row.entrust_no) if waits else about
        if isinstance(row, PaymentResult):
            about = cls(row.state, by_bill.get(row.bill_id))
            waits = row.state in (ResultState.MATCHED, ResultState.PUSHED_TO_ENTERPRISE)
            return replace(about, ack=AckKind.PAYMENT_RESULT, number=row.result_no) if waits else about
        about = cls(row.state, row.entrustment_id)
        if isinstance(row, PaymentTermination) and row.state in _UNTAKEN:
            return replace(about, ack=AckKind.TERMINATION, number=row.term_no)
        return about


#: What a firm may confirm here while its own system is away.
_UNTAKEN = (TermState.RECEIVED_RESULT, TermState.APPROVED, TermState.PUSHED_TO_ENTERPRISE)
_UNCONFIRMED = (EntrustState.CHECKED, EntrustState.PUSHED, EntrustState.PUSH_FAILED)


def _about(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    objects, nothing = _objects(work, rows), _About()

    def of(key: str) -> Callable[[Any], Any]:
        return lambda row: getattr(objects.get(row.object_id, nothing), key)

    return {key: of(key) for key in vars(nothing)}


INBOX = listed(
    Listing(
        name="firm_inbox",
        label="收件箱",
        roles=ENTERPRISE,
        table=Notice,
        rows=_mine,
        columns=(
            Column("read", "", lambda row: "" if row.read_at else Toned("未读", "info"), width=56),
            Column("kind", "类别", lambda row: KINDS[row.object_kind], width=90),
            Column("subject", "主题", width=180),
            Column("body", "内容", lambda row: row.body.json()),
            Column("state", "当前状态", width=130),
            Column("created_at", "收到时间", width=130),
        ),
        filters=(
            named(
                "kind", "类别", {kind: (label, Notice.object_kind == kind) for kind, label in KINDS.items()}, width=160
            ),
            named("unread", "范围", {"unread": ("只看未读", col(Notice.read_at).is_(None))}, width=150),
        ),
        sort="-created_at",
        look_up=_about,
        also=("read_at",),
        exporters=frozenset(),
        empty="收件箱是空的。承租人在公积金中心签署委托后，委托书会送到这里。",
    )
)


@query("direct_pay.unread", "直付未读消息数", roles=ENTERPRISE)
def unread_count(work: Work, order: None) -> int:
    """Count the messages that no user of the firm has read."""
    return count_of(work, INBOX, {"unread": "unread"})


# Bills


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
