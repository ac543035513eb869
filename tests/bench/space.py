"""Space: checking red lines, searching neighbours, hostile and large drawings, models (rows 80, 81). Processor time."""

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import shapely
from sqlalchemy import Index
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, select

from models.dialect import Database
from models.geometry import Boxed, Geometry, geometry
from services.files.file_refusals import FileRefused
from services.space.building_model import build_model
from services.space.coordinate_files import read_coordinates
from services.space.drawing_guard import scan_drawing
from services.space.drawing_layers import LayerBook, Wanted, encoding_of, thin_copy
from services.space.drawing_process import CHILD
from services.space.drawing_report import answer_drawing
from services.space.extent import Declared, check_extent
from services.space.extent_search import near
from services.space.geometry_field import geometry_of
from tests.bench.ground import ENGINES, Ground
from tests.bench.measure import Figure, told
from tests.services.space.drawings import EAST, NORTH, OUTLINE, box, building, content_of, drawing, many_outlines
from tests.services.space.homes import house, storey_of
from tests.services.space.hostile_drawings import hostile_drawings
from tests.services.space.lists import table

PARCELS, LOOK_UPS = 12_000, 200
POINTS, ENTITIES, BUILDINGS = 5_000, 199_000, 200
#: Outlines that are still read, and megabytes that the child may need.
MOST_OUTLINES, CHILD_MB = 20_000, 150
CHECK, LOOK_UP, REFUSAL, DRAWING, DIVISION = 0.050, 0.001, 1.0, 6.0, 2.0


class _Apart(SQLModel, registry=registry()):
    """The table of this bench only."""


class Parcel(_Apart, Boxed, table=True):
    """A stored extent."""

    __tablename__ = "bench_parcel"
    __table_args__ = (
        Index("ix_bench_parcel_box", "e_min", "e_max", "n_min", "n_max"),
        Index("ix_bench_parcel_width", "width"),
    )
    id: int = Field(primary_key=True)
    outline: Geometry = geometry("范围")


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    """Run every figure; databases are made for the search only."""
    figures = [told(figure) for figure in (_checks(), *_drawings(), *_models())]
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url:
            figures.append(told(_search(engine, url)))
    return figures


def _figure(name: str, seconds: float, limit: float) -> Figure:
    return Figure(name, f"{seconds * 1000:.1f} ms", target=f"< {limit * 1000:.0f} ms", met=seconds < limit)


def _processor(call: Callable[[], Any], rounds: int = 5) -> float:
    """The least processor seconds of several rounds, children included."""
    found = []
    for _ in range(rounds):
        begun = _used()
        call()
        found.append(_used() - begun)
    return min(found)


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _checks() -> Figure:
    turns = [step * math.tau / POINTS for step in range(POINTS)]
    text = table([(NORTH + 500 * math.cos(turn), EAST + 500 * math.sin(turn)) for turn in turns]).encode()
    declared = Declared(area=785_398.0, district="310115")
    return _figure(
        f"{POINTS} points read and checked", _processor(lambda: check_extent(read_coordinates(text), declared)), CHECK
    )


def _drawings() -> Iterator[Figure]:
    slowest = max(_processor(partial(answer_drawing, "x", content), 1) for _, content in hostile_drawings())
    yield _figure("slowest refusal of 22 hostile drawings", slowest, REFUSAL)
    plan = _large_plan()
    yield _figure(f"guard of a drawing of {len(plan) >> 20} MB", _processor(lambda: _guarded(plan), 2), DRAWING)
    seconds = _processor(lambda: answer_drawing("x", plan), 2)
    yield _figure(f"drawing of {ENTITIES + 4 * BUILDINGS} entities, {BUILDINGS} buildings", seconds, DRAWING)
    heap = many_outlines(MOST_OUTLINES, 0)
    yield _figure(
        f"refusal of {MOST_OUTLINES} outlines on each other", _processor(lambda: answer_drawing("x", heap), 2), REFUSAL
    )
    for name, content in (
        ("planting is left out", plan),
        ("all on the layer of outlines", many_outlines(MOST_OUTLINES, 10)),
    ):
        peak = _peak_of_child(content)
        yield Figure(f"memory of the child, {name}", f"{peak} MB", target=f"< {CHILD_MB} MB", met=peak < CHILD_MB)


def _guarded(content: bytes) -> None:
    with suppress(FileRefused):
        scan_drawing(content)


def _peak_of_child(content: bytes) -> int:
    """The most memory in MB that the child had while it opened a drawing; read in the child, for what a parent is told
    of its children has the parent's own memory in it."""
    scan = scan_drawing(content)
    encoding, _ = encoding_of(scan)
    book = LayerBook(scan, encoding)
    layers = book.choose(Wanted()).all
    order = {
        "encoding": encoding,
        "layers": sorted(layers),
        "frozen": sorted(book.frozen),
        "scale": 1.0,
        "farthest": 1e8,
    }
    told = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='__main__'); sys.stderr.write(open('/proc/self/status').read())"
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", told, str(CHILD)],
        input=json.dumps(order).encode() + b"\n" + thin_copy(book, layers),
        capture_output=True,
        check=True,
    )
    line = next(one for one in done.stderr.decode().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def _large_plan() -> bytes:
    """Buildings with labels among a great many lines of planting."""
    made = drawing()
    for place in range(BUILDINGS):
        east, north = place % 20 * 60, place // 20 * 40
        building(made.modelspace(), box(30, 14, east=east, north=north), f"{place + 1}#", "18F", "H=54")
    content = content_of(made)
    line = f"  0\nLINE\n  8\n绿化\n 10\n{EAST}\n 20\n{NORTH}\n 11\n{EAST}\n 21\n{NORTH + 1}\n".encode()
    place = content.index(b"  0\nLWPOLYLINE")
    assert OUTLINE.encode() in content[place:]
    return content[:place] + line * ENTITIES + content[place:]


def _models() -> Iterator[Figure]:
    rows = [row for storey in range(1, 35) for row in storey_of(storey, 8, inner=70.0)]
    one = house(shapely.box(EAST, NORTH, EAST + 40, NORTH + 15), above=34)

    def build() -> Any:
        return [build_model(one, rows) for _ in range(30)]

    models = build()
    yield _figure(
        f"dividing 30 buildings, {sum(len(model.homes) for model in models)} homes", _processor(build, 3), DIVISION
    )


def _search(engine: str, url: str) -> Figure:
    database = Database(url)
    Parcel.metadata.create_all(database.engine)
    across = math.isqrt(PARCELS)
    with database.write() as session:
        for number in range(PARCELS):
            east, north = number % across * 120, number // across * 120
            row = Parcel(id=number, outline=geometry_of(shapely.box(east, north, east + 50 + number % 90, north + 100)))
            row.take_box(row.outline)
            session.add(row)
        session.commit()
    with database.read() as session:
        boxes = [session.get_one(Parcel, number * 53 % PARCELS) for number in range(LOOK_UPS)]
        times = []
        for one in boxes:
            begun = time.process_time()
            session.exec(select(Parcel.id).where(*near(Parcel, one))).all()
            times.append(time.process_time() - begun)
    database.dispose()
    return _figure(f"{engine}: neighbours among {PARCELS} parcels", sorted(times)[LOOK_UPS // 2], LOOK_UP)
