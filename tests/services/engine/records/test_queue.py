"""The reviewers' queue over all kinds: what waits for whom, overdue by working days."""

from typing import Any

import pytest

from services.engine.cycle_orders import OneRevision
from services.engine.cycle_queue import QUEUE
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, Rejected
from tests.conformance.story import Story
from tests.services.engine.records.desk import MAKER, REVIEWER, SECOND, Desk, a_name


def _queue(desk: Desk, login: str, *, sort: str = "", **filters: str) -> dict[object, object]:
    page = desk.market.world.door.ask(QUEUE.query, desk.who(login), ListRows(filters, Paging(sort=sort)))
    return {line.id: line for line in page.lines}


def test_each_reviewer_sees_what_waits_at_his_level(desk: Desk) -> None:
    here, there = desk.submitted(), desk.submitted(where="310104")
    assert here.revision_id in _queue(desk, REVIEWER, sort="-submitted_at")
    assert there.revision_id not in _queue(desk, REVIEWER, sort="-submitted_at")
    assert there.revision_id in _queue(desk, "xhshen01", sort="-submitted_at")
    assert here.revision_id not in _queue(desk, "shishen01", sort="-submitted_at")
    assert here.revision_id not in _queue(desk, "pdchu01")


def test_the_second_level_waits_for_the_first(desk: Desk) -> None:
    story = Story.of(desk.market, "sales_office").begin().fill().submit()
    assert story.revision_id not in _queue(desk, "shishen01", kind="sales_office")
    story.perform(story.acts.approve, story.reviewer(0), desk_decide(story))
    assert story.revision_id in _queue(desk, "shishen01", kind="sales_office")
    assert story.revision_id not in _queue(desk, REVIEWER, kind="sales_office")
    assert story.revision_id in _queue(desk, REVIEWER, view="done", kind="sales_office")


def desk_decide(story: Story) -> object:
    from services.engine.cycle_orders import Decide

    return Decide(story.revision_id, story.view(story.reviewer(0)).version, "")


def test_mine_and_counted(desk: Desk) -> None:
    begun = desk.submitted()
    before = desk.market.world.door.ask(QUEUE.query, desk.who(SECOND), ListRows()).counts
    desk.do("take", SECOND, OneRevision(begun.revision_id))
    assert begun.revision_id in _queue(desk, SECOND, view="mine")
    line = _queue(desk, REVIEWER, sort="-submitted_at")[begun.revision_id]
    assert (line.holder != "", line.mine, line.kind_label, line.level) == (True, False, "工地", "区级审核")  # type: ignore[attr-defined]
    after = desk.market.world.door.ask(QUEUE.query, desk.who(SECOND), ListRows()).counts
    assert (after["mine"], after[""]) == (before["mine"] + 1, before[""])


def test_overdue_after_five_working_days(desk: Desk) -> None:
    # Monday; the term ends on the Monday after.
    begun = desk.submitted()
    view = desk.view(begun.revision_id, REVIEWER)
    assert f"{view.due}" == "2027-03-08"
    desk.market.world.stand_at(2027, 3, 8)
    assert begun.revision_id not in _queue(desk, REVIEWER, view="overdue")
    desk.market.world.stand_at(2027, 3, 9)
    line: Any = _queue(desk, REVIEWER, view="overdue")[begun.revision_id]
    assert (line.due_words, line.due_words.tone) == ("2027-03-08 超期", "bad")
    assert desk.view(begun.revision_id, REVIEWER).overdue


def test_found_by_number_and_by_title(desk: Desk) -> None:
    name = a_name("独一无二的工地")
    begun = desk.submitted(name=name)
    number = desk.view(begun.revision_id).record_no
    assert set(_queue(desk, REVIEWER, text=name[2:])) == {begun.revision_id}
    assert set(_queue(desk, REVIEWER, text=number.lower())) == {begun.revision_id}
    assert _queue(desk, REVIEWER, text="%") == {}
    assert _queue(desk, REVIEWER, text="' OR 1=1 --") == {}


@pytest.mark.parametrize("order", [{"sort": "payload"}, {"view": "all"}, {"kind": "nothing"}, {"text": "甲\x00"}])
def test_what_nobody_offered_is_refused(desk: Desk, order: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        _queue(desk, REVIEWER, **order)


def test_own_making_is_shown_with_a_bar(desk: Desk) -> None:
    begun = desk.submitted(REVIEWER)
    assert _queue(desk, REVIEWER, sort="-submitted_at")[begun.revision_id].bar  # type: ignore[attr-defined]
    assert not _queue(desk, SECOND, sort="-submitted_at")[begun.revision_id].bar  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed):
        _queue(desk, MAKER)
