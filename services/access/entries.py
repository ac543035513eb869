"""Access list entries of accounts, units, policies and partners, read from the tables as canonical text.

Read past the models: an impossible code or day must be reported as a difference, never break the reading.
"""

import json
import tomllib
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.access import Account, AccountRole, OrgUnit
from models.partners import Partner, PartnerKey
from models.rights import DelegationPolicy
from models.sealing import sm3_hex

_TABLES: dict[str, Any] = {
    "account": Account,
    "unit": OrgUnit,
    "policy": DelegationPolicy,
    "partner": Partner,
    "keys": PartnerKey,
    "grants": AccountRole,
}
_NAMES: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
#: Each kind to its table and what of it counts, as short name to column.
_COUNTS: dict[str, tuple[sa.Table, dict[str, sa.Column[Any]]]] = {
    kind: (table.__table__, {short: table.__table__.c[name] for short, name in _NAMES[kind].items()})
    for kind, table in _TABLES.items()
}
#: What hangs on an object and counts with it.
_PARTS = {"account": "grants", "partner": "keys"}
KINDS = tuple(kind for kind in _COUNTS if kind not in _PARTS.values())


def key_of(kind: str, object_id: UUID | str) -> str:
    """The list's name of an object: `account:` and the id in hex."""
    return f"{kind}:{_plain(object_id)}"


def id_of(key: str) -> UUID:
    return UUID(key.partition(":")[2])


def read_entries(connection: sa.Connection, kind: str, ids: Collection[UUID] | None = None) -> dict[str, str]:
    """The entries of these objects, or of all of a kind, as the tables have them now."""
    table, counts = _COUNTS[kind]
    statement = sa.select(_raw(table.c.id), *map(_raw, counts.values()))
    if kind == "policy":
        statement = statement.where(table.c.ended_at.is_(None))
    if ids is not None:
        statement = statement.where(table.c.id.in_(list(ids)))
    parts = _parts_of(connection, kind, ids)
    found = {}
    for row in connection.execute(statement):
        entry: dict[str, Any] = dict(zip(counts, map(_plain, row[1:]), strict=True))
        if kind == "account":
            # A login may be a person's name; its digest says as well whether it was changed.
            entry["login"] = sm3_hex(str(row[1]).encode())
        if kind in _PARTS:
            entry[_PARTS[kind]] = sorted(parts.get(_plain(row[0]), ()), key=lambda part: str(part["id"]))
        found[f"{kind}:{_plain(row[0])}"] = canonical(entry)
    return found


def read_all(connection: sa.Connection) -> dict[str, str]:
    """Every entry of every kind."""
    found: dict[str, str] = {}
    for kind in KINDS:
        found |= read_entries(connection, kind)
    return found


def canonical(value: Mapping[str, Any]) -> str:
    """The one text of an entry or a change: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def difference(before: str | None, after: str | None) -> dict[str, str]:
    """Return what a change did, for the audit: the fields, and the grants given and taken."""
    old, new = (json.loads(entry) if entry else {} for entry in (before, after))
    told = {}
    whole = {*_PARTS.values(), "login"}
    fields = sorted(name for name in {*old, *new} - whole if old.get(name) != new.get(name))
    if before and after and fields:
        told["fields"] = ",".join(f"{name}={new.get(name, '')}" for name in fields)[:200]
    held = [{part["id"]: part for name in _PARTS.values() for part in entry.get(name, ())} for entry in (old, new)]
    for word, ours, others in (("given", held[1], held[0]), ("taken", held[0], held[1])):
        named = [_named(part) for key, part in ours.items() if others.get(key) != part]
        if named:
            told[word] = " ".join(sorted(named))[:200]
    return told


def _named(grant: Mapping[str, str]) -> str:
    if "kid" in grant:
        return "/".join((grant["kid"], grant["use"], grant["state"]))
    return "/".join(part for part in (grant["role"], grant["scope"], grant["code"]) if part)


def _parts_of(connection: sa.Connection, kind: str, ids: Collection[UUID] | None) -> Mapping[str, list[dict[str, str]]]:
    """Return what hangs on the objects of a kind, by their ids: the open grants of accounts, the keys of partners."""
    if kind not in _PARTS:
        return {}
    table, counts = _COUNTS[_PARTS[kind]]
    owner, counts = table.c[f"{kind}_id"], {"id": table.c.id, **counts}
    where = table.c.ended_at.is_(None) if "ended_at" in table.c else sa.true()
    statement = sa.select(_raw(owner), *map(_raw, counts.values())).where(where)
    if ids is not None:
        statement = statement.where(owner.in_(list(ids)))
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in connection.execute(statement):
        found[_plain(row[0])].append(dict(zip(counts, map(_plain, row[1:]), strict=True)))
    return found


def _raw(column: sa.Column[Any]) -> Any:
    """Select a column as the driver returns it; UUIDs, days and flags are converted later."""
    return sa.type_coerce(column, sa.types.NullType()).label(column.name)


def _plain(value: object) -> str:
    """Return a spelling for every engine."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        # Whatever zone the connection is in.
        return value.astimezone(UTC).isoformat()
    return str(value)
