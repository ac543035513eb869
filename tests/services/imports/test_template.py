"""The template: drop-downs, hints, text and date cells, a page that explains; filled in, it is read without a finding (row 42)."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from models.practitioner_codes import RowState
from services.imports.listings import template
from services.practitioners.import_columns import DEGREES, ID_TYPES
from services.practitioners.orders import POSTS
from tests.people_made import HEADS, person
from tests.services.imports.desk import KIND, Desk, saved


def opened(desk: Desk) -> Any:
    return openpyxl.load_workbook(BytesIO(desk.ask(template, KIND)))


def rules(sheet: Any) -> dict[str, Any]:
    return {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in sheet.data_validations.dataValidation}


@pytest.mark.row(42)
def test_every_column_says_what_it_wants(desk: Desk) -> None:
    sheet, explained = opened(desk).worksheets
    assert tuple(cell.value for cell in sheet[1]) == HEADS
    found = rules(sheet)
    assert len(found) == len(HEADS)
    assert all(rule.prompt and rule.showInputMessage for rule in found.values())
    assert found["B"].formula1 == f'"{",".join(ID_TYPES)}"'
    assert found["E"].formula1 == f'"{",".join(POSTS)}"'
    assert found["F"].formula1 == f'"{",".join(DEGREES)}"'
    assert sheet.column_dimensions["C"].number_format == "@"
    assert sheet.column_dimensions["G"].number_format == "yyyy-mm-dd"
    assert found["G"].type == "date"
    told = {line[1].value: line[2].value for line in explained.iter_rows(min_row=2) if line[1].value in HEADS}
    assert set(told) == set(HEADS)
    assert told["姓名"] == "是"
    assert told["备注"] == "否"


@pytest.mark.row(42)
def test_a_template_filled_in_is_read_without_a_finding(desk: Desk) -> None:
    book = opened(desk)
    for number in (1, 2):
        book.worksheets[0].append([person(number)[head] for head in HEADS])
    session_id = desk.read(saved(book))
    assert desk.states(session_id) == {2: RowState.GOOD, 3: RowState.GOOD}
    assert desk.codes(session_id) == {2: [], 3: []}
    assert desk.notes(session_id) == ""
