"""Rooms of a workbook: what is repaired, refused, and told of the file as a whole (row 33)."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.files.file_refusals import FileRefused
from services.imports.sheets import ImportedRow
from services.imports.table_reader import Table, read_table
from services.rooms.import_columns import SHEET, checks_of
from services.rooms.registry import FromFiles
from tests.rooms_made import FIRM, SHARED, TODAY, book, registry, room


def read(*rooms: dict[str, Any], library: bool = True, merged: str = "") -> Table:
    return read_table(SHEET, checks_of(registry(library=library), TODAY, FIRM), book(*rooms, merged=merged))


def one(**changed: Any) -> ImportedRow:
    (row,) = read(room(**changed)).rows
    return row


def codes(row: ImportedRow) -> list[str]:
    return [found.code for found in row.findings]


@pytest.mark.row(33)
@pytest.mark.parametrize(
    ("column", "cell", "code", "value"),
    [
        ("房号", "0301", "ROOM_LEADING_ZERO", "0301"),
        ("房号", " 1203室", "ROOM_FORMAT", "1203"),
        ("房号", "１２０３", "ROOM_FORMAT", "1203"),
        ("房号", 1203, "ROOM_NUMERIC", "1203"),
        ("楼栋", "1幢", "BUILDING_FORMAT", "1号楼"),
        ("楼层", "第12层", "FLOOR_FORMAT", "12"),
        ("户型", "一室一厅一卫", "ENUM_SYNONYM", "1室1厅1卫"),
        ("建筑面积", "45.5㎡", "AREA_FORMAT", "45.50"),
        ("使用面积", "33.2", "AREA_FORMAT", "33.20"),
        ("最多居住人数", "2人", "PERSONS_FORMAT", "2"),
        ("月租金", "￥3,600元/月", "RENT_FORMAT", "3600.00"),
        ("房态", "空房", "ENUM_SYNONYM", "空置"),
        ("是否纳管", "√", "ENUM_SYNONYM", "是"),
        ("项目编号", "jz001", "PROJECT_FORMAT", "JZ001"),
        ("权属文件编号", "tf－001-1", "TITLE_FORMAT", "TF-001-1"),
        ("备注", "=1+1", "REMARK_TEXT", "=1+1"),
    ],
)
def test_a_cell_is_repaired_without_loss(column: str, cell: Any, code: str, value: str) -> None:
    row = one(**{"楼层": 3 if cell == "0301" else 12, column: cell})
    assert (codes(row), row.verdict.value, row.values[column]) == ([code], "import", value)


@pytest.mark.row(33)
@pytest.mark.parametrize(
    ("changed", "column", "code"),
    [
        ({"是否纳管": None}, "是否纳管", "MANAGED_BLANK"),
        ({"是否纳管": "/"}, "是否纳管", "MANAGED_BLANK"),
        ({"是否纳管": "待定"}, "是否纳管", "MANAGED_VALUE"),
        ({"项目编号": "JZ005", "权属文件编号": "TF-005-1"}, "是否纳管", "MANAGED_PAPER"),
        ({"权属文件编号": None}, "权属文件编号", "REQUIRED_MISSING"),
        ({"权属文件编号": "TF-001-3"}, "权属文件编号", "TITLE_EXPIRED"),
        ({"权属文件编号": "TF-001-9"}, "权属文件编号", "TITLE_NOT_FOUND"),
        ({"权属文件编号": "TF-002-1"}, "权属文件编号", "TITLE_OTHER_PROJECT"),
        ({"建筑面积": -45.5}, "建筑面积", "AREA_NOT_POSITIVE"),
        ({"使用面积": 0}, "使用面积", "AREA_NOT_POSITIVE"),
        ({"使用面积": 0.6}, "使用面积", "AREA_RANGE"),
        ({"使用面积": 50}, "使用面积", "AREA_ORDER"),
        ({"建筑面积": "约45"}, "建筑面积", "AREA_INVALID"),
        ({"建筑面积": "45,5"}, "建筑面积", "AREA_INVALID"),
        ({"楼栋": "8号楼", "楼层": 13, "房号": "1303"}, "楼层", "FLOOR_OVER"),
        ({"楼层": "B1"}, "楼层", "FLOOR_INVALID"),
        ({"楼栋": "综合楼"}, "楼栋", "BUILDING_NOT_FOUND"),
        ({"房号": "1201-1205"}, "房号", "ROOM_SEVERAL"),
        ({"房号": date(2026, 3, 1)}, "房号", "ROOM_DATE"),
        ({"房号": "1.2E+03"}, "房号", "ROOM_INVALID"),
        ({"房号": "无"}, "房号", "REQUIRED_MISSING"),
        ({"项目编号": "JZ099"}, "项目编号", "PROJECT_NOT_FOUND"),
        ({"项目编号": "JZ007", "权属文件编号": "TF-007-1"}, "项目编号", "PROJECT_CLOSED"),
        ({"项目编号": "JZ008", "权属文件编号": "TF-008-1"}, "项目编号", "PROJECT_OTHER_FIRM"),
        ({"户型": "LOFT"}, "户型", "LAYOUT_UNKNOWN"),
        ({"最多居住人数": 3}, "最多居住人数", "PERSONS_OVER"),
        ({"使用面积": 9.99}, "最多居住人数", "PERSONS_AREA"),
        ({"最多居住人数": 1.5}, "最多居住人数", "PERSONS_INVALID"),
        ({"床位数": 2}, "床位数", "BED_NOT_ALLOWED"),
        ({"项目编号": "JZ004", "权属文件编号": "TF-004-1"}, "床位数", "BED_MISSING"),
        ({"月租金": "面议"}, "月租金", "RENT_INVALID"),
        ({"房态": "NULL"}, "房态", "STATE_UNKNOWN"),
        ({"房号": "=D4&A1"}, "房号", "FORMULA_NO_VALUE"),
        ({"楼栋": True}, "楼栋", "CELL_ERROR"),
        ({"楼栋": "9号楼", "楼层": 2, "房号": "202"}, "房号", "ALREADY_IN_LIBRARY"),
    ],
)
def test_a_row_is_refused_at_its_column(changed: dict[str, Any], column: str, code: str) -> None:
    row = one(**changed)
    assert [(found.column, found.code) for found in row.findings] == [(column, code)]
    assert row.verdict.value == "reject"


@pytest.mark.row(33)
@pytest.mark.parametrize(
    "changed",
    [
        {"使用面积": 10.0},
        {"权属文件编号": "TF-001-2"},
        {"楼栋": "9号楼", "楼层": 2, "房号": "201"},
        {"房态": None},
        {"项目编号": "JZ004", "权属文件编号": "TF-004-1", "床位数": 4, "最多居住人数": 4, "使用面积": 40},
    ],
    ids=["exactly 5 m2 a person", "last day of the title", "cancelled number", "no state", "builders' home by bed"],
)
def test_a_room_at_the_edge_is_taken(changed: dict[str, Any]) -> None:
    assert codes(one(**changed)) == []


@pytest.mark.row(33)
def test_a_short_number_cell_and_another_floor_are_told() -> None:
    short, other = one(房号=301, 楼层=3), one(房号="1203", 楼层=10)
    assert (codes(short), short.verdict.value) == (["ROOM_NUMERIC_SHORT"], "import_with_warning")
    assert (codes(other), other.verdict.value) == (["FLOOR_ROOM"], "import_with_warning")


@pytest.mark.row(33)
def test_of_the_same_room_twice_the_first_counts_or_neither() -> None:
    table = read(
        room("1203"), room("1203室"), room("1204"), room("1204", 建筑面积=52), room("0412", 楼层=4), room("412", 楼层=4)
    )
    assert [[code for code in codes(row) if code.startswith("DUP")] for row in table.rows] == [
        [],
        ["DUP_IN_FILE"],
        ["DUP_CONFLICT"],
        ["DUP_CONFLICT"],
        [],
        [],
    ]


@pytest.mark.row(33)
def test_merged_cells_refuse_the_rows_they_touch_and_no_other() -> None:
    table = read(room("1201"), room("1202"), room("1203"), merged="B2:B3")
    assert [codes(row) for row in table.rows] == [["MERGED_CELL"], ["MERGED_CELL"], []]


@pytest.mark.row(33)
def test_area_and_residents_of_a_project_are_compared_as_a_whole() -> None:
    small = {"项目编号": "JZ006", "权属文件编号": "TF-006-1"}
    three = [room(f"120{n}", **small, **{"建筑面积": 40}) for n in range(1, 4)]
    assert read(*three).findings == []
    eight = [room(f"12{n:02d}", **small) for n in range(1, 9)]
    assert [(found.code, found.where) for found in read(*eight).findings] == [
        ("Z09", "project JZ006"),
        ("Z10", "project JZ006"),
    ]


# The shared sets, where they are


def lines(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shared(folder: Path, name: str, *, library: bool) -> Table:
    tables = ["projects", "buildings", "titles", *(["library"] if library else [])]
    answers = FromFiles(*((folder / f"central_{one}.csv").read_bytes() for one in tables))
    return read_table(SHEET, checks_of(answers, TODAY, answers.firm), (folder / name).read_bytes())


@pytest.mark.row(33)
@pytest.mark.skipif(not SHARED.exists(), reason="the shared sets are not here")
@pytest.mark.parametrize("library", [True, False])
def test_every_row_of_the_shared_dirty_set_agrees(library: bool) -> None:
    rows = {str(row.sheet_row): row for row in shared(SHARED, "rooms_dirty.xlsx", library=library).rows}
    # The set lists the kept zero of a number only where it planted one.
    planted = {"ROOM_LEADING_ZERO"} | (set() if library else {"ALREADY_IN_LIBRARY"})
    result = "expected_result" if library else "expected_result_standalone"
    expected = lines(SHARED, "rooms_dirty_rows.csv")
    assert {number: row.verdict.value for number, row in rows.items()} == {
        line["sheet_row"]: line[result] for line in expected
    }
    assert {number: set(codes(row)) - planted for number, row in rows.items()} == {
        line["sheet_row"]: set(line["codes"].split()) - planted for line in expected
    }
    for line in lines(SHARED, "rooms_dirty_findings.csv"):
        if line["precondition"] and not library:
            continue
        row = rows[line["sheet_row"]]
        found = {(one.column, one.code, one.level.value) for one in row.findings}
        assert (line["column"], line["code"], line["severity"]) in found, line
        assert not line["expected_value"] or row.values[line["column"]] == line["expected_value"], line


@pytest.mark.row(33)
@pytest.mark.skipif(not SHARED.exists(), reason="the shared sets are not here")
def test_the_shared_clean_set_has_no_finding_and_the_dirty_one_two_of_its_file() -> None:
    clean = shared(SHARED, "rooms_clean.xlsx", library=True)
    assert (len(clean.rows), [row for row in clean.rows if row.findings], list(clean.findings)) == (300, [], [])
    dirty = shared(SHARED, "rooms_dirty.xlsx", library=True)
    file = [(line["code"], line["where"]) for line in lines(SHARED, "rooms_dirty_file.csv") if line["code"][0] == "Z"]
    assert [(found.code, found.where) for found in dirty.findings] == file


def csv_table(count: int) -> bytes:
    lines = [
        f"JZ001,1号楼,{n // 1000 + 1},{n // 1000 + 1}{n % 1000:03d}A,1室1厅1卫,45.5,33.2,2,,3600,空置,是,TF-001-1,"
        for n in range(count)
    ]
    return "\n".join([",".join(column.label for column in SHEET.columns), *lines]).encode()


@pytest.mark.row(33)
def test_five_thousand_rooms_are_read_and_one_more_is_refused() -> None:
    checks = checks_of(registry(), TODAY, FIRM)
    table = read_table(SHEET, checks, csv_table(5_000))
    assert {row.verdict.value for row in table.rows} == {"import"}
    with pytest.raises(FileRefused, match="超过5000行"):
        read_table(SHEET, checks, csv_table(5_001))
