"""Business numbers: never reused, never personal, drawn next to last in a transaction (decision 22)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.columns import new_id
from models.dialect import locked
from models.engine import NumberCounter
from services.engine.work import Work

_COUNTERS: sa.Table = NumberCounter.__table__  # type: ignore[attr-defined]
_LAST = sa.select(_COUNTERS.c.value).where(_COUNTERS.c.series == sa.bindparam("of"))
_MOVE = sa.update(_COUNTERS).where(_COUNTERS.c.series == sa.bindparam("of")).values(value=sa.bindparam("to"))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3)


def check_digit(digits: str) -> str:
    """GB 11643 weights over the digits, modulo 10."""
    total = sum(int(digit) * _WEIGHTS[place % len(_WEIGHTS)] for place, digit in enumerate(digits))
    return str(total % 10)


def has_check_digit(number: str) -> bool:
    """Whether a number of ours was typed right; letters before the digits do not count."""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    return len(digits) > 1 and check_digit(digits[:-1]) == digits[-1]


def number_later(work: Work, prefix: str, district_code: str, on: date, take: Callable[[str], None]) -> None:
    """Have the door draw `prefix` + district + yyMMdd + 6 digits + check and hand it to `take` before commit."""
    series = f"{prefix}{district_code}{on:%y%m%d}"

    def draw(value: int) -> None:
        digits = f"{district_code}{on:%y%m%d}{value:06d}"
        take(f"{prefix}{digits}{check_digit(digits)}")

    work.numbers.append((series, draw))


def draw_all(session: Session, numbers: list[tuple[str, Callable[[int], None]]]) -> None:
    """Draw every number asked for, in a fixed order of series so that two writers never wait crosswise."""
    draws: dict[str, list[Callable[[int], None]]] = {}
    for series, draw in sorted(numbers, key=lambda one: one[0]):
        draws.setdefault(series, []).append(draw)
    if draws:
        connection = session.connection()
        moved: list[dict[str, object]] = []
        for series, drawing in draws.items():
            value = _last(connection, session, series)
            moved.append({"of": series, "to": value + len(drawing)})
            for place, draw in enumerate(drawing, value + 1):
                draw(place)
        connection.execute(_MOVE, moved)
    session.flush()


def _last(connection: sa.Connection, session: Session, series: str) -> int:
    """The value drawn last; its row is held from here on."""
    found: int | None = connection.execute(locked(session, _LAST), {"of": series}).scalar()
    if found is not None:
        return found
    # Somebody else may make the row at the same moment; then it is waited for and read.
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(_COUNTERS.insert(), {"id": new_id(), "series": series, "value": 0})
    made: int = connection.execute(locked(session, _LAST), {"of": series}).scalar_one()
    return made
