"""Acting for the importing user: with that user's present visibility and rights, and in that user's name."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlmodel import select

from models.access import Account, AccountState
from services.access.sessions import caller_of
from services.engine.callers import Caller
from services.engine.refusals import NotAllowed
from services.engine.work import Work


def bringer(work: Work, account_id: UUID | None) -> Caller:
    """The account as it would call today; refused when it may not sign in any more."""
    if work.caller.account_id is not None and work.caller.account_id == account_id:
        return work.caller
    account = work.session.exec(select(Account).where(Account.id == account_id)).first()
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
