"""Relays: an endpoint of the partner API declared in some 25 lines (architecture 3, verified exchange)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from models.partners import PartnerKind
from services.engine.callers import Caller
from services.engine.registry import Action, Query

#: Below it stand all paths of relays.
ROOT = "/api/v1"
Order = TypeVar("Order")
Result = TypeVar("Result")
_PATH = re.compile(r"(/[a-z0-9-]+)+")


class WireModel(BaseModel):
    """A message between a partner and us: declared fields of exactly their types.

    Titles and descriptions are Chinese, for the handbook's field tables. Values never appear in an error.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


Message = TypeVar("Message", bound=WireModel)


@dataclass(frozen=True)
class Relay(Generic[Message, Order, Result]):
    """An endpoint. `order` puts the message into our words, `reply` the result into the partner's.

    `business_key` is what the log shows of a message: a number, never personal data. An `encrypted` relay takes envelopes
    only and answers with one. An act that is a query changes nothing and takes no idempotency key.
    """

    path: str
    label: str
    row: int
    scope: str
    message: type[Message]
    act: Action[Order, Result] | Query[Order, Result]
    order: Callable[[Message, Caller], Order]
    reply: Callable[[Result], dict[str, Any]]
    business_key: Callable[[Message], str]
    encrypted: bool = True
    #: Whose systems may call it, whatever scope was given by mistake; all systems when none is named.
    sender: PartnerKind | None = None
    method: str = "POST"

    @property
    def changes(self) -> bool:
        """Return whether it changes anything, so that a repetition must be known as one."""
        return isinstance(self.act, Action)


_RELAYS: dict[tuple[str, str], Relay[Any, Any, Any]] = {}


def relay(*declared: Relay[Any, Any, Any]) -> None:
    """Register endpoints; a system's `endpoints.py` calls it once at import."""
    for one in declared:
        if not _PATH.fullmatch(one.path):
            raise ValueError(f"{one.path} is no path of a relay")
        key = one.method, ROOT + one.path
        if key in _RELAYS:
            raise RuntimeError(f"{key} is declared twice")
        _RELAYS[key] = one


def relays() -> tuple[Relay[Any, Any, Any], ...]:
    """Every endpoint, by path."""
    return tuple(sorted(_RELAYS.values(), key=lambda one: (one.path, one.method)))


def relay_at(method: str, path: str) -> Relay[Any, Any, Any] | None:
    """The endpoint of a whole path, such as `/api/v1/ping`."""
    return _RELAYS.get((method, path))
