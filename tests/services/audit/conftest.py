"""A world of offices with a second store and an evidence sink of its own, and ways past the application."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from uuid import uuid4

import pytest
import sqlalchemy as sa

from integrations.evidence_sink.local import LocalSink
from integrations.evidence_sink.store import FolderStore
from models.access import Role
from models.sealing import CryptoError
from services.audit.checkpoints import MakeCheckpoint, checkpoint, copy_out, make_checkpoint
from services.audit.jobs import export_events
from services.audit.sources import DatabaseSource, FolderSource
from services.audit.verification import Report, verify
from services.audit.verification_runs import own_keys
from services.engine.callers import SYSTEM, Caller
from services.ports.crypto import Crypto
from tests.services.engine.notes import Note, noting
from tests.world import World, provider, running_world


@dataclass
class Audited:
    """A world whose audit can be signed, copied, verified, and changed past the application."""

    world: World
    folder: Path
    store: FolderStore
    sink: LocalSink
    undo: list[str] = field(default_factory=list)

    @property
    def auditor(self) -> Caller:
        found = self.world.caller("shi01").scopes
        return Caller("审计", tuple(type(one)(Role.AUDITOR, one.kind) for one in found[:1]), account_id=uuid4())

    def tell(self, count: int = 1) -> None:
        """So many events of an ordinary action."""
        for _ in range(count):
            self.world.door.perform(noting(), SYSTEM, Note(uuid4().hex))

    def sign(self) -> None:
        """One checkpoint over what waits, copied out."""
        self.world.door.perform(make_checkpoint, SYSTEM, MakeCheckpoint())
        copy_out(self.world.door)

    def sign_all(self) -> None:
        checkpoint(self.world.door, at_once=True)
        copy_out(self.world.door)

    def export(self) -> FolderSource:
        export_events(self.world.door)
        return FolderSource(self.folder)

    def verify(self, **more: Any) -> Report:
        """As `main.py audit verify` does on the database."""
        more.setdefault("external", FolderSource(self.folder))
        return verify(DatabaseSource(self.world.door.database.url), own_keys(self.world.door.house.crypto), **more)

    def past_us(self, *statements: str, **values: Any) -> None:
        """What an owner of the database does: triggers off, rows changed, triggers on again."""
        with self.world.door.database.engine.begin() as connection:
            for statement in _off(connection):
                connection.execute(sa.text(statement))
            for statement in statements:
                connection.execute(sa.text(statement), values)
            for statement in _on(connection):
                connection.execute(sa.text(statement))


def _off(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        return ["DROP TRIGGER audit_event_update", "DROP TRIGGER audit_event_delete"]
    # For this session: a table in parts does not pass the switch of a trigger on to them everywhere.
    return ["SET LOCAL session_replication_role = replica"]


def _on(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER audit_event_{word} BEFORE {word} ON audit_event "
            "BEGIN SELECT RAISE(ABORT, 'audit is append only'); END"
            for word in ("update", "delete")
        ]
    return []


@pytest.fixture
def audited(fresh_database_url: str) -> Iterator[Audited]:
    """Fresh for every test: what was tampered with stays so."""
    with TemporaryDirectory(prefix="shenfang-audit-") as name:
        folder = Path(name)
        store, sink = FolderStore(folder / "store"), LocalSink(folder / "evidence", provider())
        with running_world(fresh_database_url, houses=False) as world:
            world.door.house.evidence, world.door.house.second_store = sink, store
            yield Audited(world, folder / "store", store, sink)


class Silent:
    """A signature service that does not answer; everything else is the real provider's."""

    def __getattr__(self, name: str) -> Any:
        return getattr(provider(), name)

    def sign(self, key: str, data: bytes) -> Any:
        raise CryptoError("UNAVAILABLE")


@pytest.fixture
def silence(audited: Audited) -> Callable[[bool], None]:
    """Switches the signature service off and on."""

    def switch(silent: bool) -> None:
        audited.world.door.house.crypto = cast(Crypto, Silent()) if silent else provider()

    return switch
