"""Many rows at once: as good as one by one on both engines, and what goes wrong is told the same way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from models.columns import new_id
from models.dialect import Database, bulk_insert
from models.partners import PartnerNonce

NONCES: sa.Table = PartnerNonce.__table__  # type: ignore[attr-defined]
AT = datetime(2026, 11, 26, 8, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Database]:
    database = Database(fresh_database_url)
    yield database
    database.dispose()


def rows(*nonces: str) -> list[dict[str, Any]]:
    return [{"id": new_id(), "app_id": 'a\t"\\N\n', "nonce": nonce, "until": AT} for nonce in nonces]


def test_what_was_inserted_is_read_as_it_was_given(database: Database) -> None:
    given = rows(*(f"{number}，测试" for number in range(40)))
    with database.write() as session:
        bulk_insert(session, NONCES, given, batch=7)
        session.commit()
    with database.read() as session:
        found = session.connection().execute(sa.select(NONCES).order_by(NONCES.c.id)).mappings().all()
    assert [dict(row) for row in found] == sorted(given, key=lambda row: row["id"])


def test_a_row_that_is_there_already_is_told_as_such_and_nothing_is_kept(database: Database) -> None:
    with database.write() as session, pytest.raises(IntegrityError):
        bulk_insert(session, NONCES, rows("1", "2", "3", "4", "5", "1"))
    with database.read() as session:
        assert session.connection().execute(sa.select(sa.func.count()).select_from(NONCES)).scalar() == 0


def test_a_text_too_long_is_cut_by_nobody(database: Database) -> None:
    if database.sqlite:
        pytest.skip("SQLite keeps no widths")
    with database.write() as session, pytest.raises(DataError):
        bulk_insert(session, NONCES, rows(*(str(number) * 200 for number in range(5))))


def test_a_session_for_reading_writes_nothing_in_bulk_either(database: Database) -> None:
    with database.read() as session:
        if database.sqlite:
            bulk_insert(session, NONCES, rows(*"12345"))
        else:
            with pytest.raises(RuntimeError):
                bulk_insert(session, NONCES, rows(*"12345"))
    with database.read() as session:
        assert session.connection().execute(sa.select(sa.func.count()).select_from(NONCES)).scalar() == 0
