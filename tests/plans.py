"""How PostgreSQL finds the rows of the statements that users and partners cause most: by an index, or by a scan.

The statements are those of `ACTS`, asked of the walks' city. A plan over a handful of rows says nothing, so scans are made
dear: what is scanned even then has no index that fits its condition, and would be read whole from a table of millions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event

from tests.act_counts import Line, kept_lines
from tests.city import City
from tests.costs import Orders, Trial
from tests.report import Report

#: What counters, firms, districts and partners do all day: open, find, list, judge.
ACTS = (
    "alerts.list",
    "broker_pushes.list",
    "cancel.apply",
    "cancel.decide",
    "cancel.view",
    "cases.list",
    "cases.runs",
    "central_projects.list",
    "check_ins.list",
    "counter.case_state",
    "counter.progress",
    "direct_pay.list",
    "direct_pay.timeline",
    "drafts.open",
    "filing_calls.list",
    "filings.contract",
    "filings.list",
    "firm_mandates.list",
    "forced_review.view",
    "homes.mine",
    "inbox.list",
    "one_stop.case",
    "one_stop.part",
    "papers.bytes",
    "papers.print",
    "practitioners.list",
    "project_company.update",
    "records.project.list",
    "records.project_company.list",
    "room_applies.list",
    "stop_cases.list",
    "sublet_units.list",
    "sublets.end",
    "tenancy.contract",
    "tenancy.file",
    "verification_codes.list",
    "verifications.list",
)
#: Tables that stay small for good, which PostgreSQL reads whole sooner than by an index.
SMALL = frozenset(
    {
        "account",
        "account_role",
        "audit_head",
        "base_map",
        "integrity_fault",
        "number_counter",
        "org_unit",
        "parameter",
        "partner",
        "partner_key",
        "plane_transform",
        "saved_filter",
        "spatial_area",
        "street_change",
    }
)
#: Figures over a whole list that the city sees with no filter: every row is counted, whatever the index.
COUNTED_WHOLE = {
    ("alerts.list", "alert"),
    ("broker_pushes.list", "broker_push"),
    ("check_ins.list", "check_in"),
    ("direct_pay.list", "entrustment"),
}
#: Ways of the planner that are switched; a scan is dear, not forbidden, and so is what is left where nothing else fits.
_WAYS = ("seqscan", "hashjoin", "mergejoin", "indexscan", "indexonlyscan", "bitmapscan")
_BY_BITMAP, _IN_ORDER = {"bitmapscan"}, {"indexscan", "indexonlyscan"}
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Asked:
    """A statement as the driver was given it, with the first act that asked it."""

    act: str
    statement: str
    parameters: Any

    @property
    def words(self) -> str:
        """The statement without its columns."""
        text = _BLANKS.sub(" ", self.statement)
        return re.sub(r"^SELECT .*? FROM ", "SELECT … FROM ", text)


def statements_of(city: City, orders: Orders) -> list[Asked]:
    """The selects of `ACTS`, each once, those that most acts ask first."""
    asked: dict[str, Asked] = {}
    by: dict[str, set[str]] = {}
    known = kept_lines()
    with city.still():
        trial = Trial(city, orders)
        for act in ACTS:
            line = trial.best(act) if known[act].test else known[act]
            for statement, parameters in _selects(trial, line):
                asked.setdefault(statement, Asked(act, statement, parameters))
                by.setdefault(statement, set()).add(act)
    return sorted(asked.values(), key=lambda one: -len(by[one.statement]))


def _selects(trial: Trial, line: Line) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []

    def note(_c: Any, _u: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        if not many and statement.startswith("SELECT") and "\nFROM " in statement:
            found.append((statement, parameters))

    # What the walk itself reads to name a row is no part of the act.
    trial.order(line.act, line.caller, line.row)
    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        outcome = trial.count(line.act, line.caller, line.row).outcome
        # Of rows that are named by their place another may come first on PostgreSQL.
        assert line.row or outcome == line.outcome, (line.act, outcome)
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)
    return found


def check_plans(city: City, orders: Orders, url: str) -> None:
    """Fail with every statement that scans a table which grows."""
    report = Report()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
        for one in statements_of(city, orders):
            with report.of(one.act):
                scanned = [
                    name
                    for name in sorted(_scanned_by(connection, one) - SMALL)
                    if (one.act, name) not in COUNTED_WHOLE
                ]
                assert not scanned, f"scans {', '.join(scanned)}: {one.words}"
    report.none(least=50)


def _scanned_by(connection: psycopg.Connection[Any], one: Asked) -> set[str]:
    """Tables that are read whole whether rows are to be found by a bitmap, which takes a condition, or in an index's order."""
    found = []
    for ways in (_BY_BITMAP, _IN_ORDER):
        for way in _WAYS:
            connection.execute(f"SET enable_{way} = {'on' if way in ways else 'off'}")
        found.append(set(_scanned(plan_of(connection, one))))
    return found[0] & found[1]


def plan_of(connection: psycopg.Connection[Any], one: Asked) -> dict[str, Any]:
    """The plan of a statement with its parameters."""
    explained = connection.execute(f"EXPLAIN (FORMAT JSON) {one.statement}", one.parameters).fetchone()
    assert explained is not None
    plan: dict[str, Any] = explained[0][0]["Plan"]
    return plan


def _scanned(node: dict[str, Any], *, few: bool = False) -> Iterator[str]:
    """Tables that are read whole: by a scan, or along an index without a condition where no limit ends it."""
    few = few or node["Node Type"] == "Limit"
    along = node["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node and not few
    if node["Node Type"] == "Seq Scan" or along:
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _scanned(below, few=few)
