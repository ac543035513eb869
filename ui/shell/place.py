"""A place is one open tab: what a module's page is given to draw in, to name its commands and to keep its state."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from nicegui import ui as web

from services.engine.callers import Caller
from services.engine.steps import Permitted, is_available
from ui.shell.desk import Desk

Run = Callable[[], Awaitable[object] | object]


@dataclass
class Command:
    """A button of the toolbar while its tab is in front; `key` is a hotkey such as f2 or ctrl+s.

    `needs` is the sentence that says what it waits for while it cannot be used.
    """

    label: str
    icon: str
    run: Run
    key: str = ""
    needs: str = ""
    enabled: bool = True
    button: web.button | None = None

    def enable(self, enabled: bool = True) -> None:
        self.enabled = enabled
        self.show()

    def show(self) -> None:
        """Update the button; one that cannot be used keeps the keyboard, and shows its reason on hover and when pressed."""
        if self.button is None or self.button.is_deleted:
            return
        self.button.props.set_optional("aria-disabled", None if self.enabled else "true")
        self.button.props.set_optional("title", None if self.enabled else self.needs or None)


class Host(Protocol):
    """The workspace as its tabs know it."""

    desk: Desk

    @property
    def modules(self) -> Mapping[str, object]:
        """The modules of the user by their keys."""
        ...

    @property
    def front(self) -> "Place | None": ...

    async def open(self, key: str, params: Mapping[str, str] | None = None) -> "Place | None":
        """Open a module, or bring it to the front."""
        ...

    async def open_anew(self, key: str, params: Mapping[str, str]) -> "Place | None":
        """Open a list with these filters and no others."""
        ...

    def list_module(self, listing: str) -> str:
        """The key of the module that shows a listing."""
        ...

    async def close(self, key: str, *, ask: bool = True) -> bool:
        """Close a tab."""
        ...

    def rename(self, place: "Place", title: str) -> None: ...

    def commands_changed(self, place: "Place") -> None: ...

    def address_changed(self, place: "Place") -> None: ...


@dataclass
class Place:
    """An open tab of a module, known by its key and title. `params` come from the address and go back there by `keep`."""

    workspace: Host
    module: str
    title: str
    key: str
    params: dict[str, str] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    is_dirty: Callable[[], bool] = lambda: False
    #: What the page does when another tab comes to the front.
    on_left: Callable[[], object] = lambda: None
    #: What it does when it comes to the front after something was done elsewhere, such as loading its list again.
    refresh: Callable[[], Awaitable[object]] | None = None
    #: Something was done elsewhere since it was last in front.
    stale: bool = False
    #: Held while a chosen line is read: a command pressed meanwhile is meant for that line.
    taking: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def desk(self) -> Desk:
        return self.workspace.desk

    @property
    def caller(self) -> Caller:
        return self.workspace.desk.caller

    def may(self, what: Permitted, record: Any = None) -> bool:
        """Tell whether to draw the button of an action: its roles fit the user, and its step the state of the record."""
        return is_available(self.caller, what, record)

    def command(self, label: str, run: Run, *, icon: str, key: str = "", needs: str = "") -> Command:
        """Put a button in the toolbar; its hotkey works while this tab is in front.

        One that `needs` something first cannot be used until it is enabled, and says so.
        """
        command = Command(label, icon, run, key, needs, enabled=not needs)
        self.commands.append(command)
        self.workspace.commands_changed(self)
        return command

    def keep(self, **params: object) -> None:
        """Remember state in the address (page, sort, filter, id), never personal data; empty values are left out."""
        for name, value in params.items():
            if value in ("", None):
                self.params.pop(name, None)
            else:
                self.params[name] = str(value)
        self.workspace.address_changed(self)

    def rename(self, title: str) -> None:
        """Set the tab's title, such as the record's number."""
        self.workspace.rename(self, title)

    async def open(self, key: str, **params: object) -> "Place | None":
        """Open another module beside this one."""
        return await self.workspace.open(key, {name: str(value) for name, value in params.items()})

    def reveal(self, element: web.element) -> None:
        """Scroll to an element where the screen is too narrow to show it beside the list."""
        # Through the element: the caller may be in a part of the page that has just been drawn anew.
        element.client.run_javascript(f"sfReveal({element.html_id!r})")

    async def close(self) -> None:
        await self.workspace.close(self.key, ask=False)

    def say(self, text: str, tone: str = "info") -> None:
        self.desk.say(text, tone)
