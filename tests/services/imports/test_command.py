"""`main.py import`: every row of the samples, with the words a script can rely on (row 42)."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.browser import ROOT
from tests.commands import Ended, run_apart, run_main
from tests.people_made import HEADS, person, table
from tests.services.imports.desk import saved

DATA = ROOT / "tests" / "data" / "practitioners"
LISTS = ("--firms", "enterprises.csv", "--stores", "stores.csv")
#: The day the samples were made for.
DAY = ("--today", "2026-06-30")


def run(home: Path, *arguments: object, by: Callable[..., Ended] = run_main) -> Ended:
    line = ("import", "practitioners", *map(str, arguments))
    return by(home, *line, MODE="demo", DATA_DIR=str(home / "data"))


def alone(home: Path, *arguments: object, by: Callable[..., Ended] = run_main) -> list[dict[str, Any]]:
    lists = [DATA / one if one.endswith(".csv") else one for one in LISTS]
    ended = run(home, *arguments, "--dry-run", "--json", "--standalone", *lists, *DAY, by=by)
    assert (ended.code, ended.err) == (0, "")
    return [json.loads(line) for line in ended.out.splitlines()]


def sample(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.row(42)
def test_every_row_of_the_dirty_sample_gets_verdict_column_and_repaired_value(tmp_path: Path) -> None:
    photos = DATA / "practitioners_dirty_300_photos.zip"
    told = alone(tmp_path, DATA / "practitioners_dirty_300.xlsx", "--photos", photos)
    assert all(set(row) == {"sheet_row", "verdict", "findings", "values"} for row in told)
    assert all(set(one) == {"column", "code", "message"} for row in told for one in row["findings"])
    rows = {str(row["sheet_row"]): row for row in told}
    expected = {
        row["sheet_row"]: row["expected_result_standalone"] for row in sample("practitioners_dirty_300_rows.csv")
    }
    assert {number: row["verdict"] for number, row in rows.items()} == expected
    for line in sample("practitioners_dirty_300_findings.csv"):
        if line["precondition"]:
            continue
        row = rows[line["sheet_row"]]
        assert line["column"] in {one["column"] for one in row["findings"]}, line
        if line["expected_value"]:
            assert row["values"][line["column"]] == line["expected_value"], line


@pytest.mark.row(42)
def test_with_blacklist_and_answers_given_the_verdicts_follow(tmp_path: Path) -> None:
    lists = ("--blacklist", DATA / "blacklist.csv", "--answers", DATA / "identity_mock.csv")
    told = {str(row["sheet_row"]): row for row in alone(tmp_path, DATA / "practitioners_dirty_300.xlsx", *lists)}
    named = [
        line
        for line in sample("practitioners_dirty_300_findings.csv")
        if line["code"].startswith(("BLACK", "TWO_FACTOR"))
    ]
    assert named
    for line in named:
        codes = {one["code"] for one in told[line["sheet_row"]]["findings"]}
        assert any(code.startswith(("BLACK", "TWO_FACTOR")) for code in codes), line


@pytest.mark.row(42)
def test_the_clean_sample_has_no_finding(tmp_path: Path) -> None:
    told = alone(tmp_path, DATA / "practitioners_clean_1000.xlsx")
    assert len(told) == 1_000
    assert {(row["verdict"], len(row["findings"])) for row in told} == {("import", 0)}


@pytest.mark.row(42)
def test_standalone_needs_no_database_and_leaves_none(tmp_path: Path) -> None:
    alone(tmp_path, DATA / "practitioners_clean_1000.xlsx", by=run_apart)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为"),
        (b"", "没有"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "另存为"),
        (table([], ["甲", "乙"]), "找不到表头"),
    ],
    ids=["xls", "empty", "picture", "heads"],
)
@pytest.mark.proves("H39", "H41")
def test_a_refused_file_is_one_plain_sentence_and_exit_code_2(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(content)
    done = run(tmp_path, path, "--dry-run", "--json", "--standalone")
    assert done.code == 2
    assert done.out == ""
    (said,) = done.err.splitlines()
    assert sentence in said


def test_a_missing_file_and_a_real_import_are_refused_alike(tmp_path: Path) -> None:
    for arguments in (("nowhere.xlsx", "--dry-run", "--standalone"), (DATA / "practitioners_clean_1000.xlsx",)):
        done = run(tmp_path, *arguments)
        assert done.code == 2
        assert len(done.err.splitlines()) == 1


@pytest.mark.row(42)
def test_without_standalone_the_running_database_answers(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(table([person(1)]))
    done = run(tmp_path, path, "--dry-run", "--json")
    assert done.code == 0, done.err
    (row,) = [json.loads(line) for line in done.out.splitlines()]
    assert [one["code"] for one in row["findings"]] == ["ENT_NOT_FOUND"]


def test_people_read_a_summary(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(table([person(1), person(2, 学历="?")]))
    done = run(tmp_path, path, "--dry-run", "--standalone")
    assert done.code == 0
    first, *rest = done.out.splitlines()
    assert first == "可导入1行；可导入，有提示0行；不能导入1行"
    assert any("第3行" in line and "学历" in line for line in rest)


@pytest.mark.row(42)
def test_own_heads_and_other_sheets_are_told_on_the_command_line(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.worksheets[0]
    second = book.create_sheet("续表")
    for page, number in ((first, 1), (second, 2)):
        page.append(["员工" if head == "姓名" else head for head in HEADS])
        page.append([person(number)[head] for head in HEADS])
    path = tmp_path / "people.xlsx"
    path.write_bytes(saved(book))
    order = (path, "--dry-run", "--json", "--standalone")
    assert "姓名" in run(tmp_path, *order).err
    left = run(tmp_path, *order, "--columns", "员工=姓名")
    assert (left.code, len(left.out.splitlines())) == (0, 1)
    assert "“续表”有1行，没有读取" in left.err
    both = run(tmp_path, *order, "--columns", "员工=name", "--sheets", "续表")
    assert (both.code, both.err) == (0, "")
    assert [json.loads(line)["sheet_row"] for line in both.out.splitlines()] == [2, 100_002]
    for wrong in (("--columns", "员工=工号"), ("--columns", "员工=姓名", "--sheets", "没有")):
        assert run(tmp_path, *order, *wrong).code == 2
