"""What each action and query asks of the database and of the keys on one made case, held to `tests/costs.csv`.

No clock is read: statements, round trips, MACs and seals are counted while an act goes through the door, and everything it
wrote is undone before its commit. `make costs` writes the table anew.
"""

import csv
import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from inspect import signature
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session

from models.sealing import Sealer
from services.engine.listings import LISTINGS, ListRows
from services.engine.paging import Paging
from services.engine.refusals import Refusal
from services.engine.registry import ACTIONS, QUERIES, hints_of, open_to
from tests.city import City
from tests.report import Report

TABLE = Path(__file__).with_name("costs.csv")
COUNTED = ("statements", "round_trips", "macs", "seals")
#: Callers and rows of each that are tried until an act succeeds, when the table is written anew.
_CALLERS, _ROWS = 5, 4
_MACS = ("mac", "check_mac")
_SEALS = ("seal", "open", "seal_file", "open_file", "seal_stream", "open_stream")

#: The order of an act that takes so many rows, the filters of a list, or a word.
_PLAIN: dict[Any, Any] = {int: 50, Mapping[str, str]: {}, str: ""}

Orders = dict[str, tuple[Any, Callable[[City, UUID], Any]]]


@dataclass(frozen=True)
class Line:
    """A line of the table: the act, the caller of the city who tries it on which row he sees, the outcome, the costs.

    `outcome` is done, or the refusal's name; empty where the walks have no order for the act, so that nothing is counted.
    """

    act: str
    label: str
    caller: str = ""
    row: str = ""
    outcome: str = ""
    statements: str = ""
    round_trips: str = ""
    macs: str = ""
    seals: str = ""

    @property
    def done(self) -> bool:
        return self.outcome == "done"


class _Undone(Exception):
    """Raised before a commit, so that an act is counted whole and changes nothing."""


def check_costs(city: City, orders: Orders) -> None:
    """Fail with every act that costs more than its line, and every act without a line."""
    known = {line.act: line for line in kept_lines()}
    report = Report()
    with city.still():
        trial = Trial(city, orders)
        for act in sorted(_of_product()):
            with report.of(act):
                assert act in known, "has no line in tests/costs.csv; `make costs` adds it"
                if known[act].outcome:
                    _compare(known[act], trial)
    report.none(least=len(_of_product()))


def _of_product() -> set[str]:
    """The acts of services; a test before this one may have loaded the demo's or a replay's."""
    handlers = {name: one.handler for name, one in ACTIONS.items()} | {
        name: one.handler for name, one in QUERIES.items()
    }
    return {name for name, handler in handlers.items() if _module_of(handler).startswith("services.")}


def _module_of(handler: Any) -> str:
    while isinstance(handler, functools.partial):
        handler = handler.func
    return str(handler.__module__)


def write_costs(city: City, orders: Orders, *, anew: bool) -> None:
    """Write the table, `anew` or but for the lines it has."""
    kept = {} if anew else {line.act: line for line in kept_lines()}
    with city.still():
        trial = Trial(city, orders)
        lines = [kept.get(act) or trial.best(act) for act in sorted({**ACTIONS, **QUERIES})]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [one.name for one in fields(Line)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(line) for line in lines)


def kept_lines() -> Iterator[Line]:
    """The lines of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        yield from (Line(**row) for row in csv.DictReader(file))


def _compare(line: Line, trial: "Trial") -> None:
    now = trial.count(line.act, line.caller, line.row)
    if _dearer(line, now):
        # Write stop and locked rows are read every few seconds, whatever the act: not twice running.
        now = trial.count(line.act, line.caller, line.row)
    if dearer := _dearer(line, now):
        changed = "" if now.outcome == line.outcome else f" ({line.outcome} before, now {now.outcome})"
        raise AssertionError(
            f"{line.label} as {line.caller} costs more than its line: {'; '.join(dearer)}{changed}. "
            "Ask for all rows at once; where the act has to cost more, `make costs` writes the table anew"
        )


def _dearer(line: Line, now: Line) -> list[str]:
    """What costs clearly more: ids made in one millisecond sort by chance, so that one case more or less is met."""
    pairs = [(name, int(getattr(now, name)), int(getattr(line, name))) for name in COUNTED]
    return [
        f"{name.replace('_', ' ')} {found} instead of {known}"
        for name, found, known in pairs
        if found > known + 1 + known // 8
    ]


class Trial:
    """Tries acts in a city in which nothing changes."""

    def __init__(self, city: City, orders: Orders) -> None:
        self._city, self._orders = city, orders
        self._seen: dict[tuple[str, Any], list[UUID]] = {}
        self._listed = {one.query.name: one for one in LISTINGS.values()}

    def best(self, act: str) -> Line:
        """The line of the first trial that succeeds, or else of the dearest one that was refused."""
        refused = []
        for caller, row in self._trials(act):
            line = self.count(act, caller, row)
            # Write stop and locked rows are read every few seconds, whatever the act: not twice running.
            line = min(line, self.count(act, caller, row), key=lambda one: int(one.statements))
            if line.done:
                return line
            refused.append(line)
        return max(refused, key=lambda line: int(line.statements), default=Line(act, _named(act).label))

    def count(self, act: str, caller: str, row: str) -> Line:
        """Try an act and undo it; the line of what it cost."""
        order, what = self.order(act, caller, row), _named(act)
        door, who = self._city.counter.world.door, self._city.callers[caller]
        outcome = "done"
        with _counting() as counted:
            try:
                if act in ACTIONS:
                    door.perform(what, who, order)
                else:
                    door.ask(what, who, order)
            except _Undone as undone:
                if isinstance(undone.__context__, Refusal):
                    outcome = type(undone.__context__).__name__
            except Exception as failure:
                # Rows that walks furnish are not whole: some acts find nothing to work on.
                outcome = type(failure).__name__
        return Line(act, what.label, caller, row, outcome, *(str(counted[name]) for name in COUNTED))

    def _trials(self, act: str) -> Iterator[tuple[str, str]]:
        """Callers who may, those with an office or a firm first, each with the rows he sees."""
        what = _named(act)
        may = [who for who, caller in self._city.callers.items() if open_to(what, caller)]
        may.sort(key=lambda who: (who.startswith("nowhere."), who))
        if act in self._orders:
            table = self._orders[act][0]
            seeing = (who for who in may if self._rows(who, table))
            for who in islice(seeing, _CALLERS):
                yield from ((who, str(row)) for row in range(len(self._rows(who, table)[:_ROWS])))
        elif act in self._listed or _needs_nothing(what.handler):
            yield from ((who, "") for who in may[:_CALLERS])

    def order(self, act: str, caller: str, row: str) -> Any:
        """The order of an act about a row that the caller sees."""
        if act in self._orders:
            table, order = self._orders[act]
            return order(self._city, self._rows(caller, table)[int(row)])
        if act in self._listed:
            return ListRows(paging=Paging(1, 50, ""))
        kind = _order_of(_named(act).handler)
        return kind() if is_dataclass(kind) and isinstance(kind, type) else _PLAIN.get(kind)

    def _rows(self, caller: str, table: Any) -> list[UUID]:
        if (caller, table) not in self._seen:
            seen = self._city.seen(self._city.callers[caller], table)
            # As they were stored: ids of one millisecond stand in any order.
            self._seen[caller, table] = [row.id for row in self._city.rows(table) if row.id in seen]
        return self._seen[caller, table]


def _named(act: str) -> Any:
    return ACTIONS.get(act) or QUERIES[act]


def _order_of(handler: Callable[..., Any]) -> Any:
    names = list(signature(handler).parameters)
    return hints_of(handler).get(names[1]) if len(names) > 1 else None


def _needs_nothing(handler: Callable[..., Any]) -> bool:
    """Tell whether the order is none at all, a plain one, or one whose fields all have defaults."""
    kind = _order_of(handler)
    if kind in _PLAIN:
        return True
    if is_dataclass(kind):
        return all(one.default is not MISSING or one.default_factory is not MISSING for one in fields(kind))
    return kind is None or kind is type(None)


@contextmanager
def _counting() -> Iterator[Counter[str]]:
    """Count what is asked of database and keys, and undo every transaction where it would be committed."""
    counted: Counter[str] = Counter()

    def asked(_c: Any, _u: Any, _s: Any, parameters: Any, _x: Any, many: bool) -> None:
        counted["round_trips"] += 1
        counted["statements"] += len(parameters) if many else 1

    def undo(session: Session) -> None:
        session.flush()
        raise _Undone

    kept = {name: getattr(Sealer, name) for name in (*_MACS, *_SEALS)}
    event.listen(sa.Engine, "before_cursor_execute", asked)
    event.listen(Session, "before_commit", undo)
    for name, method in kept.items():
        setattr(Sealer, name, _counted(counted, "macs" if name in _MACS else "seals", method))
    try:
        yield counted
    finally:
        for name, method in kept.items():
            setattr(Sealer, name, method)
        event.remove(Session, "before_commit", undo)
        event.remove(sa.Engine, "before_cursor_execute", asked)


def _counted(counted: Counter[str], what: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*given: Any, **named: Any) -> Any:
        counted[what] += 1
        return method(*given, **named)

    return call
