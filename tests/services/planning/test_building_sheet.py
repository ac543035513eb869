"""The planners' workbook of planned buildings: judged cell by cell by the command and by the form's import (row 65)."""

import csv
import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from services.engine.thresholds import Thresholds
from services.files.file_refusals import FileRefused
from services.imports.sheets import Verdict
from services.imports.table_reader import Table, read_table
from services.planning.building_sheet import SHEET, checks_of
from tests.commands import run_main

pytestmark = pytest.mark.row(65)

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "projects" / "planned_buildings"
PERMIT = "建字第3101152026GG0012301号"
HEADS = ("序号", *(column.label for column in SHEET.columns))
SOUND = (PERMIT, "测试雅苑", "1#", "住宅楼", "住宅", "钢筋混凝土剪力墙", 18, 1, 54.9, 518.4, 9331.2, 518.4, 9849.6, 72)


def sound(number: str, **change: Any) -> list[Any]:
    """A row of a building that breaks no rule; changes by the column's name."""
    row = dict(zip((column.name for column in SHEET.columns), SOUND, strict=True)) | {"building_no": number} | change
    return [1, *row.values()]


def book(*rows: list[Any], title: str = "", merged: tuple[str, ...] = ()) -> bytes:
    whole = Workbook()
    sheet = whole.active
    assert sheet is not None
    for row in ([[title]] if title else []) + [list(HEADS)] + list(rows):
        sheet.append(row)
    for span in merged:
        sheet.merge_cells(span)
    out = BytesIO()
    whole.save(out)
    return out.getvalue()


def judged(content: bytes) -> Table:
    return read_table(SHEET, checks_of(Thresholds(date(2026, 6, 1))), content)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"gfa_total": 9949.6}, "SUM_MISMATCH"),
        ({"height_m": 549}, "HEIGHT_STOREYS"),
        ({"gfa_below": -518.4}, "NEGATIVE"),
        ({"floors_above": -1}, "NEGATIVE"),
        ({"sets": -1}, "NEGATIVE"),
        ({"floors_above": "17+1"}, "STOREYS_AMBIGUOUS"),
        ({"floors_above": 17.5}, "STOREYS_INTEGER"),
        ({"floors_above": 0, "height_m": None}, "STOREYS_RANGE"),
        ({"floors_above": date(2026, 1, 18)}, "CELL_TYPE"),
        ({"floors_above": "2026-01-18"}, "NUMBER_INVALID"),
        ({"building_no": None}, "REQUIRED_MISSING"),
        ({"use": "别墅式办公"}, "USE_UNKNOWN"),
        ({"structure": "砖木竹"}, "STRUCTURE_UNKNOWN"),
        ({"permit_no": "沪建2025-12301"}, "PERMIT_FORMAT"),
        ({"gfa_above": 0.93312, "gfa_total": 9849.6}, "DECIMALS"),
        ({"gfa_above": 0.9331}, "UNIT_SUSPECT"),
        ({"footprint_area": 9999}, "FOOTPRINT_GT_FLOOR"),
        ({"footprint_area": "约518"}, "NUMBER_INVALID"),
        ({"gfa_total": "=9331.2+518.4"}, "FORMULA_NO_VALUE"),
    ],
)
def test_what_refuses_a_row(change: dict[str, Any], code: str) -> None:
    number = change.pop("building_no", "1#")
    (row,) = judged(book(sound(number, **change))).rows
    assert (row.verdict, code in {one.code for one in row.findings}) == (Verdict.REJECT, True)


@pytest.mark.parametrize(
    ("column", "typed", "value"),
    [
        ("building_no", "１＃", "1#"),
        ("building_no", "1号楼", "1#"),
        ("building_no", "12A", "12A#"),
        ("use", " 居住 ", "住宅"),
        ("gfa_above", "9,331.20", "9331.20"),
        ("gfa_total", "9849.60㎡", "9849.60"),
        ("footprint_area", "５１８．４", "518.40"),
        ("floors_above", "18层", "18"),
    ],
)
def test_what_is_repaired(column: str, typed: str, value: str) -> None:
    row = sound("1#") if column == "building_no" else sound("1#", **{column: typed})
    if column == "building_no":
        row = sound(typed)
    (found,) = judged(book(row)).rows
    label = next(one.label for one in SHEET.columns if one.name == column)
    assert (found.verdict, found.values[label]) == (Verdict.IMPORT, value)


def test_a_number_counts_once_however_it_is_written() -> None:
    table = judged(book(sound("1#"), sound("１＃"), sound("2#")))
    assert [row.verdict for row in table.rows] == [Verdict.IMPORT, Verdict.REJECT, Verdict.IMPORT]


def test_a_project_name_over_rows_is_each_rows_and_any_other_merged_cell_refuses_its_rows() -> None:
    rows = [sound(f"{one}#", project_name="测试雅苑" if one == 1 else None) for one in range(1, 5)]
    table = judged(book(*rows, merged=("C2:C4", "G4:G5")))
    assert [row.values["项目名称"] for row in table.rows] == ["测试雅苑", "测试雅苑", "测试雅苑", ""]
    assert [row.verdict for row in table.rows] == [Verdict.IMPORT, Verdict.IMPORT, Verdict.REJECT, Verdict.REJECT]
    assert ("MERGED_DATA", "G4:G5") in {(one.code, one.where) for one in table.findings}


def test_a_row_of_another_permit_than_the_title_names_is_refused() -> None:
    other = sound("2#", permit_no="建字第3101152026GG0099999号")
    table = judged(book(sound("1#"), other, title=f"规划建筑物信息表 许可证号:{PERMIT}"))
    assert [[one.code for one in row.findings] for row in table.rows] == [[], ["PERMIT_MISMATCH"]]
    assert table.findings[0].code == "TITLE_ROW"


@pytest.mark.parametrize("count", [0, 501])
def test_too_few_and_too_many_rows_refuse_the_file(count: int) -> None:
    with pytest.raises(FileRefused):
        judged(book(*(sound(f"{one}#") for one in range(1, count + 1))))


def test_five_hundred_rows_are_read() -> None:
    assert len(judged(book(*(sound(f"{one}#") for one in range(1, 501)))).rows) == 500


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"not,a,table\n1,2,3\n", b"PK\x03\x04broken"])
def test_a_file_of_another_kind_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        judged(content)


def test_a_csv_under_another_name_is_read_as_what_it_is() -> None:
    lines = [",".join(HEADS), ",".join(str(cell) for cell in sound("1#"))]
    assert [row.verdict for row in judged("\n".join(lines).encode()).rows] == [Verdict.IMPORT]


def _run(folder: Path, file: Path) -> list[dict[str, Any]]:
    ended = run_main(folder, "import", "planned-buildings", str(file), "--dry-run", "--json", "--standalone")
    assert ended.code == 0, ended.err
    return [json.loads(line) for line in ended.out.splitlines()]


def test_the_command_names_the_files_findings_before_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "buildings.xlsx"
    file.write_bytes(book(sound("1号楼"), sound("2#", sets=-1), title="规划建筑物信息表"))
    told = _run(tmp_path, file)
    assert [one["code"] for one in told if "sheet_row" not in one] == ["TITLE_ROW", "ROW_COUNT"]
    rows = [one for one in told if "sheet_row" in one]
    assert told[-2:] == rows
    assert [(one["sheet_row"], one["verdict"]) for one in rows] == [(3, "import"), (4, "reject")]
    assert (rows[0]["repaired"], rows[1]["codes"]) == ({"幢号": "1#"}, ["NEGATIVE"])


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
def test_every_row_of_the_shared_workbooks_agrees(tmp_path: Path) -> None:
    assert {one.get("verdict", "import") for one in _run(tmp_path, SHARED / "planned_buildings_40.xlsx")} == {"import"}
    rows = {str(one.get("sheet_row")): one for one in _run(tmp_path, SHARED / "planned_buildings_dirty.xlsx")}
    with (SHARED / "planned_buildings_dirty_rows.csv").open(encoding="utf-8-sig", newline="") as lines:
        expected = {one["sheet_row"]: one for one in csv.DictReader(lines)}
    assert {number: rows[number]["verdict"] for number in expected} == {
        number: one["expected_result"] for number, one in expected.items()
    }
    for number, one in expected.items():
        assert set(one["codes"].split(";")) - {""} <= set(rows[number]["codes"])
    with (SHARED / "planned_buildings_dirty_findings.csv").open(encoding="utf-8-sig", newline="") as lines:
        repairs = [one for one in csv.DictReader(lines) if one["severity"] != "E" and one["expected_value"]]
    assert len(repairs) > 7
    for one in repairs:
        assert rows[one["sheet_row"]]["repaired"][one["column"]] == one["expected_value"], one
