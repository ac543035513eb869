"""Obstacles to spreading a database by district over several servers, as Citus does: read from its catalogue.

Citus keeps the rows of a district together: a table is spread by its district's code, copied whole to every server as a
reference, or left on one server. A unique key is held within a server only, so it must contain the code; so must a foreign key
between two spread tables. A reference may not point to a spread table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine.reflection import Inspector

from models.dialect import Database

#: The column by which tables are spread, and from how many rows a table is too large to be copied to every server.
BY, LARGE = "district_code", 1_000_000


@dataclass(frozen=True)
class Placing:
    """A table, how many rows it has about, how it would be placed, and the obstacles to that."""

    table: str
    rows: int
    spread: bool
    obstacles: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        where = f"按 {BY} 分布" if self.spread else "作参照表或留在一台"
        told = "；".join(self.obstacles) if self.obstacles else "没有障碍"
        return f"{self.table}（约 {self.rows:,} 行，{where}）：{told}"


@dataclass
class Layout:
    """All tables of a database; `empty` when the product's are not there."""

    placings: list[Placing] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.placings

    @property
    def in_the_way(self) -> list[Placing]:
        return [one for one in self.placings if one.obstacles]

    @property
    def sentence(self) -> str:
        spread = [one for one in self.placings if one.spread]
        keys = sum(told.startswith(("主键", "唯一键")) for one in spread for told in one.obstacles)
        ties = sum(told.startswith("外键") for one in self.placings for told in one.obstacles)
        return (
            f"共 {len(self.placings)} 张表：{len(spread)} 张有 {BY}，其中 {sum(not one.obstacles for one in spread)} 张可以直接分布；"
            f"{len(self.placings) - len(spread)} 张没有，作参照表或留在一台。须改的唯一键 {keys} 个、外键 {ties} 个。"
        )


def layout_of(url: str) -> Layout:
    """Read how the tables of a database would be spread."""
    database = Database(url, pool_size=1)
    try:
        looking = sa.inspect(database.engine)
        names = sorted(set(looking.get_table_names()) - {"alembic_version"})
        if "lease_filing" not in names:
            return Layout()
        spread = {name for name in names if any(column["name"] == BY for column in looking.get_columns(name))}
        rows = _rows(database, names)
        return Layout(
            [
                Placing(name, rows[name], name in spread, tuple(_obstacles(looking, name, spread, rows[name])))
                for name in names
            ]
        )
    finally:
        database.dispose()


def _obstacles(looking: Inspector, name: str, spread: set[str], rows: int) -> Iterator[str]:
    if name in spread:
        column = next(one for one in looking.get_columns(name) if one["name"] == BY)
        if column["nullable"]:
            yield f"{BY} 可以为空"
        for label, columns in _keys(looking, name):
            if BY not in columns:
                yield f"{label}（{'、'.join(columns)}）不含 {BY}"
    elif rows >= LARGE:
        yield f"没有 {BY}，又有 {LARGE:,} 行以上，不宜复制到每台"
    for tie in looking.get_foreign_keys(name):
        other, columns = tie["referred_table"], tie["constrained_columns"]
        if name not in spread and other in spread:
            yield f"外键（{'、'.join(columns)}）由参照表指向分布表 {other}"
        elif name in spread and other in spread and BY not in columns:
            yield f"外键（{'、'.join(columns)}）指向 {other}，不含 {BY}"


def _keys(looking: Inspector, name: str) -> Iterator[tuple[str, list[str]]]:
    yield "主键", looking.get_pk_constraint(name)["constrained_columns"]
    seen = []
    for key in looking.get_unique_constraints(name):
        seen.append(key["column_names"])
        yield "唯一键", key["column_names"]
    for index in looking.get_indexes(name):
        columns = [column for column in index["column_names"] if column is not None]
        if index["unique"] and columns and columns not in seen:
            yield "唯一键", columns


def _rows(database: Database, names: list[str]) -> dict[str, int]:
    """About how many rows tables have: PostgreSQL's own estimate, counted elsewhere."""
    with database.engine.connect() as connection:
        if database.sqlite:
            return {name: connection.scalar(sa.text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}  # nosec B608 # names of the catalogue  # noqa: S608
        estimates = sa.text("SELECT relname, greatest(reltuples, 0)::bigint FROM pg_class WHERE relkind IN ('r', 'p')")
        known = {str(row[0]): int(row[1]) for row in connection.execute(estimates)}
        return {name: known.get(name, 0) for name in names}
