"""项目创建及信息管理: begun from a parcel once or by hand, unique names and codes, capital, stage, watches (row 58)."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.alerts import Alert, AlertGrade
from models.land_codes import CreateMode, ProjectStage
from models.parcels import Parcel, ParcelProjectLink
from models.projects import Project
from models.records import Revision, RevisionState
from services.alerts.signs import grade_of
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin
from services.engine.doubles import DOUBLE
from services.engine.listings import ListRows
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.thresholds import Thresholds
from services.engine.work import Work
from services.imports.jobs import work_through
from services.imports.listings import LINES
from services.imports.uploads import UploadTable, upload_table
from services.parcels.project_links import AssignParcel, ConfirmAssignment, assign_parcel, confirm_assignment
from services.projects.order_relaxation import RelaxOrder, relax_order
from services.projects.project_watches import FINISH, START, watch_all
from services.projects.stages import stage_from
from tests.land import PROJECT_LISTS, Land, project_form
from tests.services.projects.desk import Desk
from tests.services.records.desk import workbook
from tests.world import at_once

pytestmark = pytest.mark.row(58)


def desk(land: Land) -> Desk:
    return Desk(land, "project")


def alerts(land: Land, subject: UUID) -> dict[str, AlertGrade]:
    """What stands about a project, by rule."""

    def read(work: Work) -> dict[str, AlertGrade]:
        rows = work.session.exec(
            select(Alert).where(Alert.subject_id == subject, col(Alert.open_key).is_not(None))
        ).all()
        return {row.rule_code: row.grade for row in rows}

    found: dict[str, AlertGrade] = land.market.world.read(read)
    return found


def watched(land: Land, project: UUID, *day: int) -> dict[str, AlertGrade]:
    if day:
        land.market.world.stand_at(*day)
    land.market.world.door.perform(watch_all, SYSTEM, None)
    return alerts(land, project)


def test_from_a_parcel_to_a_project_in_force(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    book = desk(land)
    link = book.perform(assign_parcel, "shenpu_admin", AssignParcel(parcel, land.market.binjiang))
    project = book.perform(confirm_assignment, "binjiang_admin", ConfirmAssignment(link)).project_id
    draft = book.ask(acts("project").record, "binjiang01", project)
    assert draft.values["land_cost"] == "900000000.00"
    book.save(draft.revision_id, project_form(name="滨江测试雅苑"), PROJECT_LISTS)
    book.submit(draft.revision_id)
    book.approve(draft.revision_id)
    row = land.market.row(Project, project)
    assert (row.create_mode, row.stage, row.project_id) == (CreateMode.AUTO_FROM_PARCEL, ProjectStage.LAND, project)
    assert (row.head_company_id, row.project_company_id) == (land.market.shenpu, land.market.binjiang)
    assert land.market.row(ParcelProjectLink, link).made_project_id == project


def test_one_parcel_begins_one_project_however_often_it_is_confirmed(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    book = desk(land)
    link = book.perform(assign_parcel, "shenpu_admin", AssignParcel(parcel, land.market.binjiang))
    caller = land.market.caller("binjiang_admin")
    twice = [partial(land.market.world.door.perform, confirm_assignment, caller, ConfirmAssignment(link))] * 2
    results = at_once(twice)
    begun = [result.project_id for result in results if not isinstance(result, Exception)]
    assert len(begun) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 1
    drafts = land.market.world.read(
        lambda work: work.session.exec(
            select(Revision.id).where(Revision.kind == "project", Revision.record_id == begun[0])
        ).all()
    )
    assert len(drafts) == 1


def test_by_hand_it_needs_a_parcel_to_be_submitted(land: Land) -> None:
    book = Desk(land, "project", "lingang01", "lingang_admin")
    begun = book.begin(None, project_form(), PROJECT_LISTS)
    with pytest.raises(Rejected) as refused:
        book.submit(begun.revision_id)
    assert [one.code for one in refused.value.findings] == ["DEP"]
    land.given("P-4")
    book.submit(begun.revision_id)
    book.approve(begun.revision_id)
    assert land.market.row(Project, begun.record_id).create_mode is CreateMode.MANUAL


def test_a_name_or_code_is_taken_once(land: Land) -> None:
    land.given("P-1")
    first = project_form(name="同名雅苑（一期）")
    desk(land).effective(None, first, PROJECT_LISTS)
    again = desk(land).begin(None, project_form(name=" 同名雅苑(一期)"), PROJECT_LISTS)
    with pytest.raises(Rejected) as refused:
        desk(land).submit(again.revision_id)
    assert [(one.code, one.field) for one in refused.value.findings] == [("PRJ-01", "name")]
    code = desk(land).begin(None, project_form(project_code=first["project_code"]), PROJECT_LISTS)
    with pytest.raises(Rejected) as taken:
        desk(land).submit(code.revision_id)
    assert [(one.code, one.field) for one in taken.value.findings] == [("PRJ-01", "project_code")]


def test_two_parcels_merged_bound_a_project_together(land: Land) -> None:
    parcels = [land.parcel(head="H-1"), land.parcel(head="H-1", finish_due_on="2029-12-31")]
    book, ours = desk(land), land.market.binjiang
    links = [book.perform(assign_parcel, "shenpu_admin", AssignParcel(one, ours)) for one in parcels]
    project = book.perform(confirm_assignment, "binjiang_admin", ConfirmAssignment(links[0])).project_id
    book.perform(confirm_assignment, "binjiang_admin", ConfirmAssignment(links[1], project))
    draft = book.ask(acts("project").record, "binjiang01", project)
    # Twice the floor area of one parcel is allowed; the earlier of two days is not passed.
    form = project_form(above_gfa="40000.00", total_gfa="47000.00", far_area="40000.00", land_area="20000.00")
    book.save(draft.revision_id, form, PROJECT_LISTS)
    found = book.ask(acts("project").trial, "binjiang_admin", draft.revision_id)
    assert [(one.code, one.field) for one in found] == [("PRJ-04", "planned_finish_on")]


def test_another_companys_project_is_not_there(land: Land) -> None:
    project = land.project("P-1")
    for login in ("xincheng_admin", "jianghai01", "xian01", "xhchu01"):
        with pytest.raises(NotFound):
            desk(land).ask(acts("project").record, login, project)
    with pytest.raises(NotFound):
        Desk(land, "project_parcels", "xincheng01").begin(project, {})
    for login in ("shenpu01", "pdchu01", "shichu01", "binjiang01"):
        assert desk(land).ask(acts("project").record, login, project).record_id == project


def test_personal_data_of_a_project_is_masked_for_whoever_does_not_write_it(land: Land) -> None:
    project = land.project("P-1")
    seen = desk(land).ask(acts("project").record, "shenpu01", project)
    assert "夏知微" not in str(seen.values)
    assert "13800000155" not in str(seen.values)


def test_the_stage_is_the_furthest_that_something_in_force_shows() -> None:
    def stage(*there: str) -> ProjectStage:
        return stage_from(lambda kind: kind in there)

    assert stage() is ProjectStage.LAND
    assert stage("land_planning_permit") is ProjectStage.PLANNING
    assert stage("land_planning_permit", "construction_permit") is ProjectStage.CONSTRUCTION
    assert stage("construction_permit", "sales_plan") is ProjectStage.PRESALE
    assert stage("sales_plan", "completion_filing", "delivery_permit") is ProjectStage.DELIVERY


@pytest.mark.parametrize(
    ("days", "grade"),
    [
        (0, None),
        (1, AlertGrade.BLUE),
        (179, AlertGrade.BLUE),
        (180, AlertGrade.YELLOW),
        (364, AlertGrade.YELLOW),
        (365, AlertGrade.RED),
        (730, AlertGrade.RED),
    ],
)
def test_how_grave_a_late_start_is(days: int, grade: AlertGrade | None) -> None:
    assert grade_of(days, Thresholds(date(2027, 3, 1)), START) is grade


@pytest.mark.parametrize(
    ("days", "grade"), [(0, None), (1, AlertGrade.YELLOW), (89, AlertGrade.YELLOW), (90, AlertGrade.RED)]
)
def test_how_grave_a_late_finish_is(days: int, grade: AlertGrade | None) -> None:
    assert grade_of(days, Thresholds(date(2027, 3, 1)), FINISH) is grade


def test_a_project_that_does_not_start_is_told_ever_more_gravely(land: Land) -> None:
    project = land.project("P-1")
    assert watched(land, project, 2027, 12, 31) == {}
    assert watched(land, project, 2028, 1, 1) == {"PRJ-06": AlertGrade.BLUE}
    assert watched(land, project, 2028, 6, 28) == {"PRJ-06": AlertGrade.YELLOW}
    assert watched(land, project, 2028, 12, 30) == {"PRJ-06": AlertGrade.RED}
    watched(land, project, 2029, 12, 30)
    detail = land.market.world.read(
        lambda work: (
            work.session.exec(select(Alert).where(Alert.subject_id == project, Alert.rule_code == "PRJ-06"))
            .one()
            .detail.json()
        )
    )
    assert "无偿收回" in detail
    land.market.world.rewrite(Project, Project.id == project, started_on=date(2029, 12, 30))
    assert watched(land, project) == {}
    assert watched(land, project, 2030, 7, 1) == {"PRJ-08": AlertGrade.YELLOW}
    assert watched(land, project, 2030, 9, 28) == {"PRJ-08": AlertGrade.RED}


def test_an_extension_moves_the_day(land: Land) -> None:
    parcel = land.parcel(head="H-1", start_extended_to="2028-06-30")
    project = land.project("P-1", parcel=parcel)
    land.link_company(parcel, "P-1", project=project)
    assert watched(land, project, 2028, 6, 30) == {}
    assert watched(land, project, 2028, 7, 1) == {"PRJ-06": AlertGrade.BLUE}


@pytest.mark.parametrize(
    ("stopped", "developed", "invested", "idle"),
    [
        (date(2027, 1, 1), "3333", "600000000", True),
        (date(2027, 1, 1), "3334", "600000000", False),
        (date(2027, 1, 1), "5000", "374999999", True),
        (date(2027, 1, 1), "5000", "375000000", False),
        (date(2027, 1, 3), "1000", "1", False),
    ],
)
def test_a_site_that_stands_still_for_a_year(
    land: Land, stopped: date, developed: str, invested: str, idle: bool
) -> None:
    project = land.project("P-1")
    land.market.world.rewrite(
        Project,
        Project.id == project,
        started_on=date(2026, 5, 1),
        stopped_from=stopped,
        developed_area=Decimal(developed),
        invested_to_date=Decimal(invested),
    )
    found = watched(land, project, 2028, 1, 2)
    assert found == ({"PRJ-07": AlertGrade.RED} if idle else {})


def test_capital_that_falls_below_later_is_told(land: Land) -> None:
    project = land.project("P-1")
    assert "PRJ-05" not in watched(land, project)
    land.market.world.rewrite(Project, Project.id == project, total_investment=Decimal("2300000000"))
    assert watched(land, project)["PRJ-05"] is AlertGrade.RED
    land.market.world.rewrite(Project, Project.id == project, project_capital=Decimal("460000000"))
    assert "PRJ-05" not in watched(land, project)


def test_the_authority_lets_an_old_project_come_in_another_order(land: Land) -> None:
    land.given("P-1")
    book = desk(land)
    draft = book.begin(None, project_form(), PROJECT_LISTS)
    side = Desk(land, "project_builders").begin(draft.record_id, {"has_agent": False})
    with pytest.raises(Rejected) as refused:
        Desk(land, "project_builders").submit(side.revision_id)
    assert [one.code for one in refused.value.findings] == ["DEP"]
    book.submit(draft.revision_id)
    book.approve(draft.revision_id)
    with pytest.raises(NotFound):
        book.perform(relax_order, "xhchu01", RelaxOrder(draft.record_id, True, "历史项目补录"))
    book.perform(relax_order, "pdchu01", RelaxOrder(draft.record_id, True, "历史项目补录"))
    assert land.market.row(Project, draft.record_id).relaxed_order
    Desk(land, "project_builders").submit(side.revision_id)


def test_a_form_of_hostile_texts_is_kept_or_refused_and_never_fails(land: Land) -> None:
    book = desk(land)
    texts: list[Any] = ["华" * 201, "名\x00", "\ud800", "<script>", "' OR 1=1", "🏠" * 100, "1e999", "NaN", True, 12]
    for text in texts:
        begun = book.perform(acts("project").begin, "binjiang01", Begin(values={"name": text, "land_area": text}))
        assert book.view(begun.revision_id).state is RevisionState.DRAFT


def test_a_parcel_of_nobody_begins_nothing(land: Land) -> None:
    parcel = land.parcel()
    assert land.market.row(Parcel, parcel).head_company_id is None
    with pytest.raises(NotFound):
        desk(land).perform(assign_parcel, "shenpu_admin", AssignParcel(parcel, land.market.binjiang))


def test_a_project_named_like_another_needs_a_reason_and_shows_both(land: Land) -> None:
    book = desk(land)
    there = land.project("P-1", name="岚汀观澜雅苑")
    draft = book.begin(None, project_form(name="嵐汀观瀾雅园"), PROJECT_LISTS).revision_id
    with pytest.raises(Rejected, match="说明理由") as refused:
        book.submit(draft)
    (double,) = [one for one in refused.value.findings if one.code == DOUBLE]
    number = land.market.row(Project, there).record_no
    assert [line[1:] for line in double.evidence["alike"][:2]] == [
        ["（本次填写）", number],
        ["嵐汀观瀾雅园", "岚汀观澜雅苑"],
    ]
    book.submit(draft, {DOUBLE: "二期另行立项，不是同一项目"})


def test_a_table_of_projects_warns_of_those_it_may_repeat(land: Land) -> None:
    land.project("P-1", name="云栖澄光雅苑")
    world = land.market.world
    heads = ["项目名称", "项目类型"]
    content = workbook(heads, [["雲棲澄光雅园", ""], ["云栖澄光雅苑二期", ""]])
    caller = land.market.caller("binjiang01")
    made = world.door.perform(upload_table, caller, UploadTable("records.project", "项目.xlsx", content))
    work_through(world.door, lambda: True)
    lines = world.door.ask(LINES.query, caller, ListRows({"id": str(made.id)})).lines
    assert ["可能重复" in line.codes for line in lines] == [True, False]
