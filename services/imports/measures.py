"""Readers of measures and numbers in tables of buildings and prices: units, separators and widths are repaired."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from models.normal import half_width, is_invisible, normal_building_no, without_blanks
from services.imports.sheets import Cell, Reader, Says

#: A spreadsheet's binary noise: 95.23999999999999 is 95.24.
_NOISE = Decimal("0.000001")
_PLAIN = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:[Ee][+-]?\d+)?")
_CURRENCY = re.compile(r"^[¥￥]|元(?:/㎡|/平方米|/m2|/m²)?$")
_ROOM_WORD = re.compile(r"(?<=[0-9A-Z])[室号房]$")

#: Says what is wrong with a number, or nothing.
Limit = Callable[[Decimal, Says], object]


def plain(text: str) -> str:
    """Return a text in half width, without blanks and invisible signs."""
    return half_width(without_blanks("".join(char for char in text if not is_invisible(char))))


def not_negative(value: Decimal, says: Says) -> None:
    """Refuse a number below zero."""
    if value < 0:
        says.error("NEGATIVE", f"{says.column}不能为负，请核对")


def positive(value: Decimal, says: Says) -> None:
    """Refuse zero and less."""
    if value <= 0:
        says.error("NOT_POSITIVE", f"{says.column}应大于0，请核对")


def storeys(cell: Cell, says: Says) -> str:
    """Read a number of storeys: 18层 is 18, while 4+1 and 4.5 are none."""
    text = plain(cell.text)
    if re.fullmatch(r"\d+\+\d+层?", text):
        says.error("STOREYS_AMBIGUOUS", f"{says.column}写成{text}，看不出是多少层，请只填一个整数")
        return ""
    value = number_in(text.removesuffix("层"))
    if cell.kind != "d" and value is not None and value != value.to_integral_value():
        says.error("STOREYS_INTEGER", f"{says.column}应为整数，请核对")
        return ""
    return _STOREYS(cell, says)


def measure(*units: str, places: int = 2, limit: Limit = not_negative) -> Reader:
    """Read a number of so many decimals, with or without its unit; a repaired one is noted (NUMBER_TEXT)."""
    unit = re.compile("(?:" + "|".join(re.escape(one) for one in units) + ")$") if units else None

    def read(cell: Cell, says: Says) -> str:
        if cell.kind == "d":
            says.error("CELL_TYPE", f"{says.column}已被表格软件变成日期，请改为数值")
            return ""
        text = _CURRENCY.sub("", _CURRENCY.sub("", plain(cell.text)))
        value = number_in(unit.sub("", text) if unit else text)
        if value is None:
            says.error("NUMBER_INVALID", f"{says.column}不是一个数，请只填写数字")
            return ""
        exact = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if abs(exact - value) > _NOISE:
            says.error(
                "DECIMALS", f"{says.column}最多{places}位小数，请核对" if places else f"{says.column}应为整数，请核对"
            )
            return ""
        limit(exact, says)
        if says.row.failed(says.column):
            return ""
        if was_text(cell):
            says.note("NUMBER_TEXT", f"{says.column}已整理为数字")
        return f"{exact}"

    return read


def was_text(cell: Cell) -> bool:
    """Return whether a number was more than a number: text in a workbook, or text with units or blanks."""
    if cell.kind == "n" or cell.formula:
        return False
    return cell.typed or re.fullmatch(r"-?\d+(?:\.\d+)?", cell.text) is None


def number_in(text: str) -> Decimal | None:
    """Return the number a plain text is, with or without separators of thousands."""
    if not _PLAIN.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def building_no(cell: Cell, says: Says) -> str:
    """Read the number of a building in its one spelling: 18号楼 and 18＃ are 18#."""
    value = normal_building_no(plain(cell.text))
    if value != cell.text:
        says.note("NO_NORMALISED", f"{says.column}写法已统一为“{value}”")
    return value


def room_no(cell: Cell, says: Says) -> str:
    """Read the number of a home, without the word for it."""
    if cell.kind == "d":
        says.error("CELL_TYPE", f"{says.column}已被表格软件变成日期，请把单元格设为文本后重新填写")
        return ""
    value = _ROOM_WORD.sub("", plain(cell.text).upper())
    if cell.kind == "n" and not cell.formula:
        says.note("TYPE_NORMALISED", f"{says.column}是数值，已按文本读取")
    elif value != cell.text:
        says.note("NO_NORMALISED", f"{says.column}写法已统一为“{value}”")
    return value


_STOREYS = measure("层", places=0)
