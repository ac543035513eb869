"""The reason of a decision, written beside the evidence: ready phrases by number, then one's own words, Enter sends."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.review.declaration import Decision
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.choice import Choice

LONGEST = 300
#: After so many milliseconds without a key the text is kept.
_PAUSE = 700


class ReasonForm:
    """Drawn into the current container. `send(words)` is called with a reason long enough."""

    def __init__(
        self,
        decision: Decision,
        *,
        words: str,
        send: Callable[[str], Awaitable[None]],
        typed: Callable[[str], Awaitable[None]],
        leave: Callable[[], Awaitable[None]],
    ) -> None:
        self.decision, self._send, self._typed = decision, send, typed
        with web.element("div").classes("sf-review-reason"):
            if decision.phrases:
                phrases = {phrase: phrase for phrase in decision.phrases}
                empty = f"选择常用{decision.reason}，或在下方填写"
                self.phrases = Choice(phrases, name=f"常用{decision.reason}", empty=empty, on_change=self._take)
                self.phrases.mark("reason-phrase")
            self.box: Any = web.textarea(value=words, on_change=self._changed)
            self.box.props(f"dense outlined rows=2 maxlength={LONGEST} debounce={_PAUSE}").mark("reason-words")
            self.box.props["aria-label"] = decision.reason
            self.box.props["placeholder"] = f"{decision.reason}（不少于{decision.least}个字），回车提交，Shift+回车换行"
            # Debounced, the server may be behind what is typed: the browser sends the text.
            self.box.on(
                "keydown.enter",
                self._entered,
                js_handler="(e) => { if (!e.shiftKey && !e.isComposing) { e.preventDefault(); emit(e.target.value); } }",
            )
            self.wrong = TextElement(tag="p", text="").classes("sf-wrong").props("role=alert")
            with web.element("div").classes("sf-buttons"):
                self.kept = TextElement(tag="span", text="").classes("sf-help").props("role=status")
                web.space()
                plain_button("取消", leave).mark("reason-leave")
                make = danger_button if decision.danger else main_button
                self.button = make("提交（回车）", self._pressed).mark("reason-send")

    def focus(self) -> None:
        """Focus the phrases, or the words if there are some already."""
        phrases = bool(self.decision.phrases) and not self.box.value
        self._focus(self.phrases.input_id if phrases else self.box.html_id)

    def _focus(self, element: str) -> None:
        # A moment later: the browser is still busy with the key that led here.
        web.run_javascript(f"setTimeout(() => document.getElementById({element!r})?.focus(), 80)")

    async def _take(self, event: events.ValueChangeEventArguments[str]) -> None:
        if not event.value:
            return
        stood = str(self.box.value or "").rstrip()
        if event.value not in stood:
            self.box.set_value(f"{stood}；{event.value}" if stood else event.value)
        self.phrases.set_value("")
        self._focus(self.box.html_id)

    async def _changed(self) -> None:
        self.wrong.text = self.kept.text = ""
        await self._typed(str(self.box.value or ""))
        self.kept.text = "已暂存"

    async def _entered(self, event: events.GenericEventArguments) -> None:
        await self._try(str(event.args or ""))

    async def _pressed(self) -> None:
        await self._try(str(self.box.value or ""))

    async def _try(self, words: str) -> None:
        words = words.strip()
        if len(words) < self.decision.least:
            self.wrong.text = f"请填写{self.decision.reason}（不少于{self.decision.least}个字）"
            return
        await self._send(words[:LONGEST])
