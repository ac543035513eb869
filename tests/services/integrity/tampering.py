"""What the owner of a database can do past the product: change, take away, put back, copy rows; for the drills."""

import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.columns import CodeType, ScaledNumber, UtcMoment
from models.dialect import Database
from models.row_mac import is_protected, keeps_ledger
from models.sealed import SealedType


@dataclass(frozen=True)
class Tampered:
    """One thing done, and the row it was done to."""

    table: str
    row_id: UUID
    what: str


class Tamperer:
    """Writes past everything of ours, as somebody with the database's own account would."""

    def __init__(self, database: Database, seed: int) -> None:
        self.engine, self.random = database.engine, random.Random(seed)
        #: Rows that are left as they are.
        self.spared: set[UUID] = set()

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        """Every row of a table, the spared ones left out."""
        with self.engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
        return [row for row in rows if row["id"] not in self.spared]

    def write(self, statement: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)

    def tables(self) -> list[sa.Table]:
        """Protected tables that have rows."""
        with self.engine.connect() as connection:
            return [
                table
                for table in SQLModel.metadata.sorted_tables
                if is_protected(table) and connection.scalar(sa.select(sa.func.count()).select_from(table))
            ]

    def change(self, table: sa.Table) -> Tampered | None:
        """Give one column of one row another value of its kind."""
        if not (rows := self.rows(table)):
            return None
        row = self.random.choice(rows)
        columns = [c for c in table.columns if _changeable(table, c) and row[c.name] is not None]
        self.random.shuffle(columns)
        for column in columns:
            value = self._other(table, column, row)
            if value is not None:
                self.write(table.update().where(table.c.id == row["id"]).values({column.name: value}))
                return Tampered(table.name, row["id"], f"{column.name} changed")
        return None

    def forge(self, table: sa.Table) -> Tampered | None:
        """Put another row's MAC under a row."""
        if len(rows := self.rows(table)) < 2:
            return None
        row, other = self.random.sample(rows, 2)
        self.write(table.update().where(table.c.id == row["id"]).values(mac=other["mac"]))
        return Tampered(table.name, row["id"], "mac of another row")

    def strip(self, table: sa.Table) -> Tampered | None:
        """Take a row's MAC away."""
        if not (rows := self.rows(table)):
            return None
        row = self.random.choice(rows)
        self.write(table.update().where(table.c.id == row["id"]).values(mac=None))
        return Tampered(table.name, row["id"], "mac taken away")

    def take_away(self, table: sa.Table) -> Tampered | None:
        """Delete an object nothing refers to, or nothing when all are referred to."""
        assert keeps_ledger(table)
        for row in self.random.sample(rows := self.rows(table), len(rows)):
            try:
                self.write(table.delete().where(table.c.id == row["id"]))
            except sa.exc.IntegrityError:
                continue
            return Tampered(table.name, row["id"], "deleted")
        return None

    def break_file(self, table: sa.Table) -> Tampered | None:
        """Turn one bit of a stored file."""
        rows = [row for row in self.rows(table) if row["content"] is not None]
        if not rows:
            return None
        row = self.random.choice(rows)
        content = bytearray(row["content"])
        content[self.random.randrange(len(content))] ^= 1 << self.random.randrange(8)
        self.write(table.update().where(table.c.id == row["id"]).values(content=bytes(content)))
        return Tampered(table.name, row["id"], "file changed")

    def put_back(self, table: sa.Table, old: dict[str, Any]) -> Tampered:
        """Write an old version of a row with its old MAC."""
        self.write(table.update().where(table.c.id == old["id"]).values(**old))
        return Tampered(table.name, old["id"], "old version put back")

    def _other(self, table: sa.Table, column: sa.Column[Any], row: dict[str, Any]) -> Any:
        value, kind = row[column.name], column.type
        if isinstance(kind, CodeType):
            return next((one for one in kind.codes if one is not value), None)
        if isinstance(kind, ScaledNumber):
            return value + 1
        if isinstance(kind, sa.Boolean):
            return not value
        if isinstance(kind, sa.BigInteger):
            return value + 1
        if isinstance(kind, SealedType | sa.JSON | UtcMoment | sa.Date | sa.Uuid):
            others = [other[column.name] for other in self.rows(table) if other["id"] != row["id"]]
            return next((other for other in others if other is not None and _unlike(other, value)), None)
        return f"{value}改"[-(kind.length or 80) :] if isinstance(kind, sa.String) else None


def _unlike(one: Any, other: Any) -> bool:
    return bool(getattr(one, "token", one) != getattr(other, "token", other))


def _changeable(table: sa.Table, column: sa.Column[Any]) -> bool:
    """A column the MAC covers, that no key of the database itself guards."""
    skipped = {"id", "mac", *table.info.get("mac_skips", ())}
    guarded = column.unique or column.foreign_keys or isinstance(column.type, sa.LargeBinary)
    in_key = any(column.name in key.columns for key in table.constraints if isinstance(key, sa.UniqueConstraint))
    return column.name not in skipped and not guarded and not in_key
