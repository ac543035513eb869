"""The local provider: keys from files, signatures and key envelopes in software, not certified (G10)."""

import base64
import binascii
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.keystore import PAIR_FAMILIES, StoredKey, open_store
from integrations.cloud_crypto.refusal import StartRefused
from integrations.cloud_crypto.selftest import self_test
from models.sealing import FAMILIES, CryptoError, KeyRing, family_of, sm3_hex

Mode = Literal["demo", "test", "production"]

BANNER = "本系统正在使用未经商用密码认证的软件密码模块，不得用于正式业务数据"
_CODE_TREE = Path(__file__).resolve().parents[2]
# Everybody can read the private halves of these in the published samples and vectors.
_PUBLISHED_X = frozenset(
    {
        "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020",
        "9502d35af82017a8a182b653e51040ca325df2c5cb242d78f6ea82c6802d4039",
        "c3d88b3f9de1a25c6573bba6bf56656fe68c04d27b6acdfb42789ce5bf01ea2f",
    }
)
_PUBLISHED_SECRETS = frozenset(bytes(range(start, start + 32)) for start in (0x00, 0x20, 0x40, 0x60))


@dataclass(frozen=True)
class Signature:
    """A detached SM2 signature (s1) as it is stored: base64 DER, its key, the moment, the SM3 of what was signed."""

    sig_b64: str
    kid: str
    at: datetime
    sm3: str


@dataclass(frozen=True)
class Health:
    """How the provider is."""

    mode: str
    certified: bool
    latency_ms: float
    self_tested_at: datetime
    breaker: str


class LocalProvider:
    """Keys, signatures and key envelopes of one installation."""

    def __init__(
        self,
        directory: Path,
        *,
        mode: Mode,
        root_file: Path | None = None,
        allow_local_crypto: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if mode == "production":
            _fit_for_production(root_file, allow_local_crypto)
        self_test()
        self._mode, self._now, self._self_tested_at = mode, now, now()
        stored = open_store(directory, root_file or directory / "root.key")
        self._ring = _ring_of(stored)
        self._pairs = {
            key.kid: sm2.PrivateKey.of(key.secret.hex()) for key in stored if family_of(key.kid) in PAIR_FAMILIES
        }
        self._active = {family_of(key.kid): key.kid for key in stored if key.state == "active"}
        if mode == "production" and self._holds_published_keys():
            raise StartRefused("密钥库中含有公开的测试密钥，正式环境拒绝启动")

    def __repr__(self) -> str:
        return f"LocalProvider(mode={self._mode!r})"

    @property
    def banner(self) -> str | None:
        """What every page must say where software keys are used in production."""
        return BANNER if self._mode == "production" else None

    def key_ring(self) -> KeyRing:
        """The data, index and MAC keys, for a `LocalSealer`."""
        return self._ring

    def sign(self, key: str, data: bytes) -> Signature:
        """Sign by a kid or by the active key of a family."""
        kid = self._kid(key, "sig")
        if self._active[family_of(kid)] != kid:
            raise CryptoError("KEY_STATE")
        signature = sm2.sign(self._pairs[kid], data)
        return Signature(base64.b64encode(signature).decode(), kid, self._now(), sm3_hex(data))

    def verify(self, kid: str, data: bytes, sig_b64: str) -> bool:
        """Whether a signature is that of our key `kid`."""
        return sm2.verify(self._pairs[self._kid(kid, "sig")].public, data, _signature(sig_b64))

    def verify_peer(self, public_key: str, data: bytes, sig_b64: str) -> bool:
        """Whether a signature is that of a partner's key, given as `04` and 128 hex digits."""
        return sm2.verify(self._peer(public_key), data, _signature(sig_b64))

    def public_key(self, key: str) -> str:
        """The public half of a kid or of the active key of a family, as `04` and 128 hex digits."""
        return self._pairs[self._kid(key)].public.hex

    def seal_key(self, public_key: str, secret: bytes) -> bytes:
        """A short secret encrypted to a partner's key, as DER SM2Cipher."""
        return sm2.encrypt(self._peer(public_key), secret)

    def open_key(self, key: str, sealed: bytes) -> bytes:
        """The secret a partner encrypted to our key."""
        return sm2.decrypt(self._pairs[self._kid(key, "enc")], sealed)

    def health(self) -> Health:
        """Proves by one signature that the provider works, and how fast."""
        started = time.perf_counter()
        self.sign("sig.audit", b"health")
        latency = round((time.perf_counter() - started) * 1000, 3)
        return Health("local", False, latency, self._self_tested_at, "closed")

    def _kid(self, key: str, use: str = "") -> str:
        kid = self._active.get(key, key)
        if kid in self._ring.keys or (kid in self._pairs and not kid.startswith(use)):
            raise CryptoError("KEY_USAGE")
        if kid not in self._pairs:
            raise CryptoError("KEY_NOT_FOUND")
        return kid

    def _peer(self, public_key: str) -> sm2.PublicKey:
        key = sm2.PublicKey.of(public_key)
        if self._mode == "production" and key.hex[2:66] in _PUBLISHED_X:
            raise CryptoError("KEY_STATE")
        return key

    def _holds_published_keys(self) -> bool:
        pairs = {pair.public.hex[2:66] for pair in self._pairs.values()}
        return not _PUBLISHED_X.isdisjoint(pairs) or not _PUBLISHED_SECRETS.isdisjoint(self._ring.keys.values())


def _fit_for_production(root_file: Path | None, allow_local_crypto: bool) -> None:
    if not allow_local_crypto:
        raise StartRefused("正式环境须使用经认证的密码服务；确需使用软件密码模块时，请显式设置 allow_local_crypto=true")
    if root_file is None or root_file.resolve().is_relative_to(_CODE_TREE):
        raise StartRefused("正式环境的根密钥文件须单独指定，且不得放在程序目录内")


def _ring_of(stored: list[StoredKey]) -> KeyRing:
    data = [key for key in stored if family_of(key.kid) in FAMILIES]
    active = {family_of(key.kid): key.kid for key in data if key.state == "active"}
    return KeyRing({key.kid: key.secret for key in data}, active)


def _signature(sig_b64: str) -> bytes:
    try:
        signature = base64.b64decode(sig_b64)
    except (ValueError, binascii.Error):
        return b""
    # The decoder skips foreign characters and spare bits; a signature has one spelling only.
    return signature if base64.b64encode(signature).decode() == sig_b64 else b""
