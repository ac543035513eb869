"""Homes: what a user sees first, declared by role as tiles; a figure opens exactly the rows it counted (issue 19)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from models.access import Role
from models.codes import Toned
from services.engine.figures import Figure
from services.engine.work import Work


@dataclass(frozen=True)
class Entry:
    """A line, bar, point or cell group of a tile. `figure` is what it counts or opens.

    `share` is the length of its bar between 0 and 1, `before` the figure of the year before, `rate` a percentage on a line
    of its own, `place` a district's code, `steps` the stages of a project, each with its state.
    """

    label: str
    figure: Figure | None = None
    under: str = ""
    chip: str | Toned = ""
    share: float | None = None
    beside: str = ""
    tone: str = ""
    act: str = ""
    cells: tuple[Figure | str, ...] = ()
    before: int | None = None
    rate: float | None = None
    place: str = ""
    steps: tuple[tuple[str, str], ...] = ()

    def figures(self) -> Iterator[Figure]:
        """Return everything of the entry that can be opened."""
        if self.figure is not None:
            yield self.figure
        yield from (cell for cell in self.cells if isinstance(cell, Figure))


@dataclass(frozen=True)
class Choice:
    """A measure a tile can show, such as a map of filings or of alerts."""

    label: str
    entries: tuple[Entry, ...]
    note: str = ""
    #: Bounds between the five bands of a map, fixed so that months compare; bad measures take the warm colours.
    bounds: tuple[float, ...] = ()
    bad: bool = False
    places: int = 0


@dataclass(frozen=True)
class Panel:
    """A tile as it is drawn. `shape` says how: band, begin, lines, bars, trend, ages, map, strip, gauges, portfolio."""

    shape: str
    title: str
    choices: tuple[Choice, ...] = (Choice("", ()),)
    note: str = ""
    more: Figure | None = None
    head: tuple[str, ...] = ()
    empty: str = ""
    total: Entry | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of the measure shown first."""
        return self.choices[0].entries

    def figures(self) -> Iterator[Figure]:
        """Return every figure of the tile."""
        if self.more is not None:
            yield self.more
        for entry in (*(one for choice in self.choices for one in choice.entries), *filter(None, (self.total,))):
            yield from entry.figures()


class Tile(Protocol):
    """A declared part of a home: reads itself in the caller's scope; None is not drawn."""

    def read(self, work: Work) -> Panel | None: ...


@dataclass(frozen=True)
class Made:
    """A tile that a function of the work makes."""

    made: Callable[[Work], Panel | None]

    def read(self, work: Work) -> Panel | None:
        """Make it."""
        return self.made(work)


@dataclass(frozen=True)
class Column:
    """Tiles below each other; `width` is its share of the row."""

    width: int
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Home:
    """The home of some roles: rows of columns of tiles, drawn from the top left to the lower right."""

    name: str
    roles: frozenset[Role]
    rows: tuple[tuple[Column, ...], ...]
    #: Place among the homes: a user with several roles has the first that fits.
    order: int = 50


@dataclass(frozen=True)
class HomeView:
    """A home as its user sees it: rows of columns, each with its share of the width and its panels."""

    name: str
    today: date
    rows: tuple[tuple[tuple[int, tuple[Panel, ...]], ...], ...] = field(default=())

    def panels(self) -> Iterator[Panel]:
        """Return all panels."""
        for row in self.rows:
            for _, panels in row:
                yield from panels

    def figures(self) -> Iterator[Figure]:
        """Return all figures of all panels."""
        for panel in self.panels():
            yield from panel.figures()


#: The homes of all roles.
HOMES: list[Home] = []


def home(made: Home) -> Home:
    """Register a home."""
    HOMES.append(made)
    return made


def home_of(roles: frozenset[Role]) -> Home | None:
    """The home of a user."""
    return next((one for one in sorted(HOMES, key=lambda one: one.order) if one.roles & roles), None)


def read_home(work: Work, found: Home) -> HomeView:
    """Read all tiles of a home; a column without any is left out, and the others take its room."""
    rows = []
    for row in found.rows:
        read = [(column.width, tuple(filter(None, (tile.read(work) for tile in column.tiles)))) for column in row]
        if kept := tuple((width, panels) for width, panels in read if panels):
            rows.append(kept)
    return HomeView(found.name, work.today, tuple(rows))


def scaled(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Give each entry its bar: the longest is full."""
    top = max((_count(entry) for entry in entries), default=0)
    return tuple(replace(entry, share=_count(entry) / top if top else 0.0) for entry in entries)


def _count(entry: Entry) -> int:
    return entry.figure.count if entry.figure is not None else 0


def compared(now: int, before: int) -> str:
    """Return how much more or less than before, with its sign; nothing where there was none before."""
    if not before:
        return ""
    return f"{(now - before) / before * 100:+.1f}%" if now != before else "持平"


def changed(work: Work, filters: "Narrowing") -> Mapping[str, str]:
    """The filters of a tile, which may depend on the day and the caller."""
    return filters(work) if callable(filters) else filters


Narrowing = Mapping[str, str] | Callable[[Work], Mapping[str, str]]
Said = Callable[[Work, int], str] | str
Read = Callable[[Any], Entry]
