"""What sealing costs: the same persons written by ORM `add_all` with sealed columns and with plain ones (decision 18)."""

import argparse
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Session, SQLModel, delete, select

from models.base import Row
from models.columns import blind_index, code, ident, integer, sealed, text
from models.dialect import Database, bulk_insert
from models.masking import mask
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.tenancy_codes import Side
from tests.bench.ground import ENGINES, Ground, sealer
from tests.bench.measure import Figure, medians, milliseconds

ROWS, ROUNDS = 5_000, 9
PAGE, MORE = 50, 0.002
MOST = {"postgresql": 1.4, "sqlite": 1.6}


class OwnTable(Row, registry=registry()):
    """Tables of this bench alone; they are in no migration."""


class PlainTable(SQLModel, registry=OwnTable._sa_registry):
    """A table without MAC, which the house has none of."""

    id: UUID = ident()


class SealedPerson(OwnTable, table=True):
    """As a party of a lease is kept: three sealed fields, each found by its index."""

    __tablename__ = "bench_sealed_person"

    side: Side = code(Side, "身份")
    position: int = integer("序号", 1)
    id_type: str = text("证件类型", max=2)
    name: Sealed = sealed("姓名", domain="name", mask="name")
    name_index: str | None = blind_index("姓名")
    id_no: Sealed = sealed("证件号码", domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    mobile: Sealed = sealed("联系电话", domain="phone", mask="phone")
    mobile_index: str | None = blind_index("联系电话")


class PlainPerson(PlainTable, table=True):
    """The same person in clear, with the same columns indexed."""

    __tablename__ = "bench_plain_person"

    side: Side = code(Side, "身份")
    position: int = integer("序号", 1)
    id_type: str = text("证件类型", max=2)
    name: str = text("姓名", max=80)
    name_index: str | None = text("姓名索引", None, max=96, index=True)
    id_no: str = text("证件号码", max=40)
    id_no_index: str | None = text("证件号码索引", None, max=96, index=True)
    mobile: str = text("联系电话", max=40)
    mobile_index: str | None = text("联系电话索引", None, max=96, index=True)


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url:
            database = Database(url, sealer())
            OwnTable.metadata.create_all(database.engine)
            figures += _written(engine, database)
            figures.append(_read(engine, database))
            database.dispose()
    return figures


def _written(engine: str, database: Database) -> list[Figure]:
    ways: dict[str, tuple[type[Any], Callable[[Session], None]]] = {
        "plain": (PlainPerson, lambda session: session.add_all([_plain(place) for place in range(ROWS)])),
        "sealed": (SealedPerson, lambda session: session.add_all([_sealed(place) for place in range(ROWS)])),
        "bulk": (SealedPerson, _in_bulk),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS + 1):
        for name, (table, write) in ways.items():
            seconds = _write(database, table, write)
            if turn:
                times[name].append(seconds)
    plain, orm, bulk = (median(times[name]) / ROWS * 1e6 for name in ways)
    return [
        Figure(
            f"{name}, 3 sealed fields and m1, {engine}",
            f"{ours:.0f} us a row",
            f"ORM add_all, plain columns {plain:.0f} us a row",
            f"{ours / plain:.2f}x ({ours - plain:+.0f} us a row)",
            f"<= {MOST[engine]}x",
            ours / plain <= MOST[engine],
        )
        for name, ours in (("ORM add_all", orm), ("bulk insert", bulk))
    ]


def _in_bulk(session: Session) -> None:
    table = SealedPerson.__table__  # type: ignore[attr-defined]
    rows = [{name: getattr(person, name) for name in table.columns.keys()} for person in map(_sealed, range(ROWS))]  # noqa: SIM118
    bulk_insert(session, table, seal_rows(sealer(), table, rows))


def _read(engine: str, database: Database) -> Figure:
    """A page of 50 rows read by the ORM, its MACs checked, one personal field of each opened and masked."""

    def read(table: type[Any], show: Callable[[Any], Any]) -> Callable[[], None]:
        def page() -> None:
            with database.read() as session:
                for person in session.exec(select(table).order_by(table.id).limit(PAGE)).all():
                    show(person)

        return page

    found = medians(
        {
            "plain": read(PlainPerson, lambda person: mask("name", person.name)),
            "sealed": read(SealedPerson, lambda person: person.name.masked()),
        },
        rounds=11,
    )
    more = found["sealed"] - found["plain"]
    return Figure(
        f"a page of {PAGE} rows read, {engine}",
        milliseconds(found["sealed"]),
        f"plain columns {milliseconds(found['plain'])}",
        f"+{milliseconds(more)}",
        f"<= +{MORE * 1000:.0f} ms",
        more <= MORE,
    )


def _write(database: Database, table: type[Any], write: Callable[[Session], None]) -> float:
    with database.write() as session:
        session.connection().execute(delete(table))
        session.commit()
    with database.write() as session:
        start = time.perf_counter()
        write(session)
        session.commit()
        return time.perf_counter() - start


def _person(place: int) -> tuple[str, str, str]:
    return f"王小{chr(0x4E00 + place % 5000)}", f"3101011990{place:07d}X", f"138{place:08d}"


def _sealed(place: int) -> SealedPerson:
    name, id_no, mobile = _person(place)
    return SealedPerson(
        side=Side.LESSEE, id_type="11", name=Sealed.of(name), id_no=Sealed.of(id_no), mobile=Sealed.of(mobile)
    )


def _plain(place: int) -> PlainPerson:
    name, id_no, mobile = _person(place)
    return PlainPerson(
        side=Side.LESSEE,
        id_type="11",
        name=name,
        name_index=name,
        id_no=id_no,
        id_no_index=id_no,
        mobile=mobile,
        mobile_index=mobile,
    )
