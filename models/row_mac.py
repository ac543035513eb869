"""Row MACs (m1): a row changed past the product is noticed when it is read (security.md 3.6, decision 16)."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter, methodcaller
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.columns import CodeType, ScaledNumber, UtcMoment
from models.sealed import SealedType
from models.sealing import Sealer, sm3_hex
from models.sealing.formats import lp

#: Where a session keeps the digests of what it inserted in bulk, until the door logs them.
NOTED = "rows_noted"

Text = Callable[[Any], str]


#: What a value that is none of its column's comes to wherever it is used as one.
STRANGE = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError, RecursionError)


class RowTampered(Exception):
    """Raised for a row whose MAC does not fit its content because it was changed past the product."""

    def __init__(self, table: str, row_id: UUID, fault: str = "CHANGED") -> None:
        super().__init__(f"{table} {row_id}")
        #: `fault` is a value of `FaultKind`, which is built upon this.
        self.table, self.row_id, self.fault = table, row_id, fault


@cache
def is_protected(table: sa.Table) -> bool:
    """Return whether the rows of a table carry a MAC."""
    return "mac" in table.columns


@cache
def _plan(table: sa.Table) -> tuple[tuple[str, bytes, bytes, Text], ...]:
    """Name, the bytes before a value and those in place of none, and how it is written, of each protected column."""
    skipped = {"id", "version", "mac", *table.info.get("mac_skips", ())}
    return tuple(
        (column.name, lp(column.name.encode()) + b"\1", lp(column.name.encode()) + b"\0", _text_of(column.type))
        for column in table.columns
        # An f1 file carries MACs of its own, bound to the row's id; its digest is beside it.
        if column.name not in skipped and not isinstance(column.type, sa.LargeBinary)
    )


@cache
def _head(table: str) -> bytes:
    return b"m1" + lp(table.encode())


def message(table: sa.Table, values: Mapping[str, Any], *, version: int, known: frozenset[str] | None = None) -> bytes:
    """Return the bytes a MAC covers: table, id, version, every protected column; `known` narrows to older columns."""
    get = values.get
    plan = _plan(table) if known is None else [one for one in _plan(table) if one[0] in known]
    parts = [_head(table.name), lp(str(values["id"]).encode()), lp(b"%d" % version)]
    add = parts.append
    for name, before, none, text in plan:
        value = get(name)
        if value is None:
            add(none)
        else:
            content = text(value).encode()
            add(before + len(content).to_bytes(4) + content)
    return b"".join(parts)


def version_in(values: Mapping[str, Any]) -> int:
    """Return the version of a stored row; 0 for tables without versions."""
    return int(values.get("version", 0))


def mac_of(sealer: Sealer, table: sa.Table, values: Mapping[str, Any], *, version: int | None = None) -> str:
    """The m1 of a row."""
    return sealer.mac(message(table, values, version=version_in(values) if version is None else version))


def fits(sealer: Sealer, table: sa.Table, values: Mapping[str, Any], *, known: frozenset[str] | None = None) -> bool:
    """Return whether a stored row is as the product wrote it; a row with an impossible value is not."""
    mac = values.get("mac")
    if mac is None:
        return False
    try:
        content = message(table, values, version=version_in(values), known=known)
    except STRANGE:
        return False
    return sealer.check_mac(content, mac)


def public_mac_of(sealer: Sealer, table: sa.Table, values: Mapping[str, Any]) -> str:
    """The MAC over the columns the public check reads (`public_columns` of the table), kept in `public_mac`."""
    return sealer.mac(_public_message(table, values))


def public_fits(sealer: Sealer, table: sa.Table, values: Mapping[str, Any], mac: str | None) -> bool:
    """Return whether the public columns of a row are as the product wrote them."""
    if mac is None:
        return False
    try:
        content = _public_message(table, values)
    except STRANGE:
        return False
    return sealer.check_mac(content, mac)


def cover(sealer: Sealer, table: sa.Table, values: Mapping[str, Any], *, version: int) -> list[tuple[str, str]]:
    """Compute the MAC columns of a row before it is written; the row's MAC covers the public MAC too."""
    if "public_columns" not in table.info:
        return [("mac", mac_of(sealer, table, values, version=version))]
    public = public_mac_of(sealer, table, values)
    return [("public_mac", public), ("mac", mac_of(sealer, table, {**values, "public_mac": public}, version=version))]


def _public_message(table: sa.Table, values: Mapping[str, Any]) -> bytes:
    head, plan = _public_plan(table)
    parts = [head, lp(str(values["id"]).encode())]
    for name, text in plan:
        value = values.get(name)
        if value is None:
            parts.append(b"\0")
        else:
            content = text(value).encode()
            parts += (b"\1", len(content).to_bytes(4), content)
    return b"".join(parts)


@cache
def _public_plan(table: sa.Table) -> tuple[bytes, tuple[tuple[str, Text], ...]]:
    plan = tuple((name, _text_of(table.c[name].type)) for name in table.info["public_columns"])
    return b"m1p" + lp(table.name.encode()), plan


def digest_of(table: sa.Table, values: Mapping[str, Any]) -> str:
    """The SM3 of a row's message, which the audit keeps of each version of an object."""
    return sm3_hex(message(table, values, version=version_in(values)))


@cache
def keeps_ledger(table: sa.Table) -> bool:
    """Return whether the audit logs every version of this table's rows: objects yes, details and technical rows no."""
    return is_protected(table) and "version" in table.columns and not table.info.get("no_ledger")


def _text_of(kind: Any) -> Text:
    if isinstance(kind, SealedType):
        return attrgetter("token")
    if isinstance(kind, ScaledNumber):
        unit = kind.unit
        return lambda value: f"{Decimal(value).quantize(unit):f}"
    if isinstance(kind, UtcMoment):
        return _moment
    if isinstance(kind, CodeType):
        codes = kind.codes
        # Members and their values are the same keys; what is neither is refused.
        texts = {code: str(code.value) for code in codes}
        return lambda value: texts.get(value) or str(codes.of(value).value)
    if isinstance(kind, sa.Boolean):
        return lambda value: "true" if value else "false"
    if isinstance(kind, sa.Date):
        return methodcaller("isoformat")
    if isinstance(kind, sa.JSON):
        return lambda value: json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return _uuid if isinstance(kind, sa.Uuid) else str


def _moment(value: datetime) -> str:
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return f"{value.isoformat()[:23]}Z" if value.microsecond else f"{value.isoformat()[:19]}.000Z"


#: Ids that were written last: rows that follow each other name the same project and the same home.
_IDS: dict[int, str] = {}
_MOST_IDS = 4096


def _uuid(value: Any) -> str:
    if not isinstance(value, UUID):
        return str(value)
    known = _IDS.get(value.int)
    if known is None:
        if len(_IDS) >= _MOST_IDS:
            _IDS.clear()
        known = _IDS[value.int] = str(value)
    return known
