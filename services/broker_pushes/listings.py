"""Batches and pushed leases as staff see them: the lines that stand behind every figure of the reports (row 13)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.enterprise import Enterprise
from models.house import House
from models.places_data import districts
from models.push_codes import PushState
from models.pushes import BrokerBatch, BrokerPush, PushReason
from models.tenancy import LeaseContract, LeaseFiling
from services.access.visibility import CITY
from services.broker_pushes.reasons import reasons_of, told_words
from services.engine.paging import DEEPEST, Paging, ordering
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.work import Work

READERS = CITY | {Role.DISTRICT_BUREAU}
#: How a line without a firm or a district of ours is called.
UNKNOWN = "未识别"


@dataclass(frozen=True)
class PushFilter:
    """Which pushes. Months are `2027-03`, both included; `late` and `unusual` are 1 or empty.

    `member` and `district` may be `-`: those without one.
    """

    since: str = ""
    until: str = ""
    member: str = ""
    district: str = ""
    state: str = ""
    reason: str = ""
    late: str = ""
    unusual: str = ""
    batch: str = ""
    own_no: str = ""
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class PushLine:
    id: UUID
    received_at: datetime
    batch_no: str
    position: int
    member: str
    own_no: str
    attempt: int
    district: str
    address: str
    month_rent: Decimal | None
    leased_area: Decimal | None
    late_days: int
    state: str
    filing_no: str
    reasons: str
    contract_id: UUID | None


@dataclass(frozen=True)
class PushPage:
    total: int
    lines: tuple[PushLine, ...] = field(default_factory=tuple)


_SORTS: dict[str, Any] = {
    "received_at": BrokerPush.received_at,
    "month_rent": BrokerPush.month_rent,
    "leased_area": BrokerPush.leased_area,
    "late_days": BrokerPush.late_days,
}


_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def of_months(column: Any, since: str, until: str) -> list[Any]:
    """The clauses of a span of months, both included."""
    if any(month and not _MONTH.fullmatch(month) for month in (since, until)):
        raise Rejected("月份请按年月填写，例如2027-03")
    return [*([col(column) >= since] if since else []), *([col(column) <= until] if until else [])]


def chosen(order: PushFilter) -> list[Any]:
    """The where clauses of a filter; the reports and their lists share them, so that they add up."""
    where = of_months(BrokerPush.month, order.since, order.until)
    if order.member:
        where.append(BrokerPush.member_uscc == ("" if order.member == "-" else order.member.strip().upper()))
    if order.district:
        where.append(BrokerPush.district_code == ("" if order.district == "-" else order.district))
    if order.state:
        if order.state not in PushState.labels():
            raise Rejected("没有这种状态")
        where.append(BrokerPush.state == PushState.of(order.state))
    if order.reason:
        told = select(PushReason.push_id).where(PushReason.code == order.reason.strip().upper(), stops())
        where.append(col(BrokerPush.id).in_(told))
    if order.late:
        where.append(col(BrokerPush.late_days) > 0)
    if order.unusual:
        where.append(col(BrokerPush.rent_unusual).is_(True))
    if order.batch.strip():
        batch = select(BrokerBatch.id).where(BrokerBatch.batch_no == order.batch.strip())
        where.append(col(BrokerPush.batch_id).in_(batch))
    if order.own_no.strip():
        where.append(BrokerPush.own_no == order.own_no.strip())
    return where


def stops() -> Any:
    """Reasons that kept a push from being filed; hints do not count."""
    return col(PushReason.severity) != "WARN"


@query("broker_pushes.list", "协会报送件", roles=READERS)
def list_pushes(work: Work, order: PushFilter) -> PushPage:
    """The visible pushes of a filter, newest first, a page at a time."""
    offset, size = order.paging.bounds()
    rows = work.visible(BrokerPush).where(*chosen(order))
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    found = work.session.exec(
        rows.order_by(
            ordering(order.paging.sort, _SORTS, "-received_at"), col(BrokerPush.batch_id), col(BrokerPush.position)
        )
        .offset(offset)
        .limit(size)
    ).all()
    return PushPage(total, _lines(work, list(found)))


def _lines(work: Work, rows: list[BrokerPush]) -> tuple[PushLine, ...]:
    batches = _named(work, BrokerBatch.id, BrokerBatch.batch_no, {row.batch_id for row in rows})
    firms = member_names(work, {row.member_uscc for row in rows})
    filings = _named(work, LeaseFiling.id, LeaseFiling.filing_no, {row.filing_id for row in rows})
    houses = _named(work, LeaseContract.id, LeaseContract.house_id, {row.contract_id for row in rows})
    addresses = _named(work, House.id, House.address, set(houses.values()))
    reasons = reasons_of(work, [row.id for row in rows])
    names = district_names()
    return tuple(
        PushLine(
            id=row.id,
            received_at=row.received_at,
            batch_no=batches.get(row.batch_id, ""),
            position=row.position,
            member=firms.get(row.member_uscc, row.member_uscc or UNKNOWN),
            own_no=row.own_no,
            attempt=row.attempt,
            district=names.get(row.district_code, UNKNOWN),
            address=addresses.get(houses.get(row.contract_id), "") if row.contract_id else "",
            month_rent=row.month_rent,
            leased_area=row.leased_area,
            late_days=row.late_days,
            state=row.state.label,
            filing_no=filings.get(row.filing_id, ""),
            reasons=told_words(reasons.get(row.id, ())),
            contract_id=row.contract_id,
        )
        for row in rows
    )


def _named(work: Work, key: Any, value: Any, ids: set[Any]) -> dict[Any, Any]:
    wanted = [one for one in ids if one is not None]
    return dict(work.session.exec(select(key, value).where(col(key).in_(wanted))).all()) if wanted else {}


def member_names(work: Work, usccs: set[str]) -> dict[str, str]:
    """Credit code to the firm's name, for those we know."""
    return _named(work, Enterprise.uscc, Enterprise.name, usccs)


def district_names() -> dict[str, str]:
    return {one.code: one.name for one in districts()}


@dataclass(frozen=True)
class BatchFilter:
    batch_no: str = ""
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class BatchLine:
    """A batch with what its items have come to since; `repeated` were answered from an earlier batch or not taken."""

    id: UUID
    batch_no: str
    received_at: datetime
    seconds: Decimal | None
    total: int
    filed: int
    waiting: int
    intercepted: int
    refused: int
    repeated: int
    state: str


@dataclass(frozen=True)
class BatchPage:
    total: int
    lines: tuple[BatchLine, ...] = field(default_factory=tuple)


@query("broker_pushes.batches", "协会报送批次", roles=CITY)
def list_batches(work: Work, order: BatchFilter) -> BatchPage:
    """Batches, newest first; the counts are those of their items now."""
    offset, size = order.paging.bounds()
    rows = work.visible(BrokerBatch)
    if order.batch_no.strip():
        rows = rows.where(BrokerBatch.batch_no == order.batch_no.strip())
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    found = work.session.exec(
        rows.order_by(
            ordering(order.paging.sort, {"received_at": BrokerBatch.received_at}, "-received_at"), col(BrokerBatch.id)
        )
        .offset(offset)
        .limit(size)
    ).all()
    counts: dict[UUID, dict[PushState, int]] = {}
    if found:
        for batch_id, state, count in work.session.exec(
            select(BrokerPush.batch_id, BrokerPush.state, func.count())
            .where(col(BrokerPush.batch_id).in_([row.id for row in found]))
            .group_by(col(BrokerPush.batch_id), col(BrokerPush.state))
        ).all():
            counts.setdefault(batch_id, {})[PushState.of(state)] = count
    return BatchPage(min(total, DEEPEST), tuple(_batch_line(row, counts.get(row.id, {})) for row in found))


def _batch_line(row: BrokerBatch, counts: dict[PushState, int]) -> BatchLine:
    spent = (row.answered_at - row.received_at).total_seconds() if row.answered_at else None
    return BatchLine(
        id=row.id,
        batch_no=row.batch_no,
        received_at=row.received_at,
        seconds=None if spent is None else Decimal(f"{spent:.2f}"),
        total=row.total,
        filed=counts.get(PushState.FILED, 0),
        waiting=counts.get(PushState.WAITING, 0),
        intercepted=counts.get(PushState.INTERCEPTED, 0),
        refused=counts.get(PushState.REFUSED, 0),
        repeated=row.total - sum(counts.values()),
        state=row.state.label,
    )
