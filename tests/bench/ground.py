"""What the benches stand on: a kept PostgreSQL server, databases of both engines, one set of keys, the house's own world."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

import services.everything  # noqa: F401
from deploy.demo.houses import load_houses
from deploy.demo.offices import load_offices
from deploy.setup import find_postgres
from integrations.cloud_crypto.provider import Bound
from integrations.simulators import Simulators
from models.dialect import Database
from models.sealing import FAMILIES, KeyRing, Sealer, sm3
from services.audit.checkpoints import checkpoint
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.house import House
from tests.postgres import as_user, reachable_by, server_user
from tests.world import DATA, World, house_on, provider

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "build" / "bench"
ENGINES = ("postgresql", "sqlite")
#: As an operator would set a small server; what is not named here is PostgreSQL's default, fsync included.
SETTINGS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "1GB", "random_page_cost": "1.1"}
_KEEPER = """
"$@" & server=$!
while kill -0 "$OWNER" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 1; done
kill -INT $server 2>/dev/null; wait $server
"""


class Ground:
    """Where databases are made; those of the million are kept in `HOME`, the others are thrown away."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._socket: Path | None = None

    @property
    def socket(self) -> Path:
        """Where the server listens; it starts when it is first needed."""
        if self._socket is None:
            self._socket = self._stack.enter_context(_serving())
        return self._socket

    def close(self) -> None:
        self._stack.close()

    def url(self, engine: str, name: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{HOME / f'{name}.db'}"
        return _address(self.socket, name)

    def make(self, engine: str, name: str) -> str:
        """An empty database with the newest schema, in place of an earlier one."""
        self.drop(engine, name)
        if engine == "postgresql":
            _order(self.socket, f"CREATE DATABASE {name} TEMPLATE template0")
        return self.renew(engine, name)

    def renew(self, engine: str, name: str) -> str:
        """Bring a database to the newest schema."""
        url = self.url(engine, name)
        database = Database(url, sealer())
        database.upgrade()
        database.dispose()
        return url

    def drop(self, engine: str, name: str) -> None:
        if engine == "postgresql":
            _order(self.socket, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            return
        for end in ("", "-wal", "-shm"):
            (HOME / f"{name}.db{end}").unlink(missing_ok=True)

    @contextmanager
    def copy_of(self, engine: str, name: str) -> Iterator[str]:
        """A copy of a kept database for one bench that writes."""
        copied = f"bench_{uuid.uuid4().hex[:12]}"
        try:
            if engine == "postgresql":
                _order(self.socket, f"CREATE DATABASE {copied} TEMPLATE {name}")
            else:
                shutil.copy(HOME / f"{name}.db", HOME / f"{copied}.db")
            yield self.url(engine, copied)
        finally:
            self.drop(engine, copied)

    @contextmanager
    def passing(self, engine: str) -> Iterator[str]:
        """A database for one bench."""
        name = f"bench_{uuid.uuid4().hex[:12]}"
        try:
            yield self.make(engine, name)
        finally:
            self.drop(engine, name)


@contextmanager
def standing() -> Iterator[Ground]:
    HOME.mkdir(parents=True, exist_ok=True)
    ground = Ground()
    try:
        yield ground
    finally:
        ground.close()


@contextmanager
def _serving() -> Iterator[Path]:
    """The server of the benches, on its kept data; only one run at a time has it."""
    programs = find_postgres()
    if programs is None:
        raise SystemExit("No PostgreSQL found: `make tools` installs it")
    user = server_user()
    folder = HOME / "postgres"
    folder.mkdir(exist_ok=True)
    with (HOME / "postgres.lock").open("w") as lock, tempfile.TemporaryDirectory(prefix="sf-bench-") as short:
        fcntl.flock(lock, fcntl.LOCK_EX)
        socket = Path(short)
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
            os.chown(socket, user.pw_uid, user.pw_gid)
            programs = reachable_by(user, programs, HOME)
        data = folder / "data"
        if not data.exists():
            making = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
            subprocess.run([*making, "--locale=C.UTF-8"], cwd="/", check=True, capture_output=True, **as_user(user))
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(socket)]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        if user is not None:
            # The keeper itself stays who it is: another user may not ask whether its owner lives.
            command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]
        with (HOME / "postgres.log").open("wb") as log:
            keeper = subprocess.Popen(
                ["sh", "-c", _KEEPER, "keeper", *command],
                cwd="/",
                env={**os.environ, "OWNER": str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            _wait(socket, keeper)
            yield socket
        finally:
            if keeper.poll() is None:
                os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
                keeper.wait(60)


def _address(socket: Path, name: str) -> str:
    return f"postgresql://postgres@/{name}?host={socket}"


def _order(socket: Path, statement: str) -> None:
    with psycopg.connect(_address(socket, "postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def _wait(socket: Path, keeper: "subprocess.Popen[bytes]") -> None:
    while True:
        try:
            _order(socket, "SELECT 1")
            return
        except psycopg.OperationalError as problem:
            if keeper.poll() is not None:
                raise SystemExit((HOME / "postgres.log").read_text()) from problem
            with suppress(subprocess.TimeoutExpired):
                keeper.wait(0.1)


@cache
def ring() -> KeyRing:
    """Always the same keys, for the kept databases are read by later runs; what they seal is made up."""
    return KeyRing(
        {f"{family}.1": sm3(f"bench {family}".encode()) for family in FAMILIES},
        {family: f"{family}.1" for family in FAMILIES},
    )


@cache
def sealer() -> Sealer:
    return Sealer(ring())


def house_at(url: str, systems: Mapping[str, str] | None = None, **facts: Any) -> House:
    """A house on a database, with the keys of the benches; `systems` are addresses."""
    return house_on(url, systems, sealer=sealer(), **facts)


@contextmanager
def world_at(url: str, *, latency_ms: int = 0, houses: bool = True) -> Iterator[World]:
    """The door on a database, before simulators that take `latency_ms` for every answer."""
    simulators = Simulators(mode="test", latency_ms=latency_ms)
    simulators.start(DATA)
    house = house_at(url, simulators.urls())
    try:
        world = World(Door(house), simulators, Bound(provider()))
        world.door.prepare()
        # A kept database was signed last when it was made; unsigned for that long, it would do no business.
        checkpoint(world.door, at_once=True)
        world.door.perform(load_offices, SYSTEM, None)
        if houses:
            world.door.perform(load_houses, SYSTEM, DATA / "houses_2000.csv")
        yield world
    finally:
        house.database.dispose()
        simulators.stop()
