"""Business numbers: never reused, never personal, drawn next to last in a transaction (decision 22)."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from models.dialect import locked
from models.engine import NumberCounter
from services.engine.work import Work

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
    for series, draw in sorted(numbers, key=lambda asked: asked[0]):
        draw(_next(session, series))
    session.flush()


def _next(session: Session, series: str) -> int:
    counter: NumberCounter | None = session.exec(
        locked(session, select(NumberCounter).where(NumberCounter.series == series))
    ).first()
    if counter is None:
        try:
            with session.begin_nested():
                counter = NumberCounter(series=series, value=0)
                session.add(counter)
                session.flush()
        except IntegrityError:
            pass
        again: NumberCounter = session.exec(
            locked(session, select(NumberCounter).where(NumberCounter.series == series))
        ).one()
        counter = again
    counter.value += 1
    session.add(counter)
    return counter.value
