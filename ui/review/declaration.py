"""What a kind of record says of itself to be reviewed in a queue; the queue knows nothing else of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.access import Role
from services.engine.registry import Action, Query
from ui.shell.grid import Filter, View
from ui.shell.place import Place
from ui.shell.sheet import Column


@dataclass(frozen=True)
class Chosen:
    """An action that depends on the record, in a queue over several kinds: `of` names it for a line of the list or what
    `sheet` answered; `roles` are those of all of them."""

    roles: frozenset[Role]
    of: Callable[[Any], Action[Any, Any]]


Act = Action[Any, Any] | Chosen


def action_for(act: Act, record: Any) -> Action[Any, Any]:
    """The action for this very record."""
    return act.of(record) if isinstance(act, Chosen) else act


@dataclass(frozen=True)
class Standing:
    """How a record stands for whoever looks at it.

    `waits` while it can be decided; `holder` is who has it in hand ("" nobody), `mine` when that is the looker himself,
    `overdue` when it was taken so long ago that somebody else may go on with it; `bar` says why he may not decide on it, such as that it is of his own making.
    """

    title: str
    state: str
    waits: bool
    holder: str = ""
    mine: bool = False
    since: datetime | None = None
    overdue: bool = False
    bar: str = ""
    version: int = 0


@dataclass(frozen=True)
class Decision:
    """One word that can be spoken, by its `letter` too. With `reason` (what it is called) one of `least` characters is asked.

    `ask` is a question to be agreed to first, for a word that needs no reason and cannot be taken back. `order(id, reason, version)` makes the order of `action`.
    """

    action: Act
    label: str
    letter: str
    order: Callable[[UUID, str, int], Any]
    told: str
    reason: str = ""
    least: int = 5
    phrases: Sequence[str] = ()
    ask: str = ""
    danger: bool = False


@dataclass(frozen=True)
class Outcome:
    """How one record of a batch went."""

    id: UUID
    label: str
    done: bool
    message: str


@dataclass(frozen=True)
class Batch:
    """One word for all ticked lines, kind by kind; `outcomes(answer)` has a line for each of them."""

    action: Act
    label: str
    order: Callable[[Sequence[Any]], Any]
    outcomes: Callable[[Any], Sequence[Outcome]]
    question: str


def by_id(order: Callable[[tuple[UUID, ...]], Any]) -> Callable[[Sequence[Any]], Any]:
    """An order that names lines by their ids alone."""
    return lambda lines: order(tuple(line.id for line in lines))


@dataclass(frozen=True)
class Hold:
    """Taking a record into hand and putting it back, so that two reviewers do not look at the same one."""

    take: Act
    release: Act
    order: Callable[[UUID], Any]


@dataclass(frozen=True)
class Queue:
    """A queue. `free(line)` says of a line of `page` that it waits and is in nobody else's hands.

    `views` are its ready-made selections, key to label, the first one ("") what is shown when nothing is chosen; the order
    reads `view.text("view")`; `counted` makes of the answer of `counts` how many there are in each, by the same keys.
    `sheet` opens one record for `draw`, which draws the evidence into the current container.
    """

    key: str
    title: str
    icon: str
    roles: frozenset[Role]
    page: Query[Any, Any]
    order: Callable[[View], Any]
    free: Callable[[Any], bool]
    columns: Sequence[Column]
    filters: Sequence[Filter]
    views: Mapping[str, str]
    counts: Query[Any, Any]
    sheet: Query[Any, Any]
    standing: Callable[[Any], Standing]
    draw: Callable[[Place, Any], Awaitable[None] | None]
    counted: Callable[[Any], Mapping[str, int]] = dict
    decisions: Sequence[Decision] = ()
    batch: Batch | None = None
    hold: Hold | None = None
    #: How many there are, and lines with an `id`, of an answer of `page`.
    page_of: Callable[[Any], tuple[int, Sequence[Any]]] = lambda answer: (answer.total, answer.lines)
    empty: str = "没有等待处理的记录"
    export: str = ""
