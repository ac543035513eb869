"""The page form of every workspace: a listing on the left, its line in hand on the right."""

import asyncio
from collections.abc import Awaitable, Callable, Container, Set
from inspect import isawaitable
from typing import Any, ClassVar, Generic, TypeVar

from nicegui import ui as web
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.events import GenericEventArguments

from models.access import Role
from services.engine.listings import Line, Listing
from services.engine.registry import Action, Query
from ui.shell.call import Answer, call
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.parts import draw_cells, head
from ui.shell.place import Command, Host, Place

View = TypeVar("View")
Result = TypeVar("Result")
#: The class of a split whose list has the whole width.
ALONE = "sf-split-alone"
#: Seconds after which a line on which the keyboard rests is taken in hand.
_REST = 0.25


class ListDesk(Generic[View]):
    """A page that draws one line of a listing beside it; a subclass names the listing and draws.

    `look` reads what is drawn of a line by its id; without it the line itself is drawn. The first line is taken in hand at
    once, unless reading it is logged as a look at a person. With no line in hand the list has the whole width.
    """

    listing: ClassVar[Listing]
    look: ClassVar[Query[Any, Any] | None] = None
    #: What the right side is called.
    part: ClassVar[str] = "详情"
    #: Classes of the split: `sf-split-wide` gives the right side half of the width; cells of a line alone need less.
    classes: ClassVar[str] = "sf-split-wide"

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        if cls.draw is ListDesk.draw and "classes" not in cls.__dict__:
            cls.classes = ""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line: Line | None = None
        self.view: View | None = None
        self._commands: list[tuple[Command, str, Callable[[Any], bool]]] = []
        self._turn = 0
        #: The line with the keyboard.
        self._ring = ""
        #: The right side shows something that is no line, which a page of the list does not replace.
        self._apart = False
        #: The record the address names, which need not be on the page in view.
        self._linked = place.params.get("id", "")
        with web.element("div").classes(f"sf-split {self.classes} {ALONE}") as self.split:
            with web.element("div"):
                self.above()
                self.grid = ListView(
                    place,
                    self.listing,
                    on_pick=self.choose,
                    on_enter=self.enter,
                    on_loaded=self._loaded,
                )
            self.grid.table.on("hold", self._rest)
            self.detail = web.element("section").props(f"aria-label={self.part}")
        self.detail.set_visibility(False)
        place.refresh = self.follow
        self.begin()

    def above(self) -> None:
        """Draw something above the list."""

    def begin(self) -> None:
        """Name the commands of the page."""

    def draw(self, view: View) -> Awaitable[None] | None:
        """Draw what is in hand into the current container; by default what is in its line."""
        head(self.part)
        self.draw_cells(view)
        return None

    def draw_cells(self, line: Any, *, without: Container[str] = ()) -> None:
        """Draw the cells of a line as read-only fields, by the labels of the listing's columns."""
        draw_cells(self.listing, line, without=without)

    def loaded(self, page: Any) -> None:
        """Show what else came with a page of the list."""

    async def enter(self, line: Line) -> None:
        """Open a line by Enter or a double click; here it is taken in hand."""
        await self.choose(line)

    def command(
        self,
        label: str,
        run: Callable[[View], Awaitable[object] | object],
        *,
        icon: str,
        key: str = "",
        needs: str = "",
        when: Callable[[View], bool] = lambda view: True,
    ) -> Command:
        """Put a button in the toolbar that acts on what is in hand; it waits until `when` holds of it."""

        async def act() -> None:
            if self.view is not None and isawaitable(done := run(self.view)):
                await done

        command = self.place.command(label, act, icon=icon, key=key, needs=needs or f"请先选择{self.listing.label}")
        self._commands.append((command, needs, when))
        return command

    async def load(self) -> None:
        """Load the list, and what the address names or the first line."""
        await self.grid.load()

    async def reload(self) -> None:
        """Load the list again, and what is in hand or, when it is no longer there, the first line."""
        await self.grid.load()

    async def follow(self) -> None:
        """Load the list again after something was done elsewhere.

        What is in hand stays as it is where the user may be typing beside it, or where reading it is logged as a look at a
        person.
        """
        personal = self.look is not None and self.look.personal is not False
        apart = self._apart
        self._apart = apart or personal or any(isinstance(one, ValueElement) for one in self.detail.descendants())
        try:
            await self.grid.load()
        finally:
            self._apart = apart

    async def take(self, row_id: object) -> None:
        """Load the list again and take this record in hand."""
        self.line, self._linked, self._apart = None, str(row_id), False
        await self.reload()

    async def act(self, action: Action[Any, Result], order: Any, sentence: str) -> Answer[Result]:
        """Perform an action, show the list and what is in hand anew, and say what was done."""
        # Not in the context of the button that was pressed: it may be in what is drawn anew meanwhile.
        with self.split:
            answer = await call(action, order)
            if answer.ok:
                await self.done(sentence)
        return answer

    async def done(self, sentence: str) -> None:
        """Show the list and what is in hand anew, and say what was done."""
        with self.split:
            self._apart = False
            await self.reload()
            self.place.say(sentence, "good")

    def draw_over(self, draw: Callable[[], object]) -> None:
        """Draw something else on the right with no line in hand, such as the form of a new record."""
        self._turn += 1
        with self.split:
            self._drop()
            self._apart = True
            with self.detail:
                draw()
            self._show(in_hand=True)
            self.place.reveal(self.detail)
        self.detail.client.run_javascript(f"sfInto({self.detail.html_id!r})")

    async def choose(self, line: Line) -> None:
        """Take a line in hand; the one in hand stays as it is, with what is typed beside it."""
        self._linked = ""
        if line is not self.line or self._apart:
            await self._take(line, line.id)
        self.place.reveal(self.detail)

    async def _rest(self, event: GenericEventArguments) -> None:
        """Take in hand the line on which the arrow keys come to rest, as if it had been clicked."""
        self._ring = ring = str(event.args)
        await asyncio.sleep(_REST)
        line = self.grid.lines.get(ring)
        if line is None or ring != self._ring or self._apart or line is self.line or not self._by_itself:
            return
        await self._take(line, line.id, follow=False)

    @property
    def _by_itself(self) -> bool:
        """Return whether a line may be taken in hand without being chosen: reading it is no look at a person."""
        return not self.listing.names_persons and (self.look is None or self.look.personal is False)

    async def _loaded(self, page: Any) -> None:
        self.loaded(page)
        if self._apart:
            return
        lines = self.grid.lines
        in_hand = str(self.line.id) if self.line is not None else self._linked
        sought = self.line is None and bool(self._linked)
        if in_hand in lines:
            await self._take(lines[in_hand], lines[in_hand].id)
        elif self._linked and self.look is not None:
            await self._take(None, self._linked)
        elif self._linked and (linked := await self.grid.line_of(self._linked)) is not None:
            await self._take(linked, linked.id)
        elif lines and self._by_itself:
            first = next(iter(lines.values()))
            await self._take(first, first.id)
        else:
            self._drop()
        if sought and self.view is not None:
            self.place.reveal(self.detail)

    async def _take(self, line: Line | None, row_id: Any, *, follow: bool = True) -> None:
        self._turn += 1
        self._apart = False
        mine = self._turn
        # As in `act`, not in the context of a button that is cleared below.
        async with self.place.taking:
            if mine == self._turn:
                await self._read(line, row_id, mine, follow=follow)

    async def _read(self, line: Line | None, row_id: Any, mine: int, *, follow: bool) -> None:
        with self.detail:
            view: Any = line
            if self.look is not None:
                answer = await call(self.look, row_id)
                if mine != self._turn:
                    return
                if not answer.ok:
                    self._linked = ""
                    self._drop()
                    return
                view = answer.value
            self.line, self.view = line, view
            self.detail.clear()
            if isawaitable(drawn := self.draw(view)):
                await drawn
            self._show(in_hand=True)
            self.place.keep(id=row_id)
            self.grid.table.choose(row_id, follow=follow)

    def _drop(self) -> None:
        self.line = self.view = None
        self.detail.clear()
        self._show(in_hand=False)
        self.place.keep(id="")

    def _show(self, *, in_hand: bool) -> None:
        self.detail.set_visibility(in_hand)
        self.split.classes(remove=ALONE) if in_hand else self.split.classes(ALONE)
        for command, needs, when in self._commands:
            command.needs = needs if needs and self.view is not None else self._waits_for(command.label)
            command.enable(self.view is not None and when(self.view))

    def _waits_for(self, label: str) -> str:
        """Return why a command cannot be used: nothing is in hand, or what is in hand is in another state."""
        if self.view is None and self._apart:
            return "右侧正在填写，请先提交，或者重新选择一行"
        if self.view is None:
            return f"请先选择{self.listing.label}"
        if bar := getattr(self.view, "bar", ""):
            return str(bar)
        state = getattr(getattr(self.view, "state", None), "label", "")
        return f"选中的{self.listing.label}{f'为“{state}”，' if state else '现在'}不能“{label}”"


def desk_module(
    desk: type[ListDesk[Any]],
    key: str,
    icon: str,
    group: str,
    *,
    title: str = "",
    roles: Set[Role] | None = None,
    status: Callable[[Host], None] | None = None,
) -> Module:
    """A module that is a list with its line in hand beside it."""

    async def build(place: Place) -> None:
        await desk(place).load()

    readers = frozenset(desk.listing.roles if roles is None else roles)
    return Module(
        key, title or desk.listing.label, icon, group, readers, build, status=status, listing=desk.listing.name
    )
