"""The registry of actions and queries, with the roles that may use them (architecture 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar, get_type_hints, overload

from models.access import Role
from models.machines import Machine
from services.engine.callers import Caller
from services.engine.work import Work

Order = TypeVar("Order")
Result = TypeVar("Result", covariant=True)
Facts = TypeVar("Facts", covariant=True)


#: Events of actions that change records, and the names of those that set up the caller's own desk.
_WRITTEN = frozenset({"DATA.CREATE", "DATA.UPDATE", "DATA.DELETE", "DATA.STATE", "FILE.UPLOAD"})
_OWN_DESK = ("lists.", "notices.")


@dataclass(frozen=True)
class Step:
    """The state step an action takes on its record; pages draw its button only where it starts."""

    machine: Machine[Any]
    name: str
    field: str = "state"


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

    @property
    def writes(self) -> bool:
        """True when it changes records; settings of the own desk are none."""
        return self.event in _WRITTEN and not self.name.startswith(_OWN_DESK)

    def __call__(self, work: Work, order: Order, *facts: Any) -> Result:
        """Run the handler inside the transaction of another action."""
        return self.handler(work, order, *facts)


@dataclass(frozen=True)
class Query(Generic[Order, Result]):
    """A query. With `personal` (or where it returns true for the order) the access is audited first."""

    name: str
    label: str
    roles: frozenset[Role]
    handler: Callable[..., Result]
    personal: bool | Callable[[Order], bool] = False
    gather: Callable[..., Any] | None = None
    #: Its answer may be seconds old, and is read from a replica where there is one.
    may_lag: bool = False

    def is_personal(self, order: Order) -> bool:
        """Tell whether the answer to this order shows a person's data."""
        return self.personal if isinstance(self.personal, bool) else self.personal(order)

    def __call__(self, work: Work, order: Order, *facts: Any) -> Result:
        """Answer inside the transaction of an action or another query."""
        return self.handler(work, order, *facts)


@dataclass(frozen=True)
class Chosen:
    """An action that depends on the record, in a list over several kinds: `of` gives that of a record or its line; `roles`
    are those of all of them."""

    roles: frozenset[Role]
    of: Callable[[Any], Action[Any, Any]]


Act = Action[Any, Any] | Chosen


def action_for(act: Act, record: Any) -> Action[Any, Any]:
    """The action for this very record."""
    return act.of(record) if isinstance(act, Chosen) else act


def open_to(what: Any, caller: Caller) -> bool:
    """Tell whether the caller's roles fit an action or query; users linked to a street for looking change nothing there."""
    fitting = what.roles & caller.roles
    if caller.only_reads and isinstance(what, Action) and what.writes:
        fitting -= {Role.STREET_CLERK}
    return bool(fitting)


ACTIONS: dict[str, Action[Any, Any]] = {}
QUERIES: dict[str, Query[Any, Any]] = {}


class MakeAction(Protocol):
    """Makes an action of a handler `(work, order)`."""

    def __call__(self, handler: Callable[[Work, Order], Result], /) -> Action[Order, Result]: ...


class MakeCheckedAction(Protocol[Facts]):
    """Makes an action of a handler `(work, order, facts)` that takes what `gather` returns."""

    def __call__(self, handler: Callable[[Work, Order, Facts], Result], /) -> Action[Order, Result]: ...


class MakeQuery(Protocol):
    """Makes a query of a handler `(work, order)`."""

    def __call__(self, handler: Callable[[Work, Order], Result], /) -> Query[Order, Result]: ...


class MakeCheckedQuery(Protocol[Facts]):
    """Makes a query of a handler `(work, order, facts)` that takes what `gather` returns."""

    def __call__(self, handler: Callable[[Work, Order, Facts], Result], /) -> Query[Order, Result]: ...


@overload
def action(
    name: str, label: str, *, roles: set[Role], step: Step | None = None, event: str = "DATA.STATE"
) -> MakeAction: ...


@overload
def action(
    name: str,
    label: str,
    *,
    roles: set[Role],
    gather: Callable[[Any, Any], Facts],
    step: Step | None = None,
    event: str = "DATA.STATE",
) -> MakeCheckedAction[Facts]: ...


def action(
    name: str,
    label: str,
    *,
    roles: set[Role],
    gather: Callable[..., Any] | None = None,
    step: Step | None = None,
    event: str = "DATA.STATE",
) -> Any:
    """Register a handler `(work, order)`, with `gather` a handler `(work, order, facts)`, as an action."""

    def register(handler: Callable[..., Any]) -> Action[Any, Any]:
        made: Action[Any, Any] = Action(name, label, frozenset(roles), handler, gather, step, event)
        if name in ACTIONS:
            raise RuntimeError(f"action {name} is registered twice")
        ACTIONS[name] = made
        return made

    return register


@overload
def query(
    name: str, label: str, *, roles: set[Role], personal: bool | Callable[[Any], bool] = False, may_lag: bool = False
) -> MakeQuery: ...


@overload
def query(
    name: str,
    label: str,
    *,
    roles: set[Role],
    personal: bool | Callable[[Any], bool] = False,
    gather: Callable[[Any, Any], Facts],
) -> MakeCheckedQuery[Facts]: ...


def query(
    name: str,
    label: str,
    *,
    roles: set[Role],
    personal: bool | Callable[[Any], bool] = False,
    gather: Callable[..., Any] | None = None,
    may_lag: bool = False,
) -> Any:
    """Register a handler `(work, order)`, with `gather` a handler `(work, order, facts)`, as a query."""

    def register(handler: Callable[..., Any]) -> Query[Any, Any]:
        made: Query[Any, Any] = Query(name, label, frozenset(roles), handler, personal, gather, may_lag)
        if name in QUERIES:
            raise RuntimeError(f"query {name} is registered twice")
        QUERIES[name] = made
        return made

    return register


def hints_of(handler: Callable[..., Any]) -> dict[str, Any]:
    """Return the type hints of a handler, also of one that `partial` bound to its kind."""
    while isinstance(handler, partial):
        handler = handler.func
    return get_type_hints(handler)
