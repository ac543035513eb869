"""People of a form as an accordion: one or two in hand with all their fields, the others as one line each."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.tenancy_codes import IdType
from ui.shell.buttons import plain_button
from ui.tenancy.sheet import Sheet


class People:
    """A list of the form, such as `lessors`; `drawer(path)` draws the fields of the one in hand."""

    def __init__(
        self, sheet: Sheet, path: str, word: str, *, least: int, redraw: Callable[[], Awaitable[None]]
    ) -> None:
        self.sheet, self.path, self.word, self.least = sheet, path, word, least
        self._redraw = redraw

    @property
    def size(self) -> int:
        return len(self.sheet.get(self.path) or [])

    def draw(self, hand: set[str], drawer: Callable[[str], None], *, open_one: Callable[[str], object]) -> None:
        """Every one of the list; those whose path is in `hand` with their fields."""
        for place in range(self.size):
            path = f"{self.path}.{place}"
            with web.element("section").classes("sf-person").props(f"aria-label={self.word}{place + 1}") as block:
                block.on("focusin", partial(self._took, path, open_one), args=[], throttle=0.2)
                self._draw_head(path, place, path in hand, open_one)
                if path in hand:
                    drawer(path)
                else:
                    self.sheet.spot(path)

    def _took(self, path: str, open_one: Callable[[str], object]) -> None:
        self.took = path

    took: str = ""

    def _draw_head(self, path: str, place: int, in_hand: bool, open_one: Callable[[str], object]) -> None:
        with web.element("div").classes("sf-person-head"):
            label = f"{self.word}{place + 1}" if self.size > 1 or self.least == 0 else self.word
            TextElement(tag="strong", text=label)
            if not in_hand:
                line = TextElement(tag="button", text=self._summary(path)).classes("sf-link").props("type=button")
                line.on("click", lambda: open_one(path))
            elif self.sheet.get(f"{path}.card_read"):
                TextElement(tag="span", text="已读取证件").classes("sf-badge sf-good")
            if self.size > self.least:
                plain_button("移除", lambda: self.remove(place)).classes("sf-person-out")

    def _summary(self, path: str) -> str:
        kind = IdType.labels().get(self.sheet.text(f"{path}.id_type"), "")
        parts = (self.sheet.text(f"{path}.name") or "（未填写姓名）", kind, self.sheet.text(f"{path}.id_no"))
        return "　".join(part for part in parts if part)

    async def remove(self, place: int) -> None:
        """Take one off the list; the others move up."""
        people = list(self.sheet.get(self.path))
        del people[place]
        self.sheet.put(self.path, people)
        await self._redraw()
