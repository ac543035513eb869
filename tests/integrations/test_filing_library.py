"""The filing library over HTTP: an answer for every room asked about, or silence."""

import pytest

from integrations.filing_library.contract import MOST_ROOMS
from services.ports.answers import AnswerState
from services.ports.filing_library import FILING_LIBRARY, RoomQuestion
from services.ports.systems import Systems
from tests.integrations.conftest import Control

ROOMS = [RoomQuestion("XM1", "1号楼", number) for number in ("0101", "0102", "0103")]


def told(control: Control, room_no: str, state: str, project_no: str = "XM1") -> None:
    order = {"project_no": project_no, "building": "1号楼", "room_no": room_no, "state": state}
    control("filing_library", "change", **order).raise_for_status()


@pytest.mark.row(35)
def test_every_room_has_its_answer_in_order(systems: Systems, control: Control) -> None:
    told(control, "0102", "ACTIVE")
    told(control, "0103", "UNKNOWN")
    answer = systems.at(FILING_LIBRARY).are_filed(ROOMS)
    assert (answer.state, answer.source, answer.value) == (AnswerState.HIT, "备案库", (False, True, None))
    backwards = systems.at(FILING_LIBRARY).are_filed(ROOMS[::-1])
    assert backwards.value == (None, True, False)


def test_a_room_of_another_project_is_another_room(systems: Systems, control: Control) -> None:
    told(control, "0901", "ACTIVE", "XM2")
    asked = [RoomQuestion(number, "1号楼", "0901") for number in ("XM1", "XM2")]
    assert systems.at(FILING_LIBRARY).are_filed(asked).value == (False, True)


def test_rooms_the_library_does_not_know_are_unknown(systems: Systems, control: Control) -> None:
    control("filing_library", "faults", fault="miss", times=1)
    assert systems.at(FILING_LIBRARY).are_filed(ROOMS).value == (None, None, None)


@pytest.mark.parametrize("rooms", [ROOMS, ROOMS[:1]])
def test_an_answer_about_other_rooms_is_no_answer(
    systems: Systems, control: Control, rooms: list[RoomQuestion]
) -> None:
    told(control, "0102", "ACTIVE")
    control("filing_library", "faults", fault="mismatch", times=1)
    answer = systems.at(FILING_LIBRARY).are_filed(rooms)
    assert (answer.state, answer.value, answer.note) == (AnswerState.SILENT, None, "应答与所问不符")


def test_more_rooms_than_a_question_holds_are_not_sent(systems: Systems) -> None:
    answer = systems.at(FILING_LIBRARY).are_filed([ROOMS[0]] * (MOST_ROOMS + 1))
    assert (answer.state, answer.note) == (AnswerState.SILENT, "请求内容不合约定")
