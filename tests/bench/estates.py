"""Estates: size of a picture of 8,160 homes, its colours, sums of a drawn circle and of the city (row 82). Processor time."""

import argparse
import gzip
import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import func
from sqlmodel import Session, col, select

from models.columns import new_id
from models.dialect import Database
from models.supply import SupplyDay
from services.space.estate import homes_of, picture
from services.supply.stages import Stage
from services.supply.sums import sums_by_project
from tests.bench.ground import ENGINES, Ground
from tests.bench.measure import Figure, told
from tests.space_models import shapes

#: 300 projects of 10 buildings of 300 homes.
PROJECTS, BUILDINGS, HOMES = 300, 3_000, 300
WIRE, CIRCLE, CITY = 15 * 1024, 0.005, 0.020
_DAY = date(2027, 3, 1)


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    """Run every figure; databases are made for the sums only."""
    found = [told(_size())]
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url:
            found += [told(one) for one in _sums(engine, url)]
    return found


def _size() -> Figure:
    made = shapes()
    homes = sum(1 for _, shape in made for _ in homes_of(0, shape))
    wire = len(gzip.compress(json.dumps(picture(made), separators=(",", ":"), ensure_ascii=False).encode()))
    return Figure(f"picture of {homes} homes, compressed", f"{wire / 1024:.1f} KB", target="< 15 KB", met=wire < WIRE)


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
