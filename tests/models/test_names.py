"""Names of persons, and text read in the wrong character set."""

import pytest

from models.names import DAMAGED, is_garbled, name_problem


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "欧阳娜娜",
        "李〇",
        "买买提·吐尔逊",
        "O'Brien",
        "José García",
        "Müller",
        "Åsa",
        "Zoë",
        "ÅÄÖ",
        "𠮷野",
        "王喆",
        "周燊",
    ],
)
def test_names_of_documents_are_names(name: str) -> None:
    assert name_problem(name) == ""


@pytest.mark.parametrize("text", ["ÕÅÈý", "å¼\xa0ä¸‰", "ÕÅÈýÀî", "寮犱笁", "锟斤拷", "张\ufffd", "上海锟斤拷经纪"])
def test_text_read_in_the_wrong_character_set_is_told(text: str) -> None:
    assert is_garbled(text)
    assert name_problem(text) == DAMAGED


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("张3", "数字“3”"),
        ("张３", "数字“３”"),
        ("张@", "符号“@”"),
        ("⼭本", "改为“山”"),
        ("张\u200b三", "看不见"),
        ("张" * 31, "超过30个字"),
        ("曹子" * 12, "连续超过20个字"),
    ],
)
def test_the_sentence_names_the_character(name: str, words: str) -> None:
    assert words in name_problem(name)
