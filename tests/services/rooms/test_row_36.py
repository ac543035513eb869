"""变更审核: all, some or none, judged again and applied in one transaction (row 36)."""

from decimal import Decimal
from uuid import uuid4

import pytest

from models.rooms import CentralRoom, CentralRoomState, LineState, RoomApplyState
from services.documents.stored_papers import open_paper
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.rooms.orders import Decide, ReturnApply
from services.rooms.review import decide_apply, return_apply
from services.rooms.views import view_room
from tests.services.rooms.desk import ELSEWHERE, Desk

pytestmark = pytest.mark.row(36)


def test_all_lines_are_applied_and_the_rooms_have_a_past(desk: Desk) -> None:
    project, title = desk.in_library("1201", "1202")
    apply_id = desk.submitted(
        project.id,
        desk.change("1201", "list_rent", "3600.00", "3900.00"),
        desk.change("1201", "max_persons", "2", "1"),
        desk.cancel("1202"),
        desk.add("1203", title),
    )
    done = desk.decide(apply_id, opinion="同意")
    assert (done.applied, done.refused, done.waiting) == (4, 0, 0)
    rooms = desk.rooms(project.id)
    assert (rooms["1201"].list_rent, rooms["1201"].max_persons) == (Decimal(3900), 1)
    assert (rooms["1202"].state, rooms["1202"].in_library) == (CentralRoomState.CANCELLED, False)
    assert desk.project(project.id).room_total == 2
    past = desk.ask(view_room, rooms["1201"].id).past
    assert [event.content for event in past][-1].startswith("1室1厅1卫")
    assert {"月租金：3,600.00元 → 3,900.00元", "最多居住人数：2 → 1"} <= {event.content for event in past}
    (paper,) = desk.papers(apply_id)
    page = paper.page.json()["page"]
    assert (paper.title, page["counts"]) == ("集中式房源审核意见", "新增已生效1行；变更已生效2行；注销已生效1行")
    assert open_paper(desk.world.door, desk.firm(), paper.id)
    assert "房源变更申请已审核" in desk.told()


def test_some_are_refused_with_an_opinion_and_counted(desk: Desk) -> None:
    project, _ = desk.in_library("1201", "1202", "1203")
    lines = [desk.change(number, "list_rent", "3600.00", "3700.00") for number in ("1201", "1202", "1203")]
    apply_id = desk.submitted(project.id, *lines)
    second = desk.lines(apply_id)[1]
    with pytest.raises(Rejected, match="请填写审核意见"):
        desk.decide(apply_id, refused=frozenset({second.id}))
    done = desk.decide(apply_id, refused=frozenset({second.id}), opinion="第2行租金依据不足")
    assert (done.applied, done.refused) == (2, 1)
    assert [line.state for line in desk.lines(apply_id)] == [LineState.APPLIED, LineState.REFUSED, LineState.APPLIED]
    assert {number: int(room.list_rent or 0) for number, room in desk.rooms(project.id).items()} == {
        "1201": 3700,
        "1202": 3600,
        "1203": 3700,
    }


def test_none_is_a_refused_application(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    apply_id = desk.submitted(project.id, desk.cancel("1201"))
    (line,) = desk.lines(apply_id)
    desk.decide(apply_id, refused=frozenset({line.id}), opinion="房间仍在经营")
    assert desk.apply(apply_id).state is RoomApplyState.REFUSED
    assert desk.rooms(project.id)["1201"].state is CentralRoomState.FREE


def test_a_room_let_meanwhile_is_not_cancelled(desk: Desk) -> None:
    project, _ = desk.in_library("1201", "1202")
    apply_id = desk.submitted(project.id, desk.cancel("1201"), desk.cancel("1202"))
    desk.library.answers = {("1号楼", "1201"): True}
    done = desk.decide(apply_id)
    assert (done.applied, done.refused) == (1, 1)
    first, _ = desk.lines(apply_id)
    assert (first.state, first.review_codes, first.found) == (
        LineState.REFUSED,
        "Z06",
        "该房间存在有效备案，不能注销",
    )


def test_a_line_waits_while_the_library_is_silent(desk: Desk) -> None:
    project, _ = desk.in_library("1201", "1202")
    apply_id = desk.submitted(project.id, desk.cancel("1201"), desk.change("1202", "list_rent", "3600", "3700"))
    desk.library.answers = {("1号楼", "1201"): None}
    done = desk.decide(apply_id)
    assert (done.applied, done.waiting) == (1, 1)
    assert (desk.apply(apply_id).state, desk.papers(apply_id)) == (RoomApplyState.REVIEWING, [])
    desk.library.answers = {}
    assert desk.decide(apply_id).applied == 1
    assert (desk.apply(apply_id).state, len(desk.papers(apply_id))) == (RoomApplyState.APPROVED, 1)


def test_a_room_let_meanwhile_is_changed_and_told_of(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    apply_id = desk.submitted(project.id, desk.change("1201", "build_area", "45.50", "46.00"))
    desk.world.rewrite(CentralRoom, CentralRoom.project_id == project.id, state=CentralRoomState.LET)
    assert desk.decide(apply_id).applied == 1
    (line,) = desk.lines(apply_id)
    assert (line.review_codes, line.found) == ("Z07", "该房间在租，变更需审核并通知承租人")
    assert any("其中1行变更的房间在租，请告知承租人。" in body for body in desk.told_of(apply_id))


def test_what_has_changed_since_is_refused_as_stale(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    apply_id = desk.submitted(project.id, desk.change("1201", "list_rent", "3600.00", "3900.00"))
    desk.world.rewrite(CentralRoom, CentralRoom.project_id == project.id, list_rent=Decimal(3650))
    assert desk.decide(apply_id).refused == 1
    (line,) = desk.lines(apply_id)
    assert (line.review_codes, desk.rooms(project.id)["1201"].list_rent) == ("STALE", Decimal(3650))


def test_a_stale_page_is_told_to_refresh(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    apply_id = desk.submitted(project.id, desk.cancel("1201"))
    with pytest.raises(Conflict, match="已被他人办理"):
        desk.decide(apply_id, version=desk.apply(apply_id).version - 1)
    desk.decide(apply_id, version=desk.apply(apply_id).version)
    with pytest.raises(Conflict, match="无需审核"):
        desk.decide(apply_id)


def test_nobody_reviews_an_application_of_their_own(desk: Desk) -> None:
    account = uuid4()
    project, _ = desk.in_library("1201")
    firm = desk.firm(account=account)
    apply_id = desk.submitted(project.id, desk.cancel("1201"), caller=firm)
    reviewer = desk.bureau(account=account)
    for action, order in ((decide_apply, Decide(apply_id)), (return_apply, ReturnApply(apply_id, "内容有误，请核对"))):
        with pytest.raises(NotAllowed, match="本人提交"):
            desk.do(action, order, reviewer)
    assert desk.decide(apply_id).applied == 1


def test_a_return_needs_words_and_goes_back_whole(desk: Desk) -> None:
    project, _ = desk.in_library("1201", "1202")
    apply_id = desk.submitted(project.id, desk.cancel("1201"), desk.cancel("1202"))
    with pytest.raises(Rejected, match="退回原因"):
        desk.do(return_apply, ReturnApply(apply_id, "不行"), desk.bureau())
    desk.do(return_apply, ReturnApply(apply_id, "请补充退出经营的说明"), desk.bureau())
    assert [line.state for line in desk.lines(apply_id)] == [LineState.RETURNED] * 2
    assert desk.submit(apply_id).accepted == 2


def test_another_district_finds_no_application_and_a_draft_is_seen_by_no_bureau(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    draft = desk.drafted(project.id, desk.cancel("1201"))
    with pytest.raises(NotFound):
        desk.decide(draft)
    desk.submit(draft)
    with pytest.raises(NotFound):
        desk.decide(draft, caller=desk.bureau(ELSEWHERE))


def test_the_managed_flag_changes_with_its_paper_in_both_directions(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    for before, after in (("是", "否"), ("否", "是")):
        bare = desk.drafted(project.id, desk.change("1201", "managed", before, after))
        with pytest.raises(Rejected) as refused:
            desk.submit(bare)
        assert [finding.code for finding in refused.value.findings] == ["Z02"]
        desk.decide(desk.submitted(project.id, desk.change("1201", "managed", before, after, paper="RD-2027-002")))
        assert desk.rooms(project.id)["1201"].managed is (after == "是")


def test_a_failed_line_leaves_nothing_of_a_broken_decision(desk: Desk) -> None:
    project, title = desk.in_library("1201")
    apply_id = desk.submitted(project.id, desk.add("1202", title), desk.change("1201", "room_no", "1201", "1203"))
    with pytest.raises(NotFound):
        desk.decide(apply_id, caller=desk.bureau(ELSEWHERE))
    assert sorted(desk.rooms(project.id)) == ["1201"]
    desk.decide(apply_id)
    assert sorted(desk.rooms(project.id)) == ["1202", "1203"]
