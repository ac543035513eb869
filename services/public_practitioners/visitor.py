"""The caller of public pages: a citizen who is not signed in, with the public rights only."""

from typing import Any

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.access import Role, ScopeKind
from models.labels import Label
from services.engine.callers import Caller, Scope
from services.engine.work import Work

#: Only the system's own acts and questions of this package are reached with it; see ui/public/practitioners.py.
_SCOPES = (Scope(Role.SYSTEM, ScopeKind.CITY),)


def visitor(address: str) -> Caller:
    """Return the public caller from this network address."""
    return Caller(name="public", scopes=_SCOPES, address=address, clearance=Label.PUBLIC)


def sound_rows(work: Work, table: Any) -> SelectOfScalar[Any]:
    """A select of a table without the rows that were changed past the product."""
    return select(table).where(col(table.id).not_in(work.locked(str(table.__tablename__))))
