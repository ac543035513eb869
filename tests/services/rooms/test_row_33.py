"""集中式房源入库: nothing enters the library before the firm's confirmation and the district's review (row 33)."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from models.enterprise import Enterprise, ServiceState
from models.house import House
from models.practitioner_codes import SessionState
from models.rooms import ApplyKind, CentralRoom, LineState, ProjectKind, ProjectState, RoomApplyState, TitleKind
from services.engine.refusals import Conflict, NotFound, Rejected
from services.imports.commit_run import commit_session, undo_session
from services.imports.jobs import work_through
from services.imports.listings import view_session
from services.imports.uploads import UploadTable, upload_table
from services.rooms.applications import begin_apply, keep_lines, submit_apply, withdraw_apply
from services.rooms.listings import APPLIES, PROJECTS, words_of
from services.rooms.orders import (
    AddTitle,
    BeginApply,
    BuildingForm,
    ChangeOperator,
    KeepLines,
    KeepProject,
    OneApply,
    ReturnApply,
    StartProject,
)
from services.rooms.projects import add_title, change_operator, keep_project, start_project
from services.rooms.review import return_apply
from services.rooms.views import view_apply, view_project
from tests.rooms_made import book, room
from tests.services.rooms.desk import OPERATOR, OTHER, OWNER, Desk

pytestmark = pytest.mark.row(33)


def codes(refused: pytest.ExceptionInfo[Rejected]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def test_rooms_enter_the_library_after_confirmation_and_review_only(desk: Desk) -> None:
    project = desk.filled()
    (title,) = desk.titles(project.id)
    apply_id = desk.drafted(
        project.id, desk.add("1201", title), desk.add("0302", title, floor="3"), kind=ApplyKind.INTAKE
    )
    assert (desk.rooms(project.id), project.state) == ({}, ProjectState.STARTED)
    desk.submit(apply_id)
    assert (desk.rooms(project.id), desk.apply(apply_id).state) == ({}, RoomApplyState.REVIEWING)
    done = desk.decide(apply_id)
    assert (done.applied, done.refused) == (2, 0)
    rooms = desk.rooms(project.id)
    assert {number: one.room_code for number, one in rooms.items()} == {
        "1201": f"{project.project_no}-00001",
        "0302": f"{project.project_no}-00002",
    }
    after = desk.project(project.id)
    assert (after.state, after.room_total, desk.apply(apply_id).state) == (
        ProjectState.IN_LIBRARY,
        2,
        RoomApplyState.APPROVED,
    )
    house = desk.world.read(lambda work: work.session.get_one(House, rooms["0302"].house_id))
    assert (house.project_id, house.room, house.enterprise_id) == (project.id, "0302", desk.firms[OPERATOR])


def test_a_workbook_becomes_lines_of_an_application_that_the_firm_confirms(desk: Desk) -> None:
    project = desk.filled()
    (title,) = desk.titles(project.id)
    own = {"项目编号": project.project_no, "权属文件编号": title}
    table = book(room("1201", **own), room("1202", **own, 备注="朝南"), room("1203", **own, 是否纳管=None))
    firm = desk.firm()
    session_id = desk.do(upload_table, UploadTable("rooms", "房间.xlsx", table), firm).id
    work_through(desk.world.door, lambda: True)
    view = desk.ask(view_session, session_id, firm)
    assert (view.good, view.bad) == (2, 1)
    desk.do(commit_session, session_id, firm)
    work_through(desk.world.door, lambda: True)
    assert desk.rooms(project.id) == {}
    page = desk.world.listed(APPLIES, firm, project_id=project.id)
    (line,) = page.lines
    assert (line.kind, line.lines, line.state) == (ApplyKind.INTAKE, 2, RoomApplyState.DRAFT)
    desk.submit(line.id, firm)
    desk.decide(line.id)
    rooms = desk.rooms(project.id)
    assert sorted(rooms) == ["1201", "1202"]
    kept = desk.world.read(lambda work: words_of(work.session.get_one(CentralRoom, rooms["1202"].id).note))
    assert kept == "朝南"


def test_a_session_is_taken_back_until_its_application_is_handed_in(desk: Desk) -> None:
    project = desk.filled()
    (title,) = desk.titles(project.id)
    firm = desk.firm()
    own = {"项目编号": project.project_no, "权属文件编号": title}
    session_id = desk.do(upload_table, UploadTable("rooms", "房间.xlsx", book(room("1201", **own))), firm).id
    work_through(desk.world.door, lambda: True)
    desk.do(commit_session, session_id, firm)
    work_through(desk.world.door, lambda: True)
    (line,) = desk.world.listed(APPLIES, firm, project_id=project.id).lines
    desk.submit(line.id, firm)
    with pytest.raises(Conflict, match="已提交，不能撤销"):
        desk.do(undo_session, session_id, firm)
    desk.do(withdraw_apply, OneApply(line.id), firm)
    assert desk.apply(line.id).state is RoomApplyState.WITHDRAWN
    assert desk.ask(view_session, session_id, firm).state is SessionState.DONE


def test_the_title_must_be_there_and_unexpired(desk: Desk) -> None:
    project = desk.begun()
    desk.fill(project.id)
    apply_id = desk.drafted(project.id, desk.add("1201", "TF-0"), kind=ApplyKind.INTAKE)
    with pytest.raises(Rejected) as refused:
        desk.submit(apply_id)
    assert "Z01" in codes(refused)
    title = desk.title(project.id, days=10)
    expired = desk.drafted(project.id, desk.add("1201", title), kind=ApplyKind.INTAKE)
    desk.world.let_pass(days=11)
    with pytest.raises(Rejected) as refused:
        desk.submit(expired)
    assert codes(refused) == ["Z01"]
    assert any(one.expired for one in desk.ask(view_project, project.id).titles)


def test_a_title_is_refused_when_it_has_ended_or_has_no_file(desk: Desk) -> None:
    project = desk.begun()
    order = AddTitle(project.id, TitleKind.TITLE, "沪(2022)浦字不动产权第1号", desk.today)
    with pytest.raises(Rejected, match="已到期"):
        desk.do(add_title, replace(order, valid_to=desk.today - timedelta(days=1), file_id=uuid4()))
    with pytest.raises(Rejected, match="扫描件"):
        desk.do(add_title, order)


def test_managed_needs_its_paper(desk: Desk) -> None:
    project = desk.begun()
    with pytest.raises(Rejected, match="是否纳管"):
        desk.fill(project.id, recognition_no="")
    desk.fill(project.id, managed=False, recognition_no="")
    title = desk.title(project.id)
    apply_id = desk.drafted(project.id, desk.add("1201", title), kind=ApplyKind.INTAKE)
    with pytest.raises(Rejected) as refused:
        desk.submit(apply_id)
    assert codes(refused) == ["Z02"]


def test_an_operator_that_is_not_the_owner_needs_its_agreement(desk: Desk) -> None:
    project = desk.filled(owner_uscc=OWNER)
    (title,) = desk.titles(project.id)
    apply_id = desk.drafted(project.id, desk.add("1201", title), kind=ApplyKind.INTAKE)
    with pytest.raises(Rejected) as refused:
        desk.submit(apply_id)
    assert codes(refused) == ["Z05"]


def test_fifteen_residents_need_a_safety_manager(desk: Desk) -> None:
    project = desk.filled(build_area=100)
    desk.fill(project.id, safety_manager="", safety_phone="")
    (title,) = desk.titles(project.id)
    lines = [desk.add(f"12{n:02d}", title) for n in range(1, 9)]
    apply_id = desk.drafted(project.id, *lines, kind=ApplyKind.INTAKE)
    assert [one.code for one in desk.ask(view_apply, apply_id).needs] == ["Z09", "Z10"]
    with pytest.raises(Rejected) as refused:
        desk.submit(apply_id)
    assert codes(refused) == ["Z10"]
    desk.fill(project.id)
    assert desk.submit(apply_id).accepted == 8


def test_the_operator_must_be_on_record_and_in_service(desk: Desk) -> None:
    project = desk.filled()
    (title,) = desk.titles(project.id)
    apply_id = desk.drafted(project.id, desk.add("1201", title), kind=ApplyKind.INTAKE)
    desk.world.rewrite(Enterprise, Enterprise.id == desk.firms[OPERATOR], service_state=ServiceState.SUSPENDED)
    try:
        with pytest.raises(Rejected) as refused:
            desk.submit(apply_id)
        assert codes(refused) == ["Z04"]
        with pytest.raises(Rejected, match="未办理住房租赁企业备案"):
            desk.begun()
    finally:
        desk.world.rewrite(Enterprise, Enterprise.id == desk.firms[OPERATOR], service_state=ServiceState.NORMAL)


def test_a_project_without_operator_is_not_begun(desk: Desk) -> None:
    for uscc, told in (("", "请填写运营主体"), ("91310115MA1K000016", "没有查到运营主体")):
        with pytest.raises(Rejected, match=told):
            desk.begun(operator_uscc=uscc)


def test_another_firm_finds_nothing_of_it(desk: Desk) -> None:
    project = desk.filled()
    (title,) = desk.titles(project.id)
    apply_id = desk.drafted(project.id, desk.add("1201", title), kind=ApplyKind.INTAKE)
    other = desk.firm(OTHER)
    for action, order in (
        (submit_apply, OneApply(apply_id)),
        (withdraw_apply, OneApply(apply_id)),
        (keep_lines, KeepLines(apply_id)),
        (begin_apply, BeginApply(project.id)),
        (keep_project, KeepProject(project.id, managed=False)),
        (add_title, AddTitle(project.id, TitleKind.TITLE, "沪1", desk.today, uuid4())),
    ):
        with pytest.raises(NotFound):
            desk.do(action, order, other)


def test_the_owner_sees_a_project_and_does_not_confirm_for_its_operator(desk: Desk) -> None:
    project = desk.filled(owner_uscc=OWNER)
    owner = desk.firm(OWNER)
    assert desk.ask(view_project, project.id, owner).operator == "上海沪寓公寓管理有限公司"
    with pytest.raises(NotFound):
        desk.do(begin_apply, BeginApply(project.id, ApplyKind.INTAKE), owner)


def test_a_firm_that_is_no_longer_operator_cannot_confirm(desk: Desk) -> None:
    project = desk.filled()
    (title,) = desk.titles(project.id)
    apply_id = desk.drafted(project.id, desk.add("1201", title), kind=ApplyKind.INTAKE)
    desk.do(change_operator, ChangeOperator(project.id, OTHER), desk.bureau())
    with pytest.raises(NotFound, match="不是它的运营主体"):
        desk.submit(apply_id)


def test_a_bureau_begins_projects_of_its_own_district_only(desk: Desk) -> None:
    order = StartProject("项目", ProjectKind.MARKET, OPERATOR, "张江路100弄", district_code="310104")
    with pytest.raises(Exception, match="本区"):
        desk.do(start_project, order, desk.bureau())


def test_buildings_with_rooms_stay_as_high_as_their_rooms(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    with pytest.raises(Rejected, match="最高在12层"):
        desk.fill(project.id, buildings=(BuildingForm("1号楼", 11),))
    with pytest.raises(Rejected, match="不能删除"):
        desk.fill(project.id, buildings=(BuildingForm("2号楼", 12),))


def test_the_same_room_twice_in_an_application_is_told_at_both_lines(desk: Desk) -> None:
    project = desk.filled()
    (title,) = desk.titles(project.id)
    same = desk.add("1201", title)
    apply_id = desk.drafted(project.id, same, same, desk.add("1202", title), kind=ApplyKind.INTAKE)
    assert (desk.submit(apply_id).accepted, len(desk.lines(apply_id))) == (1, 3)
    assert [(line.state, line.codes) for line in desk.lines(apply_id)] == [
        (LineState.BARRED, "SAME_ROOM_TWICE"),
        (LineState.BARRED, "SAME_ROOM_TWICE"),
        (LineState.OPEN, ""),
    ]


def test_a_returned_application_is_corrected_and_handed_in_again(desk: Desk) -> None:
    project = desk.filled()
    (title,) = desk.titles(project.id)
    apply_id = desk.submitted(project.id, desk.add("1201", title), kind=ApplyKind.INTAKE)
    desk.do(return_apply, ReturnApply(apply_id, "面积与测绘报告不符"), desk.bureau())
    assert desk.apply(apply_id).state is RoomApplyState.RETURNED
    (line,) = desk.lines(apply_id)
    fixed = KeepLines(apply_id, (desk.add("1201", title, build_area="46.00"),), (line.id,))
    desk.do(keep_lines, fixed)
    desk.submit(apply_id)
    desk.decide(apply_id)
    assert desk.rooms(project.id)["1201"].build_area == 46


def test_projects_of_others_are_not_in_the_list(desk: Desk) -> None:
    project = desk.begun()
    number = project.project_no
    assert desk.world.listed(PROJECTS, desk.firm(), number=number).total == 1
    assert desk.world.listed(PROJECTS, desk.firm(OTHER), number=number).total == 0
    assert desk.world.listed(PROJECTS, desk.bureau("310104"), number=number).total == 0
