"""委托代办: the people a deputy acts for, used by the inbox and by assigned steps (market 3.8)."""

from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from models.access import MARKET, Account, AccountRole, AccountState
from models.records import TaskDelegation
from services.engine.work import Work

_MOST = 10


def sharing_a_role(work: Work) -> Any:
    """Colleagues of the caller's office with each role they share with him."""
    return (
        select(AccountRole.account_id, AccountRole.role)
        .join(Account, col(Account.id) == col(AccountRole.account_id))
        .where(
            Account.unit_id == work.caller.unit_id,
            Account.state == AccountState.ACTIVE,
            Account.id != work.caller.account_id,
            col(AccountRole.role).in_(work.caller.roles & MARKET),
            col(AccountRole.ended_at).is_(None),
            AccountRole.valid_from <= work.today,
            or_(col(AccountRole.valid_to).is_(None), col(AccountRole.valid_to) >= work.today),
        )
    )


def stands_in_for(work: Work) -> list[UUID]:
    """Return who has given the caller what waits for them today and is still of his office, still sharing a role."""
    if work.caller.account_id is None:
        return []
    given = work.rows(
        TaskDelegation.from_account,
        TaskDelegation.to_account == work.caller.account_id,
        TaskDelegation.valid_from <= work.today,
        TaskDelegation.valid_to >= work.today,
        col(TaskDelegation.ended_at).is_(None),
        by=(TaskDelegation.valid_to, TaskDelegation.id),
        most=_MOST,
    )
    if not given:
        return []
    sharing = {account_id for account_id, _ in work.session.exec(sharing_a_role(work)).all()}
    return [account_id for account_id in dict.fromkeys(given) if account_id in sharing]
