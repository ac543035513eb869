"""项目监测 from a light to its reason, its switches and days, planned figures and the monthly summary (row 75)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from models.alerts import Alert, AlertGrade, AlertState
from models.engine import Notice
from models.progress import ProgressPlan
from models.projects import Project
from models.records import Revision
from models.working_days import calendar
from services.alerts.late_reviews import watch_reviews
from services.alerts.life import close_alert
from services.alerts.listings import one_alert
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.listings import ListRows
from services.engine.orders import Decide, Reasoned
from services.engine.parameter_list import one_parameter
from services.engine.parameters import ProposeParameter, confirm_parameter, propose_parameter
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.switches import OFF
from services.engine.thresholds import DECLARED
from services.engine.work import Work
from services.progress.board import BOARD, project_progress
from services.progress.monthly import summary_of, summary_pdf
from services.progress.planned_figures import plan_works
from services.progress.summary_notices import summary_month, tell_summary
from tests.building import natural_building, tie
from tests.land import Land
from tests.market_rules import parameter, switch
from tests.services.progress.test_row_74 import KIND, PHOTOS, line, report
from tests.services.progress.test_row_75 import PLAN, alerts, planned, started, watch
from tests.services.projects.desk import Desk
from tests.site import Site

pytestmark = pytest.mark.row(75)
#: The rules of late and of missing progress.
PROGRESS = ("PRG-01", "PRG-02", "PRG-03", "PRG-06", "PRG-07", "PRG-11", "PRG-12")


@pytest.fixture
def site(land: Land) -> Site:
    return Site.begun(land)


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, PLAN)


def board(desk: Desk, who: str, **filters: str) -> set[UUID]:
    return {one.id for one in desk.ask(BOARD.query, who, ListRows(filters)).lines}


def test_a_light_leads_to_its_reason_in_two_steps(land: Land, site: Site, desk: Desk) -> None:
    started(site)
    watch(land)
    (row,) = [one for one in desk.ask(BOARD.query, "pdshen01", ListRows()).lines if one.id == site.project]
    assert row.light in (AlertGrade.BLUE, AlertGrade.YELLOW, AlertGrade.RED)
    view = desk.ask(project_progress, "pdshen01", row.id)
    (late,) = [one for one in view.alerts if one.rule_code == "PRG-03"]
    assert "2027-02-20" in late.why
    whole = desk.ask(one_alert, "pdshen01", late.id)
    assert whole.threshold == "1天、31天、91天"
    assert [(one.label, one.old) for one in whole.compared] == [("主体结构封顶", "2027-02-20")]


def test_a_building_has_reached_what_all_its_works_have(land: Land, site: Site, desk: Desk) -> None:
    permit = site.permit(site.planning())
    works = [site.unit(permit, number, floors_above=18) for number in ("1#", "2#")]
    days = ({"M07": "2027-02-01", "M12": "2027-02-20"}, {"M07": "2027-02-10", "M12": "2027-03-20"})
    lines = [one for unit, plan in zip(works, days, strict=True) for one in planned(unit, **plan)["lines"]]
    site.put(PLAN, {"note": "总进度"}, {"lines": lines})
    done = [line(one, started_on=on) for one, on in zip(works, ("2027-02-01", "2027-02-12"), strict=True)]
    site.put(KIND, report("2027-02", report_on="2027-02-28"), {"works": [done[0], {**done[1], "percent": 20}]})
    number = natural_building(land.market.world, building_name="1#楼")
    for one in works:
        tie(site, one, number)
    view = desk.ask(project_progress, "pdshen01", site.project)
    (building,) = view.buildings
    assert (building.name, building.percent) == ("1#楼", min(one.percent or 0 for one in view.lines))
    told = {bar.milestone.value: (str(bar.planned), str(bar.reached)) for bar in building.bars}
    assert told["M07"] == ("2027-02-10", "2027-02-12")
    assert told["M12"] == ("2027-03-20", "None")
    assert not desk.ask(project_progress, "pdshen01", land.project("P-4")).buildings


def test_the_board_is_narrowed_by_district_stage_head_and_grade(land: Land, site: Site, desk: Desk) -> None:
    started(site)
    watch(land)
    head = land.market.lines["H-1"]["name"]
    assert site.project in board(desk, "shichu01", district="310115", head=head[2:6])
    assert site.project not in board(desk, "shichu01", district="310104")
    assert board(desk, "shichu01", head="没有这家总公司") == set()
    light = next(one.light for one in desk.ask(BOARD.query, "shichu01", ListRows()).lines if one.id == site.project)
    assert site.project in board(desk, "shichu01", view=light.value)
    assert site.project not in board(desk, "shichu01", view="GREEN")
    stage = site.land.market.world.read(lambda work: work.only(Project.stage, Project.id == site.project))
    assert site.project in board(desk, "shichu01", stage=stage.value)


def test_alerts_that_a_company_is_not_told_of_move_nothing_in_its_board(land: Land, site: Site, desk: Desk) -> None:
    started(site)
    watch(land)

    def keep_from_companies(work: Work) -> None:
        for row in work.rows(Alert, Alert.project_id == site.project):
            row.told = "D"
            work.add(row)

    land.market.world.act(keep_from_companies)
    light = next(one.light for one in desk.ask(BOARD.query, "shichu01", ListRows()).lines if one.id == site.project)
    assert site.project in board(desk, "shichu01", view=light.value)
    assert site.project in board(desk, "shenpu_admin", view="GREEN")
    assert site.project not in board(desk, "shenpu_admin", view=light.value)


def test_a_rule_switched_off_ends_its_open_alerts(land: Land, site: Site) -> None:
    # On a day of its own: the switch stays off on it for all that share the world.
    land.market.world.stand_at(2027, 9, 1)
    started(site)
    watch(land)
    (open_one,) = alerts(land, site.project, "PRG-03")
    switch(land.market.world, "PRG-03", False, "310115")
    land.market.world.let_pass(days=1)
    watch(land)
    (ended,) = alerts(land, site.project, "PRG-03")
    assert (ended.id, ended.state) == (open_one.id, AlertState.RESOLVED)
    steps = land.market.world.door.ask(one_alert, land.market.caller("pdshen01"), ended.id).steps
    assert steps[-1].text == OFF
    switch(land.market.world, "PRG-03", True, "310115")
    land.market.world.let_pass(days=1)
    watch(land)
    assert [one.state for one in alerts(land, site.project, "PRG-03")] == [AlertState.RESOLVED, AlertState.OPEN]


def test_a_district_with_its_own_days_has_its_own_grade(land: Land, site: Site) -> None:
    started(site)
    with parameter(land.market.world, "progress.milestone_yellow", "5", "310115"):
        watch(land)
    assert [one.grade for one in alerts(land, site.project, "PRG-03")] == [AlertGrade.YELLOW]


def test_a_district_sets_its_own_days_and_the_city_all(land: Land, site: Site, desk: Desk) -> None:
    world, key = land.market.world, "progress.milestone_yellow"
    order = ProposeParameter(key, "5", world.door.clock.today(), "本区从严掌握", "310115")
    for wrong, told in (
        (replace(order, district=""), "本区"),
        (replace(order, district="310104"), "本区"),
        (replace(order, key="filing.max_months"), "租赁管理事务中心|本区"),
    ):
        with pytest.raises(NotAllowed, match=told):
            desk.perform(propose_parameter, "pdchu01", wrong)
    with pytest.raises(NotAllowed, match="租赁管理事务中心"):
        desk.perform(propose_parameter, "shichu01", replace(order, key="filing.max_months", district=""))

    def set_by(handler: str, reviewer: str, one: ProposeParameter) -> None:
        world.let_pass(minutes=5)
        row = desk.perform(propose_parameter, handler, one)
        with pytest.raises(NotAllowed):
            desk.perform(confirm_parameter, "xhshen01", Decide(row, True))
        desk.perform(confirm_parameter, reviewer, Decide(row, True))

    set_by("pdchu01", "pdshen01", order)
    started(site)
    watch(land)
    assert [one.grade for one in alerts(land, site.project, "PRG-03")] == [AlertGrade.YELLOW]
    seen = desk.ask(one_parameter, "pdchu01", key).value, desk.ask(one_parameter, "xhchu01", key).value
    assert seen == ("5", DECLARED[key].default)
    with pytest.raises(NotFound):
        desk.ask(one_parameter, "pdchu01", "filing.max_months")
    # The city sets every district's, and takes this one back.
    set_by("shichu01", "shishen01", replace(order, value="", take_back=True, reason="按全市统一执行"))
    assert desk.ask(one_parameter, "pdchu01", key).value == DECLARED[key].default


def test_a_finished_project_has_no_more_alerts_of_progress(land: Land, site: Site) -> None:
    unit = started(site)
    land.market.world.stand_at(2027, 5, 20)
    watch(land)
    assert {one.rule_code for code in PROGRESS for one in alerts(land, site.project, code)} >= {"PRG-01", "PRG-03"}
    done = line(
        unit,
        visual_progress="10",
        floors_done=18,
        percent=100,
        topped_on="2027-02-20",
        accepted_on="2027-02-27",
    )
    begun = Desk(land, KIND).begin(site.project, report("2027-03", report_on="2027-04-01"), {"works": [done]})
    desk = Desk(land, KIND)
    desk.submit(begun.revision_id, {**PHOTOS, "PRG-05": "前期漏报，一并补报"})
    desk.approve(begun.revision_id)
    land.market.world.let_pass(hours=1)
    watch(land)
    standing = [one.rule_code for code in PROGRESS for one in alerts(land, site.project, code) if one.open_key]
    assert standing == []


def test_either_side_of_midnight_is_another_day(land: Land, site: Site) -> None:
    started(site)
    clock = land.market.world.door.clock
    clock.stand_at(datetime(2027, 3, 1, 23, 59, 30, tzinfo=SHANGHAI))
    watch(land)
    (before,) = alerts(land, site.project, "PRG-03")
    assert before.title == "主体结构封顶逾期9天"
    watch(land)
    clock.stand_at(datetime(2027, 3, 2, 0, 0, 30, tzinfo=SHANGHAI))
    watch(land)
    (after,) = alerts(land, site.project, "PRG-03")
    assert (after.title, after.hits) == ("主体结构封顶逾期10天", 2)
    # In universal time both are the first of March; the day that counts is Shanghai's.
    assert {one.astimezone(UTC).date() for one in (before.last_seen, after.last_seen)} == {date(2027, 3, 1)}


def test_what_the_authority_closed_stays_closed_until_it_is_worse(land: Land, site: Site, desk: Desk) -> None:
    started(site)
    watch(land)
    (one,) = alerts(land, site.project, "PRG-03")
    desk.perform(close_alert, "pdshen01", Reasoned(one.id, "已现场核实，抢工中"))
    land.market.world.let_pass(days=1)
    watch(land)
    assert [row.state for row in alerts(land, site.project, "PRG-03")] == [AlertState.CLOSED_BY_AUTHORITY]
    land.market.world.let_pass(days=30)
    watch(land)
    assert [row.grade for row in alerts(land, site.project, "PRG-03")] == [AlertGrade.BLUE, AlertGrade.YELLOW]


def test_a_late_review_is_counted_in_working_days(land: Land, site: Site) -> None:
    """A report that is submitted before the spring festival waits over the holiday without getting late."""
    land.market.world.stand_at(2027, 2, 3)
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=18)
    desk = Desk(land, KIND)
    begun = desk.begin(site.project, report("2027-01"), {"works": [line(unit, floors_done=18)]})
    desk.submit(begun.revision_id, PHOTOS)
    due = land.market.row(Revision, begun.revision_id).review_due
    assert due is not None
    assert (due - date(2027, 2, 3)).days > 7
    assert calendar().working_days_between(date(2027, 2, 3), due) == 5
    late = calendar().add_working_days(due, 1)
    tenth, eleventh = (calendar().add_working_days(due, more) for more in (5, 6))
    for day, grades in ((due, []), (late, ["BLUE"]), (tenth, ["BLUE"]), (eleventh, ["YELLOW"])):
        land.market.world.stand_at(day.year, day.month, day.day)
        land.market.world.door.perform(watch_reviews, SYSTEM, None)
        seen = land.market.world.read(
            lambda work: [one.grade.value for one in work.rows(Alert, Alert.subject_id == begun.revision_id)]
        )
        assert seen == grades


# Planned figures


def test_a_plan_is_filled_in_from_the_works_and_updated_from_them(land: Land, site: Site, desk: Desk) -> None:
    unit = site.unit(site.permit(site.planning()), "1#", floors_above=18)
    begun = desk.perform(plan_works, "binjiang01", site.project)
    lines = desk.view(begun.revision_id).children["lines"]
    assert [(one["milestone"], one["planned_on"]) for one in lines] == [
        ("M07", "2026-06-15"),
        ("M12", "2027-06-15"),
        ("M17", "2028-06-15"),
    ]
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id)
    with pytest.raises(Conflict, match="不需要更新"):
        desk.perform(plan_works, "binjiang01", site.project)
    record = land.market.world.read(lambda work: work.only(ProgressPlan.id, ProgressPlan.project_id == site.project))
    other = desk.update(record, "增加桩基节点")
    desk.save(other.revision_id, {}, planned(unit, M07="2026-07-01", M08="2026-09-01", M12="2027-06-15"))
    desk.submit(other.revision_id)
    desk.approve(other.revision_id)
    again = desk.perform(plan_works, "binjiang01", site.project)
    kept = {one["milestone"]: one["planned_on"] for one in desk.view(again.revision_id).children["lines"]}
    assert kept == {"M07": "2026-06-15", "M08": "2026-09-01", "M12": "2027-06-15", "M17": "2028-06-15"}


def test_only_its_company_plans_a_project(land: Land, site: Site, desk: Desk) -> None:
    site.unit(site.permit(site.planning()), "1#", floors_above=18)
    with pytest.raises(NotFound):
        desk.perform(plan_works, "xincheng_admin", site.project)


# Monthly summary


class Elsewhere(Site):
    """The only project of another company, which therefore sees nothing else."""

    def put(self, kind: str, values: dict[str, Any], lists: Any = None) -> UUID:
        return self.land.side(kind, self.project, values, lists, company="P-3")


def test_a_month_is_told_as_it_was_at_its_end(land: Land, desk: Desk) -> None:
    started(Elsewhere(land, land.project("P-3")))
    watch(land)
    land.market.world.stand_at(2027, 4, 10)
    watch(land)
    february, march, april = (desk.ask(summary_of, "xincheng_admin", f"2027-0{month}") for month in (2, 3, 4))
    assert [one.projects for one in (february, march, april)] == ["1个"] * 3
    assert (february.reports, march.reports) == ("1／1", "0／1")
    assert (february.raised, february.green) == ("0条", "1个")
    (late,) = [one for one in march.rules if one.rule.startswith("PRG-03")]
    # On the last of March it was blue; yellow only in April.
    assert (late.raised, late.red, late.yellow, late.blue) == ("1", "0", "0", "1")
    topped = next(one for one in march.milestones if one.milestone == "主体结构封顶")
    assert (topped.planned, topped.reached, topped.overdue) == ("0", "0", "1")
    (grown,) = [one for one in april.rules if one.rule.startswith("PRG-03")]
    assert (grown.raised, grown.yellow) == ("0", "1")
    land.market.world.stand_at(2027, 8, 10)
    watch(land)
    # What is serious is named by its rule: the title of an alert that stands counts its days until today.
    (serious,) = desk.ask(summary_of, "xincheng_admin", "2027-07").serious
    assert serious.why == "工程款未填报"


def test_a_summary_is_a_paper_over_what_its_reader_sees(land: Land, site: Site, desk: Desk) -> None:
    started(site)
    watch(land)
    door, market = land.market.world.door, land.market
    assert summary_pdf(door, market.caller("shichu01"), "2027-03").startswith(b"%PDF")
    mine, theirs = (desk.ask(summary_of, who, "2027-03") for who in ("binjiang_admin", "xincheng_admin"))
    assert int(mine.projects[:-1]) > int(theirs.projects[:-1])
    for month in ("2027-04", "2027-13", "../etc", ""):
        with pytest.raises(Rejected):
            desk.ask(summary_of, "pdshen01", month)


def test_a_summary_is_told_once_to_those_it_is_about(land: Land, site: Site, desk: Desk) -> None:
    world = land.market.world
    started(site)
    world.stand_at(2027, 4, 5)
    assert world.door.perform(tell_summary, SYSTEM, None) == 0
    world.stand_at(2027, 4, 6)
    assert world.door.perform(tell_summary, SYSTEM, None) > 0
    assert world.door.perform(tell_summary, SYSTEM, None) == 0

    def told(who: str) -> list[Notice]:
        # Not by the list of messages, whose newest two hundred may be of later days that other tests stood at.
        subject = Notice.subject == "2027年3月项目进度监测月报"
        caller = land.market.caller(who)
        return list(world.door.look(caller, lambda work: work.rows(work.visible(Notice).where(subject))))

    for who in ("shichu01", "pdshen01", "shenpu_admin", "binjiang01"):
        (one,) = told(who)
        assert one.object_id is not None
        assert desk.ask(summary_month, who, one.object_id) == "2027-03"
    # A district in which nothing is built, and a company without a project, hear nothing.
    building = {row.district_code for row in world.read(lambda work: work.rows(Project))}
    assert [len(told("xhshen01")), len(told("lingang01"))] == [int("310104" in building), int(_builds(land, "P-4"))]
    world.stand_at(2027, 5, 6)
    assert world.door.perform(tell_summary, SYSTEM, None) > 0


def _builds(land: Land, company: str) -> bool:
    found: bool = land.market.world.read(
        lambda work: work.has(Project, Project.project_company_id == land.market.ids[company])
    )
    return found
