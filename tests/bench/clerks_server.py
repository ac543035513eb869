"""The whole product in one web process for the clerks bench: every module, and a button that files a ready-made lease."""

import asyncio
import gc
import json
import os
import resource
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI
from nicegui import ui as web
from sqlmodel import select

import services.everything  # noqa: F401
from deploy.demo.firms import office_ids
from deploy.demo.houses import load_houses
from deploy.demo.leases import LoadLeases, load_leases
from deploy.demo.offices import Person, add_account, load_offices
from models.access import AccountRole, OrgUnit, Role, ScopeKind, UnitKind
from models.own_data import DATA
from services.access.acl import change
from services.access.sessions import SessionBook
from services.access.sign_in import SignIn, sign_in
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.findings import Outcome
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.contracts import ConfirmContract, DrawUpContract, confirm_contract, draw_up_contract
from services.tenancy.filing import file_lease
from services.tenancy.lease_form import LeaseForm
from tests.bench.ground import house_at
from tests.bench.leases import SIGNATURE, flats, lease_of, without_leases_on
from tests.bench.sampler import sampled
from ui.app import WebSettings, build_outer
from ui.catalogue import MODULES
from ui.guard import Gate
from ui.shell.call import call
from ui.shell.modules import Module
from ui.shell.place import Place

TICK = 0.02


class Watchdog:
    """How late the event loop comes back from a short sleep, and how long full collections take."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.full: list[float] = []
        self._since = 0.0
        gc.callbacks.append(self._collected)

    async def watch(self) -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(TICK)
            self.late.append(time.perf_counter() - start - TICK)

    def told(self) -> dict[str, Any]:
        """Everything since it was asked last."""
        late, full = self.late, self.full
        self.late, self.full = [], []
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {"late": late, "full": full, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024}

    def _collected(self, phase: str, found: dict[str, int]) -> None:
        if phase == "start":
            self._since = time.perf_counter()
        elif found["generation"] == 2:
            self.full.append(time.perf_counter() - self._since)


class ReadyLeases:
    """Forms nobody has filed yet; each is handed out once."""

    def __init__(self, today: date) -> None:
        self.flats, self._today = flats()[::2], today
        self._next, self._lock = 0, threading.Lock()

    def take(self) -> LeaseForm:
        with self._lock:
            place = self._next
            self._next += 1
        size = len(self.flats)
        flat = self.flats[place % size]
        following = (self.flats[(place + step) % size] for step in range(1, size))
        return lease_of(flat, next(other for other in following if other.owner_id != flat.owner_id), self._today)


def filing_module(ready: ReadyLeases) -> Module:
    """A page with one button: draw up, both confirm, file; four calls as the counter makes them."""

    def build(place: Place) -> None:
        told = web.label("尚未备案")

        async def file() -> None:
            form = ready.take()
            drawn = await call(draw_up_contract, DrawUpContract(form))
            if not drawn.ok:
                return
            for party in drawn.value.parties:
                number = next(one.id_no for one in (*form.lessors, *form.lessees) if one.name == party.name)
                word = ConfirmContract(drawn.value.contract_id, party.id, drawn.value.text_digest, number, SIGNATURE)
                await call(confirm_contract, word)
            decided = await call(file_lease, drawn.value.contract_id)
            passed = decided.ok and decided.value.outcome is Outcome.PASS
            if passed:
                told.text = f"已备案{decided.value.filing_no}"
            else:
                told.text = f"未备案{decided.message}{decided.value.findings if decided.ok else ''}"[:300]

        web.button("办理备案", on_click=file)

    return Module("bench_filing", "备案压测", "bolt", "counter", frozenset({Role.DISTRICT_CLERK}), build)


@action("bench.clerks", "压测账号", roles={Role.SYSTEM}, event="CFG.CHANGE")
def make_clerks(work: Work, count: int) -> None:
    """So many counter clerks, spread over the district centres."""
    units = work.session.exec(select(OrgUnit).where(OrgUnit.kind == UnitKind.DISTRICT_CENTER)).all()
    for place in range(count):
        unit = units[place % len(units)]
        login = f"clerk{place:03d}"
        person = Person(
            login, "张三", unit.unit_code, Role.DISTRICT_CLERK, ScopeKind.DISTRICT, unit.district_code, f"{place}号"
        )
        add_account(work, person, unit, "-")
    for grant in work.session.exec(select(AccountRole)).all():
        change(work, "account", grant.account_id, "bench.clerks")
        grant.valid_from = date(2020, 1, 1)
        work.add(grant)


def app(url: str, systems: dict[str, str], count: int, told: str) -> FastAPI:
    """The app, prepared and loaded; the cookies of the clerks are written to the file `told`."""
    door = Door(house_at(url, systems))
    door.prepare()
    door.perform(load_offices, SYSTEM, None)
    door.perform(load_houses, SYSTEM, DATA / "houses_2000.csv")
    ready = ReadyLeases(door.clock.today())
    with TemporaryDirectory() as folder:
        path, verdicts = without_leases_on({flat.code for flat in ready.flats}, Path(folder))
        door.perform(load_leases, SYSTEM, LoadLeases(path, verdicts, door.look(SYSTEM, office_ids)))
    door.perform(make_clerks, SYSTEM, count)
    tokens = [
        door.perform(sign_in, SYSTEM, SignIn(f"clerk{place:03d}", "", "127.0.0.1", True)).token
        for place in range(count)
    ]
    assert all(tokens)
    watchdog = Watchdog()

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(watchdog.watch())
        yield
        watching.cancel()

    router = APIRouter()
    router.add_api_route("/api/watchdog", watchdog.told)
    built = build_outer(
        door,
        SessionBook(door),
        WebSettings(mode="demo", gate=Gate(mode="demo")),
        modules=[*MODULES, filing_module(ready)],
        routers=[router],
        lifespan=living,
    )
    Path(told).write_text(json.dumps(tokens))
    return built


if __name__ == "__main__":
    os.environ.setdefault("TZ", "Asia/Shanghai")
    database_url, port, system_urls, clerks, tokens_file = sys.argv[1:6]
    built = app(database_url, json.loads(system_urls), int(clerks), tokens_file)
    with sampled("clerks_server"):
        uvicorn.run(
            built,
            host="127.0.0.1",
            port=int(port),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
