"""批量导入及结果查验: a live report, corrected rows, good rows committed while bad ones wait, undone whole (row 42)."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlmodel import select

from models.audit import AuditEvent
from models.practitioner_codes import ApplyState, CardState, RowState, SessionState
from models.practitioners import InfoCard
from models.sealed import Sealed
from services.engine.callers import SYSTEM
from services.engine.door import Gathering
from services.engine.listings import ListRows
from services.engine.refusals import Conflict, Rejected
from services.engine.work import Work
from services.imports.commit_run import (
    CommitPart,
    cancel_session,
    commit_part,
    commit_session,
    pause_session,
    undo_session,
)
from services.imports.corrections import FixLine, fix_line
from services.imports.listings import LINES, SESSIONS
from tests.files_made import zipped
from tests.people_made import FIRM, OTHER_FIRM, person, photo, table
from tests.services.imports.desk import Desk, stopping_after
from tests.world import at_once


@pytest.mark.row(39)
@pytest.mark.row(42)
def test_five_hundred_rows_with_thirty_errors_let_the_other_rows_go_on(desk: Desk) -> None:
    bad = set(range(0, 60, 2))
    rows = [person(n, **({"姓名": ""} if n in bad else {})) for n in range(500)]
    session_id = desk.read(table(rows))
    view = desk.view(session_id)
    assert (view.state, view.total, view.good, view.bad) == (SessionState.READY, 500, 470, 30)
    desk.commit(session_id)
    view = desk.view(session_id)
    assert (view.state, view.committed, view.good, view.bad) == (SessionState.READY, 470, 0, 30)
    applies = desk.applies(session_id)
    assert len({one.id_no.plain for one in applies}) == len(applies) == 470
    assert {one.batch_id for one in applies} == {session_id}


@pytest.mark.row(42)
def test_the_report_tells_column_rule_what_was_found_and_what_is_expected(desk: Desk) -> None:
    rows = [person(600), person(601, 岗位="总管", 手机号="123")]
    session_id = desk.read(table(rows))
    (line,) = desk.ask(LINES.query, ListRows({"id": str(session_id), "show": "bad"})).lines
    assert (line.sheet_row, line.columns) == (3, "手机号、岗位")
    assert line.codes == "手机号无效、岗位"
    assert "总管" in line.found
    assert "租赁顾问" in line.expected
    everybody = desk.ask(LINES.query, ListRows({"id": str(session_id)})).lines
    assert person(600)["证件号码"] not in repr(everybody)
    assert person(600)["姓名"] not in repr(everybody)


@pytest.mark.row(39)
@pytest.mark.row(42)
@pytest.mark.parametrize("name", ["张三😀", "\u202e张三😀", "=1+1", "张\U0001f1e8"])
def test_pictures_and_formulas_are_nobodys_name(desk: Desk, name: str) -> None:
    assert desk.codes(desk.read(table([person(1, 姓名=name)])))[2] == ["NAME_CHARS"]


@pytest.mark.row(42)
def test_a_corrected_row_is_judged_with_those_it_repeats(desk: Desk) -> None:
    same = person(700)
    rows = [same, person(701, 证件号码=same["证件号码"], 姓名=same["姓名"]), person(702)]
    session_id = desk.read(table(rows))
    assert desk.codes(session_id) == {2: [], 3: ["DUP_IN_FILE"], 4: []}
    told = desk.fix(session_id, 2, 姓名="别的人")
    assert told.state is RowState.BAD
    assert told.also == (3,)
    assert desk.codes(session_id)[3] == ["DUP_ID_DIFF_NAME"]
    told = desk.fix(session_id, 3, 证件号码=person(701)["证件号码"])
    assert (told.state, told.also) == (RowState.GOOD, (2,))
    assert desk.codes(session_id) == {2: [], 3: [], 4: []}


@pytest.mark.row(42)
def test_a_corrected_phone_number_of_another_row_is_told_and_taken(desk: Desk) -> None:
    rows = [person(705), person(706, 手机号=""), person(707, 手机号=person(705)["手机号"])]
    session_id = desk.read(table(rows))
    assert desk.codes(session_id) == {2: [], 3: ["REQUIRED_MISSING"], 4: ["VALUE_TWICE"]}
    told = desk.fix(session_id, 3, 手机号=person(705)["手机号"])
    assert (told.state, desk.codes(session_id)[3]) == (RowState.GOOD, ["VALUE_TWICE"])
    desk.fix(session_id, 4, 手机号=person(707)["手机号"])
    assert desk.codes(session_id)[4] == []


@pytest.mark.row(42)
def test_a_row_corrected_by_somebody_else_or_committed_is_not_overwritten(desk: Desk) -> None:
    session_id = desk.read(table([person(710, 学历="不知道"), person(711)]))
    seen = desk.line(session_id, 2).line
    desk.fix(session_id, 2, 学历="大专")
    with pytest.raises(Conflict, match="他人改正"):
        desk.do(fix_line, FixLine(seen.id, {"学历": "本科"}, seen.edited))
    desk.commit(session_id)
    with pytest.raises(Conflict, match="已提交"):
        desk.fix(session_id, 2, 学历="本科")
    assert desk.state(session_id) is SessionState.DONE


@pytest.mark.row(42)
def test_a_row_like_a_committed_one_stays_out(desk: Desk) -> None:
    session_id = desk.read(table([person(720), person(721, 学历="")]))
    desk.commit(session_id)
    told = desk.fix(session_id, 3, 学历="大专", 证件号码=person(720)["证件号码"], 姓名=person(720)["姓名"])
    assert told.state is RowState.BAD
    assert "DUP_IN_FILE" in desk.codes(session_id)[3]
    assert desk.states(session_id)[2] is RowState.COMMITTED


@pytest.mark.row(42)
@pytest.mark.night
def test_a_worker_killed_while_reading_is_followed_by_another(desk: Desk) -> None:
    rows = [person(1_000 + n) for n in range(2_300)]
    session_id = desk.upload(table(rows))
    desk.work(stopping_after(1))
    assert desk.state(session_id) is SessionState.READING
    assert len(desk.lines(session_id)) == desk.session(session_id).step_done == 1_000
    desk.work()
    assert desk.state(session_id) is SessionState.READY
    assert [line.sheet_row for line in desk.lines(session_id)] == list(range(2, 2_302))


@pytest.mark.row(42)
def test_a_worker_killed_while_committing_is_followed_without_a_second_effect(desk: Desk) -> None:
    session_id = desk.read(table([person(4_000 + n) for n in range(450)]))
    desk.do(commit_session, session_id)
    desk.work(stopping_after(1))
    assert (desk.state(session_id), len(desk.applies(session_id))) == (SessionState.COMMITTING, 200)
    desk.work()
    assert desk.state(session_id) is SessionState.DONE
    numbers = [one.id_no.plain for one in desk.applies(session_id)]
    assert len(numbers) == len(set(numbers)) == 450


@pytest.mark.row(42)
@pytest.mark.proves("D09")
def test_each_committed_part_is_told_to_the_audit_with_its_rows(desk: Desk) -> None:
    session_id = desk.read(table([person(4_900 + n) for n in range(3)]))
    desk.do(commit_session, session_id)
    desk.work()
    told = select(AuditEvent.body).where(
        AuditEvent.act == "imports.commit_part", AuditEvent.object_id == str(session_id)
    )
    bodies = desk.world.read(lambda work: work.session.exec(told).all())
    assert [json.loads(body)["det"] for body in bodies] == [{"rows": 3, "refused": 0}]


@pytest.mark.row(42)
def test_a_row_corrected_while_its_part_is_prepared_is_prepared_again(desk: Desk) -> None:
    session_id = desk.read(table([person(4_950)]))
    desk.do(commit_session, session_id)
    prepare, number = commit_part.gather, person(4_951)["证件号码"]
    assert prepare is not None

    def gather(gathering: Gathering, order: CommitPart) -> Any:
        part = prepare(gathering, order)
        desk.fix(session_id, 2, 证件号码=number)
        return part

    meanwhile = replace(commit_part, name="test.commit", gather=gather)
    assert desk.do(meanwhile, CommitPart(session_id), SYSTEM) == 1
    assert desk.applies(session_id) == []
    desk.work()
    assert [one.id_no.plain for one in desk.applies(session_id)] == [number]


@pytest.mark.row(42)
def test_two_workers_at_once_commit_every_row_once(desk: Desk) -> None:
    session_id = desk.read(table([person(5_000 + n) for n in range(450)]))
    desk.do(commit_session, session_id)
    at_once([desk.work, desk.work])
    desk.work()
    assert desk.state(session_id) is SessionState.DONE
    numbers = [one.id_no.plain for one in desk.applies(session_id)]
    assert len(numbers) == len(set(numbers)) == 450
    assert {line.record_id for line in desk.lines(session_id)} == {one.id for one in desk.applies(session_id)}


@pytest.mark.row(42)
def test_committing_is_paused_gone_on_with_and_cancelled(desk: Desk) -> None:
    session_id = desk.read(table([person(5_500 + n) for n in range(450)]))
    desk.do(commit_session, session_id)
    desk.work(stopping_after(1))
    desk.do(pause_session, session_id)
    desk.work()
    assert (desk.state(session_id), len(desk.applies(session_id))) == (SessionState.PAUSED, 200)
    desk.do(commit_session, session_id)
    desk.work(stopping_after(1))
    desk.do(cancel_session, session_id)
    desk.work()
    view = desk.view(session_id)
    assert (view.state, view.committed, view.good) == (SessionState.CANCELLED, 400, 0)
    assert list(desk.states(session_id).values()).count(RowState.DROPPED) == 50


@pytest.mark.row(42)
def test_a_batch_is_undone_as_a_whole_while_nothing_depends_on_it(desk: Desk) -> None:
    session_id = desk.read(table([person(6_000 + n) for n in range(30)]))
    desk.commit(session_id)
    assert desk.do(undo_session, session_id) == 30
    assert {one.state for one in desk.applies(session_id)} == {ApplyState.WITHDRAWN}
    assert set(desk.states(session_id).values()) == {RowState.UNDONE}
    assert desk.state(session_id) is SessionState.UNDONE
    with pytest.raises(Conflict):
        desk.do(undo_session, session_id)


@pytest.mark.row(42)
def test_a_batch_somebody_has_decided_on_is_not_undone_in_part(desk: Desk) -> None:
    session_id = desk.read(table([person(6_100 + n) for n in range(5)]))
    desk.commit(session_id)
    first = desk.applies(session_id)[0]
    desk.world.rewrite(
        type(first), type(first).id == first.id, state=ApplyState.RETURNED, decided_at=desk.world.door.clock.now()
    )
    with pytest.raises(Conflict, match="1份申请"):
        desk.do(undo_session, session_id)
    assert set(desk.states(session_id).values()) == {RowState.COMMITTED}
    assert [one.state for one in desk.applies(session_id)].count(ApplyState.WITHDRAWN) == 0


@pytest.mark.row(42)
def test_photos_come_with_the_table_and_a_bad_one_costs_its_own_row(desk: Desk) -> None:
    rows = [person(6_200), person(6_201), person(6_202), person(6_203)]
    pictures = {
        rows[0]["照片文件名"].upper(): photo(10),
        rows[1]["照片文件名"]: b"\xff\xd8\xff no picture at all",
        rows[2]["照片文件名"]: photo(30, width=413, height=295),
    }
    session_id = desk.read(table(rows), zipped(pictures))
    assert desk.codes(session_id) == {2: [], 3: ["PHOTO_FORMAT"], 4: ["PHOTO_SHAPE"], 5: ["PHOTO_MISSING"]}
    desk.commit(session_id)
    (kept,) = desk.applies(session_id)
    assert kept.portrait_id is not None
    assert kept.state is ApplyState.SUBMITTED
    # What the record's own rules say is told before the commit, and the row waits.
    assert desk.states(session_id)[4] is RowState.BAD


@pytest.mark.row(42)
def test_without_photos_the_applications_wait_as_drafts(desk: Desk) -> None:
    session_id = desk.read(table([person(6_300)]))
    desk.commit(session_id)
    assert [one.state for one in desk.applies(session_id)] == [ApplyState.DRAFT]


@pytest.mark.row(42)
def test_silence_of_police_and_list_is_told_and_does_not_refuse(desk: Desk) -> None:
    desk.world.fault("police", "error")
    session_id = desk.read(table([person(6_400)]))
    assert desk.codes(session_id) == {2: ["TWO_FACTOR_PENDING"]}
    assert desk.states(session_id) == {2: RowState.GOOD}


@pytest.mark.row(42)
def test_police_that_disagree_refuse_the_row(desk: Desk) -> None:
    desk.world.fault("police", "mismatch")
    session_id = desk.read(table([person(6_410)]))
    assert desk.codes(session_id) == {2: ["TWO_FACTOR_MISMATCH"]}


@pytest.mark.row(42)
def test_somebody_on_the_blacklist_is_told_in_his_row(desk: Desk) -> None:
    url = desk.world.simulators.base_url("blacklist")
    change = {"id_no": person(6_415)["证件号码"], "category": "租赁纠纷"}
    httpx.post(f"{url}/sim/change", json=change).raise_for_status()
    session_id = desk.read(table([person(6_415), person(6_416)]))
    assert desk.codes(session_id) == {2: ["BLACKLISTED"], 3: []}


@pytest.mark.row(39)
def test_people_of_another_firm_and_people_with_a_card_are_not_brought_in(desk: Desk) -> None:
    def issue(work: Work) -> None:
        for place, firm in enumerate((FIRM, OTHER_FIRM)):
            card = InfoCard(
                card_no=f"SH26100000{place}1",
                enterprise_id=desk.firms[firm],
                name=Sealed.of("某人"),
                id_no=Sealed.of(person(6_422 + place)["证件号码"]),
                live=1,
                state=CardState.ACTIVE,
            )
            work.add(card)

    desk.world.act(issue)
    session_id = desk.read(table([person(6_420, OTHER_FIRM), person(6_421), person(6_422), person(6_423)]))
    assert desk.codes(session_id) == {2: ["ENT_OTHER"], 3: [], 4: ["CARD_HELD"], 5: ["ALREADY_REGISTERED"]}


@pytest.mark.row(42)
def test_the_list_and_the_counts_need_no_worker(desk: Desk) -> None:
    session_id = desk.upload(table([person(6_500)]))
    page = desk.ask(SESSIONS.query, ListRows())
    assert session_id in {line.id for line in page.lines}
    assert desk.view(session_id).works
    with pytest.raises(Rejected):
        desk.ask(SESSIONS.query, ListRows({"state": "NONSENSE"}))
    desk.do(cancel_session, session_id)
    desk.work()
    assert desk.state(session_id) is SessionState.CANCELLED
    assert desk.session(session_id).workbook is None


def test_what_is_given_up_keeps_no_file(desk: Desk) -> None:
    session_id = desk.read(b"this is no table at all\x00\x01")
    view = desk.view(session_id)
    assert view.state is SessionState.REFUSED
    assert "另存为" in view.refusal
    assert desk.session(session_id).workbook is None
