"""A count in the status bar of the users of a module; it follows by itself, and a click opens what it counts."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.registry import Query
from ui.shell.place import Host
from ui.shell.quiet import look

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
    """Draw the count and words `told` makes of the query's answer; nothing is drawn while the count is zero."""

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

    return draw
