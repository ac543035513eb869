"""Acting on many rows of a list: those that are ticked, or all rows of the filter over all pages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.list_bulk import AT_ONCE
from services.engine.listings import Bulk, BulkRows, Listing, RowResult
from services.engine.registry import Action
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.place import Command, Place
from ui.shell.row_results import in_words, show_results
from ui.shell.sheet import Sheet


class ChosenFrom(Protocol):
    """A grid of a listing as its bulk actions know it."""

    place: Place
    listing: Listing
    table: Sheet
    box: web.element
    lines: dict[str, Any]
    total: int

    @property
    def filters(self) -> dict[str, str]: ...

    @property
    def ticked(self) -> list[Any]: ...

    def untick(self) -> None: ...

    @property
    def acted(self) -> Callable[[], Awaitable[None]]: ...


#: A question of a page instead of words or a confirmation: of these rows, what is given for all of them, or None.
Ask = Callable[[Sequence[UUID]], Awaitable[Any]]


class BulkTools:
    """The line above a list that says how many rows are chosen, and the buttons that act on them."""

    def __init__(self, grid: ChosenFrom, asks: Mapping[str, Ask]) -> None:
        self.grid = grid
        #: By the name of the action.
        self.asks = asks
        #: The filters whose rows are all chosen, over all pages.
        self._whole: dict[str, str] | None = None
        self._commands: list[Command] = []

    def offer(self, bulk: Sequence[Bulk]) -> None:
        """Put a button for each action into the toolbar."""
        needs = f"请先勾选要办理的{self.grid.listing.label}"
        for one in bulk:
            command = self.grid.place.command(
                one.label, partial(self._act, one), icon=one.icon, key=one.key, needs=needs
            )
            self._commands.append(command)

    def draw(self) -> None:
        """Draw the line; it is shown while rows are chosen."""
        with web.element("div").classes("sf-bar sf-chosen").props("role=status") as self.line:
            self.chosen = TextElement(tag="span", text="")
            self.all = plain_button("", self.choose_all).mark("choose-all")
            plain_button("取消勾选", self.choose_none).mark("choose-none")
        self.line.set_visibility(False)

    @property
    def whole(self) -> bool:
        """Return whether all rows of the filter in view are chosen."""
        return self._whole is not None and self._whole == self.grid.filters

    @property
    def count(self) -> int:
        """Count the chosen rows."""
        return self.grid.total if self.whole else len(self.grid.ticked)

    def choose_all(self) -> None:
        """Choose all rows of the filter, over all pages."""
        self._whole = self.grid.filters
        self.show()

    def choose_none(self) -> None:
        """Choose no row."""
        self.narrow()
        self.grid.untick()

    def narrow(self) -> None:
        """Choose the ticked rows alone: the user took a tick away."""
        self._whole = None

    def show(self) -> None:
        """Show how many rows are chosen, and offer all of the filter."""
        whole, count, total = self.whole, self.count, self.grid.total
        self.grid.table.tick_all(whole)
        self.line.set_visibility(count > 0)
        self.chosen.text = f"已全选本筛选下的 {total:,} 条" if whole else f"已勾选 {count:,} 条"
        self.all.text = f"全选本筛选下的 {total:,} 条"
        self.all.set_visibility(not whole and total > count)
        for command in self._commands:
            command.enable(count > 0)

    async def act_on_all(self, action: Action[Any, Any]) -> None:
        """Choose all rows of the filter and act on them."""
        self.choose_all()
        await self._act(next(one for one in self.grid.listing.bulk if one.action is action))

    async def _act(self, bulk: Bulk) -> None:
        # Not in the context of the button that was pressed: the toolbar may be drawn anew meanwhile.
        with self.grid.box:
            ids = await self._ids()
            if not ids:
                return
            # As they are on the screen now; the answers to questions may take their time.
            versions = {line.id: line.version for line in self.grid.ticked} if bulk.as_shown else {}
            own = self.asks.get(bulk.name)
            given = await (own(ids) if own is not None else self._ask(bulk, len(ids)))
            if given is None:
                return
            results = await self._perform(bulk, ids, given, versions)
            if not results:
                return
            self.choose_none()
            await self.grid.acted()
            done = all(one.done for one in results)
            self.grid.place.say(f"{bulk.label}：{in_words(results)}", "good" if done else "warn")
            await show_results(bulk.label, results)

    async def _ids(self) -> Sequence[UUID]:
        if not self.whole:
            return [line.id for line in self.grid.ticked]
        answer = await call(self.grid.listing.ids, self.grid.filters)
        return answer.value if answer.ok else ()

    async def _ask(self, bulk: Bulk, count: int) -> str | None:
        """Ask for the words that go with every row, or only whether to go on; None where it was called off."""
        chosen = f"本筛选下的全部 {count:,} 条" if self.whole else f"勾选的 {count:,} 条"
        question, summary = bulk.question or f"{bulk.label}？每条单独核验、单独办理", {"范围": chosen}
        if bulk.words:
            return await ask_reason(question, summary=summary, yes=bulk.label, label=bulk.words)
        return "" if await confirm(question, summary=summary, yes=bulk.label) else None

    async def _perform(
        self, bulk: Bulk, ids: Sequence[UUID], given: Any, versions: Mapping[UUID, int]
    ) -> list[RowResult]:
        """Perform the action piece by piece, show how far it is, and stop when the user says so or a piece fails."""
        results: list[RowResult] = []
        stopped = False

        def stop() -> None:
            nonlocal stopped
            stopped = True

        with web.dialog(value=True).props("persistent") as dialog, web.card().classes("sf-dialog"):
            TextElement(tag="h2", text=f"正在{bulk.label}")
            shown = TextElement(tag="p", text="").props("role=status")
            bar = web.linear_progress(value=0, show_value=False)
            with web.element("div").classes("sf-buttons"):
                plain_button("停止", stop).mark("bulk-stop")
        for start in range(0, len(ids), AT_ONCE):
            shown.text = f"已办理 {start:,} / {len(ids):,} 条"
            bar.value = start / len(ids)
            some = tuple(ids[start : start + AT_ONCE])
            shown_now = {row_id: versions[row_id] for row_id in some if row_id in versions}
            piece: Any = BulkRows(bulk.name, some, given, shown_now)
            answer = await call(self.grid.listing.each, piece)
            if answer.gone:
                return []
            if not answer.ok:
                break
            results.extend(answer.value)
            if stopped:
                break
        if not dialog.is_deleted:
            dialog.delete()
        return results
