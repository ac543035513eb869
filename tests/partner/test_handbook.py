"""The partners' handbook says what the code does: generated pages, error codes, and worked examples that work out."""

import json
import re

import pytest

from deploy.partner_tables import PAGES, pages
from integrations.wire.exchange.profile import ERRORS
from services.broker_pushes.rules import PUSH_RULES
from services.check_ins.rules import STAY_RULES
from services.engine.findings import Severity
from services.tenancy.rules.catalogue import BY_CODE
from tests.partner.independent import KeyPair, sm3, unseal, verify

SIGNING = (PAGES / "signing.md").read_text(encoding="utf-8")
ENVELOPE = (PAGES / "envelope.md").read_text(encoding="utf-8")


def _blocks(text: str) -> list[str]:
    return re.findall(r"```\n(.+?)\n```", text.partition("## 算例")[2], re.DOTALL)


@pytest.mark.parametrize("name", ["endpoints.md", "pushes.md", "reasons.md", "test-data.md"])
def test_generated_pages_are_up_to_date(name: str) -> None:
    wanted = {path.name: text for path, text in pages().items()}[name]
    assert (PAGES / name).read_text(encoding="utf-8") == wanted, "run python -m deploy.partner_tables"


def test_the_error_page_names_every_code_with_its_status() -> None:
    rows = re.findall(r"^\| ([0-9/]+) \| (E\d{4}) \|", (PAGES / "errors.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {code: int(status) for status, code in rows} == {code: status for code, (status, _) in ERRORS.items()}


def test_the_error_page_names_every_reason_of_pushes() -> None:
    named = re.findall(r"^\| (J\d{2}) \|", (PAGES / "errors.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {rule.code for rule in PUSH_RULES} | {rule.code for rule in STAY_RULES}
    # What a move-out is refused for is judged where it is taken in.
    assert named == sorted(told | {"J21", "J22", "J23", "J24"})


def test_every_reason_that_can_be_answered_is_listed_with_what_to_do() -> None:
    page = (PAGES / "reasons.md").read_text(encoding="utf-8")
    listed = {row[0]: row for row in re.findall(r"^\| (\w+) \|.+\| `(\w+)` \| (.+) \| (.+) \|$", page, re.MULTILINE)}
    assert all(all(cell.strip() for cell in row) for row in listed.values())
    assert {rule.code for rule in BY_CODE.values()} <= listed.keys()
    assert re.findall(r"^\| `([A-Z]+)` \|", page, re.MULTILINE) == [one.value for one in Severity]
    elsewhere = "".join((PAGES / name).read_text(encoding="utf-8") for name in ("errors.md", "cards.md"))
    for names in (
        "direct_pay/*.py",
        "check_ins/*.py",
        "broker_pushes/*.py",
        "practitioners/association*.py",
        "verification/partner_orders.py",
        "verification/shelf.py",
    ):
        for path in (PAGES.parents[1] / "services").glob(names):
            for code in re.findall(r'(?:Finding|Reason|_finding|_reason|rule)\("([A-Z]\w+)"', path.read_text("utf-8")):
                assert code in listed or re.search(rf"^\| `?{code}`? \|", elsewhere, re.MULTILINE), (
                    f"{path.name}: {code}"
                )


def test_the_worked_signatures_are_those_of_the_printed_keys() -> None:
    request, request_signature, response, response_signature = _blocks(SIGNING)
    partner, ours = re.findall(r"签名公钥 \| `(04[0-9a-f]{128})`", SIGNING)
    assert sm3(request.encode()).hex() in SIGNING
    assert verify(partner, request.encode(), request_signature)
    assert verify(ours, response.encode(), response_signature)


def test_the_worked_envelope_opens_with_the_printed_key() -> None:
    plain, aad, envelope = _blocks(ENVELOPE)
    private = re.search(r"私钥（测试）`([0-9a-f]{64})`", ENVELOPE)
    assert private is not None
    _, sender, receiver, *_ = aad.split("\n")
    keys = KeyPair(int(private[1], 16))
    assert unseal(keys, json.loads(envelope), sender, receiver).decode() == plain
    assert sm3(envelope.encode()).hex() in SIGNING


def test_every_link_of_the_handbook_leads_somewhere() -> None:
    for page in PAGES.glob("*.md"):
        for target in re.findall(r"\]\(([a-z-]+\.md)", page.read_text(encoding="utf-8")):
            assert (PAGES / target).exists(), f"{page.name} -> {target}"
