"""The schema that migrations made, beside the declared one."""

from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel


def differences(connection: sa.Connection) -> list[Any]:
    """Return what the tables of a database have other than they are declared.

    PostgreSQL keeps what is unique in a table in parts in each part alone (models/months.py): there an index is expected.
    """
    split = {
        name
        for name, table in SQLModel.metadata.tables.items()
        if connection.dialect.name != "sqlite" and table.info.get("unique_by_month")
    }
    found = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    return [one for one in found if not (one[0] in _OF_PARTS and one[1].table.name in split)]


_OF_PARTS = ("add_constraint", "remove_index")
