"""Records by month: one a parent and month, none for a month to come, a closed month changed by a correction only (rows 71, 74).

A kind with a period declares `Monthly(...)`, adds `rules` to its own and `look` to its facts; its table has a unique key over
parent and month, which settles a race.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.records import InForce, InForceState
from services.engine.cycle_thresholds import CLOSING_DAY
from services.engine.findings import Finding, Rule, Severity
from services.engine.kinds import Proposal
from services.engine.work import Work

FORM, TWICE, AHEAD, CLOSED = "PER-01", "PER-02", "PER-03", "PER-04"
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Monthly:
    """The columns of a table that hold the parent and the month, written YYYY-MM."""

    table: type[InForce]
    parent: str
    month: str = "period"

    @property
    def rules(self) -> tuple[Rule[Proposal], ...]:
        """Return what holds of every such record."""
        said = "业务约定"
        return (
            Rule(FORM, "月份格式", Severity.REFUSE, self._is_a_month, said, "月份请按年-月填写"),
            Rule(TWICE, "一月一报", Severity.REFUSE, self._is_the_only_one, said, "该月份已有记录"),
            Rule(AHEAD, "不报未来月份", Severity.REFUSE, self._has_begun, said, "该月份尚未开始"),
            Rule(CLOSED, "关账月份更正", Severity.WARN, self._is_open, said, "该月份已关账"),
        )

    def look(self, work: Work, proposal: Proposal) -> Mapping[str, Any]:
        """The number of another record in force of this parent and month."""
        parent, month = proposal[self.parent], proposal[self.month]
        if parent is None or month is None:
            return {"month_taken": ""}
        return {"month_taken": self.number_of(work, parent, month, other_than=proposal.record_id)}

    def number_of(self, work: Work, parent: UUID, month: str, *, other_than: UUID | None = None) -> str:
        """The number of the record in force of a parent and month, or nothing."""
        table: Any = self.table
        wanted = select(table.record_no).where(
            getattr(table, self.parent) == parent,
            getattr(table, self.month) == month,
            table.in_force == InForceState.EFFECTIVE,
        )
        if other_than is not None:
            wanted = wanted.where(table.id != other_than)
        return work.session.exec(wanted.order_by(table.id)).first() or ""

    def missing_months(self, work: Work, parent: UUID, since: date, today: date) -> list[str]:
        """The months from `since` that are over and have no record in force."""
        table: Any = self.table
        there = set(
            work.session.exec(
                select(getattr(table, self.month)).where(
                    getattr(table, self.parent) == parent, col(table.in_force) == InForceState.EFFECTIVE
                )
            ).all()
        )
        return [month for month in months(since, today) if month not in there]

    # Rules

    def _is_a_month(self, proposal: Proposal) -> Iterator[Finding]:
        month = proposal[self.month]
        if month is not None and not _MONTH.fullmatch(month):
            yield Finding(FORM, "月份请按年-月填写，例如2026-03", self.month)

    def _is_the_only_one(self, proposal: Proposal) -> Iterator[Finding]:
        if number := proposal.found.get("month_taken"):
            yield Finding(TWICE, f"该月份已有生效记录{number}，请对其更正，不要另行填报", self.month)

    def _has_begun(self, proposal: Proposal) -> Iterator[Finding]:
        month = proposal[self.month]
        if month is not None and _MONTH.fullmatch(month) and month > f"{proposal.today:%Y-%m}":
            yield Finding(AHEAD, "该月份尚未开始，不能填报", self.month)

    def _is_open(self, proposal: Proposal) -> Iterator[Finding]:
        month, before = proposal[self.month], proposal.before
        if before is None or month is None or not _MONTH.fullmatch(month):
            return
        if before.get(self.month) != month:
            yield Finding(CLOSED, "更正不能改变所属月份，请恢复原月份", self.month, Severity.REFUSE)
        elif proposal.today > closing_day(month, proposal.thresholds.integer(CLOSING_DAY)):
            yield Finding(CLOSED, "该月份已关账，更正后已发布的统计不变，请说明理由", self.month, Severity.WARN)


def closing_day(month: str, day: int) -> date:
    """The last day on which a month is open: so many days into the next one."""
    return _next(date.fromisoformat(f"{month}-01")) + timedelta(days=max(day, 1) - 1)


def months(since: date, today: date) -> list[str]:
    """The months from that of a day to the one before today's."""
    found = []
    month = since.replace(day=1)
    while month < today.replace(day=1):
        found.append(f"{month:%Y-%m}")
        month = _next(month)
    return found


def _next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
