"""项目监测: projects with the gravest of their open alerts, and one project's plan beside what was reached (row 75)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, case, literal_column, true
from sqlmodel import col, func, select

from models.access import MARKET
from models.alerts import STANDING, Alert, AlertGrade
from models.codes import Toned
from models.companies import District, HeadCompany
from models.construction import UnitEngineering
from models.land_codes import ProjectStage
from models.name_search import holds_text
from models.progress import (
    Milestone,
    MilestoneBaseline,
    MilestoneCode,
    MilestoneScope,
    ProgressLine,
    ProgressReport,
)
from models.projects import Project
from models.records import InForceState
from services.alerts.listings import ALERTS
from services.engine.list_pages import lines_of
from services.engine.listings import Column, Filter, Line, Listing, choice, listed, named, part
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.parcels.companies import company_names
from services.progress.building_lines import Bar, GanttLine, building_lines

_MOST = 500
#: The light of a project without open alerts.
SOUND = Toned("正常", "good")
_RANK = case(*((col(Alert.grade) == grade, grade.rank + 1) for grade in AlertGrade), else_=0)
#: The gravest open alert that the caller sees of a project, 0 where there is none (`_projects` joins it).
_LIGHT: Any = func.coalesce(literal_column("gravest.rank", Integer), 0)
_VIEWS = {
    "": ("全部", true()),
    **{grade.value: (grade.label, grade.rank + 1 == _LIGHT) for grade in reversed(AlertGrade)},
    "GREEN": (str(SOUND), _LIGHT == 0),
}


def _projects(work: Work) -> Any:
    """Projects in force, each beside the gravest of the alerts that are shown, found in one pass for order and counts."""
    shown = work.visible(Alert).where(col(Alert.state).in_(STANDING), col(Alert.project_id).is_not(None))
    ranked: Any = shown.with_only_columns(col(Alert.project_id), func.max(_RANK).label("rank"))
    # Worked out once: PostgreSQL expects few projects and would group all alerts again for each of them.
    gravest = ranked.group_by(col(Alert.project_id)).cte("gravest").prefix_with("MATERIALIZED")
    wanted = work.visible(Project).where(Project.in_force == InForceState.EFFECTIVE)
    return wanted.outerjoin(gravest, gravest.c.project_id == Project.id)


def _of_head(work: Work, text: str) -> Any:
    """Narrow projects to those of head companies with the text in their name."""
    named_so = select(HeadCompany.id).where(holds_text(search_word(text, 100), HeadCompany.name))
    return col(Project.head_company_id).in_(named_so)


def _lights(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """Count the open alerts of the projects of a page by grade, and look up their last reports and companies."""
    ids = [row.id for row in rows]
    seen = work.visible(Alert).where(col(Alert.project_id).in_(ids), col(Alert.state).in_(STANDING)).subquery()
    counted = select(seen.c.project_id, seen.c.grade, func.count()).group_by(seen.c.project_id, seen.c.grade)
    counts = {(one, grade): number for one, grade, number in work.session.exec(counted).all()}
    reports: Any = select(ProgressReport.project_id, func.max(ProgressReport.period)).where(
        col(ProgressReport.project_id).in_(ids), ProgressReport.in_force == InForceState.EFFECTIVE
    )
    last = dict(work.session.exec(reports.group_by(ProgressReport.project_id)).all())
    names = company_names(work, [one for row in rows for one in (row.project_company_id, row.head_company_id)])

    def number_of(grade: AlertGrade, row: Any) -> int:
        return int(counts.get((row.id, grade), 0))

    def light(row: Any) -> Any:
        return next((grade for grade in reversed(AlertGrade) if counts.get((row.id, grade))), SOUND)

    return {
        "light": light,
        **{grade.value: partial(number_of, grade) for grade in AlertGrade},
        "reported": lambda row: last.get(row.id) or "",
        "company": lambda row: names.get(row.project_company_id, ""),
        "head": lambda row: names.get(row.head_company_id, ""),
    }


BOARD = listed(
    Listing(
        name="progress_board",
        label="项目监测",
        roles=MARKET,
        table=Project,
        rows=_projects,
        columns=(
            Column("light", "最高级别", sortable=True, sql=_LIGHT, width=76),
            Column("name", "项目"),
            Column("district", "所在区", sortable=True, width=90),
            Column("stage", "阶段", width=76),
            Column("RED", "严重", number=True, width=52),
            Column("YELLOW", "警示", number=True, width=52),
            Column("BLUE", "提示", number=True, width=52),
            Column("reported", "最近填报", width=84),
            Column("company", "项目公司"),
            Column("head", "总公司", shown=False),
            Column("planned_finish_on", "计划竣工", sortable=True, width=96),
        ),
        filters=(
            named("view", "级别", _VIEWS, width=110),
            part("text", "项目名称", Project.name, width=190),
            choice("district", "所在区", Project.district, District),
            choice("stage", "阶段", Project.stage, ProjectStage),
            Filter("head", "总公司", _of_head, width=190),
        ),
        sort="-light",
        last=(col(Project.name),),
        counts="view",
        look_up=_lights,
        empty="没有符合条件的项目",
        may_lag=True,
    )
)


# One project


@dataclass(frozen=True)
class ProjectProgress:
    """A project's plan and what was reached, and its open alerts with the gravest first."""

    id: UUID
    name: str
    today: date
    lines: tuple[GanttLine, ...]
    alerts: tuple[Line, ...]
    stage: str = ""
    reported: str = ""
    buildings: tuple[GanttLine, ...] = ()


@query("progress.project", "项目计划与实际", roles=set(MARKET))
def project_progress(work: Work, project_id: UUID) -> ProjectProgress:
    """Return the plan and the state of a project that the caller sees."""
    project = work.get(Project, project_id)
    milestones: dict[UUID, list[Milestone]] = {}
    rows = work.rows(
        Milestone,
        Milestone.project_id == project_id,
        Milestone.scope == MilestoneScope.UNIT,
        Milestone.milestone != MilestoneCode.M13,
        by=Milestone.milestone,
    )
    earlier: dict[UUID, list[date]] = {}
    ids = [row.id for row in rows if row.baseline_no > 1]
    baselines = work.rows(
        MilestoneBaseline, col(MilestoneBaseline.milestone_id).in_(ids), by=MilestoneBaseline.baseline_no
    )
    for one in baselines:
        if one.planned_on is not None:
            earlier.setdefault(one.milestone_id, []).append(one.planned_on)
    for row in rows:
        milestones.setdefault(row.subject_id, []).append(row)
    works = work.rows(
        work.visible(UnitEngineering),
        UnitEngineering.project_id == project_id,
        UnitEngineering.in_force == InForceState.EFFECTIVE,
        by=(UnitEngineering.unit_no, UnitEngineering.id),
        most=_MOST,
    )
    last = work.first(
        work.visible(ProgressReport),
        ProgressReport.project_id == project_id,
        ProgressReport.in_force == InForceState.EFFECTIVE,
        by=col(ProgressReport.period).desc(),
    )
    told = work.rows(ProgressLine, ProgressLine.record_id == last.id) if last is not None else ()
    percents = {line.unit_engineering_id: line.percent for line in told}
    lines = {
        row.id: GanttLine(
            row.name,
            tuple(
                Bar(one.milestone, one.planned_on, one.actual_on, tuple(earlier.get(one.id, ())))
                for one in milestones.get(row.id, ())
            ),
            percents.get(row.id),
        )
        for row in works
    }
    alerts = work.rows(
        work.visible(Alert), Alert.project_id == project_id, col(Alert.state).in_(STANDING), by=(Alert.due_on, Alert.id)
    )
    gravest = sorted(alerts, key=lambda row: -row.grade.rank)
    # Each with the sentence that says why: a red light is understood without a further look.
    reasons = {row.id: row.detail.json() for row in gravest}
    shown = [Line(**{**vars(line), "why": reasons[line.id]}) for line in lines_of(work, ALERTS, gravest)]
    stage = f"{project.stage.label}{'（停工）' if project.suspended else ''}"
    return ProjectProgress(
        project.id,
        project.name,
        work.today,
        tuple(lines.values()),
        tuple(shown),
        stage,
        last.period if last is not None else "",
        tuple(building_lines(work, project_id, lines)),
    )
