"""Tables of practitioners for tests and benches: made-up people with sound numbers, as spreadsheets and other programs write them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from PIL import Image

from services.practitioners.import_columns import SHEET

HEADS = tuple(column.label for column in SHEET.columns)
#: A firm of the sample data, and another one.
FIRM, OTHER_FIRM = "91310101MAYTNGWB8G", "91310104MAYEH45Y57"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FIRST, _SECOND = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "安宁平和静文明华英杰秀兰建国海波"
_POSTS, _DEGREES = ("店长", "租赁顾问", "房源管家", "客服专员"), ("大专", "本科", "硕士", "高中(中专)")

Row = dict[str, Any]


def id_number(number: int) -> str:
    """A sound number of nobody; another one for each `number` below a million."""
    born = date(1970, 1, 1) + timedelta(days=number % 9_000)
    body = f"310115{born:%Y%m%d}9{number // 9_000:02d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def person(number: int, firm: str = FIRM, **changes: Any) -> Row:
    """A row without any fault; `changes` by column."""
    id_no = id_number(number)
    row: Row = {
        "姓名": _FIRST[number % 16] + _SECOND[number // 16 % 16] + _SECOND[number // 256 % 16],
        "证件类型": "居民身份证",
        "证件号码": id_no,
        "手机号": f"193{number:08d}",
        "岗位": _POSTS[number % 4],
        "学历": _DEGREES[number // 4 % 4],
        "入职日期": date(2025, 1, 6) + timedelta(days=number % 300),
        "企业统一社会信用代码": firm,
        "门店": "测试门店",
        "劳动合同起": date(2025, 1, 6) + timedelta(days=number % 300),
        "劳动合同止": date(2029, 12, 31),
        "照片文件名": f"{id_no}.jpg",
        "备注": "",
    }
    return row | changes


def table(rows: Iterable[Mapping[str, Any]], heads: Sequence[str] = HEADS) -> bytes:
    """The rows as a workbook: numbers as text, days as dates."""
    book: Any = Workbook(write_only=True)
    sheet = book.create_sheet("从业人员")
    sheet.append([_cell(sheet, head) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, row.get(head, "")) for head in heads])
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if value in ("", None):
        return None
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", "@"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def photo(tint: int = 120, *, width: int = 295, height: int = 413) -> bytes:
    """A portrait-shaped picture that is not blank."""
    whole = BytesIO()
    shade = Image.radial_gradient("L").resize((width, height)).point(lambda value: (value + tint) % 256)
    shade.convert("RGB").save(whole, "JPEG", quality=70)
    return whole.getvalue()
