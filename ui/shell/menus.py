"""The menus of the menu bar, drawn by the browser from what is in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nicegui import events
from nicegui.element import Element

from ui.shell.modules import Branch, told


@dataclass(frozen=True)
class Entry:
    """An entry of a menu, known by its key: what it does here, or the browser's function that does it."""

    key: str
    title: str
    act: Callable[[], object] | None = None
    script: str = ""


@dataclass(frozen=True)
class Menu:
    """A menu that Alt and its letter open."""

    label: str
    letter: str
    entries: Sequence[Entry]


class Menus(Element, component="menus.js"):
    """All menus as one element: a button, a list and two for each entry would be a third of what a page keeps here."""

    def __init__(self, branches: tuple[Branch, ...], on_open: Callable[[str], object], more: Sequence[Menu]) -> None:
        super().__init__()
        known = {module.key for _, members in branches for module in members}
        acts = {entry.key: entry.act for menu in more for entry in menu.entries if entry.act is not None}
        self._props["groups"] = told(branches)
        self._props["more"] = tuple(
            {
                "label": menu.label,
                "letter": menu.letter,
                "members": [{"key": one.key, "title": one.title, "script": one.script} for one in menu.entries],
            }
            for menu in more
        )

        def choose(event: events.GenericEventArguments) -> object:
            """Do what a key of these menus means, whatever a script may send."""
            key = event.args if isinstance(event.args, str) else ""
            if key in known:
                return on_open(key)
            return acts[key]() if key in acts else None

        self.on("choose", choose)
