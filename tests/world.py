"""A small whole world for tests: a real door on a throw-away database, simulators over HTTP, offices, houses."""

import atexit
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import islice
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory, mkdtemp
from threading import Barrier, Thread
from typing import Any

import httpx
from sqlmodel import col, select

import services.everything  # noqa: F401
from deploy.demo.houses import load_houses
from deploy.demo.offices import load_offices
from deploy.setup import find_postgres
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.provider import Bound, Provider
from integrations.simulators import Simulators
from integrations.systems import system_names, systems_at
from integrations.wire.client import DEFAULT_TIMEOUT, Timeout
from integrations.wire.exchange.client import ExchangeClient
from integrations.wire.outbound import Outbound, Outside
from models.access import Account, AccountRole, OrgUnit, Role
from models.dialect import Database
from models.sealing import Sealer
from services.access.access_list_signature import sign_pending
from services.access.acl import change
from services.access.sessions import caller_of
from services.engine.audit import start_chain
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.house import House
from services.engine.listings import Listing, ListPage, ListRows
from services.engine.networks import EVERYWHERE, SignInPolicy
from services.engine.paging import Paging
from services.engine.registry import Action
from services.engine.work import Work
from services.integrity.nightly_scan import check_rows
from services.ports.exchange import EXCHANGE
from services.ports.systems import Systems
from tests.callers import Callers
from tests.databases import ENGINES, UNTOUCHED, databases_of_run
from tests.patience import PATIENT, hurry, keeps_waiting
from tests.scan import remembering
from tests.side_by_side import AFTER_FORKING, BEFORE_FORKING

DATA = Path(__file__).resolve().parent.parent / "deploy" / "data"
#: How many houses of the base library a world of a few houses has, beside the named fixtures; and a world all of whose rows
#: are written anew, copied or looked through again and again.
FEW, HANDFUL = 700, 160


def in_order(table: Any) -> Any:
    """What the rows of a table are sorted by, so that the last one is the newest: PostgreSQL promises no order."""
    return col(table.seq if hasattr(table, "seq") else table.id)


@dataclass
class World:
    """The door with everything behind it; `simulators` take faults."""

    door: Door
    simulators: Simulators
    #: Its provider with the sealer over its keys, which a rotation renews.
    bound: Bound
    #: How many houses of the base library it has at least.
    few: int = FEW
    _faulty: bool = field(default=False, init=False)
    _callers: Callers = field(default_factory=Callers, init=False)

    def caller(self, login: str) -> Caller:
        """A demo account as it would call."""
        today = self.door.clock.today()

        def read() -> Caller:
            with self.door.database.read() as session:
                account = session.exec(select(Account).where(col(Account.login) == login)).one()
                return caller_of(session, account, "test-session", "127.0.0.1", today)

        return self._callers.of(login, today, read)

    def stand_at(self, year: int, month: int, day: int) -> None:
        """Put the business clock at ten in the morning of a day."""
        self.door.clock.stand_at(datetime(year, month, day, 10, 0, tzinfo=SHANGHAI))

    def let_pass(self, **span: float) -> None:
        """Move the business clock on."""
        self.door.clock.shift += timedelta(**span)

    def fault(self, system: str, fault: str, *, match: str = "", times: int | None = None) -> None:
        """Have a simulator answer badly until `heal`, or so many times."""
        self._faulty = True
        if keeps_waiting(fault):
            hurry(self, True)
            self._renew_lines(DEFAULT_TIMEOUT)
        order = {"fault": fault, "match": match, "times": times}
        _operator().post(f"{self.simulators.base_url(system)}/sim/faults", json=order).raise_for_status()

    def heal(self) -> None:
        """Let every simulator answer well again; each test calls it, most of them after no fault."""
        if not self._faulty:
            return
        for system in system_names():
            _operator().delete(f"{self.simulators.base_url(system)}/sim/faults").raise_for_status()
        # A line that waited in vain too often rests for a while, and the next test would find it silent.
        self._renew_lines(PATIENT)
        hurry(self, False)
        self._faulty = False

    def _renew_lines(self, timeout: Timeout) -> None:
        lines = systems_at(self.simulators.urls(), outside(), timeout).clients
        self.door.house.systems = Systems({**self.door.systems.clients, **lines})

    def listed(
        self,
        listing: Listing,
        who: Caller | str,
        *,
        page: int = 1,
        size: int = 50,
        sort: str = "",
        after: str = "",
        **filters: object,
    ) -> ListPage:
        """A page of a listing as a caller, or the caller of a login, is shown it."""
        caller = self.caller(who) if isinstance(who, str) else who
        order = ListRows({key: str(text) for key, text in filters.items()}, Paging(page, size, sort, after))
        return self.door.ask(listing.query, caller, order)

    def act(self, handler: Callable[[Work], Any]) -> Any:
        """Do something through the door that no action of ours does: put a row where a test needs it.

        Rights it changes by the models enter the access list, as those of a real action do.
        """

        def told(work: Work, _: None) -> Any:
            answer = handler(work)
            # Before the door's own questions write them: a change is announced while the tables are as they were.
            _tell_rights(work)
            return answer

        return self.door.perform(Action("test.act", "测试", frozenset({Role.SYSTEM}), told), SYSTEM)

    def rewrite(self, table: Any, where: Any, **values: Any) -> None:
        """Give rows of a table other values, as the product itself would write them."""

        def write(work: Work) -> None:
            for row in work.session.exec(select(table).where(where)).all():
                for name, value in values.items():
                    setattr(row, name, value)
                work.add(row)

        self.act(write)

    def read(self, handler: Callable[[Work], Any]) -> Any:
        """Read as the system."""
        return self.door.look(SYSTEM, handler)


def _tell_rights(work: Work) -> None:
    for row in [*work.session.new, *work.session.dirty]:
        if isinstance(row, Account | OrgUnit):
            change(work, row.__tablename__.removeprefix("org_"), row.id, "test.act")
        elif isinstance(row, AccountRole):
            change(work, "account", row.account_id, "test.act")


@cache
def _operator() -> httpx.Client:
    """Who orders faults. One for all: a client of its own for each order reads the system's certificates each time.

    A busy machine may let an order wait longer than the five seconds httpx gives.
    """
    return httpx.Client(timeout=60)


@cache
def provider() -> LocalProvider:
    """One provider for all worlds of this process, so that they may follow one another on one database."""
    return LocalProvider(key_folder(), mode="test")


@cache
def key_folder() -> Path:
    """Where that provider keeps its keys, and where its authority for test certificates lives."""
    # Not a `TemporaryDirectory`: a forked worker would remove it as soon as it let go of it.
    folder = mkdtemp(prefix="shenfang-keys-")
    atexit.register(rmtree, folder, ignore_errors=True)
    return Path(folder)


@cache
def _bound() -> Bound:
    return Bound(provider())


@cache
def sealer() -> Sealer:
    """The sealer over that provider's keys, which all worlds share."""
    return remembering(_bound().sealer, provider().key_ring())


def outside() -> Outside:
    """How tests call out: only to loopback, and no alarm is raised for a system that does not answer."""
    return Outside(Outbound.of_mode("test"))


def house_on(url: str, systems: Systems | Mapping[str, str] | None = None, **facts: Any) -> House:
    """A house on a database, with the keys of all worlds; `systems` are clients, or the addresses of simulators.

    `facts` are further fields of `House`, and `sealer` with `crypto` for other keys.
    """
    keys, seals = facts.pop("crypto", None) or provider(), facts.pop("sealer", None) or sealer()
    if not isinstance(systems, Systems):
        beyond = outside()
        exchange = ExchangeClient(keys, facts.get("environment_id", "shfg-rental-test"), beyond)
        addresses = systems or dict.fromkeys(system_names(), "http://127.0.0.1:9")
        systems = systems_at(addresses, beyond, PATIENT).having(EXCHANGE, exchange)
    given: dict[str, Any] = {"demo": True, "sign_in": SignInPolicy.of_mode("demo", EVERYWHERE), **facts}
    return House(Database(url, seals), systems, keys, **given)


@dataclass(frozen=True)
class Content:
    """What many worlds have beside their offices and houses: loaded into a template of this name, which is copied."""

    name: str
    load: Callable[[Door], object]


@contextmanager
def running_world(
    url: str,
    *,
    houses: bool = True,
    few: bool | int = False,
    keys: Provider | None = None,
    content: Content | None = None,
) -> Iterator[World]:
    """A prepared database with offices, the base library and `content`, and running simulators.

    `few` loads the named fixtures and a part of the library only, or so many of its houses; `keys` is another crypto provider than the one of all
    worlds. Accounts hold their roles on any business day.
    """
    bound = Bound(keys) if keys else _bound()
    seals = remembering(bound.sealer, keys.key_ring()) if keys else sealer()
    simulators = Simulators(mode="test")
    simulators.start(DATA)
    count = FEW if few is True else int(few)
    kind = "offices" if not houses else f"{count} houses" if count else "houses"
    house = house_on(url, simulators.urls(), crypto=keys, sealer=seals)
    world = World(Door(house), simulators, bound, count or FEW)
    try:
        if url in UNTOUCHED and keys is None:
            what = f"{kind}, {content.name}" if content else kind
            databases_of_run().fill(url, what, lambda template: _load(house, template, kind, content))
        else:
            _load(house, url, kind, content)
        yield world
    finally:
        hurry(world, False)
        house.database.dispose()
        simulators.stop()


def _load(house: House, url: str, kind: str, content: Content | None) -> None:
    """Prepare a database as at every start, and load offices, the base library and what else is wanted into it."""
    database = Database(url, house.sealer)
    door = Door(replace(house, database=database))
    _prepare(door, url)
    door.perform(load_offices, SYSTEM, None)
    sign_pending(door)
    if kind != "offices":
        with TemporaryDirectory() as folder:
            count = int(kind.removesuffix("houses") or 0)
            houses = _first_lines(Path(folder), count) if count else DATA / "houses_2000.csv"
            for path in (houses, FIXTURES):
                door.perform(load_houses, SYSTEM, path)
    if content is not None:
        content.load(door)
        sign_pending(door)
    database.fold()
    database.dispose()


def _prepare(door: Door, url: str) -> None:
    """As at every start; reading all migrations to find that none is missing costs as much as everything else here."""
    if url not in UNTOUCHED:
        door.prepare()
        return
    UNTOUCHED.discard(url)
    with door.database.write() as session:
        start_chain(session)
        session.commit()


FIXTURES = DATA / "fixtures" / "houses.csv"


def load_once(opened: Callable[[str], AbstractContextManager[Any]]) -> None:
    """Open a world on each engine and leave it: its template and its statements are then there for all workers of a run."""
    for engine in ENGINES if find_postgres() else ENGINES[:1]:
        url = databases_of_run().new(engine)
        with opened(url):
            pass
        databases_of_run().drop(url)


def _load_usual_worlds() -> None:
    for few in (FEW, HANDFUL):
        load_once(partial(running_world, few=few))
    load_once(_looked_through)


@contextmanager
def _looked_through(url: str) -> Iterator[None]:
    with running_world(url, houses=False) as world:
        check_rows(world.door)
        yield


def _copy_keys() -> None:
    """Give a worker its own copy of the keys of the templates: what it rotates is not its neighbours'."""
    if not key_folder.cache_info().currsize:
        return
    shared = key_folder()
    for made in (key_folder, provider, _bound, sealer):
        made.cache_clear()
    copytree(shared, key_folder(), dirs_exist_ok=True)


BEFORE_FORKING.append(_load_usual_worlds)
AFTER_FORKING.append(_copy_keys)


def _first_lines(folder: Path, count: int) -> Path:
    few = folder / "houses.csv"
    with (DATA / "houses_2000.csv").open(encoding="utf-8-sig") as source:
        few.write_text("".join(islice(source, count + 1)), encoding="utf-8-sig")
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
