"""Additions of areas to the pages of their kinds: commands beside those of the cycle, by kind."""

from collections.abc import Callable
from typing import Any

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
