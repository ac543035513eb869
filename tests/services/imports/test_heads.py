"""A table under other heads: somebody says which column is which, and it is read again (row 42)."""

from collections.abc import Mapping

import pytest

from models.practitioner_codes import RowState, SessionState
from services.engine.refusals import Conflict, Rejected
from services.imports.listings import heads_to_match
from services.imports.uploads import MatchHeads, UploadTable, match_heads, upload_table
from tests.people_made import HEADS, person, table
from tests.services.imports.desk import KIND, Desk

STRANGE = {"姓名": "员工", "证件号码": "号头", "备注": "备考"}


def strange_table(strange: Mapping[str, str] = STRANGE) -> bytes:
    heads = [strange.get(head, head) for head in HEADS]
    rows = [{strange.get(head, head): value for head, value in person(n).items()} for n in range(3)]
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
    session_id = desk.read(strange_table({"姓名": "人"}))
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


@pytest.mark.row(42)
def test_heads_matched_once_are_known_to_the_firm_and_to_no_other(desk: Desk) -> None:
    strange = strange_table({"姓名": "同事"})
    session_id = desk.read(strange)
    places = {**desk.ask(heads_to_match, session_id).known, "姓名": 0}
    desk.do(match_heads, MatchHeads(session_id, places))
    desk.work()
    again = desk.read(strange)
    assert desk.state(again) is SessionState.READY
    assert "“同事”按本企业以前的对应读作“姓名”" in desk.notes(again)
    uploaded = desk.do(upload_table, UploadTable(KIND, "人员.xlsx", strange), desk.other)
    desk.work()
    assert desk.state(uploaded.id) is SessionState.MAPPING
    # A column's own name goes before what was matched once.
    both = table([{**person(1), "同事": "李四"}], [*HEADS, "同事"])
    assert desk.cell(desk.read(both), 2, "姓名") == person(1)["姓名"]


@pytest.mark.row(42)
@pytest.mark.parametrize(
    ("head", "written"),
    [
        ("企业统一社会信用代码", "统一社会信用代码(18位)"),
        ("入职日期", "入职日期\n(年/月/日)"),
        ("手机号", "手机号码【本人（11位）】"),
        ("门店", "门店\n没有的填简称"),
    ],
)
def test_a_note_does_not_hide_a_head(desk: Desk, head: str, written: str) -> None:
    session_id = desk.read(strange_table({head: written}))
    assert desk.states(session_id) == dict.fromkeys((2, 3, 4), RowState.GOOD)


@pytest.mark.row(42)
def test_of_a_head_and_the_same_head_with_a_note_the_bare_one_is_read(desk: Desk) -> None:
    heads = ["姓名（曾用）", *HEADS]
    session_id = desk.read(table([{**person(1), "姓名（曾用）": "李四"}], heads))
    assert desk.cell(session_id, 2, "姓名") == person(1)["姓名"]
