"""A simulated gateway: signs assertions with a given key."""

import secrets
from collections.abc import Callable
from datetime import datetime

from integrations.gateway.contract import LONGEST_SECONDS, Payload
from integrations.wire.signed_text import b64url

Sign = Callable[[bytes], bytes]


class GatewaySimulator:
    """Signs any requested assertion: `sign` makes the DER signature with the simulator's own key."""

    def __init__(self, sign: Sign, *, issuer: str, audience: str) -> None:
        self._sign, self._issuer, self._audience = sign, issuer, audience

    def assertion(
        self, fingerprint: str, address: str, now: datetime, *, seconds: int = LONGEST_SECONDS, **said: object
    ) -> str:
        """The header's value for a certificate seen from an address; `said` overwrites what the payload says."""
        stated = {
            "v": 1,
            "iss": self._issuer,
            "aud": self._audience,
            "jti": secrets.token_urlsafe(24),
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + seconds,
            "cert_issuer": "CN=模拟网关",
            "cert_sn": "01",
            "cert_fp": fingerprint,
            "ip": address,
        }
        first = written(Payload.model_validate(stated | said))
        return f"{first}.{b64url(self._sign(first.encode()))}"


def written(payload: Payload) -> str:
    """The first part of the header, which is signed."""
    return b64url(payload.model_dump_json().encode())
