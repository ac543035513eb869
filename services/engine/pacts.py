"""Agreements of two sides: one offers, the other confirms or declines; nothing holds before (rows 53, 55, 57).

A table on `Pact` stores them; its area checks its own rules and who acts for which side, then calls these functions.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlmodel import col, select

from models.dialect import locked
from models.records import PACT, Pact, PactState
from models.sealed import Sealed
from models.working_days import calendar
from services.engine.refusals import Conflict, NotAllowed
from services.engine.steps import begin_in, take_step
from services.engine.words import enough_words
from services.engine.work import Work

Agreed = TypeVar("Agreed", bound=Pact)


def offer(work: Work, row: Agreed, side: str, *, within: int | None = None, reason: str = "") -> Agreed:
    """Put an offer before the other side, to be answered within so many working days; `row` is new."""
    begin_in(row, PactState.OFFERED)
    row.offered_side = str(side)
    row.offered_by, row.offered_at = work.caller.account_id, work.now
    days = work.thresholds.integer("records.offer_days") if within is None else within
    row.expires_on = calendar().add_working_days(work.today, days)
    row.reason = Sealed.of_json(reason.strip()) if reason.strip() else None
    work.add(row)
    work.trail.tell("DATA.CREATE", f"{_table(row)}.offer", about=row, detail={"side": str(side)})
    return row


def confirm(work: Work, row: Pact, side: str, *, version: int | None = None, reason: str = "") -> None:
    """The other side agrees: from now on it holds."""
    _answer(work, row, "confirm", side, version, reason.strip())


def decline(work: Work, row: Pact, side: str, reason: str, *, version: int | None = None) -> None:
    """The other side does not agree, and says why."""
    _answer(work, row, "decline", side, version, enough_words(reason, "拒绝理由"))


def cancel(work: Work, row: Pact, side: str, *, version: int | None = None, reason: str = "") -> None:
    """Withdraw an offer that has no answer yet."""
    _current(work, row, version)
    if str(side) != row.offered_side:
        raise NotAllowed("只有发起方可以撤回；如不同意，请拒绝")
    _move(work, row, "cancel", reason.strip())


def release(work: Work, row: Pact, reason: str, *, version: int | None = None) -> None:
    """End what was agreed."""
    _current(work, row, version)
    said = enough_words(reason, "解除原因")
    row.ended_at = work.now
    _move(work, row, "release", said)


def expire_due(work: Work, table: type[Agreed], today: date, *, most: int = 500) -> Sequence[Agreed]:
    """Expire the offers without an answer as of a day, and return them so that their area can notify the sides."""
    due = (
        select(table)
        .where(table.state == PactState.OFFERED, col(table.expires_on) < today)
        .order_by(col(table.expires_on), col(table.id))
        .limit(most)
    )
    rows: Sequence[Agreed] = work.session.exec(locked(work.session, due)).all()
    for row in rows:
        row.ended_at = work.now
        take_step(work, row, PACT, "expire")
    return rows


def _answer(work: Work, row: Pact, step: str, side: str, version: int | None, reason: str) -> None:
    _current(work, row, version)
    if str(side) == row.offered_side:
        raise NotAllowed("不能由发起方自行答复，请等待对方答复")
    if work.caller.account_id is not None and work.caller.account_id == row.offered_by:
        raise NotAllowed("不能答复本人发起的事项，请由其他同事办理")
    if row.state is PactState.OFFERED and row.expires_on is not None and work.today > row.expires_on:
        raise Conflict(f"答复期限（{row.expires_on}）已过，请由发起方重新发起")
    row.answered_by, row.answered_at = work.caller.account_id, work.now
    _move(work, row, step, reason)


def _move(work: Work, row: Pact, step: str, reason: str) -> None:
    if reason:
        row.reason = Sealed.of_json(reason)
    take_step(work, row, PACT, step)
    # Two answers at one moment: the second finds the row at another version and is refused.
    work.session.flush()


def _current(work: Work, row: Pact, version: int | None) -> None:
    """Lock and refresh the row, keeping what the area has already set on it."""
    work.session.flush()
    work.held(select(type(row)).where(type(row).id == row.id)).one()
    if version is not None and row.version != version:
        raise Conflict(f"该事项刚被办理过，当前状态为“{row.state.label}”，请刷新后查看")


def _table(row: Pact) -> str:
    return str(row.__tablename__)
