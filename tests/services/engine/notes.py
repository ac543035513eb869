"""A small action for tests of the door: it writes one numbered note, and does on the way what a test wants done."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import select

from models.access import Role
from models.engine import Draft, NumberCounter
from models.sealed import Sealed
from services.engine.numbering import number_later
from services.engine.registry import Action
from services.engine.work import Work
from tests.world import World

OWNER = uuid4()
EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Note:
    """A note of one kind; `kind` keeps the tests of a module apart."""

    kind: str
    text: str = "甲"
    marks: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Noted:
    id: UUID
    number: str


def noting(on_the_way: Callable[[Work], object] = lambda work: None, *, last: bool = False) -> Action[Note, Noted]:
    """An action that notes; `on_the_way` runs in the handler, or with `last` just before the commit."""

    def note(work: Work, order: Note) -> Noted:
        row = Draft(owner_id=OWNER, kind=order.kind, title="", payload=Sealed.of_json(order.text))
        work.add(row)
        noted = Noted(row.id, "")

        def take(number: str) -> None:
            row.title = number
            object.__setattr__(noted, "number", number)

        number_later(work, "TT", "310115", work.today, take)
        work.trail.tell("DATA.CREATE", "test.note", about=row)
        work.then(lambda: on_the_way(work)) if last else on_the_way(work)
        return noted

    return Action("test.note", "记一笔", frozenset({Role.CITY_CENTER, Role.SYSTEM}), note)


def notes_of(world: World, kind: str) -> list[str]:
    """The numbers of the notes of one kind, in order."""
    return sorted(world.read(lambda work: work.session.exec(select(Draft.title).where(Draft.kind == kind)).all()))


def drawn(world: World) -> int:
    """How many numbers the notes of all days have used up."""
    total = select(func.coalesce(func.sum(NumberCounter.version), 0)).where(NumberCounter.series.startswith("TT"))
    return int(world.read(lambda work: work.session.exec(total).one()))
