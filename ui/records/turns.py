"""Commands of a page run one after another: what is pressed while another still runs waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

Parameters = ParamSpec("Parameters")


class Turns:
    """Names of the commands that were pressed and are not done, and whose turn it is."""

    def __init__(self) -> None:
        self.pressed: set[str] = set()
        self.lock = asyncio.Lock()


class Rooted(Protocol):
    """A page whose commands run in its own context, because their buttons may be redrawn meanwhile."""

    root: Any
    turns: Turns


Page = TypeVar("Page", bound=Rooted)


def rooted(
    method: Callable[Concatenate[Page, Parameters], Awaitable[None]],
) -> Callable[Concatenate[Page, Parameters], Awaitable[None]]:
    """Run a command in its turn; pressed again before it is done, it runs once."""
    name = getattr(method, "__name__", "")

    @wraps(method)
    async def in_turn(page: Page, /, *given: Parameters.args, **named: Parameters.kwargs) -> None:
        turns = page.turns
        if name in turns.pressed:
            return
        turns.pressed.add(name)
        try:
            async with turns.lock:
                with page.root:
                    await method(page, *given, **named)
        finally:
            turns.pressed.discard(name)

    return in_turn
