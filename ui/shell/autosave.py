"""A draft that saves itself: some seconds after the last change and when it is left; never over what a colleague saved."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from nicegui import background_tasks
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.clock import SHANGHAI
from services.engine.registry import Action
from ui.shell.call import call

DELAY_SECONDS = 3.0
_OVERTAKEN = 409


class Saver:
    """Draws the state of saving, at first `words`. `order(version)` is asked at each save; `saved` and `overtaken` receive its result."""

    def __init__(
        self,
        save: Action[Any, Any],
        version: int,
        *,
        order: Callable[[int], Any],
        saved: Callable[[Any], Awaitable[None]],
        overtaken: Callable[[str], Awaitable[None]],
        words: str = "",
    ) -> None:
        self._save, self.version = save, version
        self._order, self._saved, self._overtaken = order, saved, overtaken
        self._client = web.context.client
        self.dirty = False
        #: A colleague was quicker: nothing is saved until the user has chosen.
        self.behind = False
        self._over = False
        self._lock = asyncio.Lock()
        self._waiting: asyncio.Task[None] | None = None
        self.words = TextElement(tag="span", text=words).classes("sf-saving").props("role=status").mark("saving")

    def changed(self) -> None:
        """Note a change, to be saved soon."""
        if self._over:
            return
        self.dirty = True
        if not self.behind:
            self._say("正在填写……")
            self._plan(DELAY_SECONDS)

    def at_once(self) -> None:
        """Save as soon as the loop is free, without waiting."""
        if self.dirty and not self.behind and not self._over:
            self._plan(0)

    def go_on(self, version: int, *, dirty: bool) -> None:
        """Continue with this version after a choice between two contents; with 0 as a new draft."""
        self.version, self.behind, self.dirty, self._over = version, False, dirty, False
        self._say("")

    def stop(self) -> None:
        """Stop saving: the draft was submitted or is gone."""
        self._over, self.dirty = True, False
        self._cancel()
        self._say("")

    async def save(self) -> bool:
        """Save now; return whether the page's content is safe."""
        self._cancel()
        async with self._lock:
            if self.behind:
                return False
            if self._over or not self.dirty:
                return True
            self.dirty = False
            answer = await call(self._save, self._order(self.version), quiet=True)
            if answer.ok:
                self.version = answer.value.version
                self._say(f"已保存 {_clock(answer.value.at)}")
                await self._saved(answer.value)
                return True
            self.dirty = True
            self.behind = answer.status == _OVERTAKEN
            self._say(answer.message if self.behind else f"未能保存：{answer.message}", bad=True)
        # Outside: what is chosen then is saved by the same way.
        if self.behind:
            await self._overtaken(answer.message)
        return False

    def _plan(self, seconds: float) -> None:
        self._cancel()
        self._waiting = background_tasks.create(self._later(seconds), name="save a draft")

    async def _later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        # From here on a later change must not break off a save that is under way.
        self._waiting = None
        with self._client:
            await self.save()

    def _cancel(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _say(self, words: str, *, bad: bool = False) -> None:
        if not self.words.is_deleted:
            self.words.text = words
            self.words.classes(replace="sf-saving sf-say-bad" if bad else "sf-saving")


def _clock(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%H:%M:%S}"
