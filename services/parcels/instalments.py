"""价款日历: what is due of land prices, month by month, over the parcels one may see (row 56)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import col, func, select

from models.access import MARKET
from models.codes import Toned
from models.parcels import Parcel, ParcelInstalment
from models.records import InForceState
from services.engine.listings import Column, Listing, listed, named, narrowed, part
from services.engine.look_ups import values_by
from services.engine.registry import query
from services.engine.work import Work

_SOON = 60
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Month:
    """A month with what was due in it and what of that is still open."""

    month: str
    due: Decimal
    open: Decimal
    overdue: bool


def _of_visible_parcels(work: Work) -> Any:
    seen = work.visible(Parcel).where(Parcel.in_force == InForceState.EFFECTIVE).with_only_columns(col(Parcel.id))
    rows = select(ParcelInstalment).join(Parcel, col(Parcel.id) == col(ParcelInstalment.record_id))
    return rows.where(col(Parcel.id).in_(seen))


_due_on = col(ParcelInstalment.due_on)
_unpaid = col(ParcelInstalment.amount) - func.coalesce(col(ParcelInstalment.paid_amount), 0) > 0
_VIEWS: Mapping[str, tuple[str, Any]] = {
    "": ("全部未付", _unpaid),
    "OVERDUE": ("已逾期", lambda work: _unpaid & (_due_on < work.today)),
    "SOON": (f"{_SOON}天内到期", lambda work: _unpaid & (_due_on >= work.today) & (_due_on <= _soon(work))),
    "LATER": (f"{_SOON}天以后到期", lambda work: _unpaid & (_due_on > _soon(work))),
    "PAID": ("已付清", ~_unpaid),
}


def _soon(work: Work) -> date:
    return work.today + timedelta(days=_SOON)


def _left(line: ParcelInstalment) -> Decimal:
    return max(line.amount - (line.paid_amount or _NOTHING), _NOTHING)


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    parcels = values_by(work, Parcel.id, Parcel, (row.record_id for row in rows))

    def late(row: Any) -> int:
        return max((work.today - row.due_on).days, 0) if _left(row) else 0

    def state(row: Any) -> Toned:
        if not _left(row):
            return Toned("已付清", "good")
        if late(row):
            return Toned("已逾期", "bad")
        return Toned("即将到期", "warn") if row.due_on <= _soon(work) else Toned("未到期", "info")

    return {
        "state": state,
        "late": late,
        "parcel_name": lambda row: parcels[row.record_id].parcel_name,
        "parcel_no": lambda row: parcels[row.record_id].parcel_no,
    }


INSTALMENTS = listed(
    Listing(
        name="parcel_calendar",
        label="土地价款日历",
        roles=MARKET,
        table=ParcelInstalment,
        rows=_of_visible_parcels,
        columns=(
            Column("due_on", "应付日期", sortable=True, width=90),
            Column("state", "状态", width=72),
            Column("late", "逾期天数", number=True, width=66),
            Column("parcel_name", "地块", sortable=True, sql=Parcel.parcel_name),
            Column("parcel_no", "编号", sortable=True, sql=Parcel.parcel_no, width=90),
            Column("no", "期次", number=True, width=48),
            Column("amount", "应付（元）", sortable=True, number=True, width=140),
            Column("left", "未付（元）", _left, number=True, width=140),
            Column("paid_on", "实付日期", width=90),
        ),
        filters=(
            named("view", "范围", _VIEWS, width=190),
            part("text", "地块名称或编号", Parcel.parcel_name, Parcel.parcel_no, width=230),
        ),
        sort="due_on",
        look_up=_cells,
        also=("record_id",),
        empty="没有应付的土地价款",
    )
)


@query("parcels.months", "土地价款按月合计", roles=set(MARKET))
def months_due(work: Work, text: str) -> tuple[Month, ...]:
    """Return six months back and eleven ahead of the instalments with a text, with empty months."""
    first = _shifted(work.today.replace(day=1), -6)
    rows = narrowed(work, INSTALMENTS, {"text": text}, without="view").where(
        col(ParcelInstalment.due_on) >= first, col(ParcelInstalment.due_on) < _shifted(first, 18)
    )
    due: dict[str, Decimal] = {f"{_shifted(first, step):%Y-%m}": _NOTHING for step in range(18)}
    still = dict(due)
    for line in work.session.exec(rows).all():
        due[f"{line.due_on:%Y-%m}"] += line.amount
        still[f"{line.due_on:%Y-%m}"] += _left(line)
    this = f"{work.today:%Y-%m}"
    return tuple(Month(one, due[one], still[one], one < this and still[one] > 0) for one in due)


def _shifted(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)
