"""What the association writes of a person is read like what a firm types: nothing unseen, undrawable or cut (row 45, H28)."""

from typing import Any

import pytest

from tests.services.practitioners.association.desk import Desk, codes, hints
from tests.services.tenancy.counter import somebody

pytestmark = [pytest.mark.row(45), pytest.mark.proves("H28")]


@pytest.mark.parametrize(
    "name",
    [
        "张\u200b三",
        "张\u202e三",
        "张\u0007三",
        "张\ue000三",
        "张😀三",
        "<b>张三</b>",
        "1234",
        "　",
        "张三" * 35,
        "Anna " * 15,
        "\u0301张三",
        "张" + "\u0301" * 9,
    ],
)
def test_what_nobody_is_called_or_nobody_can_see_is_on_no_card(desk: Desk, name: str) -> None:
    who = somebody("有其人")
    answer = desk.recorded(who, name=name)
    assert (answer["status"], codes(answer)) == (422, {"FORM"})
    assert {reason["field"] for reason in answer["reasons"] if reason["code"] == "FORM"} == {"name"}
    assert (desk.cards_of(who), desk.applies_of(who)) == ([], [])
    assert desk.recorded(who)["state"] == "DONE"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("𠮷野家", "𠮷野家"),
        ("海\ufa45", "海海"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("Anna-Marie  O'Neil", "Anna-Marie O'Neil"),
        ("Siobhán O\u2019Brien", "Siobhán O\u2019Brien"),
        ("李〇", "李〇"),
        ("प्रिया", "प्रिया"),
    ],
)
def test_names_of_everybody_are_on_cards_in_one_form(desk: Desk, name: str, kept: str) -> None:
    who = somebody("有其人")
    assert desk.recorded(who, name=name)["state"] == "DONE"
    assert desk.cards_of(who)[0].name.plain == kept


@pytest.mark.parametrize(
    "told",
    [
        {"store": "花木\u202e店"},
        {"education": "\u0007"},
        {"qualification": "经纪人\ufeff"},
        {"qualification_no": "\ue100"},
        {"post": "顾\u200b问"},
        {"contract_from": "2027-03-01", "contract_to": "2027-02-28"},
    ],
)
def test_what_cannot_be_read_is_told_by_its_field(desk: Desk, told: dict[str, Any]) -> None:
    answer = desk.recorded(somebody("难读"), **told)
    assert (answer["status"], codes(answer)) == (422, {"FORM"})
    assert answer["reasons"][0]["field"] == list(told)[-1]


@pytest.mark.parametrize("mobile", ["abc", "123", "021-63190000", "1380000****"])
def test_a_number_nobody_can_call_is_left_out_and_told(desk: Desk, mobile: str) -> None:
    who = somebody("无号")
    answer = desk.recorded(who, mobile=mobile)
    assert (answer["state"], "FORM" in hints(answer)) == ("DONE", True)
    (apply,) = desk.applies_of(who)
    assert apply.after is not None
    assert apply.after.json()["mobile"] == ""
    same = desk.recorded(who, mobile="")
    assert "FORM" not in hints(same)


def test_one_card_number_is_found_however_it_was_typed(desk: Desk) -> None:
    card_no = desk.in_force(somebody("全角"))
    full_width = card_no.translate({ord(char): ord(char) + 0xFEE0 for char in card_no})
    for typed in (card_no.lower(), f" {card_no} ", full_width):
        assert desk.ask(card_no=typed, picture=False)["card_no"] == card_no
    assert desk.cancel(full_width.lower())["card_state"] == "CANCELLED"
