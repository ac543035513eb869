"""Which tests run on PostgreSQL beside SQLite: those in which the two may behave differently.

A test concerns the engine, and `make test` runs it on both, when

- it, a decorator's helper or a helper of its own folder that it calls does things at the same moment, handles a database,
  an error of one or SQL of its own (the names below), or
- it asks for a database by itself, empty, fresh or by its engine (the fixtures below), or
- it or its module is marked `both_engines`: searching by cuts, grids, numbering, conformance of the made kind.

What is marked `one_engine` runs on PostgreSQL alone, the stricter one: a drill with processes of its own, a walk whose
statements are the same on both. Every other test runs on SQLite.
`make test-all` runs everything on both.
"""

from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType
from typing import Any

NAMES = frozenset(
    {
        "at_once",
        "Barrier",
        "Thread",
        "ThreadPoolExecutor",
        "Database",
        "psycopg",
        "exec_driver_sql",
        "DBAPIError",
        "IntegrityError",
        "OperationalError",
        "locked",
        "locked_skipping",
    }
)
FIXTURES = frozenset({"database_engine", "empty_database_url", "fresh_database_url"})
MARK, ONE = "both_engines", "one_engine"
ENGINES = ("sqlite", "postgresql")


def engines_needed(test: Callable[..., Any], marks: frozenset[str]) -> tuple[str, ...]:
    """Return the engines on which `make test` runs a test."""
    if ONE in marks:
        return ENGINES[1:]
    return ENGINES if concerns_engine(test, marks) else ENGINES[:1]


def concerns_engine(test: Callable[..., Any], marks: frozenset[str]) -> bool:
    """Whether a test function may behave differently on the two engines."""
    if MARK in marks:
        return True
    function = test
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    arguments = set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    return bool(arguments & FIXTURES) or _names_engine(function)


@cache
def _names_engine(function: FunctionType) -> bool:
    seen: set[Any] = set()
    waiting = [function]
    folder = function.__module__.rpartition(".")[0]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        for names in _names_in(one.__code__):
            if names & NAMES or {"sa", "text"} <= names:
                return True
            waiting += [
                helper
                for name in names
                if isinstance(helper := one.__globals__.get(name), FunctionType)
                and helper.__module__.rpartition(".")[0] == folder
            ]
    return False


def _names_in(code: CodeType) -> Iterator[set[str]]:
    """The names that a function's code uses, and those of the functions written within it."""
    yield set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)
