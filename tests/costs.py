"""What each action and query asks of the database and of the keys on one made case, held to `tests/costs.csv`.

No clock is read: statements, round trips, MACs and seals are counted while an act goes through the door, and everything it
wrote is undone before its commit. What has no order in the walks is counted in a test that does it (`tests/act_counts.py`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from inspect import signature
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import event
from sqlmodel import Session

from models.access import Account
from models.audit import AuditEvent
from models.citizens import CitizenDraft
from models.partners import Partner
from models.practitioners import InfoCard
from models.privacy import ExportRequest
from services.citizens.drafts import OfDraft
from services.citizens.sessions import Citizen
from services.engine.jobs import BeginDays
from services.engine.list_outcomes import Outcomes
from services.engine.listings import LISTINGS, BulkRows, ListRows, RowResult
from services.engine.orders import Reasoned
from services.engine.paging import Paging
from services.engine.refusals import Refusal
from services.engine.registry import ACTIONS, QUERIES, hints_of, open_to
from services.practitioners.public_entries import PublishPart
from services.privacy.export_files import Noted, Progress
from services.privacy.field_reveal import RevealField
from services.verification.mandates import RecordPhone
from tests.act_counts import COUNTED, Line, counting, framed, keep_lines, kept_lines, product_acts, told_dearer
from tests.city import City
from tests.report import Report

ROOT = Path(__file__).resolve().parent.parent
#: Callers and rows of each that are tried until an act succeeds, when the table is written anew.
_CALLERS, _ROWS = 5, 4

#: The order of an act that takes so many rows, the filters of a list, or a word.
_PLAIN: dict[Any, Any] = {int: 50, Mapping[str, str]: {}, str: ""}

#: Orders of acts that no test does by themselves: steps of workers, and what a page asks first.
_SAID: dict[str, Callable[[City], Any]] = {
    "accounts.reveal": lambda city: RevealField("account", city.rows(Account)[0].id, "name", "核对账号使用人"),
    "accounts.unlock": lambda city: Reasoned(city.rows(Account)[0].id, "本人已核对身份"),
    "audit.duty_sheet": lambda city: city.counter.world.door.clock.today(),
    "audit.event": lambda city: city.rows(AuditEvent)[0].id,
    "cards.publish_firm": lambda city: PublishPart(city.rows(InfoCard)[0].enterprise_id),
    "citizens.drop": lambda city: OfDraft(
        Citizen("李静", "11", city.rows(CitizenDraft)[0].owner_no.plain), city.rows(CitizenDraft)[0].id
    ),
    "exports.note": lambda city: Noted(city.rows(ExportRequest)[0].id, (), city.callers["huamu01"]),
    "exports.progress": lambda city: Progress(city.rows(ExportRequest)[0].id, 50),
    "jobs.begin": lambda city: BeginDays(("walk",), city.counter.world.door.clock.today()),
    "lists.outcomes": lambda city: Outcomes("alarms", "接手处置", (RowResult(uuid4(), False, "已由他人接手"),)),
    "partners.firms": lambda city: "走查",
    "partners.tell_tamper": lambda city: city.rows(Partner)[0].id,
    "verification.record_phone": lambda city: RecordPhone("310101199901010018", "13800000000"),
}

#: Acts that cannot be done by themselves on a made case, with the reason.
_NOT_DONE = {
    "access.bootstrap": "only in an installation without an administrator, which no walk and no test in one process has",
    "one_stop.submit": "part of citizens.submit and citizens.withdraw, with which it is counted",
}

Orders = dict[str, tuple[Any, Callable[[City, UUID], Any]]]


class _Undone(Exception):
    """Raised before a commit, so that an act is counted whole and changes nothing."""


def check_costs(city: City, orders: Orders) -> None:
    """Fail with every act that costs more than its line, and every act that is counted nowhere."""
    known = kept_lines()
    report = Report()
    with city.still():
        trial = Trial(city, orders)
        for act in sorted(product_acts() - set(_NOT_DONE)):
            with report.of(act):
                line = known.get(act)
                assert line is not None, "has no line in tests/costs.csv (docs/suite.md says how one is written)"
                assert line.done, f"is counted only refused ({line.outcome}): name a test that does it (docs/suite.md)"
                if line.test:
                    # Held to its line there.
                    assert _is_there(line.test), f"{line.test} is gone"
                else:
                    told_dearer(line, trial.count(act, line.caller, line.row))
    report.none(least=len(product_acts() - set(_NOT_DONE)))


def check_done(city: City, orders: Orders) -> None:
    """Fail with every act that the city is to do and does not, whatever it costs."""
    report = Report()
    with city.still():
        trial = Trial(city, orders)
        lines = [line for act, line in kept_lines().items() if act in product_acts() and line.done and not line.test]
        for line in lines:
            with report.of(line.act):
                tried = trial.count(line.act, line.caller, line.row)
                # In another database other rows come first.
                assert (tried if tried.done else trial.best(line.act)).outcome == "done"
    report.none(least=len(lines))


def write_costs(city: City, orders: Orders, *, anew: bool) -> None:
    """Write the lines of acts that this city does, `anew` or those the table lacks; other lines stay (`tests/act_counts.py`)."""
    known = kept_lines()
    with city.still():
        trial = Trial(city, orders)
        for act in product_acts():
            line = known.get(act)
            if line is None or not line.done or (anew and not line.test):
                known[act] = trial.best(act)
    keep_lines(line for act, line in known.items() if act in product_acts())


def _is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    path = ROOT / file
    return path.exists() and f"def {name.partition('[')[0]}(" in path.read_text(encoding="utf-8")


class Trial:
    """Tries acts in a city in which nothing changes."""

    def __init__(self, city: City, orders: Orders) -> None:
        self._city, self._orders = city, orders
        self._seen: dict[tuple[str, Any], list[UUID]] = {}
        self._listed = {one.query.name: one for one in LISTINGS.values()}
        self._bulk = {one.each.name: one for one in LISTINGS.values() if one.bulk}

    def best(self, act: str) -> Line:
        """The line of the first trial that succeeds, or else of the dearest one that was refused."""
        refused = []
        for caller, row in self._trials(act):
            line = self.count(act, caller, row)
            if line.done:
                return line
            refused.append(line)
        return max(refused, key=lambda line: int(line.statements), default=Line(act, _named(act).label))

    def count(self, act: str, caller: str, row: str) -> Line:
        """Try an act and undo it; the line of what it cost."""
        order, what = self.order(act, caller, row), _named(act)
        door, who = self._city.counter.world.door, self._city.callers[caller]
        outcome = "done"
        with counting(lambda *_: None), _undone(), framed() as counted:
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
        return Line(act, what.label, caller, row, "", outcome, *(str(counted[name]) for name in COUNTED))

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
        elif act in {*self._listed, *self._bulk, *_SAID} or _needs_nothing(what.handler):
            yield from ((who, "") for who in may[:_CALLERS])

    def order(self, act: str, caller: str, row: str) -> Any:
        """The order of an act about a row that the caller sees."""
        if act in self._orders:
            table, order = self._orders[act]
            return order(self._city, self._rows(caller, table)[int(row)])
        if act in _SAID:
            return _SAID[act](self._city)
        if act in self._bulk:
            ids = self._rows(caller, self._bulk[act].table)[:_ROWS]
            return BulkRows(self._bulk[act].bulk[0].name, tuple(ids), "走查时写明的原因")
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
def _undone() -> Iterator[None]:
    """Undo every transaction where it would be committed."""

    def undo(session: Session) -> None:
        session.flush()
        raise _Undone

    event.listen(Session, "before_commit", undo)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", undo)
