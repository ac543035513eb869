"""Sources of tasks: each area declares its own by `@task_source`; the inbox knows none of them (market 3.8).

A task is not stored: it exists while something waits, and ends with the awaited act.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from models.access import Role
from services.engine.work import Work


@dataclass(frozen=True)
class Whose:
    """The user whose tasks are asked for; with `personal` only his own, for deputies see the office's anyway."""

    account_id: UUID | None
    personal: bool = False


@dataclass(frozen=True)
class Task:
    """A task. `id` is unique in its source; `module` with `params` is where it is done.

    `due` is its last day; `since` is when it began to wait. `mine` if it waits for this person rather than the office;
    `returned` if a reviewer gave it back to be changed.
    """

    id: str
    title: str
    what: str
    module: str
    params: Mapping[str, str] = field(default_factory=dict)
    due: date | None = None
    since: datetime | None = None
    mine: bool = False
    returned: bool = False


@dataclass(frozen=True)
class Source:
    """`tasks(work, whose)` gives what waits, narrowed to what the caller may see; only those of `roles` are asked."""

    name: str
    label: str
    roles: frozenset[Role]
    tasks: Callable[[Work, Whose], Iterable[Task]]


SOURCES: dict[str, Source] = {}


def task_source(
    name: str, label: str, *, roles: Iterable[Role]
) -> Callable[[Callable[[Work, Whose], Iterable[Task]]], Callable[[Work, Whose], Iterable[Task]]]:
    """Register a function as a source of tasks; `label` is the type people filter by."""

    def register(tasks: Callable[[Work, Whose], Iterable[Task]]) -> Callable[[Work, Whose], Iterable[Task]]:
        if name in SOURCES:
            raise RuntimeError(f"task source {name} is registered twice")
        SOURCES[name] = Source(name, label, frozenset(roles), tasks)
        return tasks

    return register
