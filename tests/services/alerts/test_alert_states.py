"""One alert for a rule, a subject and a key: repeats, getting graver, settling, silence after a closing (market 2.16)."""

from datetime import date

import pytest
from sqlmodel import select

from models.alerts import Alert, AlertGrade, AlertState
from models.engine import Notice
from services.alerts.alert_states import raise_alert
from services.alerts.life import acknowledge, close_alert
from services.alerts.signs import Sign, Subject
from services.engine.notices import my_notices
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict
from services.engine.work import Work
from tests.services.alerts.conftest import Desk
from tests.world import at_once

R, Y, B = AlertGrade.RED, AlertGrade.YELLOW, AlertGrade.BLUE


@pytest.mark.row(54)
def test_a_new_alert_has_its_days_and_its_number(desk: Desk) -> None:
    alert = desk.row(desk.raised())
    assert (alert.state, alert.hits, alert.told) == (AlertState.OPEN, 1, "HD")
    assert (alert.acknowledge_by, alert.due_on) == (date(2027, 3, 8), date(2027, 3, 15))
    assert alert.alert_no.startswith("YJ310115270301")


@pytest.mark.row(54)
@pytest.mark.parametrize(
    ("code", "grade", "told"),
    [("SUB-07", Y, "HD"), ("SUB-08", R, "HDC"), ("ZZZ-1", B, "P"), ("ZZZ-1", Y, "PHD"), ("ZZZ-1", R, "PHDC")],
)
def test_whom_it_is_told_follows_the_rule_or_the_grade(desk: Desk, code: str, grade: AlertGrade, told: str) -> None:
    assert desk.row(desk.raised(code, grade)).told == told


@pytest.mark.row(54)
def test_a_repeat_is_the_same_alert_and_a_milder_one_lowers_nothing(desk: Desk) -> None:
    first = desk.raised(key="same", grade=Y)
    assert desk.raised(key="same", grade=B, detail="又一次。") == first
    alert = desk.row(first)
    assert (alert.hits, alert.grade, alert.detail.json()) == (2, Y, "又一次。")
    assert desk.acts(first) == ["RAISED"]


@pytest.mark.row(54)
def test_the_same_twice_in_one_act_is_one_alert(desk: Desk) -> None:
    subject = desk.market.binjiang

    def twice(work: Work) -> tuple[object, object]:
        first, second = (
            raise_alert(work, "SUB-10", Subject("project_company", subject), Sign(grade, "出质", "出质。", key="twice"))
            for grade in (Y, R)
        )
        return first.id, second.id

    first, second = desk.world.act(twice)
    assert first == second
    assert (desk.row(first).hits, desk.row(first).grade) == (2, R)


@pytest.mark.row(54)
def test_a_graver_repeat_has_to_be_acknowledged_anew(desk: Desk) -> None:
    first = desk.raised(key="worse", grade=Y)
    desk.do(acknowledge, "shenpu01", OneRow(first))
    assert desk.raised(key="worse", grade=R) == first
    alert = desk.row(first)
    assert (alert.grade, alert.state, alert.due_on) == (R, AlertState.OPEN, date(2027, 3, 8))
    assert desk.acts(first) == ["RAISED", "ACKNOWLEDGED", "WORSENED"]


@pytest.mark.row(54)
def test_the_same_at_the_same_moment_is_one_alert(desk: Desk) -> None:
    subject = desk.market.binjiang

    def raising() -> object:
        return desk.world.act(
            lambda work: (
                raise_alert(
                    work, "SUB-10", Subject("project_company", subject), Sign(Y, "出质", "出质。", key="race")
                ).id
            )
        )

    results = at_once([raising] * 4)
    assert all(not isinstance(result, Exception) or isinstance(result, Conflict) for result in results)
    rows = desk.world.read(lambda work: work.session.exec(select(Alert).where(Alert.key == "race")).all())
    assert len(rows) == 1


@pytest.mark.row(51)
def test_it_settles_by_itself_and_stays_in_the_history(desk: Desk) -> None:
    first = desk.raised(key="gone")
    desk.settled("SUB-07", "P-1", "gone")
    alert = desk.row(first)
    assert (alert.state, alert.open_key, alert.ended_at is not None) == (AlertState.RESOLVED, None, True)
    assert desk.acts(first) == ["RAISED", "RESOLVED"]
    desk.settled("SUB-07", "P-1", "gone")
    assert desk.raised(key="gone") != first


@pytest.mark.row(54)
def test_what_was_closed_is_raised_again_only_when_it_gets_worse_or_comes_back(desk: Desk) -> None:
    first = desk.raised(key="closed", grade=Y)
    desk.do(close_alert, "pdshen01", Reasoned(first, "已核实，不影响项目"))
    assert desk.raised(key="closed", grade=Y) == first
    assert desk.row(first).state is AlertState.CLOSED_BY_AUTHORITY
    worse = desk.raised(key="closed", grade=R)
    assert worse != first
    desk.do(close_alert, "pdshen01", Reasoned(worse, "已核实，不影响项目"))
    desk.settled("SUB-07", "P-1", "closed")
    assert desk.raised(key="closed", grade=Y) not in {first, worse}


@pytest.mark.row(54)
def test_a_new_event_is_raised_whatever_was_closed(desk: Desk) -> None:
    first = desk.raised(key="event")
    desk.do(close_alert, "pdshen01", Reasoned(first, "已核实，不影响项目"))
    assert desk.raised(key="event", happened=True) != first


@pytest.mark.row(54)
def test_recipients_find_it_among_their_messages(desk: Desk) -> None:
    alert = desk.raised("ZZZ-2", R)
    rows = desk.world.read(lambda work: work.session.exec(select(Notice).where(Notice.object_id == alert)).all())
    assert {row.to_enterprise for row in rows if row.to_enterprise} == {desk.market.binjiang, desk.market.shenpu}
    assert len([row for row in rows if row.to_unit]) == 2


def told(desk: Desk, alert_id: object, login: str) -> list[str]:
    lines = desk.world.door.ask(my_notices, desk.world.caller(login), 50)
    return [line.body for line in lines if line.object_id == alert_id]


def test_an_alert_is_told_to_those_who_can_open_it_in_their_words(desk: Desk) -> None:
    alert = desk.raised()
    (watching,) = told(desk, alert, "pdchu01")
    assert watching.endswith("企业说明后请审阅。")
    assert told(desk, alert, "pdju01") == []
    assert any(body.endswith("请在期限内确认并说明情况。") for body in told(desk, alert, "shenpu_admin"))
