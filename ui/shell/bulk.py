"""Acting on many rows of a list: those that are ticked, or all rows of the filter over all pages; a result for each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from services.engine.list_bulk import AT_ONCE
from services.engine.list_outcomes import Outcomes, outcomes_book
from services.engine.listings import Bulk, BulkRows, Listing, RowResult
from services.engine.registry import Action
from services.imports.workbooks import XLSX
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import answer_of, ask_reason, confirm, question
from ui.shell.grid import Grid
from ui.shell.rows import Rows
from ui.shell.sheet import Column

#: A question of a page instead of words or a confirmation: of these rows, what is given for all of them, or None.
Ask = Callable[[Sequence[UUID]], Awaitable[Any]]


class BulkGrid(Grid):
    """A grid of a listing whose rows are chosen, ticked or all of a filter, and acted on from the toolbar."""

    listing: Listing
    #: The actions the user may perform; without any, no row can be ticked.
    bulk: Sequence[Bulk]
    #: Questions of the page before an action, by its name.
    asks: Mapping[str, Ask]
    #: Shows what an action on many rows changed.
    acted: Callable[[], Awaitable[None]]
    #: The filters whose rows are all chosen, over all pages.
    _whole: dict[str, str] | None = None

    @property
    def filters(self) -> dict[str, str]:
        """Return the filters that narrow the list, as text by key."""
        return {key: text for key, text in self.view.filters.items() if text}

    @property
    def ticked(self) -> list[Any]:
        """The ticked lines of the page in view: all of them where all rows of the filter are chosen."""
        return list(self.lines.values()) if self.bulk and self.whole else super().ticked

    def offer_bulk(self) -> None:
        """Put a button for each action into the toolbar."""
        needs = f"请先勾选要办理的{self.listing.label}"
        self._commands = [
            self.place.command(one.label, partial(self._act, one), icon=one.icon, key=one.key, needs=needs)
            for one in self.bulk
        ]

    def _draw_table(self, label: str) -> None:
        if self.bulk:
            self._draw_chosen()
        super()._draw_table(label)

    def _draw_chosen(self) -> None:
        """Draw the line that says how many rows are chosen, while any is."""
        with web.element("div").classes("sf-bar sf-chosen").props("role=status") as self.line:
            self.chosen = TextElement(tag="span", text="")
            self.all = plain_button("", self.choose_all).mark("choose-all")
            plain_button("取消勾选", self.choose_none).mark("choose-none")
        self.line.set_visibility(False)

    @property
    def whole(self) -> bool:
        """Return whether all rows of the filter in view are chosen."""
        return self._whole is not None and self._whole == self.filters

    def choose_all(self) -> None:
        """Choose all rows of the filter, over all pages."""
        self._whole = self.filters
        self._tell_ticks()

    def choose_none(self) -> None:
        """Choose no row."""
        self._whole = None
        self.untick()

    def _ticks_changed(self, event: events.GenericEventArguments) -> None:
        # The user took a tick away: the ticked rows alone are chosen.
        self._whole = None
        super()._ticks_changed(event)

    def _tell_ticks(self) -> None:
        """Show how many rows are chosen, and offer all of the filter."""
        if not self.bulk:
            return
        whole, total = self.whole, self.total
        count = total if whole else len(self.ticked)
        self.table.tick_all(whole)
        self.line.set_visibility(count > 0)
        self.chosen.text = f"已全选本筛选下的 {total:,} 条" if whole else f"已勾选 {count:,} 条"
        self.all.text = f"全选本筛选下的 {total:,} 条"
        self.all.set_visibility(not whole and total > count)
        for command in self._commands:
            command.enable(count > 0)

    async def act_on_all(self, action: Action[Any, Any]) -> None:
        """Choose all rows of the filter and act on them."""
        self.choose_all()
        await self._act(next(one for one in self.listing.bulk if one.action is action))

    async def _act(self, bulk: Bulk) -> None:
        # Not in the context of the button that was pressed: the toolbar may be drawn anew meanwhile.
        with self.box:
            ids = await self._ids()
            if not ids:
                return
            # As they are on the screen now; the answers to questions may take their time.
            versions = {line.id: line.version for line in self.ticked} if bulk.as_shown else {}
            own = self.asks.get(bulk.name)
            given = await (own(ids) if own is not None else self._ask(bulk, len(ids)))
            results = await self._perform(bulk, ids, given, versions)
            if not results:
                return
            self.choose_none()
            await self.acted()
            done = all(one.done for one in results)
            self.place.say(f"{bulk.label}：{in_words(results)}", "good" if done else "warn")
            await show_results(bulk.label, results, self.listing.name)

    async def _ids(self) -> Sequence[UUID]:
        if not self.whole:
            return [line.id for line in self.ticked]
        answer = await call(self.listing.ids, self.filters)
        return answer.value if answer.ok else ()

    async def _ask(self, bulk: Bulk, count: int) -> str:
        """Ask for the words that go with every row, or only whether to go on."""
        chosen = f"本筛选下的全部 {count:,} 条" if self.whole else f"勾选的 {count:,} 条"
        question, summary = bulk.question or f"{bulk.label}？每条单独核验、单独办理", {"范围": chosen}
        if bulk.words:
            return await ask_reason(question, summary=summary, yes=bulk.label, label=bulk.words)
        await confirm(question, summary=summary, yes=bulk.label)
        return ""

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
            answer = await call(self.listing.each, piece)
            if not answer.ok:
                break
            results.extend(answer.value)
            if stopped:
                break
        if not dialog.is_deleted:
            dialog.delete()
        return results


_DONE = {True: Toned("完成", "good"), False: Toned("未办理", "bad")}


def in_words(results: Sequence[RowResult]) -> str:
    """Say how many rows were done and how many were refused."""
    done = sum(one.done for one in results)
    return f"完成 {done} 件" + (f"，未办理 {len(results) - done} 件" if done < len(results) else "")


async def _download(listing: str, title: str, results: Sequence[RowResult]) -> None:
    """Hand out the rows with their results as a workbook."""
    book = (await call(outcomes_book, Outcomes(listing, title, tuple(results)))).or_end()
    web.download.content(book, f"{title}办理清单.xlsx", XLSX)


async def show_results(title: str, results: Sequence[RowResult], listing: str) -> None:
    """Show the results over the page until the user closes them; they can be had as a file."""
    with question(f"{title}：{in_words(results)}", classes="sf-outcomes") as dialog:
        rows = Rows(
            (
                Column("label", "编号", width=190),
                Column("done", "结果", width=70, show=_DONE.__getitem__),
                Column("message", "说明"),
            ),
            label=f"{title}结果",
        )
        rows.table.classes("sf-wrap")
        rows.show(sorted(results, key=lambda one: one.done))
        with web.element("div").classes("sf-buttons"):
            export = partial(_download, listing, title, results)
            plain_button("导出办理清单", export, icon="download").mark("outcomes-export")
            main_button("关闭", lambda: dialog.submit(None)).props("autofocus").mark("outcomes-close")
    await answer_of(dialog, object)
