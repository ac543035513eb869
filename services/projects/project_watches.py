"""Watches over projects: started and finished in time, stopped, own capital (PRJ-05, 06, 07, 08, row 58)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

from models.access import Role
from models.alerts import AlertGrade
from models.projects import Project
from services.alerts.alert_states import sweep
from services.alerts.signs import Line, Sign, Subject, grade_of
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.kinds import Owner
from services.engine.registry import action
from services.engine.thresholds import Thresholds
from services.engine.value_checks import shown, shown_beside
from services.engine.work import Work
from services.projects.land_milestones import show_land_of_before
from services.projects.project import Used, bounds_of, parcels_by_project
from services.projects.project_rules import ContractBounds, least_capital
from services.projects.stages import settle_stages
from services.projects.transfer import end_switched_off

_HUNDRED = Decimal(100)
START_BLUE, START_YELLOW = "projects.start_blue_days", "projects.start_yellow_days"
START_RED, START_TAKEN_BACK = "projects.start_red_days", "projects.start_taken_back_days"
FINISH_YELLOW, FINISH_RED = "projects.finish_yellow_days", "projects.finish_red_days"
STOPPED_DAYS = "projects.stopped_days"
STOPPED_LAND, STOPPED_INVESTMENT = "projects.stopped_land", "projects.stopped_investment"
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
    """Alerts about every project in force; what is no longer so is settled. Land that fell due is shown."""
    show_land_of_before(work)
    projects = work.in_force(Project, by=Project.id)
    ids = [project.id for project in projects]
    used: dict[UUID, list[Used]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        used |= parcels_by_project(work, ids[start : start + _AT_ONCE])
    bounds = {one: bounds_of(used.get(one, ())) for one in ids}

    def watched(rule_code: str, watch: Callable[[Work, Project, ContractBounds], Sign | None], because: str) -> int:
        signs = ((row, watch(work, row, bounds[row.id])) for row in projects)
        found = [(Subject("project", row.id, Owner.of(row), row.name), sign) for row, sign in signs if sign is not None]
        return sweep(work, rule_code, found, because)

    found = watched("PRJ-05", _capital, "项目资本金比例已达到要求")
    found += watched("PRJ-06", _start, "项目已开工或已延期")
    found += watched("PRJ-07", _idle, "项目已复工或投资已达到要求")
    found += watched("PRJ-08", _finish, "项目已竣工或已延期")
    end_switched_off(work)
    return found


def _capital(work: Work, project: Project, _: ContractBounds) -> Sign | None:
    least = least_capital(project.housing_kind, work.thresholds.over(project.district_code))
    if not project.total_investment or project.project_capital * _HUNDRED >= project.total_investment * least:
        return None
    part = shown_beside(project.project_capital * _HUNDRED / project.total_investment, least)
    return Sign(
        AlertGrade.RED,
        f"项目资本金比例{part}%",
        f"项目资本金占总投资{part}%，低于要求的{shown(least)}%。",
        (Line("资本金比例", f"{shown(least)}%", f"{part}%"),),
        f"不低于{shown(least)}%",
    )


def _start(work: Work, project: Project, bounds: ContractBounds) -> Sign | None:
    due = bounds.start_due_on
    thresholds = work.thresholds.over(project.district_code)
    if due is None or project.started_on is not None:
        return None
    days = (work.today - due).days
    grade = grade_of(days, thresholds, START)
    if grade is None:
        return None
    more = ""
    if days >= thresholds.integer(START_TAKEN_BACK):
        more = "已满两年未开工，依法可以无偿收回土地使用权。"
    elif grade is AlertGrade.RED:
        more = "已满一年未开工，依法可以征收相当于出让金20%以下的土地闲置费。"
    return Sign(
        grade,
        f"逾期{days}天未开工",
        f"土地合同约定{due}前开工，至今未开工，逾期{days}天。{more}",
        (Line("开工日期", str(due), "未开工"),),
        _days(thresholds, START_BLUE, START_YELLOW, START_RED, START_TAKEN_BACK),
    )


def _finish(work: Work, project: Project, bounds: ContractBounds) -> Sign | None:
    due = bounds.finish_due_on
    thresholds = work.thresholds.over(project.district_code)
    if due is None or project.finished_on is not None:
        return None
    days = (work.today - due).days
    grade = grade_of(days, thresholds, FINISH)
    if grade is None:
        return None
    return Sign(
        grade,
        f"逾期{days}天未竣工",
        f"土地合同约定{due}前竣工，至今未竣工，逾期{days}天。",
        (Line("竣工日期", str(due), "未竣工"),),
        _days(thresholds, FINISH_YELLOW, FINISH_RED),
    )


def _idle(work: Work, project: Project, _: ContractBounds) -> Sign | None:
    thresholds = work.thresholds.over(project.district_code)
    if project.stopped_from is None or not lies_idle(project, work.today, thresholds):
        return None
    days = (work.today - project.stopped_from).days
    return Sign(
        AlertGrade.RED,
        f"停工{days}天，疑似闲置",
        f"项目自{project.stopped_from}停工，已{days}天，开发面积或投资比例低于法定要求。",
        (Line("停工起始", "", str(project.stopped_from)),),
        f"停工满{thresholds.integer(STOPPED_DAYS)}天，且动工面积不足三分之一或投资不足"
        f"{shown(thresholds.decimal(STOPPED_INVESTMENT))}%",
    )


def _days(thresholds: Thresholds, *keys: str) -> str:
    return "、".join(f"{thresholds.integer(key)}天" for key in keys)


@job("projects.watch", "监测项目开竣工、停工与资本金", at="02:20")
def watch_projects(door: Door) -> int:
    door.perform(settle_stages, SYSTEM, None)
    return door.perform(watch_all, SYSTEM, None)
