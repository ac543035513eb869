"""Workbooks of one list: into an open draft by business key, through a session or straight into the form."""

from typing import Any
from uuid import UUID

import pytest

from models.practitioner_codes import SessionState
from services.engine.cycle_orders import Begun
from services.engine.findings import Severity
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.imports.commit_run import OneSession, undo_session
from services.imports.listings import template
from services.imports.uploads import UploadTable, upload_table
from services.records.list_sheets import LinesRead, ListSheet, ReadLines, list_sheet, read_lines
from services.records.sheet_kinds import merge_lines
from tests.services.records.desk import MAKER, RIVAL, Desk, read_back, workbook
from tests.services.records.estate import ESTATE

TABLE = "records.made_estate.houses"
HEADS = ("楼号", "位置", "建筑面积（㎡）", "层数", "封顶日期", "负责人")
HOUSES = ESTATE.child("houses")


def draft(desk: Desk, *lines: dict[str, Any]) -> Begun:
    begun = desk.begun()
    desk.saved(begun, {"name": "有楼的小区", "ring": "INNER"}, {"houses": lines})
    return begun


def lines(desk: Desk, revision_id: UUID) -> list[dict[str, Any]]:
    return [dict(line) for line in desk.view(revision_id).children["houses"]]


@pytest.mark.row(51)
def test_lines_are_joined_by_their_key(desk: Desk) -> None:
    begun = draft(desk, {"building_no": "1号楼", "floors": "6", "foreman": "欧阳锦程"}, {"building_no": "2号楼"})
    rows = [["1号楼", "内环内", 10, 18, None, "欧**程"], ["3号楼", None, "7.5", None, "2026/3/1", "司马迁"]]
    session = desk.bring(workbook(HEADS, rows), TABLE, about=begun.revision_id)
    assert (desk.session(session).good, desk.session(session).bad) == (2, 0)
    desk.commit(session)
    assert desk.session(session).state is SessionState.DONE
    assert lines(desk, begun.revision_id) == [
        {"building_no": "1号楼", "ring": "INNER", "gfa": "10.00", "floors": "18", "foreman": "欧阳锦程"},
        {"building_no": "2号楼"},
        {"building_no": "3号楼", "gfa": "7.50", "topped_on": "2026-03-01", "foreman": "司马迁"},
    ]


def test_a_list_is_taken_back_as_a_whole_while_it_is_a_draft(desk: Desk) -> None:
    before = [{"building_no": "1号楼", "floors": "6", "foreman": "欧阳锦程"}, {"building_no": "2号楼"}]
    begun = draft(desk, *before)
    first = desk.bring(
        workbook(HEADS[:3], [["1号楼", "内环内", 10], ["3号楼", None, 7]]), TABLE, about=begun.revision_id
    )
    desk.commit(first)
    second = desk.bring(workbook(HEADS[:3], [["4号楼", "内环内", 10]]), TABLE, about=begun.revision_id)
    desk.commit(second)
    assert len(lines(desk, begun.revision_id)) == 4
    assert desk.do(undo_session, OneSession(first)) == 2
    assert lines(desk, begun.revision_id) == [*before, {"building_no": "4号楼", "ring": "INNER", "gfa": "10.00"}]
    assert desk.session(first).state is SessionState.UNDONE
    desk.do(undo_session, OneSession(second))
    assert lines(desk, begun.revision_id) == before
    with pytest.raises(Conflict):
        desk.do(undo_session, OneSession(second))


def test_what_somebody_went_on_with_is_not_taken_back(desk: Desk) -> None:
    begun = draft(desk)
    session = desk.bring(
        workbook(HEADS[:3], [["1号楼", "内环内", 10], ["2号楼", None, 7]]), TABLE, about=begun.revision_id
    )
    desk.commit(session)
    changed = [{**lines(desk, begun.revision_id)[0], "floors": "9"}, lines(desk, begun.revision_id)[1]]
    desk.saved(begun, {"name": "有楼的小区", "ring": "INNER"}, {"houses": changed})
    with pytest.raises(Conflict, match="“1号楼”这一行导入以后又有修改"):
        desk.do(undo_session, OneSession(session))
    assert lines(desk, begun.revision_id) == changed
    assert desk.session(session).state is SessionState.DONE


def test_what_was_submitted_is_not_taken_back(desk: Desk) -> None:
    begun = draft(desk)
    session = desk.bring(workbook(HEADS[:1], [["1号楼"]]), TABLE, about=begun.revision_id)
    desk.commit(session)
    desk.submit(begun.revision_id)
    with pytest.raises(Conflict, match="不能撤销导入"):
        desk.do(undo_session, OneSession(session))
    with pytest.raises(NotFound):
        desk.do(undo_session, OneSession(session), RIVAL)


def test_a_line_with_a_fault_waits_and_two_with_one_key_are_told(desk: Desk) -> None:
    begun = draft(desk)
    rows = [["1号楼", "火星"], ["2号楼", "内环内"], ["2号楼", "外环外"]]
    session = desk.bring(workbook(HEADS[:2], rows), TABLE, about=begun.revision_id)
    told = desk.told(session)
    assert (told[2], told[4]) == ([("位置", "FMT")], [("楼号", "DUP_IN_FILE")])
    desk.commit(session)
    assert [line["building_no"] for line in lines(desk, begun.revision_id)] == ["2号楼"]


def test_the_list_of_a_version_comes_back_as_it_left(desk: Desk) -> None:
    whole = [
        {
            "building_no": f"{number}号楼",
            "ring": "OUTER",
            "gfa": f"{number}.50",
            "floors": str(number),
            "foreman": "王二小",
        }
        for number in range(1, 40)
    ]
    begun = draft(desk, *whole)
    version = desk.view(begun.revision_id).version
    content = desk.ask(list_sheet, ListSheet(begun.revision_id, "houses"))
    assert "王二小" not in str(read_back(content))
    session = desk.bring(content, TABLE, about=begun.revision_id)
    desk.commit(session)
    assert desk.session(session).committed == 39
    assert desk.view(begun.revision_id).version == version
    assert lines(desk, begun.revision_id) == lines(desk, begun.revision_id)
    assert lines(desk, begun.revision_id)[0]["foreman"] == "王二小"
    with pytest.raises(NotFound):
        desk.ask(list_sheet, ListSheet(begun.revision_id, "houses"), RIVAL)
    assert read_back(desk.ask(template, TABLE))[0] == list(HEADS)


def test_columns_the_table_has_not_stay(desk: Desk) -> None:
    begun = draft(desk, {"building_no": "1号楼", "floors": "6"})
    session = desk.bring(workbook(("楼号", "位置"), [["1号楼", "外环外"]]), TABLE, about=begun.revision_id)
    desk.commit(session)
    assert lines(desk, begun.revision_id) == [{"building_no": "1号楼", "floors": "6", "ring": "OUTER"}]


def test_only_into_an_open_draft_of_ones_own(desk: Desk) -> None:
    content = workbook(HEADS[:1], [["1号楼"]])
    begun = draft(desk)

    def bring(login: str, about: UUID | None) -> Any:
        return desk.do(upload_table, UploadTable(TABLE, "x.xlsx", content, about_id=about), login)

    for login, about, refusal in (
        (RIVAL, begun.revision_id, NotFound),
        (MAKER, None, NotFound),
        (MAKER, begun.record_id, NotFound),
        ("binjiang01", begun.revision_id, NotAllowed),
    ):
        with pytest.raises(refusal):
            bring(login, about)
    session = desk.bring(content, TABLE, about=begun.revision_id)
    desk.submit(begun.revision_id)
    with pytest.raises(Conflict):
        bring(MAKER, begun.revision_id)
    # Submitted between reading and committing: the rows say why they stay behind.
    desk.commit(session)
    assert desk.session(session).bad == 1
    assert desk.told(session)[2][-1] == ("楼号", "CONFLICT")


def test_a_form_reads_a_workbook_without_keeping_anything(desk: Desk) -> None:
    rows = [["1号楼", "内环内", "10", 18], ["2号楼", "火星", "x", None], ["2号楼", None, None, None]]
    read: LinesRead = desk.ask(read_lines, ReadLines("made_estate", "houses", workbook(HEADS[:4], rows)))
    assert read.lines[0] == {"building_no": "1号楼", "ring": "INNER", "gfa": "10.00", "floors": "18"}
    # What cannot be read stands in the form as it was typed.
    assert read.lines[1] == {"building_no": "2号楼", "ring": "火星", "gfa": "x"}
    assert read.rows == (2, 3, 4)
    assert [(one.field, one.code) for one in read.findings if one.severity is Severity.REFUSE] == [
        ("houses.2.ring", "FMT"),
        ("houses.2.gfa", "FMT"),
        ("houses.3.building_no", "DUP_IN_FILE"),
    ]
    with pytest.raises(NotFound):
        desk.ask(read_lines, ReadLines("made_estate", "nothing", b"x"))
    with pytest.raises(NotFound):
        desk.ask(read_lines, ReadLines("made_estate", "houses", workbook(HEADS[:1], [["1"]])), "pdshen01")


def test_what_its_own_sheet_showed_masked_is_known_to_the_form_and_to_nobody_else(desk: Desk) -> None:
    begun = draft(desk, {"building_no": "1号楼", "foreman": "欧阳锦程"})
    content = desk.ask(list_sheet, ListSheet(begun.revision_id, "houses"))

    def read(revision_id: UUID | None, login: str = MAKER) -> LinesRead:
        answer: LinesRead = desk.ask(read_lines, ReadLines("made_estate", "houses", content, revision_id), login)
        return answer

    assert read(begun.revision_id).lines == ({"building_no": "1号楼", "foreman": "欧阳锦程"},)
    assert read(begun.revision_id).findings == ()
    for answer in (read(None), read(begun.revision_id, RIVAL)):
        assert "欧阳锦程" not in str(answer)
        assert [one.code for one in answer.findings] == ["MASKED"]


def test_lines_that_do_not_say_who_they_are_are_added() -> None:
    kept = [{"building_no": "1", "floors": "1"}, {"floors": "2"}]
    new = [
        {"floors": "3"},
        {"building_no": "1", "floors": "4"},
        {"building_no": "2"},
        {"building_no": "2", "floors": "5"},
    ]
    assert merge_lines(HOUSES, kept, new) == [
        {"building_no": "1", "floors": "4"},
        {"floors": "2"},
        {"floors": "3"},
        {"building_no": "2", "floors": "5"},
    ]
