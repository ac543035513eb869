"""Other sheets, struck lines, totals and damaged texts of a table are told, and nothing of them is decided for the user (row 42)."""

from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from models.names import DAMAGED
from models.practitioner_codes import RowState, SessionState
from services.engine.refusals import Rejected
from services.files.file_refusals import FileRefused
from services.imports.commit_run import commit_session
from services.imports.heads import OwnHeads
from services.imports.listings import heads_to_match
from services.imports.sheets import Checks, Sheet, SheetColumn, as_it_stands
from services.imports.table_reader import Reading, SheetsLeft, Table, read_table
from services.imports.uploads import MatchHeads, match_heads
from tests.files_made import xlsx
from tests.people_made import HEADS, person
from tests.services.imports.desk import Desk, saved

pytestmark = pytest.mark.row(42)
SMALL = Sheet("账单", [SheetColumn(head, as_it_stands, required=head != "备注") for head in ("编号", "金额", "备注")])


def book(**sheets: Sequence[Sequence[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, lines in sheets.items():
        page = made.create_sheet(name)
        for line in lines:
            page.append(list(line))
    return saved(made)


def people(*numbers: int) -> list[list[Any]]:
    return [[person(number)[head] for head in HEADS] for number in numbers]


def read(content: bytes, how: Reading = Reading()) -> Table:
    return read_table(SMALL, Checks(), content, how)


TWO = book(
    人员=[HEADS, *people(60)], 续表=[HEADS, *people(61, 62)], 字典=[["岗位"], ["店长"]], 填写说明=[["表页", "栏目"]]
)


def test_a_second_sheet_is_named_and_nothing_is_committed_before_somebody_chose(desk: Desk) -> None:
    session_id = desk.read(TWO)
    assert desk.state(session_id) is SessionState.MAPPING
    asked = {one.name: (one.place, one.rows, one.fits) for one in desk.ask(heads_to_match, session_id).sheets}
    assert asked == {"续表": (1, 2, True), "字典": (2, 2, False)}
    with pytest.raises(Rejected):
        desk.do(commit_session, session_id)
    for order in (MatchHeads(session_id, {"姓名": 0}), MatchHeads(session_id, sheets=(2,))):
        with pytest.raises(Rejected):
            desk.do(match_heads, order)
    desk.do(match_heads, MatchHeads(session_id, sheets=(1,)))
    desk.work()
    assert desk.states(session_id) == dict.fromkeys((2, 100_002, 100_003), RowState.GOOD)
    assert "表页“续表”已一并读取" in desk.notes(session_id)
    assert "表页“字典”有2行，没有读取" in desk.notes(session_id)
    desk.commit(session_id)
    assert len(desk.applies(session_id)) == 3


def test_a_second_sheet_may_be_left_out_and_stays_named(desk: Desk) -> None:
    session_id = desk.read(book(人员=[HEADS, *people(70)], 续表=[HEADS, *people(71)]))
    desk.do(match_heads, MatchHeads(session_id, sheets=()))
    desk.work()
    assert desk.states(session_id) == {2: RowState.GOOD}
    assert "表页“续表”有1行，没有读取" in desk.notes(session_id)


def test_heads_are_matched_first_and_hold_for_the_other_sheets(desk: Desk) -> None:
    strange = ["伙计" if head == "姓名" else head for head in HEADS]
    session_id = desk.read(book(人员=[strange, *people(80)], 续表=[strange, *people(81)]))
    known = desk.ask(heads_to_match, session_id).known
    desk.do(match_heads, MatchHeads(session_id, {**known, "姓名": 0}))
    desk.work()
    (asked,) = desk.ask(heads_to_match, session_id).sheets
    assert asked.fits
    desk.do(match_heads, MatchHeads(session_id, sheets=(asked.place,)))
    desk.work()
    assert set(desk.states(session_id).values()) == {RowState.GOOD}
    assert len(desk.lines(session_id)) == 2


def test_a_person_on_both_sheets_is_told_once(desk: Desk) -> None:
    session_id = desk.read(book(人员=[HEADS, *people(90)], 续表=[HEADS, *people(90)]))
    desk.do(match_heads, MatchHeads(session_id, sheets=(1,)))
    desk.work()
    assert desk.states(session_id) == {2: RowState.GOOD, 100_002: RowState.BAD}


def test_where_a_table_is_read_at_once_a_second_sheet_stops_it() -> None:
    lines: list[list[Any]] = [["编号", "金额", "备注"], ["B1", 1, ""]]
    with pytest.raises(SheetsLeft, match="“其他”（1行）"):
        read(book(账单=lines, 其他=lines))
    assert not read(book(账单=lines, 其他=[["编号", "金额"]])).left
    cover = book(封面=[["二〇二六年账单"]], 账单=lines)
    assert [row.values["编号"] for row in read(cover, Reading(others=())).rows] == ["B1"]


def test_a_struck_row_is_warned_of() -> None:
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    for line in (["编号", "金额"], ["B1", 1], ["B2", 2]):
        page.append(line)
    page["A3"].font = page["B3"].font = Font(strike=True)
    table = read(saved(made))
    assert [[one.code for one in row.findings] for row in table.rows] == [[], ["STRUCK"]]
    assert table.rows[1].verdict.value == "import_with_warning"
    assert "第3行有删除线，已读取" in table.notes


@pytest.mark.parametrize(
    "line",
    [
        ["合计", "", ""],
        ["总 计：", "", "2"],
        ["小计：2笔", "", ""],
        ["", "", "共计3,000.00元"],
        ["制表日期：2026-03-01", "", "制表人：张三"],
        ["2026年3月1日", "", ""],
    ],
)
def test_totals_and_dates_are_skipped_and_said_once(line: list[Any]) -> None:
    table = read(xlsx([["编号", "金额", "备注"], ["B1", 1, ""], line, line]))
    assert [row.values["编号"] for row in table.rows] == ["B1"]
    assert table.notes == ["第3、4行是合计、日期、签字等行，不是数据，没有读取"]


def test_a_row_that_has_what_a_row_must_have_is_a_row() -> None:
    table = read(xlsx([["编号", "金额", "备注"], ["合计", 1, ""], ["合计工程", "", ""], ["制表人：张三", 3, ""]]))
    assert len(table.rows) == 3


@pytest.mark.parametrize("text", ["ÕÅÈý", "寮犱笁", "锟斤拷", "å¼\xa0ä¸‰"])
def test_damaged_text_is_refused_in_any_column(text: str) -> None:
    (row,) = read(xlsx([["编号", "金额", "备注"], ["B1", 1, text]])).rows
    assert [(one.column, one.code, one.message) for one in row.findings] == [("备注", "TEXT_DAMAGED", DAMAGED)]


def test_damaged_heads_are_told_as_such() -> None:
    content = xlsx([["ÐÕÃû", "Ö¤¼þ", "±¸×¢"], ["B1", 1, ""]])
    with pytest.raises(FileRefused, match="文字已损坏"):
        read(content)


def test_a_remark_too_long_is_told_before_the_commit(desk: Desk) -> None:
    line = people(95)[0]
    line[HEADS.index("备注")] = "注" * 201
    session_id = desk.read(xlsx([HEADS, line]))
    assert desk.codes(session_id) == {2: ["TEXT_LENGTH"]}


def test_a_person_with_an_open_application_is_told_before_the_commit(desk: Desk) -> None:
    content = xlsx([HEADS, *people(96)])
    desk.commit(desk.read(content))
    again = desk.read(content)
    assert desk.codes(again) == {2: ["APPLY_OPEN"]}


def test_a_head_told_for_this_table_goes_before_all_others() -> None:
    content = xlsx([["编号", "号", "金额"], ["B1", "B2", 1]])
    (row,) = read(content, Reading(own=OwnHeads(told={"号": "编号"}))).rows
    assert row.values["编号"] == "B2"
