"""A price list is judged against its plan and the building table, cell by cell (row 76)."""

import csv
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.imports.sheets import ImportedRow, Level
from services.imports.table_reader import Table, read_table
from services.sales.price_columns import COLUMNS, SHEET, PlannedHome, PricedPlan, checks_of
from tests.commands import run_main
from tests.files_made import xlsx

pytestmark = pytest.mark.row(76)

HEADS = ("序号", *(column.label for column in COLUMNS))
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "market"


def _home(gross: str = "100.00", floor: str = "1", *, for_sale: bool = True) -> PlannedHome:
    return PlannedHome(Decimal(gross), floor, "住宅", for_sale)


PLAN = PricedPlan(
    "XSFA-1",
    {("1#", f"{floor}0{door}"): _home(floor=str(floor)) for floor in range(1, 6) for door in (1, 2)}
    | {("1#", "001"): _home(for_sale=False)},
    frozenset({"1#"}),
    {("2#", "101"): _home()},
)


def line(room: str, **changes: Any) -> dict[str, Any]:
    """A sound row of a home; changes by the column's name."""
    values: dict[str, Any] = {
        "plan_no": "XSFA-1",
        "building": "1#",
        "section": "1",
        "floor": room[0],
        "room": room,
        "use": "住宅",
        "gross": 100,
        "inner": 79,
        "shared": 21,
        "price": 80000,
        "total": 8_000_000,
        "note": None,
    }
    return values | changes


def judged(*lines: dict[str, Any]) -> Table:
    """The table of some rows, among others that are sound."""
    others = [line(room) for room in ("301", "302", "401", "402", "501", "502")]
    rows = [(number, *(one[column.name] for column in COLUMNS)) for number, one in enumerate([*lines, *others], 1)]
    return read_table(SHEET, checks_of(PLAN), xlsx((HEADS, *rows)))


def first(**changes: Any) -> ImportedRow:
    return judged(line("101") | changes).rows[0]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"total": 8_000_001.5}, "TOTAL_MISMATCH"),
        ({"price": 8.0, "total": 8_000_000}, "UNIT_SUSPECT"),
        ({"price": 8.0825, "total": 8_082_50}, "UNIT_SUSPECT"),
        ({"total": 800.0}, "UNIT_SUSPECT"),
        ({"price": None}, "REQUIRED_MISSING"),
        ({"price": 0}, "NOT_POSITIVE"),
        ({"price": -80000}, "NOT_POSITIVE"),
        ({"price": "约80000"}, "NUMBER_INVALID"),
        ({"price": "80000-81000"}, "NUMBER_INVALID"),
        ({"price": 80000.125}, "DECIMALS"),
        ({"gross": 93.2}, "AREA_MISMATCH"),
        ({"shared": 22}, "AREA_SUM"),
        ({"room": "9901"}, "UNIT_UNKNOWN"),
        ({"room": "001"}, "ROLE_NOT_FOR_SALE"),
        ({"building": "2#"}, "BUILDING_NOT_IN_PLAN"),
        ({"plan_no": "XSFA-2"}, "PLAN_MISMATCH"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_with_its_reason(changes: dict[str, Any], code: str) -> None:
    row = first(**changes)
    assert row.verdict.value == "reject"
    assert code in [one.code for one in row.findings]


def test_a_home_that_is_not_for_sale_says_so_in_whatever_building() -> None:
    others = {("2#", "9"): _home(for_sale=False)}
    checks = checks_of(replace(PLAN, others=others))
    row = (1, *({**line("101"), "building": "2#", "room": "9"}[column.name] for column in COLUMNS))
    (found,) = read_table(SHEET, checks, xlsx((HEADS, row))).rows
    assert [one.code for one in found.findings if one.level is Level.ERROR] == ["ROLE_NOT_FOR_SALE"]


@pytest.mark.parametrize(
    ("changes", "column", "value"),
    [
        ({"price": "80,000.00"}, "单价(元/㎡)", "80000.00"),
        ({"price": "80000元"}, "单价(元/㎡)", "80000.00"),
        ({"price": "￥80000.00"}, "单价(元/㎡)", "80000.00"),
        ({"price": "８００００"}, "单价(元/㎡)", "80000.00"),
        ({"price": "8.0E+04"}, "单价(元/㎡)", "80000.00"),
        ({"gross": 99.99999999999999}, "建筑面积(㎡)", "100.00"),
        ({"building": "1号楼"}, "幢号", "1#"),
        ({"building": "1＃"}, "幢号", "1#"),
        ({"room": "101室"}, "室号", "101"),
        ({"room": " １０１\u3000"}, "室号", "101"),
        ({"room": 101}, "室号", "101"),
    ],
)
def test_what_can_be_read_without_loss_is_repaired(changes: dict[str, Any], column: str, value: str) -> None:
    row = first(**changes)
    assert (row.verdict.value, row.values[column]) == ("import", value)


@pytest.mark.parametrize(
    ("changes", "code", "column", "value"),
    [
        ({"price": 800_000, "total": 80_000_000}, "PRICE_OUTLIER", "单价(元/㎡)", "800000.00"),
        ({"price": 20_000, "total": 2_000_000}, "PRICE_OUTLIER", "单价(元/㎡)", "20000.00"),
        ({"floor": 2}, "FLOOR_MISMATCH", "名义层", "1"),
        ({"use": "办公"}, "USE_MISMATCH", "用途", "住宅"),
    ],
)
def test_what_is_odd_gets_a_warning_and_the_building_table_prevails(
    changes: dict[str, Any], code: str, column: str, value: str
) -> None:
    row = first(**changes)
    assert (row.verdict.value, [one.code for one in row.findings]) == ("import_with_warning", [code])
    assert row.values[column] == value


def test_a_total_may_differ_by_a_yuan() -> None:
    assert first(total=8_000_001).verdict.value == "import"


def test_of_a_home_priced_twice_the_first_row_counts() -> None:
    table = judged(line("101"), line("101", price=81000, total=8_100_000))
    assert [one.verdict.value for one in table.rows[:2]] == ["import", "reject"]
    assert [one.code for one in table.rows[1].findings] == ["NO_DUP"]


def test_homes_without_a_price_are_counted() -> None:
    (found,) = judged(line("101")).findings
    assert (found.code, found.message) == ("PRICE_MISSING", "本方案还有3户可售房屋没有报价")
    assert not judged(*(line(room) for room in ("101", "102", "201", "202"))).findings


def _written(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _run(home: Path, file: Path, plan: Path, data: Path) -> list[dict[str, Any]]:
    line = ("import", "unit-prices", str(file), "--plan", str(plan), "--data", str(data), "--dry-run", "--json")
    ended = run_main(home, *line, MODE="demo", DATA_DIR=str(home / "data"))
    assert (ended.code, ended.err) == (0, "")
    return [json.loads(one) for one in ended.out.splitlines()]


def test_the_command_reads_plan_and_building_table_from_an_export(tmp_path: Path) -> None:
    plan = _written(tmp_path / "plan.csv", [{"plan_no": "XSFA-1", "project_id": "P1", "building_ids": "NB1"}])
    _written(tmp_path / "natural_buildings.csv", [{"id": "NB1", "project_id": "P1", "building_name": "1#"}])
    unit = {
        "natural_building_id": "NB1",
        "nominal_floor": "1",
        "room_no": "101",
        "planned_use": "住宅",
        "forecast_gross": "100.00",
        "surveyed_gross": "",
        "sale_role": "FOR_SALE",
    }
    _written(tmp_path / "house_units.csv", [unit, unit | {"room_no": "102"}])
    rows = [tuple(one[column.name] for column in COLUMNS) for one in (line("101", price="80,000"), line("201"))]
    (tmp_path / "prices.xlsx").write_bytes(xlsx((HEADS[1:], *rows)))
    told = _run(tmp_path, tmp_path / "prices.xlsx", plan, tmp_path)
    assert [one.get("code") for one in told] == ["PRICE_MISSING", None, None]
    assert told[1] == {
        "sheet_row": 2,
        "verdict": "import",
        "codes": ["NUMBER_TEXT"],
        "repaired": {"单价(元/㎡)": "80000.0"},
    }
    assert told[2]["codes"] == ["UNIT_UNKNOWN"]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
def test_every_row_of_the_shared_lists_agrees(tmp_path: Path) -> None:
    prices = SHARED / "prices"
    for name in ("clean", "dirty"):
        told = _run(tmp_path, prices / f"unit_prices_{name}.xlsx", prices / "unit_prices_plan.csv", SHARED)
        rows = {str(one["sheet_row"]): one for one in told if "sheet_row" in one}
        if name == "clean":
            assert {one["verdict"] for one in rows.values()} == {"import"}
            continue
        with (prices / "unit_prices_dirty_rows.csv").open(encoding="utf-8-sig", newline="") as lines:
            expected = {one["sheet_row"]: one for one in csv.DictReader(lines)}
        assert {number: one["verdict"] for number, one in rows.items()} == {
            number: one["expected_result"] for number, one in expected.items()
        }
        for number, one in expected.items():
            assert set(one["codes"].split(";")) - {""} <= set(rows[number]["codes"])
        with (prices / "unit_prices_dirty_findings.csv").open(encoding="utf-8-sig", newline="") as lines:
            repairs = [one for one in csv.DictReader(lines) if one["severity"] != "E" and one["expected_value"]]
        assert len(repairs) > 12
        for one in repairs:
            assert rows[one["sheet_row"]]["repaired"][one["column"]] == one["expected_value"], one
