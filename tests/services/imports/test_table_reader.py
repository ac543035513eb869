"""A table's rows under its heads: values as a person sees them, and what is wrong with each row (decision 34)."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from services.files.file_refusals import FileRefused
from services.imports.sheets import Checks, ImportedRow, Sheet, SheetColumn, as_it_stands
from services.imports.table_reader import Table, read_table
from tests.files_made import rezipped, xlsx

HEADS = ("账单编号", "金额", "日期")
SHEET = Sheet("账单", [SheetColumn(head, as_it_stands, required=head != "日期") for head in HEADS], most_rows=10)


def read(content: bytes) -> Table:
    return read_table(SHEET, Checks(), content)


def rows(content: bytes) -> list[ImportedRow]:
    return read(content).rows


def codes(row: ImportedRow) -> list[tuple[str, str]]:
    return [(one.column, one.code) for one in row.findings]


def code(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read(content)
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
    found = rows(xlsx((HEADS, *lines)))
    assert [tuple(row.values.values()) for row in found] == [
        ("B1", "1234.5", "2026-03-01"),
        ("20", "0.1", "2026-03-01 09:30:00"),
        ("B3", "1,000.00", "2026年3月"),
    ]


def test_a_carriage_return_spelt_out_is_a_line_end() -> None:
    lines = (("甲_x000D_\n乙", "丙_x000D_", "_x005F_x000D_丁"), ("一\r\n二\r", "三\n\n", "_x000E"))
    found = rows(xlsx((HEADS, *lines)))
    assert [tuple(row.values.values()) for row in found] == [("甲\n乙", "丙", "丁"), ("一\n二", "三", "_x000E")]


def test_rows_keep_the_number_a_spreadsheet_shows_and_empty_ones_are_left_out() -> None:
    found = rows(xlsx((HEADS, ("B1", 1, ""), (None, None, None), ("B2", 2, ""))))
    assert [row.sheet_row for row in found] == [2, 4]


def test_heads_may_stand_in_any_order_and_an_optional_one_may_be_missing() -> None:
    (row,) = rows(xlsx((("金额", "账单编号"), (3, "B1"))))
    assert row.values == {"账单编号": "B1", "金额": "3", "日期": ""}


def test_a_formula_with_its_result_is_read_with_a_note_and_one_without_is_a_fault() -> None:
    made = drawn(lambda book: None, ("B1", "=1+1", "2026-03-01"))
    (row,) = rows(made)
    assert codes(row) == [("金额", "FORMULA_NO_VALUE")]
    part = "xl/worksheets/sheet1.xml"
    with_result = rezipped(made, {part: _part(made, part).replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")})
    (row,) = rows(with_result)
    assert (row.values["金额"], codes(row)) == ("2", [("金额", "FORMULA_VALUE")])


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        whole = archive.read(name)
    return whole.replace(b"<v />", b"<v></v>").replace(b"<v/>", b"<v></v>")


def test_a_number_too_long_for_a_spreadsheet_is_a_fault() -> None:
    (row,) = rows(xlsx((HEADS, (12345678901234567, 1, ""))))
    assert codes(row) == [("账单编号", "NUMERIC_PRECISION")]


def test_hidden_columns_and_rows_are_read_and_told() -> None:
    def hide(book: Any) -> None:
        book.worksheets[0].column_dimensions["B"].hidden = True
        book.worksheets[0].row_dimensions[2].hidden = True

    table = read(drawn(hide, ("B1", 5, "")))
    assert table.rows[0].values["金额"] == "5"
    assert table.notes == ["“金额”所在的列是隐藏的，已读取", "第2行是隐藏的，已读取"]


def test_the_first_visible_sheet_is_read() -> None:
    def hide(book: Any) -> None:
        shown = book.create_sheet("账单")
        shown.append(HEADS)
        shown.append(("B9", 9, ""))
        book.worksheets[0].sheet_state = "hidden"
        book.active = 1

    (row,) = rows(drawn(hide, ("B1", 1, "")))
    assert row.values["账单编号"] == "B9"


def test_merged_data_is_refused_and_a_merged_head_is_not() -> None:
    assert (
        code(drawn(lambda book: book.worksheets[0].merge_cells("A2:A3"), ("B1", 1, ""), ("", 2, ""))) == "XLSX-MERGED"
    )
    (row,) = rows(drawn(lambda book: book.worksheets[0].merge_cells("D1:E1"), ("B1", 1, "")))
    assert row.values["账单编号"] == "B1"


@pytest.mark.parametrize(
    "heads",
    [("账单编号", "日期"), ("账单编号", "金额", "日期", "日期")],
    ids=["missing", "twice"],
)
def test_other_heads_than_the_templates_are_refused(heads: tuple[str, ...]) -> None:
    assert code(xlsx((heads, ("B1", 1)))) == "IMPORT-HEAD"


def test_more_rows_than_allowed_are_refused() -> None:
    lines = [(f"B{number}", 1, "") for number in range(11)]
    assert len(rows(xlsx((HEADS, *lines[:10])))) == 10
    assert code(xlsx((HEADS, *lines))) == "IMPORT-ROWS"


def test_a_file_that_is_no_workbook_is_refused() -> None:
    assert code(b"PK\x03\x04not a workbook") == "ZIP-BROKEN"
    assert code(xlsx(())) == "IMPORT-EMPTY"
