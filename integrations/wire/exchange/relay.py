"""Relays: an endpoint of the partner API declared in some 10 lines (architecture 3, verified exchange)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from models.partners import PartnerKind
from services.engine.registry import Action, Query
from services.partners.message_body import body_of
from services.partners.wire_fields import WireModel

#: Below it stand all paths of relays.
ROOT = "/api/v1"
Order = TypeVar("Order")
Result = TypeVar("Result")
Message = TypeVar("Message", bound=WireModel)
_PATH = re.compile(r"(/[a-z0-9-]+)+")


def _own_order(message: Any) -> Any:
    """The order a message is."""
    return message.order()


@dataclass(frozen=True, kw_only=True)
class Relay(Generic[Message, Order, Result]):
    """An endpoint. `order` puts a message into our words that is not an order itself, `reply` the result into the partner's.

    `business_key` is what the log shows of a message: a number, never personal data. An `encrypted` relay takes envelopes
    only and answers with one. An act that is a query changes nothing and takes no idempotency key.
    """

    path: str
    label: str
    row: int
    message: type[Message]
    act: Action[Order, Result] | Query[Order, Result]
    reply: Callable[[Result], dict[str, Any]] = body_of
    #: What `reply` writes, for the handbook and the OpenAPI document.
    answer: type[WireModel]
    business_key: Callable[[Message], str]
    order: Callable[[Message], Order] = _own_order
    #: The right to call it; without one the name of its path, and "" where none is needed.
    scope: str | None = None
    encrypted: bool = True
    #: Whose systems may call it, whatever scope was given by mistake; all systems when none is named.
    sender: PartnerKind | None = None
    method: str = "POST"

    @property
    def right(self) -> str:
        """Return the scope a caller needs, such as `direct-pay.results` for `/direct-pay/results`."""
        return self.path[1:].replace("/", ".") if self.scope is None else self.scope

    @property
    def changes(self) -> bool:
        """Return whether it changes anything, so that a repetition must be known as one."""
        return isinstance(self.act, Action)


_RELAYS: dict[tuple[str, str], Relay[Any, Any, Any]] = {}


def relay(*declared: Relay[Any, Any, Any], sender: PartnerKind | None = None) -> None:
    """Register endpoints of a kind of partner; a system's `endpoints.py` calls it once at import."""
    for one in declared:
        if not _PATH.fullmatch(one.path):
            raise ValueError(f"{one.path} is no path of a relay")
        key = one.method, ROOT + one.path
        if key in _RELAYS:
            raise RuntimeError(f"{key} is declared twice")
        _RELAYS[key] = replace(one, sender=sender)


def relays() -> tuple[Relay[Any, Any, Any], ...]:
    """Every endpoint, by path."""
    return tuple(sorted(_RELAYS.values(), key=lambda one: (one.path, one.method)))


def relay_at(method: str, path: str) -> Relay[Any, Any, Any] | None:
    """The endpoint of a whole path, such as `/api/v1/ping`."""
    return _RELAYS.get((method, path))
