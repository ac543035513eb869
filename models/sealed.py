"""Sealed values: encrypted when written, decrypted only when read (architecture 5, decision 14)."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import set_attribute
from sqlalchemy.types import TypeDecorator

from models import row_mac
from models.masking import mask
from models.normal import normal
from models.sealing import CryptoError, Sealer, aad, sealer_of


class Sealed:
    """A personal text. `plain` opens it, `masked()` shows it; printing it shows neither."""

    __slots__ = ("_aad", "_plain", "_sealer", "_token", "mask_kind")

    def __init__(self, plain: str | None, token: str | None = None, mask_kind: str = "") -> None:
        self._plain, self._token, self._aad, self.mask_kind = plain, token, "", mask_kind
        self._sealer: Sealer | None = None

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
            if self._token is None or self._sealer is None:
                raise RuntimeError("a sealed value was read before its row was known")
            self._plain = self._sealer.open(self._token, self._aad)
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

    def bind(self, sealer: Sealer, where: str, mask_kind: str) -> None:
        """Remember which row and column a stored token belongs to."""
        self._sealer, self._aad, self.mask_kind = sealer, where, mask_kind

    def seal(self, sealer: Sealer, where: str, mask_kind: str, family: str) -> None:
        """Encrypt the value for one row and column; a value copied from another row is encrypted again."""
        if self._token is None or self._aad != where:
            plain = self.plain if self._plain is None else self._plain
            try:
                self._token = sealer.seal(plain, where, family=family)
            except CryptoError:
                # Half a character is refused as the database would refuse it, and so the door answers it.
                plain.encode()
                raise
            self._sealer, self._aad = sealer, where
        self.mask_kind = mask_kind

    def __repr__(self) -> str:
        return "Sealed(…)"


def _token_of(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, Sealed):
        raise TypeError("a sealed column takes Sealed.of(…)")
    return value.token


class SealedType(TypeDecorator[Sealed]):
    """Stores a `Sealed` as its e1 token; refuses to bind an unsealed value."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, domain: str, mask_kind: str, family: str) -> None:
        self.domain, self.mask_kind, self.family = domain, mask_kind, family
        super().__init__()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return _token_of(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        # Without the two calls of the decorator around it.
        return _token_of

    def process_result_value(self, value: str | None, dialect: Dialect) -> Sealed | None:
        return None if value is None else Sealed(None, value, self.mask_kind)

    def compare_values(self, x: Any, y: Any) -> bool:
        return x is y


def index_of(sealer: Sealer, domain: str, plain: str) -> str:
    """The blind index under the active key."""
    # Half a character is refused as the database would refuse it, and so the door answers it.
    plain.encode()
    return sealer.index(domain, normal(domain, plain))


def indexes_of(sealer: Sealer, domain: str, plain: str) -> list[str]:
    """The blind indexes under every readable key, for IN queries; a text no database can hold is found nowhere."""
    try:
        plain.encode()
    except UnicodeEncodeError:
        return []
    return sealer.indexes(domain, normal(domain, plain))


def sealed_columns(table: sa.Table) -> list[tuple[str, SealedType]]:
    """Names and types of the sealed columns of a table."""
    known = table.info.get("sealed")
    if known is None:
        known = [(column.name, column.type) for column in table.columns if isinstance(column.type, SealedType)]
        table.info["sealed"] = known
    return list(known)


def seal_row(sealer: Sealer, table: sa.Table, row_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    """`values` with every `Sealed` encrypted for this row, its index columns and its MAC filled; nothing may change after."""
    for name, kind in sealed_columns(table):
        value = values.get(name)
        if not isinstance(value, Sealed):
            continue
        value.seal(sealer, aad(table.name, name, row_id), kind.mask_kind, kind.family)
        if kind.domain and f"{name}_index" in table.columns:
            values[f"{name}_index"] = index_of(sealer, kind.domain, value.plain)
    if row_mac.is_protected(table):
        values.update(list(row_mac.cover(sealer, table, values, version=row_mac.version_in(values))))
    return values


def seal_rows(sealer: Sealer, table: sa.Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Seal the rows of a Core bulk insert; each row must carry its id."""
    return [seal_row(sealer, table, row["id"], row) for row in rows]


def open_token(sealer: Sealer, table: str, column: str, row_id: UUID, token: str) -> str:
    """The plain text of a token read by a Core statement."""
    return sealer.open(token, aad(table, column, row_id))


@cache
def _plan(table: sa.Table) -> tuple[tuple[str, SealedType, str, str], ...]:
    """Name, type, place without the row, and index column (or none) of each sealed column, worked out once."""
    return tuple(
        (
            name,
            kind,
            aad(table.name, name, ""),
            f"{name}_index" if kind.domain and f"{name}_index" in table.columns else "",
        )
        for name, kind in sealed_columns(table)
    )


def _before_insert(mapper: Mapper[Any], connection: Any, target: Any) -> None:
    sealer = sealer_of(target._sa_instance_state.session)
    table, index = _seal_held(sealer, mapper, target)
    # Of a row not yet stored every value is written, so nobody has to be told that these are new.
    target.__dict__.update(index)
    if row_mac.is_protected(table):
        # A versioned row is stored as its first version, whatever the object says.
        target.__dict__.update(row_mac.cover(sealer, table, target.__dict__, version=_first_version(table)))


@cache
def _first_version(table: sa.Table) -> int:
    return 1 if "version" in table.c else 0


def _before_update(mapper: Mapper[Any], connection: Any, target: Any) -> None:
    state = sa.inspect(target)
    sealer = sealer_of(state.session)
    table, index = _seal_held(sealer, mapper, target)
    for name, value in index:
        set_attribute(target, name, value)
    if not row_mac.is_protected(table) or not state.session.is_modified(target, include_collections=False):
        return
    version = 0
    if "version" in table.c:
        version = state.committed_state.get("version", target.version) + 1
    for name in state.unloaded & set(table.columns.keys()):
        getattr(target, name)
    _cover(sealer, table, target, version)


def _cover(sealer: Sealer, table: sa.Table, target: Any, version: int) -> None:
    for name, mac in row_mac.cover(sealer, table, target.__dict__, version=version):
        set_attribute(target, name, mac)


def _seal_held(sealer: Sealer, mapper: Mapper[Any], target: Any) -> tuple[sa.Table, list[tuple[str, str]]]:
    """Seal what the object holds, as it is about to be written; its table, and the indexes that have to change."""
    table = mapper.local_table
    assert isinstance(table, sa.Table)
    held = target.__dict__
    changed: list[tuple[str, str]] = []
    row_id = None
    for name, kind, place, index_name in _plan(table):
        value = held.get(name)
        if value is None:
            continue
        if not isinstance(value, Sealed):
            raise TypeError(f"{table.name}.{name} takes Sealed.of(…)")
        row_id = row_id or str(target.id)
        value.seal(sealer, place + row_id, kind.mask_kind, kind.family)
        if index_name and value._plain is not None:
            index = index_of(sealer, kind.domain, value._plain)
            if held.get(index_name) != index:
                changed.append((index_name, index))
    return table, changed


def _after_load(target: Any, context: Any, *_: Any) -> None:
    table = target.__table__
    loaded = target.__dict__
    sealer = sealer_of(context.session)
    row_id = ""
    for name, kind, place, _index in _plan(table):
        value = loaded.get(name)
        if isinstance(value, Sealed):
            row_id = row_id or str(loaded["id"])
            value.bind(sealer, place + row_id, kind.mask_kind)
    # A part of a row, or one with changes yet to be written, says nothing about the row as it is stored.
    whole = len(loaded) > len(table.columns) and not target._sa_instance_state.modified
    if whole and row_mac.is_protected(table) and not row_mac.fits(sealer, table, loaded):
        raise row_mac.RowTampered(table.name, loaded["id"])


def watch(base: type) -> None:
    """Seal on every insert and update, and bind on every load, of all tables below `base`."""
    event.listen(base, "before_insert", _before_insert, propagate=True)
    event.listen(base, "before_update", _before_update, propagate=True)
    event.listen(base, "load", _after_load, propagate=True)
    event.listen(base, "refresh", _after_load, propagate=True)


__all__ = ["Sealed", "SealedType", "index_of", "indexes_of", "open_token", "seal_row", "seal_rows", "watch"]
