"""Many at one record at one moment: exactly one is heard."""

from collections.abc import Callable
from functools import partial
from typing import Any

from services.engine.cycle_orders import OneRevision, Save, StartUpdate, Submit
from services.engine.refusals import Conflict
from tests.services.engine.records.desk import COLLEAGUE, MAKER, REASON, REVIEWER, SECOND, Desk
from tests.world import at_once

_WRITERS = 20


def _one_wins(calls: list[Callable[[], Any]]) -> None:
    results = at_once(calls)
    refused = [one for one in results if isinstance(one, Exception)]
    assert len(refused) == len(calls) - 1
    assert {type(one) for one in refused} == {Conflict}


def test_twenty_approve_at_once(desk: Desk) -> None:
    begun = desk.submitted()
    order = desk.decide(begun.revision_id)
    people = [desk.who(REVIEWER), desk.who(SECOND)]
    _one_wins([partial(desk.do, "approve", people[turn % 2], order) for turn in range(_WRITERS)])
    row = desk.row(begun)
    assert row is not None
    assert row.version_no == 1


def test_twenty_begin_an_update_at_once(desk: Desk) -> None:
    begun = desk.effective()
    people = [desk.who(MAKER), desk.who(COLLEAGUE)]
    order = StartUpdate(begun.record_id, REASON)
    _one_wins([partial(desk.do, "update", people[turn % 2], order) for turn in range(_WRITERS)])


def test_twenty_save_at_once(desk: Desk) -> None:
    begun = desk.begun()
    people = [desk.who(MAKER), desk.who(COLLEAGUE)]
    _one_wins(
        [
            partial(desk.do, "save", people[turn % 2], Save(begun.revision_id, begun.version, desk.whole()))
            for turn in range(_WRITERS)
        ]
    )
    assert desk.view(begun.revision_id).version == begun.version + 1


def test_submitted_once(desk: Desk) -> None:
    begun = desk.begun()
    order = Submit(begun.revision_id, begun.version)
    _one_wins([partial(desk.do, "submit", desk.who(MAKER), order) for _ in range(8)])


def test_taken_by_one_of_two(desk: Desk) -> None:
    begun = desk.submitted()
    order = OneRevision(begun.revision_id)
    _one_wins([partial(desk.do, "take", desk.who(login), order) for login in (REVIEWER, SECOND)])


def test_withdrawn_or_taken_but_not_both(desk: Desk) -> None:
    begun = desk.submitted()
    order = OneRevision(begun.revision_id)
    results = at_once(
        [partial(desk.do, "withdraw", desk.who(MAKER), order), partial(desk.do, "take", desk.who(REVIEWER), order)]
    )
    assert sum(isinstance(one, Exception) for one in results) == 1
