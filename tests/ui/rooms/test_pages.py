"""Pages of centralized housing: an operator fills and confirms, the bureau decides and opens (rows 33-36)."""

import pytest

from models.enterprise import Enterprise
from models.rooms import ApplyKind, LineState, OpeningState, RoomApplyState
from services.access.access_list_signature import sign_pending
from tests.firms_made import sign_up
from tests.services.rooms.desk import OPERATOR, Desk
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, choose, key, pick, press, put, put_instead, rows
from tests.world import World

FIRM, BUREAU = "jizhong01", "pdju01"


@pytest.fixture(scope="module")
def desk(world: World) -> Desk:
    """The operator with an account of its own, in the world of pages."""
    made = Desk(world).found()

    world.act(lambda work: sign_up(work, work.only(Enterprise, Enterprise.id == made.firms[OPERATOR]), FIRM))
    sign_pending(world.door)
    return made


@pytest.mark.row(33)
async def test_the_bureau_begins_and_the_operator_completes_a_project(crowd: Crowd, desk: Desk) -> None:
    user = await crowd.open(BUREAU, "/?open=central_projects")
    key(user, "f2")
    await user.should_see(marker="field-operator_uscc", retries=WAIT)
    put(user, "name", "沪寓·世纪公园")
    choose(user, "kind", "MARKET")
    put(user, "operator_uscc", OPERATOR)
    choose(user, "street_code", "310115005")
    put(user, "address", "锦绣路1000号")
    press(user, "dialog-yes")
    await user.should_see("项目已新建", retries=WAIT)
    (line,) = [one for one in rows(user, "grid") if one["name"] == "沪寓·世纪公园"]
    firm = await crowd.open(FIRM, f"/?open=central_projects&id={line['id']}")
    await firm.should_see("缺少有效的权属或改建批准文件", retries=WAIT)
    key(firm, "f4")
    await firm.should_see(marker="field-buildings", retries=WAIT)
    put(firm, "recognition_no", "RD-1")
    put(firm, "buildings", "1号楼")
    press(firm, "dialog-yes")
    await firm.should_see("一行一幢", retries=WAIT)
    put_instead(firm, "buildings", "1号楼 18\n2号楼 12 无电梯")
    press(firm, "dialog-yes")
    await firm.should_see("1号楼（18层）、2号楼（12层，无电梯）", retries=WAIT)


@pytest.mark.row(33)
async def test_rooms_are_added_one_by_one_and_confirmed(crowd: Crowd, desk: Desk) -> None:
    project = desk.filled()
    (title,) = desk.titles(project.id)
    apply_id = desk.drafted(project.id, desk.add("1201", title), kind=ApplyKind.INTAKE)
    user = await crowd.open(FIRM, f"/?open=room_applies&id={apply_id}")
    await user.should_see("申请的行（1）", retries=WAIT)
    key(user, "f2")
    await user.should_see(marker="field-title_ref", retries=WAIT)
    for name, text in {"building": "1号楼", "room_no": "0302", "floor": "3", "title_ref": title}.items():
        put(user, name, text)
    for name, text in {"build_area": "45", "usable_area": "33", "max_persons": "2"}.items():
        put(user, name, text)
    choose(user, "layout", "1室1厅1卫")
    choose(user, "managed", "是")
    press(user, "dialog-yes")
    await user.should_see("申请的行（2）", retries=WAIT)
    await user.should_not_see(marker="field-title_ref", retries=WAIT)
    key(user, "f8")
    await user.should_see("确认内容属实并提交区局审核？", retries=WAIT)
    press(user, "dialog-yes")
    assert await until(lambda: desk.apply(apply_id).state is RoomApplyState.REVIEWING)
    assert [line.room_no for line in desk.lines(apply_id)] == ["1201", "0302"]


@pytest.mark.row(36)
async def test_the_bureau_marks_a_line_and_decides_the_rest(crowd: Crowd, desk: Desk) -> None:
    project, _ = desk.in_library("1201", "1202")
    apply_id = desk.submitted(project.id, desk.cancel("1201"), desk.change("1202", "list_rent", "3600.00", "3900.00"))
    user = await crowd.open(BUREAU, f"/?open=room_applies&id={apply_id}")
    await user.should_see("申请的行（2）", retries=WAIT)
    shown = rows(user, "申请的行")
    assert [(row["room"], row["before"], row["after"]) for row in shown] == [
        ("1号楼1201", "在库", "注销房间"),
        ("1号楼1202", "3600.00", "月租金：3,600.00元 → 3,900.00元"),
    ]
    pick(user, "申请的行", desk.lines(apply_id)[0].id)
    await user.should_see("标为不通过1行", retries=WAIT)
    key(user, "f8")
    await user.should_see(marker="field-opinion", retries=WAIT)
    put(user, "opinion", "房间仍在经营，不予注销")
    press(user, "dialog-yes")
    assert await until(lambda: desk.apply(apply_id).state is RoomApplyState.APPROVED)
    assert [line.state for line in desk.lines(apply_id)] == [LineState.REFUSED, LineState.APPLIED]
    await user.should_see("生效1行，不通过1行", retries=WAIT)


@pytest.mark.row(34)
async def test_a_project_is_opened_with_a_chosen_key(crowd: Crowd, desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    user = await crowd.open(BUREAU, f"/?open=central_projects&id={project.id}")
    await user.should_see("权属文件", retries=WAIT)
    key(user, "f8")
    await user.should_see("企业无有效密钥，请先办理", retries=WAIT)
    desk.key(OPERATOR, "UI-KEY-1")
    second = desk.key(OPERATOR, "UI-KEY-2")
    key(user, "f8")
    await user.should_see(marker="field-key", retries=WAIT)
    choose(user, "key", str(second))
    press(user, "dialog-yes")
    assert await until(lambda: [one.state for one in desk.openings(project.id)] == [OpeningState.OPENED])
    await user.should_see("项目已开盘", retries=WAIT)


@pytest.mark.row(35)
async def test_a_room_is_changed_from_the_library(crowd: Crowd, desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    room = desk.rooms(project.id)["1201"]
    user = await crowd.open(FIRM, f"/?open=central_rooms&id={room.id}")
    await user.should_see("变更历史", retries=WAIT)
    key(user, "f4")
    await user.should_see(marker="field-list_rent", retries=WAIT)
    put_instead(user, "list_rent", "3950.00")
    put(user, "reason", "租金调整")
    press(user, "dialog-yes")
    await user.should_see("申请的行（1）", retries=WAIT)
    assert [(row["before"], row["after"]) for row in rows(user, "申请的行")] == [
        ("3600.00", "月租金：3,600.00元 → 3,950.00元"),
    ]
