"""Under the evidence: who has the record in hand, what may be said of it, and the reason being written."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.review.declaration import Decision, Queue, Standing
from ui.review.kept_reason import Begun
from ui.review.reason_form import ReasonForm
from ui.shell.buttons import danger_button, main_button, plain_button
from ui.shell.values import shown

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
