"""The kinds of table that can be brought in; an area declares its own, sessions know none of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from models.access import Role
from services.access.visibility import ENTERPRISE
from services.engine.callers import Caller
from services.engine.door import Gathering
from services.engine.refusals import Rejected
from services.engine.work import Work
from services.files.zip_of_pictures import JudgedEntry
from services.imports.row_kinds import ImportKind
from services.imports.table_reader import FoundTable
from services.ports.systems import Systems

Photos = Mapping[str, JudgedEntry]


@dataclass(frozen=True)
class Asking:
    """Means of a kind's rules: short reads, outside systems; `firm` is the importing firm, empty for any."""

    look: Callable[[Callable[[Work], Any]], Any]
    systems: Systems
    today: date
    firm: str = ""
    #: Roles that import the table, and what it is imported into.
    account_id: UUID | None = None
    about_id: UUID | None = None


@dataclass(frozen=True)
class Hint:
    """The template's hint for a column. `shape` text keeps long numbers whole, day makes date cells."""

    label: str
    hint: str
    shape: Literal["text", "day", "choice"] = "text"
    choices: Sequence[str] = ()
    width: int = 14
    example: str = ""


@dataclass(frozen=True)
class RowToFile:
    """A good row on its way to become a record: its number, its values after repair."""

    sheet_row: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Filed:
    """Result of a row: its record, or column, code and sentence of every reason."""

    record_id: UUID | None
    reasons: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Batch:
    """The session whose rows are committed: its firm, its user, and the target of the import."""

    session_id: UUID
    firm_id: UUID | None
    account_id: UUID
    session_no: str = ""
    about_id: UUID | None = None


@dataclass(frozen=True)
class Importable:
    """A kind of table with what becomes of its rows.

    `prepare` works outside the transaction over at most `batch` rows and the archive of photos; `file` takes what it made
    and gives an answer for each row in order; `undo` takes back all records of a session or raises `Conflict`.
    """

    name: str
    label: str
    kind: Callable[[Asking, Photos | None], ImportKind]
    hints: Sequence[Hint]
    prepare: Callable[[Gathering, Sequence[RowToFile], bytes | None], Any]
    file: Callable[[Work, Batch, Any], Sequence[Filed]]
    undo: Callable[[Work, UUID], object]
    #: The column a line is known by, and how columns with personal data are masked in lists.
    title: str = ""
    masks: Mapping[str, str] = field(default_factory=dict)
    batch: int = 200
    #: Who may bring such a table.
    roles: frozenset[Role] = frozenset(ENTERPRISE)
    #: Refuses a table before it is taken in: `(work, about_id)`, with the caller's own eyes.
    admit: Callable[[Work, UUID | None], object] | None = None
    #: Adds to the rows of the first sheet what other sheets say of them.
    also: Callable[[bytes, FoundTable], FoundTable] | None = None
    #: Writes the template instead of the common one.
    template: Callable[[], bytes] | None = None

    def is_for(self, caller: Caller) -> bool:
        return bool(self.roles & caller.roles)


_KINDS: dict[str, Importable] = {}
_FAMILIES: dict[str, Callable[[str], Importable | None]] = {}


def importable(kind: Importable) -> Importable:
    """Declare a kind of table."""
    if kind.name in _KINDS:
        raise RuntimeError(f"import kind {kind.name} is declared twice")
    _KINDS[kind.name] = kind
    return kind


def importables_under(prefix: str, make: Callable[[str], Importable | None]) -> None:
    """Declare a family of kinds whose names begin alike; `make` knows them by the rest of the name."""
    if prefix in _FAMILIES:
        raise RuntimeError(f"import kinds under {prefix} are declared twice")
    _FAMILIES[prefix] = make


def kind_of(name: str) -> Importable:
    """A declared kind."""
    found = _KINDS.get(name)
    prefix, dot, rest = name.partition(".")
    if found is None and dot and prefix in _FAMILIES:
        found = _FAMILIES[prefix](rest)
    if found is None:
        raise Rejected("没有这种表格，请刷新页面后重新选择")
    return found
