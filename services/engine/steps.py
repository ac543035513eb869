"""State steps: taken only where the state table allows it, and always logged in the audit."""

from typing import Any

from services.engine.refusals import Conflict
from services.engine.registry import ACTIONS, Action
from services.engine.work import Work


def take_step(work: Work, row: Any, machine: Any, step: str, *, reason: str = "") -> None:
    """Move `row.state` along a named step, or refuse with the state it is in."""
    before = row.state
    after = machine.after(step, before)
    if after is None:
        raise Conflict(f"当前状态为“{before.label}”，不能进行此操作")
    row.state = after
    work.add(row)
    work.trail.tell("DATA.STATE", step, about=row, reason=reason, detail={"from": str(before), "to": str(after)})


def available(work: Work, row: Any) -> list[Action[Any, Any]]:
    """The actions whose role and state step fit a record, in the order they were registered."""
    return [
        action
        for action in ACTIONS.values()
        if action.step is not None
        and action.roles & work.caller.roles
        and getattr(row, "state", None) in action.step.machine.open_to(action.step.name)
    ]
