"""The walk's part for inbox, cockpit and what the pages of records ask beside the kinds' own questions."""

from datetime import date
from typing import Any

from models.access import Account, Role
from models.projects import Project
from models.records import Revision, TaskDelegation
from services.engine.cycle_reassignment import Reassign
from services.engine.work import Work
from services.inbox.delegations import Delegate

_FIRST, _LAST = date(2099, 1, 1), date(2099, 1, 5)


def _giver_or_taker(city: Any, caller: Any, row: Any) -> bool:
    own = caller.account_id is not None and caller.account_id in {row.from_account, row.to_account}
    return bool(caller.has(Role.SYSTEM)) or own


ORACLE: dict[Any, Any] = {TaskDelegation: _giver_or_taker}

ORDERS: dict[str, Any] = {
    "records.revision": (Revision, lambda city, row_id: row_id),
    "records.reassign": (Revision, lambda city, row_id: Reassign(row_id, 1, None, "承办人请假")),
    "cockpit.project": (Project, lambda city, row_id: row_id),
    "inbox.take_back": (TaskDelegation, lambda city, row_id: row_id),
    "inbox.delegate": (Account, lambda city, row_id: Delegate(row_id, _FIRST, _LAST, "出差在外")),
}

UNFOREIGN: dict[str, str] = {
    "records.step_reviewers": "answers of those the caller watches over, tried in the same file",
    "records.references": "answers those that are seen and no others, tried in tests/services/engine/test_references.py",
}


def furnish(city: Any) -> None:
    """Four people of the counters stand in for one another."""
    people = [city.counter.clerk(login).account_id for login in ("huamu01", "longhua01", "pudong01", "xuhui01")]

    def give(work: Work) -> None:
        for number, giver in enumerate(people):
            taker = people[(number + 1) % len(people)]
            work.add(TaskDelegation(from_account=giver, to_account=taker, valid_from=_FIRST, valid_to=_LAST))

    city.counter.world.act(give)
