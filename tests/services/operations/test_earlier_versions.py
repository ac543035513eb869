"""A backup of every schema since the baseline is restored by today's program, however old it is (security S-F1, D21)."""

import os
import shutil
import signal
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

import models.dialect
from deploy.commands import restore
from deploy.settings import Settings
from models import row_mac
from models.dialect import Database, alembic_config, revisions, stored_revision
from models.documents import IssuedDocument
from models.integrity import IntegrityFault
from services.access.units import UNITS
from services.audit.jobs import sign_and_copy
from services.documents.rendition import render_waiting
from services.documents.stored_papers import open_paper
from services.engine.callers import SYSTEM
from services.engine.clock import system_now
from services.engine.door import Door
from services.engine.jobs import run_job
from services.engine.listings import ListRows
from services.operations import backup
from services.operations.archive import archived_tables, lines_of, table_as_it_was
from services.operations.backup import make_backup
from services.operations.restore import RestoreRefused, restore_backup
from tests.databases import Databases
from tests.report import Report
from tests.schema import differences
from tests.services.operations.test_backups import OpenedOver, house_over
from tests.services.tenancy.counter import Counter
from tests.world import running_world, sealer

#: Of the base library: every row is written, read and compared again for each revision.
HOUSES = 40
#: Revisions that are looked at one by one, by day and by night.
RECENT, BY_NIGHT = 5, 30
#: As if the revision after the newest had taken a column from a table, and the next one given it back.
LACKING, TABLE, COLUMN = "9998", "org_unit", "hours"
#: What the end of a restore and the upgrade write themselves.
GOING_ON = {"audit_event", "audit_head", "audit_checkpoint", "detail_tally", "job_lease", "sign_in_session"}
Content = dict[str, list[dict[str, Any]]]
Schema = tuple[str, ...]
NEWER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", "{before}"


def upgrade() -> None:
    {what}
"""


@pytest.fixture(scope="module")
def counter(databases: Databases) -> Iterator[Counter]:
    """A house with a filed lease and its papers, in the schema of today."""
    url = databases.new("sqlite")
    with running_world(url, few=HOUSES) as running:
        running.stand_at(2027, 3, 1)
        made = Counter(running)
        made.filed()
        render_waiting(running.door)
        yield made
    databases.drop(url)


@pytest.fixture(scope="module")
def content(counter: Counter) -> Content:
    """Every row of that house, by its table."""
    with counter.world.door.database.snapshot() as source:
        return {table.name: [values for _, values in lines_of(source, table)] for table in archived_tables()}


@pytest.fixture(scope="module")
def newest(databases: Databases) -> set[Schema]:
    """What an unused SQLite database of today's schema says of its tables and indexes (tests/models/test_migrations.py)."""
    database = Database(databases.new("sqlite"), sealer())
    told = schema_of(database)
    database.dispose()
    databases.drop(database.url)
    return told


def schema_of(database: Database) -> set[Schema]:
    """The statements with which SQLite would make its tables and indexes anew; a copied table has its parts in any order."""
    with database.engine.connect() as connection:
        told = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").scalars()
        return {tuple(sorted(part.strip(" ,)") for part in statement.splitlines())) for statement in told}


@pytest.fixture(scope="module")
def schemas(
    content: Content,
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> dict[str, Path]:
    """An unused SQLite database of each revision that changes a table with rows of that house, the first one's too.

    A backup of any other revision has the same rows in the same columns as one of the revision before it, and they go
    through the same revisions after both. By night each twenty-fifth of long ago is looked at; a drill looks at all.
    """
    every, option = revisions(), request.config.getoption
    looked_at = [*every[:-BY_NIGHT:25], *every[-BY_NIGHT:]] if option("--night") else [every[0], *every[-RECENT:]]
    looked_at = every if option("--soak") else looked_at
    url, folder = databases.new("sqlite", migrated=False), tmp_path_factory.mktemp("schemas")
    database, kept = Database(url, sealer()), dict[str, Path]()
    before: dict[str, list[Any]] = {}
    for revision in looked_at:
        database.make_schema(revision)
        with database.engine.connect() as connection:
            looked = sa.inspect(connection)
            there = {name for name, rows in content.items() if rows} & {*looked.get_table_names()}
            told = {name: [str(column) for column in looked.get_columns(name)] for name in there}
        if told != before:
            database.fold()
            kept[revision] = Path(shutil.copyfile(file_of(database), folder / f"{revision}.db"))
        before = told
    database.dispose()
    databases.drop(url)
    return kept


def file_of(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


@pytest.fixture
def lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    """Two revisions more, of which the first lacks a column of offices; no template of databases has them."""
    Database(database_url).engine.connect().close()
    index = f'op.execute("ALTER TABLE {TABLE} DROP COLUMN {COLUMN}")'
    again = f'op.add_column("{TABLE}", sa.Column("{COLUMN}", sa.String(60), nullable=False, server_default="", comment="办公时间"))'
    folder = tmp_path / "newer"
    folder.mkdir()
    for revision, before, what in ((LACKING, revisions()[-1], index), ("9999", LACKING, again)):
        (folder / f"{revision}_newer.py").write_text(NEWER.format(revision=revision, before=before, what=what))
    config = alembic_config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", f"{models.dialect.ROOT / 'deploy/alembic/versions'}:{folder}")
    monkeypatch.setattr(models.dialect, "alembic_config", lambda: config)
    monkeypatch.setattr(models.dialect, "VERSIONS", (*models.dialect.VERSIONS, folder))


@pytest.fixture
def empties(databases: Databases) -> Iterator[tuple[Database, Database]]:
    with two_empty(databases, "sqlite") as opened:
        yield opened


@contextmanager
def two_empty(databases: Databases, engine: str, *, newest: bool = False) -> Iterator[tuple[Database, Database]]:
    """Two empty databases, with the `newest` schema or none: one for the older installation, one for what is restored."""
    urls = [databases.new(engine, migrated=newest) for _ in range(2)]
    opened = Database(urls[0], sealer()), Database(urls[1], sealer())
    yield opened
    for url, database in zip(urls, opened, strict=True):
        database.dispose()
        databases.drop(url)


def become(database: Database, revision: str, content: Content) -> list[sa.Table]:
    """Make an installation of a revision with the content of another, as the program of that time would have written it.

    Returns its tables.
    """
    database.make_schema(revision)
    tables = []
    with database.engine.begin() as connection:
        there = {name: columns for (_, name), columns in sa.inspect(connection).get_multi_columns().items()}
        for table in archived_tables():
            if table.name not in there:
                continue
            known = {column["name"] for column in there[table.name]}
            then = table_as_it_was(
                connection, table.name, [column.name for column in table.columns if column.name in known]
            )
            tables.append(then)
            connection.execute(then.delete())
            rows = [{column.name: values[column.name] for column in then.columns} for values in content[table.name]]
            if then is not table and row_mac.is_protected(table):
                for row in rows:
                    row |= dict(row_mac.cover(sealer(), then, row, version=row_mac.version_in(row)))
            if rows:
                connection.execute(then.insert(), rows)
    return tables


def restored_by_command(database: Database, file: Path) -> Door:
    """Restore hours later than a live trail may be unsigned, then sign it as the product does when it starts."""
    door, later = Door(house_over(database)), system_now() + timedelta(hours=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.engine.write_stop.system_now", lambda: later)
        assert restore.run(Settings(), Namespace(source=file), lambda _: OpenedOver(door, Settings())) == 0
        assert door.write_stop.active
    sign_and_copy(door, at_once=True)
    return Door(house_over(database))


def told_rows(database: Database, tables: list[sa.Table]) -> dict[str, list[Any]]:
    """Every row of tables by what its program wrote, without the MACs, which an upgrade renews."""
    found: dict[str, list[Any]] = {}
    with database.snapshot() as connection:
        for table in tables:
            # A statement of the table's own, made anew for each revision, costs more than finding it empty.
            if connection.exec_driver_sql(f'SELECT 1 FROM "{table.name}" LIMIT 1').first() is None:
                found[table.name] = []
                continue
            names = [column.name for column in table.columns if column.name not in {"mac", "public_mac"}]
            found[table.name] = [[str(values[name]) for name in names] for _, values in lines_of(connection, table)]
    return found


@pytest.mark.proves("D21", "D19")
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_a_backup_of_every_earlier_schema_is_restored_and_brought_up_to_date(
    whole: bool,
    counter: Counter,
    content: Content,
    newest: set[Schema],
    databases: Databases,
    schemas: dict[str, Path],
    tmp_path: Path,
) -> None:
    assert len(schemas) > 2
    report = Report()
    for revision, schema in schemas.items():
        with report.of(revision), two_empty(databases, "sqlite") as empties:
            if revision != revisions()[0]:
                # An unused schema is as good to a restore as none; the baseline's is made from nothing.
                for database in empties:
                    shutil.copyfile(schema, file_of(database))
            comes_back(counter, content, *empties, tmp_path, revision)
            assert schema_of(empties[1]) == newest
    report.none()


@pytest.mark.proves("D21", "D19")
def test_a_backup_of_a_schema_that_lacks_a_column_is_restored_and_brought_up_to_date(
    counter: Counter, content: Content, databases: Databases, tmp_path: Path, database_engine: str, lacking: None
) -> None:
    with two_empty(databases, database_engine, newest=True) as empties:
        comes_back(counter, content, *empties, tmp_path, LACKING)
        # Its columns stand in another order.
        with empties[1].engine.connect() as connection:
            assert differences(connection) == []


def comes_back(
    counter: Counter, content: Content, older: Database, empty: Database, folder: Path, revision: str
) -> None:
    """Restore a backup of an installation of a revision with that house's content: every row is there and proven."""
    tables = become(older, revision, content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup, "archived_tables", lambda: tables)
        file = make_backup(house_over(older), folder).file
    before = told_rows(older, tables)
    door = restored_by_command(empty, file)
    after = told_rows(empty, tables)
    assert {name for name in before if before[name] != after[name]} <= GOING_ON
    assert len(before["contract_party"]) > 1
    paper = door.look(SYSTEM, lambda work: work.session.exec(select(IssuedDocument.id).limit(1)).one())
    assert (open_paper(door, counter.clerk(), paper).content or b"").startswith(b"%PDF")
    assert run_job(door, "integrity.check")
    # The trail is that of today, which tells of rows of tables that the revision did not have.
    had = {table.name for table in tables}
    faults = door.look(SYSTEM, lambda work: work.session.exec(select(IntegrityFault)).all())
    assert [one for one in faults if one.table_name in had] == []


def test_names_that_were_there_are_found_by_their_initials_after_an_upgrade(
    counter: Counter, content: Content, fresh_database_url: str
) -> None:
    """The revision before initials were kept of every searched name; each table that has such a name is covered anew."""
    before = revisions()[revisions().index("0215") - 1]
    database = Database(fresh_database_url, sealer())
    become(database, before, content)
    door = Door(house_over(database))
    door.prepare()
    found = door.ask(UNITS.query, counter.world.caller("xitong01"), ListRows({"text": "hmjdsq"}))
    assert "花木街道社区事务受理服务中心" in {line.name for line in found.lines}
    assert run_job(door, "integrity.check")
    assert door.look(SYSTEM, lambda work: work.rows(IntegrityFault)) == []
    database.dispose()


def test_an_upgrade_that_is_killed_begins_again_without_its_backup(
    content: Content, fresh_database_url: str, lacking: None
) -> None:
    """Killed while it changes the schema, covers rows anew, and logs them just before its commit: each leaves all as it was."""
    database = Database(fresh_database_url, sealer())
    had = {table.name for table in become(database, LACKING, content)}
    for point in (f"ALTER TABLE {TABLE} ADD", f"UPDATE {TABLE}", "UPDATE audit_head"):
        database.dispose()
        if not (child := os.fork()):
            sa.event.listen(database.engine, "before_cursor_execute", partial(_die_at, point))
            with suppress(BaseException):
                Door(house_over(database)).prepare()
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        with database.engine.connect() as connection:
            assert stored_revision(connection) == LACKING
    door = Door(house_over(database))
    door.prepare()
    assert run_job(door, "integrity.check")
    faults = door.look(SYSTEM, lambda work: work.session.exec(select(IntegrityFault)).all())
    assert [one for one in faults if one.table_name in had] == []
    database.dispose()


def _die_at(point: str, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
    if statement.startswith(point):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_backup_of_a_newer_program_is_refused(
    counter: Counter, empties: tuple[Database, Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_backup(counter.world.door.house, tmp_path).file
    monkeypatch.setattr("services.operations.restore.revisions", lambda: revisions()[:-1])
    with pytest.raises(
        RestoreRefused, match=f"备份的数据库版本为 {revisions()[-1]}，本程序可以恢复 {revisions()[0]} 至"
    ):
        restore_backup(house_over(empties[0]), file)


def test_an_older_backup_does_not_go_into_newer_tables(
    content: Content,
    databases: Databases,
    empties: tuple[Database, Database],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    older, empty = empties
    tables = become(older, revisions()[0], content)
    monkeypatch.setattr(backup, "archived_tables", lambda: tables)
    file = make_backup(house_over(older), tmp_path).file
    shutil.copyfile(databases.sqlite_template(), file_of(empty))
    with pytest.raises(RestoreRefused, match="请新建空库"):
        restore_backup(house_over(empty), file)
