"""The registry of actions and queries, with the roles that may use them (architecture 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar, cast

from models.access import Role
from models.machines import Machine
from services.engine.work import Work

Order = TypeVar("Order")
Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")


@dataclass(frozen=True)
class Step:
    """The state step an action takes on its record; pages draw its button only where it starts."""

    machine: Machine[Any]
    name: str


@dataclass(frozen=True)
class Action(Generic[Order, Result]):
    """An action of a person, partner or job. `gather` asks outside systems with no transaction open."""

    name: str
    label: str
    roles: frozenset[Role]
    handler: Callable[..., Result]
    gather: Callable[..., Any] | None = None
    step: Step | None = None
    event: str = "DATA.STATE"
    example: Callable[[], Any] | None = None

    def __call__(self, work: Work, order: Order, *facts: Any) -> Result:
        """Return a handler calls another as a plain function."""
        return self.handler(work, order, *facts)


@dataclass(frozen=True)
class Query(Generic[Order, Result]):
    """A query. With `personal` (or where it returns true for the order) the access is audited first."""

    name: str
    label: str
    roles: frozenset[Role]
    handler: Callable[[Work, Order], Result]
    personal: bool | Callable[[Order], bool] = False
    gather: Callable[..., Any] | None = None

    def is_personal(self, order: Order) -> bool:
        """Return whether this very question is about a person."""
        return self.personal if isinstance(self.personal, bool) else self.personal(order)

    def __call__(self, work: Work, order: Order, *facts: Any) -> Result:
        return cast(Callable[..., Result], self.handler)(work, order, *facts)


ACTIONS: dict[str, Action[Any, Any]] = {}
QUERIES: dict[str, Query[Any, Any]] = {}


def action(
    name: str,
    label: str,
    *,
    roles: set[Role],
    gather: Callable[..., Any] | None = None,
    step: Step | None = None,
    event: str = "DATA.STATE",
) -> Callable[[Callable[..., Result]], Action[Any, Result]]:
    """Register a handler `(work, order[, facts])` as an action."""

    def register(handler: Callable[..., Result]) -> Action[Any, Result]:
        made: Action[Any, Result] = Action(name, label, frozenset(roles), handler, gather, step, event)
        if name in ACTIONS:
            raise RuntimeError(f"action {name} is registered twice")
        ACTIONS[name] = made
        return made

    return register


def query(
    name: str,
    label: str,
    *,
    roles: set[Role],
    personal: bool | Callable[[Any], bool] = False,
    gather: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Result]], Query[Any, Result]]:
    """Register a handler `(work, order)` as a query."""

    def register(handler: Callable[..., Result]) -> Query[Any, Result]:
        made = Query(name, label, frozenset(roles), handler, personal, gather)
        if name in QUERIES:
            raise RuntimeError(f"query {name} is registered twice")
        QUERIES[name] = made
        return made

    return register
