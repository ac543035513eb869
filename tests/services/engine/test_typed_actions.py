"""Orders of actions and queries are checked by the type checker: a wrong order does not pass `mypy --strict`."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.engine.callers import Caller
from services.engine.cycle import acts
from services.engine.door import Door, Gathering
from services.engine.registry import ACTIONS, QUERIES, Action, Query, hints_of
from services.engine.work import Work
from services.tenancy.filing import file_lease
from services.tenancy.listings import FILINGS
from ui.shell.call import call

if TYPE_CHECKING:
    # Only read by mypy, which calls an ignore that hides no error an error: each line below must be refused.
    async def refused(door: Door, caller: Caller, work: Work, gathering: Gathering, made: Any) -> None:
        door.perform(file_lease, caller, 42)  # type: ignore[misc]
        door.perform(file_lease, caller)  # type: ignore[arg-type]
        door.perform(acts("project").approve, caller, 42)  # type: ignore[misc]
        door.ask(FILINGS.query, caller, 42)  # type: ignore[misc]
        door.ask(acts("project").record, caller, "1")  # type: ignore[misc]
        await call(file_lease, 42)  # type: ignore[misc]
        await call(file_lease)  # type: ignore[arg-type]
        await call(FILINGS.query, 42)  # type: ignore[misc]
        gathering.perform(file_lease, 42)  # type: ignore[misc]
        file_lease(work, 42)  # type: ignore[arg-type]

    async def taken(door: Door, caller: Caller, contract_id: UUID) -> None:
        door.perform(file_lease, caller, contract_id)
        await call(file_lease, contract_id)


def test_every_action_and_query_says_the_type_of_its_order_and_result() -> None:
    made: list[Action[Any, Any] | Query[Any, Any]] = [*ACTIONS.values(), *QUERIES.values()]
    assert len(made) > 500
    assert [one.name for one in made if "return" not in hints_of(one.handler)] == []


def test_a_bound_handler_of_a_kind_says_the_types_of_the_cycle() -> None:
    hints = hints_of(acts("project").approve.handler)
    assert hints["order"].__name__ == "Decide"
