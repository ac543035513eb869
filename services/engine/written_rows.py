"""Followers of rows written by any action, called in its transaction: they keep figures beside the rows.

@follows_rows(SaleEvent, UnitRestriction)
def keep_sums(work: Work, written: Sequence[WrittenRow]) -> None: ...
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session, SQLModel

from models.base import Stamped
from services.engine.work import Work

#: Where a session keeps the rows that are followed, until the door has them followed up; and what is done before that.
_KEPT, _CLOSING = "followed_rows", "closing"


def stamper(work: Work) -> Callable[..., None]:
    """Return a listener that writes into rows when and by whom they were made and changed."""

    def stamp(session: Session, *_: Any) -> None:
        for row in session.new:
            if isinstance(row, Stamped):
                row.created_at = row.created_at or work.now
                row.created_by = row.created_by or work.caller.account_id
                row.updated_at = work.now
        for row in session.dirty:
            if isinstance(row, Stamped) and session.is_modified(row):
                row.updated_at, row.updated_by = work.now, work.caller.account_id

    return stamp


@dataclass(frozen=True)
class WrittenRow:
    """A row that was written: `values` of it, whether it is new, and whether it came in bulk, past the session."""

    table: type[SQLModel]
    values: Mapping[str, Any] = field(repr=False)
    new: bool = True
    bulk: bool = False


Follower = Callable[[Work, Sequence[WrittenRow]], None]
_FOLLOWERS: dict[type[SQLModel], list[Follower]] = {}
_TABLES: dict[sa.Table, type[SQLModel]] = {}


def follows_rows(*tables: type[SQLModel]) -> Callable[[Follower], Follower]:
    """Declare a function that is called before the commit with all rows of these tables that were written."""

    def follow(follower: Follower) -> Follower:
        for table in tables:
            _FOLLOWERS.setdefault(table, []).append(follower)
            _TABLES[table.__table__] = table  # type: ignore[attr-defined]
        return follower

    return follow


def watch_rows(session: Session) -> None:
    """Follow what a session writes to the tables that have followers."""

    def collect(flushed: Session, _: Any) -> None:
        kept = flushed.info.setdefault(_KEPT, [])
        for row in (*flushed.new, *flushed.dirty, *flushed.deleted):
            if type(row) in _FOLLOWERS:
                kept.append(WrittenRow(type(row), row.__dict__, new=row in flushed.new))

    event.listen(session, "after_flush", collect)


def follow_bulk(session: Session, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Remember rows that were inserted in bulk."""
    if table in _TABLES:
        kept = session.info.setdefault(_KEPT, [])
        kept.extend(WrittenRow(_TABLES[table], row, bulk=True) for row in rows)


def at_close(work: Work, look: Callable[[], None]) -> None:
    """Look at the rows an action wrote, once they are written and before their followers write theirs."""
    work.session.info.setdefault(_CLOSING, []).append(look)


def follow_up(work: Work) -> None:
    """Call the followers of what was written; what they write is followed up in turn."""
    work.session.flush()
    for look in work.session.info.pop(_CLOSING, ()):
        look()
    # What is flushed by the commit itself would come too late for the ledger.
    work.session.flush()
    while written := work.session.info.pop(_KEPT, None):
        by_follower: dict[Follower, list[WrittenRow]] = {}
        for row in written:
            for follower in _FOLLOWERS[row.table]:
                by_follower.setdefault(follower, []).append(row)
        for follower, rows in by_follower.items():
            follower(work, rows)
        work.session.flush()
