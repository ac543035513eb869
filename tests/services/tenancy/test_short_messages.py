"""Short messages about a cancellation: off unless the parameter says so, one a party, naming nobody (decision 28)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, delete, select

from models.engine import Outgoing, OutgoingState, Parameter, ParameterState
from models.tenancy import ContractParty, LeaseFiling
from models.tenancy_codes import CancelMode, CancelReason
from services.engine.outbox import RETRY_MINUTES, resend, send_waiting
from services.engine.work import Work
from services.tenancy.cancellation import DecideCancelling, decide_cancelling
from tests.services.tenancy.counter import COURT_PAPER, Counter, Filed, party, somebody

LANDLORD_PHONE, TENANT_PHONE = "13900001111", "13900002222"


@pytest.fixture(autouse=True)
def nothing_waits(counter: Counter) -> Iterator[None]:
    """Each test begins without waiting messages and leaves the switch as it is by default."""
    counter.world.act(lambda work: work.session.exec(delete(Outgoing)))
    yield
    counter.world.act(lambda work: work.session.exec(delete(Parameter).where(col(Parameter.key) == "sms.on")))


def switch_on(counter: Counter) -> None:
    def put(work: Work) -> None:
        work.add(
            Parameter(
                key="sms.on",
                value="true",
                valid_from=work.today,
                source="业务约定",
                reason="开通短信通知",
                state=ParameterState.CONFIRMED,
                confirmed_at=work.now,
            )
        )

    counter.world.act(put)


def lease(counter: Counter, **changes: Any) -> Filed:
    """A filed lease whose sides have telephones of their own."""
    flat, tenant = counter.free_flat("310115"), somebody()
    raw = counter.form(flat, tenant)
    raw["lessors"] = [party(flat.owners[0], mobile=LANDLORD_PHONE)]
    raw["lessees"] = [party(tenant, mobile=TENANT_PHONE)]
    contract_id = counter.sign(raw | changes)
    return Filed(flat, flat.owners[0], tenant, contract_id, counter.submit(contract_id))


def waiting(counter: Counter) -> list[tuple[str, str]]:
    """Operation and telephone of every queued text."""
    return sorted((row.operation, row.payload.json()["phone"]) for row in rows(counter))


def rows(counter: Counter) -> list[Outgoing]:
    statement = select(Outgoing).where(Outgoing.system == "short_messages")
    return list(counter.world.read(lambda work: work.session.exec(statement).all()))


def received(counter: Counter, about: UUID) -> list[dict[str, Any]]:
    """What the platform has of the texts about one application."""
    own = {row.request_id for row in rows(counter) if row.object_id == about}
    listed = httpx.get(f"{counter.world.simulators.base_url('short_messages')}/sim/received").json()
    return [each for each in listed if each["msg_id"] in own]


def test_nothing_is_queued_while_the_parameter_is_off(counter: Counter) -> None:
    counter.cancel_alone(lease(counter))
    counter.cancel(lease(counter))
    assert waiting(counter) == []


def test_one_side_alone_has_the_other_side_told(counter: Counter) -> None:
    switch_on(counter)
    counter.cancel_alone(lease(counter))
    assert waiting(counter) == [("cancel_notice", LANDLORD_PHONE)]


def test_the_landlord_alone_has_the_tenant_told(counter: Counter) -> None:
    switch_on(counter)
    filed = lease(counter)
    counter.cancel_alone(filed, applicants=(filed.landlord.id_no,))
    assert waiting(counter) == [("cancel_notice", TENANT_PHONE)]


def test_every_tenant_of_the_other_side_is_told(counter: Counter) -> None:
    switch_on(counter)
    second = party(somebody("高近川"), mobile="13900003333")
    filed = lease(counter)
    both = [party(filed.tenant, mobile=TENANT_PHONE), second]
    filed = lease(counter, lessees=both)
    counter.cancel_alone(filed, applicants=(filed.landlord.id_no,))
    assert waiting(counter) == [("cancel_notice", TENANT_PHONE), ("cancel_notice", "13900003333")]


def test_a_cancellation_tells_both_sides(counter: Counter) -> None:
    switch_on(counter)
    counter.cancel(lease(counter))
    assert waiting(counter) == [("cancel_ending", LANDLORD_PHONE), ("cancel_ending", TENANT_PHONE)]


def test_a_court_order_tells_both_sides(counter: Counter) -> None:
    switch_on(counter)
    filed = lease(counter)
    counter.cancel(
        filed,
        mode=CancelMode.COURT,
        reason=CancelReason.COURT,
        applicants=(filed.tenant.id_no,),
        agreement_digest="",
        court_digest=COURT_PAPER,
    )
    assert waiting(counter) == [("cancel_ending", LANDLORD_PHONE), ("cancel_ending", TENANT_PHONE)]


def test_the_end_of_the_notice_tells_both_sides(counter: Counter) -> None:
    switch_on(counter)
    decision = counter.cancel_alone(lease(counter))
    counter.world.stand_at(2027, 4, 1)
    order = DecideCancelling(decision.apply_id, True, "期满无异议，同意注销")
    counter.world.door.perform(decide_cancelling, counter.clerk("pudong01"), order)
    about_it = [row for row in rows(counter) if row.object_id == decision.apply_id]
    assert sorted((row.operation, row.payload.json()["phone"]) for row in about_it) == [
        ("cancel_ending", LANDLORD_PHONE),
        ("cancel_ending", TENANT_PHONE),
        ("cancel_notice", LANDLORD_PHONE),
    ]


def test_a_refused_application_tells_nobody(counter: Counter) -> None:
    switch_on(counter)
    counter.cancel_alone(lease(counter), commitment_digest="")
    assert waiting(counter) == []


def test_who_has_no_mobile_is_not_told(counter: Counter) -> None:
    switch_on(counter)
    filed = lease(counter)

    def forget(work: Work) -> None:
        for row in work.session.exec(select(ContractParty).where(ContractParty.contract_id == filed.contract_id)).all():
            row.mobile = None
            work.add(row)

    counter.world.act(forget)
    counter.cancel(filed)
    assert waiting(counter) == []


@pytest.mark.row(24)
def test_both_sides_are_told_thirty_days_before_their_filing_ends_and_once(counter: Counter) -> None:
    switch_on(counter)
    filing = counter.filing(lease(counter).filing_id)
    counter.world.rewrite(
        LeaseFiling, LeaseFiling.id == filing.id, valid_to=counter.world.door.clock.today() + timedelta(days=30)
    )
    counter.run("tenancy.remind_expiring")
    counter.run("tenancy.remind_expiring")
    assert waiting(counter) == [("filing_expiring", LANDLORD_PHONE), ("filing_expiring", TENANT_PHONE)]
    assert all("合同尚未到期，继续租住的请办理重新备案" in row.payload.json()["text"] for row in rows(counter))


def test_texts_name_nobody(counter: Counter) -> None:
    switch_on(counter)
    filed = lease(counter)
    counter.cancel_alone(filed)
    counter.cancel(filed)
    texts = [row.payload.json()["text"] for row in rows(counter)]
    assert len(texts) == 3
    secrets = {person.name for person in (filed.landlord, filed.tenant)} | {
        filed.flat.line["address"],
        filed.flat.cert_no,
    }
    secrets |= {person.id_no[6:] for person in (filed.landlord, filed.tenant)} | {LANDLORD_PHONE, TENANT_PHONE}
    assert [secret for secret in secrets for text in texts if secret in text] == []


def test_the_platform_receives_one_text_a_party_even_when_resent(counter: Counter) -> None:
    switch_on(counter)
    decision = counter.cancel(lease(counter))
    counter.world.fault("short_messages", "half", times=1)
    send_waiting(counter.world.door)
    counter.world.let_pass(minutes=RETRY_MINUTES[0])
    send_waiting(counter.world.door)
    kept = received(counter, decision.apply_id)
    assert sorted((text["mobile"], text["times"]) for text in kept) in (
        [(LANDLORD_PHONE, 1), (TENANT_PHONE, 2)],
        [(LANDLORD_PHONE, 2), (TENANT_PHONE, 1)],
    )
    assert {row.state for row in rows(counter)} == {OutgoingState.SENT}


def test_a_text_that_never_arrives_is_a_dead_letter_the_city_may_resend(counter: Counter) -> None:
    switch_on(counter)
    decision = counter.cancel_alone(lease(counter))
    counter.world.fault("short_messages", "error")
    for minutes in (0, *RETRY_MINUTES):
        counter.world.let_pass(minutes=minutes)
        send_waiting(counter.world.door)
    (row,) = rows(counter)
    assert (row.state, row.attempts, received(counter, decision.apply_id)) == (OutgoingState.DEAD, 4, [])
    counter.world.heal()
    counter.world.door.perform(resend, counter.clerk("shi01"), row.id)
    send_waiting(counter.world.door)
    assert [text["mobile"] for text in received(counter, decision.apply_id)] == [LANDLORD_PHONE]


def test_a_notice_that_ends_with_its_lease_tells_both_sides(counter: Counter) -> None:
    switch_on(counter)
    decision = counter.cancel_alone(lease(counter, end="2027-04-10"))
    counter.world.stand_at(2027, 4, 11)
    counter.run("tenancy.expire")
    about_it = [row for row in rows(counter) if row.object_id == decision.apply_id]
    assert sorted((row.operation, row.payload.json()["phone"]) for row in about_it) == [
        ("cancel_closing", LANDLORD_PHONE),
        ("cancel_closing", TENANT_PHONE),
        ("cancel_notice", LANDLORD_PHONE),
    ]
