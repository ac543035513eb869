"""Background questions of a page, and the counts they show in the status bar; they do not count as activity of the session."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from nicegui import background_tasks, run
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.refusals import Refusal
from services.engine.registry import Query
from services.engine.steps import is_available
from ui.shell.desk import Desk
from ui.shell.place import Host


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


Found = TypeVar("Found")
_NEWS = "sf-news"


def status_count(
    query: Query[None, Found],
    module: str,
    told: Callable[[Found], tuple[int, str]],
    *,
    mark: str,
    params: Mapping[str, str] | None = None,
    is_urgent: Callable[[Found], bool] = lambda found: False,
    every: float = 30.0,
) -> Callable[[Host], None]:
    """Draw the count and words `told` makes of the query's answer, after each act and from time to time; nothing is drawn
    while the count is zero.
    """

    def draw(workspace: Host) -> None:
        with web.element("button").props("type=button").classes(f"sf-alarms {_NEWS}").mark(mark) as button:
            label = TextElement(tag="span", text="")
        button.on("click", lambda: workspace.open(module, dict(params or {})))
        button.set_visibility(False)

        async def count() -> None:
            answers: Any = await look(workspace.desk, (query, None))
            if button.is_deleted or answers is None:
                return
            number, label.text = told(answers[0])
            urgent = is_urgent(answers[0])
            button.classes(add="" if urgent else _NEWS, remove=_NEWS if urgent else "")
            button.set_visibility(number > 0)

        web.timer(every, count, immediate=True)
        # One count at a time, and one more for whatever was done meanwhile.
        name = f"count {mark} {button.client.id}"
        workspace.desk.on_acted.append(lambda: background_tasks.create_lazy(count(), name=name))

    return draw
