"""Text as typed becomes one kept form, or is refused in a sentence."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.normal import BadText, clean_name, clean_text, normal, parse_area, parse_cert, parse_day, parse_money
from models.own_data import own_rows
from tests.report import each_in_turn

DOMAINS = ["name", "id_no", "phone", "cert_no", "acct"]


@pytest.mark.proves("H28")
@pytest.mark.parametrize(
    ("char", "told"),
    [
        ("\x00", "控制字符"),
        ("\x07", "控制字符"),
        ("\x1f", "控制字符"),
        ("\x7f", "控制字符"),
        ("\x85", "控制字符"),
        ("\t", "控制字符"),
        ("\n", "控制字符"),
        ("\u200b", "看不见的字符"),
        ("\u200d", "看不见的字符"),
        ("\ufeff", "看不见的字符"),
        ("\u202e", "看不见的字符"),
        ("\u2066", "看不见的字符"),
        ("\u061c", "看不见的字符"),
        ("\u00ad", "看不见的字符"),
        ("\u3164", "看不见的字符"),
        ("\ufe0f", "看不见的字符"),
        ("\U000e0101", "看不见的字符"),
        ("\U000e0041", "看不见的字符"),
        ("\u2028", "换行控制符"),
        ("\ud800", "残缺的字符"),
        ("\ue000", "自造字"),
        ("\U000f0000", "自造字"),
        ("\ufffd", "乱码"),
        ("\ufffe", "乱码"),
        ("\ufdd0", "乱码"),
        ("\U0001ffff", "乱码"),
    ],
)
def test_what_cannot_be_seen_is_refused_with_its_place(char: str, told: str) -> None:
    with pytest.raises(BadText) as caught:
        clean_text(f"张{char}三", 10)
    assert told in caught.value.sentence
    assert caught.value.sentence.startswith("第2个字符")
    with pytest.raises(BadText):
        clean_name(f"张{char}三")


@pytest.mark.proves("H29")
@each_in_turn("row", own_rows("names/rare_names_sample.csv"))
def test_rare_name_is_kept_as_it_is(row: dict[str, str]) -> None:
    assert clean_name(row["name"]) == row["name"]
    assert len(clean_text(row["name"], int(row["characters"]))) == int(row["characters"])
    assert normal("name", row["name"]) == row["name"]


@each_in_turn("row", own_rows("names/gbk_pua_map.csv"))
def test_private_use_character_of_old_systems_becomes_the_real_one(row: dict[str, str]) -> None:
    typed = f"刘{chr(int(row['pua'][2:], 16))}"
    assert clean_name(typed) == f"刘{chr(int(row['unicode'][2:], 16))}"
    assert normal("name", typed) == normal("name", clean_name(typed))


def test_length_is_counted_in_characters_not_in_halves() -> None:
    assert clean_text("𠮷" * 60, 60) == "𠮷" * 60
    with pytest.raises(BadText, match="最多可填写60个字，现有61个字"):
        clean_text("𠮷" * 61, 60)


def test_accents_are_composed_before_counting() -> None:
    assert clean_text("e\u0301", 1) == "é"


def test_lines_are_kept_only_where_they_are_wanted() -> None:
    assert clean_text(" 一\r\n二\r三 ", 10, multiline=True) == "一\n二\n三"
    assert clean_text("一\n", 10) == "一"


@pytest.mark.parametrize("dot", list("•・･‧∙⋅．·"))
def test_every_middle_dot_is_one(dot: str) -> None:
    assert clean_name(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"
    assert normal("name", f"阿依古丽 {dot} 买买提") == "阿依古丽·买买提"


@pytest.mark.proves("H30")
@pytest.mark.parametrize(
    ("domain", "typed", "form"),
    [
        ("name", "  John   SMITH ", "john smith"),
        ("name", "ＪＯＨＮ　Smith", "john smith"),
        ("name", "上海测试（集团）有限公司", "上海测试(集团)有限公司"),
        ("name", "张\u200b三", "张三"),
        ("id_no", " 31010119990101 001x ", "31010119990101001X"),
        ("id_no", "３１０１０１１９９９０１０１００１ｘ", "31010119990101001X"),
        ("id_no", "310101-19990101-0018", "310101199901010018"),
        ("id_no", "h12345678", "H12345678"),
        ("phone", "+86 138-0000-4572", "13800004572"),
        ("phone", "008613800004572", "13800004572"),
        ("phone", "021-61234567", "02161234567"),
        ("phone", "+852 6000 0000", "+85260000000"),
        ("phone", "+1 380 000 4572", "+13800004572"),
        ("cert_no", "沪 （2021） 浦字不动产权第 012345 号", "沪(2021)浦字不动产权第012345号"),
        ("cert_no", "沪〔２０２１〕浦字不动产权第０１２３４５号", "沪(2021)浦字不动产权第012345号"),
        ("acct", "6222 0210 0112 3456 789", "6222021001123456789"),
    ],
)
def test_form_for_the_index_is_the_same_however_it_was_typed(domain: str, typed: str, form: str) -> None:
    assert normal(domain, typed) == form


@given(st.sampled_from(DOMAINS), st.text(max_size=40))
def test_form_for_the_index_is_its_own_form(domain: str, text: str) -> None:
    once = normal(domain, text)
    assert normal(domain, once) == once


@given(st.text(max_size=40))
def test_clean_text_is_stable_and_storable(text: str) -> None:
    try:
        clean = clean_text(text, 40, multiline=True)
    except BadText:
        return
    assert clean_text(clean, 40, multiline=True) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert clean.encode("gb18030").decode("gb18030") == clean


@pytest.mark.parametrize(
    ("typed", "form", "sign", "year", "printed"),
    [
        ("沪(2021)浦字不动产权第012345号", "new", "浦", 2021, "沪（2021）浦字不动产权第012345号"),
        (" 沪（2021）市字不动产权第012345号", "new", "市", 2021, "沪（2021）市字不动产权第012345号"),
        ("沪房地浦字（2008）第012345号", "old", "浦", 2008, "沪房地浦字（2008）第012345号"),
        ("沪公租凭静字第00056789号", "public", "静", None, "沪公租凭静字第00056789号"),
    ],
)
def test_title_number_is_read_in_its_three_forms(
    typed: str, form: str, sign: str, year: int | None, printed: str
) -> None:
    cert = parse_cert(typed)
    assert cert is not None
    assert (cert.form, cert.sign, cert.year, cert.printed) == (form, sign, year, printed)
    assert cert.stored == normal("cert_no", typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "012345",
        "沪(2025)沪字不动产权第012345号",
        "苏(2021)苏州市不动产权第0012345号",
        "沪(2021)浦字不动产权012345号",
        "沪(2021)浦字不动产权第12345号",
        "沪(2015)浦字不动产权第012345号",
        "沪房地浦字(1808)第012345号",
        "沪公租凭市字第00056789号",
    ],
)
def test_other_numbers_are_no_title_of_this_city(typed: str) -> None:
    assert parse_cert(typed) is None


@pytest.mark.proves("H32")
@pytest.mark.parametrize(
    ("text", "value"),
    [("0", "0"), ("1234.50", "1234.50"), (" ３５００．５ ", "3500.5"), ("999999999999.99", "999999999999.99")],
)
def test_money_is_read_exactly(text: str, value: str) -> None:
    assert str(parse_money(text)) == value


@pytest.mark.proves("H32")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "请填写金额"),
        ("-1", "不能为负数"),
        ("1,000", "不要带逗号"),
        ("１，０００", "不要带逗号"),
        ("1e3", "只填写数字"),
        ("1e309", "只填写数字"),
        ("NaN", "只填写数字"),
        ("Infinity", "只填写数字"),
        ("3500元", "只填写数字"),
        ("0x10", "只填写数字"),
        ("1_000", "只填写数字"),
        ("٣٥", "只填写数字"),
        ("007", "只填写数字"),
        (".5", "只填写数字"),
        ("1.", "只填写数字"),
        ("1.234", "最多保留2位小数"),
        ("1" + "0" * 12, "最多12位"),
        ("1" + "0" * 40, "最多12位"),
    ],
)
def test_other_amounts_are_refused_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(BadText, match=told):
        parse_money(text)


def test_area_takes_as_many_places_as_asked() -> None:
    assert parse_area("75.20") == Decimal("75.20")
    assert parse_area("75.2034", places=4) == Decimal("75.2034")
    with pytest.raises(BadText, match="面积最多保留2位小数"):
        parse_area("75.203")


@pytest.mark.parametrize(
    "text", ["2026-03-01", "2026-3-1", "2026/3/1", "2026.3.1", "20260301", "２０２６０３０１", "2026年3月1日"]
)
def test_day_is_read_in_the_usual_ways(text: str) -> None:
    assert parse_day(text) == date(2026, 3, 1)


@pytest.mark.proves("H33")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "请填写日期"),
        ("2026-02-30", "没有2026年2月30日这一天"),
        ("2025-02-29", "没有2025年2月29日这一天"),
        ("0000-00-00", "没有0年0月0日这一天"),
        ("9999-12-31", "日期应在"),
        ("1899-12-31", "日期应在"),
        ("2026-03/01", "按年月日填写"),
        ("26-03-01", "按年月日填写"),
        ("2026-03-01T00:00:00+14:00", "按年月日填写"),
        ("03/01/2026", "按年月日填写"),
        ("٢٠٢٦-٠٣-٠١", "按年月日填写"),
        ("46082", "按年月日填写"),
    ],
)
def test_other_days_are_refused_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(BadText, match=told):
        parse_day(text)
