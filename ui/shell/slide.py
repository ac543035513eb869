"""A slider drawn by the browser: its name and its value lie on the element that takes the keyboard."""

from collections.abc import Callable, Sequence

from nicegui import events
from nicegui.element import Element


class Slide(Element, component="slide.js"):
    """A slider over steps from `least` on; `words` say each of them.

    `moved(value)` is called at every step, or with `settled` once the slider is let go.
    """

    def __init__(
        self,
        label: str,
        words: Sequence[str],
        moved: Callable[[float], object],
        *,
        value: float,
        least: float = 0,
        step: float = 1,
        settled: bool = False,
    ) -> None:
        super().__init__()
        self._props |= {"label": label, "words": list(words), "least": least, "step": step, "value": value}
        most = least + step * (len(words) - 1)

        def take(sent: events.GenericEventArguments) -> object:
            known = isinstance(sent.args, int | float) and least <= sent.args <= most
            return moved(sent.args) if known else None

        self.on("settled" if settled else "moved", take)
