"""What sealing costs: the same persons written by ORM `add_all` with sealed columns and with plain ones (decision 18)."""

import argparse
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from sqlalchemy.orm import registry
from sqlmodel import Session, delete

from models.base import Row
from models.columns import blind_index, code, integer, sealed, text
from models.dialect import Database
from models.sealed import Sealed
from models.sealing import sealer
from models.tenancy_codes import Side
from tests.bench.ground import ENGINES, Ground, bind_keys
from tests.bench.measure import Figure

ROWS, ROUNDS = 5_000, 5
MOST = {"postgresql": 1.4, "sqlite": 1.6}


class OwnTable(Row, registry=registry()):
    """Tables of this bench alone; they are in no migration."""


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


class PlainPerson(OwnTable, table=True):
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
    bind_keys()
    figures = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url:
            database = Database(url)
            figures.append(_measure(engine, database))
            database.dispose()
    figures.append(_row_mac())
    return figures


def _measure(engine: str, database: Database) -> Figure:
    OwnTable.metadata.create_all(database.engine)
    makers: dict[str, tuple[type[Any], Callable[[int], Any]]] = {
        "plain": (PlainPerson, _plain),
        "sealed": (SealedPerson, _sealed),
    }
    times: dict[str, list[float]] = {name: [] for name in makers}
    for turn in range(ROUNDS + 1):
        for name, (table, make) in makers.items():
            seconds = _write(database, table, make)
            if turn:
                times[name].append(seconds)
    sealed_, plain_ = median(times["sealed"]) / ROWS, median(times["plain"]) / ROWS
    ratio = sealed_ / plain_
    return Figure(
        f"ORM add_all, 3 sealed fields, {engine}",
        f"{sealed_ * 1e6:.0f} us a row",
        f"plain columns {plain_ * 1e6:.0f} us a row",
        f"{ratio:.2f}x (+{(sealed_ - plain_) * 1e6:.0f} us a row)",
        f"<= {MOST[engine]}x",
        ratio <= MOST[engine],
    )


def _write(database: Database, table: type[Any], make: Callable[[int], Any]) -> float:
    with database.write() as session:
        _empty(session, table)
        session.commit()
    with database.write() as session:
        start = time.perf_counter()
        session.add_all([make(place) for place in range(ROWS)])
        session.commit()
        return time.perf_counter() - start


def _empty(session: Session, table: type[Any]) -> None:
    session.connection().execute(delete(table))


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


def _row_mac() -> Figure:
    """The digest over a row (m1) is not written yet; what it will add is told beside."""
    fields = [("name", "王小明"), ("id_no", "310101199901010018"), ("mobile", "13800000000"), ("state", "ACTIVE")]
    start = time.perf_counter()
    for place in range(ROWS):
        sealer().row_mac("contract_party", str(place), 1, fields)
    return Figure("m1 over such a row, still to come", f"{(time.perf_counter() - start) / ROWS * 1e6:.0f} us a row")
