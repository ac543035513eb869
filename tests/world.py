"""A small whole world for tests: a real door on a throw-away database, simulators over HTTP, offices, houses."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier, Thread
from typing import Any

import httpx
from sqlmodel import col, select

import services.everything  # noqa: F401
from integrations.cloud_crypto.sm2 import PrivateKey, sign
from integrations.simulators import SYSTEMS, Simulators, systems_at
from models.access import Account, Role
from models.dialect import Database
from models.sealing import KeyRing, LocalSealer, bind_sealer
from services.access.sessions import caller_of
from services.demo.houses import LoadHouses, load_houses
from services.demo.offices import load_offices
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.registry import Action
from services.engine.work import Work
from services.ports.signing import bind_signer

DATA = Path(__file__).resolve().parent.parent / "deploy" / "data"
#: How many houses of the base library a world of a few houses has, beside the named fixtures.
FEW = 700


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

    def fault(self, system: str, fault: str, *, match: str = "", times: int | None = None) -> None:
        """Have a simulator answer badly until `heal`, or so many times."""
        order = {"fault": fault, "match": match, "times": times}
        httpx.post(f"{self.simulators.base_url(system)}/sim/faults", json=order).raise_for_status()

    def heal(self) -> None:
        """Let every simulator answer well again."""
        for system in SYSTEMS:
            httpx.delete(f"{self.simulators.base_url(system)}/sim/faults").raise_for_status()

    def act(self, handler: Callable[[Work], Any]) -> Any:
        """Do something through the door that no action of ours does: put a row where a test needs it."""
        return self.door.perform(
            Action("test.act", "测试", frozenset({Role.SYSTEM}), lambda work, _: handler(work)), SYSTEM
        )

    def read(self, handler: Callable[[Work], Any]) -> Any:
        """Read as the system."""
        return self.door.look(SYSTEM, handler)


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


@cache
def ring() -> KeyRing:
    """One ring for all worlds of this process, so that they may follow one another on one database."""
    return KeyRing.fresh()


@contextmanager
def running_world(url: str, *, houses: bool = True, few: bool = False) -> Iterator[World]:
    """A prepared database with offices and the base library, and running simulators.

    `few` loads the named fixtures and a part of the library only. Accounts hold their roles on any business day.
    """
    bind_sealer(LocalSealer(ring()))
    key = PrivateKey.fresh()
    bind_signer(TestSigner(key))
    simulators = Simulators(mode="test")
    simulators.start(DATA)
    database = Database(url)
    try:
        world = World(Door(database, systems_at(simulators.urls())), simulators)
        world.door.prepare()
        world.door.perform(load_offices, SYSTEM, None)
        if houses:
            with TemporaryDirectory() as folder:
                for path in (_first_lines(Path(folder)) if few else DATA / "houses_2000.csv", FIXTURES):
                    world.door.perform(load_houses, SYSTEM, LoadHouses(path))
        yield world
    finally:
        database.dispose()
        simulators.stop()


FIXTURES = DATA / "fixtures" / "houses.csv"


def _first_lines(folder: Path) -> Path:
    few = folder / "houses.csv"
    with (DATA / "houses_2000.csv").open(encoding="utf-8-sig") as source:
        few.write_text("".join(islice(source, FEW + 1)), encoding="utf-8-sig")
    return few


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Make every call in a thread of its own at the same moment; an exception is a result too."""
    results: list[Any] = [None] * len(calls)
    gate = Barrier(len(calls))

    def run(place: int) -> None:
        gate.wait()
        try:
            results[place] = calls[place]()
        except Exception as problem:
            results[place] = problem

    threads = [Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
