"""An installation of several hosts for a drill: database servers, a pooler, nginx, web processes, workers, clerks with pages open."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select

from deploy.demo.firms import load_firms
from deploy.demo.offices import Person, add_account
from models.access import Account, AccountRole, OrgUnit
from services.access.access_list_signature import sign_pending
from services.access.sign_in import SignIn, sign_in
from services.engine.callers import SYSTEM
from services.engine.work import Work
from tests.browser import ROOT, Server, end, free_port, wait_until_healthy
from tests.deploy.nginx_files import lay_out
from tests.deploy.nginx_site import NAME, NGINX, certificate, eventually
from tests.hosts.clerks import Office
from tests.hosts.servers import DatabaseHost
from tests.hosts.web import Batch
from tests.poolers import Pooler, running_pooler
from tests.ready import Started
from tests.services.broker_pushes.association import Association
from tests.services.tenancy.counter import Counter, Flat, somebody
from tests.world import World, key_folder, running_world

DATABASE = "shenfang"
#: Leases of a pushed batch.
BATCH = 10
IP = shutil.which("ip") or shutil.which("ip", path="/usr/sbin:/sbin")
#: The two ends of the line to a worker's host in a namespace of its own.
HERE, THERE = "10.77.3.1", "10.77.3.2"


def may_part() -> bool:
    """Return whether a host can be made of a network namespace here."""
    if IP is None or os.geteuid() != 0:
        return False
    made = subprocess.run([IP, "netns", "add", "shenfang-try"], capture_output=True, check=False)
    subprocess.run([IP, "netns", "del", "shenfang-try"], capture_output=True, check=False)
    return made.returncode == 0


@dataclass
class Namespace:
    """A host of its own for a worker: what it reaches here it reaches by one line, which can be cut."""

    name: str
    relays: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def make(self) -> None:
        """Make it with its line."""
        _ip(f"netns add {self.name}")
        _ip(f"link add {self.name}-h type veth peer name {self.name}-n netns {self.name}")
        _ip(f"addr add {HERE}/30 dev {self.name}-h")
        _ip(f"link set {self.name}-h up")
        for order in (f"addr add {THERE}/30 dev {self.name}-n", f"link set {self.name}-n up", "link set lo up"):
            _ip(f"-n {self.name} {order}")

    def relay(self, *ports: int) -> None:
        """Bring connections to these ports of its loopback to the same ports here."""
        relay = [sys.executable, "-m", "tests.hosts.relay"]
        for port in ports:
            outer = free_port()
            self.relays.append(subprocess.Popen([*relay, HERE, str(outer), "127.0.0.1", str(port)], cwd=ROOT))
            inner = [*self.command(), *relay, "127.0.0.1", str(port), HERE, str(outer)]
            self.relays.append(subprocess.Popen(inner, cwd=ROOT))

    def command(self) -> list[str]:
        assert IP is not None
        return [IP, "netns", "exec", self.name]

    def cut(self) -> None:
        """Cut its line: nothing is refused, nothing arrives."""
        _ip(f"link set {self.name}-h down")

    def mend(self) -> None:
        _ip(f"link set {self.name}-h up")

    def remove(self) -> None:
        for relay in self.relays:
            end(relay)
        subprocess.run([str(IP), "netns", "del", self.name], capture_output=True, check=False)
        subprocess.run([str(IP), "link", "del", f"{self.name}-h"], capture_output=True, check=False)


def _ip(order: str) -> None:
    subprocess.run([str(IP), *order.split()], check=True, capture_output=True)


def seconds_of(pid: int) -> float:
    """Return the processor seconds of a process and of all its children, ended ones too."""
    ticks = 0
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = sum(map(int, told[11:15]))
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        children = []
    return ticks / os.sysconf("SC_CLK_TCK") + sum(map(seconds_of, map(int, children)))


def listens(port: int) -> bool:
    """Return whether a port of this machine takes a line; raises OSError while it does not."""
    socket.create_connection(("127.0.0.1", port), 1).close()
    return True


@dataclass
class Estate:
    """What runs; `web`, `worker` start processes, `happened` keeps what was done to them and when."""

    folder: Path
    world: World
    counter: Counter
    primary: DatabaseHost
    replica: DatabaseHost
    pooler: Pooler
    environment: dict[str, str]
    ports: list[int]
    site: int
    webs: dict[int, Server] = field(default_factory=dict)
    workers: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    nginx: "subprocess.Popen[bytes] | None" = None
    happened: list[tuple[str, float]] = field(default_factory=list)

    def note(self, what: str) -> None:
        self.happened.append((what, time.monotonic()))

    def web(self, port: int, *, wait: bool = True) -> None:
        """Start the web process of a port."""
        log = self.folder / f"web-{port}.log"
        process = self._start(["-m", "tests.hosts.web", "web"], log, PORT=str(port))
        self.webs[port] = Server(f"http://127.0.0.1:{port}", process, log)
        if wait:
            wait_until_healthy(self.webs[port], seconds=240)

    def worker(self, name: str, inside: Namespace | None = None) -> None:
        """Start a worker, in a namespace of its own if one is given."""
        more = {"DATA_DIR": str(self.folder / name)}
        before: list[str] = []
        if inside is not None:
            before = inside.command()
            more["DATABASE_URL"] = self.environment["DATABASE_URL"].replace("127.0.0.1", HERE)
        self.workers[name] = self._start(["main.py", "worker"], self.folder / f"{name}.log", before, **more)

    def kill(self, process: "Started | subprocess.Popen[bytes]") -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def start_nginx(self) -> None:
        assert NGINX is not None
        ports = {"443": self.site, "80": free_port(), "8081": self.ports[0], "8082": self.ports[-1]}
        certificate(self.folder / "tls")
        main = lay_out(self.folder, ports=ports, changes={})
        text = main.read_text().replace("worker_connections 128", "worker_connections 8192")
        main.write_text(("user root;\n" if os.geteuid() == 0 else "") + text)
        site = self.folder / "etc" / "shenfang.conf"
        line = f"server 127.0.0.1:{self.ports[-1]} max_fails=2 fail_timeout=5s;"
        others = self.ports[1:] or self.ports
        more = "\n    ".join(line.replace(str(self.ports[-1]), str(port)) for port in others)
        site.write_text(site.read_text().replace(line, more))
        self.nginx = subprocess.Popen([NGINX, "-c", main, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        assert eventually(lambda: listens(self.site))

    def in_site(self, port: int, *, up: bool) -> None:
        """Have nginx send requests to a web process, or no more, as `install.sh restart` does."""
        site = self.folder / "etc" / "shenfang.conf"
        lines = site.read_text().splitlines()
        lines = [line.replace(" down;", ";") for line in lines]
        if not up:
            lines = [line.replace(";", " down;") if f"server 127.0.0.1:{port} " in line else line for line in lines]
        site.write_text("\n".join(lines) + "\n")
        self.reload_nginx()

    def spent(self) -> dict[str, float]:
        """Return the processor seconds so far of what runs, by what it is."""
        assert self.nginx is not None
        assert self.primary.process is not None
        assert self.replica.process is not None
        return {
            "网页进程": sum(seconds_of(web.process.pid) for web in self.webs.values()),
            "后台任务": sum(seconds_of(worker.pid) for worker in self.workers.values()),
            "主库": seconds_of(self.primary.process.pid),
            "副本": seconds_of(self.replica.process.pid),
            "pgbouncer": seconds_of(self.pooler.process.pid),
            "nginx": seconds_of(self.nginx.pid),
        }

    def reload_nginx(self) -> None:
        assert self.nginx is not None
        self.nginx.send_signal(signal.SIGHUP)

    def tail(self) -> str:
        """The last lines of every process, for a failing drill."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(
            f"== {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-12:]) for log in logs
        )

    def stop(self) -> None:
        for process in (*self.workers.values(), *(web.process for web in self.webs.values())):
            end(process)
        if self.nginx is not None:
            self.nginx.send_signal(signal.SIGTERM)
            self.nginx.wait()

    def _start(
        self, part: list[str], log: Path, before: list[str] | None = None, **more: str
    ) -> "subprocess.Popen[bytes]":
        with log.open("ab") as output:
            return subprocess.Popen(
                [*(before or []), sys.executable, *part],
                cwd=ROOT,
                env=self.environment | more,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


@contextmanager
def running_estate(
    folder: Path,
    *,
    webs: int,
    clerks: int,
    each: int,
    searching: int = 0,
    pushing: int = 0,
    listens_at: tuple[str, ...] = (),
    pooled: bool = True,
) -> Iterator[tuple[Estate, Office]]:
    """Build it all, with so many clerks signed in who have so many leases each to file.

    `searching` colleagues look for filings meanwhile, `pushing` push batches of the association's leases. `listens_at` are addresses of the pooler beside its loopback; without `pooled` the product is led past it.
    """
    folder.chmod(0o711)
    first = DatabaseHost(folder / "db01", folder / "wal")
    second = DatabaseHost(folder / "db02")
    first.make()
    first.start()
    try:
        first.order(f"CREATE DATABASE {DATABASE}")
        # Each lease takes a room; a quarter of the homes have nothing against them, with two to four rooms each.
        with running_world(first.url(DATABASE), few=max(700, 3 * each * (clerks + BATCH * pushing))) as world:
            counter = Counter(world)
            rooms = _rooms(counter)
            tokens = _people(world, clerks + pushing + searching)
            accounts = list(tokens)
            leases = {account: _leases(counter, rooms, each) for account in accounts[:clerks]}
            if pushing:
                world.door.perform(load_firms, SYSTEM, None)
            pushers = accounts[clerks : clerks + pushing]
            batches = {account: [_batch(counter, rooms) for _ in range(each)] for account in pushers}
            second.copy_of(first, replica=True)
            second.start()
            more = {"listen_addr": ",".join(("127.0.0.1", *listens_at))}
            with running_pooler(folder / "pooler", first.home, DATABASE, more, replica=second.home) as pooler:
                site = free_port()
                estate = Estate(
                    folder,
                    world,
                    counter,
                    first,
                    second,
                    pooler,
                    _environment(folder, pooler, world, {**leases, **batches}, site),
                    [free_port() for _ in range(webs)],
                    site,
                )
                if not pooled:
                    straight = {
                        "DATABASE_URL": first.url(DATABASE),
                        "READ_DATABASE_URL": "",
                        "DATABASE_POOLED": "false",
                    }
                    estate.environment |= straight
                try:
                    for port in estate.ports:
                        estate.web(port)
                    estate.start_nginx()
                    looks = list(tokens.values())[clerks + pushing :]
                    yield estate, Office(site, tokens, leases, think=4.0, batches=batches, searching=looks)
                finally:
                    estate.stop()
    finally:
        second.stop()
        first.stop()


def _environment(
    folder: Path, pooler: Pooler, world: World, tasks: Mapping[str, Sequence[str | Batch]], site: int
) -> dict[str, str]:
    told = folder / "tasks.json"
    told.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    outside = {
        name: value for name, value in os.environ.items() if not name.startswith(("NICEGUI_", "PYTEST_", "COVERAGE_"))
    }
    return outside | {
        "MODE": "test",
        "DEMO_DATA": "false",
        "DATABASE_URL": pooler.url(),
        "READ_DATABASE_URL": pooler.url("shenfang_read"),
        "DATABASE_POOLED": "true",
        "DATA_DIR": str(folder / "app"),
        "KEY_DIR": str(key_folder()),
        "SYSTEM_URLS": json.dumps(world.simulators.urls()),
        "PUBLIC_URL": f"https://{NAME}:{site}",
        "GATEWAY_ADDRESSES": "127.0.0.1",
        "CHECKS_PER_MINUTE": "0",
        "DRILL_LEASES": str(told),
        "PYTHONUNBUFFERED": "1",
    }


def _people(world: World, count: int) -> dict[str, str]:
    """So many colleagues of a clerk at the same counter, signed in; the cookie of each by account."""

    def colleagues(work: Work) -> list[tuple[UUID, str]]:
        clerk = work.session.exec(select(Account).where(col(Account.login) == "huamu01")).one()
        grant = work.session.exec(select(AccountRole).where(AccountRole.account_id == clerk.id)).one()
        unit = work.get(OrgUnit, clerk.unit_id)
        made = []
        for place in range(count):
            login = f"drill{place:02d}"
            person = Person(login, "张三", unit.unit_code, grant.role, grant.scope_kind, grant.scope_code, f"{place}号")
            made.append((add_account(work, person, unit, "-").id, login))
        return made

    accounts: list[tuple[UUID, str]] = world.act(colleagues)
    sign_pending(world.door)
    return {
        str(account): world.door.perform(sign_in, SYSTEM, SignIn(login, "", "127.0.0.1", demo=True)).token
        for account, login in accounts
    }


def _rooms(counter: Counter) -> Iterator[tuple[Flat, str]]:
    """Return the rooms of all free flats, the first one of each flat before the second one of any.

    The last flats are left to whoever asks for a free one.
    """
    flats = counter.flats[:-1]
    del counter.flats[:-1]
    return ((flat, flat.bedrooms[place]) for place in range(4) for flat in flats if place < len(flat.bedrooms))


def _leases(counter: Counter, rooms: Iterator[tuple[Flat, str]], each: int) -> list[str]:
    """Leases that their parties have signed."""
    return [str(counter.sign(counter.room(*next(rooms), somebody()))) for _ in range(each)]


def _batch(counter: Counter, rooms: Iterator[tuple[Flat, str]]) -> Batch:
    """Leases as a member of the association pushes them together."""
    association = Association(counter)
    made = []
    for place in range(1, BATCH + 1):
        flat, room = next(rooms)
        made.append(asdict(replace(association.item(flat, mode="ROOM", rooms=[room]), position=place)))
    return made
