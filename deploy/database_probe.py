"""Probe of a database: every kind of statement the product needs, tried on scratch tables (security.md 2.4).

For PostgreSQL and what claims to be compatible with it, and for SQLite. Only the scratch tables are touched.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from models.columns import ScaledNumber, UtcMoment, new_id
from models.dialect import Database, locked, locked_skipping


@dataclass(frozen=True)
class Outcome:
    """Result of a probe; `detail` is a version, a count, or the fault."""

    label: str
    passed: bool
    detail: str = ""


class Missed(Exception):
    """The database answered, but not what the product relies on."""


class Ground:
    """The scratch tables: a schema of their own on PostgreSQL, a prefix on SQLite."""

    def __init__(self, database: Database) -> None:
        self.database, self.sqlite = database, database.sqlite
        name = f"shenfang_probe_{secrets.token_hex(4)}"
        self.schema = None if self.sqlite else name
        self.prefix = f"{name}_" if self.sqlite else ""
        self.metadata = sa.MetaData(schema=self.schema)
        self.house = sa.Table(
            f"{self.prefix}house",
            self.metadata,
            sa.Column("id", sa.Uuid, primary_key=True),
            sa.Column("code", sa.String(40), nullable=False, unique=True, comment="编码"),
            sa.Column("note", sa.Text),
            sa.Column("rent", ScaledNumber(18, 2)),
            sa.Column("area", ScaledNumber(14, 4)),
            sa.Column("at", UtcMoment),
            sa.Column("on_day", sa.Date),
            sa.Column("holds", sa.Boolean),
            sa.Column("facts", sa.JSON),
            sa.Column("content", sa.LargeBinary),
            sa.Column("version", sa.BigInteger, nullable=False, default=1),
        )
        key = sa.ForeignKey(self.house.c.id, deferrable=True, initially="DEFERRED")
        self.part = sa.Table(
            f"{self.prefix}part",
            self.metadata,
            sa.Column("id", sa.Uuid, primary_key=True),
            sa.Column("house_id", sa.Uuid, key, nullable=False, index=True),
            sa.Column("gram", sa.String(2), nullable=False, index=True),
        )

    def make(self) -> None:
        with self.writing() as connection:
            if self.schema:
                connection.exec_driver_sql(f"CREATE SCHEMA {self.schema}")
            self.metadata.create_all(connection)

    def remove(self) -> None:
        with self.writing() as connection:
            if self.schema:
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE")
            else:
                self.metadata.drop_all(connection)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A connection in a transaction that is kept unless something is raised."""
        with self.database.engine.connect() as connection:
            connection.info["writer"] = True
            try:
                with connection.begin():
                    yield connection
            finally:
                connection.info.pop("writer", None)

    def house_row(self, **values: object) -> dict[str, object]:
        return {"id": new_id(), "code": secrets.token_hex(8), "version": 1, **values}

    def back(self, connection: sa.Connection, row: dict[str, object]) -> sa.Row[tuple[object, ...]]:
        """A row as the database gives it after it was stored."""
        connection.execute(self.house.insert(), [row])
        return connection.execute(sa.select(self.house).where(self.house.c.id == row["id"])).one()


#: Raises what the database cannot do, and may return what else is known.
Probe = Callable[[Ground], str | None]
PROBES: list[tuple[str, Probe]] = []


def probe(label: str) -> Callable[[Probe], Probe]:
    def keep(function: Probe) -> Probe:
        PROBES.append((label, function))
        return function

    return keep


def probe_database(url: str) -> Iterator[Outcome]:
    """Run every probe; the scratch tables are always removed."""
    database = Database(url, pool_size=4)
    ground = Ground(database)
    try:
        try:
            version = version_text(database)
        except Exception as problem:
            yield Outcome("连接数据库", False, reason(problem))
            return
        yield Outcome("连接数据库", True, version)
        try:
            ground.make()
        except Exception as problem:
            yield Outcome("建立试验表", False, reason(problem))
            return
        yield Outcome("建立试验表", True, ground.schema or ground.prefix.rstrip("_"))
        for label, function in PROBES:
            try:
                yield Outcome(label, True, function(ground) or "")
            except Exception as problem:
                yield Outcome(label, False, reason(problem))
    finally:
        try:
            ground.remove()
        except Exception as problem:
            yield Outcome("清除试验表", False, reason(problem))
        database.dispose()


def reason(problem: Exception) -> str:
    """Return a line that names no address and no password."""
    told = problem.orig if isinstance(problem, DBAPIError) and problem.orig is not None else problem
    first = str(told).strip().splitlines()[0] if str(told).strip() else ""
    return f"{type(told).__name__}：{first[:160]}" if not isinstance(problem, Missed) else first


def version_text(database: Database) -> str:
    """The version as the server words it: compatible databases word it in their own way."""
    with database.engine.connect() as connection:
        if database.sqlite:
            return f"SQLite {connection.exec_driver_sql('SELECT sqlite_version()').scalar_one()}"
        return str(connection.exec_driver_sql("SELECT version()").scalar_one())[:100]


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Missed(otherwise)


@contextmanager
def refused(otherwise: str, errors: type[DBAPIError] = IntegrityError) -> Iterator[None]:
    """Expect the database to refuse what is done inside."""
    try:
        yield
    except errors:
        return
    raise Missed(otherwise)


@probe("版本与编码")
def version_and_encoding(ground: Ground) -> str:
    with ground.database.engine.connect() as connection:
        if ground.sqlite:
            number = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar_one())
            expect(tuple(map(int, number.split(".")[:2])) >= (3, 35), f"SQLite {number} 低于 3.35")
            return str(connection.exec_driver_sql("PRAGMA encoding").scalar_one())
        encoding = str(connection.exec_driver_sql("SHOW server_encoding").scalar_one())
        expect(encoding.upper() in ("UTF8", "UTF-8", "GB18030"), f"库编码为 {encoding}，须为 UTF8")
        told = connection.dialect.server_version_info
        expect(bool(told), "无法识别版本号")
        return f"{encoding}，识别为 {'.'.join(map(str, told or ()))}"


@probe("保存点内唯一键冲突后事务可继续")
def savepoint_and_unique(ground: Ground) -> None:
    row = ground.house_row()
    with ground.writing() as connection:
        connection.execute(ground.house.insert(), [row])
        with refused("重复的编码没有被拒绝"), connection.begin_nested():
            connection.execute(ground.house.insert(), [ground.house_row(code=row["code"])])
        connection.execute(ground.house.insert(), [ground.house_row()])


@probe("写事务互斥（FOR UPDATE）")
def for_update(ground: Ground) -> None:
    row = ground.house_row()
    with ground.writing() as connection:
        connection.execute(ground.house.insert(), [row])
    chosen = sa.select(ground.house.c.id).where(ground.house.c.id == row["id"])
    with ground.database.write() as first:
        first.execute(locked(first, chosen)).all()
        expect(_held(ground, chosen), "第二个连接取得了已被锁定的行")


def _held(ground: Ground, chosen: sa.Select[tuple[object]]) -> bool:
    """Return whether a second connection is kept out at once."""
    if ground.sqlite:
        raw = ground.database.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA busy_timeout=0")
            raw.cursor().execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        finally:
            raw.invalidate()
        return False
    with ground.database.engine.connect() as second:
        try:
            second.execute(chosen.with_for_update(nowait=True)).all()
        except DBAPIError:
            return True
    return False


@probe("跳过他人锁定的行（SKIP LOCKED）")
def skip_locked(ground: Ground) -> str:
    if ground.sqlite:
        return "SQLite 写事务独占全库，无需此语句"
    rows = [ground.house_row(note="skip"), ground.house_row(note="skip")]
    with ground.writing() as connection:
        connection.execute(ground.house.insert(), rows)
    chosen = sa.select(ground.house.c.id).where(ground.house.c.note == "skip").order_by(ground.house.c.id)
    with ground.database.write() as first, ground.database.write() as second:
        held = first.execute(locked(first, chosen.limit(1))).scalar_one()
        left = list(second.execute(locked_skipping(second, chosen)).scalars())
    expect(len(left) == 1 and held not in left, "没有跳过被锁定的行")
    return ""


@probe("外键延迟到提交时检查")
def deferred_key(ground: Ground) -> None:
    row = ground.house_row()
    part = {"id": new_id(), "house_id": row["id"], "gram": "房屋"}
    with ground.writing() as connection:
        connection.execute(ground.part.insert(), [part])
        connection.execute(ground.house.insert(), [row])
    with refused("提交时没有发现无主的外键"), ground.writing() as connection:
        connection.execute(ground.part.insert(), [{**part, "id": new_id(), "house_id": new_id()}])


@probe("触发器可拒绝修改")
def triggers(ground: Ground) -> None:
    table = ground.part.fullname
    name = f"{ground.prefix}part_kept"
    with ground.writing() as connection:
        if ground.sqlite:
            order = f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'kept'); END"
            connection.exec_driver_sql(order)
        else:
            connection.exec_driver_sql(
                f"CREATE FUNCTION {ground.schema}.kept() RETURNS trigger AS "
                "$$ BEGIN RAISE EXCEPTION 'kept' USING ERRCODE = '23505'; END $$ LANGUAGE plpgsql"
            )
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {ground.schema}.kept()"
            )
    row = ground.house_row()
    with refused("触发器没有拒绝修改", DBAPIError), ground.writing() as connection:
        connection.execute(ground.house.insert(), [row])
        connection.execute(ground.part.insert(), [{"id": new_id(), "house_id": row["id"], "gram": "触发"}])
        connection.execute(ground.part.update().values(gram="改动"))


@probe("时刻按 UTC 存取，保留毫秒")
def moments(ground: Ground) -> None:
    at = datetime(2026, 12, 31, 16, 0, 0, 123000, tzinfo=UTC)
    with ground.writing() as connection:
        found = ground.back(connection, ground.house_row(at=at, on_day=date(2027, 1, 1)))
    expect(found.at == at and found.at.tzinfo is not None, f"存入 {at}，取出 {found.at}")
    expect(found.on_day == date(2027, 1, 1), f"日期取出为 {found.on_day}")


@probe("四字节汉字（GB 18030-2022）")
def four_bytes(ground: Ground) -> None:
    text = "𠮷田𰻝𬎆·买买提"
    with ground.writing() as connection:
        found = ground.back(connection, ground.house_row(note=text))
        counted = connection.execute(sa.select(sa.func.length(ground.house.c.note)).where(ground.house.c.note == text))
        expect(found.note == text, "取出的字与存入的不同")
        expect(counted.scalar_one() == len(text), "长度不按字符计算")


@probe("空字符串与空值不同")
def empty_and_null(ground: Ground) -> None:
    with ground.writing() as connection:
        expect(ground.back(connection, ground.house_row(note="")).note == "", "空字符串变成了空值")
        expect(ground.back(connection, ground.house_row(note=None)).note is None, "空值变成了空字符串")


@probe("十八位小数不失真")
def decimals(ground: Ground) -> None:
    rent, area = Decimal("9999999999999999.99"), Decimal("1234567890.1234")
    with ground.writing() as connection:
        found = ground.back(connection, ground.house_row(rent=rent, area=area, note="decimal"))
        expect(found.rent == rent and found.area == area, f"取出为 {found.rent}、{found.area}")
        more = connection.execute(sa.select(ground.house.c.id).where(ground.house.c.rent > rent - Decimal("0.01")))
        expect(len(more.all()) == 1, "比较大小有误")
        summed = connection.execute(sa.select(sa.func.sum(ground.house.c.rent)).where(ground.house.c.note == "decimal"))
        expect(summed.scalar_one() == rent, "求和失真")


@probe("LIKE 转义")
def like_escape(ground: Ground) -> None:
    with ground.writing() as connection:
        connection.execute(
            ground.house.insert(), [ground.house_row(note="占比 100%_\\"), ground.house_row(note="占比 100元")]
        )
        found = connection.execute(
            sa.select(ground.house.c.note).where(ground.house.c.note.contains("100%_\\", autoescape=True, escape="!"))
        )
        expect([row.note for row in found] == ["占比 100%_\\"], "通配符没有按字面匹配")


@probe("按键翻页")
def keyset(ground: Ground) -> None:
    rows = [ground.house_row(note="page", on_day=date(2026, 1, 1 + number // 3)) for number in range(10)]
    house = ground.house
    order = (house.c.on_day.desc(), house.c.id.desc())
    pages: list[object] = []
    with ground.writing() as connection:
        connection.execute(house.insert(), rows)
        whole = sa.select(house.c.id, house.c.on_day).where(house.c.note == "page").order_by(*order)
        last = None
        while True:
            after = whole
            if last is not None:
                same = sa.and_(house.c.on_day == last.on_day, house.c.id < last.id)
                after = whole.where(sa.or_(house.c.on_day < last.on_day, same))
            page = connection.execute(after.limit(3)).all()
            if not page:
                break
            pages += [row.id for row in page]
            last = page[-1]
        expect(pages == [row.id for row in connection.execute(whole)], "翻页有重复或遗漏")


@probe("JSON 与二进制原样存取")
def json_and_bytes(ground: Ground) -> None:
    facts, content = {"权利人": [{"份额": "50"}], "空": None}, bytes(range(256))
    with ground.writing() as connection:
        found = ground.back(connection, ground.house_row(facts=facts, content=content, holds=True))
    expect(found.facts == facts, "JSON 内容有变")
    expect(bytes(found.content) == content, "二进制内容有变")
    expect(found.holds is True, "布尔值有变")


@probe("版本列防止覆盖他人修改")
def version_column(ground: Ground) -> None:
    row = ground.house_row()
    update = ground.house.update().where(ground.house.c.id == row["id"], ground.house.c.version == 1)
    with ground.writing() as connection:
        connection.execute(ground.house.insert(), [row])
        first = connection.execute(update.values(version=2)).rowcount
        second = connection.execute(update.values(version=2)).rowcount
    expect((first, second) == (1, 0), f"受影响行数为 {first}、{second}")


@probe("批量写入与两字检索")
def bulk_and_cuts(ground: Ground) -> str:
    rows = [ground.house_row(note=f"南泉北路{number}号") for number in range(1000)]
    grams = ("南泉", "泉北")
    parts = [{"id": new_id(), "house_id": row["id"], "gram": gram} for row in rows for gram in grams]
    one, other = ground.part.alias(), ground.part.alias()
    found = (
        sa.select(sa.func.count(sa.distinct(one.c.house_id)))
        .select_from(one.join(other, other.c.house_id == one.c.house_id))
        .where(one.c.gram == "南泉", other.c.gram == "泉北")
    )
    with ground.writing() as connection:
        connection.execute(ground.house.insert(), rows)
        connection.execute(ground.part.insert(), parts)
        expect(connection.execute(found).scalar_one() == len(rows), "检索结果不全")
    return f"{len(rows) + len(parts)} 行"


@probe("分组、子查询、左连接")
def statements(ground: Ground) -> None:
    house, part = ground.house, ground.part
    other = part.alias()
    has_part = sa.exists(sa.select(other.c.id).where(other.c.house_id == house.c.id))
    counted = (
        sa.select(sa.case((house.c.version > 1, "改"), else_="原").label("state"), sa.func.count(part.c.id))
        .select_from(house.outerjoin(part, part.c.house_id == house.c.id))
        .where(sa.or_(has_part, house.c.note.is_not(None)), house.c.id.in_(sa.select(house.alias().c.id)))
        .group_by("state")
        .having(sa.func.count() > 0)
        .order_by(sa.func.coalesce(sa.func.max(house.c.note), ""))
    )
    with Session(ground.database.engine) as session:
        expect(len(session.execute(counted).all()) >= 1, "没有结果")


@probe("一致性快照读取（备份）")
def snapshot(ground: Ground) -> None:
    counted = sa.select(sa.func.count()).select_from(ground.house)
    engine = ground.database.engine
    reading = engine if ground.sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
    with reading.connect() as reader, reader.begin():
        before = reader.execute(counted).scalar_one()
        with ground.writing() as connection:
            connection.execute(ground.house.insert(), [ground.house_row()])
        expect(reader.execute(counted).scalar_one() == before, "快照中看到了他人的新数据")


@probe("增加列与改名")
def altering(ground: Ground) -> None:
    table = ground.part.fullname
    with ground.writing() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN remark VARCHAR(20) DEFAULT '' NOT NULL")
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME COLUMN remark TO later")
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN later")
