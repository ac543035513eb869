"""Workbooks of one list: what a version holds, and what a form takes from a file."""

from typing import Any
from uuid import UUID

import pytest

from services.engine.cycle_orders import Begun
from services.engine.findings import Severity
from services.engine.refusals import NotFound
from services.records.list_sheets import LinesRead, ListSheet, ReadLines, list_sheet, read_lines
from tests.services.records.desk import MAKER, RIVAL, Desk, read_back, workbook

HEADS = ("楼号", "位置", "建筑面积（㎡）", "层数", "封顶日期", "负责人")


def draft(desk: Desk, *lines: dict[str, Any]) -> Begun:
    begun = desk.begun()
    desk.saved(begun, {"name": "有楼的小区", "ring": "INNER"}, {"houses": lines})
    return begun


def lines(desk: Desk, revision_id: UUID) -> list[dict[str, Any]]:
    return [dict(line) for line in desk.view(revision_id).children["houses"]]


@pytest.mark.row(51)
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
    content = desk.ask(list_sheet, ListSheet(begun.revision_id, "houses"))
    assert "王二小" not in str(read_back(content))
    assert read_back(content)[0] == list(HEADS)
    order = ReadLines("made_estate", "houses", content, begun.revision_id)
    assert list(desk.ask(read_lines, order).lines) == lines(desk, begun.revision_id) == whole
    with pytest.raises(NotFound):
        desk.ask(list_sheet, ListSheet(begun.revision_id, "houses"), RIVAL)


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
