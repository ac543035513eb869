"""Work: what a handler or query is given, and the only way to rows: what the caller may see."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from services.engine.callers import Caller
from services.engine.clock import SHANGHAI
from services.engine.refusals import NotFound
from services.engine.thresholds import Thresholds

if TYPE_CHECKING:
    from services.engine.audit import Trail

Table = TypeVar("Table", bound=SQLModel)
Answer = TypeVar("Answer")
Narrow = Callable[["Work", Any], Any]

_VISIBLE: dict[type[SQLModel], Narrow] = {}


def visible_rows(table: type[SQLModel]) -> Callable[[Narrow], Narrow]:
    """Declare which rows of a table a caller sees: a function of (work, table) giving a where clause.

    A table without a declaration is seen by nobody through `work.visible`.
    """

    def keep(narrow: Narrow) -> Narrow:
        if table in _VISIBLE:
            raise RuntimeError(f"visibility of {table.__name__} is declared twice")
        _VISIBLE[table] = narrow
        return narrow

    return keep


def declared_visibility() -> dict[type[SQLModel], Narrow]:
    """All declarations, for the walk over every query and table."""
    return dict(_VISIBLE)


@dataclass(frozen=True)
class Later(Generic[Answer]):
    """An answer that is built once the numbers are drawn."""

    build: Callable[[], Answer]


@dataclass
class Work:
    """One transaction on behalf of one caller. `now` is the business clock, `at` the system's."""

    session: Session
    caller: Caller
    now: datetime
    at: datetime
    thresholds: Thresholds
    trail: "Trail"
    request_id: str = ""
    numbers: list[tuple[str, Callable[[int], None]]] = field(default_factory=list)
    finishing: list[Callable[[], object]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    def visible(self, table: type[Table]) -> SelectOfScalar[Table]:
        """A select of the rows of `table` the caller may see."""
        narrow = _VISIBLE.get(table)
        return select(table).where(sa.false() if narrow is None else narrow(self, table))

    def get(self, table: type[Table], row_id: UUID | str) -> Table:
        """One visible row, or `NotFound`, the same answer whether it is hidden or absent."""
        try:
            key = row_id if isinstance(row_id, UUID) else UUID(str(row_id))
        except ValueError as problem:
            raise NotFound from problem
        row = self.session.exec(self.visible(table).where(table.id == key)).first()  # type: ignore[attr-defined]
        if row is None:
            raise NotFound
        return row

    def then(self, finish: Callable[[], object]) -> None:
        """Do this once the numbers are drawn, just before commit: papers that carry them."""
        self.finishing.append(finish)

    def later(self, build: Callable[[], Answer]) -> Answer:
        """What a handler returns when its answer carries numbers: the door builds it when they are drawn."""
        return cast(Answer, Later(build))

    def add(self, row: Table) -> Table:
        self.session.add(row)
        return row
