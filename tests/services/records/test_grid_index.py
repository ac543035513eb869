"""Long grids: counted to a bound, found by one index that holds all they ask for (rows 51-62)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from models.dialect import contains
from services.engine.jobs import run_job
from services.engine.kind_listing import filter_fields, grid_fields, sortable
from services.engine.kinds import KINDS, Kind
from services.engine.shapes import by_name
from tests.services.records.desk import Desk, a_name

pytestmark = pytest.mark.both_engines

#: What PostgreSQL takes of an index's row, less what its head and the columns of every grid need.
_MOST_BYTES = 2_704 - 200
_WIDEST = 255


def _columns(kind: Kind) -> tuple[Any, ...]:
    table: sa.Table = kind.table.__table__  # type: ignore[attr-defined]
    (index,) = [one for one in table.indexes if one.name == f"ix_{table.name}_grid"]
    return tuple(index.columns)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_kinds_index_holds_what_its_grid_is_filtered_and_sorted_by(name: str) -> None:
    kind = KINDS[name]
    own = by_name(kind.table)
    asked = {field.name for field in filter_fields(kind)} | {field.name for field in grid_fields(kind)}
    wanted = {
        one
        for one in {*asked, kind.look.title} & set(own)
        if not own[one].personal and (one in sortable(kind) or one in kind.look.filters) and own[one].most <= _WIDEST
    }
    columns = _columns(kind)
    assert columns[0].name == "district_code"
    assert wanted <= {column.name for column in columns}
    # A Chinese character takes up to four bytes, any other value no more than sixteen.
    assert sum(4 * column.type.length if _is_text(column) else 16 for column in columns) < _MOST_BYTES


def _is_text(column: Any) -> bool:
    return isinstance(column.type, sa.String) and bool(column.info.get("max"))


def test_more_than_a_thousand_are_counted_no_further_than_the_page_in_view(desk: Desk) -> None:
    word = a_name("长表")
    desk.load([{"name": f"{word}{number}", "sets": number} for number in range(1_005)])
    first = desk.page(text=word, sort="sets")
    assert (first.total, first.more, len(first.lines)) == (1_000, True, 50)
    # There is a next page to turn to, and the last one knows that it is.
    assert desk.page(text=word, sort="sets", page=20).total == 1_001
    last = desk.page(text=word, sort="sets", page=21)
    assert (last.total, [line.sets for line in last.lines]) == (1_005, [1_000, 1_001, 1_002, 1_003, 1_004])
    assert not last.more


@pytest.mark.parametrize(
    "order",
    [
        {"filters": {"effective_from": ("2020-01-01", "")}, "sort": "land"},
        {"text": "号3"},
        {"filters": {"permit_no": "第3"}},
        {"text": "3", "filters": {"ring": "INNER"}, "sort": "land"},
    ],
)
def test_a_part_of_a_text_is_sought_in_the_index_alone(desk: Desk, order: dict[str, Any]) -> None:
    desk.load([{"name": a_name("索引"), "permit_no": f"第{number}号"} for number in range(500)])
    assert run_job(desk.market.world.door, "database.survey")
    engine = desk.market.world.door.database.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL knows how many rows have a part")
    with _statements(engine) as told:
        desk.page("shishen01", **order)
    (walk,) = [one for one in told if one[0].startswith("SELECT made_estate.id \n")]
    with engine.connect() as connection:
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {walk[0]}", walk[1])]
    assert "USING COVERING INDEX ix_made_estate_grid" in plan[0]


@contextmanager
def _statements(engine: sa.Engine) -> Iterator[list[tuple[str, Any]]]:
    told: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        told.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_part_is_found_whatever_its_case(desk: Desk) -> None:
    texts = ["Abc花园", "aBC花园二", "abd花园", "花园", "A%c花园", "ÀB"]
    with desk.market.world.door.database.engine.connect() as connection:

        def found(part: str) -> list[str]:
            given = sa.select(sa.column("one", sa.String)).select_from(
                sa.union_all(*(sa.select(sa.literal(text, sa.String).label("one")) for text in texts)).subquery()
            )
            clause = contains(sa.column("one", sa.String), part)
            return sorted(connection.execute(given.where(clause)).scalars().all())

        assert found("花园") == sorted(texts[:5])
        assert found("ABC花") == ["Abc花园", "aBC花园二"]
        assert found("abC") == ["Abc花园", "aBC花园二"]
        assert found("a%C") == ["A%c花园"]
        assert found("%") == ["A%c花园"]
        assert found("_") == []
