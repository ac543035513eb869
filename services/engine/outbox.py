"""The outbox: a message is a row of the transaction that caused it; a job sends it later (architecture 3)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.codes import Code, Toned
from models.engine import OUTGOING, ExchangeLog, Outgoing, OutgoingState
from models.sealed import Sealed
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.list_declaration import Bulk, Line
from services.engine.refusals import Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.work import Work, shown_whole
from services.ports.systems import Systems

log = logging.getLogger("shenfang.outbox")

#: Minutes after the first attempt at which a message is tried again; then it is dead (decision 27).
RETRY_MINUTES = (1, 5, 30)
_CLAIM = timedelta(minutes=2)


@dataclass(frozen=True)
class Handed:
    """Result of a delivery; `extra` is for the route's own log."""

    receipt: str = ""
    error: str = ""
    extra: Any = None


@dataclass(frozen=True)
class Delivery:
    """The worker's report of a delivery attempt."""

    id: UUID
    receipt: str
    error: str
    milliseconds: int
    extra: Any = None


Deliver = Callable[[Systems, dict[str, Any], str], str | Handed]
Afterwards = Callable[[Work, Outgoing], None]
Complete = Callable[[Work, Outgoing, dict[str, Any]], dict[str, Any] | None]
Prepare = Callable[[Systems, dict[str, Any]], dict[str, Any]]
KeepLog = Callable[[Work, Outgoing, Delivery], None]


@dataclass(frozen=True)
class Route:
    """Delivery of a kind of message, and its consequences when it arrives or dies.

    `complete` adds data that was missing when the message was written, such as a paper's digest, or postpones it by
    None. `prepare` makes data that every attempt must send alike, such as an envelope; it is stored before the first
    attempt. `log` records an attempt where a line of the exchange log is not enough. `retry_minutes` are those between
    attempts where a partner may be down for longer than the usual ones last.
    """

    deliver: Deliver
    afterwards: Afterwards | None = None
    complete: Complete | None = None
    prepare: Prepare | None = None
    log: KeepLog | None = None
    retry_minutes: tuple[int, ...] = RETRY_MINUTES


#: Every kind of message there is, by system and operation; an area declares its own once at import.
ROUTES: dict[tuple[str, str], Route] = {}
_LATER = timedelta(seconds=5)


def route(
    system: str,
    operation: str,
    deliver: Deliver,
    afterwards: Afterwards | None = None,
    complete: Complete | None = None,
    *,
    prepare: Prepare | None = None,
    log: KeepLog | None = None,
    retry_minutes: tuple[int, ...] = RETRY_MINUTES,
) -> None:
    """Declare a route."""
    ROUTES[system, operation] = Route(deliver, afterwards, complete, prepare, log, retry_minutes)


shown_whole(Outgoing, roles={Role.SYSTEM, Role.CITY_CENTER, Role.CITY_BUREAU})


def send(
    work: Work,
    *,
    to: str,
    operation: str,
    business_key: str,
    kind: str,
    object_id: UUID,
    payload: dict[str, Any],
    request_id: str = "",
) -> Outgoing:
    """Queue a message; a business key is sent once, and a resend keeps its request id.

    `request_id` is given where an object causes several messages of an operation.
    """
    message = Outgoing(
        system=to,
        operation=operation,
        business_key=business_key,
        object_kind=kind,
        object_id=object_id,
        request_id=request_id or f"{object_id.hex}-{operation}",
        payload=Sealed.of_json(payload),
        next_at=work.held_until or work.now,
    )
    return work.add(message)


@dataclass(frozen=True)
class Claimed:
    id: UUID
    system: str
    operation: str
    request_id: str
    payload: dict[str, Any]
    attempt: int


def has_waiting(work: Work) -> bool:
    """Return whether a message is due to be sent."""
    return work.has(Outgoing, *_waits(work))


def _waits(work: Work) -> tuple[Any, ...]:
    return Outgoing.state == OutgoingState.WAITING, Outgoing.next_at <= work.now


@action("outbox.claim", "领取待发消息", roles={Role.SYSTEM}, event="")
def claim(work: Work, limit: int) -> list[Claimed]:
    """Take due messages for two minutes: another worker skips them, a dead worker's come back by themselves."""
    rows = work.free(
        select(Outgoing).where(*_waits(work)).order_by(col(Outgoing.next_at), col(Outgoing.created_at)).limit(limit)
    ).all()
    taken = []
    for row in rows:
        payload: dict[str, Any] | None = row.payload.json()
        if (complete := ROUTES[row.system, row.operation].complete) is not None and payload is not None:
            payload = complete(work, row, payload)
        work.add(row)
        if payload is None:
            # What completes it may know better when to look again.
            row.next_at = max(row.next_at, work.now + _LATER)
            continue
        row.attempts += 1
        row.next_at = work.now + _CLAIM
        taken.append(Claimed(row.id, row.system, row.operation, row.request_id, payload, row.attempts))
    return taken


@dataclass(frozen=True)
class Made:
    id: UUID
    parts: dict[str, Any]


@action("outbox.keep", "保存待发内容", roles={Role.SYSTEM}, event="")
def keep(work: Work, order: Made) -> None:
    """Store data made for a message outside any transaction, so that a resend sends it unchanged."""
    row = work.only(Outgoing, Outgoing.id == order.id)
    row.payload = Sealed.of_json({**row.payload.json(), **order.parts})
    work.add(row)


@action("outbox.record", "记录发送结果", roles={Role.SYSTEM}, event="API.OUT")
def record(work: Work, order: Delivery) -> OutgoingState:
    """Record the result of an attempt; after the last retry the message is dead and an alarm is raised."""
    row = work.find(Outgoing, Outgoing.id == order.id)
    if row.state is OutgoingState.SENT:
        return row.state
    if order.receipt:
        take_step(work, row, OUTGOING, "arrive", log=False)
        row.receipt, row.sent_at, row.last_error = order.receipt[:100], work.now, ""
    else:
        row.last_error = order.error[:200]
        minutes = ROUTES[row.system, row.operation].retry_minutes
        if row.attempts > len(minutes):
            take_step(work, row, OUTGOING, "give_up", log=False)
            work.trail.tell("API.OUT", "dead_letter", about=row, result="fail", severity=3)
        else:
            row.next_at = work.now + timedelta(minutes=minutes[row.attempts - 1])
    work.add(row)
    way = ROUTES[row.system, row.operation]
    (way.log or _log_line)(work, row, order)
    work.trail.tell("API.OUT", row.operation, about=row, result="ok" if order.receipt else "fail")
    if row.state is not OutgoingState.WAITING and way.afterwards is not None:
        way.afterwards(work, row)
    return row.state


def _log_line(work: Work, row: Outgoing, order: Delivery) -> None:
    work.add(
        ExchangeLog(
            at=work.at,
            system=row.system,
            direction="OUT",
            operation=row.operation,
            request_id=row.request_id,
            outcome=str(row.state),
            attempt=row.attempts,
            milliseconds=order.milliseconds,
            detail=order.error[:200],
        )
    )


@action("outbox.resend", "重新发送", roles={Role.CITY_CENTER}, step=Step(OUTGOING, "resend"), event="API.OUT")
def resend(work: Work, message_id: UUID) -> None:
    """Requeue a dead message with its request id, so that a second arrival has no second effect."""
    row = work.get(Outgoing, message_id)
    if row.state is OutgoingState.DEAD:
        take_step(work, row, OUTGOING, "resend", log=False)
        row.attempts, row.next_at = 0, work.now
        work.add(row)
        work.trail.tell("API.OUT", "outbox.resend", about=row)


def sending_of(message: Outgoing) -> Code | str:
    """The state of a message, with its attempts while it is being tried again."""
    if message.state is OutgoingState.WAITING and message.attempts:
        most = len(ROUTES[message.system, message.operation].retry_minutes) + 1
        return Toned(f"重试中（{message.attempts}/{most}）")
    return message.state


def _resend_line(line: Line, words: str) -> UUID:
    if line.state is not OutgoingState.DEAD:
        raise Rejected("该报文还在自动重试，不需要重新发送")
    row_id: UUID = line.id
    return row_id


#: For listings of `Outgoing`: send the ticked messages again.
RESEND = Bulk(
    resend,
    _resend_line,
    "重新发送",
    "send",
    key="f8",
    named="business_key",
    done="已按原请求号重新排队发送，对方已收到的不会重复生效",
)


def send_waiting(door: Door, limit: int = 50) -> int:
    """Send what is due; called by the worker, with no transaction open while a partner answers."""
    taken = door.perform(claim, SYSTEM, limit)
    for message in taken:
        started = monotonic()
        try:
            handed = _hand_over(door, message)
        except Exception as problem:
            handed = Handed(error=type(problem).__name__)
        if handed.error:
            log.warning("%s %s was not taken: %s", message.system, message.operation, handed.error)
        spent = int((monotonic() - started) * 1000)
        door.perform(record, SYSTEM, Delivery(message.id, handed.receipt, handed.error, spent, handed.extra))
    return len(taken)


def _hand_over(door: Door, message: Claimed) -> Handed:
    way, payload = ROUTES[message.system, message.operation], message.payload
    if way.prepare is not None and (made := way.prepare(door.systems, payload)):
        door.perform(keep, SYSTEM, Made(message.id, made))
        payload = {**payload, **made}
    handed = way.deliver(door.systems, payload, message.request_id)
    return handed if isinstance(handed, Handed) else Handed(receipt=handed)
