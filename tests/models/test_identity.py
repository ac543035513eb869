"""Identity numbers, documents, credit codes and mobiles, against every row of the sample tables."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.identity import (
    IdKind,
    Sex,
    age_on,
    check_credit_code,
    check_document,
    check_id_number,
    check_mobile,
    id_check_character,
)
from models.normal import normal
from models.own_data import read_rows
from tests.report import each_in_turn

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "identity"
TODAY = date(2026, 6, 30)
# Codes of the tables that name something we see as one of our codes.
KINDS = {
    "PASSPORT_CN": "14",
    "PASSPORT_CN_OFFICIAL": "14",
    "PASSPORT_FOREIGN": "31",
    "HKM_PERMIT": "21",
    "TW_PERMIT": "23",
    "HMT_RESIDENCE": "25",
    "PR_FOREIGN_NEW": "32",
    "PR_FOREIGN_OLD": "32",
}


def rows(name: str) -> list[dict[str, str]]:
    found = read_rows(SAMPLES / name)
    assert found
    return found


@each_in_turn("row", rows("id_valid.csv"))
def test_valid_number_tells_birthday_sex_and_age(row: dict[str, str]) -> None:
    found = check_id_number(row["id_number"], today=TODAY)
    assert (found.normal, found.problem) == (row["id_number"], None)
    assert found.birthday == date.fromisoformat(row["birthday"])
    assert found.sex == row["sex"]
    assert found.kind is IdKind.CITIZEN
    assert age_on(found.birthday, TODAY) == int(row["age_on_ref_date"])


@pytest.mark.proves("H30")
@pytest.mark.parametrize("row", rows("id_invalid.csv"), ids=lambda row: f"{row['reason_code']}-{row['id_number']!r}")
def test_faulty_number_is_repaired_without_loss_or_refused_with_its_reason(row: dict[str, str]) -> None:
    found = check_id_number(row["id_number"], today=TODAY)
    if row["expected"] == "accept_after_cleaning":
        assert (found.normal, found.problem) == (row["normalised"], None)
    else:
        assert found.problem is not None
        assert found.problem.code in {row["reason_code"], *row["also_acceptable"].split()}
        assert found.normal is None


@each_in_turn("row", rows("uscc_valid.csv"))
def test_valid_credit_code_passes(row: dict[str, str]) -> None:
    found = check_credit_code(row["uscc"])
    assert (found.normal, found.problem) == (row["uscc"], None)


@pytest.mark.parametrize("row", rows("uscc_invalid.csv"), ids=lambda row: f"{row['reason_code']}-{row['uscc']!r}")
def test_faulty_credit_code_is_repaired_refused_or_only_warned_of(row: dict[str, str]) -> None:
    found = check_credit_code(row["uscc"])
    if row["reason_code"] == "ORG_CHECK":
        assert (found.normal, found.problem) == (row["uscc"], None)
    elif row["expected"] == "accept_after_cleaning":
        assert (found.normal, found.problem) == (row["normalised"], None)
    else:
        assert found.problem is not None
        assert found.problem.code == row["reason_code"]


@pytest.mark.parametrize("row", rows("travel_docs.csv"), ids=lambda row: f"{row['doc_type']}-{row['input']}")
def test_travel_document_follows_its_pattern(row: dict[str, str]) -> None:
    found = check_document(KINDS[row["doc_type"]], row["input"], today=TODAY)
    if row["kind"] == "invalid":
        assert found.problem is not None
        assert found.normal is None
    else:
        assert (found.normal, found.problem) == (row["normalised"] or row["input"], None)


@pytest.mark.parametrize("row", rows("formats.csv"), ids=lambda row: str(row["doc_type"]))
def test_example_of_every_format_is_accepted(row: dict[str, str]) -> None:
    if row["doc_type"] in KINDS and row["example"]:
        assert check_document(KINDS[row["doc_type"]], row["example"], today=TODAY).ok


@pytest.mark.parametrize("row", rows("mobiles.csv"), ids=lambda row: f"{row['kind']}-{row['input']!r}")
def test_mobile_is_accepted_repaired_or_refused(row: dict[str, str]) -> None:
    found = check_mobile(row["input"])
    if row["expected"] == "reject":
        assert found.problem is not None
        assert found.normal is None
    else:
        assert (found.normal, found.problem) == (row["normalised"] or row["input"], None)


@pytest.mark.proves("H30")
@pytest.mark.parametrize(
    ("id_type", "number", "code"),
    [
        ("11", "810000196304299426", "WRONG_KIND"),
        ("25", "310101199901010018", "WRONG_KIND"),
        ("32", "310101199901010018", "WRONG_KIND"),
        ("11", "310101199901010013", "CHECK_DIGIT"),
        ("11", "310101199902300011", "BIRTHDAY"),
        ("12", "310101710407953", "OLD_15_DIGIT"),
        ("21", "C82479270", "WRONG_KIND"),
        ("21", "A123456(3)", "WRONG_KIND"),
        ("23", "T38869016", "WRONG_KIND"),
        ("31", "AB-1", "FORMAT"),
        ("51", "91310115MA1K000017", "CHECK_CHAR"),
        ("53", "MAXXA8GQ9", "CHECK_CHAR"),
        ("54", "", "EMPTY"),
        ("55", "９" * 41, "LENGTH"),
        ("22", "E1****78", "FORMAT"),
        ("22", "E1<b>78", "CHARSET"),
        ("99", "1", "UNKNOWN_KIND"),
    ],
)
def test_wrong_document_is_refused_by_code(id_type: str, number: str, code: str) -> None:
    found = check_document(id_type, number, today=TODAY)
    assert found.problem is not None
    assert found.problem.code == code
    assert found.problem.sentence.endswith("。")


@pytest.mark.parametrize(
    ("id_type", "number", "normal_form"),
    [
        ("13", "军字第0123456号", "军字第0123456号"),
        ("22", "Ａ１２３４５６（3）", "A123456(3)"),
        ("24", "  t12345678", "T12345678"),
        ("32", "usa 312003948370", "USA312003948370"),
        ("51", "91310115MA1K000016", "91310115MA1K000016"),
        ("53", "MAXXA8GQ-8", "MAXXA8GQ8"),
        ("54", "沪外代字 2020-11", "沪外代字2020-11"),
    ],
)
def test_right_document_is_brought_into_its_normal_form(id_type: str, number: str, normal_form: str) -> None:
    found = check_document(id_type, number, today=TODAY)
    assert (found.normal, found.problem) == (normal_form, None)


def test_birthday_today_is_right_and_tomorrow_is_not() -> None:
    first17 = "31010720260601900"
    number = first17 + id_check_character(first17)
    assert check_id_number(number, today=date(2026, 6, 1)).ok
    problem = check_id_number(number, today=date(2026, 5, 31)).problem
    assert problem is not None
    assert problem.code == "BIRTHDAY_FUTURE"


@pytest.mark.proves("H30")
def test_future_birthday_is_refused_without_being_told_the_day() -> None:
    first17 = "31010421990315900"
    problem = check_id_number(first17 + id_check_character(first17)).problem
    assert problem is not None
    assert problem.code == "BIRTHDAY_FUTURE"


def test_sex_of_a_resident_from_hong_kong_is_told_too() -> None:
    found = check_id_number("810000196304299426", today=TODAY)
    assert (found.kind, found.sex) == (IdKind.HMT_RESIDENCE, Sex.FEMALE)


def test_who_is_born_on_29_february_comes_of_age_on_1_march() -> None:
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.parametrize("number", ["+852 6000 0000", "+1 212 555 0100", "＋44 20 7946 0000"])
def test_foreigner_may_give_a_number_of_another_country(number: str) -> None:
    assert check_mobile(number, foreign=True).normal == normal("phone", number)
    refused = check_mobile(number)
    assert refused.problem is not None
    assert refused.problem.code == "FOREIGN"


def test_foreigner_with_a_mainland_mobile_is_not_asked_for_a_plus() -> None:
    assert check_mobile("13800004572", foreign=True).normal == "13800004572"


@given(st.text(max_size=30))
def test_no_text_breaks_a_check(text: str) -> None:
    for id_type in ("11", "13", "14", "21", "22", "23", "25", "31", "32", "51", "53", "55"):
        found = check_document(id_type, text, today=TODAY)
        assert (found.normal is None) == (found.problem is not None)
        if found.normal is not None:
            assert normal("id_no", found.normal) == normal("id_no", text)
    phone = check_mobile(text, foreign=True)
    assert phone.normal in (None, normal("phone", text))


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
@pytest.mark.proves("H30")
def test_one_wrong_digit_is_always_noticed(birthday: date, sequence: int, place: int, shift: int) -> None:
    first17 = f"310101{birthday:%Y%m%d}{sequence:03d}"
    number = first17 + id_check_character(first17)
    assert check_id_number(number, today=TODAY).ok
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not check_id_number(wrong, today=TODAY).ok
