"""What acts ask of the database and of the keys, counted as they go through the door; no clock is read.

A test named in `tests/costs.csv` is held to the lines that name it: it does what the walks of a city have no order for
(`tests/costs.py`). What an act costs may depend on what its world did before, so lines are counted in a world of the test's
own, and a test that costs more in the world of its module is judged in such a one (`tests/second_tries.py`). With `COSTS=new` a run writes the lines of its tests anew, with `COSTS=missing` those that the table
lacks, and with `COSTS=all` it is cut to the tests of the table.
"""

import csv
import functools
import os
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median_low
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from models.sealing import Sealer
from services.engine.door import Door
from services.engine.locked_rows import LockedRows
from services.engine.registry import ACTIONS, QUERIES
from services.engine.write_stop import WriteStop
from tests.outcomes import JUDGED_AGAIN
from tests.second_tries import end_worlds

TABLE = Path(__file__).with_name("costs.csv")
#: The test that walks a city and tries what the walks have an order for.
WALK = "tests/test_everybody.py::test_each_act_costs_no_more_than_its_line[sqlite]"
COUNTED = ("statements", "round_trips", "macs", "seals")
_MACS = ("mac", "check_mac")
_SEALS = ("seal", "open", "seal_file", "open_file", "seal_stream", "open_stream")
Told = Callable[[Any, Counter[str]], None]


@dataclass(frozen=True)
class Line:
    """A line of the table: the act, where it was tried, the outcome, the costs.

    An act is tried by a caller of the city on one of the rows he sees, or else in a test, the first time it is done there.
    `outcome` is done, or the refusal's name.
    """

    act: str
    label: str
    caller: str = ""
    row: str = ""
    test: str = ""
    outcome: str = ""
    statements: str = ""
    round_trips: str = ""
    macs: str = ""
    seals: str = ""

    @property
    def done(self) -> bool:
        return self.outcome == "done"


def kept_lines() -> dict[str, Line]:
    """The lines of the table by act."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["act"]: Line(**row) for row in csv.DictReader(file)}


def keep_lines(lines: Iterable[Line]) -> None:
    """Write the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [one.name for one in fields(Line)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(line) for line in sorted(lines, key=lambda line: line.act))


def product_acts() -> set[str]:
    """The acts of services that are open to anyone; a test before this one may have loaded the demo's or a replay's."""
    acts: dict[str, Any] = {**ACTIONS, **QUERIES}
    return {name for name, one in acts.items() if one.roles and _module_of(one.handler).startswith("services.")}


def _module_of(handler: Any) -> str:
    while isinstance(handler, functools.partial):
        handler = handler.func
    return str(handler.__module__)


def told_dearer(line: Line, now: Line) -> None:
    """Fail where an act costs clearly more than its line."""
    if dearer := _dearer(line, now):
        changed = "" if now.outcome == line.outcome else f" ({line.outcome} before, now {now.outcome})"
        raise AssertionError(
            f"{line.label} ({line.act}) as {line.caller or line.test} costs more than its line: {'; '.join(dearer)}{changed}. "
            "Ask for all rows at once; where the act has to cost more, write its line anew (docs/suite.md)"
        )


def _dearer(line: Line, now: Line) -> list[str]:
    """What costs clearly more than it is known to."""
    pairs = [(name, int(getattr(now, name)), int(getattr(line, name))) for name in COUNTED]
    return [
        f"{name.replace('_', ' ')} {found} instead of {known}"
        for name, found, known in pairs
        if found > known + 1 + known // 8
    ]


# ------------------------------------------------------------------ counting


class _Frames(threading.local):
    """The acts a thread is in, the innermost last; none counts while the door looks after itself."""

    def __init__(self) -> None:
        self.open: list[Counter[str]] = []
        self.still = 0

    def add(self, what: str, number: int = 1) -> None:
        if not self.still:
            for counted in self.open:
                counted[what] += number


_FRAMES = _Frames()


@contextmanager
def counting(told: Told) -> Iterator[None]:
    """Count each act that goes through a door meanwhile, and tell what it came to when it is done.

    Write stop and locked rows are read every few seconds, whatever the act: they do not count.
    """
    patched: list[tuple[Any, str, Any]] = [
        *((Door, name, _framed(told, getattr(Door, name))) for name in ("perform", "ask")),
        *((Sealer, name, _counted("macs", getattr(Sealer, name))) for name in _MACS),
        *((Sealer, name, _counted("seals", getattr(Sealer, name))) for name in _SEALS),
        (WriteStop, "_look", _uncounted(WriteStop._look)),
        (LockedRows, "look", _uncounted(LockedRows.look)),
    ]
    if event.contains(sa.Engine, "before_cursor_execute", _asked):
        # Within another count, such as that of the test itself.
        yield
        return
    event.listen(sa.Engine, "before_cursor_execute", _asked)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, method in patched:
            patch.setattr(owner, name, method)
        try:
            yield
        finally:
            event.remove(sa.Engine, "before_cursor_execute", _asked)


def _asked(_c: Any, _u: Any, _s: Any, parameters: Any, _x: Any, many: bool) -> None:
    _FRAMES.add("round_trips")
    _FRAMES.add("statements", len(parameters) if many else 1)


@contextmanager
def framed() -> Iterator[Counter[str]]:
    """What this thread asks meanwhile."""
    counted: Counter[str] = Counter()
    _FRAMES.open.append(counted)
    try:
        yield counted
    finally:
        _FRAMES.open.pop()


def _framed(told: Told, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(door: Door, act: Any, *given: Any, **named: Any) -> Any:
        with framed() as counted:
            result = method(door, act, *given, **named)
        told(act, counted)
        return result

    return call


def _counted(what: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*given: Any, **named: Any) -> Any:
        _FRAMES.add(what)
        return method(*given, **named)

    return call


def _uncounted(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*given: Any, **named: Any) -> Any:
        _FRAMES.still += 1
        try:
            return method(*given, **named)
        finally:
            _FRAMES.still -= 1

    return call


# ------------------------------------------------------------------ in tests


class InUsedWorld(AssertionError):
    """Raised for an act that costs more than its line where other tests were before: its test is tried again alone."""


class CountedTests:
    """Holds tests to the lines that name them; with `COSTS` set, gathers what is done in the tests of a run."""

    def __init__(self, how: str) -> None:
        self._how = how
        self._known = kept_lines()
        self._held: dict[str, list[Line]] = {}
        for line in self._known.values():
            self._held.setdefault(line.test, []).append(line)
        self._found: dict[str, list[Line]] = {}

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if self._how == "all":
            items[:] = [item for item in items if item.nodeid in self._held or item.nodeid == WALK]
        if config.pluginmanager.hasplugin("rerunfailures"):
            for item in items:
                if item.nodeid in self._held:
                    item.add_marker(pytest.mark.flaky(reruns=1))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        try:
            return (yield)
        finally:
            if self._how:
                end_worlds(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        held = self._held.get(item.nodeid, [])
        if item.nodeid == WALK or not (held or self._how):
            return (yield)
        first: dict[str, Line] = {}

        def told(act: Any, counted: Counter[str]) -> None:
            if act.name not in first:
                costs = (str(counted[name]) for name in COUNTED)
                first[act.name] = Line(act.name, act.label, "", "", item.nodeid, "done", *costs)

        with counting(told):
            result = yield
        if self._how:
            for act, line in first.items():
                self._found.setdefault(act, []).append(line)
            return result
        for line in held:
            assert line.act in first, (
                f"does not do {line.act} any more, which tests/costs.csv counts here (docs/suite.md)"
            )
            try:
                told_dearer(line, first[line.act])
            except AssertionError as dearer:
                if getattr(item, "execution_count", 2) > 1:
                    raise
                item.user_properties.append((JUDGED_AGAIN, True))
                raise InUsedWorld(str(dearer)) from None
        return result

    def pytest_sessionfinish(self) -> None:
        if self._how and self._found:
            # The walk of this run has written its own.
            lines = kept_lines()
            for act in product_acts() & set(self._found):
                lines[act] = self._best(lines.get(act), self._found[act])
            keep_lines(lines.values())

    def _best(self, known: Line | None, found: Sequence[Line]) -> Line:
        """The known line, unless it is refused, or is to be written anew of the same test."""
        if known and known.done:
            again = next((one for one in found if one.test == known.test), None)
            return again if again and self._how != "missing" else known
        # Some acts are done on PostgreSQL alone.
        usual = [one for one in found if "postgresql" not in one.test] or found
        middle = median_low(int(one.statements) for one in usual)
        return next(one for one in usual if int(one.statements) == middle)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(CountedTests(os.environ.get("COSTS", "")), "counted_tests")
