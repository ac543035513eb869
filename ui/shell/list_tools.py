"""Settings of a list by its user: filters saved under a name, and which columns in which order, width and frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from nicegui import events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.engine.list_settings import (
    MOST_FROZEN,
    USERS,
    WIDTHS,
    LayOutList,
    ListSettings,
    PlacedColumn,
    SavedView,
    SaveFilter,
    drop_filter,
    lay_out_list,
    list_settings,
    save_filter,
)
from ui.shell.buttons import icon_button, main_button, plain_button
from ui.shell.call import call
from ui.shell.dialogs import answer_of, question
from ui.shell.fields import flag_field, text_field
from ui.shell.form import Form, ask_form
from ui.shell.place import Place
from ui.shell.sheet import Column, Sheet


class SetUp(Protocol):
    """A grid as its settings know it."""

    place: Place
    table: Sheet
    columns: Sequence[Column]

    def draw_again(self) -> None: ...

    async def load(self) -> None: ...

    def open_filters(self) -> dict[str, str]: ...

    async def apply(self, filters: Mapping[str, str]) -> None: ...


class ListTools:
    """The settings of one grid for the user in front of it."""

    def __init__(self, grid: SetUp, name: str) -> None:
        self.grid, self.name = grid, name
        self.settings: ListSettings | None = None
        self.usable = bool(grid.place.caller.roles & USERS)
        self.menu: web.menu | None = None

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of the columns the user has chosen; none where the declared columns are shown."""
        return tuple(one.key for one in self.settings.columns) if self.settings is not None else ()

    def draw_saved(self) -> None:
        """Draw the button of saved filters beside those of the search."""
        if self.usable:
            with plain_button("常用查询", icon="bookmark_border").mark("saved-filters"):
                self.menu = web.menu().classes("sf-menu")

    def draw_columns(self) -> None:
        """Draw the button of the column choice."""
        if self.usable:
            icon_button("view_column", "设置列", self.choose_columns).mark("choose-columns")

    async def load(self) -> None:
        """Read the settings once, before the first page is shown."""
        if self.settings is not None or not self.usable:
            return
        answer = await call(list_settings, self.name, quiet=True)
        self.settings = answer.value if answer.ok else ListSettings()
        self._lay_out()
        self._draw_menu()

    def _lay_out(self) -> None:
        assert self.settings is not None
        columns = placed(self.grid.columns, self.settings.columns)
        self.grid.table.lay_out(columns, frozen=min(self.settings.frozen, len(columns) - 1))

    async def resized(self, event: events.GenericEventArguments) -> None:
        """Store the width a column was dragged to."""
        sent = event.args if isinstance(event.args, dict) else {}
        key, width = str(sent.get("key", "")), sent.get("width")
        if self.settings is None or not isinstance(width, int) or width not in WIDTHS:
            return
        now = [PlacedColumn(one.key, width if one.key == key else one.set_width) for one in self.grid.table.columns]
        await self._store(now, self.settings.frozen)

    async def _store(self, columns: Sequence[PlacedColumn], frozen: int) -> bool:
        answer = await call(lay_out_list, LayOutList(self.name, tuple(columns), frozen))
        if answer.ok and self.settings is not None:
            usual = ListSettings.frozen
            self.settings = replace(self.settings, columns=tuple(columns), frozen=frozen if columns else usual)
            self._lay_out()
            self.grid.draw_again()
        return answer.ok

    async def choose_columns(self) -> None:
        """Ask which columns are shown, in which order, and how many stay in place while the others scroll."""
        if self.settings is None:
            return
        shown = [one.key for one in self.grid.table.columns]
        labels = {one.key: one.label for one in self.grid.columns}
        order = [*shown, *(key for key in labels if key not in shown)]
        chosen = set(shown)
        with question("设置列") as dialog:
            box = web.element("ul").classes("sf-columns")
            frozen = web.number("冻结左侧列数", value=self.settings.frozen, min=0, max=MOST_FROZEN, precision=0)
            frozen.props("dense outlined").mark("frozen")

            def draw() -> None:
                box.clear()
                with box:
                    for at, key in enumerate(order):
                        with web.element("li"):
                            web.checkbox(labels[key], value=key in chosen, on_change=partial(turn, key)).props(
                                "dense"
                            ).mark(f"column-{key}")
                            web.space()
                            icon_button("arrow_upward", f"{labels[key]}上移", partial(move, at, -1)).set_enabled(at > 0)
                            icon_button("arrow_downward", f"{labels[key]}下移", partial(move, at, 1)).set_enabled(
                                at < len(order) - 1
                            )

            def turn(key: str, event: events.ValueChangeEventArguments[Any]) -> None:
                chosen.add(key) if event.value else chosen.discard(key)

            def move(at: int, by: int) -> None:
                order[at], order[at + by] = order[at + by], order[at]
                draw()

            draw()
            with web.element("div").classes("sf-buttons"):
                plain_button("恢复默认", lambda: dialog.submit(([], 0))).mark("columns-default")
                plain_button("取消", lambda: dialog.submit(None))
                main_button(
                    "保存", lambda: dialog.submit(([key for key in order if key in chosen], int(frozen.value or 0)))
                ).mark("columns-save")
        answer = await answer_of(dialog, tuple)
        keys, count = answer
        widths = {one.key: one.set_width for one in self.grid.table.columns}
        # One column alone cannot stay while others scroll.
        count = min(count, max(len(keys) - 1, 0))
        if await self._store([PlacedColumn(key, widths.get(key, 0)) for key in keys], count):
            await self.grid.load()
            self.grid.place.say("列的设置已保存" if keys else "已恢复默认的列", "good")

    def _draw_menu(self) -> None:
        if self.menu is None or self.settings is None:
            return
        self.menu.clear()
        with self.menu:
            for one in self.settings.saved:
                words = f"{one.name}（本单位）" if one.shared else one.name
                with web.menu_item(words, on_click=partial(self.grid.apply, dict(one.filters))).mark(
                    f"saved-{one.name}"
                ):
                    if one.mine:
                        web.space()
                        remove = icon_button("close", f"删除{one.name}")
                        remove.on("click.stop", partial(self._drop, one))
            if not self.settings.saved:
                TextElement(tag="p", text="设好查询条件后保存，下次一键查询").classes("sf-note")
            web.menu_item("保存当前条件…", on_click=self._save).mark("save-filter")

    async def _drop(self, one: SavedView) -> None:
        if (await call(drop_filter, one.id)).ok:
            await self._read_again()
            self.grid.place.say(f"已删除“{one.name}”", "good")

    async def _save(self) -> None:
        filters = self.grid.open_filters()
        if not filters:
            self.grid.place.say("请先设置查询条件，证件号码等个人信息不能保存", "warn")
            return

        def draw(form: Form) -> None:
            form.add(text_field("name", "名称", required=True, longest=30), flag_field("shared", "本单位共用"))

        asked = await ask_form("保存当前查询条件", draw, yes="保存")
        if (await call(save_filter, SaveFilter(self.name, filters=filters, **asked))).ok:
            await self._read_again()
            self.grid.place.say(f"已保存“{asked['name']}”", "good")

    async def _read_again(self) -> None:
        answer = await call(list_settings, self.name, quiet=True)
        if answer.ok:
            self.settings = answer.value
            self._draw_menu()


def placed(declared: Sequence[Column], layout: Sequence[PlacedColumn]) -> list[Column]:
    """The columns in a user's order and widths; those shown by declaration where the user has set nothing up."""
    by_key = {column.key: column for column in declared}
    chosen = [replace(by_key[one.key], set_width=one.width) for one in layout if one.key in by_key]
    return chosen or [column for column in declared if column.shown]
