"""价款日历: what is due of land prices, month by month, over the parcels one may see (row 56)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, func, or_, select

from models.access import MARKET
from models.codes import Code, Toned
from models.dialect import contains
from models.parcels import Parcel, ParcelInstalment
from models.records import InForceState
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import chosen, search_word
from services.engine.work import Work
from services.parcels.link_views import ordering

_SOON = 60


class DueView(Code):
    """Views of instalments; without a view, every unpaid instalment."""

    OVERDUE = "OVERDUE", "已逾期"
    SOON = "SOON", "60天内到期"
    LATER = "LATER", "60天以后到期"
    PAID = "PAID", "已付清"


@dataclass(frozen=True)
class InstalmentFilter:
    view: str = ""
    text: str = ""
    sort: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class InstalmentLine:
    id: UUID
    parcel_id: UUID
    parcel_no: str
    parcel_name: str
    no: int
    amount: Decimal
    paid: Decimal
    left: Decimal
    due_on: date
    paid_on: date | None
    state: str
    late: int


@dataclass(frozen=True)
class Month:
    """A month with what was due in it and what of that is still open."""

    month: str
    due: Decimal
    open: Decimal
    overdue: bool


@dataclass(frozen=True)
class InstalmentPage:
    total: int
    lines: tuple[InstalmentLine, ...]
    months: tuple[Month, ...]


def _left() -> Any:
    return col(ParcelInstalment.amount) - func.coalesce(col(ParcelInstalment.paid_amount), 0)


@query("parcels.instalments", "土地价款日历", roles=set(MARKET))
def instalments(work: Work, order: InstalmentFilter) -> InstalmentPage:
    """Instalments of visible parcels in force, and the sums of the months around today."""
    if not 1 <= order.size <= 200 or not 1 <= order.page <= 200:
        raise Rejected("只能查看前10000条，请缩小查询范围")
    seen = work.visible(Parcel).where(Parcel.in_force == InForceState.EFFECTIVE).with_only_columns(col(Parcel.id))
    rows: Any = (
        select(ParcelInstalment, Parcel)
        .join(Parcel, col(Parcel.id) == col(ParcelInstalment.record_id))
        .where(col(Parcel.id).in_(seen))
    )
    if word := search_word(order.text):
        rows = rows.where(
            or_(
                contains(col(Parcel.parcel_name), word),
                contains(col(Parcel.parcel_no), word),
            )
        )
    wanted = rows.where(*_in_view(work, order.view))
    total: int = work.session.exec(
        select(func.count()).select_from(wanted.with_only_columns(ParcelInstalment.id).limit(10_000).subquery())
    ).one()
    column, down = ordering(
        order.sort or "due_on",
        {
            "due_on": ParcelInstalment.due_on,
            "amount": ParcelInstalment.amount,
            "parcel_no": Parcel.parcel_no,
            "parcel_name": Parcel.parcel_name,
        },
    )
    found = work.session.exec(
        wanted.order_by(column.desc() if down else column, col(ParcelInstalment.id))
        .offset((order.page - 1) * order.size)
        .limit(order.size)
    ).all()
    lines = tuple(_line(work, line, parcel) for line, parcel in found)
    return InstalmentPage(total, lines, _months(work, rows))


def _in_view(work: Work, view: str) -> list[Any]:
    open_ones, today = _left() > 0, work.today
    if not view:
        return [open_ones]
    asked = chosen(DueView, view)
    soon = today + timedelta(days=_SOON)
    return {
        DueView.OVERDUE: [open_ones, ParcelInstalment.due_on < today],
        DueView.SOON: [open_ones, ParcelInstalment.due_on >= today, ParcelInstalment.due_on <= soon],
        DueView.LATER: [open_ones, ParcelInstalment.due_on > soon],
        DueView.PAID: [_left() <= 0],
    }[asked]


def _line(work: Work, line: ParcelInstalment, parcel: Parcel) -> InstalmentLine:
    paid = line.paid_amount or Decimal(0)
    left = line.amount - paid
    late = (work.today - line.due_on).days if left > 0 else 0
    if left <= 0:
        state = Toned("已付清", "good")
    elif late > 0:
        state = Toned("已逾期", "bad")
    else:
        soon = (line.due_on - work.today).days <= _SOON
        state = Toned("即将到期", "warn") if soon else Toned("未到期", "info")
    return InstalmentLine(
        line.id,
        parcel.id,
        parcel.parcel_no,
        parcel.parcel_name,
        line.no,
        line.amount,
        paid,
        max(left, Decimal(0)),
        line.due_on,
        line.paid_on,
        state,
        max(late, 0),
    )


def _months(work: Work, rows: Any) -> tuple[Month, ...]:
    """Return six months back and eleven ahead, with empty months."""
    first = _shifted(work.today.replace(day=1), -6)
    last = _shifted(first, 18)
    due: dict[str, Decimal] = {}
    still: dict[str, Decimal] = {}
    within = rows.where(ParcelInstalment.due_on >= first, ParcelInstalment.due_on < last)
    for line, _ in work.session.exec(within).all():
        key = f"{line.due_on:%Y-%m}"
        due[key] = due.get(key, Decimal(0)) + line.amount
        still[key] = still.get(key, Decimal(0)) + max(line.amount - (line.paid_amount or Decimal(0)), Decimal(0))
    this = f"{work.today:%Y-%m}"
    months = [f"{_shifted(first, step):%Y-%m}" for step in range(18)]
    return tuple(
        Month(one, due.get(one, Decimal(0)), still.get(one, Decimal(0)), one < this and still.get(one, Decimal(0)) > 0)
        for one in months
    )


def _shifted(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)
