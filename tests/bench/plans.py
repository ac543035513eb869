"""The plans of the fifty commonest selects over a large base, kept in docs/plans (PostgreSQL): `make plans ROWS=2000000`.

The statements are those that `tests/plans.py` takes from the walks' city, those that most acts ask first; they are explained
with the city's parameters over the kept base of so many filings, whose statistics are made anew.
"""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

import psycopg

from tests.bench.ground import Ground
from tests.bench.measure import Figure
from tests.bench.million import TABLES, million
from tests.city import furnished_city
from tests.plans import Asked, statements_of
from tests.test_everybody import ORDERS

KEPT = Path(__file__).resolve().parents[2] / "docs" / "plans" / "postgresql.md"
MOST = 50
_FILLED = {table.name for table in TABLES}
_SCAN = re.compile(rf"Seq Scan on ({'|'.join(sorted(_FILLED))})\b")
_HEAD = """# Plans of the commonest statements

Made by `make plans ROWS={rows}` on PostgreSQL {version}: {count} selects that everyday acts ask, those that most acts ask first,
explained over {rows:,} filings with {parties:,} parties and {houses:,} houses. Columns and values are left out. Tables of
which nothing stands in that base are scanned, for they are empty; they are held to their indexes by
`tests/test_everybody.py::test_the_commonest_statements_are_found_by_an_index`.
"""


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    with ground.passing("postgresql") as url, furnished_city(url) as city:
        asked = [one for one in statements_of(city, ORDERS) if _reads_filled(one)][:MOST]
    with psycopg.connect(million(ground, "postgresql", arguments.rows), autocommit=True) as connection:
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("ANALYZE")
        plans = [(one, _explained(connection, one)) for one in asked]
        version = connection.info.server_version // 10_000
        counts = {table: _count(connection, table) for table in ("contract_party", "house")}
    head = _HEAD.format(
        rows=arguments.rows,
        version=version,
        count=len(plans),
        parties=counts["contract_party"],
        houses=counts["house"],
    )
    parts = [f"\n## {one.act}\n\n```sql\n{one.words}\n```\n\n```\n{plan}\n```\n" for one, plan in plans]
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(head + "".join(parts), encoding="utf-8")
    scans = sorted({one.act for one, plan in plans if _SCAN.search(plan)})
    return [Figure(f"plans over {arguments.rows:,} filings", f"{len(plans)} kept", "", "", "", None)] + [
        Figure(f"{act} scans a table", "see docs/plans") for act in scans
    ]


def _reads_filled(one: Asked) -> bool:
    return any(f"FROM {name}" in one.words or f"JOIN {name} " in one.words for name in _FILLED)


def _explained(connection: psycopg.Connection[object], one: Asked) -> str:
    rows = connection.execute(f"EXPLAIN {one.statement}".encode(), one.parameters).fetchall()
    return "\n".join(re.sub("'[^']*'", "'…'", str(row[0]))[:200] for row in rows)  # type: ignore[index]


def _count(connection: psycopg.Connection[object], table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    return int(found[0]) if found else 0  # type: ignore[index]
