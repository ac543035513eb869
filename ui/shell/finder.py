"""查找 (Ctrl+K): functions by title or pinyin initials, and rows of the user's lists by a number or a name, from anywhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nicegui import ElementFilter, events
from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.letters import initials
from services.engine.listings import LISTINGS, Filter, Listing, ListRows
from services.engine.paging import Paging
from ui.shell.call import call
from ui.shell.dialogs import FINDER
from ui.shell.list_view import columns_of
from ui.shell.modules import GROUPS, Module
from ui.shell.parts import empty
from ui.shell.values import shown
from ui.shell.workspace import Workspace

MOST_ROWS = 5
_MOST_MODULES, _LONGEST, _CELLS = 8, 60, 4
_NOTHING = "没有找到。可以输入功能名称或拼音首字母、完整的业务编号、企业或项目名称（也可用首字母）；按姓名和证件号码请在相应的列表中查询"


@dataclass(frozen=True)
class Found:
    """A function that a text leads to, or with `filters` a row of its list."""

    module: Module
    title: str
    detail: str
    filters: dict[str, str] = field(default_factory=dict)


def functions(workspace: Workspace, text: str) -> list[Found]:
    """Return the functions of the user whose title holds a text, or whose initials begin with it."""
    word = text.casefold()
    # A list that has no line in the menu, as that of a kind filled in from its project, is opened from here too.
    seen = [one for one in workspace.modules.values() if not one.hidden or one.listing]
    hits = [one for one in seen if word in one.title.casefold() or initials(one.title).startswith(word)]
    hits.sort(key=lambda one: (one.hidden, not one.title.casefold().startswith(word)))
    return [Found(one, one.title, GROUPS[one.group].label) for one in hits[:_MOST_MODULES]]


def askable(workspace: Workspace, text: str) -> Iterator[tuple[Module, Listing, Filter]]:
    """Yield the lists of the user that may hold a row of this number or name, each once, with its filter."""
    done: set[str] = set()
    for module in workspace.modules.values():
        listing = LISTINGS.get(module.listing)
        if listing is None or listing.name in done:
            continue
        by = next((one for one in listing.filters if one.finds and re.fullmatch(one.finds, text)), None)
        if by is not None:
            done.add(listing.name)
            yield module, listing, by


async def rows(workspace: Workspace, text: str) -> list[Found]:
    """Ask the lists; what a list refuses is left out."""
    hits: list[Found] = []
    for module, listing, by in askable(workspace, text):
        filters = {**listing.found_with, by.key: text}
        answer = await call(listing.query, ListRows(filters, Paging(size=MOST_ROWS)), quiet=True)
        for line in answer.value.lines if answer.ok else ():
            cells = [one for one in columns_of(listing, workspace.desk.caller.roles) if one.shown]
            words = [word for one in cells if (word := shown(_cell(one, line)))] or [module.title]
            # The row alone where its number is one that is looked for, otherwise all rows of the name.
            only = words[0] if re.fullmatch(by.finds, words[0]) else text
            detail = "　".join((module.title, *words[1:_CELLS]))
            hits.append(Found(module, words[0], detail, {**filters, by.key: only}))
    return hits


def _cell(column: Any, line: Any) -> Any:
    value = getattr(line, column.key, "")
    return column.show(value) if column.show else value


class Finder:
    """The dialog: a field, and under it what was found, walked with the arrows."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._text = ""
        with web.dialog(value=True).props("position=top") as self.dialog, web.card().classes("sf-dialog sf-finder"):
            TextElement(tag="h2", text="查找")
            self.field = web.input(on_change=self._typed).props("outlined dense debounce=150 maxlength=60 autofocus")
            self.field.props["aria-label"] = "功能、编号、企业或项目名称"
            self.field.props["placeholder"] = "功能、编号、企业或项目名称"
            self.field.mark("finder")
            # Enter may come before the last letters of the field did.
            self.field.on("keydown.enter", self._enter, js_handler="(e) => emit(e.target.value)")
            self.results = (
                web.element("div").classes("sf-results").props("role=list aria-label=查找结果 aria-live=polite")
            )
        self.dialog.on("keydown.escape", self.dialog.close)
        self.dialog.on("hide", self.dialog.delete)
        self.dialog.mark(FINDER)

    async def _typed(self, event: events.ValueChangeEventArguments[Any]) -> None:
        await self._look(str(event.value or ""))

    async def _enter(self, event: events.GenericEventArguments) -> None:
        hits = await self._look(event.args if isinstance(event.args, str) else "", anew=True)
        if hits:
            await self._open(hits[0])

    async def _look(self, typed: str, *, anew: bool = False) -> list[Found]:
        """Find a text and show what was found, unless another was typed meanwhile."""
        text = typed.strip()[:_LONGEST]
        if text == self._text and not anew:
            return []
        self._text = text
        hits = [*await rows(self.workspace, text), *functions(self.workspace, text)] if text else []
        if text == self._text and not self.dialog.is_deleted:
            self._show(hits)
        return hits if text == self._text else []

    def _show(self, hits: list[Found]) -> None:
        self.results.clear()
        with self.results:
            if not hits and self._text:
                empty(_NOTHING)
            for hit in hits:
                with web.element("div").props("role=listitem"), web.element("button").classes("sf-found") as button:
                    button.props("type=button")
                    web.icon("table_rows" if hit.filters else hit.module.icon).props("aria-hidden=true")
                    TextElement(tag="strong", text=hit.title)
                    TextElement(tag="span", text=hit.detail)
                button.on("click", lambda hit=hit: self._open(hit))

    async def _open(self, hit: Found) -> None:
        self.dialog.close()
        if hit.filters:
            await self.workspace.open_anew(hit.module.key, hit.filters)
        else:
            await self.workspace.open(hit.module.key)


def open_finder(workspace: Workspace) -> None:
    """Open the finder over the page, in the place of one whose choice is still being followed."""
    for chosen in ElementFilter(kind=web.dialog, marker=FINDER):
        chosen.close()
    Finder(workspace)
