"""Masks: every example of the rule, and that nothing odd shows more than the rule allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.masking import mask

KINDS = ["name", "id", "phone", "acct", "addr", "cert", "email", "birth"]


@pytest.mark.parametrize(
    ("kind", "value", "inside", "public"),
    [
        ("name", "张三", "张*", "张*"),
        ("name", "王小明", "王*明", "王**"),
        ("name", "欧阳娜娜", "欧**娜", "欧**"),
        ("name", "𠮷田", "𠮷*", "𠮷*"),
        ("name", "阿依古丽·买买提", "阿**提", "阿**"),
        ("name", "John Smith", "J***h", "J**"),
        ("name", "Al Bo", "A***o", "A**"),
        ("name", "丁", "*", "*"),
        ("name", "𬎆𫖯𫛭", "𬎆*𫛭", "𬎆**"),
        ("id", "11010519491231002X", "110***********002X", "1****************X"),
        ("id", "E12345678", "E1*****78", "E********"),
        ("id", "110105491231002", "110*********002", "1**************"),
        ("id", "E123", "****", "E***"),
        ("phone", "13812345678", "138****5678", "138********"),
        ("phone", "+86 138 1234 5678", "138****5678", "138********"),
        ("phone", "021-61234567", "021-****4567", "021-********"),
        ("phone", "02161234567", "021****4567", "021********"),
        ("phone", "0512-6123456", "0512-***3456", "0512-*******"),
        ("phone", "+85260000001", "********0001", "************"),
        ("phone", "95588", "*****", "*****"),
        ("acct", "6222021001123456789", "************6789", "****"),
        ("acct", "1234567", "*******", "****"),
        ("addr", "上海市浦东新区南泉北路201号3室", "上海市浦东新区南泉北路***", "上海市浦东新区***"),
        ("addr", "上海市宝山区友谊路二十号", "上海市宝山区友谊路***", "上海市宝山区***"),
        ("addr", "上海市黄浦区中山南一路", "上海市黄浦区***", "上海市黄浦区***"),
        ("addr", "云锦路1039弄80号504室", "云锦路***", "*" * 15),
        ("addr", "曹杨小区３号", "曹杨小区***", "******"),
        ("cert", "沪(2021)浦字不动产权第012345号", "沪(2021)浦字不动产权第****45号", "沪(2021)****号"),
        ("cert", "沪（2021）浦字不动产权第012345号", "沪（2021）浦字不动产权第****45号", "沪（2021）****号"),
        ("cert", "沪房地浦字(2008)第012345号", "沪房地浦字(2008)第****45号", "沪房地****号"),
        ("cert", "沪公租凭静字第00056789号", "沪公租凭静字第******89号", "沪公租凭****号"),
        ("cert", "预售合同2021000123", "预售合同********23", "*" * 14),
        ("cert", "甲12", "***", "***"),
        ("email", "zhang@ex.cn", "z***@ex.cn", "***"),
        ("email", "zhang", "*****", "***"),
        ("birth", "1990-03-05", "1990-**-**", "****"),
        ("birth", "1990/3/5", "********", "****"),
        ("colour", "red", "***", "***"),
        ("name", "", "", ""),
    ],
)
def test_value_is_shown_as_far_as_its_profile_may_see(kind: str, value: str, inside: str, public: str) -> None:
    assert mask(kind, value) == inside
    assert mask(kind, value, "I") == inside
    assert mask(kind, value, "P") == public


def test_unknown_profile_sees_what_the_public_sees() -> None:
    assert mask("phone", "13812345678", "X") == mask("phone", "13812345678", "P")


@given(st.sampled_from(KINDS), st.text(min_size=1, max_size=40), st.sampled_from("IP"))
def test_no_text_is_shown_whole(kind: str, text: str, profile: str) -> None:
    shown = mask(kind, text, profile)
    assert not text.strip() or "*" in shown
    assert mask("", text, profile) == "*" * len(text.strip())


@given(st.from_regex(r"\A[0-9]{17}[0-9X]\Z"))
def test_birthday_never_shows_in_a_masked_number(number: str) -> None:
    assert mask("id", number)[3:14] == "*" * 11
    assert mask("id", number, "P")[1:17] == "*" * 16
