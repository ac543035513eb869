"""The caller of public pages, a citizen with the public rights only, and the page of a search (row 48)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from models.access import Role, ScopeKind
from models.labels import Label
from services.engine.callers import Caller, Scope
from services.engine.work import Work
from services.practitioners.records import sound

#: Only the system's own acts and questions of this package are reached with it; see ui/public/practitioners.py.
_SCOPES = (Scope(Role.SYSTEM, ScopeKind.CITY),)


def visitor(address: str) -> Caller:
    """Return the public caller from this network address."""
    return Caller(name="public", scopes=_SCOPES, address=address, clearance=Label.PUBLIC)


def sound_rows(work: Work, table: Any) -> SelectOfScalar[Any]:
    """A select of a table without the rows that were changed past the product."""
    return select(table).where(sound(work, table))


PAGE = 20
#: A visitor does not page through a register; a longer search has to be narrowed.
MOST_PAGES = 25


@dataclass(frozen=True)
class Found:
    """A page of a search; `total` counts all pages, `pages` those that can be opened."""

    total: int
    page: int
    pages: int
    lines: tuple[Any, ...] = ()


def found_page(work: Work, chosen: Any, *by: Any, page: int, line: Callable[[Any], Any]) -> Found:
    """A page of a select in an order, each row as its line."""
    counted = chosen.with_only_columns(func.count(), maintain_column_froms=True)
    total: int = work.session.connection().execute(counted).scalar_one()
    pages = min(-(-total // PAGE), MOST_PAGES)
    page = min(max(page, 1), max(pages, 1))
    rows = work.session.exec(chosen.order_by(*by).offset((page - 1) * PAGE).limit(PAGE)).all()
    return Found(total, page, pages, tuple(line(row) for row in rows))
