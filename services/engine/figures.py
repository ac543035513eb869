"""Figures of a home: each opens exactly the rows it counted, because a listing counts and shows them alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func

from services.engine.list_pages import clauses_of, count_of, narrowed
from services.engine.listings import Filters, Listing
from services.engine.work import Work


@dataclass(frozen=True)
class Figure:
    """A number with its label, and what it opens: the rows of `filters` in a listing, or else a page by its key.

    `opens` names a page, to which `filters` are given as its address; `shown` are words in place of the number.
    """

    key: str
    label: str
    count: int = 0
    listing: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    opens: str = ""
    unit: str = ""
    said: str = ""
    tone: str = ""
    shown: str = ""


def figure(work: Work, key: str, label: str, listing: Listing, filters: Filters, **more: Any) -> Figure:
    """Count the rows of some filters that the caller sees."""
    return Figure(key, label, tally(work, listing, filters), listing.name, filters, **more)


def tally(work: Work, listing: Listing, filters: Filters) -> int:
    """Return how many rows some filters leave, also where the list itself counts no further than its last page."""
    if listing.table is None:
        return count_of(work, listing, filters)
    rows = narrowed(work, listing, filters).with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    found: int = work.session.connection().execute(rows).scalar_one()
    return found


def tallies(work: Work, listing: Listing, filters: Filters, *columns: Any) -> dict[Any, int]:
    """Count the rows of some filters by the values of one or more columns of the table."""
    rows = narrowed(work, listing, filters).with_only_columns(*columns, func.count(), maintain_column_froms=True)
    found = work.session.connection().execute(rows.group_by(*columns).order_by(None)).all()
    return {(row[0] if len(columns) == 1 else tuple(row[:-1])): row[-1] for row in found}


def clauses(work: Work, listing: Listing, filters: Filters) -> list[Any]:
    """The clauses of some filters, for a count that joins further tables."""
    return clauses_of(work, listing, filters)
