"""Reading rows by the work: whole tables, what the caller sees, single columns, order and number."""

import pytest
from sqlmodel import col, select

from models.access import OrgUnit, UnitKind
from services.engine.work import Work
from tests.world import World

pytestmark = pytest.mark.both_engines
CODE, BELOW = OrgUnit.unit_code, OrgUnit.kind != UnitKind.CITY_CENTER


def test_rows_come_in_the_order_asked_for_and_no_more_than_asked_for(world: World) -> None:
    def read(work: Work) -> tuple[list[str], list[str], str | None, str]:
        units = work.rows(OrgUnit, BELOW, by=OrgUnit.unit_code)
        last = list(work.rows(CODE, BELOW, by=(col(OrgUnit.unit_code).desc(), OrgUnit.id), most=2))
        return (
            [unit.unit_code for unit in units],
            last,
            work.first(CODE, BELOW, by=OrgUnit.unit_code),
            work.only(OrgUnit, units[0].unit_code == CODE).name,
        )

    codes, last, first, name = world.read(read)
    assert len(codes) > 2
    assert codes == sorted(codes)
    assert last == codes[:-3:-1]
    assert first == codes[0]
    assert name


def test_what_is_not_there_is_none_and_false(world: World) -> None:
    def read(work: Work) -> tuple[object, bool, bool]:
        return work.first(OrgUnit, CODE == "nothing"), work.has(OrgUnit, CODE == "nothing"), work.has(OrgUnit, BELOW)

    assert world.read(read) == (None, False, True)


def test_of_a_select_of_visible_rows_only_these_are_read(world: World) -> None:
    clerk = world.caller("huamu01")
    seen = world.door.look(clerk, lambda work: list(work.rows(work.visible(OrgUnit))))
    assert [unit.id for unit in seen] == [clerk.unit_id]


def test_a_question_holds_no_row(world: World) -> None:
    """The check before a submission asks what the submission itself asks with a lock."""
    assert world.read(lambda work: work.held(select(OrgUnit).where(BELOW)).first()) is not None
