"""The recount of a person's sublets after one event, among 200,000 registered units (row 49)."""

import argparse
import time
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import select

from models.access import Role
from models.base import whole_row
from models.columns import new_id
from models.dialect import Database
from models.house import House
from models.places_data import streets
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.sublets import WHOLE, SubletPerson, SubletUnit
from services.engine.callers import SYSTEM
from services.engine.registry import Action
from services.engine.work import Work
from services.sublets.alerts import recount
from tests.bench.bulk import postgres_writer, sqlite_writer
from tests.bench.ground import ENGINES, Ground, sealer, world_at
from tests.bench.measure import Figure, below, percentile, told
from tests.services.sublets.office import Office
from tests.services.tenancy.counter import Counter, somebody
from tests.world import World

UNITS, EACH, EVENTS, LIMIT = 200_000, 10, 60, 0.02
_BATCH = 2_000
_FROM = date(2027, 1, 1)
_PERSONS: Any = SubletPerson.__table__  # type: ignore[attr-defined]
_UNITS: Any = SubletUnit.__table__  # type: ignore[attr-defined]


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url:
            with world_at(url) as world:
                house = world.read(lambda work: work.session.exec(select(House.id)).first())
            persons = _fill(engine, url, house)
            with world_at(url, houses=False) as world:
                figures += map(told, _measure(engine, world, persons))
    return figures


def _measure(engine: str, world: World, persons: Sequence[Any]) -> Sequence[Figure]:
    world.door.database.survey()
    world.stand_at(2027, 3, 1)
    ends = len(persons) // EVENTS
    times = [world.door.perform(_RECOUNT, SYSTEM, one) for one in persons[: ends * EVENTS : ends]]
    recounted = below(f"sublets recounted among {UNITS:,} units, {engine}", times[5:], LIMIT)
    return recounted, _registered(engine, Office(Counter(world)))


def _recounted(work: Work, person_id: Any) -> float:
    """Count one person anew, as an event does in its transaction; the seconds it took."""
    person = work.session.get_one(SubletPerson, person_id)
    started = time.perf_counter()
    assert recount(work, person).units == 1
    return time.perf_counter() - started


_RECOUNT: Action[Any, float] = Action("bench.recount", "计数", frozenset({Role.SYSTEM}), _recounted)


def _registered(engine: str, office: Office) -> Figure:
    """Register a unit for a new person through the door, recount included."""
    people = [somebody() for _ in range(EVENTS)]
    times = []
    for one in people:
        flat = office.counter.free_flat()
        started = time.perf_counter()
        office.register(one, flat)
        times.append(time.perf_counter() - started)
    return Figure(
        f"a unit registered, recount included, {engine}", f"p50 {percentile(times[5:], 0.5) * 1000:.0f} ms", met=True
    )


def _fill(engine: str, url: str, house: Any) -> list[Any]:
    """Write persons and their units past the ORM; all of them let one house whole, which counts once each."""
    database = Database(url, sealer())
    database.dispose()
    tables, path = [_PERSONS, _UNITS], url.removeprefix("sqlite:///")
    writing = sqlite_writer(path, tables) if engine == "sqlite" else postgres_writer(url, tables)
    places = streets()
    ids = [new_id() for _ in range(UNITS // EACH)]
    with writing as write:
        for start in range(0, len(ids), _BATCH):
            part = ids[start : start + _BATCH]
            persons = [
                whole_row(
                    SubletPerson,
                    id=one,
                    name=Sealed.of("某甲"),
                    id_type="11",
                    id_no=Sealed.of(f"3101011999{start + number:08d}"),
                    district_code="310115",
                    units=1,
                    most=1,
                )
                for number, one in enumerate(part)
            ]
            units = [
                whole_row(
                    SubletUnit,
                    register_no=f"ZZ{start + number:07d}{again:02d}",
                    person_id=one,
                    house_id=house,
                    part=WHOLE,
                    head_from=_FROM,
                    head_to=_FROM + timedelta(days=365),
                    district_code=places[number % len(places)].district_code,
                    street_code=places[number % len(places)].code,
                )
                for number, one in enumerate(part)
                for again in range(EACH)
            ]
            for table, rows in ((_PERSONS, persons), (_UNITS, units)):
                sealed = seal_rows(sealer(), table, rows)
                write(table, [[row.get(column.name) for column in table.columns] for row in sealed])
    return ids
