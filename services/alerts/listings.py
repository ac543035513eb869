"""Alerts as people look at them: a list with counts, those of one subject, and one with its evidence and history (row 54)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import case, true
from sqlmodel import col, select

from models.access import MARKET, OrgUnit
from models.alerts import STANDING, UNANSWERED, Alert, AlertAction, AlertGrade, AlertState
from models.codes import due_day
from models.documents import Attachment
from models.places_data import districts_by_code
from models.projects import Project
from services.alerts.catalogue import RULES, rule_of, told_words
from services.alerts.life import acknowledge, close_alert, explain, may_answer, may_close
from services.alerts.signs import Line as Compared
from services.engine.actor_names import people_shown
from services.engine.clock import shanghai_day
from services.engine.kept_visibility import told_who_reviews
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Line, Listing, about, either, exact, listed, named, numbers, part
from services.engine.look_ups import names_by, values_by
from services.engine.registry import query
from services.engine.steps import is_available
from services.engine.work import Work

_STANDING, _UNANSWERED = col(Alert.state).in_(STANDING), col(Alert.state).in_(UNANSWERED)
_GRAVITY = case({grade: grade.rank for grade in AlertGrade}, value=col(Alert.grade))
#: Open alerts first of all, by grade for the counts above the list.
_VIEWS = {
    "": ("未了结", _STANDING),
    **{grade.value: (grade.label, _STANDING & (Alert.grade == grade)) for grade in reversed(AlertGrade)},
    "unseen": ("待确认", Alert.state == AlertState.OPEN),
    "overdue": ("已超期", lambda work: _UNANSWERED & (col(Alert.due_on) < work.today)),
    "owed": ("待说明", _UNANSWERED),
    "explained": ("待审阅", Alert.state == AlertState.EXPLAINED),
    "ended": ("已了结", ~_STANDING),
    "all": ("全部", true()),
}


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """Say what waits by day, and of what lies within a project, a building or a permit, the project too."""
    projects = project_names(work, rows)

    def overdue(row: Any) -> bool:
        return row.state in UNANSWERED and row.due_on < work.today

    return {
        "subject_label": lambda row: subject_in_project(row, projects),
        "standing": lambda row: row.state in STANDING,
        "overdue": overdue,
        "due_words": lambda row: due_day(row.due_on, late=overdue(row)),
    }


def project_names(work: Work, alerts: Iterable[Alert]) -> dict[UUID, str]:
    """The names of the projects of some alerts by their ids."""
    return values_by(work, Project.id, Project.name, (alert.project_id for alert in alerts))


def subject_in_project(alert: Alert, projects: Mapping[UUID, str]) -> str:
    """Name what an alert is about, after its project where it is not the project itself."""
    project = projects.get(alert.project_id, "") if alert.project_id else ""
    return alert.subject_label if project in alert.subject_label else f"{project} {alert.subject_label}"


#: The caller's alerts: open ones by grade, ended ones by time.
ALERTS = listed(
    Listing(
        name="alerts",
        label="预警",
        roles=MARKET,
        table=Alert,
        columns=(
            Column("grade", "级别", sortable=True, sql=_GRAVITY, width=56),
            Column("alert_no", "编号", shown=False),
            Column("title", "事项"),
            Column("subject_label", "对象", sortable=True, wraps=True),
            Column("state", "状态", width=76),
            Column("rule_code", "规则", sortable=True, width=66),
            Column("rule", "规则名称", lambda row: rule_of(row.rule_code).label, shown=False),
            Column("first_seen", "首次发现", sortable=True, width=88, show=lambda at: shanghai_day(at).isoformat()),
            Column("last_seen", "最近发现", sortable=True, shown=False),
            Column("due_words", "处理期限", sql=Alert.due_on, sortable=True, width=124),
            Column("hits", "次数", sortable=True, number=True, width=48),
        ),
        filters=(
            named("view", "范围", _VIEWS, width=168, sorts={"ended": "-last_seen", "all": "-last_seen"}),
            either(
                "text",
                "对象或编号",
                part("", "", Alert.subject_label, Alert.title),
                exact("", "", Alert.alert_no, upper=True),
                width=190,
                finds=numbers("YJ"),
            ),
            exact(
                "rule",
                "规则",
                Alert.rule_code,
                options={code: f"{code} {rule.label}" for code, rule in RULES.items()},
                width=240,
                more=True,
            ),
            about("subject", "对象", Alert.subject_id),
            exact("district", "所属区", Alert.district_code, options=districts_by_code(), width=140, more=True),
        ),
        sort="-grade",
        last=(col(Alert.due_on),),
        counts="view",
        found_with={"view": "all"},
        counted={value: words for value, (words, _) in _VIEWS.items() if value not in {"", "owed", "ended", "all"}},
        look_up=_cells,
        also=("subject_type", "subject_id", "version", "due_on"),
        exporters=set(),
        empty="没有需要处理的预警",
    )
)


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


@query("alerts.market_one", "预警详情", roles=set(MARKET), personal=True)
def one_alert(work: Work, alert_id: UUID) -> Line:
    """Return an alert with what was compared and all that happened to it."""
    return whole_alert(work, work.get(Alert, alert_id))


def whole_alert(work: Work, alert: Alert) -> Line:
    """Return the line of an alert with the rest of it; `ways` are what the caller may do: acknowledge, explain, close."""
    rule, evidence = rule_of(alert.rule_code), alert.evidence.json()
    (line,) = lines_of(work, ALERTS, [alert])
    rest = {
        "detail": alert.detail.json(),
        "compared": [Compared(**one) for one in evidence["lines"]],
        "threshold": evidence["threshold"],
        "data_time": evidence.get("data_time", ""),
        "basis": rule.basis,
        "todo": rule.todo,
        "told": told_words(alert.told),
        "acknowledge_by": alert.acknowledge_by,
        "ended_at": alert.ended_at,
        "steps": list(_steps(work, alert)),
        "ways": _ways(work, alert),
    }
    return Line(**vars(line), **rest)


def _ways(work: Work, alert: Alert) -> frozenset[str]:
    ways = set()
    for name, act in (("acknowledge", acknowledge), ("explain", explain), ("close", close_alert)):
        if is_available(work.caller, act, alert) and (may_close if name == "close" else may_answer)(work, alert):
            ways.add(name)
    return frozenset(ways)


def _steps(work: Work, alert: Alert) -> Iterator[Line]:
    """Each step with who took it, what was said, and the names of its files by their ids."""
    rows = work.rows(AlertAction, AlertAction.alert_id == work.whole(alert).id, by=(AlertAction.at, AlertAction.id))
    people = {row.by_account for row in rows if row.by_account}
    names = names_by(work, people) if told_who_reviews(work) else people_shown(work, people)
    offices = values_by(work, OrgUnit.id, OrgUnit.name, (row.by_unit for row in rows))
    kept = select(Attachment).where(Attachment.object_kind == "alert", Attachment.object_id == alert.id)
    files = {str(one.id): one.file_name.json() for one in work.session.exec(kept)}
    for row in rows:
        said = row.said.json() if row.said is not None else {}
        yield Line(
            act=row.act,
            grade=row.grade,
            by=names.get(row.by_account, "") if row.by_account else "系统",
            unit=offices.get(row.by_unit, ""),
            at=row.at,
            text=said.get("text", ""),
            files={file: files[file] for file in said.get("files", ()) if file in files},
        )
