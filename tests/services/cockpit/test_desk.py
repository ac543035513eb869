"""A project at a glance: stages, what is missing and why, what is due, under review and alerted."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from models.alerts import AlertGrade
from models.land_codes import ProjectStage
from models.projects import Project
from services.alerts.alert_states import raise_alert
from services.alerts.signs import Sign, Subject
from services.cockpit.desk import LINK, PROJECTS, ProjectDesk, project_desk
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, OneRevision, StartUpdate, Submit
from services.engine.dependencies import NodeState
from services.engine.kinds import KINDS, Owner
from services.engine.listings import ListRows
from services.engine.refusals import NotFound
from services.engine.work import Work
from tests.land import Land, project_form
from tests.world import World

MAKER, HEAD, DISTRICT, CITY = "binjiang01", "shenpu01", "pdshen01", "shichu01"


def desk(world: World, login: str, project_id: UUID) -> ProjectDesk:
    found: ProjectDesk = world.door.ask(project_desk, world.caller(login), project_id)
    return found


def states(found: ProjectDesk) -> dict[str, NodeState | None]:
    return {record.kind: record.state for stage in found.stages for record in stage.records}


def test_everybody_of_the_projects_scope_sees_it_and_nobody_else(world: World, land: Land) -> None:
    project = land.project("P-1", name="范围内的项目")
    for login in (MAKER, "binjiang_admin", HEAD, DISTRICT, CITY):
        found = desk(world, login, project)
        assert (found.name, found.in_force, found.keeps) == ("范围内的项目", True, login.startswith("binjiang"))
    for login in ("xian01", "jianghai01", "xincheng01", "xhshen01"):
        with pytest.raises(NotFound):
            desk(world, login, project)
        assert all(line.id != project for line in world.door.ask(PROJECTS.query, world.caller(login), ListRows()).lines)
    with pytest.raises(NotFound):
        desk(world, CITY, uuid4())


def test_a_company_reads_which_office_has_a_step_and_nobody_s_name(world: World, land: Land) -> None:
    project, kind = land.project("P-1", name="领取后的项目"), acts("project")
    maker, door = world.caller(MAKER), world.door
    begun = door.perform(kind.update, maker, StartUpdate(project, "现场情况有变化"))
    door.perform(kind.submit, world.caller("binjiang_admin"), Submit(begun.revision_id, begun.version, {}))
    door.perform(kind.take, world.caller(DISTRICT), OneRevision(begun.revision_id))
    assert [line.holder for line in desk(world, MAKER, project).reviews] == ["浦东新区房屋管理局"]
    assert [line.holder for line in desk(world, DISTRICT, project).reviews] == ["秦审言"]


def test_stages_tell_what_is_built_and_what_is_still_to_come(world: World, land: Land) -> None:
    found = desk(world, MAKER, land.project("P-1"))
    assert found.stages[0].stage is ProjectStage.LAND
    assert [stage.standing for stage in found.stages] == ["now", "later", "later", "later", "later", "later"]
    for stage in found.stages:
        for record in stage.records:
            assert record.built is (record.kind in KINDS)
            assert (record.state is None) is not record.built
    assert states(found)["parcel"] is NodeState.IN_FORCE
    assert states(found)["project"] is NodeState.IN_FORCE
    assert states(found)["project_investors"] is NodeState.MISSING


def test_a_draft_project_shows_what_waits_for_it(world: World, land: Land) -> None:
    land.given("P-1")
    begun = world.door.perform(acts("project").begin, world.caller(MAKER), Begin(values=project_form(name="草稿项目")))
    found = desk(world, MAKER, begun.record_id)
    assert (found.name, found.in_force) == ("草稿项目", False)
    assert states(found)["project"] is NodeState.DRAFT
    blocked = found.graph.node("project_investors")
    assert (blocked.state, blocked.because) == (NodeState.BLOCKED, ("项目",))
    # What waits for another record is not wrong yet; what the company owes now is told in another colour.
    assert (blocked.state.tone, NodeState.MISSING.tone) == ("muted", "warn")
    with pytest.raises(NotFound):
        desk(world, HEAD, begun.record_id)


def test_the_drawing_goes_from_land_to_what_belongs_to_the_project(world: World, land: Land) -> None:
    found = desk(world, MAKER, land.project("P-1"))
    ranks = {node.kind: node.rank for node in found.graph.nodes}
    assert ranks["parcel"] < ranks[LINK] < ranks["project"] < ranks["project_parcels"]
    assert ranks["head_company"] < ranks["project_company"] < ranks["project"]
    assert all(edge.met for edge in found.graph.edges if edge.after == "project")
    assert found.graph.node("head_company").state is NodeState.IN_FORCE


def test_days_of_contract_and_plan_are_told_when_they_come_near(world: World, land: Land) -> None:
    project = land.project(
        "P-1",
        planned_start_on="2027-03-20",
        planned_presale_on="2028-09-30",
        planned_finish_on="2030-03-31",
        planned_delivery_on="2030-06-30",
    )
    world.stand_at(2027, 3, 25)
    due = {line.what: line for line in desk(world, MAKER, project).due}
    assert (due["计划开工"].on, due["计划开工"].left) == (date(2027, 3, 20), -5)
    assert "计划预售" not in due
    world.stand_at(2028, 1, 10)
    due = {line.what: line for line in desk(world, MAKER, project).due}
    assert (due["第2期土地价款"].left, due["约定开工"].left) == (36, -10)

    # A day of a stage that the project has come to is told no more.
    world.stand_at(2028, 10, 10)
    assert "计划预售" in {line.what for line in desk(world, MAKER, project).due}

    def sell(work: Work) -> None:
        row = work.get(Project, project)
        row.stage = ProjectStage.PRESALE
        work.add(row)

    world.act(sell)
    assert "计划预售" not in {line.what for line in desk(world, MAKER, project).due}


def test_open_alerts_of_the_project_are_told_the_gravest_first(world: World, land: Land) -> None:
    project = land.project("P-1")
    company = land.companies["P-1"]

    def raised(grade: AlertGrade, key: str) -> None:
        owner = Owner("310115", land.market.shenpu, company, project)
        world.act(
            lambda work: (
                raise_alert(
                    work, "PRJ-06", Subject("project", project, owner), Sign(grade, f"试验{key}", "说明", key=key)
                ).id
            )
        )

    raised(AlertGrade.BLUE, "甲")
    raised(AlertGrade.RED, "乙")
    told = [(line.title, line.grade) for line in desk(world, MAKER, project).alerts]
    assert told == [("试验乙", AlertGrade.RED), ("试验甲", AlertGrade.BLUE)]


def test_projects_are_sought_by_name_and_company(world: World, land: Land) -> None:
    project = land.project("P-1", name="好找的项目")
    caller = world.caller(CITY)

    def found(text: str) -> list[UUID]:
        return [line.id for line in world.door.ask(PROJECTS.query, caller, ListRows({"text": text})).lines]

    assert found("好找的") == [project]
    assert found("' OR 1=1") == []
    assert project in found("滨江")
