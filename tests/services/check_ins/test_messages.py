"""Row 14 as messages: check-in, move-out and occupied rooms as a district's platform writes them."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from integrations import endpoints  # noqa: F401
from integrations.wire.exchange.relay import ROOT, relay_at
from tests.services.check_ins.platform import CARD, KEY, MARKET, OPERATOR, Platform, caller_of
from tests.services.tenancy.counter import somebody

pytestmark = pytest.mark.row(14)


def call(platform: Platform, path: str, body: dict[str, Any]) -> dict[str, Any]:
    relay = relay_at("POST", ROOT + path)
    assert relay is not None
    message = relay.message.model_validate_json(json.dumps(body))
    assert relay.business_key(message)
    caller = caller_of()
    return relay.reply(platform.world.door.perform(relay.act, caller, relay.order(message)))  # type: ignore[arg-type]


def check_in(platform: Platform, number: str, room: str, **changes: Any) -> dict[str, Any]:
    tenant, today = somebody(), platform.today
    body: dict[str, Any] = {
        "checkin_no": number,
        "operator_uscc": OPERATOR,
        "key_serial": KEY,
        "operator_mobile": "13800001234",
        "card_no": CARD,
        "project_no": MARKET,
        "room_no": room,
        "checked_in_at": f"{today.isoformat()}T09:30:00+08:00",
        "start": today.isoformat(),
        "end": today.replace(year=today.year + 1).isoformat(),
        "signed_text_sm3": "5e" * 32,
        "lessees": [{"name": tenant.name, "id_no": tenant.id_no, "mobile": "13900001234", "card_read": True}],
        "rent": "3200.00",
    }
    return body | changes


def test_a_room_is_moved_into_told_of_and_left(platform: Platform) -> None:
    room = platform.free_room()
    filed = call(platform, "/checkins", check_in(platform, "文入-1", room))
    assert (filed["accepted"], filed["state"]) == (True, "FILED")
    assert filed["filing_no"].startswith("BA")
    rooms = [{"room_no": room, "checkin_no": "文入-1", "persons": 1}]
    listed = call(
        platform,
        "/rooms/occupied",
        {"project_no": MARKET, "operator_uscc": OPERATOR, "as_of": platform.today.isoformat(), "rooms": rooms},
    )
    assert (listed["occupied"], [one for one in listed["differences"] if one["room_no"] == room]) == (1, [])
    left = call(
        platform,
        "/checkouts",
        {
            "checkout_no": "文退-1",
            "checkin_no": "文入-1",
            "operator_uscc": OPERATOR,
            "project_no": MARKET,
            "room_no": room,
            "left_on": platform.today.isoformat(),
        },
    )
    assert (left["accepted"], left["state"], left["filing_no"]) == (True, "CANCELLED", filed["filing_no"])


def test_a_refused_check_in_says_so_with_its_reasons(platform: Platform) -> None:
    answer = call(platform, "/checkins", check_in(platform, "文入-2", platform.free_room(), key_serial="没有"))
    assert answer["accepted"] is False
    assert "J12" in {one["code"] for one in answer["reasons"]}


def test_a_moment_without_a_zone_and_an_unknown_field_are_no_message(platform: Platform) -> None:
    relay = relay_at("POST", f"{ROOT}/checkins")
    assert relay is not None
    for wrong in ({"checked_in_at": "2027-03-01T09:30:00"}, {"surprise": 1}, {"rent": 3200}):
        body = check_in(platform, "文入-3", "0101", **wrong)
        with pytest.raises(ValidationError):
            relay.message.model_validate_json(json.dumps(body))
