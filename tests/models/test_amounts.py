"""Amounts in capital characters and figures."""

import re
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from models.amounts import LARGEST, capital_amount, money_text
from models.columns import ScaledNumber


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("1.20", "壹元贰角整"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("15", "壹拾伍元整"),
        ("100", "壹佰元整"),
        ("101", "壹佰零壹元整"),
        ("110", "壹佰壹拾元整"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("12000", "壹万贰仟元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("10500", "壹万零伍佰元整"),
        ("100000", "壹拾万元整"),
        ("100010", "壹拾万零壹拾元整"),
        ("105000", "壹拾万伍仟元整"),
        ("1020000", "壹佰零贰万元整"),
        ("10000000", "壹仟万元整"),
        ("100000000", "壹亿元整"),
        ("100000500", "壹亿零伍佰元整"),
        ("100050000", "壹亿零伍万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1200000000000", "壹万贰仟亿元整"),
        ("1000000010000", "壹万亿零壹万元整"),
        ("1000500000000", "壹万零伍亿元整"),
        ("9999999999999.99", "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_amount_is_written_in_capitals(amount: str, words: str) -> None:
    assert capital_amount(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "NaN", "Infinity", "10000000000000"])
def test_what_cannot_be_written_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="whole cents"):
        capital_amount(Decimal(amount))


def read_back(words: str) -> Decimal:
    """The amount that capital characters stand for."""
    digits = {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}
    total = section = digit = 0
    whole, _, rest = words.rpartition("元") if "元" in words else ("", "", words)
    for char in whole:
        if char in digits:
            digit = digits[char]
        elif char in units:
            section, digit = section + digit * units[char], 0
        elif char == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif char == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    yuan = total + section + digit
    parts = re.fullmatch(r"零?(?:(.)角)?零?(?:(.)分)?整?", rest)
    assert parts is not None
    return Decimal(yuan) + Decimal(digits[parts[1] or "零"]) / 10 + Decimal(digits[parts[2] or "零"]) / 100


@given(st.decimals(0, LARGEST, places=2))
def test_words_read_back_as_the_same_amount(amount: Decimal) -> None:
    words = capital_amount(amount)
    assert read_back(words) == amount
    assert "零零" not in words


def test_figures_are_grouped_and_carry_their_unit() -> None:
    assert money_text(Decimal("1234.5")) == "1,234.50 元"
    assert money_text(Decimal("-1234567.005")) == "-1,234,567.01 元"


@pytest.mark.parametrize("database", ["sqlite://", "postgresql+psycopg://"])
@pytest.mark.parametrize(
    ("places", "amount", "stored"),
    [(2, "2.346", "2.35"), (2, "2.344", "2.34"), (2, "-2.346", "-2.35"), (4, "88.00006", "88.0001")],
)
def test_a_column_rounds_what_lies_beyond_its_last_place(database: str, places: int, amount: str, stored: str) -> None:
    dialect = sa.make_url(database).get_dialect()()
    column = ScaledNumber(18, places)
    assert column.process_result_value(column.process_bind_param(Decimal(amount), dialect), dialect) == Decimal(stored)
