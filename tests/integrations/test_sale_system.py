"""The sale system over HTTP: pages of messages in our words; every fault is silence, and what was said is said again (row 76)."""

from datetime import date
from decimal import Decimal

import pytest

from services.ports.answers import AnswerState
from services.ports.sale_system import SALE_NEWS, ToldOpening, ToldPermit, ToldSale
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


@pytest.mark.parametrize("fault", ["timeout", "error", "badjson", "mismatch"])
def test_a_fault_is_silence_and_the_messages_come_later(
    hasty: Systems, control: Control, sent: int, fault: str
) -> None:
    control("sale_system", "faults", fault=fault, times=1).raise_for_status()
    assert hasty.at(SALE_NEWS).news("").state is AnswerState.SILENT
    assert hasty.at(SALE_NEWS).news("").hit
