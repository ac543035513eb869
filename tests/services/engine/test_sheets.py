"""Lists that leave as files: nothing in them is a formula, and everything comes back as it was."""

import csv
import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BufferedIOBase, BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from models.documents import PaperKind
from services.engine import sheet_rows
from services.engine.sheets import Cell, guarded, stream_xlsx, unguarded, write_csv, write_xlsx
from services.files.workbooks import guard_workbook

DANGEROUS = [f"{sign}1+1" for sign in "=+-@＝＋－＠"] + ["\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")', "'=1+1"]
RARE = ["𠀀丂", "龘𬎆", "㐂·𰻝", "𤳵𪚥"]


def cells(content: bytes) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()]


@pytest.mark.proves("H40")
@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_in_a_workbook_h40(text: str) -> None:
    content = write_xlsx("清单", ["=标题"], [[text]])
    sheet = openpyxl.load_workbook(BytesIO(content))["清单"]
    assert [(sheet.cell(row, 1).data_type, sheet.cell(row, 1).value) for row in (1, 2)] == [
        ("s", "=标题"),
        ("s", text.replace("\r", "\n")),
    ]
    with ZipFile(BytesIO(content)) as parts:
        assert b"<f" not in parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.proves("H40")
def test_a_csv_file_prefixes_what_looks_like_a_formula_h40() -> None:
    content = write_csv(["名称"], [[text] for text in DANGEROUS])
    read = [row[0] for row in csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))][1:]
    assert all(text.startswith("'") for text in read)
    assert [unguarded(text) for text in read] == [text.replace("\r", "\n") for text in DANGEROUS]


@pytest.mark.proves("H40")
@given(st.text(alphabet=st.sampled_from("'=+-@\t＝a张 1"), max_size=6))
def test_the_importer_strips_exactly_the_prefix_that_was_put(text: str) -> None:
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["'张三", "O'Neil", "'", "''"])
def test_an_apostrophe_of_ones_own_stays(text: str) -> None:
    assert (guarded(text), unguarded(text)) == (text, text)


@pytest.mark.proves("H29")
def test_rare_characters_pass_through_both_kinds_of_file_h29() -> None:
    assert cells(write_xlsx("姓名", ["姓名"], [[name] for name in RARE]))[1:] == [[name] for name in RARE]
    assert write_csv(["姓名"], [RARE]).decode("utf-8-sig").splitlines()[1] == ",".join(f'"{name}"' for name in RARE)


def test_values_keep_their_kind_and_a_long_number_its_digits() -> None:
    values: list[Cell] = [
        Decimal("1234.50"),
        date(2026, 3, 1),
        datetime(2026, 2, 28, 16, 30, tzinfo=UTC),
        310101199001011237,
        True,
        None,
        PaperKind.RECEIPT,
        -5,
    ]
    assert cells(write_xlsx("值", ["列"] * len(values), [values]))[1] == [
        1234.5,
        date(2026, 3, 1),
        datetime.fromisoformat("2026-03-01T00:30:00"),
        "310101199001011237",
        "是",
        "",
        "办理回执",
        -5.0,
    ]
    assert write_csv(["列"] * len(values), [values]).decode("utf-8-sig").splitlines()[1] == (
        '1234.50,"2026-03-01","2026-03-01 00:30:00","310101199001011237","是","","办理回执",-5'
    )


def test_what_no_file_can_hold_is_shown_as_unreadable() -> None:
    assert cells(write_xlsx("\x00a/b", ["列"], [["甲\x07乙\ud800丙\ufffe"]]))[1] == ["甲\ufffd乙\ufffd丙\ufffd"]
    assert "甲\ufffd乙" in write_csv(["列"], [["甲\ud800乙"]]).decode("utf-8-sig")


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    firm = "上海申浦滨江置业有限公司"
    rows: list[list[Cell]] = [["310115199003150017", firm, "是", "长" * 99]] * 3
    (sheet,) = openpyxl.load_workbook(BytesIO(write_xlsx("清单", ["证件号码", "企业", "在职", "说明"], rows)))
    wide = [sheet.column_dimensions[letter].width for letter in "ABCD"]
    assert wide == [20, 2 * len(firm) + 2, 12, 48]


def test_a_list_without_rows_still_has_its_heads() -> None:
    assert cells(write_xlsx("空", ["甲", "乙"], [])) == [["甲", "乙"]]
    assert write_csv(["甲"], []).decode("utf-8-sig") == '"甲"\r\n'


def test_marks_stand_in_the_properties_and_not_in_the_sheet() -> None:
    content = write_xlsx("清单", ["甲"], [["乙"]], marks={"sf": "7c21"})
    book = openpyxl.load_workbook(BytesIO(content))
    assert [(one.name, one.value) for one in book.custom_doc_props.props] == [("sf", "7c21")]  # type: ignore[attr-defined]
    assert cells(content) == [["甲"], ["乙"]]


def test_a_long_list_is_written_in_constant_memory() -> None:
    def written(rows: int) -> int:
        tracemalloc.start()
        with BytesIO() as out:
            stream_xlsx(out, "长", ["号", "名"], ([number, f"第{number}户"] for number in range(rows)))
            size = len(out.getvalue())
            peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak - 2 * size

    short, long = written(300), written(6000)
    assert long < short + 400_000


class Through(BufferedIOBase):
    """Somewhere to write to that never goes back, as a sealed file or a socket."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.written += data
        return len(data)


@pytest.mark.parametrize(("limit", "value"), [("ROWS_OF_A_SHEET", 3), ("BYTES_OF_A_SHEET", (64 << 20) + 1400)])
def test_what_does_not_fit_on_a_sheet_goes_on_on_the_next(
    limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_rows, limit, value)
    out = Through()
    rows = [(number, date(2026, 3, 1), Decimal("1.50")) for number in range(8)]
    assert stream_xlsx(out, "长", ["号", "日", "价"], rows, marks={"sf": "7c21"}) == 8
    book = openpyxl.load_workbook(BytesIO(bytes(out.written)))
    sheets = book.worksheets
    assert len(sheets) > 1
    assert [one.value for one in book.custom_doc_props.props] == ["7c21"]  # type: ignore[attr-defined]
    below = [row for sheet in sheets for row in sheet.iter_rows(min_row=2)]
    assert [row[0].value for row in below] == list(range(8))
    assert {tuple(cell.number_format for cell in row) for row in below} == {("0", "yyyy-mm-dd", "#,##0.00")}
    assert all([cell.value for cell in sheet[1]] == ["号", "日", "价"] and sheet["A1"].font.b for sheet in sheets)
    # Our own guard of what comes in finds nothing in it that a spreadsheet program would not write.
    assert [marks.columns for marks in guard_workbook(bytes(out.written))] == [3] * len(sheets)


def test_a_workbook_that_breaks_off_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[tuple[str]]:
        yield ("甲",)
        raise LookupError

    with pytest.raises(LookupError):
        stream_xlsx(Through(), "断", ["名"], rows())
    assert list(tmp_path.iterdir()) == []
