"""One baseline, from which every installation reaches the tables of today with its rows."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlmodel import select

import models.dialect
from models import row_mac
from models.columns import new_id
from models.dialect import Database, alembic_config, newest_revision
from models.engine import Notice
from models.remac import layout_of
from models.sealed import Sealed
from models.sealed_rows import seal_row
from tests.schema import differences
from tests.world import sealer

BASELINE = "0040"
NEWER = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.add_column("notice", sa.Column("{column}", sa.String(length=200), nullable=False, server_default=""))
"""


def test_there_is_one_baseline_and_one_head() -> None:
    script = ScriptDirectory.from_config(alembic_config())
    assert script.get_bases() == [BASELINE]
    assert len(script.get_heads()) == 1


def test_an_installation_at_the_baseline_reaches_the_tables_of_today(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    to_baseline(database)
    database.upgrade()
    with database.engine.connect() as connection:
        assert differences(connection) == []
    database.dispose()


def test_rows_of_an_older_schema_are_read_after_the_upgrade(
    fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the newest revision had just given notices a column: their MACs stand over the old columns."""
    database, dropped, row_id = Database(fresh_database_url, sealer()), "object_kind", new_id()
    table: sa.Table = Notice.__table__  # type: ignore[attr-defined]
    with database.engine.begin() as connection:
        for index in [index for index in table.indexes if dropped in index.columns]:
            connection.execute(sa.text(f"DROP INDEX {index.name}"))
        connection.execute(sa.text(f"ALTER TABLE notice DROP COLUMN {dropped}"))
        known = layout_of(connection)["notice"]
        row = Notice(id=row_id, subject="升级前的通知", body=Sealed.of_json({"name": "陈晓明"}), object_kind="")
        values = seal_row(sealer(), table, row_id, {column.name: getattr(row, column.name) for column in table.columns})
        values["mac"] = sealer().mac(row_mac.message(table, values, version=row_mac.version_in(values), known=known))
        older = sa.Table("notice", sa.MetaData(), *(sa.Column(name, table.c[name].type) for name in known))
        connection.execute(older.insert().values({name: values[name] for name in known}))
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    (tmp_path / "9999_newer.py").write_text(NEWER.format(head=head, column=dropped))
    config = alembic_config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", f"{models.dialect.ROOT / 'deploy/alembic/versions'}:{tmp_path}")
    monkeypatch.setattr(models.dialect, "alembic_config", lambda: config)
    monkeypatch.setattr(models.dialect, "VERSIONS", (*models.dialect.VERSIONS, tmp_path))
    assert newest_revision() == "9999"
    rewritten: list[str] = []
    database.upgrade(lambda _, tables: rewritten.extend(tables))
    assert rewritten == ["notice"]
    with database.read() as session:
        kept = session.exec(select(Notice)).one()
    assert (kept.subject, kept.object_kind, kept.body.json()) == ("升级前的通知", "", {"name": "陈晓明"})
    database.dispose()


def to_baseline(database: Database) -> None:
    with database.engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, BASELINE)
