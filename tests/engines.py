"""Which tests run on PostgreSQL beside SQLite: those in which the two may behave differently.

A test concerns the engine, and `make test` runs it on both, when

- it is of the parts that all areas stand on (`SHARED`), and it, a decorator's helper or a helper of its own folder that it
  calls handles a database or an error of one (the names below), or asks for a database by itself, empty, fresh or by its
  engine (the fixtures below), or
- it or its module is marked `both_engines`: searching by cuts, grids, numbering, conformance of the made kind.

On PostgreSQL alone, the stricter one, runs what does things at the same moment, for there rows are locked one by one, while the
one writer of SQLite has everything; and what is marked `one_engine`: a drill with processes of its own. Every other test runs on
SQLite: an area reaches its database through the shared parts.
`make test-all` runs everything on both.
"""

from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType
from typing import Any

NAMES = frozenset({"Database", "psycopg", "DBAPIError", "IntegrityError", "OperationalError"})
AT_ONCE = frozenset({"at_once", "Barrier", "Thread", "ThreadPoolExecutor"})
FIXTURES = frozenset({"database_engine", "empty_database_url", "fresh_database_url"})
MARK, ONE = "both_engines", "one_engine"
#: Packages and modules of tests of what all areas stand on.
SHARED = tuple(
    f"tests.{part}"
    for part in (
        "conformance",
        "deploy",
        "models",
        "services.engine",
        "services.operations",
        "services.records",
        "test_databases",
        "test_scan",
    )
)
ENGINES = ("sqlite", "postgresql")


def engines_needed(test: Callable[..., Any], marks: frozenset[str]) -> tuple[str, ...]:
    """Return the engines on which `make test` runs a test."""
    function = test
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = getattr(function, "__code__", None)
    if ONE in marks or code is None:
        return ENGINES[1:] if ONE in marks else ENGINES[:1]
    arguments = set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    named = _named(function)
    shared = function.__module__.startswith(SHARED)
    if MARK in marks or (shared and (arguments & FIXTURES or named & NAMES)):
        return ENGINES
    return ENGINES[1:] if named & AT_ONCE else ENGINES[:1]


@cache
def _named(function: FunctionType) -> frozenset[str]:
    """Return the names that a test uses, and those of helpers of its own folder."""
    seen: set[Any] = set()
    found: set[str] = set()
    waiting = [function]
    folder = function.__module__.rpartition(".")[0]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        names = set().union(*_names_in(one.__code__))
        found |= names
        waiting += [
            helper
            for name in names
            if isinstance(helper := one.__globals__.get(name), FunctionType)
            and helper.__module__.rpartition(".")[0] == folder
        ]
    return frozenset(found)


def _names_in(code: CodeType) -> Iterator[set[str]]:
    """The names that a function's code uses, and those of the functions written within it."""
    yield set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)
