"""Workbooks of kinds written: empty templates with a sheet a list, and the lists of one version to work on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from services.engine.clock import SHANGHAI
from services.engine.kinds import Child, Kind
from services.engine.shapes import fields_of
from services.engine.sheets import Cell
from services.imports.kinds import Hint
from services.imports.template import HEAD_FILL, Choices, dress_columns, head_cell, text_cell
from services.records.sheet_columns import KEY, PLACE, SheetColumn, columns_of, hint_of

EXPLAINED = "填写说明"
#: Excel keeps fifteen digits of a number.
_DIGITS, _EXACT = 15, 10**15
PLACE_HINT = Hint(PLACE, "本表内的序号；附表的行以序号对应记录，没有附表的可不填", width=8)
KEY_HINT = Hint(KEY, "由系统导出；有编号的行更新该记录，没有变化的不更新，新增记录请留空", width=26)
OF_HINT = Hint(PLACE, "所属记录在首页中的序号", width=8)
_GENERAL = (
    "请不要合并单元格，不要修改第1行的栏目名；栏目的先后可以调整，多出的栏目不读取，缺少的栏目保持原值。",
    "编号、代码请用文本格式，数值格式会丢失末位或开头的0；日期请填写为2026-03-01。",
    "遮蔽显示的内容（含*）不要修改，照原样保留即视为没有变化。",
)


@dataclass(frozen=True)
class Page:
    """A sheet to write: its hints by column, the heads in red, those hidden, and its rows."""

    title: str
    hints: Sequence[Hint]
    required: frozenset[str]
    hidden: frozenset[str] = frozenset()
    rows: Iterable[Sequence[Cell]] = ()


def record_columns(kind: Kind) -> tuple[SheetColumn, ...]:
    return columns_of(kind.fields)


def title_column(kind: Kind) -> str:
    """The head under which a row is known by name; the first where the system makes the name."""
    columns = record_columns(kind)
    return next((one.head for one in columns if one.field.name == kind.look.title), columns[0].head)


def child_columns(child: Child) -> tuple[SheetColumn, ...]:
    return columns_of(fields_of(child.table))


def child_title(child: Child) -> str:
    """The name of a list's sheet."""
    return child.label[:31]


def record_template(kind: Kind) -> bytes:
    """An empty workbook of a kind's records: first the records, then a sheet for each list of theirs."""
    main = record_columns(kind)
    pages = [
        Page(
            kind.label[:31],
            (PLACE_HINT, KEY_HINT, *(hint_of(one) for one in main)),
            _required(main),
            frozenset({KEY}),
        )
    ]
    for child in kind.children:
        columns = child_columns(child)
        pages.append(Page(child_title(child), (OF_HINT, *(hint_of(one) for one in columns)), _required(columns)))
    return write_book(pages)


def child_template(child: Child, rows: Iterable[Sequence[Cell]] = ()) -> bytes:
    """A workbook of one list, empty or with its lines."""
    columns = child_columns(child)
    page = Page(child_title(child), tuple(hint_of(one) for one in columns), _required(columns), rows=rows)
    return write_book([page])


def _required(columns: Sequence[SheetColumn]) -> frozenset[str]:
    return frozenset(column.head for column in columns if column.field.required)


def write_book(pages: Sequence[Page]) -> bytes:
    """A workbook of these sheets, with one that explains every column."""
    book: Any = Workbook(write_only=True)
    choices = Choices()
    for page in pages:
        sheet = book.create_sheet(page.title)
        dress_columns(sheet, page.hints, choices)
        sheet.freeze_panes = "A2"
        for place, hint in enumerate(page.hints, 1):
            if hint.label in page.hidden:
                sheet.column_dimensions[get_column_letter(place)].hidden = True
        sheet.append([head_cell(sheet, hint.label, required=hint.label in page.required) for hint in page.hints])
        for row in page.rows:
            sheet.append([value_cell(sheet, value) for value in row])
    _explain(book.create_sheet(EXPLAINED), pages)
    choices.write(book)
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def value_cell(sheet: Any, value: Cell) -> Any:
    """Write a value as a cell that reads back unchanged: a number only where a spreadsheet keeps all its digits."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return text_cell(sheet, f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}")
    plain: Any = value
    if isinstance(value, date):
        day: Any = WriteOnlyCell(sheet, plain)
        day.number_format = "yyyy-mm-dd"
        return day
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _EXACT:
        return WriteOnlyCell(sheet, plain)
    if isinstance(value, Decimal) and abs(value) < _EXACT and len(value.as_tuple().digits) <= _DIGITS:
        return WriteOnlyCell(sheet, plain)
    return text_cell(sheet, str(value))


def _explain(sheet: Any, pages: Sequence[Page]) -> None:
    for place, width in enumerate((16, 24, 8, 60, 60), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    heads = []
    for text in ("表页", "栏目", "必填", "填写要求", "可选内容"):
        head = text_cell(sheet, text)
        head.font, head.fill = Font(bold=True), HEAD_FILL
        heads.append(head)
    sheet.append(heads)
    for page in pages:
        for hint in page.hints:
            told = (
                page.title,
                hint.label,
                "是" if hint.label in page.required else "否",
                hint.hint,
                "、".join(hint.choices),
            )
            sheet.append([text_cell(sheet, text) for text in told])
    for line in ("", *_GENERAL):
        sheet.append([text_cell(sheet, line)])
