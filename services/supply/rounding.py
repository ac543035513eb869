"""Figures as reports write them: rounded half away from zero, from unrounded sums, zero without a sign."""

from fractions import Fraction
from typing import TypeAlias

from services.supply.facts import PLACES

#: An area in 0.0001 m², or a sum of money in 0.01 yuan, before rounding.
Exact: TypeAlias = int | Fraction

SQUARE_METRES_OF_A_WAN = 10_000


def rounded(value: Exact, places: int) -> int:
    """The whole number of steps of `places` decimals, half away from zero."""
    factor: int = 10**places
    if isinstance(value, int):
        return value * factor
    scaled = value * factor
    whole: int = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    return whole if scaled >= 0 else -whole


def written(value: Exact | None, places: int = 2) -> str | None:
    """A number as text with so many decimals, or None for what cannot be said."""
    if value is None:
        return None
    return _text(rounded(value, places), places)


def _text(steps: int, places: int) -> str:
    sign, digits = ("-" if steps < 0 else ""), str(abs(steps)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def area(value: Exact) -> str:
    """An area in m² with four decimals, which are the steps it is counted in."""
    return _text(rounded(value, 0), len(str(PLACES)) - 1)


def wan(value: Exact) -> str:
    """An area in 10,000 m² with two decimals."""
    return str(written(Fraction(value, PLACES * SQUARE_METRES_OF_A_WAN), 2))


def ratio(above: Exact, below: Exact, *, percent: bool = False) -> str | None:
    """A quotient with two decimals, or None when what it is divided by is not above zero."""
    if below <= 0:
        return None
    return written(Fraction(above) / Fraction(below) * (100 if percent else 1))
