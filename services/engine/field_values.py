"""A value of a form, read by its field: normal forms, widths, codes, days; and back again (market 2.0)."""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from models.codes import Code
from models.normal import BadText, clean_name, clean_text, half_width, normal_cert_no, parse_day
from services.engine.clock import SHANGHAI
from services.engine.shapes import Field, FieldKind

_LONGEST = 20_000
_WIDEST = 2_000
_SAFE = 2**53 - 1
_NUMBERED = re.compile(r"(^|_)(no|nos|code|codes|uscc)$")
_BRACKETS = str.maketrans("（）〔〕【】［］[]", "()()()()()")
_TWINS = {
    ord(full): ord(full) - 0xFEE0
    for ends in ("０９", "ＡＺ", "ａｚ")
    for full in map(chr, range(ord(ends[0]), ord(ends[1]) + 1))
}
_YES = {"true": True, "是": True, "1": True, "false": False, "否": False, "0": False}
#: Whole digits, places, and whether less than nothing is a value.
_WIDTHS = {
    FieldKind.MONEY: (16, 2, False),
    FieldKind.AREA: (10, 2, False),
    FieldKind.PERCENT: (10, 4, True),
    FieldKind.NUMBER: (10, 4, True),
}


class Unreadable(ValueError):
    """Raised for a value that its field cannot hold; the sentence says what to change."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def normal_number(text: str) -> str:
    """A certificate's, contract's or company's number as it is compared: half-width, one kind of brackets, no blanks,
    upper case."""
    return normal_cert_no(half_width(unicodedata.normalize("NFC", text)).translate(_BRACKETS))


def read_value(field: Field, typed: Any) -> Any:
    """The value of a field, or None when nothing was filled in; raises `Unreadable`."""
    if typed is None or (isinstance(typed, str) and not typed.strip()):
        return None
    if isinstance(typed, dict | list | tuple | set | bytes):
        raise Unreadable("填写的内容不正确，请重新填写")
    try:
        return _READERS[field.kind](field, typed)
    except BadText as problem:
        raise Unreadable(problem.sentence.rstrip("。")) from None


def typed_beside(field: Field, typed: Any, raw: Any) -> str | None:
    """Return what was typed, where its normal form is something else (market 2.0 `raw_value`); None where it is not.

    Texts differ by any sign. Of numbers, days and codes only width and blanks count: 100 is no other text than 100.00.
    """
    if not isinstance(typed, str):
        return None
    if field.kind in {FieldKind.TEXT, FieldKind.LONG}:
        same = typed.replace("\r\n", "\n") == raw
    else:
        same = half_width(typed).strip() == typed
    return None if same else typed[:_LONGEST]


def raw_of(value: Any) -> Any:
    """A parsed value as JSON holds it: numbers as text, days as ISO, codes by value."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Code):
        return str(value.value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _text(field: Field, typed: Any) -> str | None:
    text = str(typed)
    most = field.most or _WIDEST
    if _NUMBERED.search(field.name) or field.mask in {"id", "cert"}:
        text = normal_number(text)
    else:
        text = digits_and_letters(text)
    if field.mask == "name":
        return clean_name(text, most) or None
    return clean_text(text, most) or None


def digits_and_letters(text: str) -> str:
    """Full-width digits and letters as their twins; brackets of a name stay as they are written in Chinese."""
    return text if text.isascii() else text.translate(_TWINS)


def _long(field: Field, typed: Any) -> str | None:
    return clean_text(str(typed), _LONGEST, multiline=True) or None


def _code(field: Field, typed: Any) -> Code:
    assert field.codes is not None
    word = str(typed).strip()
    for member in field.codes:
        if word in {str(member.value), member.label}:
            return member
    raise Unreadable("不在可选范围内，请从列表中选择")


def _number(field: Field, typed: Any) -> Decimal:
    whole, places, below = _WIDTHS[field.kind]
    number = _decimal(typed)
    if number < 0 and not below:
        raise Unreadable("不能为负数")
    number = number.normalize() if number else Decimal(0)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise Unreadable(f"最多保留{places}位小数")
    if abs(number) >= Decimal(10) ** whole:
        raise Unreadable(f"数值过大，整数部分最多{whole}位")
    return number.quantize(Decimal(1).scaleb(-2)) if places == 2 else number + Decimal(0)


def _decimal(typed: Any) -> Decimal:
    if isinstance(typed, bool):
        raise Unreadable("请填写数字")
    plain = half_width(str(typed)).strip().replace("−", "-")
    if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        plain = plain.replace(",", "")
    if len(plain) > 60 or not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?", plain):
        raise Unreadable("请只填写数字，例如1234.50")
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise Unreadable("请只填写数字，例如1234.50") from None


def _integer(field: Field, typed: Any) -> int:
    number = _decimal(typed)
    if number != number.to_integral_value():
        raise Unreadable("请填写整数")
    if abs(number) > _SAFE:
        raise Unreadable("数值过大，请核对")
    return int(number)


def _flag(field: Field, typed: Any) -> bool:
    if isinstance(typed, bool):
        return typed
    answer = _YES.get(half_width(str(typed)).strip().casefold())
    if answer is None:
        raise Unreadable("请选择是或否")
    return answer


def _day(field: Field, typed: Any) -> date:
    if isinstance(typed, datetime):
        return typed.astimezone(SHANGHAI).date()
    return typed if isinstance(typed, date) else parse_day(str(typed))


def _moment(field: Field, typed: Any) -> datetime:
    if not isinstance(typed, datetime):
        try:
            typed = datetime.fromisoformat(half_width(str(typed)).strip())
        except ValueError:
            raise Unreadable("请按年月日时分填写，例如2026-03-01 09:30") from None
    try:
        at: datetime = typed.astimezone(UTC) if typed.tzinfo else typed.replace(tzinfo=SHANGHAI).astimezone(UTC)
    except OverflowError:
        at = datetime.min.replace(tzinfo=UTC)
    if not 1900 <= at.year <= 2199:
        raise Unreadable("日期应在1900年至2199年之间，请核对")
    return at


def _reference(field: Field, typed: Any) -> UUID:
    if isinstance(typed, UUID):
        return typed
    try:
        return UUID(str(typed).strip())
    except ValueError:
        raise Unreadable("请从列表中选择") from None


_READERS = {
    FieldKind.TEXT: _text,
    FieldKind.LONG: _long,
    FieldKind.CODE: _code,
    FieldKind.MONEY: _number,
    FieldKind.AREA: _number,
    FieldKind.PERCENT: _number,
    FieldKind.NUMBER: _number,
    FieldKind.INTEGER: _integer,
    FieldKind.FLAG: _flag,
    FieldKind.DAY: _day,
    FieldKind.MOMENT: _moment,
    FieldKind.REF: _reference,
}
