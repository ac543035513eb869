"""Whose file is this: each mark alone is enough, sorting and cutting leaves it readable, and a forged line is not believed."""

import csv
import random
from io import BytesIO, StringIO

import pytest
from openpyxl import Workbook, load_workbook

from services.engine.sheets import write_csv, write_xlsx
from services.privacy.fingerprint import PROPERTY, marked_rows, new_mark, whose_export

COLUMNS = ("备案编号", "坐落", "承租人", "起", "状态")
ROWS = [(f"BA3101152703010{n:05d}", f"浦东新区牡丹路{n}号", "王**", "2027-03-01", "有效") for n in range(60)]
KNOWN = [(f"DC{n:019d}", new_mark()) for n in range(1, 200)]
NUMBER, MARK = KNOWN[77]
LINE = [f"导出人 李敏 申请号 {NUMBER} 不得外传", "", "", "", ""]


def workbook() -> bytes:
    return write_xlsx("备案记录", COLUMNS, [*marked_rows(ROWS, MARK), LINE], marks={PROPERTY: MARK})


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def as_csv(lines: list[list[str]]) -> bytes:
    return write_csv(lines[0], lines[1:])


MARKED = write_csv(COLUMNS, [*marked_rows(ROWS, MARK), LINE])


@pytest.mark.proves("H23")
def test_every_mark_of_a_whole_file_agrees() -> None:
    traced = whose_export(workbook(), KNOWN)
    assert traced is not None
    assert (traced.request_no, set(traced.found_by)) == (NUMBER, {"文件属性", "文字间隔", "末行说明"})


def test_the_property_alone_is_enough() -> None:
    book = load_workbook(BytesIO(workbook()))
    sheet = book.active
    assert sheet is not None
    sheet.delete_rows(2, 100)
    saved = BytesIO()
    book.save(saved)
    traced = whose_export(saved.getvalue(), KNOWN)
    assert traced is not None
    assert (traced.request_no, traced.found_by) == (NUMBER, ("文件属性",))


def test_the_blanks_alone_are_enough_and_survive_sorting_and_cutting() -> None:
    head, *body = lines_of(MARKED)[:-1]
    random.Random(3).shuffle(body)
    traced = whose_export(as_csv([head, *body[:25]]), KNOWN)
    assert traced is not None
    assert (traced.request_no, traced.found_by) == (NUMBER, ("文字间隔",))


def test_the_blanks_survive_being_copied_into_another_workbook() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines_of(MARKED)[:-1]:
        sheet.append(line)
    saved = BytesIO()
    book.save(saved)
    traced = whose_export(saved.getvalue(), KNOWN)
    assert traced is not None
    assert traced.request_no == NUMBER


def test_a_forged_line_does_not_put_it_on_another() -> None:
    lines = lines_of(MARKED)
    lines[-1][0] = lines[-1][0].replace(NUMBER, KNOWN[5][0])
    traced = whose_export(as_csv(lines), KNOWN)
    assert traced is not None
    assert (traced.request_no, traced.found_by) == (NUMBER, ("文字间隔",))


def test_without_blanks_and_property_the_line_still_tells() -> None:
    lines = [[cell.rstrip() for cell in line] for line in lines_of(MARKED)]
    traced = whose_export(as_csv(lines), KNOWN)
    assert traced is not None
    assert (traced.request_no, traced.found_by) == (NUMBER, ("末行说明",))


def test_what_has_no_mark_left_is_nobodys() -> None:
    lines = [[cell.rstrip() for cell in line] for line in lines_of(MARKED)[:-1]]
    assert whose_export(as_csv(lines), KNOWN) is None


def test_a_few_rows_are_not_enough_to_accuse_anybody() -> None:
    assert whose_export(as_csv(lines_of(MARKED)[:3]), KNOWN) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\xff\xfe\x00", b"\x00" * 100])
def test_what_is_no_list_is_nobodys(content: bytes) -> None:
    assert whose_export(content, KNOWN) is None


def test_two_exports_of_the_same_rows_differ() -> None:
    first, second = (write_csv(COLUMNS, marked_rows(ROWS, mark)) for _, mark in KNOWN[:2])
    assert first != second
    assert [[c.rstrip() for c in line] for line in lines_of(first)] == [
        [c.rstrip() for c in line] for line in lines_of(second)
    ]
