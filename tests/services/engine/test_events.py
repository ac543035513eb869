"""Events: followers of areas above are called in the transaction of what happened."""

import pytest
from sqlmodel import select

from models.engine import Draft
from models.sealed import Sealed
from services.engine.events import Event, on
from services.engine.refusals import Conflict, Refusal
from services.engine.work import Work
from tests.services.engine.notes import OWNER, Note, notes_of, noting
from tests.world import World


def test_followers_are_called_in_order_and_once_each(world: World) -> None:
    event: Event[str] = Event("test.happened")
    heard: list[str] = []

    @on(event)
    def first(work: Work, what: str) -> None:
        heard.append(f"first {what}")

    @on(event)
    def second(work: Work, what: str) -> None:
        heard.append(f"second {what}")

    world.act(lambda work: event.happened(work, "a"))
    assert heard == ["first a", "second a"]
    with pytest.raises(RuntimeError, match=r"follows test\.happened already"):
        on(event)(first)


def test_a_refusal_of_a_follower_undoes_the_whole_action(world: World) -> None:
    event: Event[str] = Event("test.refused")

    @on(event)
    def refuse(work: Work, what: str) -> None:
        work.add(Draft(owner_id=OWNER, kind="test.follower", title="x", payload=Sealed.of_json(what)))
        raise Conflict("不能继续")

    with pytest.raises(Refusal, match="不能继续"):
        world.door.perform(noting(lambda work: event.happened(work, "a")), world.caller("shi01"), Note("test.events"))
    assert notes_of(world, "test.events") == []
    rows = select(Draft).where(Draft.kind == "test.follower")
    assert world.read(lambda work: work.session.exec(rows).all()) == []
