"""The association's blacklist over HTTP: numbers in, entries out, everything else is silence."""

from datetime import date

import pytest

from services.ports.blacklist import BLACKLIST, BlacklistEntry
from services.ports.systems import Systems
from tests.integrations.conftest import Control

LISTED, CLEAN = "310101198609109227", "310101199003070017"


@pytest.fixture
def listed(control: Control) -> str:
    control("blacklist", "change", id_no=LISTED, category="伪造从业证明", since="2025-03-01").raise_for_status()
    return LISTED


@pytest.mark.row(44)
def test_entries_come_back_by_number(systems: Systems, listed: str) -> None:
    answer = systems.at(BLACKLIST).entries_of([CLEAN, listed.lower()])
    assert answer.hit
    assert answer.value == {listed: (BlacklistEntry("伪造从业证明", date(2025, 3, 1)),)}


@pytest.mark.row(44)
def test_two_hundred_numbers_are_one_question_and_more_are_none(systems: Systems) -> None:
    numbers = [f"P{place:08d}" for place in range(201)]
    assert systems.at(BLACKLIST).entries_of(numbers[:200]).hit
    assert systems.at(BLACKLIST).entries_of(numbers).silent


@pytest.mark.row(44)
@pytest.mark.parametrize("fault", ["error", "badjson", "html", "half", "mismatch"])
def test_bad_answers_are_silence(systems: Systems, control: Control, fault: str) -> None:
    control("blacklist", "faults", fault=fault)
    assert systems.at(BLACKLIST).entries_of([CLEAN]).silent


@pytest.mark.row(44)
def test_entry_that_was_taken_off_is_gone(systems: Systems, control: Control, listed: str) -> None:
    control("blacklist", "change", id_no=listed).raise_for_status()
    assert systems.at(BLACKLIST).entries_of([listed]).value == {}


@pytest.mark.row(44)
def test_entry_stands_from_its_first_to_its_last_day() -> None:
    entry = BlacklistEntry("其他", date(2025, 1, 1), date(2025, 12, 31))
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1))
    assert [entry.holds(day) for day in days] == [False, True, True, False]
