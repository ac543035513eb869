"""Kept records: pages out of 200,000 in force, two long lists compared, a list of 5,000 lines brought in (rows 51-62)."""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from models.base import whole_row
from models.columns import new_id
from models.dialect import Database, bulk_insert
from models.places_data import districts
from models.records import InForceState, Revision, RevisionState
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from services.engine.cycle import acts
from services.engine.cycle_orders import Begun, Compare, StartUpdate
from services.engine.kind_listing import list_of
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.past_lists import AS_OF
from services.engine.work import Work
from services.records.list_sheets import LinesRead, ReadLines, read_lines
from tests.bench.ground import ENGINES, Ground, sealer, world_at
from tests.bench.measure import Figure, below, in_turn, timed, told
from tests.conformance.apart import kinds_apart, make_tables
from tests.market import Market, market
from tests.services.records.desk import MAKER, Desk, rows_asked, workbook
from tests.services.records.estate import ESTATE, Estate, Ring

RECORDS, LINES, CHILD_ROWS = 200_000, 500, 5_000
MOST_PAGE, MOST_COMPARE, MOST_IMPORT, MOST_AS_OF = 0.08, 0.3, 5.0, 0.15
#: Every so many estates have an earlier version.
_EVERY = 4
_AT_ONCE = 5_000
_ASKED = 300
_FIRST = date(2016, 1, 1)
_DAYS = 3_650
_HEADS = ("楼号", "位置", "建筑面积（㎡）", "层数", "封顶日期", "负责人")


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with (
            ground.passing(engine) as url,
            world_at(url, houses=False) as world,
            kinds_apart(ESTATE),
        ):
            make_tables(world, ESTATE)
            desk = Desk(market(world))
            figures += _lists(desk, engine)
            load_estates(desk.market, RECORDS)
            figures += _grid(desk, engine)
            _load_versions(desk.market)
            figures.append(_as_of(desk, engine))
    return figures


# ------------------------------------------------------------------ grids


def load_estates(standing: Market, count: int) -> None:
    """Estates of forty companies in every district, sealed and guarded as the product would."""
    chance = random.Random(51)
    companies = [standing.shenpu, standing.jianghai, *(new_id() for _ in range(38))]
    codes = [one.code for one in districts()]
    table: sa.Table = Estate.__table__  # type: ignore[attr-defined]
    started = time.perf_counter()
    for first in range(0, count, _AT_ONCE):

        def put(work: Work, first: int = first) -> None:
            rows = [_estate(work, number, chance, companies, codes) for number in range(first, first + _AT_ONCE)]
            bulk_insert(work.session, table, seal_rows(sealer(), table, rows))

        standing.world.act(put)
    settle(standing.world.door.database)
    print(f"    {count:,} records in {time.perf_counter() - started:.0f} s", flush=True)


def _load_versions(standing: Market) -> None:
    """The version in force of every estate, and for every fourth an earlier one that was replaced by it."""
    table: sa.Table = Revision.__table__  # type: ignore[attr-defined]
    columns: tuple[Any, ...] = (
        Estate.id,
        Estate.revision_id,
        Estate.record_no,
        Estate.effective_from,
        Estate.district_code,
    )
    # Those that the lists before made have versions of their own.
    with standing.world.door.database.read() as session:
        made = set(session.exec(select(Revision.record_id)).all())
    wanted = sa.select(*columns).where(col(Estate.id).not_in(made))

    def put(work: Work, first: int) -> None:
        rows = work.session.connection().execute(wanted.order_by(col(Estate.id)).offset(first).limit(_AT_ONCE)).all()
        versions = [_version(row, row[1], 2, row[3], None) for row in rows]
        versions += [_version(row, new_id(), 1, row[3] - timedelta(days=900), row[3]) for row in rows[::_EVERY]]
        bulk_insert(work.session, table, seal_rows(sealer(), table, versions))

    for first in range(0, RECORDS, _AT_ONCE):
        standing.world.act(partial(put, first=first))
    settle(standing.world.door.database)


def _version(row: Any, version_id: UUID, number: int, since: datetime, until: datetime | None) -> dict[str, Any]:
    payload = {"values": {"name": f"第{number}版{row[2]}", "ring": Ring.INNER.value}, "children": {}, "files": {}}
    return whole_row(
        Revision,
        id=version_id,
        kind=ESTATE.name,
        record_id=row[0],
        record_no=row[2],
        version_no=number,
        state=RevisionState.SUPERSEDED if until else RevisionState.EFFECTIVE,
        title=Sealed.of_json(payload["values"]["name"]),
        payload=Sealed.of_json(payload),
        district_code=row[4],
        effective_from=since,
        superseded_at=until,
        reviewed_at=since,
        created_at=since,
        updated_at=since,
        version=1,
    )


def _as_of(desk: Desk, engine: str) -> Figure:
    """Pages of the list at the end of days of the last three years, for the city and for a district."""
    page, door, chance = list_of(ESTATE).query, desk.market.world.door, random.Random(21)
    callers = [desk.who("shishen01"), desk.who("pdshen01")]
    asked: list[Callable[[], Any]] = []
    for number in range(_ASKED):
        day = door.clock.today() - timedelta(days=chance.randrange(1_100))
        order = ListRows({AS_OF: day.isoformat()}, Paging(chance.randrange(1, 4)))
        asked.append(partial(door.ask, page, callers[number % 2], order))
    times = in_turn({"ours": asked})["ours"]
    return told(below(f"page of 50 of {RECORDS:,} as of a day, {engine}", times, MOST_AS_OF))


def settle(database: Database) -> None:
    """What the night does for a running product: a job of ours on SQLite, autovacuum on PostgreSQL."""
    if database.sqlite:
        database.survey()
        return
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")


def _estate(
    work: Work, number: int, chance: random.Random, companies: Sequence[UUID], codes: Sequence[str]
) -> dict[str, Any]:
    return {
        **{column.name: None for column in Estate.__table__.columns},  # type: ignore[attr-defined]
        "id": new_id(),
        "created_at": work.now,
        "updated_at": work.now,
        "version": 1,
        "record_no": f"ES3100002701{number:08d}",
        "version_no": 1,
        "in_force": InForceState.EFFECTIVE,
        "revision_id": new_id(),
        "effective_from": work.now - timedelta(minutes=chance.randrange(2_000_000)),
        "district_code": chance.choice(codes),
        "head_company_id": chance.choice(companies),
        "name": f"第{number % 9_973}号地块{chance.choice('滨江世纪花园长宁静安')}苑{number}",
        "permit_no": f"沪({2016 + number % 10})浦字不动产权第{number:06d}号",
        "ring": chance.choice(list(Ring)),
        "price": Decimal(chance.randrange(10**9)),
        "land": Decimal(chance.randrange(100_000, 9_000_000)) / 100,
        "sets": chance.randrange(3_000),
        "sold": chance.random() < 0.5,
        "issued_on": _FIRST + timedelta(days=chance.randrange(_DAYS)),
        "keeper": Sealed.of("欧阳锦程"),
        "note": "",
    }


def _orders(narrow: bool) -> Iterator[dict[str, Any]]:
    """Three filters and a sort, another each time: narrow ones leave some hundreds of records, broad ones many thousands."""
    chance = random.Random(62)
    codes = [one.code for one in districts()]
    for _ in range(_ASKED):
        day = _FIRST + timedelta(days=chance.randrange(_DAYS - 800))
        filters: dict[str, Any] = {"ring": chance.choice(list(Ring)).value}
        if narrow:
            filters |= {"district_code": chance.choice(codes), "issued_on": (day, day + timedelta(days=700))}
        else:
            filters |= {"sets": (chance.randrange(1_000), ""), "issued_on": (day, "")}
        sort = chance.choice(("land", "-land", "issued_on", "-issued_on", "name", "sets", "-effective_from", ""))
        yield {"filters": filters, "sort": sort, "page": chance.randrange(1, 4)}


def _grid(desk: Desk, engine: str) -> list[Figure]:
    page = list_of(ESTATE).query
    figures = []
    for who, narrow in (("shishen01", True), ("shishen01", False), ("pdshen01", False), (MAKER, False)):
        orders = list(_orders(narrow))
        caller, door = desk.who(who), desk.market.world.door
        asked: list[Callable[[], Any]] = [partial(door.ask, page, caller, rows_asked(**order)) for order in orders]
        bare: list[Callable[[], Any]] = [partial(_bare, desk, order) for order in orders]
        times = in_turn({"ours": asked, "bare": bare})
        width = "some hundreds found" if narrow else "many thousands found"
        label = {"shishen01": "the city", "pdshen01": "a district", MAKER: "a head company"}[who]
        figures.append(
            told(
                below(
                    f"page of 50 of {RECORDS:,}, three filters and a sort, {label}, {width}, {engine}",
                    times["ours"],
                    MOST_PAGE,
                    baseline=times["bare"],
                )
            )
        )
    words: list[Callable[[], Any]] = [
        partial(door.ask, page, caller, rows_asked(word))
        for word in [f"第{number}号" for number in range(1_000, 1_100)]
    ]
    figures.append(told(below(f"a part of a name, {engine}", in_turn({"ours": words})["ours"], MOST_PAGE)))
    return figures


def _bare(desk: Desk, order: Mapping[str, Any]) -> None:
    """The same page for the whole city by one plain statement, unsealed, unmasked, uncounted."""
    wanted = [Estate.ring == order["filters"]["ring"]]
    if code := order["filters"].get("district_code"):
        wanted.append(Estate.district_code == code)
    if sets := order["filters"].get("sets"):
        wanted.append(col(Estate.sets) >= sets[0])
    low, high = order["filters"]["issued_on"]
    wanted.append(col(Estate.issued_on) >= low)
    if high:
        wanted.append(col(Estate.issued_on) <= high)
    by: Any = getattr(Estate, (order["sort"] or "-effective_from").removeprefix("-"))
    by = by.desc() if order["sort"].startswith("-") or not order["sort"] else by.asc()
    columns: tuple[Any, ...] = (
        Estate.id,
        Estate.name,
        Estate.permit_no,
        Estate.ring,
        Estate.land,
        Estate.sets,
        Estate.issued_on,
    )
    page = sa.select(*columns).where(*wanted).order_by(by, col(Estate.id)).offset((order["page"] - 1) * 50).limit(50)
    with desk.market.world.door.database.engine.connect() as connection:
        connection.execute(page).all()


# ------------------------------------------------------------------ lists


def _house(number: int, **other: Any) -> dict[str, Any]:
    return {
        "building_no": f"{number}号楼",
        "ring": "INNER",
        "gfa": f"{number}.50",
        "floors": str(number % 30 + 1),
        "topped_on": "2026-03-01",
        "foreman": "司马迁",
        **other,
    }


def _lists(desk: Desk, engine: str) -> list[Figure]:
    return [_compared(desk, engine), _brought_in(desk, engine)]


def _compared(desk: Desk, engine: str) -> Figure:
    """Every tenth line changed, some gone, some new."""
    estate = desk.effective({"houses": [_house(number) for number in range(LINES)]})
    begun = desk.do(acts(ESTATE).update, StartUpdate(estate.id, "楼栋有变化了"))
    changed = [_house(number, **({"floors": "99"} if number % 10 == 0 else {})) for number in range(5, LINES + 5)]
    desk.saved(begun, {"name": estate.name, "ring": "OUTER"}, {"houses": changed})
    order = Compare(estate.id, 1, 2)
    found = desk.ask(acts(ESTATE).compare, order)
    assert len(found.lines) >= LINES // 10, found
    times = [timed(lambda: desk.ask(acts(ESTATE).compare, order)) for _ in range(40)]
    return told(below(f"two versions compared, lists of {LINES} lines, {engine}", times, MOST_COMPARE))


def _brought_in(desk: Desk, engine: str) -> Figure:
    rows = [
        [f"{number}号楼", "内环内", number + 0.5, number % 30 + 1, date(2026, 3, 1), "司马迁"]
        for number in range(CHILD_ROWS)
    ]
    content = workbook(_HEADS, rows)
    bare = {
        "openpyxl": timed(lambda: _by_openpyxl(content)),
        "calamine": timed(lambda: CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()),
    }
    begun = desk.begun()
    times: Mapping[str, float] = _times(desk, begun, content)
    assert len(desk.view(begun.revision_id).children["houses"]) == CHILD_ROWS
    seconds = sum(times.values())
    parts = ", ".join(f"{name} {took:.1f} s" for name, took in times.items())
    return told(
        Figure(
            f"{CHILD_ROWS:,} lines of a list read, judged, kept and put into a draft, {engine}",
            f"{seconds:.1f} s ({parts})",
            ", ".join(f"{name}, bare read {took:.1f} s" for name, took in bare.items()),
            f"{seconds / bare['openpyxl']:.1f}x openpyxl",
            f"< {MOST_IMPORT:.0f} s",
            seconds < MOST_IMPORT,
        )
    )


def _times(desk: Desk, begun: Begun, content: bytes) -> dict[str, float]:
    started = time.perf_counter()
    found: LinesRead = desk.ask(read_lines, ReadLines(ESTATE.name, "houses", content))
    read = time.perf_counter()
    assert not found.findings, found.findings[:3]
    desk.saved(begun, {"name": "清单读入", "ring": "OUTER"}, {"houses": found.lines})
    return {"read and judged": read - started, "put into the draft": time.perf_counter() - read}


def _by_openpyxl(content: bytes) -> None:
    for _ in openpyxl.load_workbook(BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True):
        pass
