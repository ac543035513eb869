"""Typed search terms: taken literally or refused with a sentence (H26, H28)."""

from datetime import date, datetime, timedelta
from typing import TypeVar

from models.codes import Code
from models.normal import BadText, clean_text
from services.engine.clock import morning_of
from services.engine.refusals import Rejected

Kind = TypeVar("Kind", bound=Code)
WRONG = "筛选条件不正确，请重新选择"
#: Days that can be searched by: beyond them neither calendar nor database goes on counting.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def search_word(text: str, longest: int = 60) -> str:
    """Return the word without blanks around it; refuse invisible characters, at which some databases end a pattern."""
    try:
        return clean_text(text, longest)
    except BadText as problem:
        raise Rejected(problem.sentence) from problem


def chosen(codes: type[Kind], value: str) -> Kind:
    """Return the code a filter names; refuse one that does not exist."""
    try:
        return codes.of(value)
    except ValueError:
        raise Rejected(WRONG) from None


def known_day(day: date) -> date:
    """Return the day, or refuse one outside the supported calendar."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Rejected(f"日期应在{FIRST_DAY}至{LAST_DAY}之间，请核对")
    return day


def day_begins(day: date) -> datetime:
    """Return the moment a day begins in Shanghai."""
    return morning_of(known_day(day))


def day_is_over(day: date) -> datetime:
    """Return the moment the last day of a search ends."""
    return morning_of(known_day(day) + timedelta(days=1))
