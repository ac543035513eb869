"""The keys of a queue and the line that names them; letters of a part of a page."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from nicegui import events
from nicegui.element import Element


class Letters(Element, component="keys.js"):
    """Reports letters pressed outside fields while this part of the page is shown."""

    def __init__(self, letters: Iterable[str], on_letter: Callable[[str], Any]) -> None:
        super().__init__()
        self._letters = frozenset(letters)
        self._on_letter = on_letter
        self._props["letters"] = sorted(self._letters)
        self.on("letter", self._told)

    async def _told(self, event: events.GenericEventArguments) -> None:
        if isinstance(event.args, str) and event.args in self._letters:
            await self._on_letter(event.args)


class QueueKeys(Letters, component="keys.js"):
    """The letters of a queue, in which J and K move through the list in the browser itself."""

    def __init__(
        self, letters: Sequence[str], help: Sequence[tuple[str, str]], on_letter: Callable[[str], Any]
    ) -> None:
        super().__init__(letters, on_letter)
        self._props["help"] = tuple(help)
