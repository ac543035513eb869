"""Cryptography that may go over a network: signing, key envelopes, certificates, keys (security.md 3.1, decision 13).

Sealing, indexing and MACing run in process and are `models.sealing`. Nothing here is called inside a transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from models.sealing import KeyRing

#: What a key is for; a key used for anything else is KEY_USAGE.
KeyUse = Literal["dek", "idx", "mac", "sig", "enc", "kek", "gw"]
#: `retired` opens and verifies only; `compromised` does not even verify; `destroyed` has no secret any more.
KeyState = Literal["pre", "active", "retired", "compromised", "destroyed"]
CertState = Literal["good", "expired", "not_yet", "revoked", "untrusted", "bad_usage", "unknown"]


@dataclass(frozen=True)
class Signature:
    """A detached SM2 signature (s1) as it is stored: base64 DER, its key, the moment, the SM3 of what was signed."""

    sig_b64: str
    kid: str
    at: datetime
    sm3: str
    cert_sn: str = ""


@dataclass(frozen=True)
class KeyInfo:
    """Public data of a key; `public` is `04` and 128 hex digits, empty for a secret key."""

    kid: str
    family: str
    use: str
    state: KeyState
    created_at: datetime
    expires_at: datetime | None = None
    public: str = ""


@dataclass(frozen=True)
class CertCheck:
    """Content and validity of a certificate at a moment; `fingerprint` is the SM3 of its DER, in hex."""

    state: CertState
    issuer: str = ""
    serial: str = ""
    subject: str = ""
    fingerprint: str = ""
    public: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None


@dataclass(frozen=True)
class Health:
    """Health of the provider; `latency_ms` is of one signature, `breaker` is closed or open."""

    mode: str
    certified: bool
    latency_ms: float
    self_tested_at: datetime
    breaker: str


class Crypto(Protocol):
    """The provider of the installation: software, or the cloud's services. Every fault is a `CryptoError`."""

    def sign(self, key: str, data: bytes) -> Signature:
        """The s1 of these bytes, by a kid or by the active key of a family such as `sig.audit`."""
        ...

    def verify(self, kid: str, data: bytes, sig_b64: str) -> bool:
        """Return whether a signature is that of our key `kid`; a compromised key verifies nothing."""
        ...

    def verify_peer(self, public_key: str, data: bytes, sig_b64: str) -> bool:
        """Return whether a signature fits a partner's key, given as `04` and 128 hex digits."""
        ...

    def is_published(self, public_key: str) -> bool:
        """Return whether the private half of a key is printed in a standard, the handbook or the sandbox."""
        ...

    def public_key(self, key: str) -> str:
        """The public half of a kid, or of the active key of a family, as `04` and 128 hex digits."""
        ...

    def active_kid(self, family: str) -> str:
        """The kid of the active key of a family such as `sig.api`, where it is part of what is signed."""
        ...

    def seal_key(self, public_key: str, secret: bytes) -> bytes:
        """Encrypt a short secret to a partner's key, as DER SM2Cipher (GM/T 0009)."""
        ...

    def open_key(self, key: str, sealed: bytes) -> bytes:
        """Decrypt a secret that was encrypted to our key, or raise AUTH_FAILED."""
        ...

    def verify_cert(self, der: bytes, usage: str, at: datetime) -> CertCheck:
        """Return what a certificate is worth at a moment for `sign` (digitalSignature), `enc` or `gw`."""
        ...

    def keys(self, use: str = "") -> Sequence[KeyInfo]:
        """Return every key, or those of a use, newest last."""
        ...

    def prepare(self, family: str) -> KeyInfo:
        """The next key of a family, in state `pre`: every process can read with it before any writes with it."""
        ...

    def rotate(self, family: str) -> KeyInfo:
        """Activate a new key of a family, the prepared one if there is one.

        The old key is retired: it only decrypts and verifies. A new root key wraps every key again.
        """
        ...

    def set_state(self, kid: str, state: KeyState) -> KeyInfo:
        """Move a key on in its life; a move that does not exist is KEY_STATE."""
        ...

    def refresh(self) -> bool:
        """Look whether the keys were changed elsewhere; true when they are now others than before."""
        ...

    def key_ring(self) -> KeyRing:
        """The unwrapped data, index and MAC keys as they are now, for a `Sealer`."""
        ...

    def health(self) -> Health:
        """Proves by one signature that the provider works."""
        ...
