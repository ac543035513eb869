"""One value of a form, read by its field and written back (market 2.0)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models.columns import area, integer, money, number, percent
from models.companies import HeadIndicator
from models.normal import normal_number
from services.engine.field_types.field import Field, Unreadable, field_of
from services.engine.kinds import kind_named
from services.engine.proposals import form_of, missing
from services.engine.shapes import by_name, header_of
from tests.conformance.thirteenth import OfficeUse, SalesOffice
from tests.services.engine.records.kinds_made import Site

_ID = UUID("0190a5c4-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("name", "  滨江（一期）ＡＢ１２ ", "滨江（一期）AB12"),
        ("name", "   ", None),
        ("contract_no", "沪规划资源（２０２６）出让合同〔第 12〕号ab", "沪规划资源(2026)出让合同(第12)号AB"),
        ("price", "１，２３４．５０", Decimal("1234.50")),
        ("price", "1,234,567", Decimal("1234567.00")),
        ("price", 12.5, Decimal("12.50")),
        ("price", "9999999999999999.99", Decimal("9999999999999999.99")),
        ("land", "0", Decimal("0.00")),
        ("land", "100.10", Decimal("100.10")),
        ("green", "35.1234", Decimal("35.1234")),
        ("depth", "-15.5", Decimal("-15.5")),
        ("floors", "033", 33),
        ("floors", 7, 7),
        ("begun_on", "2027年3月1日", date(2027, 3, 1)),
        ("begun_on", "20270301", date(2027, 3, 1)),
        ("begun_on", date(2027, 3, 1), date(2027, 3, 1)),
        ("where", "徐汇区", "310104"),
        ("where", "310104", "310104"),
        ("made_site_id", str(_ID), _ID),
        ("made_site_id", _ID, _ID),
        ("note", "一\r\n二 ", "一\n二"),
        ("keeper", " 欧阳 • 修 ", "欧阳·修"),
    ],
)
def test_read(name: str, typed: Any, value: Any) -> None:
    read = by_name(Site)[name].read(typed)
    assert read == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("name", "一" * 61),
        ("name", "甲\x00乙"),
        ("name", "甲\u200b乙"),
        ("name", "甲\ud800乙"),
        ("name", {"a": 1}),
        ("name", ["甲"]),
        ("price", "-1"),
        ("price", "1.234"),
        ("price", "1e400"),
        ("price", "１２万"),
        ("price", "NaN"),
        ("price", "Infinity"),
        ("price", True),
        ("price", "10000000000000000"),
        ("price", "9" * 5000),
        ("land", "1000000000000"),
        ("land", "0.001"),
        ("green", "1.23456"),
        ("floors", "3.5"),
        ("floors", "9" * 20),
        ("begun_on", "2027-02-29"),
        ("begun_on", "三月"),
        ("begun_on", "0001-01-01"),
        ("where", "310000"),
        ("where", "浦东"),
        ("made_site_id", "' OR 1=1"),
        ("note", "好" * 20_001),
    ],
)
def test_refused_in_a_sentence(name: str, typed: Any) -> None:
    with pytest.raises(Unreadable) as refused:
        by_name(Site)[name].read(typed)
    assert refused.value.sentence


@pytest.mark.parametrize(
    ("column", "typed", "sentence"),
    [
        (money("价款", positive=True), "0", "应大于0"),
        (area("面积", positive=True), "-1", "应大于0"),
        (integer("层数", positive=True), "0", "应大于0"),
        (integer("层数"), "-1", "不能为负数"),
        (number("限高"), "-0.5", "不能为负数"),
        (percent("绿地率"), "100.01", "应在0至100（%）之间"),
        (percent("绿地率"), "-0.01", "应在0至100（%）之间"),
    ],
)
def test_a_number_lies_where_its_column_says(column: Any, typed: str, sentence: str) -> None:
    made = field_of(sa.Column("made", column.sa_type, info=column.sa_column_kwargs["info"]))
    with pytest.raises(Unreadable) as refused:
        made.read(typed)
    assert refused.value.sentence == sentence


@pytest.mark.row(51)
def test_net_assets_may_be_less_than_nothing_as_sub_13_judges_them() -> None:
    assert by_name(HeadIndicator)["equity"].read("-1200000.00") == Decimal("-1200000.00")


@pytest.mark.parametrize("typed", [True, "true", "是", "１"])
def test_yes(typed: Any) -> None:
    assert by_name(SalesOffice)["open_to_all"].read(typed) is True


@pytest.mark.parametrize(
    ("field", "value", "raw"),
    [
        (by_name(SalesOffice)["floor_area"], Decimal("1E+3"), "1000"),
        (by_name(SalesOffice)["monthly_rent"], Decimal("12.50"), "12.50"),
        (by_name(SalesOffice)["opened_on"], date(2027, 3, 1), "2027-03-01"),
        (header_of(SalesOffice)["effective_from"], datetime(2027, 3, 1, 2, tzinfo=UTC), "2027-03-01T02:00:00+00:00"),
        (by_name(SalesOffice)["use"], OfficeUse.SALES, "SALES"),
        (by_name(Site)["made_site_id"], _ID, str(_ID)),
        (by_name(SalesOffice)["open_to_all"], False, False),
        (by_name(SalesOffice)["staff"], 7, "7"),
    ],
)
def test_written_back(field: Field, value: Any, raw: Any) -> None:
    assert field.raw(value) == raw
    assert field.read(raw) == value


@pytest.mark.parametrize(
    "typed",
    ["静安房管（2026）预字0000285号", "静安房管(2026)预字 0000285号", "静安房管〔２０２６〕预字0000285号"],
)
def test_numbers_compare_in_one_form(typed: str) -> None:
    assert normal_number(typed) == "静安房管(2026)预字0000285号"


@pytest.mark.row(77)
def test_a_year_has_no_comma_between_its_digits() -> None:
    columns = HeadIndicator.__table__.columns  # type: ignore[attr-defined]
    year, assets = field_of(columns["year"]), field_of(columns["total_assets"])
    assert (year.words(2023), year.text(2023)) == ("2023", "2023")
    assert assets.words(Decimal("2023.00")) == "2,023.00 元"


@pytest.mark.parametrize(
    ("kind", "values", "told", "wrong"),
    [
        ("completion_filing", {"start_on": "2027-01-11", "accepted_on": "2027-01-10"}, "早于开工日期，请核对", True),
        ("completion_filing", {"start_on": "2027-01-10", "accepted_on": "2027-01-10"}, "早于开工日期，请核对", False),
        ("completion_filing", {"accepted_on": "2027-01-10"}, "早于开工日期，请核对", False),
        ("realty_certificate", {"use_term_from": "2026-01-15", "use_term_to": "2026-01-15"}, "应晚于使用期限起", True),
        ("realty_certificate", {"use_term_from": "2026-01-15", "use_term_to": "2026-01-16"}, "应晚于使用期限起", False),
        ("unit_engineering", {"planned_start": "2026-05-02", "planned_finish": "2026-05-01"}, "早于计划开工日期", True),
        ("parcel", {"grantee_uscc": "91310115MA1H8R7C6D"}, "受让人信用代码：统一社会信用代码校验不通过", True),
        ("parcel", {"grantee_uscc": "91310115MAYPA0014U"}, "受让人信用代码", False),
        ("parcel", {}, "“土地用途”至少填写1行", True),
        ("parcel", {"signed_on": "2027-03-02"}, "合同签订日期晚于今天，请核对", True),
        ("parcel", {"signed_on": "2027-03-01"}, "晚于今天", False),
        ("parcel", {"start_due_on": "2030-07-01", "finish_due_on": "2030-06-30"}, "约定竣工日期早于约定开工日期", True),
        ("parcel", {"finish_due_on": "2030-06-30", "finish_extended_to": "2030-06-29"}, "早于约定竣工日期", True),
        ("construction_permit", {"actual_start_on": "2027-03-02"}, "实际开工日期晚于今天，请核对", True),
        ("project_transfer", {"filed_on": "2027-03-02"}, "备案日期晚于今天，请核对", True),
        (
            "project_transfer",
            {"filed_on": "2026-11-19", "registration_changed_on": "2026-11-20"},
            "备案日期早于土地使用权变更登记日期",
            True,
        ),
    ],
)
def test_what_a_column_or_a_list_says_of_itself_is_asked_of_a_form(
    kind: str, values: dict[str, str], told: str, wrong: bool
) -> None:
    declared = kind_named(kind)
    found = missing(declared, form_of(declared, {"values": values, "children": {}, "files": {}}), date(2027, 3, 1))
    assert any(told in one.message for one in found) is wrong


@pytest.mark.parametrize(
    ("stored", "told"), [("5.0000", "5"), ("12.5000", "12.5"), ("100.0000", "100"), ("0.0000", "0")]
)
def test_a_number_of_a_row_is_shown_as_it_was_typed(stored: str, told: str) -> None:
    column = percent("绿地率")
    field = field_of(sa.Column("green", column.sa_type, info=column.sa_column_kwargs["info"]))
    assert str(field.shown(Decimal(stored), {})) == told
