"""Rows 13 and 14 as messages: read by their contracts, done through the door, answered in the partners' words."""

import json
from typing import Any

import pytest

from integrations import endpoints  # noqa: F401
from integrations.broker_association.contract import BrokerLease
from integrations.wire.exchange.relay import ROOT, relay_at
from services.engine.callers import Caller
from services.partners.wire_fields import personal_fields
from tests.services.broker_pushes.association import CARD, MEMBER, SIGNED_TEXT, Association
from tests.services.tenancy.counter import Flat, somebody

pytestmark = pytest.mark.row(13)


def call(association: Association, path: str, caller: Caller, body: dict[str, Any]) -> dict[str, Any]:
    relay = relay_at("POST", ROOT + path)
    assert relay is not None
    message = relay.message.model_validate_json(json.dumps(body))
    assert relay.business_key(message)
    return relay.reply(association.world.door.perform(relay.act, caller, relay.order(message)))  # type: ignore[arg-type]


def lease(association: Association, flat: Flat, number: str, **changes: Any) -> dict[str, Any]:
    """One item as the association writes it."""
    today = association.world.door.clock.today()
    tenant, owner = somebody(), flat.owners[0]
    body: dict[str, Any] = {
        "own_no": number,
        "member_uscc": MEMBER,
        "card_no": CARD,
        "signed_on": today.isoformat(),
        "signed_text_sm3": SIGNED_TEXT,
        "house": flat.form(),
        "lessors": [{"name": owner.name, "id_no": owner.id_no, "mobile": "13900001234", "address": "上海市黄浦区"}],
        "lessees": [{"name": tenant.name, "id_no": tenant.id_no, "mobile": "13900001234", "address": "上海市黄浦区"}],
        "start": today.isoformat(),
        "end": today.replace(year=today.year + 1).isoformat(),
        "rent": "6500.00",
        "deposit": "6500.00",
        "deposit_return_days": 7,
        "deposit_deduct_rule": "欠付租金、损坏设施的，据实扣减",
        "fees": [{"item": "WATER", "by": "LESSEE"}],
        "materials": ["不动产权证", "居民身份证", "租赁合同"],
    }
    return body | changes


def push(association: Association, batch_no: str, *items: Any) -> dict[str, Any]:
    return call(association, "/filings/broker", association.caller, {"batch_no": batch_no, "items": list(items)})


def test_a_batch_of_good_and_broken_items_is_answered_item_by_item(association: Association) -> None:
    flats = [association.counter.free_flat() for _ in range(2)]
    good = [lease(association, flat, f"文-{place}") for place, flat in enumerate(flats)]
    broken = good[0] | {"own_no": "文-坏", "rent": 6500, "unknown": 1}
    answer = push(association, "文批-1", good[0], broken, "不是对象", 7, good[1])
    assert [(one["position"], one["status"]) for one in answer["items"]] == [
        (1, 201),
        (2, 422),
        (3, 422),
        (4, 422),
        (5, 201),
    ]
    assert (answer["total"], answer["filed"], answer["refused"]) == (5, 2, 3)
    told = {reason["field"] for reason in answer["items"][1]["reasons"]}
    assert told == {"rent", "unknown"}
    assert answer["items"][1]["own_no"] == "文-坏"


def test_an_unreadable_item_is_known_again_by_its_place(association: Association) -> None:
    first, again = push(association, "文批-2", [1, 2]), push(association, "文批-2", [1, 2])
    assert first == again
    assert first["items"][0]["own_no"] == "文批-2#1"


def test_an_answer_names_the_filing_and_the_warnings(association: Association) -> None:
    item = lease(association, association.counter.free_flat(), "文-高", rent="99000.00", deposit="6500.00")
    answer = push(association, "文批-3", item)["items"][0]
    assert answer["filing_no"].startswith("BA")
    assert ("T06", "WARN") in {(one["code"], one["severity"]) for one in answer["reasons"]}


def test_a_member_is_the_same_in_every_hand_though_the_item_is_wrong(association: Association) -> None:
    item = lease(association, association.counter.free_flat(), "文-全")
    typed = MEMBER.lower().translate({ord(char): ord(char) + 0xFEE0 for char in MEMBER.lower()})
    wrong = push(association, "文批-全", item | {"rent": 6500, "member_uscc": typed})["items"][0]
    assert {one["code"] for one in wrong["reasons"]} == {"FORM"}
    again = push(association, "文批-半", item)["items"][0]
    assert "J02" in {one["code"] for one in again["reasons"]}


def test_no_value_of_a_wrong_item_comes_back(association: Association) -> None:
    item = lease(association, association.counter.free_flat(), "文-密", end="明年", payee="某某人的账户")
    answer = push(association, "文批-4", item)
    assert "明年" not in str(answer)
    assert "某某人" not in str(answer)


def test_the_log_masks_every_person_of_an_item() -> None:
    kinds = personal_fields(BrokerLease)
    assert {kinds[name] for name in ("name", "id_no", "mobile", "address", "payee_account")} == {
        "name",
        "id",
        "phone",
        "addr",
        "acct",
    }


def test_of_five_hundred_items_the_one_that_is_no_lease_spoils_no_other(association: Association) -> None:
    flats = [association.counter.free_flat() for _ in range(2)]
    first, last = (lease(association, flat, f"满-{place}") for place, flat in enumerate(flats))
    strangers = [first | {"own_no": f"满外-{number}", "member_uscc": "91310115MA00000000"} for number in range(497)]
    answer = push(
        association, "文批-满", first, *strangers[:250], {"own_no": "满坏", "rent": [1]}, *strangers[250:], last
    )
    states = [one["status"] for one in answer["items"]]
    assert (states[0], states[251], states[-1], set(states[1:-1])) == (201, 422, 201, {422})
    assert (answer["total"], answer["filed"], answer["refused"]) == (500, 2, 498)
    assert {one["code"] for one in answer["items"][251]["reasons"]} == {"FORM"}
    assert "FORM" not in {one["code"] for one in answer["items"][250]["reasons"]}
