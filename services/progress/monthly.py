"""项目进度监测月报 (row 75): what a month was for the projects a caller sees, counted as it was at the month's end."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import MARKET
from models.alerts import Alert, AlertAction, AlertGrade
from models.companies import District
from models.progress import Milestone, MilestoneCode, MilestoneScope, ProgressReport
from models.projects import Project
from models.records import InForceState
from printing.page import Issue
from printing.progress_summary import DistrictLine, MilestoneLine, ProgressSummary, RuleLine, SeriousLine, render
from printing.spelling import drawn
from services.alerts.catalogue import rule_of
from services.engine.callers import Caller
from services.engine.clock import morning_of, shanghai_text
from services.engine.door import Door
from services.engine.periodic import closing_day
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.work import Work
from services.parcels.companies import company_names

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_MOST_SERIOUS = 80
_AT_ONCE = 500


@dataclass(frozen=True)
class _Stood:
    """An alert with the grade it had at the end of the month; none where it did not stand then."""

    alert: Alert
    grade: AlertGrade | None


@query("progress.summary", "打印项目进度监测月报", roles=set(MARKET))
def summary_of(work: Work, month: str) -> ProgressSummary:
    """Return the summary of a month over the projects that the caller sees; the month at hand is counted until now."""
    if not _MONTH.fullmatch(month) or month > f"{work.today:%Y-%m}":
        raise Rejected("请选择本月或以前的月份，例如2026-10")
    first, after = date.fromisoformat(f"{month}-01"), closing_day(month, 1)
    until = min(morning_of(after), work.now)
    projects = work.rows(
        work.visible(Project),
        Project.in_force == InForceState.EFFECTIVE,
        by=(Project.name, Project.id),
    )
    stood = _alerts(work, {row.id for row in projects}, morning_of(first), until)
    light = _lights(stood)
    due = [row for row in projects if _reports(row, first, after)]
    filed = _filed(work, month) & {row.id for row in due}
    lights = Counter(light.get(row.id) for row in projects)
    raised, ended = _within(stood, morning_of(first), until)
    work.trail.tell("FILE.DOWNLOAD", "progress.summary", detail={"month": month})
    serious = [row for row in projects if light.get(row.id) is AlertGrade.RED]
    return ProgressSummary(
        issue=Issue(
            number=month,
            unit=work.caller.unit_name,
            issued_on=work.today,
            made=f"打印：{work.caller.unit_name} {work.caller.name} {shanghai_text(work.now)}",
        ),
        scope=_scope(work.caller),
        projects=f"{len(projects)}个",
        reports=f"{len(filed)}／{len(due)}",
        **{grade.value.lower(): f"{lights[grade]}个" for grade in AlertGrade},
        green=f"{lights[None]}个",
        raised=f"{sum(raised.values())}条",
        ended=f"{sum(ended.values())}条",
        until=shanghai_text(until)[:16],
        districts=_districts(projects, stood, light, due, filed, raised, ended),
        rules=_rules(stood, raised, ended),
        milestones=_milestones(work, [row.id for row in projects], first, after),
        serious=_serious(work, serious[:_MOST_SERIOUS], stood),
        more=f"另有{len(serious) - _MOST_SERIOUS}个严重预警项目，见系统。" if len(serious) > _MOST_SERIOUS else "",
    )


def summary_pdf(door: Door, caller: Caller, month: str) -> bytes:
    """The summary as PDF, drawn with no transaction open."""
    return drawn(render, door.ask(summary_of, caller, month))


def _scope(caller: Caller) -> str:
    district = District.labels().get(caller.district_code)
    return f"{district}的项目" if district else f"{caller.unit_name}可以查看的项目"


def _alerts(work: Work, ids: set[UUID], since: datetime, until: datetime) -> list[_Stood]:
    """Return the alerts of projects that were open in the month or ended in it, with their grade at its end."""
    rows = work.rows(
        work.visible(Alert),
        col(Alert.project_id).is_not(None),
        Alert.first_seen < until,
        col(Alert.ended_at).is_(None) | (col(Alert.ended_at) >= since),
        by=(Alert.first_seen, Alert.id),
    )
    rows = [row for row in rows if row.project_id in ids]
    standing = {row.id for row in rows if row.ended_at is None or row.ended_at >= until}
    grades = _grades_at(work, sorted(standing), until)
    return [_Stood(row, grades.get(row.id, row.grade) if row.id in standing else None) for row in rows]


def _grades_at(work: Work, ids: Sequence[UUID], until: datetime) -> dict[UUID, AlertGrade]:
    """Return the grade each alert had by its last step before a moment."""
    found: dict[UUID, AlertGrade] = {}
    for start in range(0, len(ids), _AT_ONCE):
        columns: Any = (AlertAction.alert_id, AlertAction.grade)
        steps = (
            select(*columns)
            .where(col(AlertAction.alert_id).in_(ids[start : start + _AT_ONCE]), AlertAction.at < until)
            .order_by(col(AlertAction.at), col(AlertAction.id))
        )
        found |= dict(work.session.exec(steps).all())
    return found


def _lights(stood: Iterable[_Stood]) -> dict[UUID, AlertGrade]:
    found: dict[UUID, AlertGrade] = {}
    for one in stood:
        project_id = one.alert.project_id
        if project_id is None or one.grade is None:
            continue
        if project_id not in found or found[project_id].rank < one.grade.rank:
            found[project_id] = one.grade
    return found


def _reports(row: Project, first: date, after: date) -> bool:
    """Return whether a project reports a month: begun before its end, and not finished before it began."""
    begun = row.started_on is not None and row.started_on < after
    return begun and (row.finished_on is None or row.finished_on >= first)


def _filed(work: Work, month: str) -> set[UUID]:
    rows = work.rows(
        work.visible(ProgressReport),
        ProgressReport.period == month,
        ProgressReport.in_force == InForceState.EFFECTIVE,
    )
    return {row.project_id for row in rows if row.project_id is not None}


Count = Counter[tuple[str, str]]


def _within(stood: Iterable[_Stood], since: datetime, until: datetime) -> tuple[Count, Count]:
    """Return how many alerts of each rule and district were raised and ended in the month."""
    raised: Count = Counter()
    ended: Count = Counter()
    for one in stood:
        key = (one.alert.rule_code, one.alert.district_code)
        raised[key] += one.alert.first_seen >= since
        ended[key] += one.alert.ended_at is not None and one.alert.ended_at < until
    return raised, ended


def _districts(
    projects: Sequence[Project],
    stood: Iterable[_Stood],
    light: Mapping[UUID, AlertGrade],
    due: Sequence[Project],
    filed: set[UUID],
    raised: Count,
    ended: Count,
) -> list[DistrictLine]:
    names = District.labels()
    lines = []
    for code in sorted({row.district_code for row in projects}):
        here = [row for row in projects if row.district_code == code]
        lights = Counter(light.get(row.id) for row in here)
        owed = [row.id for row in due if row.district_code == code]
        lines.append(
            DistrictLine(
                names.get(code, "—"),
                str(len(here)),
                str(lights[AlertGrade.RED]),
                str(lights[AlertGrade.YELLOW]),
                str(lights[AlertGrade.BLUE]),
                f"{len(filed & set(owed))}／{len(owed)}",
                str(sum(number for (_, at), number in raised.items() if at == code)),
                str(sum(number for (_, at), number in ended.items() if at == code)),
            )
        )
    return lines


def _rules(stood: Iterable[_Stood], raised: Count, ended: Count) -> list[RuleLine]:
    standing: dict[str, Counter[AlertGrade]] = defaultdict(Counter)
    for one in stood:
        standing[one.alert.rule_code][one.grade or AlertGrade.BLUE] += one.grade is not None
    return [
        RuleLine(
            f"{code} {rule_of(code).label}",
            str(sum(number for (rule, _), number in raised.items() if rule == code)),
            str(sum(number for (rule, _), number in ended.items() if rule == code)),
            str(counts[AlertGrade.RED]),
            str(counts[AlertGrade.YELLOW]),
            str(counts[AlertGrade.BLUE]),
        )
        for code, counts in sorted(standing.items())
    ]


def _milestones(work: Work, ids: Sequence[UUID], first: date, after: date) -> list[MilestoneLine]:
    planned: Counter[MilestoneCode] = Counter()
    reached: Counter[MilestoneCode] = Counter()
    overdue: Counter[MilestoneCode] = Counter()
    for start in range(0, len(ids), _AT_ONCE):
        columns: Any = (Milestone.milestone, Milestone.planned_on, Milestone.actual_on)
        rows = select(*columns).where(
            col(Milestone.project_id).in_(ids[start : start + _AT_ONCE]),
            Milestone.scope == MilestoneScope.UNIT,
            Milestone.milestone != MilestoneCode.M13,
        )
        for code, plan, actual in work.session.exec(rows).all():
            planned[code] += plan is not None and first <= plan < after
            reached[code] += actual is not None and first <= actual < after
            overdue[code] += plan is not None and plan < after and (actual is None or actual >= after)
    return [
        MilestoneLine(code.label, str(planned[code]), str(reached[code]), str(overdue[code]))
        for code in MilestoneCode
        if planned[code] or reached[code] or overdue[code]
    ]


def _serious(work: Work, projects: Sequence[Project], stood: Iterable[_Stood]) -> list[SeriousLine]:
    names = company_names(work, [row.project_company_id for row in projects])
    # By rule: the title of an open alert counts its days until today.
    why: dict[UUID | None, Counter[str]] = defaultdict(Counter)
    for one in stood:
        if one.grade is AlertGrade.RED:
            why[one.alert.project_id][rule_of(one.alert.rule_code).label] += 1
    labels = District.labels()
    return [
        SeriousLine(
            row.name,
            labels.get(row.district_code, "—"),
            names.get(row.project_company_id, ""),
            "；".join(f"{label}{f'（{number}项）' if number > 1 else ''}" for label, number in why[row.id].items()),
        )
        for row in projects
    ]
