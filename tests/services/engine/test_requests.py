"""A request id makes many sendings one (security H56, H57)."""

from uuid import uuid4

import pytest
from sqlmodel import Session, select

from models.engine import AnsweredRequest, Draft
from services.engine.callers import SYSTEM
from services.engine.refusals import Conflict, Refusal, Rejected
from services.engine.work import Work
from tests.services.engine.notes import Note, Noted, notes_of, noting
from tests.world import World, at_once


def test_the_same_request_gets_the_same_answer_and_has_one_effect(world: World) -> None:
    note, kind = noting(), uuid4().hex
    first = world.door.perform(note, SYSTEM, Note(kind), request_id=kind)
    assert world.door.perform(note, SYSTEM, Note(kind), request_id=kind) == first
    assert notes_of(world, kind) == [first.number]


def test_the_same_request_id_with_other_content_is_refused(world: World) -> None:
    note, kind = noting(), uuid4().hex
    world.door.perform(note, SYSTEM, Note(kind), request_id=kind)
    with pytest.raises(Conflict, match="同一请求号已用于其他内容"):
        world.door.perform(note, SYSTEM, Note(kind, "乙"), request_id=kind)
    assert len(notes_of(world, kind)) == 1


def test_another_caller_may_use_the_same_request_id(world: World) -> None:
    note, kind = noting(), uuid4().hex
    first = world.door.perform(note, SYSTEM, Note(kind), request_id=kind)
    assert world.door.perform(note, world.caller("shi01"), Note(kind), request_id=kind).number != first.number


def test_without_a_request_id_every_sending_counts(world: World) -> None:
    note, kind = noting(), uuid4().hex
    assert world.door.perform(note, SYSTEM, Note(kind)) != world.door.perform(note, SYSTEM, Note(kind))


def test_racing_identical_requests_have_one_effect_and_one_answer(world: World) -> None:
    note, kind = noting(), uuid4().hex
    answers = at_once([lambda: world.door.perform(note, SYSTEM, Note(kind), request_id=kind)] * 8)
    assert [type(answer) for answer in answers] == [Noted] * 8
    assert notes_of(world, kind) == [answers[0].number]
    assert set(answers) == {answers[0]}


def test_the_racer_who_comes_second_is_not_told_that_his_own_request_is_in_the_way(world: World) -> None:
    kind = uuid4().hex

    def refuse_a_second(work: Work) -> None:
        session: Session = work.session
        if len(notes_seen(session, kind)) > 0:
            raise Conflict("已有一笔")

    note = noting(refuse_a_second)
    answers = at_once([lambda: world.door.perform(note, SYSTEM, Note(kind), request_id=kind)] * 4)
    assert [type(answer) for answer in answers] == [Noted] * 4
    with pytest.raises(Conflict, match="已有一笔"):
        world.door.perform(note, SYSTEM, Note(kind), request_id=uuid4().hex)


def notes_seen(session: Session, kind: str) -> list[object]:
    return list(session.exec(select(Draft.id).where(Draft.kind == kind)).all())


def test_a_refused_request_may_be_sent_again(world: World) -> None:
    kind = uuid4().hex
    open_now: list[bool] = []

    def refuse_at_first(work: Work) -> None:
        if not open_now:
            raise Rejected("尚未开放")

    note = noting(refuse_at_first)
    with pytest.raises(Rejected):
        world.door.perform(note, SYSTEM, Note(kind), request_id=kind)
    open_now.append(True)
    assert world.door.perform(note, SYSTEM, Note(kind), request_id=kind).number


def test_sets_in_an_order_are_the_same_content_however_they_were_filled(world: World) -> None:
    note, kind = noting(), uuid4().hex
    one, other = Note(kind, marks=frozenset([0, 8])), Note(kind, marks=frozenset([8, 0]))
    assert list(one.marks) != list(other.marks)
    first = world.door.perform(note, SYSTEM, one, request_id=kind)
    assert world.door.perform(note, SYSTEM, other, request_id=kind) == first


def test_the_stored_answer_is_sealed(world: World) -> None:
    note, kind = noting(), uuid4().hex
    answer = world.door.perform(note, SYSTEM, Note(kind), request_id=kind)

    def token(work: Work) -> str:
        row = work.session.exec(select(AnsweredRequest).where(AnsweredRequest.request_id == kind)).one()
        return row.answer.token or ""

    stored = world.read(token)
    assert stored.startswith("e1:")
    assert answer.number not in stored


@pytest.mark.parametrize("request_id", ["x" * 65, "a\x00b", "号" * 30, "a b\n"])
def test_a_request_id_that_is_none_is_refused_in_words(world: World, request_id: str) -> None:
    with pytest.raises(Refusal) as refused:
        world.door.perform(noting(), SYSTEM, Note(uuid4().hex), request_id=request_id)
    assert "请求号" in refused.value.message
