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
#: In the order of series, so that two writers never wait crosswise.
_LAST = (
    sa.select(_COUNTERS.c.series, _COUNTERS.c.value)
    .where(_COUNTERS.c.series.in_(sa.bindparam("of", expanding=True)))
    .order_by(_COUNTERS.c.series)
)
_MOVE = sa.update(_COUNTERS).where(_COUNTERS.c.series == sa.bindparam("of")).values(value=sa.bindparam("to"))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3)


def check_digit(digits: str) -> str:
    """GB 11643 weights over the digits, modulo 10."""
    total = sum(int(digit) * _WEIGHTS[place % len(_WEIGHTS)] for place, digit in enumerate(digits))
    return str(total % 10)


def has_check_digit(number: str) -> bool:
    """Return whether a number of ours was typed right; letters before the digits do not count."""
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
        last = _last(session, list(draws))
        moved: list[dict[str, object]] = []
        for series, drawing in draws.items():
            value = last[series]
            moved.append({"of": series, "to": value + len(drawing)})
            for place, draw in enumerate(drawing, value + 1):
                draw(place)
        connection.execute(_MOVE, moved)
    session.flush()


def _last(session: Session, wanted: list[str]) -> dict[str, int]:
    """The values drawn last; their rows are held from here on."""
    connection, held = session.connection(), locked(session, _LAST)
    found = {row.series: row.value for row in connection.execute(held, {"of": wanted})}
    if len(found) == len(wanted):
        return found
    for series in wanted:
        if series not in found:
            # Another transaction may make the row at the same moment; then it is waited for and read.
            with suppress(IntegrityError), connection.begin_nested():
                connection.execute(_COUNTERS.insert(), {"id": new_id(), "series": series, "value": 0})
    return {row.series: row.value for row in connection.execute(held, {"of": wanted})}
