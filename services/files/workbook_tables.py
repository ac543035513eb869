"""A workbook as a table under its heads: judged first, read in a process of its own, every row with what is wrong (decision 34)."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.files.file_refusals import FileRefused
from services.files.workbooks import Limits, SheetMarks, guard_workbook

LARGEST = 20 << 20
_CHILD = Path(__file__).with_name("values_child.py")
_SECONDS = 30
_TAKE_TEMPLATE = "请下载模板，在模板中填写后上传"


@dataclass(frozen=True)
class TableRow:
    """A row that is not empty. `number` is the one a spreadsheet shows; `faults` say why it cannot be taken."""

    number: int
    values: Mapping[str, str]
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def table_rows(content: bytes, heads: Sequence[str], *, rows: int, optional: Sequence[str] = ()) -> list[TableRow]:
    """The rows below `heads` in the first visible sheet; a file without them, or too long, is refused.

    Numbers come as plain digits, days as 2026-03-01. A head in `optional` may be missing.
    """
    marks, cells = first_sheet(content, Limits(rows=rows + 1, columns=64))
    _has_no_merged_data(marks)
    if not cells:
        raise FileRefused("XLSX-HEAD", f"表格是空的，{_TAKE_TEMPLATE}")
    columns = _columns([text.strip() for _, text in cells[0]], heads, optional)
    found = [_row(number, line, columns, marks) for number, line in enumerate(cells[1:], 2)]
    return [row for row in found if row is not None]


def first_sheet(content: bytes, limits: Limits) -> tuple[SheetMarks, list[list[list[str]]]]:
    """Marks and cells of the first visible sheet; a cell is its kind (see `values_child`) and its text."""
    if len(content) > LARGEST:
        raise FileRefused("FILE-SIZE", "文件超过20MB，请拆分后上传")
    sheets = guard_workbook(content, limits)
    place = next((place for place, sheet in enumerate(sheets) if not sheet.hidden), None)
    if place is None:
        raise FileRefused("XLSX-HIDDEN", f"工作簿的表页都是隐藏的，{_TAKE_TEMPLATE}")
    return sheets[place], _values(content, place)


def named_sheets(
    content: bytes, limits: Limits, names: Sequence[str]
) -> dict[str, tuple[SheetMarks, list[list[list[str]]]]]:
    """Read the visible sheets with these names; missing ones are left out."""
    if len(content) > LARGEST:
        raise FileRefused("FILE-SIZE", "文件超过20MB，请拆分后上传")
    sheets = guard_workbook(content, limits)
    return {
        sheet.name: (sheet, _values(content, place))
        for place, sheet in enumerate(sheets)
        if not sheet.hidden and sheet.name in names
    }


def _columns(first: Sequence[str], heads: Sequence[str], optional: Sequence[str]) -> dict[str, int]:
    missing = [head for head in heads if head not in first and head not in optional]
    if missing:
        raise FileRefused("XLSX-HEAD", f"第1行缺少表头“{'、'.join(missing)}”，{_TAKE_TEMPLATE}")
    if twice := [head for head in heads if first.count(head) > 1]:
        raise FileRefused("XLSX-HEAD", f"表头“{'、'.join(twice)}”出现了两次，{_TAKE_TEMPLATE}")
    if strange := [text for text in first if text and text not in heads]:
        raise FileRefused("XLSX-HEAD", f"表头“{strange[0][:20]}”不在模板中，{_TAKE_TEMPLATE}")
    return {head: first.index(head) for head in heads if head in first}


def _row(number: int, line: Sequence[Sequence[str]], columns: Mapping[str, int], marks: SheetMarks) -> TableRow | None:
    values, notes, faults = {}, [], []
    for head, place in columns.items():
        kind, text = line[place] if place < len(line) else ("e", "")
        values[head] = text.strip()
        formula = marks.formulas.get((number, place + 1))
        if formula is False:
            faults.append(f"“{head}”是没有结果的公式，请改为数值")
        elif formula:
            notes.append(f"“{head}”是公式，已按显示的结果读取")
        if kind == "l":
            faults.append(f"“{head}”的数字超过15位，请把单元格设为文本后重新填写")
        if values[head] and place + 1 in marks.hidden_columns:
            notes.append(f"“{head}”所在的列是隐藏的，已读取")
    if not any(values.values()) and not faults:
        return None
    if number in marks.hidden_rows:
        notes.append("这一行是隐藏的，已读取")
    return TableRow(number, values, tuple(notes), tuple(faults))


def _has_no_merged_data(marks: SheetMarks) -> None:
    for place in marks.merged:
        last = place.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$")
        if not last.isdigit() or int(last) > 1:
            raise FileRefused("XLSX-MERGED", f"数据区有合并的单元格（{place}），请取消合并后上传")


def _values(content: bytes, sheet: int) -> list[list[list[str]]]:
    # Isolated, so that nothing beside the interpreter's own packages can be imported by the reader.
    command = [sys.executable, "-I", "-B", str(_CHILD), str(sheet)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0:
        raise FileRefused("XLSX-BROKEN", f"工作簿无法读取，{_TAKE_TEMPLATE}")
    read: list[list[list[str]]] = json.loads(done.stdout)
    return read
