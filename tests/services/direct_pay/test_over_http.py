"""Rows 15-22 over the real line: signed and sealed by a client written from the specification alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from models.direct_pay_codes import BillState, EntrustState, TermState
from models.partners import KeyUse
from services.partners.registry import EnrolKey
from tests.partner.independent import IndependentClient, Replied, Server
from tests.partner.rig import serve
from tests.services.direct_pay.rent_month import FUND, DirectPay, Firm, number
from tests.services.tenancy.counter import Counter
from tests.world import provider, running_world


@dataclass
class Lines:
    """The partner API on an address, and each partner with keys of his own."""

    pay: DirectPay
    url: str = ""
    clients: dict[str, IndependentClient] = field(default_factory=dict)

    def keys_of(self, app_id: str) -> tuple[EnrolKey, ...]:
        """Fresh keys of a partner, kept by his client."""
        signing = {info.kid: info.public for info in provider().keys("sig") if info.family == "sig.api"}
        server = Server("shfg-rental-test", signing, provider().active_kid("enc.api"), provider().public_key("enc.api"))
        client = self.clients[app_id] = IndependentClient(app_id, server)
        return (
            EnrolKey(client.sign_kid, KeyUse.SIGN, client.sign_keys.public),
            EnrolKey(client.enc_kid, KeyUse.ENC, client.enc_keys.public),
        )

    def ask(self, app_id: str, path: str, body: dict[str, Any], *, key: str | None = "") -> Replied:
        """One message by one partner, its reply verified and opened; a question has no key."""
        client = self.clients[app_id]
        key = key if key != "" else number("key-") + "-0001"
        with httpx.Client(trust_env=False, timeout=30) as line:
            return client.send(self.url, client.request(f"/api/v1{path}", body, key=key), client=line)

    def told(self, app_id: str, path: str, body: dict[str, Any], *, key: str | None = "") -> dict[str, Any]:
        """The data of an answer that says code 0."""
        reply = self.ask(app_id, path, body, key=key)
        assert (reply.status, reply.code) == (200, "0"), reply.body
        return reply.data

    def mandate(self, **changes: Any) -> str:
        body = self.pay.mandate(self.pay.lease(), **changes)
        assert self.told(FUND, "/direct-pay/entrustments", body)["accepted"] is True
        return str(body["entrust_no"])

    @property
    def firm(self) -> Firm:
        return self.pay.firm


@pytest.fixture(scope="module")
def open_lines(database_url: str) -> Iterator[Lines]:
    with running_world(database_url, few=True) as world:
        world.stand_at(2027, 3, 1)
        pay = DirectPay(Counter(world))
        lines = Lines(pay)
        pay.keys_of = lines.keys_of
        pay.found()
        node, _ = serve(world.door)
        lines.url = node.url
        yield lines
        node.stop()


@pytest.fixture
def lines(open_lines: Lines) -> Lines:
    open_lines.pay.world.stand_at(2027, 3, 1)
    return open_lines


@pytest.mark.row(15)
def test_the_fund_reads_a_filing_and_a_person(lines: Lines) -> None:
    filed = lines.pay.lease()
    asked = {"filing_no": filed.decision.filing_no, "purpose": "提取审核"}
    (found,) = lines.told(FUND, "/filings/query", asked, key=None)["filings"]
    assert (found["state"], found["tenants"][0]["id_no"]) == ("ACTIVE", filed.tenant.id_no)
    asked = {"name": filed.tenant.name, "id_no": filed.tenant.id_no, "purpose": "提取审核"}
    assert len(lines.told(FUND, "/filings/query", asked, key=None)["summaries"]) == 1
    unknown = lines.ask(FUND, "/filings/query", {"filing_no": "BA000", "purpose": "提取审核"}, key=None)
    assert unknown.code == "E1018"


@pytest.mark.row(15)
def test_a_question_asked_again_word_for_word_is_a_replay(lines: Lines) -> None:
    client = lines.clients[FUND]
    signed = client.request(
        "/api/v1/filings/query", {"name": "丁一", "id_no": "310101199001010012", "purpose": "提取审核"}
    )
    with httpx.Client(trust_env=False, timeout=30) as line:
        first, second = (client.send(lines.url, signed, client=line) for _ in range(2))
    assert (first.code, second.code) == ("0", "E1008")


@pytest.mark.row(16)
def test_the_fund_follows_the_ends(lines: Lines) -> None:
    filed = lines.pay.lease()
    lines.pay.counter.cancel(filed)
    told = lines.told(FUND, "/filings/endings", {"filing_no": filed.decision.filing_no}, key=None)
    assert [one["kind"] for one in told["lines"]] == ["EARLY_BOTH"]
    assert told["numbers"][0]["state"] == "CANCELLED"


@pytest.mark.row(17)
def test_a_mandate_is_taken_or_refused_with_every_reason(lines: Lines) -> None:
    entrust_no = lines.mandate()
    assert lines.pay.addressees("entrustment", entrust_no) == {lines.firm.app_id}
    refused = lines.pay.mandate(lines.pay.lease(), payee_account="310000000009", tenant="另一人")
    told = lines.told(FUND, "/direct-pay/entrustments", refused)
    assert (told["accepted"], [one["code"] for one in told["reasons"]]) == (False, ["G02", "G06"])
    lines.told(lines.firm.app_id, "/direct-pay/acks", {"kind": "ENTRUSTMENT", "number": entrust_no})
    assert lines.pay.kept_mandate(entrust_no).state is EntrustState.ACKED


@pytest.mark.row(17)
def test_a_mandate_with_its_old_key_is_answered_again_without_an_effect(lines: Lines) -> None:
    body = lines.pay.mandate(lines.pay.lease())
    first, second = (lines.ask(FUND, "/direct-pay/entrustments", body, key="mandate-key-0001") for _ in range(2))
    assert (first.data, second.data) == (first.data, first.data)
    assert second.headers.get("X-Idempotent-Replay") == "true"
    assert len(lines.pay.messages("entrustment", body["entrust_no"])) == 1


@pytest.mark.row(18)
def test_bills_are_answered_each_by_itself(lines: Lines) -> None:
    entrust_no = lines.mandate()
    good, high = lines.pay.bill(entrust_no), lines.pay.bill(entrust_no, rent="7000.00")
    told = lines.told(lines.firm.app_id, "/direct-pay/bills", {"bills": [good, high]})
    assert [one["accepted"] for one in told["items"]] == [True, False]
    cancelled = lines.told(lines.firm.app_id, "/direct-pay/bills/cancel", {"bill_no": good["bill_no"]})
    assert (cancelled["accepted"], lines.pay.kept_bill(good["bill_no"]).state) == (True, BillState.CANCELLED)
    again = lines.ask(lines.firm.app_id, "/direct-pay/bills/cancel", {"bill_no": "ZD-nobody"})
    assert again.code == "E1018"


@pytest.mark.row(18)
@pytest.mark.parametrize(
    ("field", "value"),
    [("rent_fee", 6500.0), ("rent_fee", "6500.001"), ("period_start", "2027-3-1"), ("unknown", "x"), ("bill_no", "")],
)
def test_a_bill_of_another_form_is_refused_as_form(lines: Lines, field: str, value: object) -> None:
    bill = {**lines.pay.bill("WT1"), field: value}
    reply = lines.ask(lines.firm.app_id, "/direct-pay/bills", {"bills": [bill]})
    assert (reply.status, reply.code) == (422, "E1017")


@pytest.mark.row(19)
def test_results_reach_the_bill_and_wait_for_the_firm(lines: Lines) -> None:
    entrust_no = lines.mandate()
    bill = lines.pay.bill(entrust_no)
    lines.told(lines.firm.app_id, "/direct-pay/bills", {"bills": [bill]})
    result = lines.pay.result(entrust_no, bill["bill_no"])
    told = lines.told(FUND, "/direct-pay/results", {"results": [result, lines.pay.result(entrust_no, "ZD-nobody")]})
    assert [[one["code"] for one in item["reasons"]] for item in told["items"]] == [[], ["G11"]]
    assert lines.pay.kept_bill(bill["bill_no"]).state is BillState.PAID
    assert lines.pay.addressees("payment_result", result["result_no"]) == {lines.firm.app_id}


@pytest.mark.row(20)
def test_a_tenants_end_stops_the_mandate(lines: Lines) -> None:
    entrust_no = lines.mandate()
    body = {
        "term_no": number("GZ"),
        "entrust_no": entrust_no,
        "enterprise_uscc": lines.firm.uscc,
        "reason": "TENANT_WISH",
        "requested_at": "2027-03-02T09:00:00+08:00",
        "effective_month": "2027-04",
    }
    assert lines.told(FUND, "/direct-pay/terminations/tenant", body)["accepted"] is True
    assert lines.pay.kept_mandate(entrust_no).state is EntrustState.ENDED


@pytest.mark.row(21, 22)
def test_a_firm_asks_and_the_fund_decides(lines: Lines) -> None:
    entrust_no, term_no = lines.mandate(), number("QZ")
    body = {
        "term_no": term_no,
        "entrust_no": entrust_no,
        "reason": "ROOM_OUT",
        "reason_on": "2027-03-01",
        "effective_month": "2027-04",
    }
    foreign = lines.ask(lines.pay.firms[1].app_id, "/direct-pay/terminations/enterprise", body)
    assert foreign.code == "E1018"
    assert lines.told(lines.firm.app_id, "/direct-pay/terminations/enterprise", body)["accepted"] is True
    decision = {
        "decision_no": number("SH"),
        "term_no": term_no,
        "entrust_no": entrust_no,
        "decision": "APPROVED",
        "decided_at": "2027-02-13T09:00:00+08:00",
    }
    assert lines.told(FUND, "/direct-pay/terminations/decisions", decision)["accepted"] is True
    assert lines.pay.kept_end(term_no).state is TermState.APPROVED
    assert lines.pay.kept_mandate(entrust_no).state is EntrustState.ENDED


@pytest.mark.row(17, 19, 20, 22)
@pytest.mark.parametrize(
    "path",
    [
        "/direct-pay/entrustments",
        "/direct-pay/results",
        "/direct-pay/terminations/tenant",
        "/direct-pay/terminations/decisions",
        "/filings/query",
        "/filings/endings",
    ],
)
def test_a_firm_has_no_right_to_what_is_the_funds(lines: Lines, path: str) -> None:
    reply = lines.ask(lines.firm.app_id, path, {}, key=None if path.startswith("/filings") else "")
    assert (reply.status, reply.code) == (403, "E1009")
