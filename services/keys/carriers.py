"""Data under a key: found, counted and rewritten row by row (security.md 3.5).

A row is rewritten only when its MAC fits, so that a rotation never repairs a tampered row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from models import row_mac
from models.details import is_counted, note
from models.dialect import locked
from models.sealed import Sealed, index_columns, index_of, sealed_columns
from models.sealing import CryptoError, Sealer, aad, sealer_of
from models.sealing.formats import file_kid

#: Long enough for the head of every sealed file (f1).
_FILE_HEAD = 560
_PROBE = "key_probe|value|0"


@dataclass(frozen=True)
class Place:
    """A table that carries keys of one family, and the columns that do."""

    family: str
    table: sa.Table
    columns: tuple[str, ...]
    #: Columns with an index of a person whose number is elsewhere: they follow the row that has it.
    loose: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def files(self) -> bool:
        return self.family == "dek.doc"

    @property
    def heavy(self) -> bool:
        """Return whether its rows hold whole files, so that only few are read at a time."""
        return any(isinstance(column.type, sa.LargeBinary) for column in self.table.columns)


@dataclass
class Rewriting:
    """Result of a batch: rows rewritten, rows left because their MAC does not fit, and the last row."""

    rewritten: int = 0
    unfit: list[UUID] = field(default_factory=list)
    last: UUID | None = None


def places(family: str) -> list[Place]:
    """Every table that may carry a key of this family, in a fixed order."""
    found = []
    for table in sorted(SQLModel.metadata.tables.values(), key=lambda table: table.name):
        if "id" not in table.columns:
            continue
        place = Place(family, table, tuple(_columns(table, family)), tuple(_loose(table, family)))
        if place.columns or place.loose:
            found.append(place)
    return found


def _columns(table: sa.Table, family: str) -> Iterator[str]:
    if family == "mac.row":
        yield from ("mac",) if row_mac.is_protected(table) else ()
    elif family == "idx.pii":
        yield from index_columns(table)
    elif family == "dek.doc":
        yield from (column.name for column in table.columns if isinstance(column.type, sa.LargeBinary))
    else:
        yield from (name for name, kind in sealed_columns(table) if kind.family == family)


def _loose(table: sa.Table, family: str) -> Iterator[str]:
    if family == "idx.pii":
        known = set(_columns(table, family))
        for column in table.columns:
            if column.name.endswith("_index") and isinstance(column.type, sa.String) and column.name not in known:
                yield column.name


def writing_kid(sealer: Sealer, family: str) -> str:
    """Return the key this process writes with, read from what it writes."""
    if family == "mac.row":
        return sealer.mac(b"").split(":")[1]
    if family == "idx.pii":
        return sealer.index("probe", "").split(":")[1]
    if family == "dek.doc":
        return _file_key(sealer.seal_file(b"", _PROBE), _PROBE)
    return sealer.seal("", _PROBE, family=family).split(":")[1]


def count(session: Session, family: str, kid: str) -> int:
    """Return how many values in the database carry a key."""
    total = 0
    for place in places(family):
        if place.files:
            total += sum(1 for _, _, found in _file_heads(session, place) if found == kid)
        else:
            total += sum(_carrying(session, place, name, kid) for name in (*place.columns, *place.loose))
    return total


def _carrying(session: Session, place: Place, name: str, kid: str) -> int:
    begins = _text(place.table, name).like(f"{_FORMATS.get(place.family, 'e1')}:{kid}:%")
    return session.connection().execute(sa.select(sa.func.count()).select_from(place.table).where(begins)).scalar_one()


def rewrite(session: Session, place: Place, kid: str, after: UUID | None, limit: int) -> Rewriting:
    """Rewrite the next rows under a key of the family other than `kid`; none left means the table is done."""
    done = Rewriting()
    ids = _ids(session, place, kid, after, limit)
    if not ids:
        return done
    chosen = sa.select(place.table).where(place.table.c.id.in_(ids)).order_by(place.table.c.id)
    moved: dict[str, str] = {}
    for row in session.connection().execute(locked(session, chosen)).mappings():
        before = dict(row)
        if row_mac.is_protected(place.table) and not row_mac.fits(sealer_of(session), place.table, before):
            done.unfit.append(before["id"])
            continue
        try:
            changed = _changed(sealer_of(session), place, before, kid)
        except CryptoError:
            done.unfit.append(before["id"])
            continue
        moved |= {
            before[name]: changed[name] for name in place.columns if place.family == "idx.pii" and name in changed
        }
        if changed or place.family == "mac.row":
            _write(session, place.table, before, changed)
            done.rewritten += 1
    done.rewritten += _follow(session, moved)
    done.last = ids[-1]
    return done


def _changed(sealer: Sealer, place: Place, row: Mapping[str, Any], kid: str) -> dict[str, Any]:
    """The new values of a row's columns that carry an older key."""
    changed: dict[str, Any] = {}
    for name in place.columns:
        value, where = row[name], aad(place.table.name, name, row["id"])
        if value is None or place.family == "mac.row":
            continue
        if place.files:
            if _file_key(value[:_FILE_HEAD], str(row["id"])) not in {"", kid}:
                plain = sealer.open_file(bytes(value), str(row["id"]))
                changed[name] = sealer.seal_file(plain, str(row["id"]))
        elif place.family == "idx.pii":
            source, domain = index_columns(place.table)[name]
            if row[source] is not None and value.split(":")[1] != kid:
                plain_text = sealer.open(row[source].token, aad(place.table.name, source, row["id"]))
                changed[name] = index_of(sealer, domain, plain_text)
        elif value.token.split(":")[1] != kid:
            anew = Sealed.of(sealer.open(value.token, where))
            anew.seal(sealer, where, "", place.family)
            changed[name] = anew
    return changed


def _write(session: Session, table: sa.Table, before: Mapping[str, Any], changed: dict[str, Any]) -> None:
    """Store the new values: same times and authors, and a new version, so that who has read the old one cannot write."""
    after = {**before, **changed}
    if changed and "version" in table.columns:
        after["version"] += 1
        changed["version"] = after["version"]
    if row_mac.is_protected(table):
        changed["mac"] = after["mac"] = row_mac.mac_of(sealer_of(session), table, after)
    session.connection().execute(sa.update(table).where(table.c.id == before["id"]).values(changed))
    if "version" in changed or is_counted(table):
        note(session, table, after, before=before.get("mac"))


def _follow(session: Session, moved: Mapping[str, str]) -> int:
    """Update every loose index of these persons; an index that would become a duplicate stays."""
    if not moved:
        return 0
    done = 0
    for place in places("idx.pii"):
        for name in place.loose:
            column = place.table.c[name]
            chosen = locked(session, sa.select(place.table).where(column.in_(list(moved))))
            for row in session.connection().execute(chosen).mappings().all():
                if row_mac.is_protected(place.table) and not row_mac.fits(sealer_of(session), place.table, dict(row)):
                    continue
                try:
                    with session.begin_nested():
                        _write(session, place.table, dict(row), {name: moved[row[name]]})
                except sa.exc.IntegrityError:
                    continue
                done += 1
    return done


def _ids(session: Session, place: Place, kid: str, after: UUID | None, limit: int) -> Sequence[UUID]:
    if place.files:
        found = (row_id for row_id, _, head in _file_heads(session, place, after) if head not in {"", kid})
        return list(dict.fromkeys(row_id for row_id, _ in zip(found, range(limit), strict=False)))
    if not place.columns:
        return []
    others = [sa.and_(_text(place.table, name).is_not(None), _other(place, name, kid)) for name in place.columns]
    chosen = sa.select(place.table.c.id).where(sa.or_(*others)).order_by(place.table.c.id).limit(limit)
    if after is not None:
        chosen = chosen.where(place.table.c.id > after)
    return session.connection().execute(chosen).scalars().all()


def _other(place: Place, name: str, kid: str) -> sa.ColumnElement[bool]:
    return _text(place.table, name).not_like(f"{_FORMATS.get(place.family, 'e1')}:{kid}:%")


_FORMATS = {"idx.pii": "b1", "mac.row": "m1"}


def _text(table: sa.Table, name: str) -> sa.ColumnElement[str]:
    return sa.type_coerce(table.c[name], sa.Text)


def _file_heads(session: Session, place: Place, after: UUID | None = None) -> Iterator[tuple[UUID, str, str]]:
    """Row, column and key of every sealed file, read by their heads alone; what is no sealed file has an empty key."""
    while True:
        heads = [sa.func.substr(place.table.c[name], 1, _FILE_HEAD, type_=sa.LargeBinary) for name in place.columns]
        page = sa.select(place.table.c.id, *heads).order_by(place.table.c.id).limit(500)
        if after is not None:
            page = page.where(place.table.c.id > after)
        rows = session.connection().execute(page).all()
        for row in rows:
            for name, head in zip(place.columns, row[1:], strict=True):
                yield row[0], name, _file_key(head, str(row[0]))
        if len(rows) < 500:
            return
        after = rows[-1][0]


def _file_key(head: bytes | None, row_id: str) -> str:
    try:
        return file_kid(BytesIO(bytes(head or b"")), row_id)
    except CryptoError:
        return ""
