"""已入库房源变更申请: additions, changes and cancellations, with the filing library's answer at every room (row 35)."""

from dataclasses import replace
from datetime import date

import pytest

from models.rooms import (
    ApplyKind,
    CentralRoom,
    CentralRoomState,
    FilingAnswer,
    LineKind,
    LineState,
    ProjectKind,
    RoomApplyState,
)
from models.tenancy import LeaseFiling
from services.engine.refusals import Conflict, Rejected
from services.rooms.applications import MOST_LINES, begin_apply, keep_lines
from services.rooms.change_rules import LineFacts, judge_line
from services.rooms.orders import BeginApply, KeepLines, LineForm
from services.rooms.room_judgement import ProjectFacts
from tests.services.rooms.desk import Desk
from tests.services.tenancy.counter import Counter

pytestmark = pytest.mark.row(35)
NAME = ("1号楼", "1201")
ROOM = {
    "room_no": "1201",
    "floor": "12",
    "layout": "1室1厅1卫",
    "build_area": "45.50",
    "usable_area": "33.20",
    "max_persons": "2",
    "beds": "",
    "list_rent": "3600.00",
    "managed": "是",
    "title_ref": "TF-1",
}


def facts(**given: object) -> LineFacts:
    project = ProjectFacts(
        "XM1", ProjectKind.MARKET, "", recognised=True, buildings={"1号楼": 18}, taken={NAME, ("1号楼", "1202")}
    )
    base = LineFacts(
        LineKind.CHANGE,
        project,
        date(2027, 3, 1),
        building="1号楼",
        room_no="1201",
        room=ROOM,
        room_state=CentralRoomState.FREE,
    )
    return replace(base, **given)  # type: ignore[arg-type]


def change(name: str, after: str, **more: object) -> LineFacts:
    return facts(field=name, before=ROOM[name], after=after, **more)


LET = {"room_state": CentralRoomState.LET}


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (change("list_rent", "3900"), []),
        (change("list_rent", "3900", **LET), []),
        (change("list_rent", "-1"), ["Z03"]),
        (change("list_rent", "NaN"), ["Z03"]),
        (change("build_area", "47.00"), []),
        (change("build_area", "47.00", **LET), ["Z07"]),
        (change("build_area", "47.00", library=FilingAnswer.ACTIVE), ["Z07"]),
        (change("build_area", "-40"), ["Z03"]),
        (change("build_area", "0"), ["Z03"]),
        (change("usable_area", "88"), ["Z03"]),
        (change("layout", "LOFT"), ["Z03"]),
        (change("layout", "1室0厅1卫", **LET), ["Z07"]),
        (change("max_persons", "3"), ["O03"]),
        (change("usable_area", "9.99"), ["O04"]),
        (change("beds", "2"), ["O06"]),
        (change("floor", "19"), ["Z03"]),
        (change("room_no", "1202"), ["Z03"]),
        (change("room_no", "1209"), []),
        (change("managed", "否"), ["Z02"]),
        (change("managed", "否", has_paper=True), []),
        (change("title_ref", "TF-9"), ["Z01"]),
        (facts(field="colour"), ["Z03"]),
        (facts(field="list_rent", before="1.00", after="2.00"), ["STALE"]),
        (facts(room=None), ["ROOM_NOT_FOUND"]),
        (facts(pending=True), ["CHANGE_PENDING"]),
        (facts(twice=True), ["SAME_ROOM_TWICE"]),
        (facts(kind=LineKind.CANCEL, library=FilingAnswer.NONE), []),
        (facts(kind=LineKind.CANCEL, library=FilingAnswer.ACTIVE), ["Z06"]),
        (facts(kind=LineKind.CANCEL, library=FilingAnswer.UNKNOWN), ["FILING_UNKNOWN"]),
        (facts(kind=LineKind.ADD), ["Z03"]),
    ],
)
def test_a_line_is_judged(line: LineFacts, codes: list[str]) -> None:
    assert [fault.code for fault in judge_line(line)] == codes


def test_the_library_answers_at_every_room_and_silence_is_not_handed_in(desk: Desk) -> None:
    project, _ = desk.in_library("1201", "1202", "1203")
    desk.library.answers = {("1号楼", "1202"): True, ("1号楼", "1203"): None}
    apply_id = desk.drafted(project.id, *(desk.cancel(number) for number in ("1201", "1202", "1203")))
    done = desk.submit(apply_id)
    assert (done.accepted, done.barred) == (1, 2)
    assert [(line.library, line.codes, line.state) for line in desk.lines(apply_id)] == [
        (FilingAnswer.NONE, "", LineState.OPEN),
        (FilingAnswer.ACTIVE, "Z06", LineState.BARRED),
        (FilingAnswer.UNKNOWN, "FILING_UNKNOWN", LineState.BARRED),
    ]


def test_the_library_is_asked_over_http_in_bulk_and_again_at_the_review(http_desk: Desk) -> None:
    numbers = [f"{floor:02d}{flat:02d}" for floor in range(1, 12) for flat in range(1, 21)]
    project, _ = http_desk.in_library(*numbers)
    http_desk.library_says(project, "0102", "ACTIVE")
    http_desk.library_says(project, "1120", "UNKNOWN")
    apply_id = http_desk.drafted(project.id, *map(http_desk.cancel, numbers))
    assert http_desk.submit(apply_id).accepted == len(numbers) - 2
    said = {line.room_no: line.library for line in http_desk.lines(apply_id)}
    assert (said["0101"], said["0102"], said["1120"]) == (
        FilingAnswer.NONE,
        FilingAnswer.ACTIVE,
        FilingAnswer.UNKNOWN,
    )
    http_desk.library_says(project, "0101", "ACTIVE")
    http_desk.world.fault("filing_library", "error", match="1119", times=1)
    done = http_desk.decide(apply_id)
    # Of 218 rooms the first question holds 200, the one that failed the others.
    assert (done.refused, done.waiting) == (1, 18)
    assert (http_desk.decide(apply_id).waiting, http_desk.apply(apply_id).state) == (0, RoomApplyState.APPROVED)


@pytest.mark.parametrize("fault", ["error", "badjson", "mismatch", "half"])
def test_a_library_out_of_order_over_http_keeps_the_draft(http_desk: Desk, fault: str) -> None:
    project, _ = http_desk.in_library("1201")
    apply_id = http_desk.drafted(project.id, http_desk.cancel("1201"))
    http_desk.world.fault("filing_library", fault)
    with pytest.raises(Rejected, match="没有可以提交的行") as refused:
        http_desk.submit(apply_id)
    assert "备案库没有应答" in refused.value.findings[0].message
    http_desk.world.heal()
    assert http_desk.submit(apply_id).accepted == 1


def test_a_silent_library_keeps_the_draft(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    desk.library.is_silent = True
    apply_id = desk.drafted(project.id, desk.cancel("1201"))
    with pytest.raises(Rejected) as refused:
        desk.submit(apply_id)
    assert [finding.code for finding in refused.value.findings] == ["FILING_UNKNOWN"]
    assert (desk.apply(apply_id).state, len(desk.lines(apply_id))) == (RoomApplyState.DRAFT, 1)
    desk.library.is_silent = False
    assert desk.submit(apply_id).accepted == 1


def test_our_own_filings_count_whatever_the_library_says(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    counter = Counter(desk.world)
    filed = counter.filed(counter.free_flat("310115"), counter.clerk("huamu01"))
    lease = desk.world.read(lambda work: work.session.get_one(LeaseFiling, filed.filing_id))
    desk.world.rewrite(CentralRoom, CentralRoom.project_id == project.id, house_id=lease.house_id)
    apply_id = desk.drafted(project.id, desk.cancel("1201"))
    with pytest.raises(Rejected) as refused:
        desk.submit(apply_id)
    assert [finding.code for finding in refused.value.findings] == ["Z06"]


def test_change_and_cancel_of_a_room_in_one_application_are_both_refused(desk: Desk) -> None:
    project, _ = desk.in_library("1201", "1202")
    apply_id = desk.drafted(
        project.id,
        desk.change("1201", "list_rent", "3600.00", "3900.00"),
        desk.cancel("1201"),
        desk.cancel("1202"),
    )
    assert desk.submit(apply_id).accepted == 1
    assert [line.codes for line in desk.lines(apply_id)] == ["SAME_ROOM_TWICE", "SAME_ROOM_TWICE", ""]


def test_a_cancelled_number_is_free_after_the_review_and_not_before(desk: Desk) -> None:
    project, title = desk.in_library("1201", "1202")
    both = desk.drafted(project.id, desk.cancel("1201"), desk.add("1201", title))
    assert desk.submit(both).accepted == 1
    assert [line.codes for line in desk.lines(both)] == ["", "Z03"]
    desk.decide(both)
    again = desk.submitted(project.id, desk.add("1201", title))
    desk.decide(again)
    renamed = desk.submitted(project.id, desk.cancel("1202"))
    desk.decide(renamed)
    desk.decide(desk.submitted(project.id, desk.change("1201", "room_no", "1201", "1202")))
    assert desk.rooms(project.id)["1202"].state is CentralRoomState.FREE


def test_a_room_waits_for_one_application_at_a_time(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    change = desk.change("1201", "list_rent", "3600.00", "3900.00")
    desk.submitted(project.id, change)
    second = desk.drafted(project.id, change)
    with pytest.raises(Rejected) as refused:
        desk.submit(second)
    assert [finding.code for finding in refused.value.findings] == ["CHANGE_PENDING"]


def test_a_draft_is_kept_and_its_lines_are_removed(desk: Desk) -> None:
    project, _ = desk.in_library("1201", "1202")
    apply_id = desk.drafted(project.id, desk.cancel("1201"), desk.cancel("1202"))
    first, _ = desk.lines(apply_id)
    desk.do(keep_lines, KeepLines(apply_id, removed=(first.id,)))
    assert desk.submit(apply_id).accepted == 1
    assert [line.state for line in desk.lines(apply_id)] == [LineState.WITHDRAWN, LineState.OPEN]


def test_changes_wait_until_the_project_has_rooms(desk: Desk) -> None:
    project = desk.filled()
    with pytest.raises(Conflict, match="先办理房源入库"):
        desk.do(begin_apply, BeginApply(project.id, ApplyKind.CHANGE))


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (LineForm(LineKind.CHANGE, "1号楼", "1201", "state", "FREE", "LET"), "没有这一变更项"),
        (LineForm(LineKind.CANCEL, "1号楼", ""), "请填写楼栋和房号"),
        (LineForm(LineKind.CANCEL, "1号楼", "9" * 21), "不超过20个字"),
        (LineForm(LineKind.ADD, "1号楼", "1209", content={"owner": "x"}), "填写的内容有误"),
    ],
)
def test_a_line_no_rule_could_judge_is_refused(desk: Desk, form: LineForm, told: str) -> None:
    project, _ = desk.in_library("1201")
    with pytest.raises(Rejected, match=told):
        desk.drafted(project.id, form)


def test_five_thousand_and_one_lines_are_too_many(desk: Desk) -> None:
    project, _ = desk.in_library("1201")
    apply_id = desk.do(begin_apply, BeginApply(project.id))
    with pytest.raises(Rejected, match=f"最多{MOST_LINES}行"):
        desk.do(keep_lines, KeepLines(apply_id, (desk.cancel("1201"),) * (MOST_LINES + 1)))
    assert desk.lines(apply_id) == []
