"""Under the evidence: who has the record in hand, what may be said of it, and the reason being written."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.review.declaration import Decision, Queue, Standing
from ui.review.kept_reason import Begun
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.choice import Choice
from ui.shell.values import shown

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
        self._sending = False
        with web.element("div").classes("sf-review-reason"):
            if decision.phrases:
                phrases = {phrase: phrase for phrase in decision.phrases}
                empty = f"选择常用{decision.reason}，或在下方填写"
                self.phrases = Choice(phrases, name=f"常用{decision.reason}", empty=empty, on_change=self._take)
                self.phrases.mark("reason-phrase")
                # Words typed here that are no usual reason are the reviewer's own.
                self.phrases.on("unmatched", lambda event: self._add(str(event.args or "")[:LONGEST]))
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
        if event.value:
            self._add(event.value)
            self.phrases.set_value("")

    def _add(self, words: str) -> None:
        """Put words behind those that stand there, and the cursor after them."""
        stood = str(self.box.value or "").rstrip()
        if words not in stood:
            self.box.set_value(f"{stood}；{words}" if stood else words)
        self._focus(self.box.html_id)

    async def _changed(self) -> None:
        if self._sending:
            # The pause after the last key ends behind Enter: what is said already is not kept for another time.
            return
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
        self._sending = True
        try:
            await self._send(words[:LONGEST])
        finally:
            self._sending = False


Act = Callable[[], Awaitable[None]]


class DecisionBar:
    """Redraws itself for each record. `decide(decision, words)` is called for a decision."""

    def __init__(
        self,
        queue: Queue,
        *,
        decide: Callable[[Decision, str], Awaitable[None]],
        take: Act,
        release: Act,
        skip: Act,
        typed: Callable[[Decision, str], Awaitable[None]],
        unsaid: Act,
    ) -> None:
        self.queue = queue
        self._decide, self._take, self._release, self._skip = decide, take, release, skip
        self._typed, self._unsaid = typed, unsaid
        self.buttons: dict[str, web.button] = {}
        self.form: ReasonForm | None = None
        self.box = web.element("div").classes("sf-review-bar")

    def show(self, standing: Standing | None, may: list[Decision], begun: Begun | None = None) -> None:
        """The buttons for a record; None clears them."""
        self.box.clear()
        self.buttons, self.form = {}, None
        self.box.set_visibility(standing is not None and standing.waits)
        if standing is None or not standing.waits:
            return
        with self.box:
            if words := told_of(standing):
                TextElement(tag="p", text=words).classes("sf-review-holder").props("role=status")
            self._draw_buttons(standing, may)
            self.reason_box = web.element("div")
        if begun is not None:
            for decision in may:
                if decision.letter == begun.letter:
                    self.write(decision, begun.words, focus=False)

    def _draw_buttons(self, standing: Standing, may: list[Decision]) -> None:
        with web.element("div").classes("sf-review-buttons"):
            if not standing.bar and may and (self.queue.hold is None or standing.mine):
                for decision in may:
                    make = danger_button if decision.danger else main_button if decision is may[0] else plain_button
                    press = partial(self.pressed, decision)
                    button = make(f"{decision.label}（{decision.letter.upper()}）", press)
                    self.buttons[decision.letter] = button.mark(f"decide-{decision.letter}")
            elif not standing.bar and may and (not standing.holder or standing.overdue):
                main_button("接手（回车）" if standing.holder else "领取（回车）", self._take).mark("take")
            web.space()
            if standing.mine and self.queue.hold is not None:
                plain_button("放回（U）", self._release).mark("release")
            plain_button("跳过（S）", self._skip).mark("skip")

    async def pressed(self, decision: Decision) -> None:
        """A decision's button or letter: at once, or its reason first."""
        if decision.reason:
            self.write(decision, "", focus=True)
        else:
            await self._decide(decision, "")

    def write(self, decision: Decision, words: str, *, focus: bool) -> None:
        """Open the reason of a decision."""
        if self.form is not None and self.form.decision is decision:
            self.form.focus()
            return
        self.reason_box.clear()
        with self.reason_box:
            self.form = ReasonForm(
                decision,
                words=words,
                send=lambda text: self._decide(decision, text),
                typed=lambda text: self._typed(decision, text),
                leave=self._leave,
            )
        if focus:
            self.form.focus()

    async def _leave(self) -> None:
        self.reason_box.clear()
        self.form = None
        await self._unsaid()


def told_of(standing: Standing) -> str:
    """Return in words who holds a record since when, and why the caller may not decide."""
    if standing.bar:
        return standing.bar
    if standing.mine:
        return f"由您领取，{shown(standing.since)}起" if standing.since else "由您领取"
    if standing.holder:
        since = f"于 {shown(standing.since)} " if standing.since else ""
        return f"{standing.holder}{since}领取，" + ("较久未处理，可以接手" if standing.overdue else "正在处理")
    return ""
