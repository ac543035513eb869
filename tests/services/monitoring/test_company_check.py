"""The night: what is kept of the registry, what is raised, what settles when a change is taken back (rows 51, 52, 54)."""

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import select

from models.alerts import Alert, AlertGrade, AlertState
from models.companies import HeadCompany, ProjectCompany
from models.engine import Notice
from models.monitoring import CompanyType, Refreshed
from services.engine.jobs import JOBS
from services.engine.refusals import NotFound
from services.monitoring.answer_comparison import profile_from
from services.monitoring.companies import OneCompany
from services.monitoring.nightly import check_company
from services.monitoring.rules import COMPARING
from tests.services.monitoring.conftest import Watching
from tests.services.monitoring.profiles import unfinished_project


@pytest.mark.row(51)
def test_the_first_night_keeps_an_answer_and_says_nothing_of_changes(watching: Watching, firm: str) -> None:
    for name in (firm, "G-1", "H-2"):
        assert len(watching.snapshots(name)) == 1
        assert not watching.changes(name)
        assert not [alert for alert in watching.alerts(name) if alert.rule_code in COMPARING]
        assert watching.watch(name).outcome is Refreshed.HIT


@pytest.mark.row(51)
def test_an_answer_that_says_the_same_is_not_kept_again(watching: Watching) -> None:
    watching.night(days=1)
    assert len(watching.snapshots("G-1")) == 1


@pytest.mark.row(52)
def test_a_new_representative_the_night_after_is_told_head_and_district(watching: Watching) -> None:
    watching.registry("H-1", legal_rep="沈听澜")
    watching.night(days=1)
    alert = watching.alert("H-1", "SUB-07")
    assert (alert.grade, alert.state, alert.told) == (AlertGrade.YELLOW, AlertState.OPEN, "HD")
    assert alert.evidence.json()["lines"] == [{"label": "法定代表人", "old": "周望舒", "new": "沈听澜"}]
    assert "沈听澜" not in alert.title
    assert alert.alert_no.startswith("YJ310115")
    (change,) = watching.changes("H-1")
    assert (change.field_path, change.alert_id) == ("legal_rep", alert.id)
    told = watching.world.read(lambda work: work.session.exec(select(Notice).where(Notice.object_id == alert.id)).all())
    assert {notice.to_enterprise for notice in told} >= {watching.market.shenpu}
    assert any(notice.to_unit for notice in told)


@pytest.mark.row(52)
def test_what_changes_the_night_after_an_admission_is_held_against_the_day_of_it(watching: Watching) -> None:
    """The job that runs every ten minutes looks at a company the day it is admitted, so that its first night compares."""
    head = watching.market.head_company()
    row = watching.market.row(HeadCompany, head)
    known = {"uscc": row.uscc, "name": row.name, "legal_rep": "方仲谋", "capital": str(row.registered_capital)}
    watching.send(**known, new=True)
    JOBS["monitoring.night"].run(watching.world.door)
    watching.ids["NEW"], watching.codes["NEW"] = head, row.uscc
    assert (len(watching.snapshots("NEW")), watching.alerts("NEW", "SUB-07")) == (1, [])
    watching.registry("NEW", legal_rep="江听雨", days=1)
    watching.world.let_pass(days=1)
    JOBS["monitoring.night"].run(watching.world.door)
    alert = watching.alert("NEW", "SUB-07")
    assert (alert.grade, alert.told) == (AlertGrade.YELLOW, "HD")
    assert alert.evidence.json()["lines"] == [{"label": "法定代表人", "old": "方仲谋", "new": "江听雨"}]


@pytest.mark.row(51)
def test_a_change_taken_back_the_next_day_closes_the_alert_and_keeps_the_history(watching: Watching, firm: str) -> None:
    watching.registry(firm, legal_rep="沈听澜")
    watching.night(days=1)
    watching.registry(firm, undo=True)
    watching.night(days=1)
    alert = watching.alert(firm, "SUB-07")
    assert (alert.state, alert.open_key, alert.hits) == (AlertState.RESOLVED, None, 1)
    assert [bool(change.undone_on) for change in watching.changes(firm)] == [True, True]
    assert len(watching.snapshots(firm)) == 3


@pytest.mark.row(54)
def test_a_second_change_is_grave_unless_the_first_was_taken_back(watching: Watching, firm: str) -> None:
    watching.registry(firm, legal_rep="沈听澜")
    watching.night(days=1)
    watching.registry(firm, undo=True)
    watching.night(days=1)
    watching.registry(firm, legal_rep="江听雨")
    watching.night(days=1)
    assert watching.alerts(firm, "SUB-07")[-1].grade is AlertGrade.YELLOW
    watching.registry(firm, legal_rep="顾惜朝")
    watching.night(days=1)
    (_, second) = watching.alerts(firm, "SUB-07")
    assert (second.grade, second.state) == (AlertGrade.RED, AlertState.OPEN)
    assert second.evidence.json()["lines"][0]["old"] == "严文清"


@pytest.mark.row(51)
def test_two_changes_in_one_night_are_two_alerts(watching: Watching, firm: str) -> None:
    watching.registry(firm, legal_rep="沈听澜", capital="75000000")
    watching.night(days=1)
    assert watching.alert(firm, "SUB-07").grade is AlertGrade.YELLOW
    assert watching.alert(firm, "SUB-12").grade is AlertGrade.RED
    assert {change.rule_code for change in watching.changes(firm)} >= {"SUB-07", "SUB-12"}


@pytest.mark.row(54)
def test_capital_lowered_step_by_step_is_added_up(watching: Watching, firm: str) -> None:
    watching.registry(firm, capital="90000000")
    watching.night(days=1)
    assert watching.alert(firm, "SUB-12").grade is AlertGrade.YELLOW
    watching.registry(firm, capital="80000000")
    watching.night(days=1)
    assert watching.alert(firm, "SUB-12").grade is AlertGrade.RED


@pytest.mark.row(54)
def test_late_entries_of_before_we_watched_are_not_told_and_later_ones_are(watching: Watching) -> None:
    late = {"decided_on": "2026-10-01", "published_on": None}
    watching.registry("H-2", days=-60, capital="590000000", **late)
    made = watching.market.head_company()
    row = watching.market.row(HeadCompany, made)
    known = {"uscc": row.uscc, "name": row.name, "legal_rep": "方仲谋", "capital": str(row.registered_capital)}
    watching.send(**known, new=True)
    watching.send(uscc=row.uscc, legal_rep="江听雨", changed_on="2026-12-01", **late)
    watching.night()
    statement = select(Alert).where(Alert.rule_code == "SUB-09")

    def told() -> list[UUID]:
        return [one.subject_id for one in watching.world.read(lambda work: work.session.exec(statement).all())]

    assert made not in told()
    watching.night(days=1)
    assert watching.id("H-2") in told()
    assert made not in told()


@pytest.mark.row(54)
def test_control_lost_from_51_to_50_is_grave(watching: Watching, firm: str) -> None:
    head = watching.market.lines["H-1"]
    holders = [{"name": head["name"], "uscc": head["uscc"], "ratio": "50"}, {"name": "浦汇基金", "ratio": "50"}]
    watching.registry(firm, holders=holders)
    watching.night(days=1)
    assert watching.alert(firm, "SUB-08").grade is AlertGrade.RED
    assert watching.alert(firm, "SUB-16").grade is AlertGrade.RED


@pytest.mark.row(54)
@pytest.mark.parametrize(("share", "grade"), [("29.9", None), ("30", AlertGrade.YELLOW), ("50", AlertGrade.RED)])
def test_a_pledge_is_told_by_its_share(watching: Watching, firm: str, share: str, grade: AlertGrade | None) -> None:
    watching.registry(firm, pledged=share)
    watching.night(days=1)
    found = watching.alerts(firm, "SUB-10")
    assert [alert.grade for alert in found] == ([grade] if grade else [])
    watching.registry(firm, pledged="0")
    watching.night(days=1)
    assert all(alert.state is AlertState.RESOLVED for alert in watching.alerts(firm, "SUB-10"))


@pytest.mark.row(54)
def test_a_repeat_counts_up_and_gets_graver_but_is_no_second_alert(watching: Watching, firm: str) -> None:
    watching.registry(firm, pledged="30")
    watching.night(days=1)
    watching.night(days=1)
    assert watching.alert(firm, "SUB-10").hits == 2
    watching.registry(firm, pledged="20")
    watching.night(days=1)
    alert = watching.alert(firm, "SUB-10")
    assert (alert.hits, alert.grade, alert.state) == (3, AlertGrade.RED, AlertState.OPEN)


@pytest.mark.row(54)
def test_an_unfinished_project_makes_it_a_grade_graver(watching: Watching, firm: str) -> None:
    watching.world.act(lambda work: work.add(unfinished_project(watching.id(firm))))
    watching.registry(firm, legal_rep="沈听澜")
    watching.night(days=1)
    alert = watching.alert(firm, "SUB-07")
    assert alert.grade is AlertGrade.RED
    assert "未完工项目" in alert.detail.json()


@pytest.mark.row(51)
def test_a_silent_registry_keeps_the_old_answer_and_is_told_by_age(watching: Watching, firm: str) -> None:
    day = watching.world.door.clock.today()
    watching.registry(firm, status="歇业")
    watching.world.fault("legal_entities", "error")
    watching.night(days=1)
    watch = watching.watch(firm)
    assert (watch.outcome, watch.judged_on) == (Refreshed.SILENT, day)
    assert len(watching.snapshots(firm)) == 1
    assert not watching.alerts(firm, "SUB-11")
    watching.world.let_pass(hours=2)
    watching.night()
    stale = watching.alerts(code="SUB-17")[-1]
    assert (stale.grade, stale.state, stale.told) == (AlertGrade.BLUE, AlertState.OPEN, "CS")
    watching.night(days=3)
    stale = watching.alerts(code="SUB-17")[-1]
    assert stale.grade is AlertGrade.YELLOW
    watching.world.heal()
    watching.world.let_pass(hours=2)
    watching.night()
    assert watching.alerts(code="SUB-17")[-1].state is AlertState.RESOLVED
    assert watching.alert(firm, "SUB-11").grade is AlertGrade.YELLOW


@pytest.mark.row(51)
def test_what_rests_on_a_silent_registry_is_not_settled(watching: Watching, firm: str) -> None:
    watching.registry(firm, pledged="60")
    watching.night(days=1)
    watching.registry(firm, pledged="0")
    watching.world.fault("legal_entities", "error")
    watching.night(days=1)
    assert watching.alert(firm, "SUB-10").state is AlertState.OPEN


@pytest.mark.row(54)
def test_what_rests_on_our_own_records_goes_on_while_the_registry_is_silent(watching: Watching, firm: str) -> None:
    watching.world.rewrite(
        ProjectCompany, ProjectCompany.id == watching.id(firm), qualification_valid_to=date(2027, 1, 1)
    )
    watching.world.fault("legal_entities", "error")
    watching.night(days=1)
    watching.world.let_pass(hours=2)
    watching.night()
    alert = watching.alert(firm, "SUB-04")
    assert (alert.grade, alert.hits) == (AlertGrade.RED, 1)


@pytest.mark.row(51)
def test_names_of_persons_lie_sealed(watching: Watching, firm: str) -> None:
    watching.registry(firm, legal_rep="沈听澜")
    watching.night(days=1)
    for kept in watching.snapshots(firm):
        assert "严文清" not in kept.payload.token
        assert profile_from(kept.payload.json()).legal_rep in {"严文清", "沈听澜"}
    assert "沈听澜" not in watching.alert(firm, "SUB-07").evidence.token


@pytest.mark.row(54)
def test_one_company_is_looked_at_on_demand(watching: Watching, firm: str) -> None:
    watching.registry(firm, legal_rep="沈听澜")
    head = watching.market.caller("shenpu_admin")
    order = OneCompany(CompanyType.PROJECT, watching.id(firm))
    checked = watching.world.door.perform(check_company, head, order)
    assert checked.outcome is Refreshed.HIT
    assert checked.alerts >= 1
    watching.world.fault("legal_entities", "error", times=1)
    watching.world.let_pass(hours=1)
    assert watching.world.door.perform(check_company, head, order).outcome is Refreshed.SILENT


@pytest.mark.row(54)
def test_a_company_of_others_is_not_found(watching: Watching, firm: str) -> None:
    order = OneCompany(CompanyType.PROJECT, watching.id(firm))
    for login in ("jianghai_admin", "xhchu01"):
        with pytest.raises(NotFound):
            watching.world.door.perform(check_company, watching.market.caller(login), order)
    group = OneCompany(CompanyType.GROUP, watching.id("G-1"))
    with pytest.raises(NotFound):
        watching.world.door.perform(check_company, watching.market.caller("shenpu_admin"), group)
