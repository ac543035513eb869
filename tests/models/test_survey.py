"""The nightly survey of SQLite: the planner knows that an index of a state most rows have is no way to a person's rows."""

import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models.base import whole_row
from models.columns import new_id
from models.dialect import Database
from models.sublets import WHOLE, SubletUnit, UnitState
from tests.bench.bulk import sqlite_writer
from tests.databases import Databases


@pytest.fixture
def filled(tmp_path: Path, databases: Databases) -> Database:
    """A database with the units of a hundred persons, all of them active."""
    file = shutil.copyfile(databases.sqlite_template(), tmp_path / "survey.db")
    persons = [new_id() for _ in range(100)]
    units = SubletUnit.__table__  # type: ignore[attr-defined]
    rows = [
        whole_row(
            SubletUnit,
            register_no=f"ZZ{number:08d}",
            person_id=persons[number % 100],
            house_id=persons[0],
            part=WHOLE,
            head_from=date(2027, 1, 1),
            head_to=date(2027, 12, 31),
            district_code="310115",
            street_code="310115001",
        )
        for number in range(3_000)
    ]
    with sqlite_writer(str(file), [units]) as write:
        write(units, [[row.get(column.name) for column in units.columns] for row in rows])
    return Database(f"sqlite:///{file}")


def plan(database: Database) -> str:
    """Return how SQLite finds the active units of a person."""
    wanted = select(SubletUnit.house_id).where(SubletUnit.person_id == new_id(), SubletUnit.state == UnitState.ACTIVE)
    statement = wanted.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.engine.connect() as connection:
        return " ".join(row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))


def test_units_of_a_person_are_found_by_the_person(filled: Database) -> None:
    filled.survey()
    assert "ix_sublet_unit_person_id" in plan(filled)
    filled.dispose()


def test_every_table_with_rows_is_surveyed_and_none_is_left_from_before(filled: Database) -> None:
    filled.survey()
    with filled.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sublet_unit")
    filled.survey()
    with filled.engine.connect() as connection:
        known = set(connection.exec_driver_sql("SELECT DISTINCT tbl FROM sqlite_stat1").scalars())
    assert "sublet_unit" not in known
    filled.dispose()


def test_a_write_of_another_connection_does_not_end_the_survey(filled: Database, tmp_path: Path) -> None:
    """A survey that had read before it took the write lock would fail on the first table: its view would be too old."""
    with filled.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS sqlite_stat1")
    tried: list[str] = []

    def write_between(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("ANALYZE") and not tried:
            tried.append(statement)
            with (
                closing(sqlite3.connect(tmp_path / "survey.db", timeout=0)) as other,
                suppress(sqlite3.OperationalError),
            ):
                other.execute("DELETE FROM sublet_unit")
                other.commit()

    sa.event.listen(filled.engine, "before_cursor_execute", write_between)
    filled.survey()
    assert tried
    assert "ix_sublet_unit_person_id" in plan(filled)
    filled.dispose()
