"""A city's practitioners leave as one workbook, and as CSV: 200,000 lines by the export's own way, in a worker's memory (row 42).

Who makes the file and who hands it out are processes of their own; what each needed at most is what the system says of
that process, once for a tenth of the lines and once for all of them. The baseline is the writer alone: the same columns,
ready lines, sealed as the export seals them. Processor time, PostgreSQL's own in it.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from models.columns import new_id
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.practitioner_codes import CardState
from models.practitioners import InfoCard, Practitioner
from models.privacy import ExportMedia
from models.sealed import Sealed
from models.sealed_rows import seal_row
from services.privacy.exports import DecideExport, RequestExport, decide_export, request_export
from tests.bench.bulk import postgres_writer, sqlite_writer
from tests.bench.ground import ENGINES, Ground, sealer, world_at
from tests.bench.measure import Figure, told
from tests.world import World

#: `--rows` makes it fewer; a tenth is made beside them.
PEOPLE = 200_000
#: How much dearer an export may be than its writer.
MOST = 1.5
#: Neither lines nor file grow in memory; what is left are buffers of the database's own and the allocator's pages.
MOST_MORE_MB = 25
_AT = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
_BATCH = 10_000


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    people = min(arguments.rows, PEOPLE)
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url:
            with world_at(url, houses=False):
                pass
            fill_people(engine, url, people)
            with world_at(url, houses=False) as world:
                for media in (ExportMedia.XLSX, ExportMedia.CSV):
                    few = _export(world, url, media, {"firm": "上海名册十分之一有限公司"}, people // 10)
                    whole = _export(world, url, media, {}, people)
                    figures += _figures(f"{engine}, {media.value}", people, few, whole)
    return figures


def _figures(what: str, people: int, few: "Export", whole: "Export") -> list[Figure]:
    ratio = whole.made["computed"] / whole.alone["computed"]
    return [
        told(
            Figure(
                f"{what}: {people:,} people, {whole.made['bytes'] / (1 << 20):.1f} MB",
                f"{whole.made['computed']:.1f} s computed, {whole.made['computed'] / people * 1e6:.0f} us a line",
                f"writer alone {whole.alone['computed']:.1f} s",
                f"{ratio:.2f}x",
                f"<= {MOST}x",
                ratio <= MOST,
            )
        ),
        _memory(f"{what}: peak memory of the making", people, few.made, whole.made),
        _memory(f"{what}: peak memory of the handing out", people, few.fetched, whole.fetched),
    ]


@dataclass(frozen=True)
class Export:
    """What the two processes told of themselves."""

    made: dict[str, Any]
    fetched: dict[str, Any]
    alone: dict[str, Any]


def _memory(what: str, people: int, few: dict[str, Any], whole: dict[str, Any]) -> Figure:
    more = whole["peak_mb"] - few["peak_mb"]
    figure = Figure(
        what,
        f"{people:,} people: {whole['peak_mb']:.0f} MB",
        f"{people // 10:,} people: {few['peak_mb']:.0f} MB",
        f"{more:+.0f} MB",
        f"< {MOST_MORE_MB} MB more",
        more < MOST_MORE_MB,
    )
    return told(figure)


def fill_people(engine: str, url: str, count: int) -> None:
    """Write so many persons with their active cards, past the ORM."""
    mapped: tuple[Any, ...] = (Enterprise, Practitioner, InfoCard)
    tables = [table.__table__ for table in mapped]
    writer = (
        sqlite_writer(url.removeprefix("sqlite:///"), tables) if engine == "sqlite" else postgres_writer(url, tables)
    )
    with writer as write:
        firms = [_firm("上海名册十分之一有限公司", 0), _firm("上海名册其余有限公司", 1)]
        write(tables[0], [_row(firm) for firm in firms])
        for start in range(0, count, _BATCH):
            people = [
                _person(number, firms[number >= count // 10].id) for number in range(start, min(start + _BATCH, count))
            ]
            write(tables[1], [_row(person) for person, _ in people])
            write(tables[2], [_row(card) for _, card in people])


def _firm(name: str, number: int) -> Enterprise:
    return Enterprise(
        name=name,
        kind=EnterpriseKind.RENTAL,
        uscc=f"91310115BENCH{number:04d}K",
        record_state=RecordState.RECORDED,
        district_code="310115",
        street_code="310115005",
        **_stamp(),
    )


def _person(number: int, firm: UUID) -> tuple[Practitioner, InfoCard]:
    name, id_no = f"名册{chr(0x4E00 + number % 20_000)}", person_number(number)
    holder = Practitioner(
        enterprise_id=firm,
        name=Sealed.of(name),
        id_no=Sealed.of(id_no),
        id_type="31",
        mobile=Sealed.of(f"138{number:08d}"),
        post="租赁顾问",
        store=f"门店{number % 500}",
        hired_on=date(2026, 1, 1),
        district_code="310115",
        street_code="310115005",
        **_stamp(),
    )
    card = InfoCard(
        card_no=card_number(number),
        enterprise_id=firm,
        practitioner_id=holder.id,
        name=Sealed.of(name),
        id_no=Sealed.of(id_no),
        live=1,
        duty="居间代理",
        issued_on=date(2026, 2, 1),
        active_from=date(2026, 2, 2),
        state=CardState.ACTIVE,
        **_stamp(),
    )
    return holder, card


def person_number(number: int) -> str:
    return f"P{number:08d}"


def card_number(number: int) -> str:
    return f"SH26{number:07d}0"


def _stamp() -> dict[str, Any]:
    return {"id": new_id(), "created_at": _AT, "updated_at": _AT, "version": 1}


def _row(made: Any) -> list[Any]:
    table = made.__table__
    values = {column.name: getattr(made, column.name) for column in table.columns}
    seal_row(sealer(), table, made.id, values)
    return [values[column.name] for column in table.columns]


def _export(world: World, url: str, media: ExportMedia, criteria: dict[str, str], rows: int) -> Export:
    """Ask, have it approved, let one process make it and another hand it out; what they tell of themselves."""
    order = RequestExport("practitioners", criteria, media.value, "核对全市从业人员名册")
    asked = world.door.perform(request_export, world.caller("shi01"), order)
    assert asked.rows == rows, asked
    if asked.waits:
        world.door.perform(decide_export, world.caller("shiju01"), DecideExport(asked.id, True))
    return Export(*(_worked(name, url, asked.id, rows) for name in ("make", "fetch", "alone")))


def _worked(name: str, url: str, request_id: UUID, rows: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.people_worker", name, url, str(request_id)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert answer["rows"] == rows, answer
    return answer
