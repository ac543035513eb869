"""The message area: a sentence goes with its cause, with the next success, with its page, and after some time."""

import asyncio
from collections.abc import Callable
from time import monotonic

from nicegui.elements.mixins.text_element import TextElement

from ui.shell.buttons import reload_button

#: So long, in seconds, a message stays though the page changes.
_FRESH = 3.0
#: So long, in seconds, it stays at all: what was done for less than what is to be mended.
STAYS = {"info": 20.0, "good": 20.0, "warn": 60.0, "bad": 60.0}
_FAULTS = ("warn", "bad")


class MessageArea:
    """Draws the area into the current container."""

    def __init__(self) -> None:
        self.box = TextElement(tag="span", text="").props("role=status aria-live=polite").mark("message")
        self._again = reload_button("刷新").mark("reload")
        self._turn = 0
        self._said_at = monotonic()
        self.clear()

    def say(self, text: str, tone: str, holds: Callable[[], bool]) -> None:
        """Show a sentence for as long as `holds` says, and not for ever."""
        self._turn += 1
        self._said_at, self._tone, self._holds = monotonic(), tone, holds
        self._show(text, f"sf-say-{tone}")
        asyncio.get_running_loop().call_later(STAYS[tone], self._fade, self._turn)

    def clear(self) -> None:
        self._tone, self._holds = "", lambda: True
        self._show("就绪", "")

    def leave_behind(self) -> None:
        """Clear what was said on a page that is left; the last message may be the reason why the user is brought here."""
        if not self._holds() or monotonic() - self._said_at > _FRESH:
            self.clear()

    def settle(self) -> None:
        """Clear a message whose cause is gone."""
        if not self._holds():
            self.clear()

    def forgive(self) -> None:
        """Clear a fault: something was done since."""
        if self._tone in _FAULTS:
            self.clear()

    def _fade(self, turn: int) -> None:
        if turn == self._turn and not self.box.is_deleted:
            self.clear()

    def _show(self, text: str, classes: str) -> None:
        self.box.text = text
        self._again.set_visibility("请刷新" in text)
        self.box.classes(replace=f"sf-message {classes}".rstrip())
