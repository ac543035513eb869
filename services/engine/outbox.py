"""The outbox: a message is a row of the transaction that caused it; a job sends it later (architecture 3)."""

from typing import Any
from uuid import UUID

from models.engine import Outgoing
from models.sealed import Sealed
from services.engine.work import Work

#: Minutes after the first attempt at which a message is tried again; then it is dead (decision 27).
RETRY_MINUTES = (1, 5, 30)


def send(
    work: Work, *, to: str, operation: str, business_key: str, kind: str, object_id: UUID, payload: dict[str, Any]
) -> Outgoing:
    """Queue one message; the same business key is sent once, its resend keeps the request id."""
    message = Outgoing(
        system=to,
        operation=operation,
        business_key=business_key,
        object_kind=kind,
        object_id=object_id,
        request_id=str(object_id.hex) + "-" + operation,
        payload=Sealed.of_json(payload),
        next_at=work.at,
    )
    work.add(message)
    return message
