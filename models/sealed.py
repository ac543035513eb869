"""Sealed values: encrypted when written, opened only when somebody reads them (architecture 5, decision 14)."""

import json
from functools import cache
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import set_attribute
from sqlalchemy.types import TypeDecorator

from models.masking import mask
from models.normal import normal
from models.sealing import aad, sealer


class Sealed:
    """A personal text. `plain` opens it, `masked()` shows it; printing it shows neither."""

    __slots__ = ("_aad", "_plain", "_token", "mask_kind")

    def __init__(self, plain: str | None, token: str | None = None, mask_kind: str = "") -> None:
        self._plain, self._token, self._aad, self.mask_kind = plain, token, "", mask_kind

    @classmethod
    def of(cls, plain: str) -> Self:
        """A value yet to be sealed."""
        return cls(plain)

    @classmethod
    def of_json(cls, value: Any) -> Self:
        """A JSON payload yet to be sealed."""
        return cls(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))

    @property
    def plain(self) -> str:
        if self._plain is None:
            if self._token is None or not self._aad:
                raise RuntimeError("a sealed value was read before its row was known")
            self._plain = sealer().open(self._token, self._aad)
        return self._plain

    def json(self) -> Any:
        return json.loads(self.plain)

    def masked(self, profile: str = "I") -> str:
        return mask(self.mask_kind, self.plain, profile)

    @property
    def token(self) -> str:
        if self._token is None:
            raise RuntimeError("a personal value would have been stored in clear")
        return self._token

    def bind(self, where: str, mask_kind: str) -> None:
        """Remember which row and column a stored token belongs to."""
        self._aad, self.mask_kind = where, mask_kind

    def seal(self, where: str, mask_kind: str, family: str) -> None:
        """Encrypt for one row and column; a value copied from another row is sealed anew."""
        if self._token is None or self._aad != where:
            self._token = sealer().seal(self.plain, where, family=family)
            self._aad = where
        self.mask_kind = mask_kind

    def __repr__(self) -> str:
        return "Sealed(…)"


class SealedType(TypeDecorator[Sealed]):
    """Stores a `Sealed` as its e1 token; refuses to bind one that was not sealed."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, domain: str, mask_kind: str, family: str) -> None:
        self.domain, self.mask_kind, self.family = domain, mask_kind, family
        super().__init__()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("a sealed column takes Sealed.of(…)")
        return value.token

    def process_result_value(self, value: str | None, dialect: Dialect) -> Sealed | None:
        return None if value is None else Sealed(None, value, self.mask_kind)

    def compare_values(self, x: Any, y: Any) -> bool:
        return x is y


def index_of(domain: str, plain: str) -> str:
    """The blind index under the active key."""
    return sealer().index(domain, normal(domain, plain))


def indexes_of(domain: str, plain: str) -> list[str]:
    """The blind indexes under every readable key, for IN queries."""
    return sealer().indexes(domain, normal(domain, plain))


def sealed_columns(table: sa.Table) -> list[tuple[str, SealedType]]:
    """Names and types of the sealed columns of a table."""
    known = table.info.get("sealed")
    if known is None:
        known = [(column.name, column.type) for column in table.columns if isinstance(column.type, SealedType)]
        table.info["sealed"] = known
    return list(known)


def seal_row(table: sa.Table, row_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    """`values` with every `Sealed` encrypted for this row and its index columns filled."""
    for name, kind in sealed_columns(table):
        value = values.get(name)
        if not isinstance(value, Sealed):
            continue
        value.seal(aad(table.name, name, row_id), kind.mask_kind, kind.family)
        if kind.domain and f"{name}_index" in table.columns:
            values[f"{name}_index"] = index_of(kind.domain, value.plain)
    return values


def seal_rows(table: sa.Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same for a Core bulk insert; each row must carry its id."""
    return [seal_row(table, row["id"], row) for row in rows]


def open_token(table: str, column: str, row_id: UUID, token: str) -> str:
    """The plain text of a token read by a Core statement."""
    return sealer().open(token, aad(table, column, row_id))


@cache
def _plan(table: sa.Table) -> tuple[tuple[str, SealedType, str], ...]:
    """Name, type and index column (or none) of each sealed column, worked out once."""
    return tuple(
        (name, kind, f"{name}_index" if kind.domain and f"{name}_index" in table.columns else "")
        for name, kind in sealed_columns(table)
    )


def _before_write(mapper: Mapper[Any], connection: Any, target: Any) -> None:
    table = mapper.local_table
    assert isinstance(table, sa.Table)
    held = target.__dict__
    for name, kind, index_name in _plan(table):
        value = held.get(name)
        if value is None:
            continue
        if not isinstance(value, Sealed):
            raise TypeError(f"{table.name}.{name} takes Sealed.of(…)")
        value.seal(aad(table.name, name, target.id), kind.mask_kind, kind.family)
        if index_name and value._plain is not None:
            index = index_of(kind.domain, value._plain)
            if held.get(index_name) != index:
                # Past the model's own setter, which costs as much as the index itself.
                set_attribute(target, index_name, index)


def _after_load(target: Any, context: Any, *_: Any) -> None:
    table = target.__table__
    loaded = target.__dict__
    for name, kind, _index in _plan(table):
        value = loaded.get(name)
        if isinstance(value, Sealed):
            value.bind(aad(table.name, name, loaded["id"]), kind.mask_kind)


def watch(base: type) -> None:
    """Seal on every insert and update, and bind on every load, of all tables below `base`."""
    event.listen(base, "before_insert", _before_write, propagate=True)
    event.listen(base, "before_update", _before_write, propagate=True)
    event.listen(base, "load", _after_load, propagate=True)
    event.listen(base, "refresh", _after_load, propagate=True)


__all__ = ["Sealed", "SealedType", "index_of", "indexes_of", "open_token", "seal_row", "seal_rows", "watch"]
