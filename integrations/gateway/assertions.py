"""Believing the gateway: signature, issuer, audience and time of an assertion (H07, H08); single use is the database's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.gateway.contract import LONGEST_SECONDS, payload_of
from integrations.wire.signed_text import signed_text
from models.sealing import CryptoError
from services.ports.crypto import Crypto
from services.ports.gateway import Assertion, AssertionRefused

#: How far the gateway's clock may be ahead of ours.
_AHEAD = timedelta(seconds=5)


@dataclass(frozen=True)
class TrustedGateway:
    """A gateway by its public keys, two while they change, its name and ours."""

    keys: tuple[str, ...]
    issuer: str
    audience: str
    crypto: Crypto

    def read(self, header: str, now: datetime) -> Assertion:
        """Return the content of an assertion, or raise `AssertionRefused` with its first fault."""
        try:
            text, signature = signed_text(header)
        except ValueError:
            raise AssertionRefused("GW_FORM") from None
        if not any(self._signed(key, text, signature) for key in self.keys):
            raise AssertionRefused("GW_SIGNATURE")
        try:
            said = payload_of(header)
        except (ValueError, RecursionError):
            raise AssertionRefused("GW_FORM") from None
        if said.iss != self.issuer or said.aud != self.audience:
            raise AssertionRefused("GW_AUDIENCE")
        issued, expires = datetime.fromtimestamp(said.iat, UTC), datetime.fromtimestamp(said.exp, UTC)
        if not 0 < said.exp - said.iat <= LONGEST_SECONDS or issued > now + _AHEAD or expires <= now:
            raise AssertionRefused("GW_EXPIRED")
        return Assertion(said.jti, said.cert_fp, said.cert_issuer, said.cert_sn, said.ip, expires)

    def _signed(self, key: str, text: bytes, signature: str) -> bool:
        try:
            return self.crypto.verify_peer(key, text, signature)
        except CryptoError as problem:
            if problem.code in ("UNAVAILABLE", "TIMEOUT"):
                raise
            return False


def gateway_of(settings: Any, crypto: Crypto) -> TrustedGateway | None:
    """The gateway the settings name, if they name its keys."""
    keys = tuple(part.strip().lower() for part in settings.gateway_keys.split(",") if part.strip())
    if not keys:
        return None
    audience = settings.environment_id or f"shfg-rental-{settings.mode}"
    return TrustedGateway(keys, settings.gateway_issuer, audience, crypto)
