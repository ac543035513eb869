"""Parts of a listing's declaration: rows, columns, filters, sort, and what its lines look up (architecture 3)."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from models.access import Role
from services.engine.list_filters import Filter
from services.engine.paging import Paging
from services.engine.registry import ACTIONS, QUERIES, Act, Action, Query
from services.engine.work import Work

#: What the filters of a listing say, as text by key; the address, a saved filter and a file use the same mapping.
Filters = Mapping[str, str]
#: No file has more lines than this, approved or not.
LONGEST = 10_000


class Line(SimpleNamespace):
    """A row of a listing: its `id` and its cells, as attributes by the keys of the columns."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column. Its cell is `value(row)`, else what `look_up` gives for its key, else the row's attribute of that name.

    A sealed value is shown masked, a code with its tone. With `shown=False` a user may add the column; it is in the file all the same.
    """

    key: str
    label: str
    value: Callable[[Any], Any] | None = None
    width: int = 0
    sortable: bool = False
    #: SQL to sort and sum by, where it is not the table's column of that name.
    sql: Any = None
    number: bool = False
    #: Add the column up over all rows of the filter.
    total: bool = False
    show: Callable[[Any], str] | None = None
    #: Whether a user sees it without adding it; roles where only theirs do.
    shown: bool | Set[Role] = True
    exported: bool = True
    #: A long text, which takes several lines on the screen.
    wraps: bool = False


@dataclass(frozen=True)
class ListRows:
    """A page of a listing: the filters as text by key, the page and the sort; or the one row of an `id`.

    `columns` are those a user sees of a `wide` list, where they are not the ones shown by declaration.
    """

    filters: Filters = field(default_factory=dict)
    paging: Paging = field(default_factory=Paging)
    id: UUID | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListPage:
    """The rows of one page and how many there are; with `more` there are more than `total`.

    `counts` are the rows by the values of the filter named by `Listing.counts`, whose own choice is left out.
    """

    total: int
    lines: tuple[Line, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, Any] = field(default_factory=dict)
    more: bool = False
    #: By how many seconds what was read may be behind; None when it is not.
    age: float | None = None
    #: The day at whose end the rows were so; None for what is now.
    as_of: date | None = None


@dataclass(frozen=True)
class Fetched:
    """The rows of one page found by a listing that does not leave its search to the engine."""

    total: int
    rows: Sequence[Any]
    more: bool = False


LookUp = Callable[[Work, Sequence[Any]], Mapping[str, Callable[[Any], Any]]]
Fetch = Callable[[Work, Filters, Paging], Fetched]


@dataclass(frozen=True, eq=False)
class Bulk:
    """An action on many rows of a listing, ticked or all of a filter. `order(line, given)` makes the order for one row.

    Every row is decided by itself, in a transaction of its own, as if the action were performed on it alone. `check(work,
    line)` refuses a row that must not go through unseen, or returns what is said of it instead of `done`.
    """

    action: Act
    order: Callable[[Line, Any], Any]
    label: str
    icon: str
    #: The hotkey of the button.
    key: str = ""
    #: What is said of a row that went through.
    done: str = "已办理"
    #: Label of the words asked for once and given to every row; without it only a confirmation is asked.
    words: str = ""
    #: The column that names a row in the results; by default the first.
    named: str = ""
    check: Callable[[Work, Line], str] | None = None
    #: Leave a row that has changed since it was shown for another look; its lines have a `version`.
    as_shown: bool = False
    #: The question asked first, where the label does not say enough.
    question: str = ""
    #: Its name in orders, where the action depends on the row.
    code: str = ""

    @property
    def name(self) -> str:
        """The name by which an order asks for it."""
        return self.code or (self.action.name if isinstance(self.action, Action) else "")


@dataclass(frozen=True)
class BulkRows:
    """Some rows of a listing, the name of the action for each, and what was given for all of them, such as words.

    `versions` are those the user was shown of some rows: a row that has changed since is left for another look.
    """

    action: str
    ids: tuple[UUID, ...]
    given: Any = ""
    versions: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RowResult:
    """Result for one row of several: done, or refused with its sentence; `label` names the row."""

    id: UUID
    done: bool
    message: str
    label: str = ""


@dataclass(frozen=True, eq=False)
class Listing:
    """A list: which rows, which columns, how it is narrowed, sorted and exported.

    `look_up` reads, for the rows of one page at a time, what is not in the rows, and gives a function of the row by the key
    of a cell. `sort` names a column, with a leading minus for descending; `first` and `last` are SQL around it.
    """

    name: str
    label: str
    roles: set[Role] | frozenset[Role]
    columns: tuple[Column, ...]
    sort: str = ""
    table: type[SQLModel] | None = None
    #: A select over visible rows, where it is not all visible rows of the table.
    rows: Callable[[Work], Any] | None = None
    filters: tuple[Filter, ...] = ()
    look_up: LookUp | None = None
    #: Reads instead of `look_up` for a file: (work, rows, whether personal data is in clear).
    in_file: Callable[[Work, Sequence[Any], bool], Mapping[str, Callable[[Any], Any]]] | None = None
    #: Attributes a line has beside the columns, for the page that opens it.
    also: tuple[str, ...] = ()
    first: tuple[Any, ...] = ()
    last: tuple[Any, ...] = ()
    #: The filter by whose values the rows are counted.
    counts: str = ""
    #: The counts shown above the list, value to word, in this order; by default those above zero.
    counted: Mapping[str, str] = field(default_factory=dict)
    #: The only values counted, where the other rows of a large table are too many to count for every page; of groups the
    #: first holds the rows of the others.
    counting: tuple[str, ...] = ()
    empty: str = "没有符合条件的记录"
    #: Roles that may have the list as a file; `None` is all of `roles`.
    exporters: set[Role] | frozenset[Role] | None = None
    #: The file may hold personal data in clear, after approval.
    personal: bool = False
    #: Every row may name a person, so that each look at the list is logged.
    names_persons: bool = False
    #: Hashes of the persons on some rows, for the log of who looked at whom.
    persons: Callable[[Work, Sequence[Any]], frozenset[str]] | None = None
    #: Logs a search for a person, before the rows are read.
    on_look: Callable[[Work, Filters], None] | None = None
    #: A search of its own: (work, filters, paging) to the rows of a page.
    fetch: Fetch | None = None
    #: Rows in memory, in the order they have without a sort. A filter's clause is then a test of a row, and a column's
    #: `sql` the value it is sorted by.
    items: Callable[[Work], Sequence[Any]] | None = None
    #: A unique column to read a file along, part by part, where it may have more than `LONGEST` lines.
    along: Any = None
    longest: int = LONGEST
    #: The filters set beside the one by which a row is looked for from anywhere, where the list does not open with all rows.
    found_with: Mapping[str, str] = field(default_factory=dict)
    #: No more rows than these are counted, where counting all would take long; 0 counts all.
    counted_to: int = 0
    #: Actions on many rows at once.
    bulk: tuple[Bulk, ...] = ()
    #: All pages can be turned to, each begun after the last line of the page before; sorted by columns of the table only.
    deep: bool = False
    #: It has many columns, of which only those a user sees are read.
    wide: bool = False
    #: Its lines may be seconds old: they are read from a replica where there is one, and the page says how old they are.
    may_lag: bool = False
    #: Gives the listing as it was at the end of a day, where what was is kept; without it the list shows only what is now.
    on_day: "Callable[[date], Listing] | None" = None

    @property
    def query(self) -> Query[ListRows, ListPage]:
        """The query that shows a page of the listing to a caller."""
        return QUERIES[f"{self.name}.list"]

    @property
    def ids(self) -> Query[Filters, tuple[UUID, ...]]:
        """The query for the ids of all rows of some filters, where the listing has actions on many."""
        return QUERIES[f"{self.name}.ids"]

    @property
    def each(self) -> Action[BulkRows, tuple[RowResult, ...]]:
        """The action that performs one of `bulk` on some rows, one by one."""
        return ACTIONS[f"{self.name}.each"]

    @property
    def exported_by(self) -> frozenset[Role]:
        """The roles that may have the listing as a file."""
        return frozenset(self.roles if self.exporters is None else self.exporters)

    @property
    def by(self) -> Filter:
        """The filter by whose values the rows are counted."""
        return next(one for one in self.filters if one.key == self.counts)

    @cached_property
    def filter_keys(self) -> frozenset[str]:
        """The keys of the filters."""
        return frozenset(one.key for one in self.filters)

    def column(self, key: str) -> Column | None:
        """The column of a key."""
        return next((column for column in self.columns if column.key == key), None)

    def is_personal(self, filters: Filters) -> bool:
        """Return whether the rows name persons, or the filters ask for a certain one."""
        return self.names_persons or any(filters.get(key, "").strip() for key in self._of_persons)

    @cached_property
    def _of_persons(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.filters if one.personal)
