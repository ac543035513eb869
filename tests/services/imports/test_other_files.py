"""Tables nobody here made: other programs, other encodings, other calendars, and files made to harm (H36-H39)."""

import csv
import io
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.files.file_refusals import FileRefused
from services.imports.heads import HeadsDiffer
from services.imports.sheets import Checks, Verdict
from services.imports.table_reader import Table, read_table
from services.practitioners import import_columns as people
from services.practitioners.registry import FromFiles
from tests.files_made import file_id, rezipped, xlsx, zipped
from tests.people_made import HEADS, person, table

TODAY = date(2026, 12, 1)
SAMPLES = Path(__file__).resolve().parents[2] / "data" / "practitioners"
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(content: bytes) -> Table:
    return read_table(people.SHEET, people.checks_of(FromFiles(), TODAY), content)


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read(content)
    assert refused.value.message
    return refused.value.code


def is_clean(found: Table, count: int) -> bool:
    return len(found.rows) == count and all(row.verdict is Verdict.IMPORT for row in found.rows)


def as_csv(rows: list[dict[str, object]], heads: tuple[str, ...] = HEADS, *, between: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=between, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([[str(row[head]) for head in heads] for row in rows])
    return text.getvalue()


@pytest.mark.row(42)
def test_columns_may_stand_in_any_order_under_a_title_with_other_names() -> None:
    heads = tuple(reversed(HEADS))
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["从业人员登记表"])
    sheet.append(["手机号码" if head == "手机号" else "*" + head for head in heads])
    for n in range(3):
        sheet.append([person(n)[head] for head in heads])
    whole = BytesIO()
    book.save(whole)
    found = read(whole.getvalue())
    assert is_clean(found, 3)
    assert found.rows[0].values["手机号"] == person(0)["手机号"]


@pytest.mark.row(42)
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_a_csv_file_is_read_in_the_encodings_spreadsheets_write(encoding: str) -> None:
    rows = [person(1), person(2, 姓名="莫𨱏")]
    found = read(as_csv(rows).encode(encoding))
    assert is_clean(found, 2)
    assert found.rows[1].values["姓名"] == "莫𨱏"


@pytest.mark.row(42)
@pytest.mark.proves("H40")
def test_exactly_one_prefix_is_taken_off_a_csv_cell() -> None:
    found = read(as_csv([person(1, 备注="'=试用期"), person(2, 备注="'安")]).encode())
    assert [row.values["备注"] for row in found.rows] == ["=试用期", "'安"]


@pytest.mark.row(42)
def test_days_of_a_book_that_counts_from_1904_are_the_days_shown() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.append(list(HEADS))
    sheet.append([person(1)[head] for head in HEADS])
    # A general cell with the bare number of a day.
    serial = (date(2026, 3, 2) - date(1904, 1, 1)).days
    sheet.append([serial if head == "入职日期" else person(2)[head] for head in HEADS])
    whole = BytesIO()
    book.save(whole)
    found = read(whole.getvalue())
    assert found.rows[0].values["入职日期"] == person(1)["入职日期"].isoformat()
    assert found.rows[1].values["入职日期"] == "2026-03-02"


@pytest.mark.row(42)
def test_a_workbook_libreoffice_wrote_is_read() -> None:
    """Three people as LibreOffice Calc 25.2 saved them from its own format: `libreoffice_calc.xlsx`, made once, kept as it is."""
    found = read((SAMPLES / "libreoffice_calc.xlsx").read_bytes())
    assert is_clean(found, 3)
    assert [row.values["姓名"] for row in found.rows] == [person(number)["姓名"] for number in (1, 2, 3)]
    assert found.rows[1].values["备注"] == "由总部调入"
    assert found.rows[2].values["入职日期"] == person(3)["入职日期"].isoformat()


@pytest.mark.row(42)
def test_an_old_xls_under_the_new_name_is_told_what_to_do() -> None:
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)) == "XLSX-OLD"


@pytest.mark.proves("H36")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (rezipped(xlsx(), {"xl/media/a.bin": b"\0" * (30 << 20)}), "ZIP-RATIO"),
        (rezipped(xlsx(), {f"xl/media/{number}": b"a" for number in range(2_000)}), "ZIP-PARTS"),
        (rezipped(xlsx(), {"xl/media/a.dat": zipped({"b": b"c"})}), "ZIP-NESTED"),
    ],
    ids=file_id,
)
def test_a_bomb_is_refused_h36(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.proves("H37")
def test_a_document_type_is_refused_h37() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert refusal(rezipped(table([person(1)]), {"xl/styles.xml": bomb})) == "XLSX-DOCTYPE"


@pytest.mark.proves("H39")
@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}, "XLSX-EXTERNAL"),
        ({"xl/connections.xml": b"<connections/>"}, "XLSX-EXTERNAL"),
        ({"xl/vbaProject.bin": b"\0"}, "XLSX-MACRO"),
        ({"xl/embeddings/oleObject1.bin": b"\0"}, "XLSX-OBJECT"),
    ],
)
def test_what_acts_is_refused_h39(parts: dict[str, bytes], code: str) -> None:
    assert refusal(rezipped(table([person(1)]), parts)) == code


@pytest.mark.proves("H39")
def test_a_formula_that_starts_a_program_is_refused_and_others_are_never_run_h39() -> None:
    row = [*person(1).values()]
    assert refusal(xlsx((HEADS, ["=cmd|'/c calc'!A1", *row[1:]]))) == "XLSX-DDE"
    found = read(xlsx((HEADS, ['="张"&"三"', *row[1:]], ["=1+1", *row[1:]])))
    codes = [[one.code for one in line.findings if one.level.value == "E"] for line in found.rows]
    assert codes[0] == codes[1][:1] == ["FORMULA_NO_VALUE"]


def test_a_formula_that_carries_its_result_is_read_with_a_warning() -> None:
    head = "".join(f'<c r="{chr(65 + at)}1" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(HEADS))
    values = [str(value) for value in person(1).values()]
    cells = [
        f'<c r="{chr(65 + at)}2" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(values) if text
    ]
    cells[0] = '<c r="A2" t="str"><f>"张"&amp;"三"</f><v>张三</v></c>'
    body = f'<row r="1">{head}</row><row r="2">{"".join(cells)}</row>'
    sheet = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{NAMESPACE}"><sheetData>{body}</sheetData></worksheet>'
    (row,) = read(rezipped(xlsx(), {SHEET: sheet.encode()})).rows
    assert (row.values["姓名"], row.verdict) == ("张三", Verdict.WITH_WARNING)
    assert "FORMULA_VALUE" in {one.code for one in row.findings}


@pytest.mark.proves("H38")
@pytest.mark.row(42)
@pytest.mark.night
def test_a_million_empty_formatted_rows_are_passed_over_h38() -> None:
    """What a spreadsheet keeps of a sheet that was formatted down to its last row."""
    assert is_clean(read(formatted_down_to(1_048_576)), 2)


@pytest.mark.proves("H38")
@pytest.mark.row(42)
def test_empty_formatted_rows_cost_no_memory_h38() -> None:
    """An eighth of what a sheet can have, whose XML inflates to five megabytes: following the memory takes four times as long."""
    eighth = formatted_down_to(131_072)
    tracemalloc.start()
    found = read(eighth)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert is_clean(found, 2)
    assert peak < 5 << 19


def formatted_down_to(last: int) -> bytes:
    """A table of two people whose sheet has an empty row with a format for every further one."""
    content = table([person(1), person(2)])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read(SHEET).decode()
    empty = "".join(f'<row r="{at}" s="1" customFormat="1" ht="15"/>' for at in range(4, last + 1))
    return rezipped(content, {SHEET: sheet.replace("</sheetData>", empty + "</sheetData>").encode()})


@pytest.mark.proves("H38")
def test_a_cell_at_the_far_end_is_refused_h38() -> None:
    content = table([person(1)])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read(SHEET).decode()
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    assert refusal(rezipped(content, {SHEET: sheet.replace("</sheetData>", far).encode()})) in {
        "XLSX-ROWS",
        "XLSX-COLUMNS",
    }


@pytest.mark.row(42)
def test_more_rows_than_allowed_are_refused() -> None:
    with pytest.raises(FileRefused, match="超过2行"):
        read_table(replace(people.SHEET, most_rows=2), Checks(), table([person(n) for n in range(3)]))


def test_heads_that_are_not_understood_tell_what_there_is_to_match() -> None:
    with pytest.raises(HeadsDiffer) as differ:
        read(as_csv([person(1)], HEADS).replace("姓名", "员工", 1).encode())
    assert (0, "员工") in differ.value.heads
    assert differ.value.last_row == 1
    assert differ.value.known["手机号"] == 3


def test_a_head_that_stands_twice_is_left_to_be_matched() -> None:
    with pytest.raises(HeadsDiffer, match="出现了两次"):
        read(as_csv([person(1)]).replace("备注", "姓名", 1).encode())
