"""Fields of partner messages: one way to write a day, a moment, money; everything else is refused before it is read twice."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

import integrations.endpoints  # noqa: F401  (declares every endpoint)
from integrations.broker_association.cards_contract import CancellationMessage, CardQuestion
from integrations.broker_association.contract import BrokerBatch, BrokerLease
from integrations.district_platform.contract import CheckInMessage
from integrations.wire.exchange.relay import relays
from models.partners import RIGHTS
from services.check_ins.orders import ReportMoveOut
from services.direct_pay.filings import AskFilings
from services.direct_pay.mandate_intake import Acknowledge
from services.direct_pay.orders import (
    CancelBill,
    NewBill,
    NewResult,
    ReceiveDecision,
    ReceiveEntrustment,
    ReceiveTenantTermination,
    RequestTermination,
)
from services.engine.registry import Query
from services.partners.wire_fields import CreditCode, Day, Moment, Money, WireModel, message_of
from services.tenancy.form_parser import read_lease_form

pytestmark = [pytest.mark.row(17), pytest.mark.row(18)]
DAY, MOMENT, MONEY = (TypeAdapter(kind) for kind in (Day, Moment, Money))


@pytest.mark.parametrize(
    "text", ["2027-02-29", "2026-W01-1", "20260301", "２０２６-０３-０１", "2026-3-1", "", 20260301, None]
)
def test_a_day_is_written_in_one_way(text: Any) -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T08:00:00",
        "2026-W01-1T08:00:00+08:00",
        "20260301T080000+0800",
        "2026-03-01T08:00:00,5+08:00",
        "2026-03-01T08:00:00+08:00:30",
        "2026-03-01 08:00:00+08:00",
        "2026-03-01T08:00:60+08:00",
        "2026-02-29T08:00:00+08:00",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+08:00",
        1772323200,
    ],
)
def test_a_moment_is_written_in_one_way(text: Any) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(text)


def test_what_is_written_so_is_read_as_it_is_meant() -> None:
    eight = datetime(2028, 2, 29, tzinfo=UTC)
    for text in ("2028-02-29T08:00:00+08:00", "2028-02-29T08:00+08:00", "2028-02-29T00:00:00.000Z"):
        assert MOMENT.validate_python(text) == eight
    assert DAY.validate_python("2028-02-29") == date(2028, 2, 29)
    assert DAY.validate_python("9999-12-31") == date(9999, 12, 31), "cards that are valid for good say so"


@pytest.mark.parametrize(
    "text", ["1.", ".5", "-1", "1e3", "٣", "1,000.00", "0.001", "1" * 13, 6500, 6500.0, True, None]
)
def test_money_is_text_of_two_places(text: Any) -> None:
    with pytest.raises(ValidationError):
        MONEY.validate_python(text)
    assert MONEY.validate_python("999999999999.99") == Decimal("999999999999.99")


def test_a_credit_code_is_the_same_in_every_hand() -> None:
    code: TypeAdapter[str] = TypeAdapter(CreditCode)
    for text in ("91310115ma1k000016", "９１３１０１１５ＭＡ１Ｋ００００１６"):
        assert code.validate_python(text) == "91310115MA1K000016"
    with pytest.raises(ValidationError):
        code.validate_python("ß" * 18)


@pytest.mark.parametrize("number", [" ", "ZD1 ", "ZD 1", "ZD\n1", "ZD\u30001"])
def test_a_number_has_no_blanks(number: str) -> None:
    bill = {
        "bill_no": "ZD1",
        "entrust_no": "WT1",
        "period_start": "2027-03-01",
        "period_end": "2027-03-31",
        "bill_time": "2027-03-01T10:00:00+08:00",
        "rent_fee": "1.00",
        "deposit_fee": "0.00",
        "other_fee": "0.00",
        "total_amount": "1.00",
    }
    assert message_of(NewBill).model_validate(bill).order().bill_no == "ZD1"
    with pytest.raises(ValidationError):
        message_of(NewBill).model_validate({**bill, "bill_no": number})


@pytest.mark.row(14)
@pytest.mark.parametrize(
    ("message", "introduced"),
    [
        (message_of(NewBill), {"bill_no"}),
        (message_of(CancelBill), set()),
        (message_of(RequestTermination), {"term_no"}),
        (message_of(Acknowledge), set()),
        (message_of(ReceiveEntrustment), {"entrust_no"}),
        (message_of(NewResult), {"result_no"}),
        (message_of(ReceiveTenantTermination), {"term_no"}),
        (message_of(ReceiveDecision), {"decision_no"}),
        (CheckInMessage, {"checkin_no"}),
        (message_of(ReportMoveOut), {"checkout_no"}),
        (BrokerLease, {"own_no"}),
        (BrokerBatch, {"batch_no"}),
        (CancellationMessage, {"event_no"}),
    ],
)
def test_what_was_taken_in_under_a_number_with_blanks_can_still_be_named(
    message: type[WireModel], introduced: set[str]
) -> None:
    with pytest.raises(ValidationError) as problem:
        message.model_validate({**dict.fromkeys(message.model_fields, "RZ 001"), "unknown": 1})
    refused = {error["loc"][0] for error in problem.value.errors() if "has no blanks" in error["msg"]}
    assert refused == introduced


@pytest.mark.row(15)
@pytest.mark.row(47)
@pytest.mark.parametrize("question", [message_of(AskFilings), CardQuestion])
def test_a_question_says_what_for(question: type[WireModel]) -> None:
    assert question.model_validate({"purpose": "核验"}).model_dump()["purpose"] == "核验"
    for blank in ("  ", "核 ", "\t\t"):
        with pytest.raises(ValidationError):
            question.model_validate({"purpose": blank})
    with pytest.raises(ValidationError):
        question.model_validate({})


def test_every_right_has_a_name_and_is_offered_to_those_who_may_be_given_it() -> None:
    asked = {(one.sender, one.right) for one in relays() if one.right}
    assert asked == {(kind, str(right)) for kind, rights in RIGHTS.items() for right in rights}


def test_every_question_that_shows_a_person_must_say_what_for() -> None:
    asking = [one.message for one in relays() if isinstance(one.act, Query) and one.act.personal]
    assert {one.__name__ for one in asking} >= {"AskFilings", "CardQuestion"}
    assert all(one.model_fields["purpose"].is_required() for one in asking)


def _longest(shape: dict[str, Any], known: dict[str, Any]) -> Any:
    """A message of this form with nothing but its texts, each as long as it may be."""
    if "$ref" in shape:
        return _longest(known[shape["$ref"].rpartition("/")[2]], known)
    if "anyOf" in shape:
        return _longest(shape["anyOf"][0], known)
    if shape.get("type") == "array":
        return [_longest(shape["items"], known)]
    if shape.get("type") == "object":
        filled = {name: _longest(one, known) for name, one in shape["properties"].items()}
        return {name: value for name, value in filled.items() if value}
    return "长" * shape.get("maxLength", 0)


@pytest.mark.row(13)
@pytest.mark.row(14)
@pytest.mark.parametrize("message", [BrokerLease, CheckInMessage])
def test_a_text_as_long_as_the_handbook_promises_is_read_into_a_lease(message: type[WireModel]) -> None:
    shape = message.model_json_schema()
    raw = _longest(shape, shape["$defs"])
    assert len(raw["lessees"][0]["name"]) == 100
    too_long = {one.field: one.message for one in read_lease_form(raw).findings if "最多可填写" in one.message}
    assert too_long == {}
