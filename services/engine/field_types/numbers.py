"""Numbers: money, areas, percentages, plain decimals and whole numbers."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, ClassVar

import sqlalchemy as sa

from models.columns import ScaledNumber
from models.normal import half_width
from services.engine.field_types.field import Field, Names, Shown, Unreadable
from services.engine.field_types.filters import Between, Test, bounds_of
from services.engine.refusals import Rejected

#: Wider than every number column; beyond it a database would not take the bound of a filter.
_WIDEST = Decimal(10) ** 10
#: JSON readers keep whole numbers exactly up to here.
_SAFE = 2**53 - 1
_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"


class Numeric(Field):
    """Base of all numbers."""

    control = "number"
    asked = "bounds"
    number = True

    def __init__(self, column: "sa.Column[Any]", *, required: bool = False) -> None:
        super().__init__(column, required=required)
        self.positive = bool(column.info.get("positive"))
        self.negative = bool(column.info.get("negative"))

    def _within(self, number: Decimal) -> Decimal:
        """Return the number, or refuse one that the column never holds."""
        if self.positive and number <= 0:
            raise Unreadable("应大于0")
        if number < 0 and not self.negative:
            raise Unreadable("不能为负数")
        return number

    def test(self, wanted: Any) -> Test:
        low, high = bounds_of(wanted)
        return Between(self, _bound(low), _bound(high))

    def _hint(self, what: str) -> str:
        return f"{what}，单位{self.unit}" if self.unit else what


class Number(Numeric, sql=ScaledNumber):
    """A decimal of up to ten whole digits and four places."""

    whole: ClassVar[int] = 10
    places: ClassVar[int] = 4
    #: Papers show at least so many places, and at most.
    shown_places: ClassVar[tuple[int, int]] = (0, 4)

    def _read(self, typed: Any) -> Decimal:
        number = self._within(_decimal(typed))
        number = number.normalize() if number else Decimal(0)
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            raise Unreadable(f"最多保留{self.places}位小数")
        if abs(number) >= Decimal(10) ** self.whole:
            raise Unreadable(f"数值过大，整数部分最多{self.whole}位")
        return number.quantize(Decimal(1).scaleb(-2)) if self.places == 2 else number + Decimal(0)

    def raw(self, value: Any) -> str:
        return f"{value:f}"

    def _parsed(self, raw: str) -> Decimal:
        return Decimal(raw)

    def _shown(self, value: Any, names: Names) -> Shown:
        # The database fills a number up to all of its places.
        filled = isinstance(value, Decimal) and self.places > 2
        return value.normalize() + Decimal(0) if filled else super()._shown(value, names)

    def text(self, value: Shown) -> str:
        return f"{value:,}" if self.grouped and isinstance(value, Decimal) else super().text(value)

    def words(self, value: Shown) -> str:
        if not isinstance(value, Decimal):
            return super().words(value)
        least, most = self.shown_places
        whole, _, places = f"{value:,.{most}f}".partition(".")
        places = places.rstrip("0").ljust(least, "0")
        return (f"{whole}.{places}" if places else whole) + (f" {self.unit}" if self.unit else "")

    def hint(self) -> str:
        return self._hint("数值")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": _DECIMAL}


class Percent(Number, sql=ScaledNumber, info={"unit": "%"}):
    """Hundredths of a whole."""

    def _within(self, number: Decimal) -> Decimal:
        if not 0 <= number <= 100:
            raise Unreadable("应在0至100（%）之间")
        return super()._within(number)


class Area(Number, sql=ScaledNumber, info={"unit": "㎡"}):
    """Square metres."""

    places = 2
    shown_places = (2, 4)
    grouped = True


class Money(Number, sql=ScaledNumber, info={"unit": "元"}):
    """Yuan."""

    whole = 16
    places = 2
    shown_places = (2, 2)
    grouped = True
    sheet_width = 18


class Integer(Numeric, sql=sa.Integer):
    """A whole number."""

    grid_width = 80

    def _read(self, typed: Any) -> int:
        number = self._within(_decimal(typed))
        if number != number.to_integral_value():
            raise Unreadable("请填写整数")
        if abs(number) > _SAFE:
            raise Unreadable("数值过大，请核对")
        return int(number)

    def _parsed(self, raw: str) -> int:
        return int(raw)

    def words(self, value: Shown) -> str:
        return f"{value:,}" + (f" {self.unit}" if self.unit else "") if isinstance(value, int) else self.text(value)

    def test(self, wanted: Any) -> Test:
        low, high = map(_bound, bounds_of(wanted))
        return Between(
            self,
            None if low is None else int(low.to_integral_value(ROUND_CEILING)),
            None if high is None else int(high.to_integral_value(ROUND_FLOOR)),
        )

    def hint(self) -> str:
        return self._hint("整数")

    def schema(self) -> dict[str, Any]:
        return {"type": "integer"}

    def _json(self, value: Any) -> Any:
        return value


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


def _bound(value: Any) -> Decimal | None:
    if value in ("", None):
        return None
    try:
        number = Decimal(half_width(str(value)).replace(",", "").strip())
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise Rejected("筛选条件中的数值不正确，请重新填写")
    # A bound beyond every value finds the same as the widest bound.
    return max(min(number, _WIDEST - 1), 1 - _WIDEST)


class Year(Integer, sql=sa.Integer, info={"calendar": "year"}):
    """A year, read as its four digits."""

    def words(self, value: Shown) -> str:
        return self.text(value)
