"""Background questions of a page, which do not count as activity of the session."""

from collections.abc import Sequence
from typing import Any

from nicegui import run

from services.engine.refusals import Refusal
from services.engine.registry import Query
from services.engine.steps import is_available
from ui.shell.desk import Desk


async def look(desk: Desk, *questions: tuple[Query[Any, Any], Any]) -> Sequence[Any] | None:
    """The answers, or None when the session is over, something is refused or the process is stopping."""
    answers: Sequence[Any] | None = await run.io_bound(_look, desk, questions)
    return answers


def _look(desk: Desk, questions: Sequence[tuple[Query[Any, Any], Any]]) -> Sequence[Any] | None:
    caller = desk.book.find(desk.token, active=False)
    # A role may have been taken away meanwhile; a page's own looking is no denied access.
    if caller is None or not all(is_available(caller, what) for what, _ in questions):
        return None
    try:
        return [desk.door.ask(what, caller, order) for what, order in questions]
    except Refusal:
        return None
