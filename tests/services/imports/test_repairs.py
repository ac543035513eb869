"""Rows that wait are grouped by their reason, and one repair serves all rows of a reason (issue 19)."""

import pytest

from models.practitioner_codes import RowState
from services.engine.refusals import Rejected
from services.imports.repairs import MendAll, mend_all, reasons
from tests.people_made import person, table
from tests.services.imports.desk import Desk


def test_one_repair_for_all_rows_of_the_same_reason(desk: Desk) -> None:
    wrong = [person(number, 学历="大专毕业生") for number in (1, 2, 3)]
    session_id = desk.read(table([*wrong, person(4, 学历="？"), person(5)]))
    found = desk.ask(reasons, session_id)
    assert [(one.column, one.value, one.rows) for one in found] == [("学历", "大专毕业生", 3), ("学历", "？", 1)]
    first = found[0]
    with pytest.raises(Rejected, match="相同"):
        desk.do(mend_all, MendAll(session_id, first.line_id, first.column, first.code, "大专毕业生"))
    done = desk.do(mend_all, MendAll(session_id, first.line_id, first.column, first.code, "大专"))
    assert (done.good, done.bad, done.left, done.refused) == (3, 0, 0, ())
    lines = {line.sheet_row: line for line in desk.lines(session_id)}
    mended = [line for line in lines.values() if line.edited]
    assert len(mended) == 3
    assert {line.state for line in mended} == {RowState.GOOD}
    assert [(one.value, one.rows) for one in desk.ask(reasons, session_id)] == [("？", 1)]


def test_a_repair_that_is_wrong_leaves_its_rows_waiting(desk: Desk) -> None:
    session_id = desk.read(table([person(number, 学历="大专毕业生") for number in (1, 2)]))
    first = desk.ask(reasons, session_id)[0]
    done = desk.do(mend_all, MendAll(session_id, first.line_id, first.column, first.code, "毕业"))
    assert (done.good, done.bad) == (0, 2)
    assert [(one.value, one.rows) for one in desk.ask(reasons, session_id)] == [("毕业", 2)]


def test_personal_contents_are_masked(desk: Desk) -> None:
    session_id = desk.read(table([person(1, 联系电话="138"), person(2)]))
    for one in desk.ask(reasons, session_id):
        assert one.column != "联系电话" or one.value != "138"


def test_rows_that_repeat_each_other_are_mended_one_by_one(desk: Desk) -> None:
    first = person(1)
    session_id = desk.read(table([first, person(2, 证件号码=first["证件号码"]), person(3, 学历="大专毕业生")]))
    told = {one.column: one.repeated for one in desk.ask(reasons, session_id)}
    assert told == {"证件号码": True, "学历": False}
