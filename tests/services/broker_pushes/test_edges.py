"""What a tester tries of pushes: codes in small letters, leases not signed yet, one number twice in a batch (row 13)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.push_codes import PushState
from models.pushes import BrokerBatch
from services.broker_pushes.listings import BATCHES
from services.broker_pushes.reports import ReportFilter, push_report
from services.engine.listings import ListRows
from services.engine.paging import Paging
from tests.services.broker_pushes.association import MEMBER, Association, codes
from tests.services.broker_pushes.test_messages import lease, push
from tests.services.tenancy.counter import somebody

pytestmark = pytest.mark.row(13)
FILED, REFUSED = PushState.FILED, PushState.REFUSED


@pytest.mark.parametrize("code", [MEMBER.lower(), "".join(chr(ord(char) + 0xFEE0) for char in MEMBER)])
def test_a_credit_code_typed_in_another_hand_is_the_same_member(association: Association, code: str) -> None:
    flat = association.counter.free_flat()
    body = lease(association, flat, "码-1", member_uscc=code)
    first = push(association, f"码批-{ord(code[-1])}", {**body, "own_no": f"码-{ord(code[-1])}"})
    assert (first["filed"], first["items"][0]["member_uscc"]) == (1, MEMBER)
    again = {**body, "own_no": f"码-{ord(code[-1])}-又", "member_uscc": MEMBER}
    told = push(association, f"码批-{ord(code[-1])}-又", again)["items"][0]["reasons"]
    # The member itself sent it before, and nobody else.
    assert [one["message"] for one in told if one["code"] == "J03"] == ["同一合同已用其他自编号报送，请勿重复报送"]


def test_a_lease_that_is_signed_tomorrow_is_not_filed_today(association: Association) -> None:
    today = association.world.door.clock.today()
    tomorrow = association.answer(association.item(signed_on=(today + timedelta(days=1)).isoformat()))
    assert (tomorrow.state, codes(tomorrow)) == (REFUSED, {"T16"})
    city = association.world.caller("shi01")
    report = association.world.door.ask(push_report, city, ReportFilter("member", {"reason": "T16"}))
    assert report.total is not None
    assert [reason.label for reason in report.total.reasons] == ["签订日期晚于今天"]
    assert association.answer(association.item(signed_on=today.isoformat())).state is FILED


def test_one_number_twice_in_a_batch_is_one_lease(association: Association) -> None:
    item = association.item()
    twice = association.push(item, item)
    assert [one.state for one in twice.items] == [FILED, FILED]
    assert len({one.filing_no for one in twice.items}) == 1
    other = association.item()
    changed = replace(other, raw={**other.raw, "rent": "7000"})
    answers = association.push(other, changed).items
    assert ([one.state for one in answers], codes(answers[1])) == ([FILED, REFUSED], {"J02"})


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2027-02-29"])
def test_a_day_of_no_lease_spoils_no_other_item(association: Association, day: str) -> None:
    answer = association.push(association.item(end=day), association.item(), association.item(signed_on=day))
    assert [one.state for one in answer.items] == [REFUSED, FILED, REFUSED]
    assert codes(answer.items[0]) == codes(answer.items[2]) == {"FORM"}


def test_batches_of_one_moment_are_each_on_one_page(association: Association) -> None:
    city = association.world.caller("shi01")
    raw = association.lease(association.counter.free_flat(), somebody(), card_no="")
    for place in range(4):
        association.push(association.item(raw=raw), batch_no=f"同刻-{place}")
    moment = association.world.door.clock.now()
    association.world.rewrite(BrokerBatch, BrokerBatch.batch_no.startswith("同刻-"), received_at=moment)
    ask = association.world.door.ask
    total = ask(BATCHES.query, city, ListRows()).total
    seen = [
        line.id
        for page in range(1, total + 1)
        for line in ask(BATCHES.query, city, ListRows(paging=Paging(page, 1))).lines
    ]
    assert len(seen) == len(set(seen)) == total
