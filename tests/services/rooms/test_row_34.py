"""项目开盘: the operator's keys first, the owner's else; one opens by itself, several are chosen from (row 34)."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.enterprise import Enterprise, EnterpriseKey, KeyState, ServiceState
from models.rooms import CentralProject, OpeningMode, OpeningState
from services.engine.jobs import run_job
from services.engine.refusals import Conflict, Rejected
from services.engine.work import Work
from services.rooms.listings import PROJECTS
from services.rooms.openings import GUIDE, open_project, view_opening
from services.rooms.orders import ChangeOperator, OpenProject
from services.rooms.projects import change_operator, close_project
from tests.services.rooms.desk import DISTRICT, OPERATOR, OTHER, OWNER, Desk

pytestmark = pytest.mark.row(34)


@pytest.fixture(autouse=True)
def no_keys(desk: Desk) -> None:
    """No firm has a key from an earlier test."""

    def revoke(work: Work) -> None:
        mine = select(EnterpriseKey).where(col(EnterpriseKey.enterprise_id).in_(list(desk.firms.values())))
        for key in work.session.exec(mine).all():
            key.state = KeyState.REVOKED
            work.add(key)

    desk.world.act(revoke)


def opened(desk: Desk, project: CentralProject) -> OpeningState:
    desk.do(open_project, OpenProject(project.id), desk.bureau())
    return desk.openings(project.id)[-1].state


def test_one_valid_key_of_the_operator_opens_by_itself(desk: Desk) -> None:
    project, _ = desk.in_library("1201", "1202")
    desk.key(OPERATOR, "OP-000000-123456")
    desk.key(OPERATOR, "OP-OLD", days=-1)
    assert opened(desk, project) is OpeningState.OPENED
    (opening,) = desk.openings(project.id)
    assert (opening.mode, opening.rooms, opening.enterprise_id) == (OpeningMode.AUTO, 2, desk.firms[OPERATOR])
    assert desk.project(project.id).opened
    (paper,) = desk.papers(opening.id)
    assert (paper.title, paper.number, paper.page.json()["page"]["key"]) == (
        "项目开盘确认单",
        opening.paper_no,
        "123456",
    )
    assert "项目已开盘" in desk.told()


def test_several_keys_are_chosen_from(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    desk.key(OPERATOR, "OP-1")
    second = desk.key(OPERATOR, "OP-2")
    assert len(desk.ask(view_opening, project.id, desk.bureau()).keys) == 2
    with pytest.raises(Rejected, match="请选择一个") as refused:
        opened(desk, project)
    assert [one.code for one in refused.value.findings] == ["Z08"]
    desk.do(open_project, OpenProject(project.id, second), desk.bureau())
    (opening,) = desk.openings(project.id)
    assert (opening.mode, opening.key_id) == (OpeningMode.MANUAL, second)


def test_without_a_key_reason_and_guide_are_shown(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    view = desk.ask(view_opening, project.id, desk.bureau())
    assert (view.keys, view.refusal, view.guide) == ((), "企业无有效密钥，请先办理", GUIDE)
    with pytest.raises(Rejected, match="企业无有效密钥"):
        opened(desk, project)


def test_a_key_that_ends_tomorrow_opens_and_is_told_of(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    desk.key(OPERATOR, "OP-1", days=1)
    (key,) = desk.ask(view_opening, project.id, desk.bureau()).keys
    assert key.warning == f"密钥将于{desk.today + timedelta(days=1)}到期，请及时续期"
    assert opened(desk, project) is OpeningState.OPENED


def test_the_operators_keys_count_before_the_owners(desk: Desk) -> None:
    project, _ = desk.in_library("1201", owner_uscc="")
    desk.world.rewrite(CentralProject, CentralProject.id == project.id, owner_id=desk.firms[OWNER])
    desk.key(OWNER, "OWNER-1")
    own = desk.key(OPERATOR, "OP-1")
    view = desk.ask(view_opening, project.id, desk.bureau())
    assert ([key.id for key in view.keys], view.enterprise, view.operator) == (
        [own],
        "上海浦城置业管理有限公司",
        "上海沪寓公寓管理有限公司",
    )
    desk.world.rewrite(EnterpriseKey, EnterpriseKey.id == own, state=KeyState.LOST)
    assert [key.serial for key in desk.ask(view_opening, project.id, desk.bureau()).keys] == ["OWNER-1"]


@pytest.mark.parametrize("ended", ["lost", "expired", "suspended"])
def test_the_nightly_job_suspends_what_no_key_opens_any_more(desk: Desk, ended: str) -> None:
    project, _ = desk.in_library("1201")
    key = desk.key(OPERATOR, "OP-1", days=5)
    opened(desk, project)
    run_job(desk.world.door, "rooms.watch_keys")
    assert desk.openings(project.id)[0].state is OpeningState.OPENED
    if ended == "lost":
        desk.world.rewrite(EnterpriseKey, EnterpriseKey.id == key, state=KeyState.LOST)
    elif ended == "expired":
        desk.world.let_pass(days=6)
    else:
        desk.world.rewrite(Enterprise, Enterprise.id == desk.firms[OPERATOR], service_state=ServiceState.SUSPENDED)
    run_job(desk.world.door, "rooms.watch_keys")
    (opening,) = desk.openings(project.id)
    assert (opening.state, desk.project(project.id).opened) == (OpeningState.SUSPENDED, False)
    assert opening.reason
    if ended == "suspended":
        with pytest.raises(Conflict, match="暂停网签"):
            opened(desk, project)
        desk.world.rewrite(Enterprise, Enterprise.id == desk.firms[OPERATOR], service_state=ServiceState.NORMAL)
    else:
        desk.key(OPERATOR, "OP-NEW")
    assert opened(desk, project) is OpeningState.OPENED
    assert len(desk.openings(project.id)) == 1
    assert desk.project(project.id).opened


def test_another_operator_suspends_and_is_bound_anew(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    desk.key(OPERATOR, "OP-1")
    opened(desk, project)
    desk.do(change_operator, ChangeOperator(project.id, OTHER), desk.bureau())
    (first,) = desk.openings(project.id)
    assert (first.state, desk.project(project.id).opened) == (OpeningState.SUSPENDED, False)
    mine = desk.key(OTHER, "OTHER-1")
    assert opened(desk, project) is OpeningState.OPENED
    first, second = desk.openings(project.id)
    assert (first.state, second.key_id, second.operator_id) == (OpeningState.CLOSED, mine, desk.firms[OTHER])


def test_one_key_may_open_two_projects(desk: Desk) -> None:
    desk.key(OPERATOR, "OP-1")
    for project, _ in (desk.in_library("1201"), desk.in_library("1201")):
        assert opened(desk, project) is OpeningState.OPENED


def test_a_project_without_rooms_is_not_opened(desk: Desk) -> None:
    project = desk.filled()
    desk.key(OPERATOR, "OP-1")
    with pytest.raises(Conflict, match="待入库"):
        opened(desk, project)
    project, _ = desk.in_library("1201")
    desk.decide(desk.submitted(project.id, desk.cancel("1201")))
    with pytest.raises(Conflict, match="没有已入库的房间"):
        opened(desk, project)


def test_an_opened_project_is_not_opened_twice_and_a_closed_one_not_at_all(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    desk.key(OPERATOR, "OP-1")
    opened(desk, project)
    with pytest.raises(Conflict, match="项目已开盘"):
        opened(desk, project)
    desk.do(close_project, project.id, desk.bureau())
    assert desk.openings(project.id)[0].state is OpeningState.CLOSED
    with pytest.raises(Conflict, match="已关闭"):
        opened(desk, project)


def test_a_search_shows_enterprise_and_operator(desk: Desk) -> None:
    project = desk.begun(owner_uscc=OWNER)
    (line,) = desk.world.listed(PROJECTS, desk.bureau(DISTRICT), number=project.project_no).lines
    assert (line.enterprise, line.operator, line.opening) == (
        "上海浦城置业管理有限公司",
        "上海沪寓公寓管理有限公司",
        "未开盘",
    )
    assert desk.world.listed(PROJECTS, desk.bureau(), firm="浦城置业", number=project.project_no).total == 1
