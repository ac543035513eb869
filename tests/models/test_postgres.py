"""Servers made from PostgreSQL are taken by the names they give themselves (X3); a server with such a name is a real PostgreSQL."""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

import models.dialect
from deploy.database_probe import PROBES, probe_database
from models.audit import AuditEvent
from models.dialect import Database
from models.postgres import PREPARED, family_of, version_by_number, version_of
from services.audit.jobs import Beat, heartbeat
from services.engine.callers import SYSTEM
from services.engine.door import Door
from tests.databases import Databases
from tests.world import house_on

OPENGAUSS = (
    "(openGauss 5.0.0 build a07d57c3) compiled at 2023-03-29 03:07:56 commit 0 last mr  "
    "on x86_64-unknown-linux-gnu, compiled by g++ (GCC) 7.3.0, 64-bit"
)
OPENGAUSS_6 = (
    "(openGauss 6.0.0 build aee4abd5) compiled at 2024-09-29 19:14:27 commit 0 last mr  on aarch64-unknown-linux-gnu"
)
GAUSSDB = "gaussdb (GaussDB Kernel 505.2.1.SPC0800 build 01df718e) compiled at 2025-07-03 01:16:00 commit 10558 release"
KINGBASE = "KingbaseES V008R006C008B0014 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 4.1.2 20080704, 64-bit"
VASTBASE = "(Vastbase G100 V2.2 (Build 10) ) compiled at 2022-10-12 on x86_64-unknown-linux-gnu"
MOGDB = "(MogDB 5.0.8 build 7173a9d9) compiled at 2024-05-29 on x86_64-unknown-linux-gnu"
STRANGER = "SomeBase 3.1 on x86_64"

ITSELF = [
    ("PostgreSQL 15.8 (Debian 15.8-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc", (15, 8)),
    ("PostgreSQL 17beta1 on x86_64-pc-linux-gnu", (17,)),
    # PolarDB, and older products of the Gauss family.
    ("PostgreSQL 14.13 (PolarDB 14.13.28.0 build 0) on x86_64-linux-gnu", (14, 13)),
    ("PostgreSQL 9.2.4 (GaussDB Kernel V500R002C00 build 1fe02a22) on x86_64-unknown-linux-gnu", (9, 2, 4)),
    ("EnterpriseDB 9.6.2.7 on x86_64-pc-linux-gnu", (9, 6, 2)),
]
RELATIVES = [
    (OPENGAUSS, (9, 2, 4)),
    (OPENGAUSS_6, (9, 2, 4)),
    (GAUSSDB, (9, 2, 4)),
    (VASTBASE, (9, 2, 4)),
    (MOGDB, (9, 2, 4)),
    (KINGBASE, (12, 1)),
    (STRANGER, (9, 2)),
]


@pytest.mark.parametrize(("named", "version"), ITSELF)
def test_a_server_that_names_its_postgresql_is_taken_at_its_word(named: str, version: tuple[int, ...]) -> None:
    assert version_of(named) == version


@pytest.mark.parametrize(("named", "version"), RELATIVES)
def test_a_server_that_names_another_product_is_known_by_its_family(named: str, version: tuple[int, ...]) -> None:
    assert version_of(named) == ()
    assert family_of(named) == version


@pytest.mark.parametrize(("number", "version"), [(90204, (9, 2, 4)), (120001, (12, 1)), (150008, (15, 8))])
def test_the_number_of_a_version_is_read(number: int, version: tuple[int, ...]) -> None:
    assert version_by_number(number) == version


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | None], None]:
    """Have the driver answer as a server of another name would, with its own number of a version or none."""

    def name(version: str, number: str | None) -> None:
        real = psycopg.Cursor.execute

        def execute(cursor: Any, query: Any, *rest: Any, **more: Any) -> Any:
            text = query if isinstance(query, str) else ""
            if re.search(r"\bversion\(\)", text):
                query = f"SELECT '{version}'::text AS version"
            elif "server_version_num" in text:
                query = f"SELECT '{number}'::text" if number else "SELECT 'none'::text WHERE false"
            return real(cursor, query, *rest, **more)

        monkeypatch.setattr(psycopg.Cursor, "execute", execute)
        # The engines of tests share what the first one learnt of its server (tests/databases.py).
        monkeypatch.setattr(models.dialect, "_postgres_engine", inspect.unwrap(models.dialect._postgres_engine))

    return name


@pytest.fixture
def empty_url(databases: Databases) -> Iterator[str]:
    url = databases.new("postgresql", migrated=False)
    yield url
    databases.drop(url)


@pytest.fixture
def migrated_url(databases: Databases) -> Iterator[str]:
    url = databases.new("postgresql")
    yield url
    databases.drop(url)


@pytest.mark.parametrize(
    ("server", "number", "version", "begun"),
    [
        # The oldest one makes every table; the next finds them there.
        (OPENGAUSS, None, (9, 2, 4), "empty_url"),
        (GAUSSDB, "90204", (9, 2, 4), "migrated_url"),
        (KINGBASE, None, (12, 1), "migrated_url"),
    ],
)
def test_the_product_connects_to_a_relative_and_works_with_it(
    request: pytest.FixtureRequest,
    named: Callable[[str, str | None], None],
    server: str,
    number: str | None,
    version: tuple[int, ...],
    begun: str,
) -> None:
    url = request.getfixturevalue(begun)
    named(server, number)
    house = house_on(url)
    door = Door(house)
    with house.database.engine.connect() as connection:
        assert connection.dialect.server_version_info == version
    door.prepare()
    door.perform(heartbeat, SYSTEM, Beat())
    with house.database.read() as session:
        assert session.exec(select(AuditEvent.act).where(AuditEvent.act == "audit.heartbeat")).all() == [
            "audit.heartbeat"
        ]
    house.database.dispose()


def test_the_probe_passes_on_a_relative_and_names_it(
    migrated_url: str, named: Callable[[str, str | None], None]
) -> None:
    named(KINGBASE, "120001")
    outcomes = list(probe_database(migrated_url))
    assert [one for one in outcomes if not one.passed] == []
    assert len(outcomes) == len(PROBES) + 2
    assert outcomes[0].detail.startswith("KingbaseES V008R006C008B0014")
    assert any(one.detail.endswith("识别为 12.1") for one in outcomes)


def test_a_connection_names_no_setting_a_relative_lacks_and_still_has_no_helpers(migrated_url: str) -> None:
    database = Database(migrated_url)
    asked = "SHOW max_parallel_workers_per_gather"
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        assert "options" not in driver.info.get_parameters()
        connection.rollback()
        # Also after a transaction that was rolled back, as the pool does with every one.
        assert connection.exec_driver_sql(asked).scalar() == "0"
    database.dispose()


@pytest.mark.parametrize("pooled", [False, True])
def test_a_statement_is_prepared_that_asks_for_it_but_not_behind_a_pooler(migrated_url: str, *, pooled: bool) -> None:
    database = Database(migrated_url, pooled=pooled)
    asked = sa.select(col(AuditEvent.id)).where(col(AuditEvent.seq) == sa.bindparam("seq"))
    found = []
    with database.engine.connect() as connection:
        for statement in (asked, asked.execution_options(**PREPARED)):
            for number in range(7):
                connection.execute(statement, {"seq": number})
            kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%audit_event%%seq = $1%%'"
            found.append(connection.exec_driver_sql(kept).scalar())
    database.dispose()
    assert found == [0, 0 if pooled else 1]
