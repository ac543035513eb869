"""A draft that saves itself: two seconds after the last change, one save at a time, and says when it was (row 6)."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from nicegui import background_tasks
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.clock import SHANGHAI
from services.engine.drafts import SaveDraft, save_draft
from ui.shell.buttons import plain_button
from ui.shell.call import call

DELAY_SECONDS = 2.0
_BEHIND = "已在另一页面中修改"


class Autosave:
    """Draws the state of saving; `payload` and `title` are asked at each save."""

    def __init__(
        self,
        kind: str,
        *,
        payload: Callable[[], dict[str, Any]],
        title: Callable[[], str],
        kept: Callable[[UUID], None],
        draft_id: UUID | None = None,
        version: int = 0,
    ) -> None:
        self.kind, self.draft_id, self.version = kind, draft_id, version
        self._payload, self._title, self._kept = payload, title, kept
        self._client = web.context.client
        self._dirty = self._behind = self._over = False
        self._lock = asyncio.Lock()
        self._waiting: asyncio.Task[None] | None = None
        with web.element("div").classes("sf-saving").props("role=status"):
            self._words = TextElement(tag="span", text="尚未保存" if draft_id is None else "已打开草稿")
            self._other = plain_button("以本页内容另存为新草稿", self.save_apart)
            self._other.set_visibility(False)

    @property
    def dirty(self) -> bool:
        return self._dirty

    def changed(self) -> None:
        """Note a change, to be saved soon."""
        if self._over:
            return
        self._dirty = True
        if self._behind:
            return
        self._words.text = "正在填写……"
        self._plan(DELAY_SECONDS)

    def at_once(self) -> None:
        """Save as soon as the loop is free, without waiting."""
        if self._dirty and not self._behind:
            self._plan(0)

    def _plan(self, seconds: float) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = background_tasks.create(self._later(seconds), name="save a draft")

    async def _later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        # From here on a later change must not break off a save that is under way.
        self._waiting = None
        with self._client:
            await self.save()

    async def save(self) -> bool:
        """Save now; return whether the page's content is safe."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        async with self._lock:
            if not self._dirty or self._over:
                return not self._behind
            if self._behind:
                return False
            self._dirty = False
            order = SaveDraft(self.kind, self._title(), self._payload(), self.draft_id, self.version)
            answer = await call(save_draft, order, quiet=True)
            if answer.gone:
                return False
            if not answer.ok:
                self._refused(answer.message)
                return False
            first = self.draft_id is None
            self.draft_id, self.version = answer.value.id, answer.value.version
            if first:
                self._kept(answer.value.id)
            self._say(answer.value.at)
            return True

    async def save_apart(self) -> None:
        """The other tab keeps the old draft; this page goes on with one of its own."""
        self.draft_id, self.version, self._behind, self._dirty = None, 0, False, True
        self._other.set_visibility(False)
        await self.save()

    def stop(self) -> None:
        """The draft has become a record; nothing more is saved."""
        self._over, self._dirty = True, False
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self._words.text = ""

    def start_over(self) -> None:
        """Continue with the page's content as a new draft."""
        self.draft_id, self.version = None, 0
        self._over = self._behind = False
        self._words.text = "尚未保存"

    def _refused(self, message: str) -> None:
        self._dirty = True
        self._behind = _BEHIND in message
        self._words.text = message if self._behind else f"未能保存：{message}"
        self._words.classes(replace="sf-say-bad")
        self._other.set_visibility(self._behind)

    def _say(self, at: datetime) -> None:
        self._words.text = f"已保存 {at.astimezone(SHANGHAI):%H:%M:%S}"
        self._words.classes(replace="")
