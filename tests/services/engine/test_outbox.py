"""The outbox: sent after 0, 1, 5 and 30 minutes, then dead; sent again it has no second effect (decision 27)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from models.audit import AuditEvent
from models.engine import ExchangeLog, Outgoing, OutgoingState
from services.engine.callers import SYSTEM
from services.engine.outbox import Delivery, claim, record, resend, route, send, send_waiting
from services.engine.refusals import NotAllowed
from services.engine.work import Work
from services.ports.systems import Systems
from tests.world import World, at_once

pytestmark = pytest.mark.both_engines

SYSTEM_NAME = "test_partner"


@dataclass
class Partner:
    """The other side: it takes a message unless it is away."""

    away: bool = False
    took: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)

    def deliver(self, systems: Systems, payload: dict[str, Any], request_id: str) -> str:
        if self.away:
            raise ConnectionError("13800001001 is not to be logged")
        self.took.append((request_id, payload))
        return f"R{len(self.took)}"

    def afterwards(self, work: Work, message: Outgoing) -> None:
        self.settled.append(str(message.state))


@pytest.fixture
def partner() -> Iterator[Partner]:
    made = Partner()
    route(SYSTEM_NAME, "tell", made.deliver, made.afterwards)
    yield made
    route(SYSTEM_NAME, "tell", lambda systems, payload, request_id: "R", lambda work, message: None)


def queue(world: World, key: str = "") -> Outgoing:
    def put(work: Work) -> Outgoing:
        return send(
            work,
            to=SYSTEM_NAME,
            operation="tell",
            business_key=key or uuid4().hex,
            kind="note",
            object_id=uuid4(),
            payload={"name": "张三"},
        )

    sent: Outgoing = world.act(put)
    return sent


def now(world: World, message: Outgoing) -> Outgoing:
    found: Outgoing = world.read(
        lambda work: work.session.exec(select(Outgoing).where(Outgoing.id == message.id)).one()
    )
    return found


def fail_for_good(world: World, partner: Partner) -> Outgoing:
    message = queue(world)
    partner.away = True
    for minutes in (0, 1, 5, 30):
        world.let_pass(minutes=minutes, seconds=1)
        send_waiting(world.door)
    partner.away = False
    return message


def test_a_message_is_taken_once(world: World, partner: Partner) -> None:
    message = queue(world)
    for _ in range(3):
        send_waiting(world.door)
    assert partner.took == [(message.request_id, {"name": "张三"})]
    assert (now(world, message).state, partner.settled) == (OutgoingState.SENT, ["SENT"])


def test_a_message_of_a_transaction_that_failed_is_never_sent(world: World, partner: Partner) -> None:
    def put_and_break(work: Work) -> None:
        send(work, to=SYSTEM_NAME, operation="tell", business_key="x", kind="n", object_id=uuid4(), payload={})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        world.act(put_and_break)
    send_waiting(world.door)
    assert partner.took == []


def test_a_message_is_tried_after_one_five_and_thirty_minutes_and_then_dead(world: World, partner: Partner) -> None:
    message = queue(world)
    partner.away = True
    attempts = []
    for minutes in (0, 0.9, 0.1, 4.9, 0.1, 29.9, 0.1, 600):
        world.let_pass(minutes=minutes, seconds=1)
        send_waiting(world.door)
        attempts.append(now(world, message).attempts)
    assert attempts == [1, 1, 2, 2, 3, 3, 4, 4]
    assert (now(world, message).state, partner.settled) == (OutgoingState.DEAD, ["DEAD"])


def test_a_dead_message_raises_an_alarm_and_every_try_is_logged(world: World, partner: Partner) -> None:
    message = fail_for_good(world, partner)
    alarms = select(AuditEvent.severity).where(AuditEvent.act == "dead_letter", AuditEvent.object_id == str(message.id))
    tries = select(ExchangeLog).where(ExchangeLog.request_id == message.request_id).order_by(col(ExchangeLog.attempt))
    assert world.read(lambda work: work.session.exec(alarms).all()) == [3]
    logged = world.read(lambda work: work.session.exec(tries).all())
    assert [(one.attempt, one.outcome) for one in logged] == [
        (1, "WAITING"),
        (2, "WAITING"),
        (3, "WAITING"),
        (4, "DEAD"),
    ]
    assert "13800001001" not in "".join(one.detail for one in logged) + now(world, message).last_error


def test_a_dead_message_is_sent_again_with_its_request_id(world: World, partner: Partner) -> None:
    message = fail_for_good(world, partner)
    world.door.perform(resend, world.caller("shi01"), message.id)
    send_waiting(world.door)
    assert [request_id for request_id, _ in partner.took] == [message.request_id]
    assert now(world, message).state is OutgoingState.SENT


def test_what_has_arrived_is_not_sent_again(world: World, partner: Partner) -> None:
    message = queue(world)
    send_waiting(world.door)
    world.door.perform(resend, world.caller("shi01"), message.id)
    send_waiting(world.door)
    assert len(partner.took) == 1


def test_a_late_failure_does_not_undo_what_arrived(world: World, partner: Partner) -> None:
    message = queue(world)
    send_waiting(world.door)
    assert world.door.perform(record, SYSTEM, Delivery(message.id, "", "TimeoutError", 1)) is OutgoingState.SENT


def test_only_the_city_sends_again(world: World, partner: Partner) -> None:
    message = fail_for_good(world, partner)
    with pytest.raises(NotAllowed):
        world.door.perform(resend, world.caller("huamu01"), message.id)


def test_two_workers_never_take_the_same_message(world: World, partner: Partner) -> None:
    messages = {queue(world).id for _ in range(10)}
    batches = at_once([lambda: world.door.perform(claim, SYSTEM, 5)] * 4)
    taken = [one.id for batch in batches for one in batch]
    assert len(taken) == len(set(taken))
    assert set(taken) <= messages


def test_what_a_dead_worker_had_taken_comes_back_by_itself(world: World, partner: Partner) -> None:
    message = queue(world)
    assert message.id in {one.id for one in world.door.perform(claim, SYSTEM, 200)}
    send_waiting(world.door)
    assert partner.took == []
    world.let_pass(minutes=2, seconds=1)
    send_waiting(world.door, 200)
    assert message.request_id in {request_id for request_id, _ in partner.took}


def test_the_same_business_key_is_queued_once(world: World, partner: Partner, caplog: pytest.LogCaptureFixture) -> None:
    key = uuid4().hex
    queue(world, key)
    with pytest.raises(Exception, match="同一记录正被他人办理"):
        queue(world, key)
    # Whose key it was can be found; what was to be written cannot be read.
    assert any("lost the race for" in line and "business_key" in line for line in caplog.messages), caplog.messages
    assert key not in caplog.text


def test_the_payload_lies_sealed(world: World, partner: Partner) -> None:
    message = queue(world)
    assert now(world, message).payload.token.startswith("e1:")
