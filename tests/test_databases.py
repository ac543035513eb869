"""The throw-away databases keep apart what must be apart."""

import pytest
import sqlalchemy as sa

from models.dialect import Database
from tests.databases import Databases


def test_two_databases_share_nothing(databases: Databases, database_engine: str) -> None:
    one, other = (databases.new(database_engine, migrated=False) for _ in range(2))
    first, second = Database(one), Database(other)
    with first.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE seen (n INTEGER)"))
    assert sa.inspect(first.engine).has_table("seen")
    assert not sa.inspect(second.engine).has_table("seen")
    for url, database in ((one, first), (other, second)):
        database.dispose()
        databases.drop(url)


def test_a_database_starts_without_a_schema_when_asked(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert sa.inspect(database.engine).get_table_names() == []
    database.dispose()


def test_chinese_text_and_rare_characters_come_back(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with database.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT :name").bindparams(name="𠮷田㐂·申房")) == "𠮷田㐂·申房"
    database.dispose()


def test_a_copy_of_the_template_has_the_newest_schema(database_url: str, fresh_database_url: str) -> None:
    tables = []
    for url in (database_url, fresh_database_url):
        database = Database(url)
        tables.append(set(sa.inspect(database.engine).get_table_names()))
        database.dispose()
    assert tables[0] == tables[1]
    assert {"alembic_version", "audit_event"} <= tables[0]


def test_an_error_of_the_database_is_logged_without_the_values(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with pytest.raises(sa.exc.DBAPIError) as told, database.engine.connect() as connection:
        connection.execute(sa.text("SELECT * FROM nowhere WHERE name = :name").bindparams(name="王小明"))
    assert "nowhere" in str(told.value)
    assert "王小明" not in str(told.value)
    database.dispose()
