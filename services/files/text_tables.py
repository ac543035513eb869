"""CSV files as rows of text: one encoding found, one prefix taken off, nothing guessed beyond that (decision 35)."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from services.engine.sheets import unguarded
from services.files.file_refusals import FileRefused
from services.files.values_child import plain_lines

LARGEST = 20 << 20
_LONGEST_FIELD = 32_767
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SAVE_AS = "请另存为“CSV UTF-8”格式后上传"


def csv_rows(content: bytes, *, rows: int = 5_003, columns: int = 256) -> Iterator[list[str]]:
    """The rows of a CSV file in UTF-8 or GB 18030; a file that is something else, or too long, is refused."""
    text = _table_text(content)
    try:
        for number, row in enumerate(csv.reader(StringIO(text, newline=""), strict=True), 1):
            if number > rows:
                raise FileRefused("CSV-ROWS", f"行数超过上限（{rows}行），请拆分后上传")
            if len(row) > columns:
                raise FileRefused("CSV-COLUMNS", f"列数超过上限（{columns}列），请删除多余的列后上传")
            if any(len(value) > _LONGEST_FIELD for value in row):
                raise _broken()
            yield [plain_lines(unguarded(value)) for value in row]
    except csv.Error:
        raise _broken() from None


def _table_text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise FileRefused("FILE-SIZE", "文件超过20MB，请拆分后上传")
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-")):
        raise FileRefused("CSV-KIND", f"这不是CSV文件，{_SAVE_AS}")
    text = decoded(content, _CONTROL)
    if text is None:
        raise FileRefused("CSV-KIND", f"文件编码无法识别，{_SAVE_AS}")
    return text


def decoded(content: bytes, forbidden: re.Pattern[str]) -> str | None:
    """The text these bytes are in UTF-8 or GB 18030; None where they are none, or have a forbidden sign."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if forbidden.search(text) else text
    return None


def _broken() -> FileRefused:
    return FileRefused("CSV-BROKEN", "CSV文件的引号不成对或单元格过长，请重新保存后上传")
