"""A cache of rows with verified MACs: an unchanged row is not verified again."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from threading import Lock
from types import SimpleNamespace
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.types import NullType
from sqlmodel import Session

from models.row_mac import RowTampered, fits
from models.sealed import Sealed, sealed_columns
from models.sealing import Sealer, aad, sealer_of

Kept = TypeVar("Kept")
_Row = tuple[Any, ...]


class SeenRows(Generic[Kept]):
    """Results of `make` for verified rows of a table, by id, for lists that are read often.

    Every read compares all columns as stored, the MAC among them, with those that were verified; a row that differs is
    verified and made again, and raises `RowTampered` like any other. Cached results must be masked, never personal data in
    clear. JSON columns are not allowed.
    """

    def __init__(
        self,
        table: type[Any],
        make: Callable[[Any], Kept],
        *,
        where: Callable[[], Sequence[Any]],
        order: Callable[[], Sequence[Any]] = tuple,
        most: int = 5_000,
    ) -> None:
        self._kind, self._make, self._where, self._order, self._most = table, make, where, order, most
        self._known: dict[Any, tuple[_Row, Kept]] = {}
        self._read_with: tuple[tuple[Any, ...], list[tuple[str, Any]]] = (), []
        self._sealer: Sealer | None = None
        self._lock = Lock()

    def read(self, session: Session, **given: Any) -> list[Kept]:
        """Return the results for the rows that match the condition, in order; `given` are its bound parameters."""
        result = session.connection().execute(self._statement, given)
        described, rows = result.cursor.description, result.all()
        known = self._of_this_sealer(sealer_of(session))
        found = []
        for row in rows:
            earlier = known.get(row[0])
            if earlier is None or earlier[0] != tuple(row):
                earlier = (tuple(row), self._checked(session, row, described))
                self._keep(known, row[0], earlier)
            found.append(earlier[1])
        return found

    @cached_property
    def _table(self) -> sa.Table:
        table: sa.Table = self._kind.__table__
        return table

    @cached_property
    def _statement(self) -> Any:
        """Every column as the driver gives it, the id first."""
        first = self._table.c["id"]
        columns = [first, *(column for column in self._table.columns if column is not first)]
        raw = [sa.type_coerce(column, NullType()).label(column.name) for column in columns]
        return sa.select(*raw).where(*self._where()).order_by(*self._order())

    def _of_this_sealer(self, now: Sealer) -> dict[Any, tuple[_Row, Kept]]:
        """Return the results verified under the current keys; after a key change there are none."""
        if self._sealer is not now:
            with self._lock:
                self._sealer, self._known = now, {}
        return self._known

    def _keep(self, known: dict[Any, tuple[_Row, Kept]], key: Any, seen: tuple[_Row, Kept]) -> None:
        with self._lock:
            known.pop(key, None)
            known[key] = seen
            while len(known) > self._most:
                del known[next(iter(known))]

    def _checked(self, session: Session, row: Any, described: Any) -> Kept:
        values = self._values(session, row._mapping, described)
        if not fits(sealer_of(session), self._table, values):
            raise RowTampered(self._table.name, values["id"])
        return self._make(SimpleNamespace(**values))

    def _values(self, session: Session, raw: Mapping[str, Any], described: Any) -> dict[str, Any]:
        """The row as the ORM would have it; `described` are the columns as the driver gave them."""
        values = {name: read(raw[name]) if read else raw[name] for name, read in self._readers(session, described)}
        row_id: UUID = values["id"]
        for name, kind in sealed_columns(self._table):
            value = values[name]
            if isinstance(value, Sealed):
                value.bind(sealer_of(session), aad(self._table.name, name, row_id), kind.mask_kind)
        return values

    def _readers(self, session: Session, described: Any) -> Sequence[tuple[str, Any]]:
        """The name of each column and how its values are read, made again only for another driver or other types."""
        dialect = session.get_bind().dialect
        known, readers = self._read_with
        if known != (dialect, *(one[1] for one in described)):
            types = {one[0]: one[1] for one in described}
            kinds = ((column.name, column.type.dialect_impl(dialect)) for column in self._table.columns)
            readers = [(name, kind.result_processor(dialect, types[name])) for name, kind in kinds]
            self._read_with = (dialect, *types.values()), readers
        return readers
