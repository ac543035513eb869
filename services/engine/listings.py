"""A listing is declared once, beside its table: query, grid, files and counts come from the declaration (architecture 3)."""

from dataclasses import replace

from services.engine.list_bulk import offer_bulk
from services.engine.list_declaration import (
    Bulk,
    BulkRows,
    Column,
    Fetched,
    Filters,
    Line,
    Listing,
    ListPage,
    ListRows,
    RowResult,
)
from services.engine.list_filters import (
    NAMES,
    Filter,
    about,
    choice,
    days,
    either,
    exact,
    flag,
    months,
    named,
    numbers,
    part,
    placed,
    sealed,
    through,
)
from services.engine.list_pages import clauses_of, count_of, narrowed, page_of
from services.engine.past_lists import with_past
from services.engine.registry import query
from services.engine.work import Work

#: Every listing by its name.
LISTINGS: dict[str, Listing] = {}


def listed(listing: Listing) -> Listing:
    """Register a listing and its query `NAME.list`; with actions on many rows also `NAME.ids` and `NAME.each`."""
    if listing.name in LISTINGS:
        raise RuntimeError(f"listing {listing.name} is declared twice")
    listing = with_past(listing) if listing.on_day is not None else listing
    _is_whole(listing)

    @query(
        f"{listing.name}.list",
        listing.label,
        roles=set(listing.roles),
        personal=lambda order: listing.is_personal(order.filters),
        may_lag=listing.may_lag,
    )
    def show(work: Work, order: ListRows) -> ListPage:
        if listing.on_look is not None and listing.is_personal(order.filters):
            listing.on_look(work, order.filters)
        page = page_of(work, listing, order)
        return page if work.read_age is None else replace(page, age=work.read_age)

    if listing.bulk:
        offer_bulk(listing)
    LISTINGS[listing.name] = listing
    return listing


def _is_whole(listing: Listing) -> None:
    keys = [column.key for column in listing.columns]
    filters = [one.key for one in listing.filters]
    if len(set(keys)) < len(keys) or len(set(filters)) < len(filters):
        raise RuntimeError(f"listing {listing.name} has two columns or filters of one key")
    sorts = {listing.sort, *(sort for one in listing.filters for sort in one.sorts.values())}
    if listing.items is None and {sort.removeprefix("-") for sort in sorts} - set(keys):
        raise RuntimeError(f"listing {listing.name} is sorted by a column it does not have")
    if listing.counts and listing.counts not in filters:
        raise RuntimeError(f"listing {listing.name} counts by a filter it does not have")
    if listing.table is None and listing.rows is None and listing.fetch is None and listing.items is None:
        raise RuntimeError(f"listing {listing.name} has no rows")
    if listing.bulk and (listing.table is None or listing.items is not None):
        raise RuntimeError(f"listing {listing.name} has no table whose rows an action could be performed on")
    if listing.deep and (listing.table is None or listing.first or listing.last):
        raise RuntimeError(f"listing {listing.name} is deep and not sorted by its table's columns only")


__all__ = [
    "LISTINGS",
    "NAMES",
    "Bulk",
    "BulkRows",
    "Column",
    "Fetched",
    "Filter",
    "Filters",
    "Line",
    "ListPage",
    "ListRows",
    "Listing",
    "RowResult",
    "about",
    "choice",
    "clauses_of",
    "count_of",
    "days",
    "either",
    "exact",
    "flag",
    "listed",
    "months",
    "named",
    "narrowed",
    "numbers",
    "part",
    "placed",
    "sealed",
    "through",
]
