"""Alerts as people look at them: a list with counts, those of one subject, and one with its evidence and history (row 54)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func
from sqlmodel import col, or_, select

from models.access import MARKET, OrgUnit
from models.alerts import STANDING, Alert, AlertAct, AlertAction, AlertGrade, AlertState
from models.documents import Attachment
from services.alerts.catalogue import RULES, rule_of, told_words
from services.alerts.life import acknowledge, close_alert, explain, may_answer, may_close
from services.engine.actor_names import people_told
from services.engine.kept_visibility import told_who_reviews
from services.engine.look_ups import names_by, values_by
from services.engine.paging import Paging, ordering
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.steps import is_available
from services.engine.work import Work

#: Counted no further than this; the page says there are more.
COUNTED = 10_000
_MOST_TEXT = 60
_SORTED = {
    "rule_code": Alert.rule_code,
    "subject_label": Alert.subject_label,
    "first_seen": Alert.first_seen,
    "last_seen": Alert.last_seen,
    "due_on": Alert.due_on,
    "hits": Alert.hits,
}


@dataclass(frozen=True)
class AlertFilter:
    """`view` is "" for open alerts, `overdue`, `unseen`, `ended` or `all`; the other fields narrow it."""

    view: str = ""
    grade: str = ""
    rule: str = ""
    text: str = ""
    subject_type: str = ""
    subject_id: UUID | None = None
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class AlertLine:
    id: UUID
    alert_no: str
    grade: AlertGrade
    state: AlertState
    rule_code: str
    rule: str
    title: str
    subject_type: str
    subject_id: UUID
    subject_label: str
    first_seen: datetime
    last_seen: datetime
    hits: int
    due_on: date
    overdue: bool
    version: int


@dataclass(frozen=True)
class AlertPage:
    """`total` is counted up to `counted_to` only."""

    total: int
    lines: tuple[AlertLine, ...]
    counted_to: int = COUNTED


@query("alerts.market_list", "预警列表", roles=set(MARKET))
def list_alerts(work: Work, order: AlertFilter) -> AlertPage:
    """Return the caller's alerts: open ones by grade, ended ones by time."""
    offset, size = order.paging.bounds()
    rows = _narrowed(work, order)
    counted = select(func.count()).select_from(rows.with_only_columns(col(Alert.id)).limit(COUNTED).subquery())
    if order.paging.sort.lstrip("-") == "grade":
        # By how grave they are, not by what the grades are called.
        ways = [_gravest() if order.paging.sort.startswith("-") else -_gravest()]
    elif order.paging.sort:
        ways = [ordering(order.paging.sort, _SORTED, "-last_seen")]
    elif order.view in {"ended", "all"}:
        ways = [col(Alert.last_seen).desc()]
    else:
        ways = [_gravest(), col(Alert.due_on)]
    found = work.session.exec(rows.order_by(*ways, col(Alert.id)).offset(offset).limit(size)).all()
    return AlertPage(work.session.exec(counted).one(), tuple(_line(work, row) for row in found))


@dataclass(frozen=True)
class AlertCounts:
    """Open alerts by grade, and those without acknowledgement and past their day."""

    by_grade: Mapping[str, int]
    unseen: int
    overdue: int

    @property
    def standing(self) -> int:
        return sum(self.by_grade.values())


@query("alerts.market_counts", "预警数", roles=set(MARKET))
def count_alerts(work: Work, order: AlertFilter) -> AlertCounts:
    """Count the open alerts visible to the caller."""
    base = _narrowed(work, AlertFilter(rule=order.rule, text=order.text, subject_id=order.subject_id))
    rows = base.subquery()
    graded = work.session.exec(select(rows.c.grade, func.count()).group_by(rows.c.grade)).all()
    counts = {str(grade): 0 for grade in reversed(AlertGrade)} | {str(grade): count for grade, count in graded}

    def of(view: str) -> int:
        narrowed = _narrowed(work, AlertFilter(view, rule=order.rule, text=order.text, subject_id=order.subject_id))
        return work.session.exec(select(func.count()).select_from(narrowed.subquery())).one()

    return AlertCounts(counts, of("unseen"), of("overdue"))


@query("alerts.graded", "企业预警级别", roles=set(MARKET))
def grades_of(work: Work, subjects: Sequence[UUID]) -> dict[UUID, AlertGrade]:
    """Return the gravest open alert of each of up to a thousand subjects."""
    of_them = (col(Alert.subject_id).in_(list(subjects)[:1000]), col(Alert.state).in_(STANDING))
    seen = work.visible(Alert).where(*of_them).subquery()
    rows = work.session.exec(select(seen.c.subject_id, seen.c.grade).distinct()).all()
    gravest: dict[UUID, AlertGrade] = {}
    for subject, grade in rows:
        if subject not in gravest or gravest[subject].rank < grade.rank:
            gravest[subject] = grade
    return gravest


# One


@dataclass(frozen=True)
class Compared:
    """A value before and after; one side may be empty."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class SaidFile:
    id: UUID
    name: str


@dataclass(frozen=True)
class AlertStep:
    act: AlertAct
    grade: AlertGrade
    by: str
    unit: str
    at: datetime
    text: str
    files: tuple[SaidFile, ...]


@dataclass(frozen=True)
class AlertView:
    """An alert, whole. `ways` are what the caller may do: acknowledge, explain, close."""

    line: AlertLine
    detail: str
    compared: tuple[Compared, ...]
    threshold: str
    data_time: str
    basis: str
    todo: str
    told: str
    acknowledge_by: date
    ended_at: datetime | None
    steps: tuple[AlertStep, ...]
    ways: frozenset[str]


@query("alerts.market_one", "预警详情", roles=set(MARKET), personal=True)
def one_alert(work: Work, alert_id: UUID) -> AlertView:
    """Return an alert with what was compared and all that happened to it."""
    return view_of(work, work.get(Alert, alert_id))


def view_of(work: Work, alert: Alert) -> AlertView:
    rule, evidence = rule_of(alert.rule_code), alert.evidence.json()
    return AlertView(
        line=_line(work, alert),
        detail=alert.detail.json(),
        compared=tuple(
            Compared(str(line.get("label", "")), str(line.get("old", "")), str(line.get("new", "")))
            for line in evidence.get("lines", ())
        ),
        threshold=str(evidence.get("threshold", "")),
        data_time=str(evidence.get("data_time", "")),
        basis=rule.basis,
        todo=rule.todo,
        told=told_words(alert.told),
        acknowledge_by=alert.acknowledge_by,
        ended_at=alert.ended_at,
        steps=_steps(work, alert),
        ways=_ways(work, alert),
    )


def _ways(work: Work, alert: Alert) -> frozenset[str]:
    ways = set()
    for name, act in (("acknowledge", acknowledge), ("explain", explain), ("close", close_alert)):
        if is_available(work.caller, act, alert) and (may_close if name == "close" else may_answer)(work, alert):
            ways.add(name)
    return frozenset(ways)


def _steps(work: Work, alert: Alert) -> tuple[AlertStep, ...]:
    rows = work.session.exec(
        select(AlertAction).where(AlertAction.alert_id == alert.id).order_by(col(AlertAction.at), col(AlertAction.id))
    ).all()
    people = {row.by_account for row in rows if row.by_account}
    units = {row.by_unit for row in rows if row.by_unit}
    names = names_by(work, people) if told_who_reviews(work) else people_told(work, people)
    offices = values_by(work, OrgUnit.id, OrgUnit.name, units)
    files = {
        str(one.id): SaidFile(one.id, one.file_name.json())
        for one in work.session.exec(
            select(Attachment).where(Attachment.object_kind == "alert", Attachment.object_id == alert.id)
        )
    }
    steps = []
    for row in rows:
        said = row.said.json() if row.said is not None else {}
        kept = tuple(files[file] for file in said.get("files", ()) if file in files)
        steps.append(
            AlertStep(
                act=row.act,
                grade=row.grade,
                by=names.get(row.by_account, "") if row.by_account else "系统",
                unit=offices.get(row.by_unit, "") if row.by_unit else "",
                at=row.at,
                text=said.get("text", ""),
                files=kept,
            )
        )
    return tuple(steps)


# Parts


def _narrowed(work: Work, order: AlertFilter) -> Any:
    where: list[Any] = []
    standing = col(Alert.state).in_(STANDING)
    if order.view in {"", "overdue", "unseen"}:
        where.append(standing)
    if order.view == "overdue":
        where.append(col(Alert.due_on) < work.today)
    elif order.view == "unseen":
        where.append(Alert.state == AlertState.OPEN)
    elif order.view == "ended":
        where.append(~standing)
    elif order.view not in {"", "all"}:
        raise Rejected("没有这个范围")
    if order.grade:
        if order.grade not in AlertGrade.labels():
            raise Rejected("没有这个级别")
        where.append(Alert.grade == AlertGrade.of(order.grade))
    if order.rule:
        where.append(Alert.rule_code == order.rule[:20])
    if order.subject_type:
        where.append(Alert.subject_type == order.subject_type[:40])
    if order.subject_id is not None:
        where.append(Alert.subject_id == order.subject_id)
    if words := order.text.strip():
        if len(words) > _MOST_TEXT:
            raise Rejected(f"查询内容最多{_MOST_TEXT}个字")
        where.append(
            or_(
                col(Alert.subject_label).contains(words, autoescape=True),
                col(Alert.title).contains(words, autoescape=True),
                Alert.alert_no == words.upper(),
            )
        )
    return work.visible(Alert).where(*where)


def _gravest() -> Any:
    return case({grade: -grade.rank for grade in AlertGrade}, value=col(Alert.grade))


def _line(work: Work, row: Alert) -> AlertLine:
    rule = RULES.get(row.rule_code)
    return AlertLine(
        id=row.id,
        alert_no=row.alert_no,
        grade=row.grade,
        state=row.state,
        rule_code=row.rule_code,
        rule=rule.label if rule else row.rule_code,
        title=row.title,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        subject_label=row.subject_label,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        hits=row.hits,
        due_on=row.due_on,
        overdue=row.state in STANDING and row.due_on < work.today,
        version=row.version,
    )
