"""Numbers as the rules of several kinds sum them up and write them, and the codes of the engine's own checks."""

from decimal import Decimal
from typing import Any

#: Codes of a field missing under a condition and of a value out of its range; the engine's own checks use them too.
MISSING, FORMAT = "REQ", "FMT"
#: No area column holds as much: each value is within it, their sum may not be.
WIDEST = Decimal(10) ** 10


def total(lines: Any, name: str) -> Decimal:
    """Sum a number over lines; an empty field counts as zero."""
    return sum((line.get(name) or Decimal(0) for line in lines), Decimal(0))


def shown(number: Decimal) -> str:
    """Write a number as people read it, without needless decimal places."""
    return f"{number.normalize():,f}" if number else "0"


def shown_beside(number: Decimal, limit: Decimal, places: int = 2) -> str:
    """Write a number with as many places as it takes to see on which side of a limit it lies: 19.9999 beside 20."""
    for more in range(places, places + 8):
        rounded = number.quantize(Decimal(1).scaleb(-more))
        if (rounded < limit) == (number < limit) and (rounded > limit) == (number > limit):
            return shown(rounded)
    return shown(number)
