"""The sale system over HTTP: pages of messages in our words; every fault is silence, and what was said is said again (row 76)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.ports.answers import AnswerState
from services.ports.sale_system import SALE_NEWS, ToldOpening, ToldPermit, ToldSale, ToldUnread
from services.ports.systems import Systems
from tests.integrations.conftest import Control

pytestmark = pytest.mark.row(76)
PERMIT = {"xkzh": "浦东房管(2027)预字9000001号", "zrzhList": ["ZR-1"], "hj": "归档", "ts": 2, "fzrq": "2027-02-01"}
OPENING = {"kpdyh": "KP-1", "kpfs": "立即开盘", "fwbmList": ["FW-1", "FW-2"], "xkzh": PERMIT["xkzh"]}
SALE = {"sjbh": "E-1", "fwbm": "FW-1", "sj": "签约", "ywrq": "2027-02-10", "htbh": "HT-1", "mj": 89.5, "je": 8950000}


@pytest.fixture
def sent(control: Control) -> int:
    """Three messages, one of each sort; returns how many there were before."""
    for message in ({"permit": PERMIT}, {"opening": OPENING}, {"sale": SALE}):
        control("sale_system", "change", **message).raise_for_status()
    return 3


def test_messages_come_in_our_words_and_in_their_order(systems: Systems, sent: int) -> None:
    answer = systems.at(SALE_NEWS).news("0")
    assert answer.value is not None
    permit, opening, sale = (one.about for one in answer.value.messages[-sent:])
    assert isinstance(permit, ToldPermit)
    assert isinstance(opening, ToldOpening)
    assert isinstance(sale, ToldSale)
    assert (permit.status, permit.issued_on) == ("ARCHIVED", date(2027, 2, 1))
    assert opening.homes == ("FW-1", "FW-2")
    assert (sale.act, sale.amount) == ("SIGN", Decimal(8950000))
    assert systems.at(SALE_NEWS).news(answer.value.next).state is AnswerState.MISS


@pytest.mark.parametrize("fault", ["timeout", "error", "badjson"])
def test_a_fault_is_silence_and_the_messages_come_later(
    hasty: Systems, control: Control, sent: int, fault: str
) -> None:
    control("sale_system", "faults", fault=fault, times=1).raise_for_status()
    assert hasty.at(SALE_NEWS).news("").state is AnswerState.SILENT
    assert hasty.at(SALE_NEWS).news("").hit


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"sale": {**SALE, "sj": "过户"}}, "xssj.sj"),
        ({"sale": {**SALE, "ywrq": "昨天", "mj": -1}}, "xssj.ywrq、xssj.mj"),
        ({"sale": SALE, "permit": PERMIT}, "ysxk、kpdy、xssj"),
        ({"permit": {**PERMIT, "zrzhList": []}}, "ysxk.zrzhList"),
        ({}, "ysxk、kpdy、xssj"),
    ],
)
def test_a_message_that_breaks_the_agreement_comes_as_it_is_and_stops_no_other(
    systems: Systems, control: Control, said: dict[str, Any], fields: str
) -> None:
    control("sale_system", "change", message_no="BAD-1", unsound=True, **said).raise_for_status()
    control("sale_system", "change", sale=SALE).raise_for_status()
    answer = systems.at(SALE_NEWS).news("0")
    assert answer.value is not None
    bad, good = answer.value.messages[-2:]
    assert isinstance(bad.about, ToldUnread)
    assert (bad.message_no, bad.about.fields) == ("BAD-1", fields)
    assert isinstance(good.about, ToldSale)
    assert systems.at(SALE_NEWS).read_again(bad.about.raw) is None


def test_a_message_whose_number_cannot_be_shown_is_named_by_its_place(systems: Systems, control: Control) -> None:
    control("sale_system", "faults", fault="mismatch", times=1).raise_for_status()
    control("sale_system", "change", message_no="张三 310101198503126010", unsound=True).raise_for_status()
    answer = systems.at(SALE_NEWS).news("0")
    assert answer.value is not None
    assert answer.value.messages[-1].message_no == f"0+{len(answer.value.messages)}"
