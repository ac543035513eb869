"""A small whole world for tests: a real door on a throw-away database, simulators over HTTP, offices, houses."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import col, select

import services.everything  # noqa: F401
from integrations.cloud_crypto.sm2 import PrivateKey, sign
from integrations.simulators import Simulators, systems_at
from models.access import Account
from models.dialect import Database
from models.sealing import KeyRing, LocalSealer, bind_sealer
from services.access.sessions import caller_of
from services.demo.houses import LoadHouses, load_houses
from services.demo.offices import load_offices
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.ports.signing import bind_signer

DATA = Path(__file__).resolve().parent.parent / "deploy" / "data"


@dataclass
class World:
    """The door with everything behind it; `simulators` take faults."""

    door: Door
    simulators: Simulators

    def caller(self, login: str) -> Caller:
        """A demo account as it would call."""
        with self.door.database.read() as session:
            account = session.exec(select(Account).where(col(Account.login) == login)).one()
            return caller_of(session, account, "test-session", "127.0.0.1", self.door.clock.today())

    def stand_at(self, year: int, month: int, day: int) -> None:
        """Put the business clock at ten in the morning of a day."""
        self.door.clock.stand_at(datetime(year, month, day, 10, 0, tzinfo=SHANGHAI))

    def let_pass(self, **span: float) -> None:
        """Move the business clock on."""
        self.door.clock.shift += timedelta(**span)


@dataclass(frozen=True)
class MadeSignature:
    sig_b64: str
    kid: str = "sig.doc.1"


@dataclass(frozen=True)
class TestSigner:
    """Signs with a key of this run."""

    __test__ = False
    key: PrivateKey

    def sign(self, data: bytes) -> MadeSignature:
        return MadeSignature(b64encode(sign(self.key, data)).decode())


@contextmanager
def running_world(url: str, *, houses: bool = True) -> Iterator[World]:
    """A prepared database with offices and the base library, and running simulators."""
    bind_sealer(LocalSealer(KeyRing.fresh()))
    key = PrivateKey.fresh()
    bind_signer(TestSigner(key))
    simulators = Simulators(mode="test")
    simulators.start(DATA)
    database = Database(url)
    try:
        door = Door(database, systems_at(simulators.urls()))
        door.prepare()
        door.perform(load_offices, SYSTEM, None)
        if houses:
            for name in ("houses_2000.csv", "fixtures/houses.csv"):
                if (DATA / name).exists():
                    door.perform(load_houses, SYSTEM, LoadHouses(DATA / name))
        yield World(door, simulators)
    finally:
        database.dispose()
        simulators.stop()
