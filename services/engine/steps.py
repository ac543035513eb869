"""Steps between states: taken only where the state table allows them, and the one place that writes a state."""

from typing import Any, Protocol

import sqlalchemy as sa

from models.access import Role
from models.codes import Code
from models.machines import Machine
from services.engine.callers import Caller
from services.engine.refusals import Conflict
from services.engine.registry import ACTIONS, Action, open_to
from services.engine.work import Work


def take_step(
    work: Work,
    row: Any,
    machine: Machine[Any],
    step: str,
    *,
    field: str = "state",
    named: str = "当前状态",
    act: str = "",
    reason: str = "",
    log: bool = True,
) -> None:
    """Move a row along a named step and log it, or refuse with the state it is in.

    `field` is the column with the state, `named` its words in a refusal. The log calls the step `act`. Without `log`
    the caller logs the step in an event of its own.
    """
    before = getattr(row, field)
    after = machine.after(step, before)
    if after is None:
        raise Conflict(f"{named}为“{before.label}”，不能进行此操作")
    setattr(row, field, after)
    work.add(row)
    if log:
        work.trail.tell(
            "DATA.STATE", act or step, about=row, reason=reason, detail={"from": str(before), "to": str(after)}
        )


def step_on(work: Work, row: Any, machine: Machine[Any], step: str, *, reason: str = "") -> bool:
    """Take a step if the state of the row allows it; return whether it was taken. For messages that may arrive late."""
    if row.state not in machine.open_to(step):
        return False
    take_step(work, row, machine, step, reason=reason)
    return True


def begin_in(row: Any, state: Any) -> None:
    """Set the state in which a new row begins; a row that is stored already takes steps."""
    if sa.inspect(row).persistent:
        raise RuntimeError(f"{type(row).__name__} is stored and takes steps")
    row.state = state


class Permitted(Protocol):
    """An action, a query or a part of a page that only some roles may use."""

    @property
    def roles(self) -> frozenset[Role]: ...


def is_available(caller: Caller, what: Permitted, record: Any = None) -> bool:
    """Tell whether the caller's roles fit an action or query and, of a record, whether the action's step starts here.

    A record is a row or a line of a list with the state of one.
    """
    if not open_to(what, caller):
        return False
    return record is None or not isinstance(what, Action) or starts(what, record)


def available(caller: Caller, record: Any) -> list[Action[Any, Any]]:
    """Return the actions that take a step from the state of a record, as far as the caller's roles fit."""
    return [one for one in ACTIONS.values() if one.step is not None and is_available(caller, one, record)]


def starts(action: Action[Any, Any], record: Any) -> bool:
    """Tell whether the step of an action starts from the state of a record; one without a step always may."""
    step = action.step
    if step is None:
        return True
    state = getattr(record, step.field, None)
    if isinstance(state, str) and not isinstance(state, Code):
        raise TypeError(f"{type(record).__name__} has a word for its state, not a code")
    # Codes are strings: a state of another machine may have the same value.
    return isinstance(state, step.machine.states) and state in step.machine.open_to(step.name)
