"""Clauses that keep an engine's planner from a choice that reads every row."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles


class unwalked(sa.sql.functions.FunctionElement[Any]):  # noqa: N801
    """A column that SQLite must not choose an index for: it takes a text part and an open range for rare, or a sorted
    walk for short, and would read every row instead of the one index that covers the query.
    """

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        self.type = column.type
        super().__init__(column)


@compiles(unwalked)
def _as_it_is(element: Any, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.clauses, **how))


@compiles(unwalked, "sqlite")
def _without_index(element: Any, compiler: Any, **how: Any) -> str:
    return f"+{compiler.process(element.clauses, **how)}"


class among(sa.sql.functions.FunctionElement[bool]):  # noqa: N801
    """Build a clause: the column is among the results of a subselect.

    Beside an OR PostgreSQL evaluates a plain IN for every row; an array is built first and found in the column's index.
    """

    inherit_cache = True
    type = sa.Boolean()

    def __init__(self, column: Any, found: Any) -> None:
        super().__init__(column, found.correlate(None).scalar_subquery())


@compiles(among)
def _in_select(element: Any, compiler: Any, **how: Any) -> str:
    column, found = element.clauses
    return f"{compiler.process(column, **how)} IN {compiler.process(found, **how)}"


@compiles(among, "postgresql")
def _in_array(element: Any, compiler: Any, **how: Any) -> str:
    column, found = element.clauses
    return f"{compiler.process(column, **how)} = ANY (ARRAY{compiler.process(found, **how)})"
