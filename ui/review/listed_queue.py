"""A review queue over a listing: list, views with their counts, filters and export come from the declaration."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from services.engine.listings import Line, Listing
from services.engine.registry import Query
from ui.review.declaration import Batch, Decision, Hold, Queue, Standing
from ui.review.queue import VIEW, review_module
from ui.shell.list_view import order_of
from ui.shell.modules import Module
from ui.shell.place import Place


def listed_queue(
    listing: Listing,
    icon: str,
    *,
    sheet: Query[Any, Any],
    free: Callable[[Line], bool],
    standing: Callable[[Any], Standing],
    draw: Callable[[Place, Any], Awaitable[None] | None],
    decisions: Sequence[Decision],
    batch: Batch | None = None,
    hold: Hold | None = None,
) -> Module:
    """The module of a queue over a listing that counts its rows by the views of its filter `view`."""
    assert listing.counts == VIEW
    return review_module(
        Queue(
            key=listing.name,
            title=listing.label,
            icon=icon,
            roles=frozenset(listing.roles),
            page=listing.query,
            order=order_of,
            free=free,
            listing=listing,
            sheet=sheet,
            standing=standing,
            draw=draw,
            decisions=decisions,
            batch=batch,
            hold=hold,
        )
    )
