"""Initials and variants of names: common and rare characters, surnames of another reading, spellings with a variant."""

import pytest

from models.letters import are_letters, initials, is_named_in, name_letters, spellings


@pytest.mark.parametrize(
    ("name", "letters"),
    [("李敏", "lm"), ("单婷", "st"), ("欧阳昊霖", "oyhl"), ("仇 骏", "qj"), ("Anna·李", "annal"), ("", "")],
)
def test_a_name_has_the_initials_it_is_read_by(name: str, letters: str) -> None:
    assert name_letters(name) == letters


def test_a_company_keeps_the_reading_of_words() -> None:
    assert initials("单行道（上海）置业") == "dxdshzy"


def test_a_text_is_spelled_with_the_variants_of_its_characters() -> None:
    assert spellings("黄峰")[0] == "黄峰"
    assert {"黃峰", "黄峯", "黃峯"} <= set(spellings("黄峰"))
    assert "黄峰" in spellings("黃峯")
    assert len(spellings("黄" * 60)) == 32
    assert spellings("A1") == ("A1",)


def test_only_letters_may_be_initials() -> None:
    assert [text for text in ("lm", "l", "李m", "l1", "LM") if are_letters(text)] == ["lm", "LM"]


@pytest.mark.parametrize("word", ["huangf", "hfgw", "HFG", "黃峯", "公寓"])
def test_a_text_is_known_by_a_part_its_variants_or_its_initials(word: str) -> None:
    assert is_named_in(word, "上海黄峰公寓huangf") is (word != "hfgw")
