"""A drill over every table: rows of it made by the product, then changed, deleted, put in and exchanged past it."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

import models.tables  # noqa: F401
from models.columns import CodeType, ScaledNumber, UtcMoment, new_id
from models.details import owner_column, owners_of
from models.geometry import GeometryType
from models.row_mac import is_protected
from models.sealed import Sealed, SealedType
from models.sealing import sm3_hex
from services.engine.details import details_fit
from services.engine.numbering import COUNTERS, number_later
from services.engine.work import Work
from services.integrity.address_cuts import cut_anew
from services.integrity.nightly_scan import scan
from tests.red_lines import square
from tests.world import World, sealer

#: What is done to a table, and how the act is called in what the drill tells.
CHANGE, DELETE, FORGE, RETURN, OLDER, SWAP = "改动", "删除", "插入", "放回已删", "换回旧版", "互换"
ACTS = (CHANGE, DELETE, FORGE, RETURN, OLDER, SWAP)
_SERIES = "DRILL"


def tables() -> list[sa.Table]:
    """Every table of the catalogue, those that others refer to or are details of first."""
    ours = [one for one in SQLModel.metadata.sorted_tables if not one.name.startswith(("bench_", "test_"))]
    return sorted(ours, key=lambda table: bool(owner_column(table)))


def may_go_unnoticed(table: sa.Table, act: str) -> bool:
    """Return whether a table says beside itself why this act on it need not be found by the scan."""
    if not is_protected(table):
        return "unprotected" in table.info
    return act in {DELETE, RETURN, OLDER} and bool(table.info.get("no_ledger"))


def keys_off(connection: sa.Connection) -> None:
    """Have no foreign key kept on this connection; SQLite takes the order outside a transaction only."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        raw.execute("PRAGMA foreign_keys = OFF")
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")


def keys_on(connection: sa.Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        raw.execute("PRAGMA foreign_keys = ON")
    else:
        connection.exec_driver_sql("SET session_replication_role = DEFAULT")
        connection.commit()


@dataclass
class Drill:
    """One world with rows in every table; each act is undone before the next."""

    world: World
    #: The rows made of each table: the first is referred to by rows of others, the rest by none.
    made: dict[str, list[UUID]] = field(default_factory=dict)
    numbers: int = 0
    #: Rows that a new one alone may refer to.
    parents: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kinds: dict[Any, Any] = {mapper.local_table: mapper.class_ for mapper in SQLModel._sa_registry.mappers}
        for table in tables():
            if self.by_orm(table):
                self.world.act(partial(self._make, table))
        for series in (_SERIES, f"{_SERIES}2"):
            self.world.act(partial(self._draw, series=series))
        for house in self.made["house"]:
            self.world.act(lambda work, house=house: cut_anew(work.session, house))  # type: ignore[misc]

    def by_orm(self, table: sa.Table) -> bool:
        return is_protected(table) and table.name not in {"number_counter", "detail_tally"}

    def _make(self, table: sa.Table, work: Work) -> None:
        for _ in range(4):
            self.made.setdefault(table.name, []).append(self._add(table, work).id)

    def _add(self, table: sa.Table, work: Work) -> Any:
        row = self.new(table)
        while self.parents:
            work.add(self.parents.pop())
        return work.add(row)

    def _draw(self, work: Work, series: str = _SERIES) -> None:
        number_later(work, series, "310115", date(2027, 3, 1), lambda _: None)

    def new(self, table: sa.Table) -> Any:
        """A row of a table with something in every column that needs it."""
        self.numbers += 1
        row_id = new_id()
        values = {
            column.name: self._value(table, column, row_id)
            for column in table.columns
            if column.name not in {"id", "mac", "version", "public_mac"} and (not column.nullable or column.unique)
        }
        if "content" in values and "digest" in values:
            values["digest"] = sm3_hex(b"drill")
        if "of_day" in values:
            values["of_day"] = True
        if "holds" in values:
            values["holds"] = False
        return self.kinds[table](id=row_id, **values)

    def _value(self, table: sa.Table, column: sa.Column[Any], row_id: UUID) -> Any:
        kind = column.type
        if isinstance(kind, sa.Uuid):
            owners = owners_of(table) if column.name == owner_column(table) else ()
            names = owners or tuple(key.column.table.name for key in column.foreign_keys)
            if names and (column.unique or {column.name} in _unique(table)):
                parent = self.new(SQLModel.metadata.tables[names[0]])
                self.parents.append(parent)
                return parent.id
            # Every other row is the detail of another object.
            return self.made[names[0]][self.numbers % 2] if names else new_id()
        if isinstance(kind, SealedType):
            return Sealed.of_json({}) if not kind.domain else Sealed.of(f"演练{self.numbers}")
        if isinstance(kind, CodeType):
            members = list(kind.codes)
            # Two details of one object differ in the code that tells them apart.
            return members[self.numbers // 2 % len(members)] if column.name in _keys(table) else members[0]
        if isinstance(kind, ScaledNumber):
            return Decimal(1)
        if isinstance(kind, GeometryType):
            return square(self.numbers)
        if column.name == "state" and "of_day" in table.c:
            # What was carried over of a day without rows, a multiple of the whole: any other state would say that rows are gone.
            return f"0:{self.numbers:x}{'0' * 64}"
        if isinstance(kind, sa.LargeBinary):
            return sealer().seal_file(b"drill", str(row_id))
        for sort, value in (
            (sa.Boolean, False),
            (UtcMoment, self.world.door.clock.now()),
            (sa.Date, date(2027, 3, 1) + timedelta(days=self.numbers)),
            (sa.JSON, []),
            (sa.Integer, self.numbers),
        ):
            if isinstance(kind, sort):
                return value
        return f"{self.numbers:x}{'d' * 60}"[: getattr(kind, "length", None) or 60]

    # What is done past the product

    def rows(self, table: sa.Table, *ids: UUID) -> list[dict[str, Any]]:
        with self.world.door.database.engine.connect() as connection:
            found = connection.execute(sa.select(table)).mappings().all()
        rows = {row.get("id"): dict(row) for row in found}
        return [rows[one] for one in ids] if ids else [dict(row) for row in found]

    def past_us(self, *statements: Any) -> None:
        """Write as the owner of the database, who has no foreign keys kept."""
        with self.world.door.database.engine.connect() as connection:
            keys_off(connection)
            for statement in statements:
                connection.execute(statement)
            connection.commit()
            keys_on(connection)

    @contextmanager
    def done(self, table: sa.Table, act: str) -> Iterator[list[tuple[str, UUID]] | None]:
        """Do one act, and undo it; gives the owners it touched, or None where the table has nothing to do it to."""
        before = self.rows(table)
        try:
            statements = self._statements(table, act)
            before = self.rows(table)
            if statements:
                self.past_us(*statements)
            yield self._owners(table) if statements else None
        finally:
            self._put_back(table, before)

    def _put_back(self, table: sa.Table, before: list[dict[str, Any]]) -> None:
        keys = list(table.primary_key.columns)
        right = {tuple(row[key.name] for key in keys): row for row in before}
        there = {tuple(row[key.name] for key in keys): row for row in self.rows(table)}
        wrong = [key for key in right.keys() | there.keys() if _raw(right.get(key)) != _raw(there.get(key))]
        self.past_us(
            *(table.delete().where(*(one == value for one, value in zip(keys, key, strict=True))) for key in wrong),
            *(table.insert().values(right[key]) for key in wrong if key in right),
        )

    def _owners(self, table: sa.Table) -> list[tuple[str, UUID]]:
        column = owner_column(table)
        if not column:
            return []
        return [(name, one) for name in owners_of(table)[:1] for one in self.made[name][:2]]

    def _statements(self, table: sa.Table, act: str) -> list[Any]:
        if not is_protected(table):
            return self._plain(table, act)
        rows = self.rows(table, *self.made[table.name][2:]) if self.by_orm(table) else self.rows(table)[:2]
        one, other = rows[-1], rows[0]
        row = partial(_row, table)
        if act == CHANGE:
            name, value = self._changed(table, one, other)
            return [row(one).values({name: value})]
        if act == DELETE:
            return [table.delete().where(table.c.id == one["id"])]
        if act == FORGE:
            # A detail of the same owner, past every key of the database.
            apart = set().union(*_unique(table)) - {owner_column(table)}
            forged = one | {"id": new_id()} | {name: self._other_text(table, name) for name in apart}
            return [table.insert().values(forged)]
        if act == SWAP:
            if one is other:
                return []
            exchanged = [{**one, "id": other["id"]}, {**other, "id": one["id"]}]
            ids = [one["id"], other["id"]]
            return [table.delete().where(table.c.id.in_(ids)), *(table.insert().values(new) for new in exchanged)]
        if act == OLDER:
            old = self._older(table, one)
            return [] if old is None else [table.delete().where(table.c.id == old["id"]), table.insert().values(old)]
        gone = self._gone(table)
        return [] if gone is None else [table.insert().values(gone)]

    def _plain(self, table: sa.Table, act: str) -> list[Any]:
        """A table without ids: the cuts of addresses; the rest are argued and left alone."""
        if table.name != "address_cut" or act in {RETURN, OLDER}:
            return []
        one, other = self.rows(table)[:2]
        this, that = (sa.and_(table.c.gram == row["gram"], table.c.house_id == row["house_id"]) for row in (one, other))
        statements: dict[str, list[Any]] = {
            CHANGE: [table.update().where(this).values(gram="演练")],
            DELETE: [table.delete().where(this)],
            FORGE: [table.insert().values(gram="演练", house_id=one["house_id"])],
            SWAP: [table.update().where(this).values(gram="换1"), table.update().where(that).values(gram="换2")],
        }
        return statements[act]

    def _changed(self, table: sa.Table, one: dict[str, Any], other: dict[str, Any]) -> tuple[str, Any]:
        skipped = {"id", "mac", "version", "public_mac", *table.info.get("mac_skips", ()), *_keys(table)}
        if table is COUNTERS:
            return "version", one["version"] - 1
        for column in table.columns:
            value = one[column.name]
            if column.name in skipped or isinstance(column.type, sa.LargeBinary | GeometryType):
                continue
            if isinstance(column.type, SealedType) and value is not None and value.token != other[column.name].token:
                return column.name, other[column.name]
            if isinstance(column.type, CodeType) and len(column.type.codes) > 1:
                return column.name, next(code for code in column.type.codes if code is not value)
            if isinstance(column.type, sa.String) and not isinstance(column.type, SealedType):
                return column.name, self._other_text(table, column.name)
            if isinstance(column.type, ScaledNumber | sa.Integer):
                return column.name, (value or 0) + 1
            if isinstance(column.type, sa.Date):
                return column.name, date(2031, 1, 1)
            if isinstance(column.type, UtcMoment):
                return column.name, self.world.door.clock.now() - timedelta(days=1)
        return "mac", other["mac"]

    def _other_text(self, table: sa.Table, name: str) -> Any:
        self.numbers += 1
        if table.c[name].foreign_keys:
            return new_id()
        return self._value(table, table.c[name], new_id())

    def _older(self, table: sa.Table, one: dict[str, Any]) -> dict[str, Any] | None:
        """The row as it is now, after the product has changed it; None where nothing of it can change."""
        if table is COUNTERS:
            self.world.act(partial(self._draw, series=one["series"][: -len("310115270301")]))
        elif table.name == "detail_tally":
            detail = SQLModel.metadata.tables["contract_party"]
            owner = self.made["lease_contract"][self.numbers % 2]
            one = self.rows(table, owner)[0]
            self.world.act(lambda work: work.add(_owned(self.new(detail), owner)))
        else:
            name, value = self._changed(table, one, one | {"mac": ""})
            if name == "mac":
                sealed = next((c.name for c in table.columns if isinstance(c.type, SealedType) and not c.nullable), "")
                if not sealed:
                    return None
                name, value = sealed, Sealed.of_json({"drill": self.numbers})
            self.world.rewrite(self.kinds[table], table.c.id == one["id"], **{name: copy(value)})
        return one

    def _gone(self, table: sa.Table) -> dict[str, Any] | None:
        """A row that the product made and then deleted."""
        if not self.by_orm(table):
            return None
        row_id = self.world.act(lambda work: self._add(table, work)).id
        gone = self.rows(table, row_id)[0]

        def delete(work: Work) -> None:
            kind = self.kinds[table]
            work.session.delete(work.session.exec(select(kind).where(table.c.id == row_id)).one())

        self.world.act(delete)
        return gone

    # What is found

    def faults(self) -> list[str]:
        with self.world.door.database.read() as session:
            return [f"{fault.table} {fault.kind} {fault.said}".strip() for fault in scan(session).faults]

    def opened(self, owners: list[tuple[str, UUID]]) -> bool:
        """Return whether every one of these objects would be opened as if nothing had happened."""

        def look(session: Session) -> bool:
            return all(details_fit(session, name, owner_id) for name, owner_id in owners)

        with self.world.door.database.read() as session:
            return look(session)


def _row(table: sa.Table, row: dict[str, Any]) -> Any:
    return table.update().where(table.c.id == row["id"])


def _raw(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return row and {name: getattr(value, "token", value) for name, value in row.items()}


def _unique(table: sa.Table) -> list[set[str]]:
    keys: list[Any] = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    keys += [index for index in table.indexes if index.unique]
    return [{column.name for column in one.columns} for one in keys]


def _keys(table: sa.Table) -> set[str]:
    """Plain columns of unique keys, which the database itself guards."""
    named = set().union(*_unique(table))
    return {name for name in named if not table.c[name].foreign_keys and not isinstance(table.c[name].type, SealedType)}


def _owned(row: Any, owner: UUID) -> Any:
    setattr(row, owner_column(row.__table__), owner)
    return row
