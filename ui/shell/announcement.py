"""The line at the top of every page that says when the system will stop; open pages follow within seconds."""

import asyncio
import weakref
from collections.abc import Callable

from nicegui.elements.mixins.text_element import TextElement

EVERY_SECONDS = 5.0


class Announced:
    """The sentence that is shown now and the pages that show it; one for the process, as the pages are."""

    def __init__(self) -> None:
        self.text = ""
        self.read: Callable[[], str] = lambda: ""
        self._lines: weakref.WeakSet[TextElement] = weakref.WeakSet()

    def draw(self) -> None:
        """Draw the line on a page of the workspace; it is hidden while nothing is announced."""
        line = TextElement(tag="div", text=self.text).classes("sf-banner").props("role=status").mark("announced")
        line.set_visibility(bool(self.text))
        self._lines.add(line)

    def look(self) -> None:
        """Read the announcement and change every open page if it is another one."""
        if (text := self.read()) != self.text:
            self.text = text
            for line in list(self._lines):
                line.set_text(text)
                line.set_visibility(bool(text))

    async def follow(self) -> None:
        """Look every few seconds."""
        while True:
            self.look()
            await asyncio.sleep(EVERY_SECONDS)


ANNOUNCED = Announced()
