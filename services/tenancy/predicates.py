"""Predicates shared by counter rules and bulk checks: numbers, periods, parts and crowding (rows 4-7)."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal

from models.identity import age_on, check_id_number
from models.normal import normal
from models.tenancy_codes import RentUnit
from models.working_days import months_later
from services.tenancy.lease_form import LeaseForm, PartyForm

WHOLE = "*"

#: What a register calls housing; anything else needs an approved conversion.
RESIDENTIAL = frozenset({"居住", "住宅"})


def number_of(text: str) -> str:
    """A document number as it is compared: half-width, upper case, without blanks."""
    return normal("id_no", text)


def is_minor(number: str, on: date) -> bool:
    """Return whether the holder of a valid number is under 18 on a day; an unreadable number says nothing."""
    birthday = check_id_number(number).birthday
    return birthday is not None and age_on(birthday, on) < 18


def tells_birthday(number: str) -> bool:
    """Return whether a document's number says when its holder was born."""
    return check_id_number(number).birthday is not None


def party_is_minor(party: PartyForm, on: date) -> bool:
    """Return whether a person is under 18 on a day, by the number or else by the birthday that was stated."""
    birthday = check_id_number(party.id_no).birthday or party.born_on
    return birthday is not None and age_on(birthday, on) < 18


def last_day(start: date, months: int) -> date:
    """The last day of so many months from the start of `start`.

    A month without the day that would close the period closes it with its own last day.
    """
    day = months_later(start, months)
    return day - timedelta(days=1) if day.day == start.day else day


def longer_than_months(start: date, end: date, months: int) -> bool:
    """Return whether a lease from the start of `start` to the end of `end` outlasts that many months."""
    return end > last_day(start, months)


def days_of(start: date, end: date) -> int:
    """The days of a lease, its first and its last counted."""
    return (end - start).days + 1


def overlap(start: date, end: date, other_start: date, other_end: date) -> bool:
    """Return whether two periods share a day."""
    return start <= other_end and other_start <= end


def same_part(parts: Collection[str], others: Collection[str]) -> bool:
    """Return whether both hold the whole flat, or one room in common."""
    return not set(parts).isdisjoint(others)


def whole_against_room(parts: Collection[str], others: Collection[str]) -> bool:
    """Return whether one holds the whole flat and the other rooms of it."""
    return (WHOLE in parts) != (WHOLE in others)


def parts_meet(parts: Collection[str], others: Collection[str]) -> bool:
    """Return whether two cannot be let side by side."""
    return same_part(parts, others) or whole_against_room(parts, others)


def residential(use: str) -> bool:
    return use in RESIDENTIAL


def crowded(persons: int, rooms: int, per_room: int) -> bool:
    """Return whether more people live there than its rooms take."""
    return persons > per_room * rooms


def cramped(area: Decimal, persons: int, per_person: Decimal) -> bool:
    """Return whether the living space of a person is below the least allowed."""
    return persons > 0 and area < per_person * persons


def month_rent(form: LeaseForm) -> Decimal | None:
    """Return the rent in yuan a month from any agreed unit; None when it cannot be computed."""
    if form.rent is None:
        return None
    if form.rent_unit is RentUnit.DAY_AREA:
        area = form.leased_area or form.house.build_area
        return None if area is None else (form.rent * area * 365 / 12).quantize(Decimal("0.01"))
    return form.rent.quantize(Decimal("0.01"))


def shared_numbers(one: Iterable[str], other: Iterable[str]) -> set[str]:
    """Return the document numbers common to both sides, in normal form."""
    return {number_of(text) for text in one if text} & {number_of(text) for text in other if text}
