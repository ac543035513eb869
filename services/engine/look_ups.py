"""Values that the lines of a page take from other tables, read for the whole page at once."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import SQLModel, col, select

from models.access import Account
from services.engine.refusals import Conflict, NotFound
from services.engine.work import Work

CHANGED = "该记录已被他人办理，请刷新后再办理"

Table = TypeVar("Table", bound=SQLModel)


def values_by(work: Work, key: Any, value: Any, keys: Iterable[Any]) -> dict[Any, Any]:
    """The value of each key (an id, a number), for the keys that exist; `None` among the keys is left out."""
    wanted = {one for one in keys if one is not None}
    return dict(work.session.exec(select(key, value).where(col(key).in_(wanted))).all()) if wanted else {}


def rows_by(work: Work, table: type[Table], ids: Iterable[UUID | None]) -> dict[UUID, Table]:
    """The rows of these ids by id; whole, because a sealed value opens only with its row."""
    wanted = {one for one in ids if one is not None}
    key: Any = table.id  # type: ignore[attr-defined]
    return {row.id: row for row in work.session.exec(select(table).where(key.in_(wanted))).all()} if wanted else {}  # type: ignore[attr-defined]


def row_by(work: Work, table: type[Table], row_id: UUID | None) -> Table | None:
    """The row of an id, out of the scope of the caller too; None where there is none."""
    return work.session.get(table, row_id) if row_id is not None else None


def names_by(work: Work, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of the holders of these accounts, in clear."""
    return {account_id: account.name.plain for account_id, account in rows_by(work, Account, ids).items()}


def uuid_of(text: str) -> UUID | None:
    """Read an id from a text that may be something else; None when it is no id."""
    try:
        return UUID(text)
    except ValueError:
        return None


def known_id(text: str) -> UUID:
    """Read an id from an address, or answer as for a record that does not exist."""
    found = uuid_of(text)
    if found is None:
        raise NotFound
    return found


def held(work: Work, table: type[Table], row_id: UUID, version: int = 0) -> Table:
    """Lock and return a visible row; `version` is the one the page loaded, 0 skips the check."""
    found = work.hold(table, row_id)
    if version and found.version != version:  # type: ignore[attr-defined]
        raise Conflict(CHANGED)
    return found
