"""The sheets of a workbook: guarded first, then read in a process of its own (decision 34)."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from services.files.file_refusals import FileRefused
from services.files.workbooks import Limits, SheetMarks, guard_workbook

LARGEST = 20 << 20
#: Marks of a sheet and its cells by row, each as its kind (see `values_child`) and its text.
ReadSheet = tuple[SheetMarks, list[list[list[str]]]]
_CHILD = Path(__file__).with_name("values_child.py")
_SECONDS = 30
_TAKE_TEMPLATE = "请下载模板，在模板中填写后上传"


def visible_sheets(content: bytes, limits: Limits) -> dict[int, SheetMarks]:
    """The marks of the visible sheets, at least one, by their places from 0."""
    shown = {place: sheet for place, sheet in enumerate(_guarded(content, limits)) if not sheet.hidden}
    if not shown:
        raise FileRefused("XLSX-HIDDEN", f"工作簿的表页都是隐藏的，{_TAKE_TEMPLATE}")
    return shown


def named_sheets(content: bytes, limits: Limits, names: Sequence[str]) -> dict[str, ReadSheet]:
    """Read the visible sheets with these names; missing ones are left out."""
    return {
        sheet.name: (sheet, cells_of(content, place))
        for place, sheet in enumerate(_guarded(content, limits))
        if not sheet.hidden and sheet.name in names
    }


def _guarded(content: bytes, limits: Limits) -> Sequence[SheetMarks]:
    if len(content) > LARGEST:
        raise FileRefused("FILE-SIZE", "文件超过20MB，请拆分后上传")
    return guard_workbook(content, limits)


def cells_of(content: bytes, sheet: int) -> list[list[list[str]]]:
    """Read the cells of the sheet at this place of a workbook that was guarded."""
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
