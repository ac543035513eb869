"""工作台: the caller's home; a figure opens exactly the rows it counted, a line the thing it names (issue 19)."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import events
from nicegui import ui as web
from nicegui.element import Element

from models.codes import Code
from services.engine.figures import Figure
from services.engine.homes import Choice, Entry, HomeView, Panel
from services.engine.notices import read_notice
from services.homes.queries import my_home
from ui.homes.outlines import outlines
from ui.shell.call import call
from ui.shell.message_pages import way_to
from ui.shell.modules import Module
from ui.shell.parts import uuid_of
from ui.shell.place import Place
from ui.shell.status_count import look
from ui.shell.values import tone_of

EVERY_SECONDS = 60.0


class Tiles(Element, component="home.js"):
    """A home drawn; `opened(figure)` is called for what was chosen. Only what the user has a page for can be chosen."""

    def __init__(self, place: Place, reload: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self.place, self.reload = place, reload
        self.view: HomeView | None = None
        self.known: list[Figure] = []
        self._props["rows"] = ()
        self._props["label"] = "工作台"
        self.mark("home")
        self.on("open", self._chosen)

    def show(self, view: HomeView) -> None:
        """Draw a home; what has not changed stays as it is, with the keyboard in it."""
        self.view, self.known = view, []
        rows = []
        for number, row in enumerate(view.rows):
            columns = []
            for place, (width, panels) in enumerate(row):
                drawn = tuple(self._panel(one, f"{number}-{place}-{at}") for at, one in enumerate(panels))
                columns.append({"width": width, "panels": drawn})
            rows.append(tuple(columns))
        if any(panel.shape == "map" for panel in view.panels()):
            self._props["outlines"] = outlines()
        self._props["rows"] = tuple(rows)
        self.update()

    def module_of(self, figure: Figure) -> str:
        """The module that shows what a figure counted; none where the user has no such page."""
        workspace = self.place.workspace
        # A queue's module has the name of its listing.
        keys = figure.opens.split() or [workspace.list_module(figure.listing), figure.listing]
        return next((key for key in keys if key in workspace.modules), "")

    async def _chosen(self, event: events.GenericEventArguments) -> None:
        if isinstance(event.args, int) and 0 <= event.args < len(self.known):
            await self.open(self.known[event.args])

    async def open(self, figure: Figure) -> None:
        """Open the rows that were counted and no others, or the one thing a line names; a message is then read."""
        filters = dict(figure.filters)
        module = self.module_of(figure)
        if notice := filters.get("notice"):
            way = way_to(self.place.workspace, filters["about"], uuid_of(filters["id"]))
            if way is None or await way() is not None:
                await call(read_notice, UUID(notice), quiet=True)
            if way is None:
                await self.reload()
        elif module and figure.listing:
            await self.place.workspace.open_anew(module, filters)
        elif module:
            await self.place.open(module, **filters)

    def _panel(self, panel: Panel, key: str) -> Mapping[str, Any]:
        return {
            "key": key,
            "shape": panel.shape,
            "title": panel.title,
            "note": panel.note,
            "head": panel.head,
            "empty": panel.empty,
            "more": self._figure(panel.more) if panel.more is not None else None,
            "total": self._entry(panel.total) if panel.total is not None else None,
            "choices": tuple(self._choice(one) for one in panel.choices),
        }

    def _choice(self, choice: Choice) -> Mapping[str, Any]:
        return {
            "label": choice.label,
            "note": choice.note,
            "bounds": choice.bounds,
            "bad": choice.bad,
            "entries": tuple(self._entry(one) for one in choice.entries),
        }

    def _entry(self, entry: Entry) -> Mapping[str, Any]:
        return {
            "label": entry.label,
            "under": entry.under,
            "chip": _chip(entry.chip),
            "share": entry.share,
            "beside": entry.beside,
            "tone": entry.tone,
            "act": entry.act,
            "before": entry.before,
            "rate": entry.rate,
            "place": entry.place,
            "steps": entry.steps,
            "figure": self._figure(entry.figure) if entry.figure is not None else {"text": "", "value": 0},
            "cells": tuple(
                self._figure(one) if isinstance(one, Figure) else {"text": one, "value": 0} for one in entry.cells
            ),
        }

    def _figure(self, figure: Figure) -> Mapping[str, Any]:
        told: dict[str, Any] = {
            "label": figure.label,
            "value": figure.count,
            "text": figure.shown or f"{figure.count:,}",
            "unit": figure.unit,
            "tone": figure.tone,
        }
        # Nought rows are not worth opening; a line without a count is a thing of its own.
        opens = bool(self.module_of(figure)) or "notice" in figure.filters
        if opens and (figure.count or not figure.listing or figure.opens):
            told["id"] = len(self.known)
            self.known.append(figure)
        return told


def _chip(chip: Any) -> Mapping[str, str] | None:
    words = chip.label if isinstance(chip, Code) else str(chip)
    return {"text": words, "tone": tone_of(chip) or "muted"} if words else None


class HomePage:
    """The tiles of the caller, asked for again from time to time and after each act."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.tiles = Tiles(place, self.load)

    async def load(self) -> None:
        """Ask again and show."""
        self.tiles.show((await call(my_home)).or_end())

    async def look(self) -> None:
        """Ask again while the page is in front, which is no activity of the user."""
        if self.place.workspace.front is self.place:
            answers = await look(self.place.desk, (my_home, None))
            if answers is not None and not self.tiles.is_deleted:
                self.tiles.show(answers[0])


async def build(place: Place) -> None:
    page = HomePage(place)
    if "intake" in place.workspace.modules:
        place.command("开始受理", partial(place.open, "intake"), icon="support_agent", key="f2")
    place.command("刷新", page.load, icon="refresh", key="f3")
    place.refresh = page.load
    await page.load()
    web.timer(EVERY_SECONDS, page.look, immediate=False)


HOME = Module("home", "工作台", "space_dashboard", "inbox", frozenset(my_home.roles), build)
