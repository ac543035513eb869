"""The population register over HTTP: name and number."""

import pytest

from services.ports.answers import AnswerState, PersonQuestion, SamePerson
from services.ports.systems import POLICE, Systems
from tests.integrations.conftest import Control
from tests.integrations.tables import BAD_NUMBER, CHEN, LI, STRANGER, ZHOU


@pytest.mark.parametrize(
    ("name", "id_no", "agree"),
    [
        (CHEN[0], CHEN[1], True),
        (f" {CHEN[0]} ", CHEN[1], True),
        ("陈小明", CHEN[1], False),
        (LI[0], CHEN[1], False),
        (*STRANGER, True),
        ("不符先生", STRANGER[1], False),
    ],
)
def test_name_and_number_are_compared(systems: Systems, name: str, id_no: str, agree: bool) -> None:
    answer = systems.at(POLICE).same_person(PersonQuestion(name, "11", id_no))
    assert (answer.state, answer.source, answer.value) == (AnswerState.HIT, "公安人口库", SamePerson(agree))


def test_number_with_a_wrong_check_character_is_in_no_register(systems: Systems) -> None:
    assert systems.at(POLICE).same_person(PersonQuestion("错号", "11", BAD_NUMBER)).missed


def test_names_of_the_leases_count_only_where_they_pair_with_a_number(systems: Systems) -> None:
    # The lease names 甲、乙 beside two numbers; the titles know these numbers under their owners' names too.
    assert systems.at(POLICE).same_person(PersonQuestion("乙", "11", ZHOU[1])).value == SamePerson(True)
    assert systems.at(POLICE).same_person(PersonQuestion("甲", "11", ZHOU[1])).value == SamePerson(False)


def test_foreign_passport_is_believed(systems: Systems) -> None:
    assert systems.at(POLICE).same_person(PersonQuestion("John Smith", "31", "AB123456")).value == SamePerson(True)


def test_question_that_no_register_would_take_is_silence(systems: Systems) -> None:
    answer = systems.at(POLICE).same_person(PersonQuestion("", "11", CHEN[1]))
    assert (answer.state, answer.note) == (AnswerState.SILENT, "请求内容不合约定")


def test_changed_name_is_told_at_once(systems: Systems, control: Control) -> None:
    person = PersonQuestion("高远志", "11", "31010519920808003x")
    assert systems.at(POLICE).same_person(person).value == SamePerson(True)
    control("police", "change", id_no="31010519920808003X", name="高某").raise_for_status()
    assert systems.at(POLICE).same_person(person).value == SamePerson(False)
    control("police", "change", id_no=person.id_no, name="高远志").raise_for_status()
    assert systems.at(POLICE).same_person(person).value == SamePerson(True)
    control("police", "change", id_no=person.id_no).raise_for_status()
    assert systems.at(POLICE).same_person(person).missed


@pytest.mark.parametrize(
    ("fault", "state", "value"),
    [("mismatch", AnswerState.HIT, SamePerson(False)), ("miss", AnswerState.MISS, None)],
)
def test_mismatch_and_miss_on_demand(
    systems: Systems, control: Control, fault: str, state: AnswerState, value: SamePerson | None
) -> None:
    control("police", "faults", fault=fault, match=CHEN[1])
    answer = systems.at(POLICE).same_person(PersonQuestion(CHEN[0], "11", CHEN[1]))
    assert (answer.state, answer.value) == (state, value)


def test_two_hundred_people_are_compared_in_one_question(systems: Systems) -> None:
    people = [PersonQuestion(CHEN[0], "11", CHEN[1]), PersonQuestion(LI[0], "11", CHEN[1])]
    people += [PersonQuestion("错号", "11", BAD_NUMBER)] * 198
    answer = systems.at(POLICE).same_people(people)
    assert answer.hit
    assert answer.value is not None
    assert answer.value[:3] == (SamePerson(True), SamePerson(False), None)
    assert len(answer.value) == 200


def test_more_people_than_one_question_holds_are_not_asked_about(systems: Systems) -> None:
    assert systems.at(POLICE).same_people([PersonQuestion(CHEN[0], "11", CHEN[1])] * 201).silent


def test_an_error_about_many_is_silence(systems: Systems, control: Control) -> None:
    control("police", "faults", fault="error").raise_for_status()
    assert systems.at(POLICE).same_people([PersonQuestion(CHEN[0], "11", CHEN[1])]).silent
