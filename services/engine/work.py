"""Work: what a handler or query is given, and the only way to rows: what the caller may see."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import EllipsisType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ScalarResult
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.access import Role
from models.dialect import locked, locked_skipping
from models.labels import Labelled, readable
from models.records import InForce, InForceState
from models.sealed import mask_as_columns_say
from models.sealing import Sealer
from services.engine.callers import Caller, streets_worked_in
from services.engine.clock import SHANGHAI
from services.engine.details import check_details
from services.engine.house import House
from services.engine.refusals import Conflict, NotFound, Refusal
from services.engine.thresholds import Thresholds

if TYPE_CHECKING:
    from services.engine.audit import Trail
    from services.engine.ledger import Written

Table = TypeVar("Table", bound=SQLModel)
Kept = TypeVar("Kept", bound=InForce)
Answer = TypeVar("Answer")
Value = TypeVar("Value")
#: What rows are read from: a whole table, or a select of some of its rows.
Source = type[Table] | SelectOfScalar[Table]
Narrow = Callable[["Work", Any], Any]

#: Answer to a user who comes upon a row that failed its MAC.
LOCKED = "该记录的完整性校验未通过，已锁定并报警，请联系安全管理员处理"

_VISIBLE: dict[type[SQLModel], Narrow] = {}


def _narrowed(source: Any, where: Sequence[Any], by: Any) -> Any:
    statement = source if isinstance(source, SelectOfScalar) else select(source)
    return statement.where(*where).order_by(*(by if isinstance(by, tuple) else (by,)))


def visible_rows(table: type[SQLModel]) -> Callable[[Narrow], Narrow]:
    """Declare which rows of a table a caller sees: a function of (work, table) returning a where clause.

    Rows of a table without a declaration are visible to no caller.
    """

    def keep(narrow: Narrow) -> Narrow:
        if table in _VISIBLE:
            raise RuntimeError(f"visibility of {table.__name__} is declared twice")
        _VISIBLE[table] = narrow
        return narrow

    return keep


def shown_whole(*tables: type[SQLModel], roles: Iterable[Role]) -> None:
    """Declare that these roles see every row of some tables, and others none."""
    readers = frozenset(roles)
    for table in tables:
        visible_rows(table)(lambda work, _: sa.true() if work.caller.has(*readers) else sa.false())


def shown_with(table: type[SQLModel], column: str, parent: type[SQLModel]) -> None:
    """Declare that callers see the rows of a table whose `column` names a row of `parent` that they see."""

    def narrow(work: "Work", rows: Any) -> Any:
        # Asked anew, for an area may declare the rows of the parent later.
        seen = _VISIBLE[parent](work, parent)
        chosen: Any = select(parent.id).where(seen)  # type: ignore[attr-defined]
        return seen if isinstance(seen, sa.True_) else getattr(rows, column).in_(chosen)

    visible_rows(table)(narrow)


def rows_in_scope(
    work: "Work",
    table: Any,
    *more: Any,
    whole: Iterable[Role],
    districts: Iterable[Role] = (),
    streets: Iterable[Role] = (),
    firms: Iterable[Role] = (),
    sent: bool = False,
) -> Any:
    """The where clause over the rows in a caller's scope, and `more` that the caller sees.

    The roles of `whole` see all rows, those of `districts` and `streets` the rows of theirs, those of `firms` the rows of
    their own firm; with `sent` a partner sees what it reported.
    """
    caller = work.caller
    if caller.has(*whole, Role.SYSTEM):
        return sa.true()
    allowed = list(more)
    if codes := [scope.code for scope in caller.scope_of(*districts) if scope.code]:
        allowed.append(col(table.district_code).in_(codes))
    if streets and (codes := streets_worked_in(caller, *streets)):
        allowed.append(col(table.street_code).in_(codes))
    if caller.has(*firms) and caller.enterprise_id is not None:
        allowed.append(table.enterprise_id == caller.enterprise_id)
    if sent and caller.has(Role.PARTNER):
        allowed.append(table.app_id == caller.name)
    return sa.or_(*allowed) if allowed else sa.false()


def declared_visibility() -> dict[type[SQLModel], Narrow]:
    """All declarations, for the walk over every query and table."""
    return dict(_VISIBLE)


@dataclass(frozen=True)
class Later(Generic[Answer]):
    """An answer that is built once the numbers are drawn."""

    build: Callable[[], Answer]


@dataclass
class Work:
    """A transaction on behalf of one caller. `now` is the business clock, `at` the system's."""

    session: Session
    caller: Caller
    house: House
    now: datetime
    at: datetime
    #: Reads what the parameters say today; see `thresholds`.
    read_thresholds: Callable[[], Thresholds] = field(repr=False)
    trail: "Trail"
    request_id: str = ""
    written: "Written | None" = None
    numbers: list[tuple[str, Callable[[int], None]]] = field(default_factory=list)
    #: The counters they were drawn from.
    drawn: set[UUID] = field(default_factory=set)
    finishing: list[Callable[[], object]] = field(default_factory=list)
    #: The act is undone at its end, and draws no number.
    rehearsed: bool = False
    #: Messages of this transaction leave only then, because it may be undone until then.
    held_until: datetime | None = None
    #: Ids of a table's rows that failed their MAC.
    locked: Callable[[str], frozenset[UUID]] = lambda _: frozenset()
    #: Answers by their question; see `once`.
    _answers: dict[Any, Any] = field(default_factory=dict)
    #: Objects whose details were found whole in this transaction.
    _whole: set[UUID] = field(default_factory=set)
    #: The audit cannot be signed: only those who look into it may sign in.
    writes_stopped: bool = False
    #: By how many seconds the replica is behind that is read from; None for the database itself.
    read_age: float | None = None

    @property
    def sealer(self) -> Sealer:
        return self.house.sealer

    @cached_property
    def thresholds(self) -> Thresholds:
        """The parameters in force today, read when they are first asked for."""
        return self.read_thresholds()

    def once(self, question: Any, ask: Callable[[], Value]) -> Value:
        """Return the first answer to a question whose answer holds for the transaction: many rows name the same few."""
        if question not in self._answers:
            self._answers[question] = ask()
        return cast(Value, self._answers[question])

    @property
    def today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    def visible(self, table: type[Table], narrow: Narrow | None = None) -> SelectOfScalar[Table]:
        """A select of the rows of `table` the caller may see; by `narrow` where only a part of them is asked for."""
        narrow = narrow or _VISIBLE.get(table)
        rows = select(table).where(sa.false() if narrow is None else narrow(self, table))
        if issubclass(table, Labelled):
            # Whatever the role, no caller reads above their clearance (security.md D08).
            rows = rows.where(col(table.label).in_(readable(self.caller.clearance)))
        if locked := self.locked(str(table.__tablename__)):
            rows = rows.where(col(table.id).not_in(locked))  # type: ignore[attr-defined]
        return rows

    @overload
    def rows(self, source: Source[Table], *where: Any, by: Any = (), most: int | None = None) -> Sequence[Table]: ...
    @overload
    def rows(self, source: Value, *where: Any, by: Any = (), most: int | None = None) -> Sequence[Value]: ...
    def rows(self, source: Any, *where: Any, by: Any = (), most: int | None = None) -> Sequence[Any]:
        """Return the rows of a table, of a select such as `visible`, or the values of a column, that fulfil all clauses.

        They come in the order of `by`, and no more of them than `most`.
        """
        found: Sequence[Any] = self.session.exec(_narrowed(source, where, by).limit(most)).all()
        return found

    def in_force(
        self,
        table: type[Kept],
        *where: Any,
        project: UUID | EllipsisType | None = ...,
        but: UUID | None = None,
        by: Any = (),
    ) -> Sequence[Kept]:
        """Return the records in force of a kind's table that fulfil all clauses: those of a `project`, all `but` one."""
        clauses = [table.in_force == InForceState.EFFECTIVE, *where]
        if project is not ...:
            clauses.append(table.project_id == project)
        if but is not None:
            clauses.append(table.id != but)
        return self.rows(table, *clauses, by=by)

    @overload
    def first(self, source: Source[Table], *where: Any, by: Any = ()) -> Table | None: ...
    @overload
    def first(self, source: Value, *where: Any, by: Any = ()) -> Value | None: ...
    def first(self, source: Any, *where: Any, by: Any = ()) -> Any:
        """Return the first of such rows or values, if there is one."""
        return self.session.exec(_narrowed(source, where, by).limit(1)).first()

    @overload
    def only(self, source: Source[Table], *where: Any) -> Table: ...
    @overload
    def only(self, source: Value, *where: Any) -> Value: ...
    def only(self, source: Any, *where: Any) -> Any:
        """Return the one such row or value that there must be."""
        return self.session.exec(_narrowed(source, where, ())).one()

    def find(self, source: Source[Table], *where: Any, by: Any = (), missing: Refusal | None = None) -> Table:
        """Return the first of such rows, or refuse by `missing`, as `NotFound` does."""
        row = self.first(source, *where, by=by)
        if row is None:
            raise missing or NotFound
        return row

    def has(self, table: type[Table], *where: Any) -> bool:
        """Return whether a table has a row that fulfils all clauses."""
        return self.first(table.id, *where) is not None  # type: ignore[attr-defined]

    def get(self, table: type[Table], row_id: UUID | str) -> Table:
        """Return a visible row, or raise `NotFound`, equally for hidden and missing rows."""
        try:
            key = row_id if isinstance(row_id, UUID) else UUID(str(row_id))
        except ValueError as problem:
            raise NotFound from problem
        row = self.session.exec(self.visible(table).where(table.id == key)).first()  # type: ignore[attr-defined]
        if row is None:
            if key in self.locked(str(table.__tablename__)) and self._would_see(table, key):
                raise Conflict(LOCKED)
            raise NotFound
        return self.whole(row)

    def whole(self, row: Table) -> Table:
        """Return an object that is opened, unless details of it are gone, strange or others'."""
        table, key = str(row.__tablename__), row.id  # type: ignore[attr-defined]
        if key not in self._whole:
            check_details(self.session, table, key)
            self._whole.add(key)
        return row

    def held(self, rows: SelectOfScalar[Table], **bound: Any) -> ScalarResult[Table]:
        """Lock the rows of a select until the end of the transaction, and return them as they are now.

        A question, such as the check before a submission, has no transaction and only reads them. `bound` are the parameters
        of a statement that is made once.
        """
        held = rows if self.written is None else locked(self.session, rows)
        found: ScalarResult[Table] = self.session.exec(held.execution_options(populate_existing=True), params=bound)
        return found

    def free(self, rows: SelectOfScalar[Table]) -> ScalarResult[Table]:
        """Lock those rows of a select that no other worker holds, and return them as they are now."""
        found: ScalarResult[Table] = self.session.exec(
            locked_skipping(self.session, rows).execution_options(populate_existing=True)
        )
        return found

    def hold(self, table: type[Table], row_id: UUID) -> Table:
        """Lock a visible row and return it as it is now, or refuse as `get` does."""
        row = self.held(self.visible(table).where(table.id == row_id)).first()  # type: ignore[attr-defined]
        return self.get(table, row_id) if row is None else self.whole(row)

    def _would_see(self, table: type[Table], key: UUID) -> bool:
        """Return whether a locked row is this caller's; only its id is read."""
        narrow = _VISIBLE.get(table)
        mine = sa.false() if narrow is None else narrow(self, table)
        return self.session.exec(select(table.id).where(mine, table.id == key)).first() is not None  # type: ignore[attr-defined]

    def then(self, finish: Callable[[], object]) -> None:
        """Do this once the numbers are drawn, just before commit: papers that carry them."""
        self.finishing.append(finish)

    def later(self, build: Callable[[], Answer]) -> Answer:
        """Return what a handler returns when its answer carries numbers: the door builds it when they are drawn."""
        return cast(Answer, Later(build))

    def add(self, row: Table) -> Table:
        self.session.add(row)
        # A message of this act may name a person whose row is not stored yet, masked as it will be.
        mask_as_columns_say(row)
        return row

    def is_new(self, row: Table) -> bool:
        """Return whether this act made a row that is not stored yet, so that no stored row can name it."""
        return not cast(Any, sa.inspect(row)).persistent
