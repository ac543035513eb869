"""Business numbers: never reused, never personal, drawn next to last in a transaction (decision 22)."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.details import note
from models.dialect import locked
from models.engine import NumberCounter
from models.row_mac import RowTampered, fits, mac_of
from models.sealed_rows import seal_row
from models.sealing import sealer_of
from services.engine.ledger import newest_told
from services.engine.refusals import Conflict
from services.engine.work import LOCKED, Work

COUNTERS: sa.Table = NumberCounter.__table__  # type: ignore[attr-defined]
#: In the order of series, so that two writers never wait crosswise.
_ALL = sa.select(COUNTERS).order_by(COUNTERS.c.series)
_LAST = _ALL.where(COUNTERS.c.series.in_(sa.bindparam("of", expanding=True)))
_MOVE = (
    sa.update(COUNTERS)
    .where(COUNTERS.c.series == sa.bindparam("of"))
    .values(version=sa.bindparam("to"), mac=sa.bindparam("its_mac"))
)
#: Printed in place of a number on a paper that is looked at before it is issued.
UNDRAWN = "签发时编号"
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
        take(UNDRAWN if work.rehearsed else f"{prefix}{digits}{check_digit(digits)}")

    work.numbers.append((series, draw))


def luhn_digit(digits: str) -> str:
    """The check digit of ISO/IEC 7812 over the digits before it."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def has_luhn_digit(number: str) -> bool:
    """Return whether the last digit of a number is its check digit."""
    return number.isascii() and number.isdigit() and len(number) > 1 and luhn_digit(number[:-1]) == number[-1]


def code_later(work: Work, series: str, digits: str, take: Callable[[str], None]) -> None:
    """Have the door draw `digits` + 7 digits + Luhn check digit from a series and hand it to `take` before commit."""

    def draw(value: int) -> None:
        drawn = f"{digits}{value:07d}"
        take(UNDRAWN if work.rehearsed else f"{drawn}{luhn_digit(drawn)}")

    work.numbers.append((series, draw))


def draw_all(work: Work, numbers: list[tuple[str, Callable[[int], None]]]) -> None:
    """Draw every number asked for, in a fixed order of series so that two writers never wait crosswise."""
    draws: dict[str, list[Callable[[int], None]]] = {}
    for series, draw in sorted(numbers, key=lambda one: one[0]):
        draws.setdefault(series, []).append(draw)
    if draws:
        session = work.session
        last = _last(session, list(draws))
        work.drawn |= {row["id"] for row in last.values()}
        moved: list[dict[str, object]] = []
        for series, drawing in draws.items():
            row = last[series]
            _refuse_changed(work, row)
            for place, draw in enumerate(drawing, row["version"] + 1):
                draw(place)
            row["version"] += len(drawing)
            row["mac"] = mac_of(work.sealer, COUNTERS, row)
            note(session, COUNTERS, row)
            moved.append({"of": series, "to": row["version"], "its_mac": row["mac"]})
        session.connection().execute(_MOVE, moved)
    work.session.flush()


def _refuse_changed(work: Work, counter: dict[str, Any]) -> None:
    """A counter that was changed past the product draws nothing: its numbers would have been given to others."""
    if counter["id"] in work.locked(COUNTERS.name):
        raise Conflict(LOCKED)
    if not fits(work.sealer, COUNTERS, counter):
        raise RowTampered(COUNTERS.name, counter["id"])


def put_back(session: Session, drawn: Iterable[UUID]) -> RowTampered | None:
    """The first of some counters that is not as the audit has it last: it gives numbers that were given before."""
    for counter in drawn:
        told = newest_told(session, COUNTERS.name, counter)
        there = session.connection().scalar(sa.select(COUNTERS.c.version).where(COUNTERS.c.id == counter))
        if told is not None and there != told[0]:
            return RowTampered(COUNTERS.name, counter, "MISSING" if there is None else "OLDER")
    return None


def id_of(series: str) -> UUID:
    """The id of a series' counter, which is the same should it be made anew."""
    return uuid5(NAMESPACE_OID, f"{COUNTERS.name}/{series}")


def _last(session: Session, wanted: list[str]) -> dict[str, dict[str, Any]]:
    """The rows of the series, as they were drawn from last; they are held from here on."""
    connection, held = session.connection(), locked(session, _LAST)
    found = {row["series"]: dict(row) for row in connection.execute(held, {"of": wanted}).mappings()}
    if len(found) == len(wanted):
        return found
    for series in wanted:
        if series not in found:
            # Another transaction may make the row at the same moment; then it is waited for and read.
            row_id = id_of(series)
            new = seal_row(sealer_of(session), COUNTERS, row_id, {"id": row_id, "series": series, "version": 0})
            with suppress(IntegrityError), connection.begin_nested():
                connection.execute(COUNTERS.insert(), new)
    return {row["series"]: dict(row) for row in connection.execute(held, {"of": wanted}).mappings()}
