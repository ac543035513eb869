"""The firm's desk: its inbox, the numbers and workbook of its bills, the keys it may confirm with (rows 17-22)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.codes import Code, Toned
from models.direct_pay import Entrustment, PaymentResult, PaymentTermination, RentBill
from models.direct_pay_codes import EntrustState, ResultState, TermState
from models.engine import Notice
from models.enterprise import EnterpriseKey
from services.access.visibility import ENTERPRISE
from services.direct_pay.bill_hint import BILLABLE, hints_of
from services.direct_pay.bill_workbook import bill_template
from services.direct_pay.mandate_intake import AckKind
from services.engine.listings import Column, Line, Listing, count_of, listed, named
from services.engine.refusals import NotAllowed
from services.engine.registry import query
from services.engine.work import Work

_TABLES: dict[str, tuple[Any, str]] = {
    "entrustment": (Entrustment, "委托"),
    "rent_bill": (RentBill, "账单"),
    "payment_result": (PaymentResult, "支付结果"),
    "payment_termination": (PaymentTermination, "终止"),
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
            seen = work.rows(work.visible(table), col(table.id).in_(ids))
            found |= {row.id: row for row in seen}
    billed = {row.bill_id for row in found.values() if isinstance(row, PaymentResult)} - {None}
    bills = work.rows(work.visible(RentBill), col(RentBill.id).in_(billed))
    by_bill = {row.id: row.entrustment_id for row in bills}
    return {key: _about(row, by_bill) for key, row in found.items()}


#: What a firm may confirm here while its own system is away: kind, number, and the states in which it has not yet.
_CONFIRMED: dict[Any, tuple[AckKind, str, tuple[Code, ...]]] = {
    Entrustment: (
        AckKind.ENTRUSTMENT,
        "entrust_no",
        (EntrustState.CHECKED, EntrustState.PUSHED, EntrustState.PUSH_FAILED),
    ),
    PaymentResult: (AckKind.PAYMENT_RESULT, "result_no", (ResultState.MATCHED, ResultState.PUSHED_TO_ENTERPRISE)),
    PaymentTermination: (
        AckKind.TERMINATION,
        "term_no",
        (TermState.RECEIVED_RESULT, TermState.APPROVED, TermState.PUSHED_TO_ENTERPRISE),
    ),
}
_NOTHING: dict[str, Any] = {"state": None, "mandate_id": None, "ack": None, "number": ""}


def _about(row: Any, by_bill: Mapping[UUID, UUID | None]) -> dict[str, Any]:
    """The subject of a message. `ack` and `number` are set while the firm has not yet acknowledged it."""
    mandate_id = row.id if isinstance(row, Entrustment) else getattr(row, "entrustment_id", None)
    if isinstance(row, PaymentResult) and row.bill_id is not None:
        mandate_id = by_bill.get(row.bill_id)
    about = {**_NOTHING, "state": row.state, "mandate_id": mandate_id}
    kind, number, states = _CONFIRMED.get(type(row), (None, "", ()))
    if row.state in states and not (isinstance(row, Entrustment) and row.ack_at):
        about |= {"ack": kind, "number": getattr(row, number)}
    return about


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    objects = _objects(work, rows)

    def of(key: str) -> Callable[[Any], Any]:
        return lambda row: objects.get(row.object_id, _NOTHING)[key]

    return {key: of(key) for key in _NOTHING}


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
            Column("body", "内容", lambda row: row.body.json(), wraps=True),
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
        look_up=_cells,
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
    mandates = work.rows(
        work.visible(Entrustment),
        col(Entrustment.state).in_(BILLABLE),
        Entrustment.enterprise_id == _firm(work),
        by=Entrustment.entrust_no,
        most=_MOST_PREFILLED,
    )
    hints = hints_of(work, mandates).values()
    zero = Decimal("0.00")
    return bill_template(
        [("", one.entrust_no, one.start, one.end, one.rent, zero, zero, one.rent, "房租") for one in hints if one.open]
    )


# Keys


@query("direct_pay.firm_keys", "本企业密钥", roles=ENTERPRISE)
def firm_keys(work: Work, order: None) -> list[Line]:
    """The keys this firm holds, usable ones first; a person confirms a request with one of them."""
    rows = work.rows(EnterpriseKey, EnterpriseKey.enterprise_id == _firm(work))
    lines = [
        Line(
            serial=row.serial,
            valid_to=row.valid_to,
            usable=row.counts_on(work.today),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.usable, line.serial))
