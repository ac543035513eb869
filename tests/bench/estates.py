"""Estates: the picture of 8,160 homes in size and in a browser, sums of a drawn circle and of the city (row 82).

Processor time; that of Chromium, which draws without a graphics card, with all its processes.
"""

import argparse
import gzip
import json
import math
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import shapely
from playwright.sync_api import sync_playwright
from sqlalchemy import func
from sqlmodel import Session, col, select

from deploy.setup import find_browser
from models.columns import new_id
from models.dialect import Database
from models.supply import SupplyDay
from services.space.estate import homes_of, picture
from services.supply.stages import Stage
from services.supply.sums import sums_by_project
from tests.bench.ground import ENGINES, Ground
from tests.bench.measure import Figure, told
from tests.browser import SOFTWARE_GL
from tests.hosts.estate import seconds_of
from tests.space_models import shapes
from tests.units_page import COLOURS, looks_of, serving

#: 300 projects of 10 buildings of 300 homes.
PROJECTS, BUILDINGS, HOMES = 300, 3_000, 300
_HOMES = 8_160
WIRE, CIRCLE, CITY = 15 * 1024, 0.005, 0.020
RECOLOUR, PICK, CALLS = 0.030, 0.160, 2
_VIEW = "getElement(document.querySelector('#told').dataset.view)"
#: Ends when the canvas has its pixels, not when they are asked for.
_SEEN = "view.m.gl.getContext().readPixels(0, 0, 1, 1, 6408, 5121, new Uint8Array(4))"
_DAY = date(2027, 3, 1)


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    """Run every figure; databases are made for the sums only."""
    found = [told(_size()), *map(told, _drawn())]
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url:
            found += [told(one) for one in _sums(engine, url)]
    return found


def _size() -> Figure:
    made = shapes()
    homes = sum(1 for _, shape in made for _ in homes_of(0, shape))
    wire = len(gzip.compress(json.dumps(picture(made), separators=(",", ":"), ensure_ascii=False).encode()))
    return Figure(f"picture of {homes} homes, compressed", f"{wire / 1024:.1f} KB", target="< 15 KB", met=wire < WIRE)


def _drawn() -> Iterator[Figure]:
    """Frames, new colours and picks in Chromium; the canvas is 772 by 411."""
    with serving() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=SOFTWARE_GL)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/estate")
        page.wait_for_function(f"window.did_handshake && {_VIEW}?.m.bytes")
        page.wait_for_timeout(2_000)

        def seconds(script: str, times: int = 10, rounds: int = 5) -> float:
            found = []
            for _ in range(rounds):
                begun = seconds_of(os.getpid())
                page.evaluate(
                    f"(argument) => {{ const view = {_VIEW}; for (let i = 0; i < {times}; i++) {{ {script} }} }}",
                    [[COLOURS, looks_of(_HOMES, first)] for first in range(2)],
                )
                found.append((seconds_of(os.getpid()) - begun) / times)
            return min(found)

        calls = page.evaluate(
            f"(() => {{ const view = {_VIEW}; view.draw(); view.frame(); return view.m.gl.info.render.calls; }})()"
        )
        yield Figure("draw calls of a frame", str(calls), target=f"<= {CALLS}", met=calls <= CALLS)
        yield Figure("a frame in software", f"{seconds(f'view.draw(); view.frame(); {_SEEN}') * 1000:.0f} ms")
        yield _figure(
            "new colours until they are seen",
            seconds(f"view.paint(...argument[i % 2]); view.frame(); {_SEEN}"),
            RECOLOUR,
        )
        yield _figure("a home picked", seconds("view.at(200 + 20 * i, 200)"), PICK)
        browser.close()


def _sums(engine: str, url: str) -> Iterator[Figure]:
    database = Database(url)
    chance = random.Random(7)
    places: dict[UUID, tuple[float, float]] = {}
    lines: list[dict[str, Any]] = []
    for _ in range(PROJECTS):
        project, e, n = new_id(), chance.uniform(-30e3, 30e3), chance.uniform(-30e3, 30e3)
        for _ in range(BUILDINGS // PROJECTS):
            building = new_id()
            places[building] = e + chance.uniform(-200, 200), n + chance.uniform(-200, 200)
            lines += [
                _row(project, building, stage) for stage in (Stage.OPEN, Stage.SOLD, Stage.LICENSED, Stage.RESTRICTED)
            ]
    with database.write() as session:
        table: Any = SupplyDay
        for start in range(0, len(lines), 1000):
            session.connection().execute(table.__table__.insert(), lines[start : start + 1000])
        session.commit()
    with database.read() as session:
        circle = shapely.Point(0, 0).buffer(_radius(places), quad_segs=256)
        shapely.prepare(circle)
        work: Any = SimpleNamespace(session=session, today=_DAY)
        inside = [one for one, (e, n) in places.items() if shapely.contains_xy(circle, e, n)]
        seconds = _least(lambda: sums_by_project(work, inside))
        yield _figure(f"{engine}: sums of {len(inside)} buildings in a circle", seconds, CIRCLE)
        seconds = _least(lambda: _city(session))
        yield _figure(f"{engine}: city of {BUILDINGS * HOMES:,} homes by project and stage", seconds, CITY)
    database.dispose()


def _row(project: UUID, building: UUID, stage: Stage) -> dict[str, Any]:
    values = {"id": new_id(), "project_id": project, "building_id": building, "item": stage.value, "day": _DAY}
    more = {"district_code": "310115", "plate": "", "ring": "", "property_type": "住宅", "level": ""}
    sums = {"area": 75 * 89 * 10**6, "sets": HOMES // 4, "amount": 0}
    return {
        **values,
        **more,
        **sums,
        "completed": False,
        "earnest": False,
        "size_band": -1,
        "price_band": -1,
        "listed_month": -1,
    }


def _radius(places: dict[UUID, tuple[float, float]]) -> float:
    """The radius of the circle around the middle of the city that holds 145 buildings."""
    return sorted(math.hypot(e, n) for e, n in places.values())[144] * 1.0001 + 0.001


def _city(session: Session) -> list[Any]:
    wanted = select(SupplyDay.project_id, SupplyDay.item, func.sum(SupplyDay.area), func.sum(SupplyDay.sets)).group_by(
        col(SupplyDay.project_id), col(SupplyDay.item)
    )
    return list(session.exec(wanted))


def _least(call: Callable[[], Any], rounds: int = 15) -> float:
    found = []
    for _ in range(rounds):
        begun = time.process_time()
        call()
        found.append(time.process_time() - begun)
    return min(found)


def _figure(name: str, seconds: float, limit: float) -> Figure:
    return Figure(name, f"{seconds * 1000:.1f} ms", target=f"< {limit * 1000:.0f} ms", met=seconds < limit)
