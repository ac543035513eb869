"""PostgreSQL and the servers made from it: how each names itself and which PostgreSQL it answers like (X3)."""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

#: Name of the driver in an engine's URL; settings say `postgresql://` for all of them.
DRIVER = "postgresql+compatible"
#: Execution options of a statement that is planned once a connection. One that is made once, finds its rows by keys and is
#: asked in every act of its kind: of others a plan for any values may be a bad one.
PREPARED = {"prepared": True}
_ITSELF = re.compile(r"(?:PostgreSQL|EnterpriseDB) (\d+)(?:\.(\d+))?(?:\.(\d+))?")
#: Names of servers that do not name the PostgreSQL they are made from, and that PostgreSQL.
_FAMILIES = (
    (re.compile(r"openGauss|GaussDB|MogDB|Vastbase", re.IGNORECASE), (9, 2, 4)),
    (re.compile(r"Kingbase", re.IGNORECASE), (12, 1)),
)
#: The oldest: of a stranger nothing is expected that came later.
_OLDEST = (9, 2)
#: No row where a server has no such setting, for an unknown one would end the transaction.
_NUMBER = "SELECT setting FROM pg_settings WHERE name = 'server_version_num'"


class CompatibleDialect(PGDialect_psycopg):
    """The dialect of psycopg for servers whose `version()` names another product."""

    driver = "compatible"
    supports_statement_cache = True

    def __init__(self, **how: Any) -> None:
        # The type is not used, and looking for it needs functions that older relatives lack.
        super().__init__(use_native_hstore=False, **how)  # type: ignore[no-untyped-call]

    def do_execute(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        if context is not None and "prepared" in context.execution_options:
            cursor.execute(statement, parameters, prepare=True)
        else:
            cursor.execute(statement, parameters)

    def _get_server_version_info(self, connection: sa.Connection) -> tuple[int, ...]:
        named = str(connection.exec_driver_sql("SELECT version()").scalar())
        if known := version_of(named):
            return known
        number = str(connection.exec_driver_sql(_NUMBER).scalar() or "")
        return version_by_number(int(number)) if number.isdigit() else family_of(named)


def version_of(named: str) -> tuple[int, ...]:
    """Return the version of PostgreSQL that a server names itself by; nothing when it names another product."""
    found = _ITSELF.search(named)
    return tuple(int(part) for part in found.groups() if part is not None) if found else ()


def version_by_number(number: int) -> tuple[int, ...]:
    """Return the version in a server's `server_version_num`: 90204 is 9.2.4, 120001 is 12.1."""
    first, rest = divmod(number, 10_000)
    return (first, rest) if first >= 10 else (first, rest // 100, rest % 100)


def family_of(named: str) -> tuple[int, ...]:
    """Return the version of PostgreSQL that a server is made from, by the name of its product."""
    return next((version for pattern, version in _FAMILIES if pattern.search(named)), _OLDEST)


registry.register("postgresql.compatible", __name__, "CompatibleDialect")
