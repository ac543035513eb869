"""Business numbers: unique, without a gap, with a check digit (decision 22)."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from models.dialect import Database
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.numbering import check_digit, has_check_digit, number_later
from services.engine.refusals import Rejected
from services.engine.registry import Action
from services.engine.work import Work
from tests.services.engine.notes import EVERYBODY, Note, notes_of, noting
from tests.world import World, at_once, sealer

pytestmark = pytest.mark.both_engines

THREADS, EACH = 8, 6


def serials(numbers: list[str]) -> list[int]:
    """The six digits that count, of numbers `TT` + district + day + six digits + check."""
    return sorted(int(number[14:20]) for number in numbers)


def test_eight_threads_draw_without_a_gap_and_without_a_double(world: World) -> None:
    world.stand_at(2031, 5, 1)
    kind = uuid4().hex

    def several() -> None:
        for _ in range(EACH):
            world.door.perform(noting(), SYSTEM, Note(kind))

    assert at_once([several] * THREADS) == [None] * THREADS
    assert serials(notes_of(world, kind)) == list(range(1, THREADS * EACH + 1))


def test_processes_of_their_own_draw_from_one_series(world: World) -> None:
    world.stand_at(2031, 5, 2)
    kind = uuid4().hex
    doors = [Door(replace(world.door.house, database=Database(world.door.database.url, sealer()))) for _ in range(4)]
    results = at_once([lambda door=door: door.perform(noting(), SYSTEM, Note(kind)) for door in doors])  # type: ignore[misc]
    for door in doors:
        door.database.dispose()
    assert serials([result.number for result in results]) == [1, 2, 3, 4]


def test_a_number_whose_record_was_refused_is_given_to_the_next(world: World) -> None:
    world.stand_at(2031, 5, 3)
    kind = uuid4().hex

    def refuse(work: Work) -> None:
        raise Rejected("不予办理")

    world.door.perform(noting(), SYSTEM, Note(kind))
    for _ in range(3):
        with pytest.raises(Rejected):
            world.door.perform(noting(refuse, last=True), SYSTEM, Note(kind))
    world.door.perform(noting(), SYSTEM, Note(kind))
    assert serials(notes_of(world, kind)) == [1, 2]


def test_every_day_and_every_district_counts_from_one(world: World) -> None:
    def draw(work: Work, order: None) -> list[str]:
        taken: list[str] = []
        for district in ("310115", "310104"):
            for day in (date(2031, 6, 1), date(2031, 6, 2)):
                number_later(work, "TT", district, day, taken.append)
        work.then(lambda: taken.sort())
        return taken

    numbers = world.door.perform(Action("test.draw", "取号", EVERYBODY, draw), SYSTEM, None)
    assert [number[14:20] for number in numbers] == ["000001"] * 4
    assert numbers[0].startswith("TT310104310601")


def test_a_number_typed_wrong_is_noticed(world: World) -> None:
    world.stand_at(2031, 5, 4)
    number = world.door.perform(noting(), SYSTEM, Note(uuid4().hex)).number
    assert has_check_digit(number)
    wrong = number[:-2] + ("1" if number[-2] == "0" else "0") + number[-1]
    assert not has_check_digit(wrong)


def test_the_check_digit_follows_the_weights() -> None:
    # 3*7+1*9+0*10+1*5+1*8+5*4+2*2+6*1+1*6+1*3 + 2*7+5*9 = 141
    assert check_digit("310115261125") == "1"
