"""Colleagues who may be the person about to get a card, shown beside him (issue 19)."""

from dataclasses import replace

import pytest

from models.identity import id_check_character
from models.imports import ImportedLine
from services.imports.jobs import work_through
from services.imports.lines import row_of
from services.imports.uploads import UploadTable, upload_table
from services.practitioners.doubles import likely_doubles
from tests.people_made import person as line_of
from tests.people_made import table
from tests.services.practitioners.desks.people import Desks, somebody, sound_number

pytestmark = pytest.mark.row(39)


def _slipped(number: str) -> str:
    """A sound number that differs in one digit and its check character."""
    first = number[:5] + str((int(number[5]) + 1) % 10) + number[6:17]
    return first + id_check_character(first)


def test_a_slip_in_the_number_and_a_shared_telephone_are_shown_beside_the_colleague(desks: Desks) -> None:
    one = somebody("黄晓峰", mobile="13822220001", id_no=sound_number("19850102"))
    card = desks.card(desks.active(one))
    same_name = replace(one, name="黃晓峰", id_no=_slipped(one.id_no), mobile="13822220002")
    same_phone = somebody("赵明", mobile=one.mobile, id_no=sound_number("19790909"))
    for person in (same_name, same_phone):
        (found,) = desks.ask(likely_doubles, person)
        told = {label: (mine, theirs) for label, mine, theirs in found.evidence["alike"]}
        assert told["信息卡"] == ("（本次申请）", f"{card.card_no}（有效）")
        assert told["证件号码"][0] == person.id_no
        assert "*" in told["证件号码"][1]


def test_a_namesake_of_another_birthday_the_person_himself_and_those_of_other_firms_are_no_doubles(
    desks: Desks,
) -> None:
    one = somebody("钱晓棠", mobile="13822220003", id_no=sound_number("19850203"))
    desks.active(one)
    namesake = somebody("钱晓棠", mobile="13822220004", id_no=sound_number("19930405", region="320102"))
    assert desks.ask(likely_doubles, namesake) == ()
    assert desks.ask(likely_doubles, one) == ()
    assert desks.ask(likely_doubles, replace(one, id_no=_slipped(one.id_no)), desks.other_firm) == ()


@pytest.mark.row(42)
def test_a_table_of_people_warns_of_colleagues_it_may_repeat(desks: Desks) -> None:
    one = somebody("孙晓岚", mobile="13822220005", id_no=sound_number("19850304"))
    desks.active(one)
    firm = desks.firm_row().uscc
    people = [
        line_of(1, firm, 姓名=one.name, 证件号码=_slipped(one.id_no)),
        line_of(2, firm, 手机号=one.mobile),
        line_of(3, firm, 姓名=one.name),
        line_of(4, firm),
    ]
    made = desks.act(upload_table, UploadTable("practitioners", "人员.xlsx", table(people)))
    work_through(desks.world.door, lambda: True)
    lines = desks.rows(ImportedLine, ImportedLine.session_id == made.id)
    told = {one.sheet_row: [each for each in row_of(one).findings if each.code == "DUP"] for one in lines}
    assert [len(told[number]) for number in (2, 3, 4, 5)] == [1, 1, 0, 0]
    assert all("孙**" in each.message or "*" in each.message for each in (*told[2], *told[3]))
    assert "孙晓岚" not in str(told)
