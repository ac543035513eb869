"""Watches over projects: started and finished in time, stopped, own capital (PRJ-05, 06, 07, 08, row 58)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.alerts import AlertGrade
from models.projects import Project
from models.records import InForceState
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.kinds import Owner
from services.engine.registry import action
from services.engine.thresholds import Thresholds
from services.engine.value_checks import shown, shown_beside
from services.engine.work import Work
from services.parcels.nightly_watch import Due, grade_of, sweep
from services.projects.project import Used, bounds_of, parcels_by_project
from services.projects.project_rules import ContractBounds, least_capital
from services.projects.stages import settle_stages
from services.projects.thresholds import (
    FINISH_RED,
    FINISH_YELLOW,
    START_BLUE,
    START_RED,
    START_TAKEN_BACK,
    START_YELLOW,
    STOPPED_DAYS,
    STOPPED_INVESTMENT,
    STOPPED_LAND,
)
from services.projects.transfer import end_switched_off

_HUNDRED = Decimal(100)
#: So many ids stand in one statement.
_AT_ONCE = 500


#: How grave it is not to have started (PRJ-06) or finished (PRJ-08) so many days after the contract's day.
START = {AlertGrade.RED: START_RED, AlertGrade.YELLOW: START_YELLOW, AlertGrade.BLUE: START_BLUE}
FINISH = {AlertGrade.RED: FINISH_RED, AlertGrade.YELLOW: FINISH_YELLOW}


def lies_idle(project: Project, today: date, thresholds: Thresholds) -> bool:
    """Started, then stopped a year with too little developed or invested (PRJ-07)."""
    if project.started_on is None or project.stopped_from is None:
        return False
    if (today - project.stopped_from).days < thresholds.integer(STOPPED_DAYS):
        return False
    developed, invested = project.developed_area, project.invested_to_date
    few_land = developed is not None and developed * _HUNDRED < project.land_area * thresholds.decimal(STOPPED_LAND)
    few_money = invested is not None and invested * _HUNDRED < project.total_investment * thresholds.decimal(
        STOPPED_INVESTMENT
    )
    return few_land or few_money


@action("projects.watch", "监测项目开竣工与资本金", roles={Role.SYSTEM}, event="")
def watch_all(work: Work, order: None) -> int:
    """Alerts about every project in force; what is no longer so is settled."""
    projects = work.session.exec(
        select(Project).where(Project.in_force == InForceState.EFFECTIVE).order_by(col(Project.id))
    ).all()
    ids = [project.id for project in projects]
    used: dict[UUID, list[Used]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        used |= parcels_by_project(work, ids[start : start + _AT_ONCE])
    bounds = {one: bounds_of(used.get(one, ())) for one in ids}
    found = sweep(work, "PRJ-05", [one for row in projects for one in _capital(work, row)], "项目资本金比例已达到要求")
    found += sweep(
        work, "PRJ-06", [one for row in projects for one in _start(work, row, bounds[row.id])], "项目已开工或已延期"
    )
    found += sweep(work, "PRJ-07", [one for row in projects for one in _idle(work, row)], "项目已复工或投资已达到要求")
    found += sweep(
        work, "PRJ-08", [one for row in projects for one in _finish(work, row, bounds[row.id])], "项目已竣工或已延期"
    )
    end_switched_off(work)
    return found


def _capital(work: Work, project: Project) -> Iterator[Due]:
    least = least_capital(project.housing_kind, work.thresholds.over(project.district_code))
    if not project.total_investment or project.project_capital * _HUNDRED >= project.total_investment * least:
        return
    part = shown_beside(project.project_capital * _HUNDRED / project.total_investment, least)
    yield _due(
        project,
        AlertGrade.RED,
        f"项目资本金比例{part}%",
        f"项目资本金占总投资{part}%，低于要求的{shown(least)}%。",
        lines=({"label": "资本金比例", "old": f"{shown(least)}%", "new": f"{part}%"},),
        threshold=f"不低于{shown(least)}%",
    )


def _start(work: Work, project: Project, bounds: ContractBounds) -> Iterator[Due]:
    due = bounds.start_due_on
    if due is None or project.started_on is not None:
        return
    days = (work.today - due).days
    thresholds = work.thresholds.over(project.district_code)
    grade = grade_of(days, thresholds, START)
    if grade is None:
        return
    more = ""
    if days >= thresholds.integer(START_TAKEN_BACK):
        more = "已满两年未开工，依法可以无偿收回土地使用权。"
    elif grade is AlertGrade.RED:
        more = "已满一年未开工，依法可以征收相当于出让金20%以下的土地闲置费。"
    yield _due(
        project,
        grade,
        f"逾期{days}天未开工",
        f"土地合同约定{due}前开工，至今未开工，逾期{days}天。{more}",
        lines=({"label": "开工日期", "old": str(due), "new": "未开工"},),
        threshold=_days(thresholds, START_BLUE, START_YELLOW, START_RED, START_TAKEN_BACK),
    )


def _finish(work: Work, project: Project, bounds: ContractBounds) -> Iterator[Due]:
    due = bounds.finish_due_on
    if due is None or project.finished_on is not None:
        return
    days = (work.today - due).days
    thresholds = work.thresholds.over(project.district_code)
    grade = grade_of(days, thresholds, FINISH)
    if grade is not None:
        yield _due(
            project,
            grade,
            f"逾期{days}天未竣工",
            f"土地合同约定{due}前竣工，至今未竣工，逾期{days}天。",
            lines=({"label": "竣工日期", "old": str(due), "new": "未竣工"},),
            threshold=_days(thresholds, FINISH_YELLOW, FINISH_RED),
        )


def _idle(work: Work, project: Project) -> Iterator[Due]:
    thresholds = work.thresholds.over(project.district_code)
    if project.stopped_from is not None and lies_idle(project, work.today, thresholds):
        days = (work.today - project.stopped_from).days
        yield _due(
            project,
            AlertGrade.RED,
            f"停工{days}天，疑似闲置",
            f"项目自{project.stopped_from}停工，已{days}天，开发面积或投资比例低于法定要求。",
            lines=({"label": "停工起始", "old": "", "new": str(project.stopped_from)},),
            threshold=f"停工满{thresholds.integer(STOPPED_DAYS)}天，且动工面积不足三分之一或投资不足"
            f"{shown(thresholds.decimal(STOPPED_INVESTMENT))}%",
        )


def _days(thresholds: Thresholds, *keys: str) -> str:
    return "、".join(f"{thresholds.integer(key)}天" for key in keys)


def _due(project: Project, grade: AlertGrade, title: str, detail: str, **more: object) -> Due:
    owner = Owner(project.district_code, project.head_company_id, project.project_company_id, project.id)
    return Due("project", project.id, grade, title, detail, owner, label=project.name, **more)  # type: ignore[arg-type]


@job("projects.watch", "监测项目开竣工、停工与资本金", at="02:20", lease=1800)
def watch_projects(door: Door) -> int:
    door.perform(settle_stages, SYSTEM, None)
    return door.perform(watch_all, SYSTEM, None)
