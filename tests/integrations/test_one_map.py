"""The sharing platform over HTTP: permits by number, in our words; silence, slowness and answers to another question."""

from datetime import date
from decimal import Decimal

import pytest

from services.ports.answers import AnswerState
from services.ports.permits import PERMITS
from services.ports.systems import Systems
from tests.integrations.conftest import Control

KIND, NUMBER = "land_planning_permit", "地字第3101152026YG0000101号"


@pytest.mark.row(63)
@pytest.mark.parametrize("typed", [NUMBER, "地字第３１０１１５２０２６ｙｇ０００ ０１０１号"])
def test_a_permit_is_told_in_our_words(systems: Systems, typed: str) -> None:
    answer = systems.at(PERMITS).permit_of(KIND, typed)
    assert (answer.state, answer.source) == (AnswerState.HIT, "资源共享平台")
    assert answer.at is not None
    assert answer.value is not None
    assert (answer.value.number, answer.value.holder_uscc) == (NUMBER, "91310115MAYPA0014U")
    values = answer.value.values
    assert (values["land_area_total"], values["issued_on"]) == (Decimal("10000.00"), date(2026, 3, 20))
    assert "contract_no" not in values


def test_an_unknown_number_is_missed(systems: Systems) -> None:
    assert systems.at(PERMITS).permit_of(KIND, "地字第3101152026YG9999999号").missed


@pytest.mark.parametrize("fault", ["error", "mismatch", "half", "timeout"])
def test_what_is_no_answer_is_silence(hasty: Systems, control: Control, fault: str) -> None:
    assert control("one_map", "faults", fault=fault).status_code == 200
    assert hasty.at(PERMITS).permit_of(KIND, NUMBER).silent


def test_a_miss_on_demand_ends_with_its_turn(systems: Systems, control: Control) -> None:
    control("one_map", "faults", fault="miss", times=1)
    assert systems.at(PERMITS).permit_of(KIND, NUMBER).missed
    assert systems.at(PERMITS).permit_of(KIND, NUMBER).hit
