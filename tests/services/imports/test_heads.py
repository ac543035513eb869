"""A table under other heads: somebody says which column is which, and it is read again (row 42)."""

import pytest

from models.practitioner_codes import RowState, SessionState
from services.engine.refusals import Conflict, Rejected
from services.imports.listings import heads_to_match
from services.imports.uploads import MatchHeads, match_heads
from tests.people_made import HEADS, person, table
from tests.services.imports.desk import Desk

STRANGE = {"姓名": "员工", "证件号码": "号头", "备注": "备考"}


def strange_table() -> bytes:
    heads = [STRANGE.get(head, head) for head in HEADS]
    rows = [{STRANGE.get(head, head): value for head, value in person(n).items()} for n in range(3)]
    return table(rows, heads)


@pytest.mark.row(42)
def test_unknown_heads_are_matched_by_hand(desk: Desk) -> None:
    session_id = desk.read(strange_table())
    assert desk.state(session_id) is SessionState.MAPPING
    found = desk.ask(heads_to_match, session_id)
    assert (0, "员工") in found.heads
    assert "姓名" not in found.known
    assert found.known["手机号"] == HEADS.index("手机号")
    places = {**found.known, "姓名": 0, "证件号码": HEADS.index("证件号码")}
    desk.do(match_heads, MatchHeads(session_id, places))
    desk.work()
    assert desk.states(session_id) == dict.fromkeys((2, 3, 4), RowState.GOOD)
    assert "备考" in desk.notes(session_id)


@pytest.mark.row(42)
def test_a_match_that_cannot_be_is_refused(desk: Desk) -> None:
    session_id = desk.read(strange_table())
    known = desk.ask(heads_to_match, session_id).known
    for places in ({}, {**known, "姓名": 99}, {**known, "姓名": known["手机号"]}, {**known, "工号": 0}):
        with pytest.raises(Rejected):
            desk.do(match_heads, MatchHeads(session_id, places))
    desk.do(match_heads, MatchHeads(session_id, known))
    desk.work()
    view = desk.view(session_id)
    assert view.state is SessionState.REFUSED
    assert "姓名" in view.refusal
    with pytest.raises(Conflict):
        desk.ask(heads_to_match, session_id)
