"""A step with people of the form as an accordion: some in hand with all their fields, the others as one line each."""

from abc import abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.tenancy_codes import IdType
from ui.shell.buttons import plain_button
from ui.tenancy.filing_form import Step


class PeopleStep(Step):
    """`lists` are lists of the form, such as `lessors`, with the word for one on them; `hand` has the paths in hand."""

    lists: ClassVar[Mapping[str, str]]
    #: How many stay on each list.
    least: ClassVar[int] = 1

    def begin(self) -> None:
        self.hand: set[str] = set()
        #: The person the cursor was last in.
        self.took = ""

    @abstractmethod
    def draw_person(self, path: str) -> None:
        """Draw the fields of a person in hand."""

    @abstractmethod
    def new_person(self) -> dict[str, Any]:
        """A person with nothing typed yet."""

    def people(self, side: str) -> list[dict[str, Any]]:
        return self.sheet.get(side) or []

    def paths(self) -> list[str]:
        """The path of every person."""
        return [f"{side}.{place}" for side in self.lists for place in range(len(self.people(side)))]

    def draw_people(self, side: str) -> None:
        """Draw everyone on a list; those in hand with their fields."""
        for place in range(len(self.people(side))):
            path, label = f"{side}.{place}", f"{self.lists[side]}{place + 1}"
            with web.element("section").classes("sf-person").props(f"aria-label={label}") as block:
                block.on("focusin", partial(setattr, self, "took", path), args=[], throttle=0.2)
                self._draw_head(side, place)
                if path in self.hand:
                    self.draw_person(path)
                else:
                    self.sheet.spot(path)

    def _draw_head(self, side: str, place: int) -> None:
        path, size = f"{side}.{place}", len(self.people(side))
        with web.element("div").classes("sf-person-head"):
            label = f"{self.lists[side]}{place + 1 if size > 1 or not self.least else ''}"
            TextElement(tag="strong", text=label)
            if path not in self.hand:
                line = TextElement(tag="button", text=self._summary(path)).classes("sf-link").props("type=button")
                line.on("click", partial(self.open_one, path))
            elif self.sheet.get(f"{path}.card_read"):
                TextElement(tag="span", text="已读取证件").classes("sf-badge sf-good")
            if size > self.least:
                plain_button("移除", partial(self.remove, side, place)).classes("sf-person-out")

    def _summary(self, path: str) -> str:
        kind = IdType.labels().get(self.sheet.text(f"{path}.id_type"), "")
        parts = (self.sheet.text(f"{path}.name") or "（未填写姓名）", kind, self.sheet.text(f"{path}.id_no"))
        return "　".join(part for part in parts if part)

    def aim(self, path: str) -> None:
        parts = path.split(".")
        if parts[0] in self.lists and len(parts) > 1:
            self.hand = {".".join(parts[:2])}

    async def open_one(self, path: str) -> None:
        """Take a person in hand."""
        self.hand = {path}
        await self.form.draw()
        self.sheet.focus(f"{path}.name")

    async def add(self, side: str) -> None:
        """Add a person to a list, in hand at once."""
        self.sheet.put(side, [*self.people(side), self.new_person()])
        await self.open_one(f"{side}.{len(self.people(side)) - 1}")

    async def remove(self, side: str, place: int) -> None:
        """Take a person off a list; the others move up."""
        people = list(self.people(side))
        del people[place]
        self.sheet.put(side, people)
        await self.form.draw()
