"""What reading lets through and committing does not comes back with its reason, and keeps no other row (rows 39, 42)."""

from datetime import date, timedelta

import pytest
from sqlmodel import col

from models.engine import Parameter, ParameterState
from models.enterprise import Enterprise, RecordState, ServiceState
from models.practitioner_codes import RowState, SessionState
from tests.people_made import FIRM, person, table
from tests.services.imports.desk import Desk

pytestmark = [pytest.mark.row(39), pytest.mark.row(42)]


def test_texts_longer_than_there_is_room_for_are_told_and_not_cut(desk: Desk) -> None:
    rows = [
        person(7_000, 门店="店" * 61),
        person(7_001, 备注="注" * 201),
        person(7_002, 门店="店" * 60, 备注="注" * 200),
    ]
    session_id = desk.read(table(rows))
    assert desk.codes(session_id)[2] == desk.codes(session_id)[3] == ["TEXT_LENGTH"]
    desk.commit(session_id)
    assert desk.states(session_id) == {2: RowState.BAD, 3: RowState.BAD, 4: RowState.COMMITTED}
    (apply,) = desk.applies(session_id)
    assert apply.after is not None
    assert (apply.after.json()["store"], apply.after.json()["note"]) == ("店" * 60, "注" * 200)
    desk.fix(session_id, 2, 门店="花木店")
    desk.fix(session_id, 3, 备注="")
    desk.commit(session_id)
    assert (desk.view(session_id).state, len(desk.applies(session_id))) == (SessionState.DONE, 3)


def test_the_trial_asks_for_the_age_that_the_parameter_says(desk: Desk) -> None:
    made = Parameter(
        key="practitioners.least_age",
        value="65",
        valid_from=date(2026, 1, 1),
        source="测试",
        state=ParameterState.CONFIRMED,
    )
    made.confirmed_at = desk.world.door.clock.now() - timedelta(days=20)
    desk.world.act(lambda work: work.add(made) and None)
    try:
        session_id = desk.read(table([person(7_020)]))
        assert "AGE_UNDER_18" in desk.codes(session_id)[2]
    finally:
        desk.world.rewrite(Parameter, Parameter.key == "practitioners.least_age", state=ParameterState.REJECTED)


@pytest.mark.parametrize(
    "meanwhile", [{"service_state": ServiceState.SUSPENDED}, {"record_state": RecordState.CANCELLED}]
)
def test_a_firm_that_was_stopped_between_reading_and_committing_brings_nobody_in(
    desk: Desk, meanwhile: dict[str, object]
) -> None:
    session_id = desk.read(table([person(7_010), person(7_011)]))
    firm = col(Enterprise.uscc) == FIRM
    desk.world.rewrite(Enterprise, firm, **meanwhile)
    try:
        desk.commit(session_id)
    finally:
        desk.world.rewrite(Enterprise, firm, service_state=ServiceState.NORMAL, record_state=RecordState.RECORDED)
    assert desk.codes(session_id) == {2: ["K05"], 3: ["K05"]}
    view = desk.view(session_id)
    assert (view.state, view.committed, view.bad) == (SessionState.READY, 0, 2)
    assert desk.applies(session_id) == []
