"""The access list as a process follows it: change by change, each chained to the one before and proven (security.md M5)."""

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import RLock
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from models.dialect import base_engine
from models.rights import AccessChange, AccessList
from models.sealing import Sealer, sm3_hex

GENESIS = "0" * 64

_CHANGE: sa.Table = AccessChange.__table__  # type: ignore[attr-defined]
_LIST: sa.Table = AccessList.__table__  # type: ignore[attr-defined]


class ListBroken(Exception):
    """Raised when the access list itself is not credible; then it admits no account."""

    def __init__(self, code: str, number: int = 0) -> None:
        super().__init__(f"{code} {number}")
        self.code, self.number = code, number


@dataclass(frozen=True)
class Seen:
    """The newest signed list known to this installation; an older one means that the database was put back."""

    version: int
    digest: str
    seq: int
    head: str


@dataclass
class Book:
    """A database's list: what each object's entry is, which change said so and when."""

    seen: Seen | None = None
    seq: int = 0
    head: str = GENESIS
    entries: dict[str, str] = field(default_factory=dict)
    last: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def follow(self, connection: sa.Connection, sealer: Sealer) -> None:
        """Apply the changes since the last look; a chain that does not continue from there is broken."""
        statement = sa.select(_CHANGE.c.seq, _CHANGE.c.body, _CHANGE.c.digest, _CHANGE.c.proof)
        rows = connection.execute(statement.where(_CHANGE.c.seq >= self.seq).order_by(_CHANGE.c.seq)).all()
        if self.seq:
            if not rows or rows[0].seq != self.seq or rows[0].digest != self.head:
                raise ListBroken("ROLLBACK", self.seq)
            rows = rows[1:]
        for row in rows:
            if row.seq != self.seq + 1:
                raise ListBroken("GAP", row.seq)
            if change_digest(row.body) != row.digest:
                raise ListBroken("HASH", row.seq)
            if not self._signed(row.seq, row.digest) and not sealer.check_mac(proven(row.digest), row.proof):
                raise ListBroken("PROOF", row.seq)
            self._take(row.body, row.seq, row.digest)

    def _signed(self, seq: int, digest: str) -> bool:
        """Return whether a verified signature covers a change, whose MAC key may since have gone."""
        if self.seen is None or seq > self.seen.seq:
            return False
        if seq == self.seen.seq and digest != self.seen.head:
            raise ListBroken("ROLLBACK", seq)
        return True

    def _take(self, text: str, seq: int, digest: str) -> None:
        try:
            body = json.loads(text)
            key, entry, at = body["key"], body["is"], datetime.fromisoformat(body["at"])
            follows = (body["seq"], body["prev"]) == (seq, self.head)
        except (ValueError, KeyError, TypeError) as problem:
            raise ListBroken("HASH", seq) from problem
        if not follows:
            raise ListBroken("ORDER", seq)
        if entry:
            self.entries[key] = entry
        else:
            self.entries.pop(key, None)
        self.seq, self.head, self.last[key] = seq, digest, (seq, at)

    def signed_up_to(self, connection: sa.Connection) -> int:
        """The last change the newest signed list covers; a list older than the newest seen is refused."""
        newest = connection.execute(
            sa.select(_LIST.c.version, _LIST.c.seq, _LIST.c.digest).order_by(_LIST.c.version.desc()).limit(1)
        ).first()
        seen = self.seen
        if seen is not None:
            if newest is None or newest.version < seen.version or self.seq < seen.seq:
                raise ListBroken("ROLLBACK", newest.version if newest else 0)
            if newest.version == seen.version and newest.digest != seen.digest:
                raise ListBroken("ROLLBACK", newest.version)
        return int(newest.seq) if newest else 0


def change_digest(body: str) -> str:
    return sm3_hex(b"ACL1\n" + body.encode())


def proven(digest: str) -> bytes:
    """Return the bytes that the MAC of a change covers; it cannot be made with database access alone."""
    return b"acl1" + digest.encode()


LOCK = RLock()
_BOOKS: "WeakKeyDictionary[sa.Engine, Book]" = WeakKeyDictionary()
#: Where the newest list ever seen of a database is kept outside of it, so that an older database is noticed (H71).
_FILES: "WeakKeyDictionary[sa.Engine, Path]" = WeakKeyDictionary()


def keep_in(engine: sa.Engine, path: Path | None) -> None:
    """Keep the newest list of a database in this file; its book begins from there. None keeps nothing."""
    engine = base_engine(engine)
    with LOCK:
        _BOOKS.pop(engine, None)
        if path is None:
            _FILES.pop(engine, None)
        else:
            _FILES[engine] = path


def recall(engine: sa.Engine) -> Seen | None:
    """Return the list seen last, or None at the first start. A file that cannot be read is no first start."""
    path = _FILES.get(base_engine(engine))
    if path is None or not path.exists():
        return None
    told = json.loads(path.read_text())
    return Seen(int(told["version"]), str(told["digest"]), int(told["seq"]), str(told["head"]))


def write(engine: sa.Engine, seen: Seen) -> None:
    """Write without regard to what was known: after a restore, when the operator has named the restored version."""
    path = _FILES[base_engine(engine)]
    made = path.with_suffix(f".{os.getpid()}.part")
    made.write_text(json.dumps(vars(seen)))
    made.chmod(0o600)
    made.replace(path)


def book_of(engine: sa.Engine) -> Book:
    """The book of a database; it lives as long as the database is open. Use it under `LOCK`."""
    engine = base_engine(engine)
    if engine not in _BOOKS:
        _BOOKS[engine] = Book(seen=recall(engine))
    return _BOOKS[engine]


def trust(engine: sa.Engine, seen: Seen) -> None:
    """A signed list was checked: an older one is refused from now on, after another start too."""
    engine = base_engine(engine)
    with LOCK:
        book = book_of(engine)
        if book.seen is None or seen.version >= book.seen.version:
            book.seen = seen
    known = recall(engine)
    if engine in _FILES and (known is None or known.version < seen.version):
        write(engine, seen)
