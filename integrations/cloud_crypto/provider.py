"""Base of the providers: checks by public keys and key envelopes, done in process; and the provider of this process."""

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.published_keys import published_x
from integrations.cloud_crypto.selftest import self_test
from models.sealing import FAMILIES, CryptoError, KeyRing, Sealer
from services.ports.crypto import Crypto, Health, KeyInfo

Mode = Literal["demo", "test", "production"]
# Any reader can see the private halves of these in the published samples and vectors.
_PUBLISHED_X = frozenset(
    {
        "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020",
        "9502d35af82017a8a182b653e51040ca325df2c5cb242d78f6ea82c6802d4039",
        "c3d88b3f9de1a25c6573bba6bf56656fe68c04d27b6acdfb42789ce5bf01ea2f",
    }
)


@dataclass(frozen=True)
class Held:
    """A provider's copy of its keys, all of one moment, oldest first."""

    keys: Mapping[str, KeyInfo]
    ring: KeyRing

    def kid(self, key: str) -> str:
        """Return the active key of a family, or the name itself."""
        return next((one.kid for one in self.keys.values() if one.family == key and one.state == "active"), key)


class Provider(Crypto):
    """A provider as main.py holds it."""

    kind: str
    certified: bool
    #: The warning for every page, if any.
    banner: str | None = None
    #: Whether its service has been silent several times in a row.
    away: bool = False

    def __init__(self, mode: Mode, now: Callable[[], datetime]) -> None:
        self_test()
        self._mode, self._now, self._self_tested_at = mode, now, now()
        self._held: Held

    def sealer(self) -> Sealer:
        """A sealer over its keys as they are now."""
        raise NotImplementedError

    def tell_breaks_to(self, told: Callable[[str, str], object]) -> None:
        """Call `told` with the name of the crypto service when it does not answer; keys in files are never silent."""

    def key_ring(self) -> KeyRing:
        return self._held.ring

    def verify(self, kid: str, data: bytes, sig_b64: str) -> bool:
        key = self._known(kid, "sig")
        if key.state == "compromised" or not key.public:
            return False
        return sm2.verify(sm2.PublicKey.of(key.public), data, signature_bytes(sig_b64))

    def verify_peer(self, public_key: str, data: bytes, sig_b64: str) -> bool:
        return sm2.verify(peer_key(public_key, self._mode), data, signature_bytes(sig_b64))

    def is_published(self, public_key: str) -> bool:
        return is_published(sm2.PublicKey.of(public_key))

    def seal_key(self, public_key: str, secret: bytes) -> bytes:
        return sm2.encrypt(peer_key(public_key, self._mode), secret)

    def public_key(self, key: str) -> str:
        return self._known(key).public

    def active_kid(self, family: str) -> str:
        kid = self._held.kid(family)
        if kid == family:
            raise CryptoError("KEY_NOT_FOUND")
        return kid

    def health(self) -> Health:
        started = time.perf_counter()
        self.sign("sig.audit", b"health")
        latency = round((time.perf_counter() - started) * 1000, 3)
        return Health(self.kind, self.certified, latency, self._self_tested_at, "open" if self.away else "closed")

    def _known(self, key: str, use: str = "") -> KeyInfo:
        """The key pair meant; a kid another process has just made is looked up once more."""
        held = self._held
        if held.kid(key) not in held.keys and self.refresh():
            held = self._held
        found = held.keys.get(held.kid(key))
        if found is None:
            raise CryptoError("KEY_NOT_FOUND")
        if found.family in FAMILIES or found.use == "kek" or not found.kid.startswith(use):
            raise CryptoError("KEY_USAGE")
        return found


def peer_key(public_key: str, mode: Mode) -> sm2.PublicKey:
    """Return a partner's key; in production keys with a published private half are refused."""
    key = sm2.PublicKey.of(public_key)
    if mode == "production" and is_published(key):
        raise CryptoError("KEY_STATE")
    return key


def is_published(key: sm2.PublicKey) -> bool:
    """Return whether the private half is published."""
    return key.hex[2:66] in _PUBLISHED_X | published_x()


def signature_bytes(sig_b64: str) -> bytes:
    """The DER of a signature in its only spelling, or nothing."""
    try:
        signature = base64.b64decode(sig_b64)
    except (ValueError, binascii.Error):
        return b""
    # The decoder skips foreign characters and spare bits; a signature has one spelling only.
    return signature if base64.b64encode(signature).decode() == sig_b64 else b""


class Bound:
    """The provider of this process and the sealer over its keys.

    `cloud` is the simulator behind it, if there is one; `environment` leads the worker process to it.
    """

    def __init__(self, provider: Provider, cloud: Any = None, environment: Mapping[str, str] | None = None) -> None:
        self.provider, self.sealer, self.cloud = provider, provider.sealer(), cloud
        self.environment = dict(environment or {})
        self._ring: KeyRing = provider.key_ring()

    @property
    def banner(self) -> str:
        """Return the warning for every page."""
        return self.provider.banner or ""

    def follow(self) -> None:
        """Hold the newest keys: what the worker has rotated, the web process uses seconds later."""
        self.provider.refresh()
        ring = self.provider.key_ring()
        if ring is not self._ring:
            self._ring = ring
            self.sealer.hold(ring)

    def close(self) -> None:
        """Stop the simulator if there is one."""
        if self.cloud is not None:
            self.cloud.stop()
