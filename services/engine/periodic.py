"""Records by month: one a subject and month, none for a month to come, a closed month changed by a correction only (rows 71, 74).

A kind with a period declares `Kind(period=Monthly(...))`; the engine adds its rules. The next month is a new record begun from
the last. The table has a held key over subject and month, which settles a race.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.records import InForce, InForceState, Revision
from services.engine.cycle_drafts import begin
from services.engine.cycle_lock import in_force, own_record
from services.engine.cycle_orders import Begin, Begun, Lists
from services.engine.findings import Finding, Rule, Severity
from services.engine.kinds import Kind, Proposal
from services.engine.new_records import is_open
from services.engine.proposals import raw_row
from services.engine.refusals import Conflict
from services.engine.work import Work

FORM, TWICE, AHEAD, CLOSED = "PER-01", "PER-02", "PER-03", "PER-04"
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Monthly:
    """Columns of a kind with its subject and month, written YYYY-MM; `carried` ones begin the next month filled in.

    The subject is a field of the form, such as a permit, or a scope key, such as `project_id`.
    """

    subject: str
    month: str = "period"
    carried: tuple[str, ...] = ()
    #: Values and lists that the next month begins with beside what is carried: `(work, row, month)`.
    opens_with: Callable[[Work, Any, str], tuple[Mapping[str, Any], Lists]] | None = None

    @property
    def rules(self) -> tuple[Rule[Proposal], ...]:
        """Return the rules that hold of every such record."""
        said = "业务约定"
        return (
            Rule(FORM, "月份格式", Severity.REFUSE, self._is_a_month, said, "月份请按年-月填写"),
            Rule(TWICE, "一月一报", Severity.REFUSE, self._is_the_only_one, said, "该月份已有记录"),
            Rule(AHEAD, "不报未来月份", Severity.REFUSE, self._has_begun, said, "该月份尚未开始"),
            Rule(CLOSED, "关账月份更正", Severity.WARN, self._is_open, said, "该月份已关账"),
        )

    def look(self, work: Work, table: type[InForce], proposal: Proposal) -> Mapping[str, Any]:
        """Look for another record in force of the proposal's subject and month."""
        subject, month = proposal[self.subject], proposal[self.month]
        subject = subject if subject is not None else getattr(proposal.owner, self.subject, None)
        if subject is None or month is None:
            return {"month_taken": ""}
        wanted = self._of(table, subject, table.record_no).where(
            getattr(table, self.month) == month, col(table.id) != proposal.record_id
        )
        return {"month_taken": work.session.exec(wanted.order_by(table.id)).first() or ""}

    def _of(self, table: type[InForce], subject: UUID, column: Any) -> Any:
        return select(column).where(
            getattr(table, self.subject) == subject, col(table.in_force) == InForceState.EFFECTIVE
        )

    def months_of(self, work: Work, table: type[InForce], subject: UUID) -> list[str]:
        """Return the months of a subject that have a record in force, in their order."""
        return sorted(work.session.exec(self._of(table, subject, getattr(table, self.month))).all())

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
        elif proposal.today > closing_day(month, proposal.thresholds.integer("records.closing_day")):
            yield Finding(CLOSED, "该月份已关账，更正后已发布的统计不变，请说明理由", self.month, Severity.WARN)


def next_period(kind: Kind, work: Work, record_id: UUID) -> Begun:
    """Begin the record of the month after the subject's last, with the carried values of the record at hand."""
    period = kind.period
    assert period is not None
    row = in_force(work, kind, record_id)
    own_record(work, kind, row.id)
    held = period.months_of(work, kind.table, getattr(row, period.subject))
    if not held:
        raise Conflict("该记录已作废，不能填报下期")
    month = month_after(held[-1])
    if month > f"{work.today:%Y-%m}":
        raise Conflict(f"下期（{month}）尚未开始，不能填报")
    raw = raw_row(row)
    values = {name: raw[name] for name in (period.subject, *period.carried) if name in raw}
    if (begun := _begun(kind, work, row, month)) is not None:
        told = f"{begun.state.label} {begun.record_no}".strip()
        raise Conflict(f"下期（{month}）已在办理（{told}），在列表的最上方，请打开它继续")
    version = work.first(Revision, Revision.id == row.revision_id)
    about = version.payload.json().get("about") if version is not None else None
    if about is None and kind.makers.about == "project":
        # A record of before was begun about nothing that its version says.
        about = str(row.project_id) if row.project_id is not None else None
    more, lists = period.opens_with(work, row, month) if period.opens_with is not None else ({}, {})
    order = Begin(UUID(about) if about else None, {**values, **more, period.month: month}, lists)
    return begin(kind, work, order)


def _begun(kind: Kind, work: Work, row: Any, month: str) -> Revision | None:
    """Return what is on its way already for the subject of a record and a month."""
    assert kind.period is not None
    period, own = kind.period, str(row.project_id)
    these = (Revision.kind == kind.name, Revision.project_id == row.project_id, is_open())
    for one in work.rows(work.visible(Revision), *these, by=Revision.id):
        values = one.payload.json()["values"]
        if values.get(period.month) == month and values.get(period.subject, own) == str(getattr(row, period.subject)):
            return one
    return None


def closing_day(month: str, day: int) -> date:
    """Return the last day on which a month is open: so many days into the next."""
    return _next(date.fromisoformat(f"{month}-01")) + timedelta(days=max(day, 1) - 1)


def months(since: date, today: date) -> list[str]:
    """Return the months from that of `since` to the month before today's."""
    found = []
    month = since.replace(day=1)
    while month < today.replace(day=1):
        found.append(f"{month:%Y-%m}")
        month = _next(month)
    return found


def month_after(month: str) -> str:
    """Return the month after one, both written YYYY-MM."""
    return f"{_next(date.fromisoformat(f'{month}-01')):%Y-%m}"


def _next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
