"""A workbook's rows under its heads: values as a person sees them, and what is wrong with each row (decision 34)."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from services.files.file_refusals import FileRefused
from services.files.workbook_tables import table_rows
from tests.files_made import rezipped, xlsx

HEADS = ("账单编号", "金额", "日期")


def code(content: bytes, rows: int = 10) -> str:
    with pytest.raises(FileRefused) as refused:
        table_rows(content, HEADS, rows=rows)
    return refused.value.code


def drawn(change: Callable[[Any], None], *lines: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    whole_sheet: list[Any] = [HEADS, *lines]
    for line in whole_sheet:
        sheet.append(line)
    change(book)
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def test_values_come_as_plain_text() -> None:
    lines = (
        ("B1", 1234.5, date(2026, 3, 1)),
        (20, 0.1, datetime.combine(date(2026, 3, 1), time(9, 30))),
        (" B3 ", "1,000.00", "2026年3月"),
    )
    rows = table_rows(xlsx((HEADS, *lines)), HEADS, rows=10)
    assert [tuple(row.values.values()) for row in rows] == [
        ("B1", "1234.5", "2026-03-01"),
        ("20", "0.1", "2026-03-01 09:30:00"),
        ("B3", "1,000.00", "2026年3月"),
    ]


def test_a_carriage_return_spelt_out_is_a_line_end() -> None:
    lines = (("甲_x000D_\n乙", "丙_x000D_", "_x005F_x000D_丁"), ("一\r\n二\r", "三\n\n", "_x000E"))
    rows = table_rows(xlsx((HEADS, *lines)), HEADS, rows=10)
    assert [tuple(row.values.values()) for row in rows] == [("甲\n乙", "丙", "丁"), ("一\n二", "三", "_x000E")]


def test_rows_keep_the_number_a_spreadsheet_shows_and_empty_ones_are_left_out() -> None:
    rows = table_rows(xlsx((HEADS, ("B1", 1, ""), (None, None, None), ("B2", 2, ""))), HEADS, rows=10)
    assert [row.number for row in rows] == [2, 4]


def test_heads_may_stand_in_any_order_and_an_optional_one_may_be_missing() -> None:
    (row,) = table_rows(xlsx((("金额", "账单编号"), (3, "B1"))), HEADS, rows=10, optional=("日期",))
    assert row.values == {"账单编号": "B1", "金额": "3"}


def test_a_formula_with_its_result_is_read_with_a_note_and_one_without_is_a_fault() -> None:
    made = drawn(lambda book: None, ("B1", "=1+1", "2026-03-01"))
    (row,) = table_rows(made, HEADS, rows=10)
    assert row.faults == ("“金额”是没有结果的公式，请改为数值",)
    part = "xl/worksheets/sheet1.xml"
    with_result = rezipped(made, {part: _part(made, part).replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")})
    (row,) = table_rows(with_result, HEADS, rows=10)
    assert (row.values["金额"], row.faults) == ("2", ())
    assert row.notes == ("“金额”是公式，已按显示的结果读取",)


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        whole = archive.read(name)
    return whole.replace(b"<v />", b"<v></v>").replace(b"<v/>", b"<v></v>")


def test_a_number_too_long_for_a_spreadsheet_is_a_fault() -> None:
    (row,) = table_rows(xlsx((HEADS, (12345678901234567, 1, ""))), HEADS, rows=10)
    assert row.faults == ("“账单编号”的数字超过15位，请把单元格设为文本后重新填写",)


def test_hidden_columns_and_rows_are_read_and_told() -> None:
    def hide(book: Any) -> None:
        book.worksheets[0].column_dimensions["B"].hidden = True
        book.worksheets[0].row_dimensions[2].hidden = True

    (row,) = table_rows(drawn(hide, ("B1", 5, "")), HEADS, rows=10)
    assert row.notes == ("“金额”所在的列是隐藏的，已读取", "这一行是隐藏的，已读取")


def test_the_first_visible_sheet_is_read() -> None:
    def hide(book: Any) -> None:
        shown = book.create_sheet("账单")
        shown.append(HEADS)
        shown.append(("B9", 9, ""))
        book.worksheets[0].sheet_state = "hidden"
        book.active = 1

    (row,) = table_rows(drawn(hide, ("B1", 1, "")), HEADS, rows=10)
    assert row.values["账单编号"] == "B9"


def test_merged_data_is_refused_and_a_merged_head_is_not() -> None:
    assert (
        code(drawn(lambda book: book.worksheets[0].merge_cells("A2:A3"), ("B1", 1, ""), ("", 2, ""))) == "XLSX-MERGED"
    )
    (row,) = table_rows(drawn(lambda book: book.worksheets[0].merge_cells("D1:E1"), ("B1", 1, "")), HEADS, rows=10)
    assert row.values["账单编号"] == "B1"


@pytest.mark.parametrize(
    "heads",
    [("账单编号", "金额"), ("账单编号", "金额", "日期", "日期"), ("账单编号", "金额", "日期", "密码")],
    ids=["missing", "twice", "strange"],
)
def test_other_heads_than_the_templates_are_refused(heads: tuple[str, ...]) -> None:
    assert code(xlsx((heads, ("B1", 1)))) == "XLSX-HEAD"


def test_more_rows_than_allowed_are_refused() -> None:
    lines = [(f"B{number}", 1, "") for number in range(11)]
    assert len(table_rows(xlsx((HEADS, *lines[:10])), HEADS, rows=10)) == 10
    assert code(xlsx((HEADS, *lines))) == "XLSX-ROWS"


def test_a_file_that_is_no_workbook_is_refused() -> None:
    assert code(b"not a workbook") == "XLSX-KIND"
    assert code(xlsx(())) == "XLSX-HEAD"
