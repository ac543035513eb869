"""CSV files: two encodings, one prefix, and limits that are told."""

import pytest

from services.engine.sheets import write_csv
from services.files.file_refusals import FileRefused
from services.files.text_tables import csv_rows
from tests.files_made import file_id, pdf, xlsx


@pytest.mark.proves("H40", "H29")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_what_we_exported_comes_back_as_it_was(encoding: str) -> None:
    rows = [["𠀀丂", "=1+1"], ["'=x", "'自己的"], ["＋1", 'a,"b"\nc']]
    content = write_csv(["姓名", "备注"], rows).decode("utf-8-sig").encode(encoding)
    assert list(csv_rows(content)) == [["姓名", "备注"], *rows]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (xlsx(), "CSV-KIND"),
        (pdf(), "CSV-KIND"),
        ("甲,乙".encode("utf-16"), "CSV-KIND"),
        (b"a,\x00b\n", "CSV-KIND"),
        (b"\xff\xff\xff\xff", "CSV-KIND"),
        (b'"a\n', "CSV-BROKEN"),
        (b'"a"b\n', "CSV-BROKEN"),
        (b"x" * 40_000, "CSV-BROKEN"),
        (b"x" * 200_000, "CSV-BROKEN"),
        (b"a\n" * 6_000, "CSV-ROWS"),
        (b"," * 300, "CSV-COLUMNS"),
        (b"a" * ((20 << 20) + 1), "FILE-SIZE"),
    ],
    ids=file_id,
)
def test_what_is_no_table_of_text_is_refused(content: bytes, expected: str) -> None:
    with pytest.raises(FileRefused) as refused:
        list(csv_rows(content))
    assert refused.value.code == expected


def test_a_carriage_return_spelt_out_is_a_line_end() -> None:
    assert list(csv_rows('备注\r\n"甲_x000D_\n乙_x000D_"\r\n'.encode())) == [["备注"], ["甲\n乙"]]
