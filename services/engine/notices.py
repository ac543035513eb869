"""Notices: messages shown in a workspace; to a person, an office or a firm (decision 28)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, col, or_, select

from models.access import Account, Role, UnitKind
from models.engine import Notice
from models.sealed import Sealed
from services.engine.copied import copy_of
from services.engine.offices import offices_of
from services.engine.registry import action, query
from services.engine.work import Work, visible_rows

READERS = set(Role) - {Role.SYSTEM, Role.PARTNER}
_COUNTED = 200


#: Roles of the readers of messages about rows of a table; a colleague without one could not open what they are about.
_READERS_ABOUT: dict[str, frozenset[Role]] = {}


#: Tables of which a message asks a second person: the first one is not shown it.
_FOR_A_SECOND: set[str] = set()


def tell_only(table: str, roles: frozenset[Role], *, second: bool = False) -> None:
    """Show messages about rows of a table to users with one of these roles alone; with `second` not to who caused them."""
    _READERS_ABOUT[table] = roles
    if second:
        _FOR_A_SECOND.add(table)


@visible_rows(Notice)
def addressed_to_me(work: Work, table: Any) -> Any:
    caller = work.caller
    mine: list[Any] = [sa.false()]
    if caller.account_id is not None:
        mine.append(col(table.to_account) == caller.account_id)
    # Messages to an office are business, which administrators have no part in (security.md D06).
    if caller.unit_id is not None and not caller.has(Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDITOR):
        mine.append(col(table.to_unit) == caller.unit_id)
    if caller.enterprise_id is not None:
        mine.append(col(table.to_enterprise) == caller.enterprise_id)
    closed = [table for table, roles in _READERS_ABOUT.items() if not roles & caller.roles]
    told = or_(col(table.held_until).is_(None), table.held_until <= work.now)
    own = sa.and_(col(table.object_kind).in_(_FOR_A_SECOND), col(table.created_by) == caller.account_id)
    return sa.and_(or_(*mine), told, col(table.object_kind).not_in(closed), sa.not_(own))


def notify(
    work: Work,
    subject: str,
    body: str,
    *,
    about: Any = None,
    to_account: UUID | None = None,
    to_unit: UUID | None = None,
    to_enterprise: UUID | None = None,
    to_district: str = "",
) -> None:
    """Put a message into a user's workspace, in the transaction it reports; for a district, into that of its bureau."""
    if to_district:
        for unit in offices_of(work, UnitKind.DISTRICT_BUREAU, to_district):
            notify(work, subject, body, about=about, to_unit=unit)
    if not (to_account or to_unit or to_enterprise):
        return
    work.add(
        Notice(
            to_account=to_account,
            to_unit=to_unit,
            to_enterprise=to_enterprise,
            subject=subject[:120],
            body=Sealed.of_json(body),
            object_kind=about.__tablename__ if about is not None else "",
            object_id=about.id if about is not None else None,
            held_until=work.held_until,
        )
    )


@dataclass(frozen=True)
class NoticeLine:
    id: UUID
    subject: str
    body: str
    at: datetime
    read: bool
    object_kind: str
    object_id: UUID | None


@query("notices.mine", "消息", roles=READERS)
def my_notices(work: Work, limit: int) -> list[NoticeLine]:
    """The newest messages to me, my office and my firm."""
    rows = work.rows(work.visible(Notice), by=col(Notice.created_at).desc(), most=min(max(limit, 1), 200))
    done = _acted_on(work, [row for row in rows if row.read_at is None])
    return [
        copy_of(
            NoticeLine,
            row,
            body=row.body.json(),
            at=row.created_at,
            read=row.read_at is not None or row.id in done,
        )
        for row in rows
    ]


@query("notices.unread", "未读消息数", roles=READERS)
def unread_notices(work: Work, order: None) -> int:
    """Count the messages to the caller that wait to be read, of the newest two hundred."""
    unread: Any = work.visible(Notice).where(col(Notice.read_at).is_(None))
    newest = unread.with_only_columns(
        Notice.id, Notice.object_kind, Notice.object_id, Notice.created_at, Notice.to_account
    )
    chosen = newest.order_by(col(Notice.created_at).desc()).limit(_COUNTED)
    rows = [_Unread(*row) for row in work.session.connection().execute(chosen)]
    return len(rows) - len(_acted_on(work, rows))


@dataclass(frozen=True)
class _Unread:
    """The columns of an unread message that say whether its reader has acted on it."""

    id: UUID
    object_kind: str
    object_id: UUID | None
    created_at: datetime
    to_account: UUID | None


def _acted_on(work: Work, notices: Sequence[Notice | _Unread]) -> set[UUID]:
    """Return the messages whose thing the caller has changed since, or a colleague where it went to the office.

    A message ends by the act it asks for.
    """
    by_table: dict[str, list[Notice | _Unread]] = {}
    for one in notices:
        if one.object_id is not None and one.object_kind in SQLModel.metadata.tables:
            by_table.setdefault(one.object_kind, []).append(one)
    me, done = work.caller.account_id, set()
    colleagues: Any = select(Account.id).where(col(Account.unit_id) == work.caller.unit_id)
    for name, told in by_table.items():
        table = SQLModel.metadata.tables[name]
        if "updated_by" not in table.c or me is None:
            continue
        chosen = sa.select(table.c.id, table.c.updated_at, table.c.updated_by).where(
            table.c.id.in_({one.object_id for one in told}), table.c.updated_by.in_(colleagues)
        )
        changed = {row[0]: row[1:] for row in work.session.connection().execute(chosen)}
        for one in told:
            at, by = changed.get(one.object_id, (None, None))
            if at is not None and at > one.created_at and (by == me or one.to_account is None):
                done.add(one.id)
    return done


@action("notices.read", "标为已读", roles=READERS, event="DATA.UPDATE")
def read_notice(work: Work, notice_id: UUID) -> None:
    row = work.get(Notice, notice_id)
    row.read_at = row.read_at or work.now
    work.add(row)
