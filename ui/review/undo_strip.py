"""The line under a queue that takes back the last decision while its time runs."""

from collections.abc import Awaitable, Callable

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from ui.shell.buttons import plain_button

_COUNT_DOWN = """(() => {
  const shown = document.getElementById(%r); let left = %d;
  const turn = setInterval(() => {
    if (!shown?.isConnected || --left < 0) return clearInterval(turn);
    shown.textContent = left + "秒内可撤销";
  }, 1000);
})()"""


class UndoStrip:
    """Drawn into the current container; hidden until something can be undone."""

    def __init__(self) -> None:
        self._turn = 0
        self._undo: Callable[[], Awaitable[None]] | None = None
        self.box = web.element("div").classes("sf-review-undo").props("role=status")
        self.box.set_visibility(False)

    @property
    def offers(self) -> bool:
        """Tell whether a decision can be undone now."""
        return self._undo is not None

    def offer(self, told: str, seconds: int, undo: Callable[[], Awaitable[None]]) -> None:
        """Show what was decided and count down; `undo` is run by the button or its letter."""
        self._turn += 1
        turn, self._undo = self._turn, undo
        self.box.clear()
        self.box.set_visibility(True)
        with self.box:
            TextElement(tag="span", text=told)
            left = TextElement(tag="span", text=f"{seconds}秒内可撤销").classes("sf-help").mark("undo-left")
            plain_button("撤销（Z）", self.press, icon="undo").mark("undo-decision")
            web.timer(seconds, lambda: self.hide(turn), once=True)
        web.run_javascript(_COUNT_DOWN % (left.html_id, seconds))

    async def press(self) -> None:
        """Undo the decision on offer, once."""
        undo, self._undo = self._undo, None
        if undo is not None:
            self.hide(self._turn)
            await undo()

    def hide(self, turn: int) -> None:
        """Offer nothing any more, unless something else was decided since."""
        if turn == self._turn and not self.box.is_deleted:
            self._undo = None
            self.box.set_visibility(False)
