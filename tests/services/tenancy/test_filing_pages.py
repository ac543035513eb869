"""Pages of filings are read in the order of an index: of a city's two million, each day has thousands to sort (rows 5, 10)."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from services.engine.listings import ListRows
from services.tenancy import listings
from services.tenancy.listings import FILINGS
from tests.services.tenancy.counter import Counter
from tests.world import World


@pytest.mark.row(10)
@pytest.mark.parametrize(
    ("login", "filters"),
    [
        ("shi01", {}),
        ("shi01", {"state": "ACTIVE"}),
        ("shi01", {"district": "310115"}),
        ("huamu01", {}),
        ("huamu01", {"state": "ACTIVE"}),
    ],
)
def test_a_page_of_filings_is_read_in_order_from_an_index_alone(
    counter: Counter, world: World, monkeypatch: pytest.MonkeyPatch, login: str, filters: dict[str, str]
) -> None:
    database = world.door.database
    if not database.sqlite:
        pytest.skip("PostgreSQL sorts a handful of rows whatever its indexes are")
    filed = [counter.filed().decision.filing_no for _ in range(3)]
    pages: list[tuple[str, Any]] = []

    def note(_c: Any, _u: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "ORDER BY lease_filing.filed_on DESC" in statement:
            pages.append((statement, parameters))

    monkeypatch.setattr(listings, "BROAD", 0)
    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        found = world.door.ask(FILINGS.query, world.caller(login), ListRows(filters)).lines
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)
    # Of one day the newest first; a number begins with its district.
    shown = [one for one in filed[::-1] if one[2:].startswith(filters.get("district", ""))]
    assert [line.filing_no for line in found if line.filing_no in filed] == shown
    [(statement, parameters)] = pages
    with database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        [step] = [row[-1] for row in plan]
    assert "USING COVERING INDEX" in step, step
