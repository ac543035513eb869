"""Sources of a verification: the database past the application, or a folder of exported files."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from models.audit import AuditCheckpoint, AuditEvent, AuditHead
from models.dialect import Database
from services.audit.statement import Checkpoint, checkpoint_of, checkpoints_file, kept_form
from services.engine.audit import CHAIN, event_time

_EVENTS = re.compile(r"(?P<chain>[a-z0-9.-]+)-(?P<first>[0-9]{12})-(?P<last>[0-9]{12})\.events")
_PAGE = 5_000
#: Logged when a month of the audit leaves the database (services/audit/detachment.py).
DETACHED = "AUDIT.DETACH"


class Link(NamedTuple):
    """A stored event. `told` are the columns beside the text, in the order of `COLUMNS`; files have none."""

    seq: int
    body: str
    hash: str
    prev: str | None = None
    told: tuple[str, ...] | None = None


#: What the columns of an event must say, as its text has it: name in the text, column, and the greatest length.
COLUMNS = (
    ("evt", "event", 32),
    ("uid", "account", 64),
    ("role", "role", 32),
    ("org", "org", 64),
    ("obj_t", "object_kind", 40),
    ("obj_id", "object_id", 64),
    ("act", "act", 60),
    ("res", "result", 8),
    ("req", "request_id", 64),
    ("sev", "severity", 8),
)


@dataclass(frozen=True)
class DatabaseSource:
    """A chain in the tables, read with a connection of its own."""

    url: str
    chain: str = CHAIN
    #: The second store, where events are read that have left the database.
    store: Path | None = None

    def detached(self) -> tuple[int, str]:
        """The number and the digest of the last event that has left the database, as the audit itself has them; 0 for none."""
        told = select(AuditEvent.body).where(AuditEvent.chain == self.chain, AuditEvent.event == DETACHED)
        with self._reading() as session:
            body = session.exec(told.order_by(col(AuditEvent.seq).desc()).limit(1)).first()
        if body is None:
            return 0, ""
        detail = json.loads(body)["det"]
        return int(detail["last"]), str(detail["hash"])

    def start(self) -> tuple[int, str]:
        """The first event that can be read, and the digest of the one before it where that cannot."""
        last, digest = self.detached()
        return (1, "") if not last or self.store is not None else (last + 1, digest)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        database = Database(self.url, pool_size=1)
        try:
            with database.read() as session:
                yield session
        finally:
            database.dispose()

    def newest(self) -> int:
        """The number of the newest event, or 0."""
        with self._reading() as session:
            found = session.exec(select(func.max(col(AuditEvent.seq))).where(AuditEvent.chain == self.chain)).one()
        return found or 0

    def ends(self) -> tuple[int, tuple[int, str] | None]:
        """The number of the newest event or 0, and number and digest the chain's head names at that same moment."""
        # One statement: between two an event may be written, and the head would name one that seems to be gone.
        newest = select(func.max(col(AuditEvent.seq))).where(AuditEvent.chain == self.chain).scalar_subquery()
        one = sa.select(sa.literal(1)).subquery()
        joined = sa.outerjoin(one, AuditHead.__table__, col(AuditHead.chain) == self.chain)  # type: ignore[attr-defined]
        wanted = sa.select(newest, col(AuditHead.seq), col(AuditHead.hash)).select_from(joined)
        with self._reading() as session:
            last, seq, digest = session.connection().execute(wanted).one()
        return last or 0, (None if seq is None else (seq, digest))

    def checkpoints(self) -> list[Checkpoint]:
        of_chain = select(AuditCheckpoint).where(AuditCheckpoint.chain == self.chain)
        with self._reading() as session:
            rows = session.exec(of_chain.order_by(col(AuditCheckpoint.last))).all()
        return [kept_form(row) for row in rows]

    def first_since(self, moment: datetime) -> int:
        """The number of the first event at or after a moment; one more than the newest if there is none."""
        since = select(func.min(col(AuditEvent.seq))).where(AuditEvent.chain == self.chain, AuditEvent.at >= moment)
        with self._reading() as session:
            found = session.exec(since).one()
        return found or self.newest() + 1

    def links(self, first: int, last: int) -> Iterator[Link]:
        # Columns and not rows of the ORM: a million objects would cost more than all digests together.
        table = AuditEvent.__table__  # type: ignore[attr-defined]
        columns = [table.c[name] for name in ("seq", "body", "hash", "prev", "at", *(one for _, one, _ in COLUMNS))]
        gone = self.detached()[0] if self.store is not None else 0
        if self.store is not None and first <= gone:
            yield from FolderSource(self.store, self.chain).links(first, min(last, gone))
            first = gone + 1
        with self._reading() as session:
            connection = session.connection()
            for start in range(first, last + 1, _PAGE):
                end = min(last, start + _PAGE - 1)
                wanted = (table.c.chain == self.chain) & table.c.seq.between(start, end)
                for row in connection.execute(sa.select(*columns).where(wanted).order_by(table.c.seq)):
                    seq, body, digest, prev, at, *told, severity = row
                    yield Link(seq, body, digest, prev, (event_time(at), *told, str(severity)))


@dataclass(frozen=True)
class FolderSource:
    """A chain in exported files, from the second store or handed over."""

    folder: Path
    chain: str = CHAIN

    def _files(self) -> list[tuple[int, int, Path]]:
        found = []
        for path in self.folder.glob(f"{self.chain}-*.events"):
            name = _EVENTS.fullmatch(path.name)
            if name and name["chain"] == self.chain:
                found.append((int(name["first"]), int(name["last"]), path))
        return sorted(found)

    def newest(self) -> int:
        return max((last for _, last, _ in self._files()), default=0)

    def start(self) -> tuple[int, str]:
        return 1, ""

    def ends(self) -> tuple[int, tuple[int, str] | None]:
        return self.newest(), None

    def checkpoints(self) -> list[Checkpoint]:
        path = self.folder / checkpoints_file(self.chain)
        if not path.exists():
            return []
        found = []
        for line in path.read_text(encoding="utf-8").split("\n"):
            try:
                if line:
                    found.append(checkpoint_of(line))
            except (ValueError, KeyError, TypeError):
                # Half a line of a process that was killed while it copied.
                continue
        return sorted(found, key=lambda one: one.last)

    def first_since(self, moment: datetime) -> int:
        wanted = f'"ts":"{event_time(moment)}'
        for link in self.links(1, self.newest()):
            place = link.body.rfind('"ts":"')
            if link.body[place : place + len(wanted)] >= wanted:
                return link.seq
        return self.newest() + 1

    def links(self, first: int, last: int) -> Iterator[Link]:
        for start, end, path in self._files():
            if end < first or start > last:
                continue
            with path.open(encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    number, _, rest = line.partition("\t")
                    if not number.isdecimal() or not first <= int(number) <= last:
                        continue
                    digest, _, body = rest.rstrip("\n").partition("\t")
                    yield Link(int(number), body, digest)


#: Events and checkpoints of one chain; it is sent to other processes, so it holds no connection.
Source = DatabaseSource | FolderSource
