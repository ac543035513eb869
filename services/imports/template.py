"""The template of a kind: drop-downs, hints, text cells for long numbers, date cells, and a page that explains each column."""

from collections.abc import Sequence
from io import BytesIO
from itertools import zip_longest
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from services.engine.sheets import printable
from services.imports.kinds import Hint, Importable

HEAD_FILL = PatternFill("solid", fgColor="E8EEF4")
_ROWS = 20_001
#: Spreadsheets take no longer list in a rule.
_LONGEST_RULE = 250
_FORMATS = {"text": "@", "choice": "@", "day": "yyyy-mm-dd"}
_SHAPES = {"text": "文本", "choice": "从下拉列表选择", "day": "日期"}


def write_template(kind: Importable, required: Sequence[str]) -> bytes:
    """An empty table with heads; `required` columns are marked."""
    book: Any = Workbook(write_only=True)
    sheet = book.create_sheet(kind.label)
    choices = Choices()
    dress_columns(sheet, kind.hints, choices)
    sheet.freeze_panes = "A2"
    sheet.append([head_cell(sheet, hint.label, required=hint.label in required) for hint in kind.hints])
    _explain(book.create_sheet("填写说明"), kind, required)
    choices.write(book)
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


class Choices:
    """Lists of choices too long for a cell's rule: a hidden sheet, a column for each list."""

    TITLE = "可选内容"

    def __init__(self) -> None:
        self._lists: dict[tuple[str, ...], str] = {}
        self._heads: list[str] = []

    def formula(self, hint: Hint) -> str:
        """Return the formula of a drop-down: the choices, or their place in the hidden sheet."""
        inline = ",".join(hint.choices)
        if len(inline) <= _LONGEST_RULE and not any("," in one or '"' in one for one in hint.choices):
            return f'"{inline}"'
        choices = tuple(hint.choices)
        if choices not in self._lists:
            letter = get_column_letter(len(self._lists) + 1)
            self._lists[choices] = f"'{self.TITLE}'!${letter}$2:${letter}${len(choices) + 1}"
            self._heads.append(hint.label)
        return self._lists[choices]

    def write(self, book: Any) -> None:
        """The hidden sheet, where anything needs it; the last of its book."""
        if not self._lists:
            return
        sheet = book.create_sheet(self.TITLE)
        sheet.sheet_state = "hidden"
        sheet.append([text_cell(sheet, head) for head in self._heads])
        for line in zip_longest(*self._lists, fillvalue=""):
            sheet.append([text_cell(sheet, one) if one else None for one in line])


def dress_columns(sheet: Any, hints: Sequence[Hint], choices: Choices) -> None:
    """Widths, formats of the empty cells, drop-downs and what is said when a cell is entered."""
    for place, hint in enumerate(hints, 1):
        letter = get_column_letter(place)
        column = sheet.column_dimensions[letter]
        column.width, column.number_format = hint.width, _FORMATS[hint.shape]
        rule = _rule(hint, choices)
        rule.promptTitle, rule.prompt, rule.showInputMessage = hint.label[:32], hint.hint[:255], True
        rule.add(f"{letter}2:{letter}{_ROWS}")
        sheet.data_validations.append(rule)


def _rule(hint: Hint, choices: Choices) -> DataValidation:
    if hint.shape == "choice":
        rule = DataValidation(type="list", formula1=choices.formula(hint), allow_blank=True)
        rule.error, rule.errorTitle = "请从下拉列表选择", hint.label
        rule.showErrorMessage = True
        return rule
    if hint.shape == "day":
        # A warning only: a day written as text is read too.
        rule = DataValidation(type="date", operator="greaterThan", formula1="18264", allow_blank=True)
        rule.error, rule.errorTitle, rule.errorStyle = "请按2026-03-01的形式填写日期", hint.label, "warning"
        rule.showErrorMessage = True
        return rule
    return DataValidation(allow_blank=True)


def head_cell(sheet: Any, text: str, *, required: bool = False) -> Any:
    """A head; what must be filled in is red."""
    head = text_cell(sheet, text)
    head.font = Font(bold=True, color="9C2B22" if required else "1F2933")
    head.fill, head.alignment = HEAD_FILL, Alignment(vertical="center")
    return head


def text_cell(sheet: Any, text: str) -> Any:
    """Text that no spreadsheet takes for a formula or a number."""
    cell = WriteOnlyCell(sheet, printable(text)[:32_767])
    cell.data_type, cell.number_format = "s", "@"
    return cell


def _explain(sheet: Any, kind: Importable, required: Sequence[str]) -> None:
    for place, width in enumerate((24, 10, 18, 50, 60), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([head_cell(sheet, text) for text in ("栏目", "必填", "格式", "填写要求", "可选内容")])
    for hint in kind.hints:
        told = (
            hint.label,
            "是" if hint.label in required else "否",
            _SHAPES[hint.shape],
            hint.hint + (f"；例：{hint.example}" if hint.example else ""),
            "、".join(hint.choices),
        )
        sheet.append([text_cell(sheet, text) for text in told])
    for line in (
        "",
        "请不要合并单元格，不要修改第1行的栏目名；栏目的先后可以调整，多出的栏目不读取。",
        "证件号码、手机号和代码请用文本格式，数值格式会丢失末位或开头的0。",
        "一次最多20000行，文件不超过20MB；照片打成一个zip压缩包，与表格一并上传，不超过20MB、2000个文件。",
    ):
        sheet.append([text_cell(sheet, line)])
