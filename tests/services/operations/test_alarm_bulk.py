"""Many alarms at once: all rows of a filter, each decided by itself with a result of its own."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from models.access import Role, ScopeKind
from models.alarms import Alarm, AlarmState
from models.audit import AuditEvent
from services.engine.alarms import raise_alarm
from services.engine.callers import Caller, Scope
from services.engine.list_bulk import AT_ONCE
from services.engine.listings import BulkRows, ListRows, RowResult
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, Rejected
from services.operations.alarms import ALARMS, see_alarm
from tests.world import World

CLOSE, SEE = "alarms.close", "alarms.see"


def administrator(role: Role) -> Caller:
    return Caller("管理员", (Scope(role, ScopeKind.CITY),), account_id=uuid4())


KEEPER = administrator(Role.SYS_ADMIN)


def raised(world: World, count: int, code: str = "BACKUP.OVERDUE") -> list[UUID]:
    """Raise so many alarms of a code."""

    def make(work: Any) -> None:
        for _ in range(count):
            raise_alarm(work, code, "备份逾期", kind="test", key=uuid4().hex)

    before = set(ids(world))
    world.act(make)
    return [row_id for row_id in ids(world) if row_id not in before]


def ids(world: World) -> list[UUID]:
    return list(world.read(lambda work: work.session.exec(select(Alarm.id).order_by(col(Alarm.id))).all()))


def states(world: World, rows: list[UUID]) -> set[AlarmState]:
    wanted = select(Alarm.state).where(col(Alarm.id).in_(rows))
    return set(world.read(lambda work: work.session.exec(wanted).all()))


def each(world: World, rows: list[UUID], act: str = SEE, words: str = "", by: Caller = KEEPER) -> list[RowResult]:
    return list(world.door.perform(ALARMS.each, by, BulkRows(act, tuple(rows), words)))


def test_all_rows_of_a_filter_are_those_its_pages_show(world: World) -> None:
    raised(world, 7)
    shown = []
    for page in (1, 2, 3, 4, 5):
        shown += [line.id for line in world.door.ask(ALARMS.query, KEEPER, ListRows({}, Paging(page, 3))).lines]
    total = world.door.ask(ALARMS.query, KEEPER, ListRows()).total
    found = world.door.ask(ALARMS.ids, KEEPER, {})
    assert (len(found), list(found[: len(shown)])) == (total, shown)
    with pytest.raises(Rejected):
        world.door.ask(ALARMS.ids, KEEPER, {"closed": "perhaps"})


def test_every_row_is_decided_by_itself(world: World) -> None:
    rows = raised(world, 4)
    world.door.perform(see_alarm, KEEPER, rows[1])
    results = each(world, [*rows, rows[0]])
    assert [(one.id, one.done) for one in results] == [(row_id, row_id != rows[1]) for row_id in rows]
    assert {one.message for one in results if one.done} == {"已接手"}
    assert all(one.label == "备份逾期" for one in results)
    assert states(world, rows) == {AlarmState.SEEN}


def test_words_go_with_every_row_and_each_is_audited(world: World) -> None:
    rows = raised(world, 3)
    assert all(one.done for one in each(world, rows, CLOSE, "已补做备份"))
    notes = select(Alarm.closing_note).where(col(Alarm.id).in_(rows))
    assert set(world.read(lambda work: work.session.exec(notes).all())) == {"已补做备份"}
    told = select(AuditEvent.object_id).where(AuditEvent.act == "close", col(AuditEvent.object_id).in_(map(str, rows)))
    assert sorted(world.read(lambda work: work.session.exec(told).all())) == sorted(map(str, rows))


def test_words_that_are_refused_change_no_row(world: World) -> None:
    rows = raised(world, 2)
    results = each(world, rows, CLOSE, "好")
    assert [one.message for one in results] == ["请填写处置结果（不少于4个字）"] * 2
    assert states(world, rows) == {AlarmState.OPEN}


def test_a_foreign_row_is_answered_like_one_that_is_not_there(world: World) -> None:
    (foreign,) = raised(world, 1, "KEY.EXPIRY")
    hidden, missing = each(world, [foreign, uuid4()])
    assert (hidden.done, hidden.label, hidden.message) == (missing.done, missing.label, missing.message)
    assert states(world, [foreign]) == {AlarmState.OPEN}
    assert foreign not in world.door.ask(ALARMS.ids, KEEPER, {})


@pytest.mark.parametrize("count", [0, AT_ONCE + 1])
def test_an_order_has_some_rows_and_not_too_many(world: World, count: int) -> None:
    with pytest.raises(Rejected):
        each(world, [uuid4() for _ in range(count)])


def test_only_a_declared_action_is_performed_and_only_by_its_roles(world: World) -> None:
    rows = raised(world, 1)
    with pytest.raises(Rejected, match="没有这种批量办理"):
        each(world, rows, "parameters.decide")
    for ask in (lambda by: each(world, rows, by=by), lambda by: world.door.ask(ALARMS.ids, by, {})):
        with pytest.raises(NotAllowed):
            ask(administrator(Role.STREET_CLERK))
    assert states(world, rows) == {AlarmState.OPEN}
