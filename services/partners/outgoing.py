"""Passing on: a message to a partner is a row of the transaction that caused it, sealed once, sent until it arrives (4.8)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from models.base import Row
from models.engine import Outgoing, OutgoingState
from models.partners import KeyUse, Partner, PartnerExchange
from models.row_mac import RowTampered
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.engine import outbox
from services.engine.alarms import raise_alarm
from services.engine.outbox import ROUTES, Delivery, Handed, Route
from services.engine.work import Work
from services.partners.message_masks import masked_body
from services.partners.partner_cache import NotBelieved, believed, tell_forged
from services.partners.wire_fields import WireModel, personal_fields
from services.ports.exchange import EXCHANGE, PartnerAnswer, PartnerMessage, PeerKey
from services.ports.systems import Systems

Answered = Callable[[Work, Outgoing, dict[str, Any]], None]


@dataclass(frozen=True, kw_only=True)
class Passage(Route):
    """A kind of message to partners: where it goes, and what follows."""

    system: str
    operation: str
    path: str
    label: str
    row: int
    message: type[WireModel]
    answered: Answered | None = None


def passing_on(
    system: str,
    operation: str,
    *,
    path: str,
    label: str,
    row: int,
    message: type[WireModel],
    afterwards: Callable[[Work, Outgoing], None] | None = None,
    answered: Answered | None = None,
) -> None:
    """Declare a kind of message, once at import. `path` is below the partner's base address, `message` the form.

    `answered` receives the data of the verified reply; `afterwards` follows when the message arrived or is dead.
    """
    ROUTES[system, operation] = Passage(
        system=system,
        operation=operation,
        path=path,
        label=label,
        row=row,
        message=message,
        answered=answered,
        deliver=_deliver,
        afterwards=afterwards,
        complete=_complete,
        prepare=_prepare,
        log=_log,
    )


def passages() -> tuple[Passage, ...]:
    """Every kind of message there is, by system and path."""
    found = (route for route in ROUTES.values() if isinstance(route, Passage))
    return tuple(sorted(found, key=lambda one: (one.system, one.path)))


def passage_of(system: str, operation: str) -> Passage | None:
    """Return how a queued message goes out, if it goes to a partner at all."""
    route = ROUTES.get((system, operation))
    return route if isinstance(route, Passage) else None


def pass_on(
    work: Work,
    to: Partner,
    system: str,
    operation: str,
    *,
    business_key: str,
    about: Row,
    body: dict[str, Any],
) -> Outgoing:
    """Queue a message to a partner. A business key of an operation goes to a partner once.

    `body` is plain JSON (days, moments and money as text); only that partner can read it.
    """
    if passage_of(system, operation) is None:
        raise RuntimeError(f"{system} {operation} is not declared")
    key = f"{operation}:{to.app_id}:{business_key}"
    if len(key) > 100:
        key = f"{operation}:{to.app_id}:{sm3_hex(business_key.encode())[:32]}"
    return outbox.send(
        work,
        to=system,
        operation=operation,
        business_key=key,
        kind=str(about.__tablename__),
        object_id=about.id,
        payload={"to": to.app_id, "mid": str(uuid4()), "key": business_key, "body": body},
        request_id=uuid4().hex,
    )


def addressee(message: Outgoing) -> str:
    """The app id of the partner a queued message goes to."""
    return str(message.payload.json()["to"])


def addressee_in(business_key: str) -> str:
    """Return the addressee from the key of its row, which is not sealed."""
    return business_key.split(":")[1]


# Sending


def _complete(work: Work, message: Outgoing, payload: dict[str, Any]) -> dict[str, Any] | None:
    """Add address and keys as the signed registry has them now; a partner that is stopped or looked after waits."""
    try:
        to = believed(work.session, payload["to"])
    except NotBelieved as forged:
        tell_forged(work, forged.partner_id)
        return None
    except RowTampered as broken:
        # One forged row must not stop the messages to other partners.
        tell_forged(work, broken.row_id, "ROW_MAC")
        return None
    if to is None or not to.active or to.row.maintenance:
        return None
    seal_to = to.newest(KeyUse.ENC, work.at)
    passage = passage_of(message.system, message.operation)
    assert passage is not None
    return {
        **payload,
        "path": passage.path,
        "url": to.row.base_url,
        "signing": [[key.kid, key.public_key] for key in to.signing_keys(work.at)],
        "sealing": [seal_to.kid, seal_to.public_key] if seal_to else [],
        "open_with": [key.kid for key in to.held(KeyUse.ENC, work.at)],
    }


def _prepare(systems: Systems, payload: dict[str, Any]) -> dict[str, Any]:
    """Make the envelope once; it is renewed under its message number only when its key has expired."""
    if payload.get("sealed_to") in payload["open_with"] or not payload["sealing"]:
        return {}
    key = PeerKey(*payload["sealing"])
    plain = json.dumps(payload["body"], ensure_ascii=False, separators=(",", ":")).encode()
    return {"sealed_to": key.kid, "envelope": systems.at(EXCHANGE).envelope(payload["to"], key, payload["mid"], plain)}


def _deliver(systems: Systems, payload: dict[str, Any], request_id: str) -> Handed:
    if not payload["url"]:
        return Handed(error="对接方没有登记接口基址")
    if not payload["sealing"]:
        return Handed(error="对接方没有有效的加密公钥")
    answer = systems.at(EXCHANGE).send(
        PartnerMessage(
            app_id=payload["to"],
            base_url=payload["url"],
            path=payload["path"],
            body=payload["envelope"],
            idempotency_key=request_id,
            keys=tuple(PeerKey(*key) for key in payload["signing"]),
        )
    )
    return Handed(receipt="" if answer.error else _receipt_no(answer), error=answer.error, extra=answer)


def _receipt_no(answer: PartnerAnswer) -> str:
    return str(answer.receipt.get("request_id", "")) or "ok"


def _log(work: Work, message: Outgoing, delivery: Delivery) -> None:
    """Log an attempt with both signatures, and hand the reply to its receiver."""
    payload = message.payload.json()
    passage = passage_of(message.system, message.operation)
    assert passage is not None
    answer = delivery.extra if isinstance(delivery.extra, PartnerAnswer) else PartnerAnswer()
    parts = (answer.receipt.get("request"), answer.receipt.get("reply"))
    digests = [sm3_hex(str(part.get("body", "")).encode()) for part in parts if part]
    work.add(
        PartnerExchange(
            at=work.at,
            direction="OUT",
            app_id=payload["to"],
            system=message.system,
            operation=message.operation,
            label=passage.label,
            row_no=passage.row,
            request_id=message.request_id,
            idempotency_key=message.request_id,
            business_key=payload["key"][:100],
            message_id=payload["mid"],
            outgoing_id=message.id,
            attempt=message.attempts,
            milliseconds=delivery.milliseconds,
            **answered(answer),
            findings=findings_of(answer.data),
            replayed=answer.replayed,
            detail=delivery.error[:200],
            body_digest=digests[0] if digests else "",
            reply_digest=digests[1] if len(digests) > 1 else "",
            payload=Sealed.of_json(masked_body(payload["body"], personal_fields(passage.message))),
        )
    )
    if message.state is OutgoingState.DEAD:
        told = f"{passage.label}多次发送未成功，已停止发送（对接方 {payload['to']}）"
        raise_alarm(work, "PARTNER.DEAD", told, kind="partner", key=payload["to"])
    if message.state is OutgoingState.SENT and passage.answered is not None:
        passage.answered(work, message, answer.data)


def answered(answer: PartnerAnswer) -> dict[str, Any]:
    """Columns of the log for the answer of a partner: its code, its masked body, and both signatures."""
    return {
        "http_status": answer.status,
        "code": answer.code[:8],
        "reply": Sealed.of_json(masked_body(answer.data)) if answer.data else None,
        "receipt": Sealed.of_json(dict(answer.receipt)) if answer.receipt else None,
    }


def findings_of(data: dict[str, Any]) -> str:
    """The codes of the reasons a business answer gives, comma-separated."""
    reasons = data.get("reasons")
    if not isinstance(reasons, list):
        return ""
    codes = [str(reason["code"]) for reason in reasons if isinstance(reason, dict) and "code" in reason]
    return ",".join(dict.fromkeys(codes))[:200]
