"""项目监测: told once a day, new baselines, rules switched off, finished projects, the board (row 75)."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.alerts import Alert, AlertGrade, AlertState
from models.projects import Project
from services.alerts.listings import ALERTS
from services.engine.callers import SYSTEM
from services.engine.jobs import JOBS
from services.engine.listings import ListRows
from services.inbox.sources import SOURCES, Whose
from services.progress.board import BOARD, project_progress
from services.sales.watch import changed_projects, to_watch, watch_all
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.site import Site

pytestmark = pytest.mark.row(75)
PLAN = "progress_plan"


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


def planned(unit: UUID, **days: str) -> dict[str, Any]:
    lines = [{"unit_engineering_id": str(unit), "milestone": code, "planned_on": on} for code, on in days.items()]
    return {"lines": lines}


def alerts(land: Land, project: UUID, rule: str) -> list[Alert]:
    wanted = select(Alert).where(Alert.project_id == project, Alert.rule_code == rule).order_by(col(Alert.id))
    found: list[Alert] = land.market.world.read(lambda work: list(work.session.exec(wanted).all()))
    return found


def watch(land: Land) -> None:
    watch_all(land.market.world.door)


def started(site: Site) -> UUID:
    """A unit work that was begun in February, planned to be topped out on 20 February 2027."""
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=18)
    site.put(PLAN, {"note": "总进度"}, planned(unit, M07="2027-02-01", M12="2027-02-20"))
    line = {
        "unit_engineering_id": str(unit),
        "visual_progress": "1",
        "floors_done": 0,
        "percent": 1,
        "status": "NORMAL",
        "started_on": "2027-02-01",
    }
    values = {
        "period": "2027-02",
        "report_on": "2027-02-28",
        "invested_period": "1000000.00",
        "invested_cum": "1000000.00",
    }
    site.put("progress_report", values, {"works": [line]})
    return unit


def test_a_second_run_on_a_day_tells_nobody_again(land: Land, site: Site) -> None:
    started(site)
    watch(land)
    (first,) = alerts(land, site.project, "PRG-03")
    assert (first.grade, first.key, first.hits) == (AlertGrade.BLUE, "M12", 1)
    watch(land)
    (again,) = alerts(land, site.project, "PRG-03")
    assert (again.id, again.hits, again.version) == (first.id, 1, first.version)
    assert site.project not in land.market.world.door.ask(to_watch, SYSTEM, None)
    land.market.world.stand_at(2027, 3, 2)
    watch(land)
    assert alerts(land, site.project, "PRG-03")[0].hits == 2


def test_an_alert_of_a_building_names_its_project_in_list_and_inbox(land: Land, site: Site) -> None:
    started(site)
    watch(land)
    (alert,) = alerts(land, site.project, "PRG-03")
    desk = Desk(land, PLAN)
    project = land.market.world.read(lambda work: work.only(Project.name, Project.id == site.project))
    named = f"{project} {alert.subject_label}"
    assert project not in alert.subject_label
    (line,) = desk.ask(ALERTS.query, "binjiang01", ListRows({"subject": str(alert.subject_id)})).lines
    assert line.subject_label == named
    caller = land.market.caller("binjiang01")
    tasks = land.market.world.door.look(
        caller, lambda work: list(SOURCES["alerts"].tasks(work, Whose(caller.account_id)))
    )
    (task,) = [one for one in tasks if one.id == str(alert.id)]
    assert task.title.startswith(f"{named}：")


def test_an_alert_follows_the_new_plan_and_keeps_the_old_in_its_history(land: Land, site: Site) -> None:
    unit = started(site)
    watch(land)
    desk = Desk(land, PLAN)
    (plan,) = [one for one in desk.ask(BOARD.query, "binjiang01", ListRows()).lines if one.id == site.project]
    assert plan.light is AlertGrade.BLUE or plan.light is AlertGrade.RED
    (old,) = alerts(land, site.project, "PRG-03")
    record = land.market.world.read(lambda work: _plan_of(work, site.project))
    begun = desk.update(record, "因汛期调整计划")
    desk.save(begun.revision_id, {}, planned(unit, M07="2027-02-01", M12="2027-02-25"))
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)
    assert site.project in land.market.world.door.ask(changed_projects, SYSTEM, None)
    JOBS["progress.watch_changed"].run(land.market.world.door)
    ended, new = alerts(land, site.project, "PRG-03")
    assert (ended.id, ended.state) == (old.id, AlertState.RESOLVED)
    assert "2027-02-20" in ended.detail.json()
    assert "2027-02-25" in new.detail.json()
    view = desk.ask(project_progress, "binjiang01", site.project)
    (topped,) = [bar for line in view.lines for bar in line.bars if bar.milestone.value == "M12"]
    assert (str(topped.planned), [str(day) for day in topped.earlier]) == ("2027-02-25", ["2027-02-20"])
    assert any(one.rule_code == "PRG-03" for one in view.alerts)


def _plan_of(work: Any, project: UUID) -> UUID:
    from models.progress import ProgressPlan

    found: UUID = work.session.exec(select(ProgressPlan.id).where(ProgressPlan.project_id == project)).one()
    return found


def test_a_plan_moved_ahead_ends_the_alert(land: Land, site: Site) -> None:
    unit = started(site)
    watch(land)
    desk = Desk(land, PLAN)
    begun = desk.update(land.market.world.read(lambda work: _plan_of(work, site.project)), "工期顺延两个月")
    desk.save(begun.revision_id, {}, planned(unit, M07="2027-02-01", M12="2027-09-25"))
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)
    watch(land)
    (old,) = alerts(land, site.project, "PRG-03")
    assert old.state is AlertState.RESOLVED


def test_a_foreign_company_sees_neither_board_nor_progress(land: Land, site: Site) -> None:
    desk = Desk(land, PLAN)
    mine = desk.ask(BOARD.query, "binjiang01", ListRows()).lines
    theirs = desk.ask(BOARD.query, "xincheng_admin", ListRows()).lines
    assert site.project in {one.id for one in mine}
    assert site.project not in {one.id for one in theirs}
