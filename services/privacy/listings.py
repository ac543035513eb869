"""The lists that may leave as files: each area says how its own is read for one caller (H23)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.access import Role
from models.privacy import ExportMedia
from services.engine import listings
from services.engine.list_pages import exact_count, file_parts
from services.engine.refusals import NotFound
from services.engine.sheets import Cell
from services.engine.work import Work

#: What a grid's filters say, as text by key.
Criteria = Mapping[str, str]


@dataclass(frozen=True)
class Listed:
    """The lines of one list with the persons on them, by the keyed hashes of their numbers."""

    rows: tuple[tuple[Cell, ...], ...]
    persons: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drawing:
    """Data for a file that is drawn: the argument of `write`, the number of things, and the persons on them."""

    what: Any
    count: int
    persons: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drawn:
    """Export of a list as pages or pictures: read briefly, written with no transaction open, with progress."""

    read: Callable[[Work, Criteria], Drawing]
    write: Callable[[Any, ExportMedia, Callable[[int], None]], bytes]


LONGEST = 10_000
TABLES = (ExportMedia.XLSX, ExportMedia.CSV)


@dataclass(frozen=True)
class Listing:
    """A list for export. `count` and `parts` have the caller's visibility; names are in clear only with `full`."""

    name: str
    label: str
    roles: frozenset[Role]
    columns: tuple[str, ...]
    count: Callable[[Work, Criteria], int]
    filters: frozenset[str]
    #: The lines part by part, in one reading: a list may be too long for memory.
    parts: Callable[[Work, Criteria, bool], Iterator[Listed]] = lambda work, criteria, full: iter(())
    personal: bool = False
    media: tuple[ExportMedia, ...] = TABLES
    #: Instead of `parts` where the file is no table.
    drawn: Drawn | None = None
    #: No list leaves longer than this, approved or not.
    longest: int = LONGEST

    def lines(self, work: Work, criteria: Criteria, full: bool) -> Listed:
        """All parts as one."""
        parts = list(self.parts(work, criteria, full))
        persons = frozenset[str]().union(*(part.persons for part in parts))
        return Listed(tuple(row for part in parts for row in part.rows), persons)


LISTINGS: dict[str, Listing] = {}


def offer_listing(listing: Listing) -> Listing:
    """Make a list one that can be exported; an area calls this once at import."""
    if LISTINGS.setdefault(listing.name, listing) is not listing:
        raise RuntimeError(f"listing {listing.name} is offered twice")
    return listing


def known_listing(name: str, columns: tuple[str, ...] = (), sort: str = "") -> Listing | None:
    """A list that is offered, or nothing."""
    if name in LISTINGS:
        return LISTINGS[name]
    declared = listings.LISTINGS.get(name)
    return _file_of(declared, columns, sort) if declared is not None else None


@lru_cache(1_000)
def _file_of(declared: listings.Listing, keys: tuple[str, ...], sort: str) -> Listing:
    """A declared listing as one that may leave as a file."""
    columns = tuple(column for column in declared.columns if column.exported)
    if keys:
        chosen = [declared.column(key) for key in keys]
        columns = tuple(column for column in chosen if column is not None and column.exported) or columns

    def parts(work: Work, criteria: Criteria, full: bool) -> Iterator[Listed]:
        for rows, persons in file_parts(work, declared, criteria, columns, full=full, sort=sort):
            yield Listed(rows, persons)

    return Listing(
        name=declared.name,
        label=declared.label,
        roles=declared.exported_by,
        columns=tuple(column.label for column in columns),
        count=lambda work, criteria: exact_count(work, declared, criteria),
        filters=declared.filter_keys,
        personal=declared.personal,
        parts=parts,
        longest=declared.longest,
    )


def label_of_listing(name: str) -> str:
    """Return what a list is called; its own name where it is offered no more."""
    found = known_listing(name)
    return found.label if found else name


def listing_of(name: str, columns: tuple[str, ...] = (), sort: str = "") -> Listing:
    """Return a list that is offered, a declared one with these columns in this order; or refuse an unknown name."""
    found = known_listing(name, columns, sort)
    if found is None:
        raise NotFound("没有这种清单")
    return found
