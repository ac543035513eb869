"""The partners' sample messages, a file a situation: each has the form the handbook says, and the API answers it so."""

import json
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

import integrations.endpoints  # noqa: F401  (declares every endpoint)
from deploy.demo.firms import load_firms
from deploy.demo.partners import load_partners
from deploy.partner_tables import SENDERS, Sample, samples
from deploy.partners import introduced, product_end
from deploy.sandbox.test_data import stand_on_its_day
from integrations.wire.exchange.relay import ROOT, relay_at, relays
from integrations.wire.exchange_simulator import ExchangeSimulator
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM
from services.partners.outgoing import passages
from tests.partner.rig import serve
from tests.world import running_world

PASSED = {(one.system, one.path): one.message for one in passages() if one.system in SENDERS}
SENT = [one for one in samples() if one.system in SENDERS]
PUSHED = [one for one in samples() if one.system not in SENDERS]


def _named(sample: Sample) -> str:
    return f"{sample.system}/{sample.situation}"


@pytest.mark.parametrize("sample", SENT, ids=_named)
def test_a_sample_has_the_form_of_its_contract_or_says_that_it_has_not(sample: Sample) -> None:
    declared = relay_at("POST", ROOT + sample.path)
    assert declared is not None
    text = json.dumps(sample.message)
    if sample.code == "E1017":
        with pytest.raises(ValidationError):
            declared.message.model_validate_json(text)
    else:
        declared.message.model_validate_json(text)


@pytest.mark.parametrize("sample", PUSHED, ids=_named)
def test_a_pushed_sample_has_the_form_partners_are_promised(sample: Sample) -> None:
    PASSED[sample.system.removesuffix("_pushed"), sample.path].model_validate_json(json.dumps(sample.message))


@pytest.mark.parametrize("sample", [one for one in SENT if one.answer is not None], ids=_named)
def test_a_documented_answer_has_the_form_of_its_field_table(sample: Sample) -> None:
    declared = relay_at("POST", ROOT + sample.path)
    assert declared is not None
    declared.answer.model_validate_json(json.dumps(sample.answer))


def test_every_endpoint_and_every_push_has_a_sample() -> None:
    assert {one.path for one in relays()} - {sample.path for sample in SENT} == {"/ping"}
    assert PASSED.keys() == {(sample.system.removesuffix("_pushed"), sample.path) for sample in PUSHED}


@pytest.fixture(scope="module")
def partners(database_url: str) -> Iterator[dict[str, ExchangeSimulator]]:
    """The simulated partners before an API that knows no lease."""
    with running_world(database_url, houses=False) as world:
        stand_on_its_day(world.door)
        world.door.perform(load_firms, SYSTEM, None)
        world.door.perform(load_partners, SYSTEM, introduced(world.simulators))
        sign_pending(world.door)
        node, _ = serve(world.door)
        world.simulators.connect(product_end(world.door.house, node.url))
        yield world.simulators.partners
        node.stop()


def test_a_question_that_asks_in_two_ways_or_none_has_not_the_form(partners: dict[str, ExchangeSimulator]) -> None:
    for app_id, path, message in (
        ("gjj-center", "/filings/query", {"purpose": "公积金直付核验"}),
        ("gjj-center", "/filings/endings", {"cursor": "x"}),
        ("broker-assoc", "/practitioners/cards/query", {"purpose": "会员资格复核"}),
    ):
        assert partners[app_id].ask(path, message, key="").code == "E1017"


@pytest.mark.parametrize("sample", SENT, ids=_named)
def test_a_sample_is_answered_by_the_api(partners: dict[str, ExchangeSimulator], sample: Sample) -> None:
    declared = relay_at("POST", ROOT + sample.path)
    assert declared is not None
    key = f"sample-{sample.situation}".replace("_", "-") if declared.changes else ""
    answered = partners[SENDERS[sample.system]].ask(sample.path, sample.message, key=key)
    # Nothing it speaks of is in this library: that may be told as a reason, or by "not found". Its verification code may
    # have been given to another here.
    allowed = {"0", "E1018", "E1019"} if "code_no" in sample.message else {"0", "E1018"}
    assert answered.code in ({sample.code} if sample.code != "0" else allowed), answered
    if answered.code == "0":
        declared.answer.model_validate_json(json.dumps(answered.data))
