"""The kinds of table that can be brought in; an area declares its own, sessions know none of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from models.access import Role
from models.imports import ImportSession
from services.access.visibility import ENTERPRISE
from services.engine.callers import Caller
from services.engine.door import Gathering
from services.engine.refusals import Rejected
from services.engine.work import Work
from services.files.zip_of_pictures import JudgedEntry, judged_pictures
from services.imports.sheets import Checks, ImportedRow, Sheet
from services.imports.table_reader import Table
from services.ports.systems import Systems

Photos = Mapping[str, JudgedEntry]
#: A short read with the eyes of who asks.
Look = Callable[[Callable[[Work], Any]], Any]


@dataclass(frozen=True)
class Asking:
    """Means of a kind's rules: short reads, outside systems; `firm` is the importing firm, empty for any."""

    look: Look
    systems: Systems
    today: date
    firm: str = ""
    photos: Photos | None = None
    #: Who imports the table, and what it is imported into.
    account_id: UUID | None = None
    about_id: UUID | None = None


@dataclass(frozen=True)
class Importable:
    """A kind of table with what becomes of its rows.

    `prepare` works outside the transaction over at most `batch` rows and the archive of photos; `file` takes what it made
    and gives the record of each row in order, None for one it found an error in; `undo` takes back all records of a
    session or raises `Conflict`.
    """

    name: str
    sheet: Sheet
    checks: Callable[[Asking], Checks]
    prepare: Callable[[Gathering, Sequence[ImportedRow], bytes | None], Any]
    file: Callable[[Work, ImportSession, Sequence[ImportedRow], Any], Sequence[UUID | None]]
    undo: Callable[[Work, UUID], object]
    #: The column a line is known by.
    title: str = ""
    batch: int = 200
    #: Who may bring such a table.
    roles: frozenset[Role] = frozenset(ENTERPRISE)
    #: Refuses a table before it is taken in: `(work, about_id)`, with the caller's own eyes.
    admit: Callable[[Work, UUID | None], object] = lambda work, about: None
    #: Further sheets of the workbook, and how rows take what these say of them.
    lists: Sequence[Sheet] = ()
    bring_lists: Callable[[bytes, Table], Table] = lambda content, table: table
    #: What the template says below its columns.
    advice: Sequence[str] = ()

    def is_for(self, caller: Caller) -> bool:
        return bool(self.roles & caller.roles)


def photos_in(archive: bytes | None) -> Photos | None:
    """Return what an archive of photos holds, by name; None without one."""
    return None if archive is None else {one.name: one for one in judged_pictures(archive)}


_KINDS: dict[str, Importable] = {}
_FAMILIES: dict[str, Callable[[str], Importable | None]] = {}


def importable(kind: Importable) -> Importable:
    """Declare a kind of table."""
    if _KINDS.setdefault(kind.name, kind) is not kind:
        raise RuntimeError(f"import kind {kind.name} is declared twice")
    return kind


def importables_under(prefix: str, make: Callable[[str], Importable | None]) -> None:
    """Declare a family of kinds whose names begin alike; `make` knows them by the rest of the name."""
    _FAMILIES[prefix] = make


def kind_of(name: str) -> Importable:
    """A declared kind."""
    prefix, _, rest = name.partition(".")
    found = _FAMILIES[prefix](rest) if prefix in _FAMILIES else _KINDS.get(name)
    if found is None:
        raise Rejected("没有这种表格，请刷新页面后重新选择")
    return found
