"""Additions of areas to the pages of their kinds: commands beside those of the cycle, parts below, pages of their own."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

#: `(page, view)` adds commands to the page's place; asked whenever the page is drawn.
Beside = Callable[[Any, Any], None]
_BESIDE: dict[str, list[Beside]] = {}


def beside(*kinds: str) -> Callable[[Beside], Beside]:
    """Register a function for the pages of these kinds."""

    def register(add: Beside) -> Beside:
        for kind in kinds:
            _BESIDE.setdefault(kind, []).append(add)
        return add

    return register


def beside_of(kind: str) -> tuple[Beside, ...]:
    return tuple(_BESIDE.get(kind, ()))


#: `(place, project, kind, record)` opens the page of a project on which records of a kind stand with others.
OwnPage = Callable[[Any, UUID, str, UUID | None], Awaitable[None]]
_PAGES: dict[str, OwnPage] = {}


def own_page(*kinds: str) -> Callable[[OwnPage], OwnPage]:
    """Register the page of a project that shows the records of these kinds in place of a page for each."""

    def register(go: OwnPage) -> OwnPage:
        _PAGES.update(dict.fromkeys(kinds, go))
        return go

    return register


def own_page_of(kind: str) -> OwnPage | None:
    """Return the page on which records of a kind stand with others."""
    return _PAGES.get(kind)


#: `(place, view)` draws below the attachments of a version, on its page and in its review.
Below = Callable[[Any, Any], Awaitable[None]]
_BELOW: dict[str, list[Below]] = {}


def below(*kinds: str) -> Callable[[Below], Below]:
    """Register what an area draws below the attachments of these kinds."""

    def register(draw: Below) -> Below:
        for kind in kinds:
            _BELOW.setdefault(kind, []).append(draw)
        return draw

    return register


def below_of(kind: str) -> tuple[Below, ...]:
    return tuple(_BELOW.get(kind, ()))
