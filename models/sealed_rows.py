"""Rows sealed as they are written and bound as they are read, with their MACs (architecture 5, decision 14)."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import set_attribute

from models import row_mac
from models.details import count, is_counted
from models.letters import initials
from models.sealed import Sealed, SealedType, index_columns, index_of, letter_columns, sealed_columns
from models.sealing import Sealer, aad, sealer_of

Indexes = tuple[tuple[str, str], ...]


def seal_row(sealer: Sealer, table: sa.Table, row_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    """`values` with every `Sealed` encrypted for this row, its index columns and its MAC filled; nothing may change after."""
    for name, kind, place, indexes in _plan(table):
        value = values.get(name)
        if not isinstance(value, Sealed):
            continue
        value.seal(sealer, f"{place}{row_id}", kind.mask_kind, kind.family)
        for index, domain in indexes:
            values[index] = index_of(sealer, domain, value.plain)
    if letter_columns(table):
        values.update(_letters(table, values))
    if row_mac.is_protected(table):
        values.update(row_mac.cover(sealer, table, values, version=row_mac.version_in(values)))
    return values


def seal_rows(sealer: Sealer, table: sa.Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Seal the rows of a Core bulk insert; each row must carry its id."""
    return [seal_row(sealer, table, row["id"], row) for row in rows]


@cache
def _plan(table: sa.Table) -> tuple[tuple[str, SealedType, str, Indexes], ...]:
    """Name, type, place without the row, and index columns with their domains of each sealed column, worked out once."""
    return tuple(
        (
            name,
            kind,
            aad(table.name, name, ""),
            tuple((index, domain) for index, (source, domain) in index_columns(table).items() if source == name),
        )
        for name, kind in sealed_columns(table)
    )


def _letters(table: sa.Table, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the letter columns of a row whose initials are not those of its names."""
    for name, source in letter_columns(table).items():
        text = values.get(source)
        if text is not None and values.get(name) != (letters := initials(text)):
            yield name, letters


def _before_insert(mapper: Mapper[Any], connection: Any, target: Any) -> None:
    if not row_mac.is_protected(table := _table_of(mapper)):
        return
    sealer = sealer_of(target._sa_instance_state.session)
    # Of a row not yet stored every value is written, so these need not be marked as new.
    target.__dict__.update(_seal_held(sealer, table, target))
    # A versioned row is stored as its first version, whatever the object says.
    target.__dict__.update(row_mac.cover(sealer, table, target.__dict__, version=_first_version(table)))
    if is_counted(table):
        count(target._sa_instance_state.session, table, target.__dict__, after=target.__dict__["mac"])


def _table_of(mapper: Mapper[Any]) -> sa.Table:
    table = mapper.local_table
    assert isinstance(table, sa.Table)
    return table


@cache
def _first_version(table: sa.Table) -> int:
    return 1 if "version" in table.c else 0


def _before_update(mapper: Mapper[Any], connection: Any, target: Any) -> None:
    if not row_mac.is_protected(table := _table_of(mapper)):
        return
    state = sa.inspect(target)
    sealer = sealer_of(state.session)
    for name, value in _seal_held(sealer, table, target):
        set_attribute(target, name, value)
    if not state.session.is_modified(target, include_collections=False):
        return
    version = 0
    if "version" in table.c:
        version = state.committed_state.get("version", target.version) + 1
    for name in state.unloaded & set(table.columns.keys()):
        getattr(target, name)
    if is_counted(table):
        before = {**target.__dict__, **state.committed_state}
        _cover(sealer, table, target, version)
        count(state.session, table, before, before=before["mac"])
        count(state.session, table, target.__dict__, after=target.mac)
    else:
        _cover(sealer, table, target, version)


def _before_delete(mapper: Mapper[Any], connection: Any, target: Any) -> None:
    if is_counted(table := _table_of(mapper)):
        state = sa.inspect(target)
        for name in state.unloaded & set(table.columns.keys()):
            getattr(target, name)
        before = {**target.__dict__, **state.committed_state}
        count(state.session, table, before, before=before["mac"])


def _cover(sealer: Sealer, table: sa.Table, target: Any, version: int) -> None:
    for name, mac in row_mac.cover(sealer, table, target.__dict__, version=version):
        set_attribute(target, name, mac)


def _seal_held(sealer: Sealer, table: sa.Table, target: Any) -> list[tuple[str, str]]:
    """Seal what the object holds, as it is about to be written; return the indexes and initials that change."""
    held = target.__dict__
    changed: list[tuple[str, str]] = []
    row_id = None
    for name, kind, place, indexes in _plan(table):
        value = held.get(name)
        if value is None:
            continue
        if not isinstance(value, Sealed):
            raise TypeError(f"{table.name}.{name} takes Sealed.of(…)")
        row_id = row_id or str(target.id)
        value.seal(sealer, place + row_id, kind.mask_kind, kind.family)
        if indexes and (plain := value.at_hand) is not None:
            for index_name, domain in indexes:
                if held.get(index_name) != (index := index_of(sealer, domain, plain)):
                    changed.append((index_name, index))
    if letter_columns(table):
        changed += _letters(table, held)
    return changed


def _after_load(target: Any, context: Any, *_: Any) -> None:
    table = target.__table__
    if not row_mac.is_protected(table):
        return
    loaded = target.__dict__
    sealer = sealer_of(context.session)
    row_id = ""
    for name, kind, place, _indexes in _plan(table):
        value = loaded.get(name)
        if isinstance(value, Sealed):
            row_id = row_id or str(loaded["id"])
            value.bind(sealer, place + row_id, kind.mask_kind)
    # A part of a row, or one with changes yet to be written, says nothing about the row as it is stored.
    whole = len(loaded) > len(table.columns) and not target._sa_instance_state.modified
    if whole and not row_mac.fits(sealer, table, loaded):
        raise row_mac.RowTampered(table.name, loaded["id"])


def watch() -> None:
    """Seal on every insert and update, and bind on every load, of all tables with MACs.

    The listeners stand at the class of mappers: those of a base class are registered again for each of 259 mappers.
    """
    event.listen(Mapper, "before_insert", _before_insert)
    event.listen(Mapper, "before_update", _before_update)
    event.listen(Mapper, "before_delete", _before_delete)
    event.listen(Mapper, "load", _after_load)
    event.listen(Mapper, "refresh", _after_load)
