"""A session: who sees it, how it is counted and rid of its files."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import col, func, select

from models.access import KEEPERS, Account, AccountState, Role
from models.imports import ImportedLine, ImportSession
from models.practitioner_codes import IMPORT, RowState, SessionState
from models.sealed import Sealed
from services.access.sessions import caller_of
from services.access.visibility import ENTERPRISE
from services.engine.callers import Caller
from services.engine.refusals import NotAllowed, NotFound
from services.engine.steps import take_step
from services.engine.work import Work, shown_with, visible_rows

#: Who brings tables in: firms of the rental market, and keepers of records of either market.
OFFICES = KEEPERS | {Role.SPATIAL_OPERATOR}
BRINGERS = ENTERPRISE | OFFICES
#: Where nothing will be read of the files any more.
_ENDED = frozenset({SessionState.DONE, SessionState.CANCELLED, SessionState.UNDONE, SessionState.REFUSED})


@visible_rows(ImportSession)
def own_sessions(work: Work, table: Any) -> Any:
    """Show a firm, or a user of the authority, their own sessions; before the commit no other caller sees them."""
    caller = work.caller
    if caller.has(Role.SYSTEM):
        return sa.true()
    if not caller.has(*BRINGERS):
        return sa.false()
    if caller.enterprise_id is not None:
        return col(table.enterprise_id) == caller.enterprise_id
    if caller.account_id is not None and caller.has(*OFFICES):
        return sa.and_(col(table.enterprise_id).is_(None), col(table.account_id) == caller.account_id)
    return sa.false()


shown_with(ImportedLine, "session_id", ImportSession)


def without_files(statement: Any) -> Any:
    """Select sessions without their files, for lists and progress bars."""
    return statement.options(defer(col(ImportSession.workbook)), defer(col(ImportSession.pictures)))  # type: ignore[arg-type]


def move(work: Work, session: ImportSession, step: str, *, reason: str = "") -> None:
    """Take a step; where a session ends, its files go."""
    take_step(work, session, IMPORT, step, reason=reason)
    if session.state in _ENDED:
        session.workbook = session.pictures = None
    if session.state is not SessionState.COMMITTING and session.state is not SessionState.READING:
        session.step_done = session.step_total = 0


def recount(work: Work, session: ImportSession) -> dict[RowState, int]:
    """Count the session's lines again within this transaction."""
    work.session.flush()
    counted = select(ImportedLine.state, func.count()).where(ImportedLine.session_id == session.id)
    found: dict[Any, int] = dict(work.session.exec(counted.group_by(ImportedLine.state)).all())
    session.total = sum(found.values())
    session.good, session.bad = found.get(RowState.GOOD, 0), found.get(RowState.BAD, 0)
    session.committed = found.get(RowState.COMMITTED, 0)
    work.add(session)
    return found


def told_of(session: ImportSession) -> dict[str, Any]:
    """Return the notes on the files as a whole: sentences, and name, size, width and height of each photo (or None)."""
    kept: dict[str, Any] = {"told": [], "photos": None}
    return kept if session.notes is None else kept | session.notes.json()


def tell(session: ImportSession, **told: Any) -> None:
    """Keep more of it."""
    session.notes = Sealed.of_json(told_of(session) | told)


def known(work: Work, session_id: UUID) -> ImportSession:
    """A visible session without its files."""
    found: ImportSession | None = work.session.exec(
        without_files(work.visible(ImportSession).where(ImportSession.id == session_id))
    ).first()
    if found is None:
        raise NotFound
    return found


# In the name of who imports


def bringer(work: Work, account_id: UUID | None) -> Caller:
    """The account as it would call today; refused when it may not sign in any more."""
    if work.caller.account_id is not None and work.caller.account_id == account_id:
        return work.caller
    account = work.first(Account, Account.id == account_id)
    if account is None or account.state is not AccountState.ACTIVE:
        raise NotAllowed("上传表格的账号已停用")
    return caller_of(work.session, account, "", "", work.today)


@contextmanager
def acting_for(work: Work, caller: Caller) -> Iterator[Work]:
    """Run part of this transaction in a user's name; its changes are flushed at the end."""
    before = work.caller
    work.caller = caller
    try:
        yield work
        work.session.flush()
    finally:
        work.caller = before
