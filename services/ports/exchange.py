"""The signed exchange with a partner's system (security.md 4): what we send, what comes back, and under which name we do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.ports.port import Port


@dataclass(frozen=True)
class PeerKey:
    """A partner's public key with its own key id: `04` and 128 hex digits."""

    kid: str
    public_key: str


@dataclass(frozen=True)
class PartnerMessage:
    """A message to a partner. `body` is sent unchanged: an envelope, or JSON in clear where `encrypted` is false.

    `keys` are those that may sign the reply; `path` is below `base_url`.
    """

    app_id: str
    base_url: str
    path: str
    body: str
    idempotency_key: str
    keys: tuple[PeerKey, ...]
    encrypted: bool = True


@dataclass(frozen=True)
class PartnerAnswer:
    """Result of a message: `error` is empty when the reply was verified with code "0", else a Chinese sentence.

    `receipt` holds both canonical texts, bodies and signatures.
    """

    status: int = 0
    code: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    replayed: bool = False
    milliseconds: int = 0
    error: str = ""
    receipt: Mapping[str, Any] = field(default_factory=dict)


class Exchange(Protocol):
    """The line to all partners; one attempt a message."""

    def envelope(self, to: str, key: PeerKey, mid: str, plain: bytes) -> str:
        """The envelope of a text that only the holder of `key` opens; made once per message, a resend sends it again."""
        ...

    def send(self, message: PartnerMessage) -> PartnerAnswer:
        """Send a message and verify the reply. Never raises."""
        ...


EXCHANGE: Port[Exchange] = Port("exchange", "签名交换")
