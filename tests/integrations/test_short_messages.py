"""The short message platform over HTTP: texts that are taken once."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from integrations.simulators import Simulators
from integrations.systems import systems_at
from services.engine.refusals import Unavailable
from services.ports.systems import SHORT_MESSAGES, ShortMessages, Systems
from tests.integrations.conftest import Control
from tests.world import outside

PHONE, TEXT = "13900001234", "【申房】合同编号HT2027的备案已注销。"


def platform(systems: Systems) -> ShortMessages:
    return systems.at(SHORT_MESSAGES)


def received(simulators: Simulators, request_id: str) -> list[dict[str, Any]]:
    listed = httpx.get(f"{simulators.base_url('short_messages')}/sim/received").json()
    return [each for each in listed if each["msg_id"] == request_id]


def test_text_is_received_as_sent(systems: Systems, simulators: Simulators) -> None:
    request_id = uuid4().hex
    receipt = platform(systems).send(PHONE, TEXT, request_id)
    (kept,) = received(simulators, request_id)
    assert (kept["mobile"], kept["content"], kept["serial_no"]) == (PHONE, TEXT, receipt.receipt_no)


def test_repeated_text_is_one_text_with_one_receipt(systems: Systems, simulators: Simulators) -> None:
    request_id = uuid4().hex
    receipts = {platform(systems).send(PHONE, TEXT, request_id).receipt_no for _ in range(3)}
    assert len(receipts) == 1
    assert [kept["times"] for kept in received(simulators, request_id)] == [3]


def test_answer_lost_on_the_way_does_not_make_a_second_text(
    systems: Systems, simulators: Simulators, control: Control
) -> None:
    request_id = uuid4().hex
    control("short_messages", "faults", fault="half", match=request_id, times=1)
    with pytest.raises(Unavailable):
        platform(systems).send(PHONE, TEXT, request_id)
    platform(systems).send(PHONE, TEXT, request_id)
    assert [kept["times"] for kept in received(simulators, request_id)] == [2]


def test_request_id_serves_one_text_only(systems: Systems) -> None:
    request_id = uuid4().hex
    platform(systems).send(PHONE, TEXT, request_id)
    with pytest.raises(Unavailable, match="内容不同"):
        platform(systems).send(PHONE, TEXT + "补", request_id)


@pytest.mark.parametrize("fault", ["error", "badjson", "html", "huge", "half", "timeout", "mismatch", "miss"])
def test_text_that_is_not_taken_says_so_without_the_number(hasty: Systems, control: Control, fault: str) -> None:
    request_id = uuid4().hex
    control("short_messages", "faults", fault=fault, match=request_id)
    with pytest.raises(Unavailable) as refusal:
        platform(hasty).send(PHONE, TEXT, request_id)
    assert "短信平台" in refusal.value.message
    assert PHONE not in refusal.value.message


@pytest.mark.parametrize(("phone", "text"), [("02112345678", TEXT), ("+14155550100", TEXT), (PHONE, "")])
def test_text_that_fits_no_message_is_refused_unsent(
    systems: Systems, simulators: Simulators, phone: str, text: str
) -> None:
    request_id = uuid4().hex
    with pytest.raises(Unavailable, match="请求内容不合约定"):
        platform(systems).send(phone, text, request_id)
    assert received(simulators, request_id) == []


def test_an_installation_without_an_address_has_no_platform(simulators: Simulators) -> None:
    urls = simulators.urls()
    del urls["short_messages"]
    assert systems_at(urls, outside()).find(SHORT_MESSAGES) is None
