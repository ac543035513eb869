"""Figures of a home page: each opens exactly the rows it counted, because a listing counts and shows them alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.engine.listings import Filters, Listing, count_of
from services.engine.work import Work


@dataclass(frozen=True)
class Figure:
    """A number with its label, and what it opens: the rows of `filters` in a listing, or else a page by its key."""

    key: str
    label: str
    count: int
    listing: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    opens: str = ""


def figure(work: Work, key: str, label: str, listing: Listing, filters: Filters) -> Figure:
    """Count the rows of some filters that the caller sees."""
    return Figure(key, label, count_of(work, listing, filters), listing.name, filters)
