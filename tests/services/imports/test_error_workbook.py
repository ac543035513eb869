"""Failed rows go out as a workbook and come back corrected into the same session (row 42)."""

from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from models.practitioner_codes import RowState, SessionState
from services.files.workbooks import guard_workbook
from services.imports.uploads import UploadCorrections, upload_corrections
from services.imports.workbooks import REASON, ROW_KEY
from tests.people_made import HEADS, person, table
from tests.services.imports.desk import Desk, saved


def column(sheet: Any, head: str) -> int:
    place: int = next(cell.column for cell in sheet[1] if cell.value == head)
    return place


def send(desk: Desk, session_id: Any, book: Any) -> None:
    desk.do(upload_corrections, UploadCorrections(session_id, saved(book)))
    desk.work()


@pytest.mark.row(42)
@pytest.mark.proves("H40")
def test_only_failed_rows_go_out_with_their_reasons_as_text(desk: Desk) -> None:
    rows = [person(1), person(2, 姓名="=1+1", 学历="?"), person(3), person(4, 手机号="12")]
    session_id = desk.read(table(rows))
    book = desk.errors(session_id)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [*HEADS, REASON, ROW_KEY]
    assert sheet.max_row == 3
    name = sheet.cell(2, column(sheet, "姓名"))
    assert (name.value, name.data_type) == ("=1+1", "s")
    assert "姓名含" in name.comment.text
    degree = sheet.cell(2, column(sheet, "学历"))
    assert "学历应为" in degree.comment.text
    assert "（学历）" in sheet.cell(2, column(sheet, REASON)).value
    number = sheet.cell(2, column(sheet, "证件号码"))
    assert (number.data_type, number.number_format) == ("s", "@")
    assert sheet.cell(3, column(sheet, "手机号")).comment is not None
    assert sheet.column_dimensions[get_column_letter(column(sheet, ROW_KEY))].hidden
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert any("租赁顾问" in formula for formula in lists)


@pytest.mark.row(42)
def test_a_corrected_workbook_goes_on_with_its_session(desk: Desk) -> None:
    rows = [person(10), person(11, 学历="?"), person(12, 手机号="12"), person(13, 岗位="")]
    session_id = desk.read(table(rows))
    desk.commit(session_id)
    book = desk.errors(session_id)
    sheet = book.worksheets[0]
    sheet.cell(2, column(sheet, "学历")).value = "本科"
    sheet.cell(3, column(sheet, "手机号")).value = "19300000012"
    send(desk, session_id, book)
    assert desk.states(session_id) == {
        2: RowState.COMMITTED,
        3: RowState.GOOD,
        4: RowState.GOOD,
        5: RowState.BAD,
    }
    assert "2行改正过" in desk.notes(session_id)
    assert [line.edited for line in desk.lines(session_id)] == [0, 1, 1, 0]
    desk.commit(session_id)
    assert len(desk.applies(session_id)) == 3
    assert desk.state(session_id) is SessionState.READY


@pytest.mark.row(42)
def test_rows_may_be_sorted_and_columns_moved_before_they_come_back(desk: Desk) -> None:
    session_id = desk.read(table([person(20, 学历="?"), person(21, 学历="?")]))
    book = desk.errors(session_id)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    lines.reverse()
    lines[0][heads.index("学历")] = "博士"
    sheet.delete_rows(1, 3)
    for line in (heads, *lines):
        sheet.append(list(reversed(line)))
    send(desk, session_id, book)
    assert desk.states(session_id) == {2: RowState.BAD, 3: RowState.GOOD}
    assert desk.cell(session_id, 3, "学历") == "博士"


@pytest.mark.row(42)
def test_an_unchanged_workbook_changes_nothing(desk: Desk) -> None:
    session_id = desk.read(table([person(30, 入职日期="05/03/2024"), person(31)]))
    before = desk.codes(session_id)
    send(desk, session_id, desk.errors(session_id))
    assert desk.codes(session_id) == before
    assert "没有改正过的行" in desk.notes(session_id)
    assert {line.edited for line in desk.lines(session_id)} == {0}


@pytest.mark.row(42)
def test_a_foreign_or_forged_key_is_told_and_not_read(desk: Desk) -> None:
    mine = desk.read(table([person(40, 学历="?"), person(41, 学历="?"), person(42, 学历="?")]))
    foreign = desk.read(table([person(43, 学历="?")]))
    key = desk.errors(foreign).worksheets[0].cell(2, len(HEADS) + 2).value
    book = desk.errors(mine)
    sheet = book.worksheets[0]
    place = column(sheet, ROW_KEY)
    for row in (2, 3, 4):
        sheet.cell(row, column(sheet, "学历")).value = "大专"
    sheet.cell(2, place).value = key
    sheet.cell(3, place).value = sheet.cell(4, place).value.replace("4.", "3.", 1)
    send(desk, mine, book)
    assert desk.states(mine) == {2: RowState.BAD, 3: RowState.BAD, 4: RowState.GOOD}
    assert "第2、3行的行标识不是本批次的" in desk.notes(mine)


@pytest.mark.row(42)
def test_a_row_that_comes_back_twice_is_taken_once(desk: Desk) -> None:
    session_id = desk.read(table([person(50, 学历="?")]))
    book = desk.errors(session_id)
    sheet = book.worksheets[0]
    sheet.append([cell.value for cell in sheet[2]])
    sheet.cell(2, column(sheet, "学历")).value = "大专"
    sheet.cell(3, column(sheet, "学历")).value = "博士"
    send(desk, session_id, book)
    assert desk.cell(session_id, 2, "学历") == "大专"
    assert "第3行的行标识重复" in desk.notes(session_id)


@pytest.mark.row(42)
def test_a_workbook_that_is_not_the_error_workbook_is_told_what_to_upload(desk: Desk) -> None:
    session_id = desk.read(table([person(60, 学历="?")]))
    desk.do(upload_corrections, UploadCorrections(session_id, table([person(60)])))
    desk.work()
    assert "请上传从本批次下载的错误表" in desk.notes(session_id)
    assert desk.states(session_id) == {2: RowState.BAD}


@pytest.mark.row(42)
def test_a_row_committed_meanwhile_is_not_changed(desk: Desk) -> None:
    session_id = desk.read(table([person(70, 学历="?"), person(71, 岗位="?")]))
    book = desk.errors(session_id)
    desk.fix(session_id, 2, 学历="大专")
    desk.commit(session_id)
    sheet = book.worksheets[0]
    sheet.cell(2, column(sheet, "学历")).value = "博士"
    send(desk, session_id, book)
    assert desk.states(session_id)[2] is RowState.COMMITTED
    assert desk.cell(session_id, 2, "学历") == "大专"
    assert "原表第2行已提交" in desk.notes(session_id)


def test_our_own_guard_takes_the_error_workbook(desk: Desk) -> None:
    session_id = desk.read(table([person(80, 学历="?")]))
    marks, _ = guard_workbook(saved(desk.errors(session_id)))
    assert marks.rows == 2


@pytest.mark.row(42)
@pytest.mark.parametrize("count", [300, pytest.param(1_500, marks=pytest.mark.soak)])
def test_a_workbook_of_many_errors_is_light_and_comes_back(desk: Desk, count: int) -> None:
    rows = [person(100 + n, 学历="?", 岗位="?") for n in range(count)]
    session_id = desk.read(table(rows))
    book = desk.errors(session_id)
    sheet = book.worksheets[0]
    commented = sum(cell.comment is not None for line in sheet.iter_rows() for cell in line)
    assert (sheet.max_row, commented) == (count + 1, 500)
    degree, post = column(sheet, "学历"), column(sheet, "岗位")
    for row in range(2, count + 2):
        sheet.cell(row, degree).value = "大专"
        sheet.cell(row, post).value = "店长"
    send(desk, session_id, book)
    assert set(desk.states(session_id).values()) == {RowState.GOOD}
