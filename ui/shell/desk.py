"""The desk of an open page: its user, the door, and the message area."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nicegui import Client
from nicegui import ui as web

from services.access.sessions import SessionBook
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.findings import Finding

_TONES = ("info", "good", "warn", "bad")


@dataclass
class Desk:
    """A browser tab. The shell sets the hooks; pages only call `say`, `show_findings` and `moved`."""

    door: Door
    book: SessionBook
    token: str
    caller: Caller
    on_say: Callable[[str, str, Callable[[], bool]], None] = field(default=lambda text, tone, holds: None)
    on_findings: Callable[[tuple[Finding, ...]], None] = field(default=lambda findings: None)
    on_moved: Callable[[], None] = field(default=lambda: None)
    on_settled: Callable[[], None] = field(default=lambda: None)
    #: What follows each thing that is done: the counters of the status bar, and an old fault that goes.
    on_acted: list[Callable[[], object]] = field(default_factory=list)

    def moved(self) -> None:
        """Clear messages after a move to another page or step."""
        self.on_moved()

    def acted(self) -> None:
        """Let what is shown beside the page follow something that was done."""
        for follow in self.on_acted:
            follow()

    def settled(self) -> None:
        """Clear a message whose cause is gone."""
        self.on_settled()

    def say(self, text: str, tone: str = "info", *, holds: Callable[[], bool] = lambda: True) -> None:
        """Show a sentence in the message area while it `holds`; `tone` is info, good, warn or bad."""
        if tone not in _TONES:
            raise ValueError(f"no tone {tone}")
        self.on_say(text, tone, holds)

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """List findings under the page; an empty tuple clears the list."""
        self.on_findings(findings)


def desk_of(client: Client) -> Desk:
    state: dict[str, Any] = client.request.scope["state"]
    desk: Desk = state["desk"]
    return desk


def desk() -> Desk:
    """The desk of the page that is being drawn or whose event is being answered."""
    return desk_of(web.context.client)


def say(text: str, tone: str = "info") -> None:
    """Show a sentence in the message area of the current page."""
    desk().say(text, tone)
