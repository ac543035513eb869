"""A simulated partner signs, seals, repeats and misbehaves as ordered; two of them talk to each other here."""

from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest

from integrations.cloud_crypto.partner_keys import sandbox_keys
from integrations.wire.exchange_simulator import ExchangeSimulator, Mischief, Product
from integrations.wire.loopback import Loopback


class Pair:
    """The fund sends to a firm, which stands in for the authority here."""

    def __init__(self) -> None:
        self.fund = ExchangeSimulator("provident_fund", "公积金（模拟）", sandbox_keys("gjj-center"))
        self.firm = ExchangeSimulator("rental_company", "企业（模拟）", sandbox_keys("qy-huyu"))
        self.served = Loopback([self.fund, self.firm])
        self.taken: list[dict[str, Any]] = []
        self.fund.connect(_end(self.firm, self.served.url("rental_company")))
        self.firm.connect(_end(self.fund, self.served.url("provident_fund")))
        self.firm.receives("/api/v1/bills", self._take)

    def _take(self, told: dict[str, Any]) -> dict[str, Any]:
        self.taken.append(told)
        return {"number": len(self.taken)}

    def fault(self, fault: str, **more: Any) -> None:
        httpx.post(f"{self.served.url('rental_company')}/sim/faults", json={"fault": fault, **more}).raise_for_status()


def _end(other: ExchangeSimulator, url: str) -> Product:
    keys = other.keys
    return Product(
        url,
        keys.app_id,
        lambda kid: keys.sig_public if kid == keys.sig_kid else "",
        lambda: (keys.enc_kid, keys.enc_public),
    )


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.served.stop()


def test_a_message_is_signed_sealed_taken_and_answered(pair: Pair) -> None:
    answered = pair.fund.ask("/bills", {"bill_no": "B-1"}, key="bill-B-1")
    assert (answered.code, answered.data) == ("0", {"number": 1})
    assert "B-1" not in pair.firm.exchanges[-1].body
    assert "B-1" in pair.firm.exchanges[-1].plain


def test_a_repeated_message_has_one_effect_and_one_answer(pair: Pair) -> None:
    first = pair.fund.ask("/bills", {"bill_no": "B-1"}, key="bill-B-1")
    assert pair.fund.ask("/bills", {"bill_no": "B-1"}, key="bill-B-1").data == first.data
    assert pair.fund.ask("/bills", {"bill_no": "B-2"}, key="bill-B-1").code == "E1012"
    assert (len(pair.taken), pair.firm.arrivals["bill-B-1"], pair.firm.effects["bill-B-1"]) == (1, 3, 1)


@pytest.mark.parametrize("fault", ["badsig", "badnonce", "half", "down", "html", "badjson", "error"])
def test_an_answer_that_cannot_be_believed_is_none(pair: Pair, fault: str) -> None:
    pair.fault(fault, times=1)
    assert pair.fund.ask("/bills", {"bill_no": "B-1"}, key="bill-B-1").code == ""
    assert pair.fund.ask("/bills", {"bill_no": "B-1"}, key="bill-B-1").data == {"number": 1}


def test_a_partner_that_is_down_for_a_time_comes_back(pair: Pair) -> None:
    pair.fault("down", seconds=7200)
    pair.fund.post("/bills", {"bill_no": "B-1"}, "bill-B-1")
    assert pair.fund.deliver() == 0
    httpx.delete(f"{pair.served.url('rental_company')}/sim/faults").raise_for_status()
    assert pair.fund.deliver() == 1
    assert pair.taken == [{"bill_no": "B-1"}]


def test_however_badly_a_partner_sends_each_message_arrives_once(pair: Pair) -> None:
    pair.fund.mischief = Mischief(Random(7), twice=0.5, deaf=0.3, forged=0.3, shuffled=True)
    for number in range(20):
        pair.fund.post("/bills", {"bill_no": f"B-{number}"}, f"bill-B-{number:04}")
    while pair.fund.waiting:
        pair.fund.deliver()
    assert sorted(told["bill_no"] for told in pair.taken) == sorted(f"B-{number}" for number in range(20))
    assert sum(pair.firm.arrivals.values()) > 20


def test_a_forged_message_is_refused(pair: Pair) -> None:
    pair.fund.post("/bills", {"bill_no": "B-1"}, "bill-B-1")
    assert pair.fund.send(pair.fund.waiting[0], forged=True).code == "E1006"
    assert pair.taken == []


def test_the_line_test_is_answered(pair: Pair) -> None:
    pair.fund.receives("/api/v1/ping", lambda _: {"app_id": "gjj-center"})
    assert pair.firm.ask("/ping", {}).data == {"app_id": "gjj-center"}
