"""Every row of the dirty sample gets its expected verdict, column and repaired value; the clean one has no finding."""

import csv
from datetime import date
from pathlib import Path

import pytest

from services.files.file_refusals import FileRefused
from services.files.zip_of_pictures import judged_pictures
from services.imports.table_reader import Table, read_table
from services.practitioners.import_columns import SHEET, checks_of
from services.practitioners.registry import FromFiles

DATA = Path(__file__).parents[2] / "data" / "practitioners"
TODAY = date(2026, 6, 30)


def content(name: str) -> bytes:
    return (DATA / name).read_bytes()


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def dirty(registry: FromFiles) -> Table:
    photos = {one.name: one for one in judged_pictures(content("practitioners_dirty_300_photos.zip"))}
    return read_table(SHEET, checks_of(registry, TODAY, photos), content("practitioners_dirty_300.xlsx"))


def firms_only() -> FromFiles:
    return FromFiles(content("enterprises.csv"), content("stores.csv"))


def clean(registry: FromFiles) -> Table:
    return read_table(SHEET, checks_of(registry, TODAY), content("practitioners_clean_1000.xlsx"))


def everything() -> FromFiles:
    people = {row.values["证件号码"]: row.values["企业统一社会信用代码"] for row in clean(firms_only()).rows}
    return FromFiles(
        content("enterprises.csv"),
        content("stores.csv"),
        content("blacklist.csv"),
        content("identity_mock.csv"),
        people,
    )


def verdicts(table: Table) -> dict[str, str]:
    return {str(row.sheet_row): row.verdict.value for row in table.rows}


def test_every_dirty_row_gets_its_verdict_without_answers_about_people() -> None:
    expected = {
        row["sheet_row"]: row["expected_result_standalone"] for row in rows_of("practitioners_dirty_300_rows.csv")
    }
    assert verdicts(dirty(firms_only())) == expected


def test_every_dirty_row_gets_its_verdict_with_all_answers() -> None:
    expected = {row["sheet_row"]: row["expected_result"] for row in rows_of("practitioners_dirty_300_rows.csv")}
    assert verdicts(dirty(everything())) == expected


def test_every_finding_stands_at_its_column_with_its_weight_and_repaired_value() -> None:
    rows = {str(row.sheet_row): row for row in dirty(everything()).rows}
    for line in rows_of("practitioners_dirty_300_findings.csv"):
        row = rows[line["sheet_row"]]
        found = {(one.column, one.level.value) for one in row.findings}
        assert (line["column"], line["severity"]) in found, line
        if line["expected_value"]:
            assert row.values[line["column"]] == line["expected_value"], line


def test_the_clean_table_has_no_finding() -> None:
    table = clean(firms_only())
    assert len(table.rows) == 1000
    assert [(row.sheet_row, row.findings) for row in table.rows if row.findings] == []


def test_a_hidden_foreign_column_is_told_and_not_read() -> None:
    table = dirty(firms_only())
    assert any("隐藏" in note and "内部工号" in note for note in table.notes)
    assert "内部工号" not in table.rows[0].values


def test_an_old_workbook_under_a_new_name_is_told_what_to_do() -> None:
    with pytest.raises(FileRefused, match="另存为"):
        read_table(SHEET, checks_of(firms_only(), TODAY), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_a_csv_in_gb_18030_with_columns_in_another_order_is_read() -> None:
    row = clean(firms_only()).rows[0]
    heads = list(reversed(row.values))
    text = ",".join(heads) + "\r\n" + ",".join(row.values[head] for head in heads) + "\r\n"
    table = read_table(SHEET, checks_of(firms_only(), TODAY), text.encode("gb18030"))
    assert table.rows[0].values == row.values
    assert table.rows[0].findings == []
