"""Stays, move-outs and differences as staff see them: the lines that stand behind every figure of the monitor (row 14)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.enterprise import CentralProject
from models.push_codes import DifferenceKind, DifferenceState, MoveOutState, StayState
from models.pushes import CheckIn, MoveOut, StayDifference
from models.tenancy import LeaseFiling
from services.broker_pushes.listings import READERS, of_months
from services.broker_pushes.reasons import reasons_of, told_words
from services.engine.paging import Paging, ordering
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.search_terms import chosen as one_of
from services.engine.work import Work

#: Outcomes the monitor counts together.
WAITING = (StayState.ROOM_TAKEN, StayState.WAITING)
FAILED = (StayState.REFUSED, StayState.INTERCEPTED)
FILED = (StayState.FILED, StayState.LEFT)
#: Move-outs that were not refused, as the monitor counts them.
TAKEN = "TAKEN"
OUTCOMES = {"FILED": ("已备案（含已退租）", FILED), "WAITING": ("等待中", WAITING), "FAILED": ("未通过", FAILED)}


@dataclass(frozen=True)
class StayFilter:
    """Which stays. Months are `2027-03`, both included, of the day somebody moved in (or out); `late` is 1 or empty."""

    since: str = ""
    until: str = ""
    project: str = ""
    outcome: str = ""
    late: str = ""
    number: str = ""
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class StayLine:
    id: UUID
    checkin_no: str
    attempt: int
    project: str
    room: str
    checked_in_at: datetime
    received_at: datetime
    late_days: int
    persons: int
    month_rent: Decimal | None
    start: date
    end: date
    state: str
    filing_no: str
    reasons: str
    contract_id: UUID | None


@dataclass(frozen=True)
class StayPage:
    total: int
    lines: tuple[StayLine, ...] = field(default_factory=tuple)


def chosen(order: StayFilter) -> list[Any]:
    """The where clauses of a filter; the monitor counts by the same."""
    where: list[Any] = _of_months(CheckIn, order)
    if order.outcome:
        if order.outcome not in OUTCOMES:
            raise Rejected("没有这种结果")
        where.append(col(CheckIn.state).in_(OUTCOMES[order.outcome][1]))
    if order.late:
        where.append(col(CheckIn.late_days) > 0)
    if order.number.strip():
        where.append(CheckIn.checkin_no == order.number.strip())
    return where


def _of_months(table: Any, order: StayFilter) -> list[Any]:
    where = of_months(table.month, order.since, order.until)
    if order.project.strip():
        where.append(table.project_no == order.project.strip())
    return where


@query("check_ins.list", "入住信息", roles=READERS)
def list_stays(work: Work, order: StayFilter) -> StayPage:
    """The visible check-ins of a filter, newest first."""
    offset, size = order.paging.bounds()
    rows = work.visible(CheckIn).where(*chosen(order))
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    known = {"checked_in_at": CheckIn.checked_in_at, "received_at": CheckIn.received_at, "late_days": CheckIn.late_days}
    found = work.session.exec(
        rows.order_by(ordering(order.paging.sort, known, "-received_at"), col(CheckIn.id)).offset(offset).limit(size)
    ).all()
    reasons = reasons_of(work, [row.id for row in found])
    filings = _filing_nos(work, [row.filing_id for row in found])
    names = project_names(work, {row.project_no for row in found})
    return StayPage(
        total,
        tuple(
            StayLine(
                id=row.id,
                checkin_no=row.checkin_no,
                attempt=row.attempt,
                project=names.get(row.project_no, row.project_no),
                room=room_words(row.room_no, row.bed),
                checked_in_at=row.checked_in_at,
                received_at=row.received_at,
                late_days=row.late_days,
                persons=row.persons,
                month_rent=row.month_rent,
                start=row.start,
                end=row.end,
                state=row.state.label,
                filing_no=filings.get(row.filing_id, ""),
                reasons=told_words(reasons.get(row.id, ())),
                contract_id=row.contract_id,
            )
            for row in found
        ),
    )


def room_words(room_no: str, bed: str) -> str:
    return f"{room_no} 床{bed}" if bed else room_no


def _filing_nos(work: Work, ids: list[UUID | None]) -> dict[UUID | None, str]:
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    return dict(
        work.session.exec(select(LeaseFiling.id, LeaseFiling.filing_no).where(col(LeaseFiling.id).in_(wanted))).all()
    )


def project_names(work: Work, numbers: set[str]) -> dict[str, str]:
    """Project number to name, for those in the library."""
    return dict(
        work.session.exec(
            select(CentralProject.project_no, CentralProject.name).where(col(CentralProject.project_no).in_(numbers))
        ).all()
    )


@dataclass(frozen=True)
class MoveOutLine:
    id: UUID
    checkout_no: str
    checkin_no: str
    project: str
    room: str
    left_on: date
    received_at: datetime
    room_change: bool
    state: str
    filing_no: str
    reasons: str


@dataclass(frozen=True)
class MoveOutPage:
    total: int
    lines: tuple[MoveOutLine, ...] = field(default_factory=tuple)


@query("check_ins.move_outs", "退租信息", roles=READERS)
def list_move_outs(work: Work, order: StayFilter) -> MoveOutPage:
    """The visible move-outs of a filter, newest first; refused ones are among them."""
    offset, size = order.paging.bounds()
    rows = work.visible(MoveOut).where(*_of_months(MoveOut, order))
    if order.outcome == TAKEN:
        rows = rows.where(MoveOut.state != MoveOutState.REFUSED)
    elif order.outcome:
        rows = rows.where(MoveOut.state == one_of(MoveOutState, order.outcome))
    if order.number.strip():
        rows = rows.where(MoveOut.checkout_no == order.number.strip())
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    known = {"left_on": MoveOut.left_on, "received_at": MoveOut.received_at}
    found = work.session.exec(
        rows.order_by(ordering(order.paging.sort, known, "-received_at"), col(MoveOut.id)).offset(offset).limit(size)
    ).all()
    reasons = reasons_of(work, [row.id for row in found])
    filings = _filing_nos(work, [row.filing_id for row in found])
    names = project_names(work, {row.project_no for row in found})
    return MoveOutPage(
        total,
        tuple(
            MoveOutLine(
                id=row.id,
                checkout_no=row.checkout_no,
                checkin_no=row.checkin_no,
                project=names.get(row.project_no, row.project_no),
                room=row.room_no,
                left_on=row.left_on,
                received_at=row.received_at,
                room_change=row.room_change,
                state=row.state.label,
                filing_no=filings.get(row.filing_id, ""),
                reasons=told_words(reasons.get(row.id, ())),
            )
            for row in found
        ),
    )


@dataclass(frozen=True)
class DifferenceFilter:
    project: str = ""
    kind: str = ""
    state: str = ""
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class DifferenceLine:
    id: UUID
    project: str
    kind: str
    room: str
    checkin_no: str
    detail: str
    found_on: date
    closed_on: date | None
    days: int
    state: str


@dataclass(frozen=True)
class DifferencePage:
    total: int
    lines: tuple[DifferenceLine, ...] = field(default_factory=tuple)


@query("check_ins.differences", "在住与备案差异", roles=READERS)
def list_differences(work: Work, order: DifferenceFilter) -> DifferencePage:
    """The visible differences of a filter, oldest open ones first."""
    offset, size = order.paging.bounds()
    rows = work.visible(StayDifference)
    if order.project.strip():
        named = select(CentralProject.id).where(CentralProject.project_no == order.project.strip())
        rows = rows.where(col(StayDifference.project_id).in_(named))
    if order.kind:
        rows = rows.where(StayDifference.kind == one_of(DifferenceKind, order.kind))
    if order.state:
        rows = rows.where(StayDifference.state == one_of(DifferenceState, order.state))
    total = work.session.exec(select(func.count()).select_from(rows.subquery())).one()
    found = work.session.exec(
        rows.order_by(
            col(StayDifference.state).desc(),
            ordering(order.paging.sort, {"found_on": StayDifference.found_on}, "found_on"),
            col(StayDifference.room_no),
            col(StayDifference.id),
        )
        .offset(offset)
        .limit(size)
    ).all()
    names = dict(
        work.session.exec(
            select(CentralProject.id, CentralProject.name).where(
                col(CentralProject.id).in_({row.project_id for row in found})
            )
        ).all()
    )
    return DifferencePage(
        total,
        tuple(
            DifferenceLine(
                id=row.id,
                project=names.get(row.project_id, ""),
                kind=row.kind.label,
                room=room_words(row.room_no, row.bed),
                checkin_no=row.checkin_no,
                detail=row.detail,
                found_on=row.found_on,
                closed_on=row.closed_on,
                days=((row.closed_on or work.today) - row.found_on).days,
                state=row.state.label,
            )
            for row in found
        ),
    )
