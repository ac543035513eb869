"""Any two versions, field by field, lines by their key."""

from collections.abc import Sequence
from typing import Any

import pytest

from services.engine.cycle_orders import Compare, Submit
from services.engine.refusals import NotFound
from tests.services.engine.records.desk import MAKER, REVIEWER, Desk, a_name


def _versions(desk: Desk, first: Sequence[dict[str, Any]], second: Sequence[dict[str, Any]], **change: Any) -> Any:
    name = a_name()
    begun = desk.begun(**desk.whole(name=name))
    desk.save(begun, desk.whole(name=name), {"parts": first})
    desk.do("submit", MAKER, Submit(begun.revision_id, desk.view(begun.revision_id).version))
    desk.approve(begun.revision_id)
    again = desk.update(begun.record_id)
    desk.save(again, desk.whole(name=name, **change), {"parts": second})
    return begun


def test_added_removed_and_changed(desk: Desk) -> None:
    begun = _versions(
        desk,
        [{"part_no": "1", "part_area": "10"}, {"part_no": "2"}, {"part_no": "4", "remark": "同"}],
        [{"part_no": "3"}, {"part_no": "4", "remark": "同"}, {"part_no": "1", "part_area": "12000.5"}],
        land="120",
        floors="3",
        where="310104",
    )
    told = desk.ask("compare", MAKER, Compare(begun.record_id, 1, 2))
    assert [(one.field, one.left, one.right, one.how) for one in told.fields] == [
        ("where", "浦东新区", "徐汇区", "changed"),
        ("land", "100.00", "120.00", "changed"),
        ("floors", "", "3", "added"),
    ]
    lines = [(line.key, line.how, [(cell.field, cell.left, cell.right) for cell in line.fields]) for line in told.lines]
    assert lines == [
        ("3", "added", [("part_no", "", "3")]),
        ("1", "changed", [("part_area", "10.00", "12,000.50")]),
        ("2", "removed", [("part_no", "2", "")]),
    ]
    back = desk.ask("compare", MAKER, Compare(begun.record_id, 2, 1))
    assert {line.how for line in back.lines} == {"added", "removed", "changed"}


def test_two_lists_of_five_hundred_lines(desk: Desk) -> None:
    first = [{"part_no": f"{number}", "part_area": "10"} for number in range(500)]
    second = [{"part_no": f"{number}", "part_area": "11" if number % 2 else "10"} for number in reversed(range(500))]
    begun = _versions(desk, first, second)
    told = desk.ask("compare", MAKER, Compare(begun.record_id, 1, 2))
    assert len(told.lines) == 250
    assert {line.how for line in told.lines} == {"changed"}


def test_a_version_one_may_not_see_is_not_compared(desk: Desk) -> None:
    begun = _versions(desk, [], [])
    unseen = ((REVIEWER, 1, 2), (MAKER, 1, 9), ("jianghai01", 1, 1))
    for login, left, right in (*unseen, (MAKER, 0, 1), (MAKER, 1, -1), (MAKER, 2**63, 1)):
        with pytest.raises(NotFound):
            desk.ask("compare", login, Compare(begun.record_id, left, right))
