"""The rail of steps beside the guided form, with the keys that turn them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui import events
from nicegui.element import Element


class Rail(Element, component="rail.js"):
    """`steps` are (key, title); states are open, done or wrong."""

    def __init__(
        self,
        steps: Sequence[tuple[str, str]],
        *,
        go: Callable[[str], Awaitable[None]],
        turn: Callable[[int], Awaitable[None]],
        leave: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__()
        self._titles = dict(steps)
        self.show(next(iter(self._titles)), {})

        async def went(event: events.GenericEventArguments) -> None:
            if isinstance(event.args, str) and event.args in self._titles:
                await go(event.args)

        async def turned(event: events.GenericEventArguments) -> None:
            await turn(1 if event.args == 1 else -1)

        self.on("go", went)
        self.on("turn", turned)
        self.on("leave", lambda: leave())

    def show(self, current: str, states: dict[str, str]) -> None:
        """Show the current step and the states of the others."""
        told: list[dict[str, Any]] = [
            {"key": key, "title": title, "state": states.get(key, "open")} for key, title in self._titles.items()
        ]
        self._props["steps"] = told
        self._props["current"] = current
        self.update()
