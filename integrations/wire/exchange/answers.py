"""Replies of the partner API: always signed with our key, sealed where the endpoint seals (security.md 4.4)."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from integrations.wire.exchange.envelopes import seal_envelope
from integrations.wire.exchange.profile import CLEAR, ENVELOPED, JSON, ProfileError, ReplyHead
from models.sealing import CryptoError, sm3_hex
from services.engine.clock import system_now
from services.engine.house import House
from services.partners.request_log import clock_ms
from services.ports.exchange import PeerKey

SIGNING_KEY = "sig.api"


@dataclass(frozen=True)
class SignedReply:
    """A reply ready to be sent; `text` is the signed text, empty when no signature was possible."""

    status: int
    headers: dict[str, str]
    body: bytes
    text: str = ""
    signature: str = ""

    def receipt(self) -> dict[str, str]:
        """Return the evidence that proves the reply later."""
        return {"canonical": self.text, "body": self.body.decode(), "signature": self.signature}


def json_bytes(value: Any) -> bytes:
    """Write JSON without blanks, with Chinese characters unescaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def success(data: dict[str, Any]) -> bytes:
    """The body of a reply that says code 0."""
    return json_bytes({"code": "0", "msg": "ok", "data": data})


def failure(problem: ProfileError, request_id: str) -> bytes:
    """The body of an error: code, sentence, request id, nothing else (4.6)."""
    return json_bytes({"code": problem.code, "msg": problem.message, "request_id": request_id})


def sealed_to(house: House, app_id: str, key: PeerKey, plain: bytes) -> bytes:
    """An envelope from us that only this partner opens."""
    made = seal_envelope(house.crypto, key.public_key, key.kid, house.environment_id, app_id, str(uuid4()), plain)
    return made.encode()


def sign_reply(
    house: House,
    status: int,
    body: bytes,
    *,
    app_id: str,
    nonce: str,
    request_id: str,
    sealed: bool = False,
    more: dict[str, str] | None = None,
) -> SignedReply:
    """Return the reply with its signature, or unsigned when the crypto service is away."""
    try:
        kid = house.crypto.active_kid(SIGNING_KEY)
        at, enc = str(clock_ms(system_now())), ENVELOPED if sealed else CLEAR
        head = ReplyHead(status, house.environment_id, app_id, kid, at, nonce, request_id, JSON, enc, sm3_hex(body))
        made = house.crypto.sign(kid, head.text())
        headers = {"Content-Type": JSON, **head.headers(made.sig_b64), **(more or {})}
        return SignedReply(status, headers, body, head.text().decode(), made.sig_b64)
    except CryptoError:
        headers = {"Content-Type": JSON, "X-Request-Nonce": nonce, "X-Request-Id": request_id, **(more or {})}
        return SignedReply(status, headers, body)
