"""An alert is acknowledged, explained with files, closed, sent up and printed; foreign ones are not found (row 54)."""

from datetime import date
from uuid import uuid4

import pytest

from models.alerts import AlertGrade, AlertState
from services.alerts.life import (
    AlertFile,
    Explain,
    KeepAlertFile,
    acknowledge,
    close_alert,
    escalate_all,
    explain,
    keep_file,
    open_file,
)
from services.alerts.listings import grades_of, one_alert
from services.alerts.notice_paper import alert_pdf
from services.engine.orders import OneRow, Reasoned
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.inbox.sources import SOURCES, Whose
from tests.files_made import png
from tests.printing.reading import text_of
from tests.services.alerts.conftest import Desk

R, Y, B = AlertGrade.RED, AlertGrade.YELLOW, AlertGrade.BLUE


@pytest.mark.row(54)
def test_the_head_acknowledges_explains_with_a_file_and_the_authority_closes(desk: Desk) -> None:
    alert = desk.raised()
    desk.do(acknowledge, "shenpu01", OneRow(alert))
    kept = desk.do(keep_file, "shenpu01", KeepAlertFile(alert, "决议.png", png()))
    desk.do(explain, "shenpu_admin", Explain(alert, "正常换届，已办理授权变更", (kept.id,)))
    assert desk.row(alert).state is AlertState.EXPLAINED
    assert desk.ask(open_file, "pdshen01", AlertFile(alert, kept.id)).content == png()
    desk.do(close_alert, "pdshen01", Reasoned(alert, "说明属实，予以关闭"))
    seen = desk.ask(one_alert, "shenpu01", alert)
    assert [str(step.act) for step in seen.steps] == ["RAISED", "ACKNOWLEDGED", "EXPLAINED", "CLOSED"]
    assert list(seen.steps[2].files.values()) == ["决议.png"]
    assert (seen.steps[2].by, seen.ways) == ("程一诺", frozenset())
    # Of the authority a company is told the office, on the page and on paper; the authority is told the names.
    assert (seen.steps[3].by, seen.steps[3].unit) == ("", "浦东新区房屋管理局")
    assert "秦" not in text_of(alert_pdf(desk.world.door, desk.market.caller("shenpu01"), alert))
    assert desk.ask(one_alert, "pdshen01", alert).steps[3].by == "秦审言"


@pytest.mark.row(54)
def test_explaining_a_closed_alert_is_refused(desk: Desk) -> None:
    alert = desk.raised()
    desk.do(close_alert, "pdshen01", Reasoned(alert, "核实无误，予以关闭"))
    for act, order in ((explain, Explain(alert, "现在才来说明")), (acknowledge, OneRow(alert))):
        with pytest.raises(Conflict):
            desk.do(act, "shenpu01", order)
    settled = desk.raised(key="settled")
    desk.settled("SUB-07", "P-1", "settled")
    with pytest.raises(Conflict):
        desk.do(explain, "shenpu01", Explain(settled, "现在才来说明"))


@pytest.mark.row(54)
def test_nobody_answers_for_others_and_nobody_else_sees_it(desk: Desk) -> None:
    alert = desk.raised()
    for login in ("jianghai_admin", "xincheng_admin", "binjiang_admin", "xhshen01"):
        with pytest.raises(NotFound):
            desk.ask(one_alert, login, alert)
        with pytest.raises(NotFound):
            desk.do(acknowledge, login, OneRow(alert))
    with pytest.raises(NotAllowed):
        desk.do(acknowledge, "pdchu01", OneRow(alert))
    with pytest.raises(NotAllowed):
        desk.do(close_alert, "shenpu_admin", Reasoned(alert, "自行关闭预警"))
    of_group = desk.raised("SUB-13", R, company="H-1")
    with pytest.raises(NotFound):
        desk.ask(one_alert, "shenpu_admin", of_group)
    desk.do(acknowledge, "shichu01", OneRow(of_group))


@pytest.mark.row(54)
@pytest.mark.parametrize("text", ["", "好", "　　  ", "长" * 2_001])
def test_words_are_asked_for(desk: Desk, text: str) -> None:
    alert = desk.raised()
    with pytest.raises(Rejected):
        desk.do(explain, "shenpu01", Explain(alert, text))
    with pytest.raises(Rejected):
        desk.do(close_alert, "pdshen01", Reasoned(alert, text))


@pytest.mark.row(54)
@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "' OR 1=1 --", "带\x00控制符\x07的说明", "半个字\ud800的说明"]
)
def test_hostile_words_are_kept_or_kindly_refused(desk: Desk, text: str) -> None:
    alert = desk.raised()
    try:
        desk.do(explain, "shenpu01", Explain(alert, text))
    except Rejected:
        return
    assert desk.ask(one_alert, "shenpu01", alert).steps[-1].text


@pytest.mark.row(54)
def test_a_file_of_another_alert_is_not_taken(desk: Desk) -> None:
    mine, other = desk.raised(), desk.raised(company="P-3")
    kept = desk.do(keep_file, "jianghai01", KeepAlertFile(other, "a.png", png()))
    with pytest.raises(NotFound):
        desk.do(explain, "shenpu01", Explain(mine, "借用别人的附件", (kept.id,)))
    with pytest.raises(NotFound):
        desk.ask(open_file, "shenpu01", AlertFile(mine, kept.id))
    with pytest.raises(NotFound):
        desk.do(keep_file, "shenpu01", KeepAlertFile(other, "a.png", png()))


@pytest.mark.row(54)
def test_a_page_that_is_behind_is_told(desk: Desk) -> None:
    alert = desk.raised()
    version = desk.row(alert).version
    desk.do(acknowledge, "shenpu01", OneRow(alert, version))
    with pytest.raises(Conflict):
        desk.do(explain, "shenpu_admin", Explain(alert, "从旧页面提交的说明", (), version))


@pytest.mark.row(54)
def test_what_nobody_acknowledged_in_five_working_days_goes_up(desk: Desk) -> None:
    late, seen = desk.raised("SUB-14", B), desk.raised("SUB-14", B)
    desk.do(acknowledge, "shenpu01", OneRow(seen))
    desk.world.let_pass(days=7)
    escalate_all(desk.world.door)
    assert desk.row(late).grade is B
    desk.world.let_pass(days=1)
    escalate_all(desk.world.door)
    alert = desk.row(late)
    assert (alert.grade, alert.told, desk.row(seen).grade) == (Y, "PHD", B)
    assert desk.acts(late) == ["RAISED", "ESCALATED"]
    desk.world.let_pass(days=8)
    escalate_all(desk.world.door)
    assert (desk.row(late).grade, desk.row(late).told) == (R, "PHDC")
    desk.world.let_pass(days=30)
    escalate_all(desk.world.door)
    assert desk.acts(late) == ["RAISED", "ESCALATED", "ESCALATED"]


@pytest.mark.row(75)
def test_it_is_confirmed_before_it_is_answered_however_often_it_goes_up(desk: Desk) -> None:
    ignored, explained = desk.raised("SUB-14", B), desk.raised("SUB-14", B, key="answered")
    desk.do(explain, "shenpu01", Explain(explained, "正常换届，已办理变更"))
    days = []
    for _ in range(4):
        desk.world.let_pass(days=8)
        escalate_all(desk.world.door)
        alert = desk.row(ignored)
        days.append((alert.grade, alert.acknowledge_by, alert.due_on))
    assert all(confirmed <= due for _, confirmed, due in days)
    assert days[1:] == [(R, date(2027, 3, 23), date(2027, 3, 23))] * 3
    # Nobody answered the one, which stays overdue; the other was answered in time and is asked anew, as it is graver now.
    assert desk.raised("SUB-14", R, key="answered") == explained
    alert = desk.row(explained)
    assert (alert.state, alert.acknowledge_by, alert.due_on) == (AlertState.OPEN, date(2027, 4, 12), date(2027, 4, 12))
    assert desk.ask(one_alert, "shenpu01", ignored).overdue


@pytest.mark.row(54)
def test_lists_are_narrowed_counted_and_sorted(desk: Desk) -> None:
    red = desk.raised("SUB-11", R, company="P-4")
    page = desk.listed("jianghai01", {"view": "RED", "text": "临港"})
    assert [line.id for line in page.lines] == [red]
    assert page.counts["RED"] >= 1
    assert page.counts["unseen"] <= page.counts[""]
    assert desk.listed("shenpu01", {"text": "临港"}).total == 0
    assert desk.listed("jianghai01", {"text": page.lines[0].alert_no.lower()}).total == 1
    assert desk.ask(grades_of, "jianghai01", (desk.market.ids["P-4"],)) == {desk.market.ids["P-4"]: R}
    for filters, paging in (
        ({"view": "什么"}, Paging()),
        ({"subject": "什么"}, Paging()),
        ({"text": "长" * 101}, Paging()),
        ({}, Paging(sort="evidence")),
        ({}, Paging(page=0)),
    ):
        with pytest.raises(Rejected):
            desk.listed("shichu01", filters, paging)


@pytest.mark.row(54)
def test_sorted_by_grade_means_by_how_grave(desk: Desk) -> None:
    for grade in (Y, R, B):
        desk.raised("SUB-14", grade)
    ranks = {
        sort: [line.grade.rank for line in desk.listed("shichu01", {"rule": "SUB-14"}, Paging(1, 50, sort)).lines]
        for sort in ("grade", "-grade", "")
    }
    assert ranks["grade"] == sorted(ranks["grade"])
    assert ranks["-grade"] == ranks[""] == sorted(ranks["-grade"], reverse=True)
    assert len(set(ranks["grade"])) == 3


@pytest.mark.row(54)
def test_every_view_and_sort_is_answered(desk: Desk) -> None:
    desk.raised()
    for view in ("", "YELLOW", "overdue", "owed", "explained", "unseen", "ended", "all"):
        for sort in ("", "-grade", "rule_code", "subject_label", "first_seen", "-last_seen", "due_words", "hits"):
            desk.listed("shichu01", {"view": view}, Paging(1, 5, sort))


@pytest.mark.row(54)
def test_what_was_explained_waits_for_the_authority_and_is_not_overdue(desk: Desk) -> None:
    alert = desk.raised()

    def views() -> set[str]:
        lists = {view: desk.listed("pdchu01", {"view": view}) for view in ("overdue", "owed", "explained", "")}
        return {view for view, page in lists.items() if alert in {line.id for line in page.lines}}

    desk.world.let_pass(days=60)
    assert views() == {"overdue", "owed", ""}
    assert desk.ask(one_alert, "pdchu01", alert).overdue
    (late,) = (line for line in desk.listed("pdchu01", {"view": "overdue"}).lines if line.id == alert)
    assert late.due_words.tone == "bad"
    desk.do(explain, "shenpu01", Explain(alert, "正常换届，已办理变更"))
    assert views() == {"explained", ""}
    assert not desk.ask(one_alert, "pdchu01", alert).overdue


@pytest.mark.row(54)
def test_it_waits_in_the_inbox_of_whoever_answers_for_it(desk: Desk) -> None:
    alert = desk.raised()

    def tasks(login: str) -> dict[str, tuple[str, date | None]]:
        caller = desk.market.caller(login)
        found = desk.world.door.look(caller, lambda work: list(SOURCES["alerts"].tasks(work, Whose(caller.account_id))))
        return {task.id: (task.what, task.due) for task in found}

    assert tasks("shenpu01")[str(alert)] == ("确认警示级预警", desk.row(alert).acknowledge_by)
    assert str(alert) not in tasks("pdchu01")
    desk.do(explain, "shenpu01", Explain(alert, "正常换届，已办理变更"))
    assert str(alert) not in tasks("shenpu01")
    # The deadline was the company's; the authority may leave the explanation as it is.
    assert tasks("pdchu01")[str(alert)] == ("审阅企业说明", None)


@pytest.mark.row(54)
def test_the_notice_tells_rule_facts_law_and_days(desk: Desk) -> None:
    alert = desk.raised()
    desk.do(explain, "shenpu01", Explain(alert, "正常换届，已办理授权变更"))
    words = text_of(alert_pdf(desk.world.door, desk.market.caller("shenpu01"), alert))
    row = desk.row(alert)
    for told in (
        "风险预警告知单",
        row.alert_no,
        "SUB-07",
        "总公司、区房屋管理局",
        "甲",
        "乙",
        "正常换届",
        "2027-03-15",
    ):
        assert told in words
    with pytest.raises(NotFound):
        alert_pdf(desk.world.door, desk.market.caller("jianghai01"), alert)
    with pytest.raises(NotFound):
        alert_pdf(desk.world.door, desk.market.caller("shenpu01"), uuid4())
