"""Rows as they were before a transaction wrote them, kept so that what it did can be taken back whole.

Values are kept as they are stored: sealed ones by their token, which belongs to row and column and opens nowhere else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import LoaderCallableStatus
from sqlmodel import Session, SQLModel, select

from models.base import Row
from models.columns import CodeType, ScaledNumber, UtcMoment
from models.row_mac import is_protected
from models.sealed import Sealed, SealedType
from models.sealing import aad
from services.engine.work import Work

_KEPT = "row_images"
#: Written anew by every change.
_STAMPS = frozenset({"id", "mac", "version", "updated_at", "updated_by"})
_Key = tuple[str, UUID]


class RowsMoved(Exception):
    """Raised by `put_back` for a row that was written since; `table` is the table of the first."""

    def __init__(self, table: type[SQLModel]) -> None:
        super().__init__(table.__name__)
        self.table = table


class RowImages:
    """Follows what a session writes from now on. `but` are tables whose rows stay as they are written."""

    def __init__(self, session: Session, but: Sequence[type[Row]] = ()) -> None:
        self._but = {_name(table) for table in but}
        self._made: dict[_Key, Any] = {}
        self._before: dict[_Key, dict[str, Any]] = {}
        self._rows: dict[_Key, Any] = {}
        self.storable = True
        session.info[_KEPT] = self
        event.listen(session, "before_flush", self._look)

    def in_bulk(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Note rows that are inserted past the session."""
        self._made.update({(table.name, row["id"]): row["mac"] for row in rows})

    def made(self) -> Iterator[Any]:
        """Return the objects that were made, without those made in bulk."""
        return (row for key, row in self._rows.items() if key in self._made and row is not None)

    def tables(self) -> set[str]:
        """Return the names of the tables that were written."""
        return {name for name, _ in (*self._made, *self._before)}

    def count(self) -> int:
        return len(self._made) + len(self._before)

    def kept(self) -> dict[str, Any]:
        """Return the images as JSON, once everything is written."""
        made: dict[str, dict[str, str]] = {}
        for (name, row_id), mac in self._made.items():
            row = self._rows.get((name, row_id))
            made.setdefault(name, {})[str(row_id)] = row.mac if row is not None else mac
        changed: dict[str, dict[str, Any]] = {}
        for (name, row_id), values in self._before.items():
            row = self._rows[name, row_id]
            changed.setdefault(name, {})[str(row_id)] = {"mac": row.mac if row is not None else None, "was": values}
        return {"made": made, "changed": changed}

    def _look(self, session: Session, *_: Any) -> None:
        for row in session.new:
            if self._follows(row):
                key = (_name(type(row)), row.id)
                self._made[key], self._rows[key] = None, row
        for row in session.dirty:
            if self._follows(row) and session.is_modified(row):
                self._remember(row, row)
        for row in session.deleted:
            if self._follows(row):
                self._remember(row, None)

    def _follows(self, row: Any) -> bool:
        return is_protected(row.__table__) and row.__tablename__ not in self._but

    def _remember(self, row: Any, stays: Any) -> None:
        key = (_name(type(row)), row.id)
        if key in self._made:
            self._rows[key] = stays
            if stays is None:
                del self._made[key], self._rows[key]
            return
        self._rows[key] = stays
        if key in self._before:
            # Files of a changed row were left out, and a deleted one needs them.
            self.storable &= stays is not None
            return
        was = sa.inspect(row).committed_state
        values = {}
        for column in row.__table__.columns:
            if stays is not None and column.name not in was and isinstance(column.type, sa.LargeBinary):
                continue
            value = was.get(column.name, getattr(row, column.name))
            if isinstance(value, bytes | LoaderCallableStatus):
                self.storable = False
            else:
                values[column.name] = _stored(value)
        self._before[key] = values


def note_bulk(session: Session, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Tell the images of a session, if it keeps any, about rows inserted past it."""
    images = session.info.get(_KEPT)
    if images is not None and rows:
        images.in_bulk(table, rows)


def put_back(work: Work, images: Mapping[str, Any]) -> None:
    """Write rows as they were before: made ones go, changed and deleted ones come back.

    Raises `RowsMoved`, and has then written nothing, when one was written since.
    """
    session = work.session
    made = _held(work, {name: dict(rows) for name, rows in images["made"].items()})
    left = {name: {key: one["mac"] for key, one in rows.items()} for name, rows in images["changed"].items()}
    changed = _held(work, left)
    for row in made.values():
        session.delete(row)
    session.flush()
    for name, rows in images["changed"].items():
        for key, one in rows.items():
            row_id = UUID(key)
            values = {column: _value(work, name, column, row_id, was) for column, was in one["was"].items()}
            row = changed.get((name, row_id))
            if row is None:
                session.add(_class(name)(**{column: value for column, value in values.items() if column != "mac"}))
            else:
                _restore(row, values)
                session.add(row)
    session.flush()


def _held(work: Work, left: Mapping[str, Mapping[str, str | None]]) -> dict[_Key, Any]:
    """Lock rows and return them, if each is there exactly as it was left; None is left of a deleted one."""
    found: dict[_Key, Any] = {}
    for name, macs in sorted(left.items()):
        table: Any = _class(name)
        ids = [UUID(key) for key in macs]
        rows: dict[UUID, Any] = {}
        for start in range(0, len(ids), 500):
            wanted = select(table).where(table.id.in_(ids[start : start + 500])).order_by(table.id)
            rows.update({row.id: row for row in work.held(wanted)})
        for row_id in ids:
            row = rows.get(row_id)
            if (row.mac if row is not None else None) != macs[str(row_id)]:
                raise RowsMoved(table)
            if row is not None:
                found[name, row_id] = row
    return found


def _restore(row: Any, values: Mapping[str, Any]) -> None:
    for column, value in values.items():
        if column in _STAMPS:
            continue
        now = getattr(row, column)
        same = now.token == value.token if isinstance(now, Sealed) and isinstance(value, Sealed) else now == value
        if not same:
            setattr(row, column, value)


def _name(table: Any) -> str:
    return str(table.__tablename__)


_CLASSES: dict[str, type[Row]] = {}


def _class(name: str) -> type[Row]:
    """Return the class of a table."""
    if name not in _CLASSES:
        _CLASSES.update({_name(one): one for one in _below(Row) if hasattr(one, "__table__")})
    return _CLASSES[name]


def _below(table: type[Row]) -> Iterator[type[Row]]:
    for one in table.__subclasses__():
        yield one
        yield from _below(one)


def _stored(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, Sealed):
        return value.token
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


_READ: tuple[tuple[type[Any], Callable[[Any, Any], Any]], ...] = (
    (UtcMoment, lambda kind, text: datetime.fromisoformat(text)),
    (sa.Date, lambda kind, text: date.fromisoformat(text)),
    (sa.Uuid, lambda kind, text: UUID(text)),
    (ScaledNumber, lambda kind, text: Decimal(text)),
    (CodeType, lambda kind, text: kind.codes.stored(text)),
)


def _value(work: Work, name: str, column: str, row_id: UUID, was: Any) -> Any:
    """Return a kept value as its column has it."""
    if was is None:
        return None
    kind: Any = _class(name).__table__.columns[column].type  # type: ignore[attr-defined]
    if isinstance(kind, SealedType):
        sealed = Sealed(None, was, kind.mask_kind)
        sealed.bind(work.sealer, aad(name, column, row_id), kind.mask_kind)
        return sealed
    for of, read in _READ:
        if isinstance(kind, of):
            return read(kind, was)
    return was
