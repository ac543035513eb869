"""The local provider: keys from files, signatures and key envelopes in software, not certified (G10)."""

import base64
import binascii
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Literal

from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.certificates import TrustStore
from integrations.cloud_crypto.keystore import (
    PAIR_FAMILIES,
    PERIODS,
    ROOT_FAMILY,
    KeyStore,
    StoredKey,
    read_moment,
)
from integrations.cloud_crypto.local_authority import FOLDER
from integrations.cloud_crypto.published_keys import published_x
from integrations.cloud_crypto.refusal import StartRefused
from integrations.cloud_crypto.selftest import self_test
from models.sealing import FAMILIES, CryptoError, KeyRing, LocalSealer, family_of, sm3_hex
from services.ports.crypto import CertCheck, Health, KeyInfo, KeyState, KeyUse, Signature

Mode = Literal["demo", "test", "production"]

BANNER = "本系统正在使用未经商用密码认证的软件密码模块，不得用于正式业务数据"
_CODE_TREE = Path(__file__).resolve().parents[2]
# Any reader can see the private halves of these in the published samples and vectors.
_PUBLISHED_X = frozenset(
    {
        "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020",
        "9502d35af82017a8a182b653e51040ca325df2c5cb242d78f6ea82c6802d4039",
        "c3d88b3f9de1a25c6573bba6bf56656fe68c04d27b6acdfb42789ce5bf01ea2f",
    }
)
_MOVES = frozenset(
    {
        ("pre", "active"),
        ("pre", "destroyed"),
        ("retired", "compromised"),
        ("retired", "destroyed"),
        ("compromised", "destroyed"),
    }
)
_PUBLISHED_SECRETS = frozenset(bytes(range(start, start + 32)) for start in (0x00, 0x20, 0x40, 0x60))


@dataclass(frozen=True)
class _Held:
    """The provider's copy of its store, all of one moment."""

    stamp: tuple[int, int, int]
    ring: KeyRing
    pairs: Mapping[str, sm2.PrivateKey]
    keys: Mapping[str, StoredKey]
    active: Mapping[str, str]


class LocalProvider:
    """Keys, signatures and key envelopes of an installation."""

    def __init__(
        self,
        directory: Path,
        *,
        mode: Mode,
        root_file: Path | None = None,
        allow_local_crypto: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        periods: Mapping[str, int] = PERIODS,
    ) -> None:
        if mode == "production":
            _fit_for_production(root_file, allow_local_crypto)
        self_test()
        self._mode, self._now, self._self_tested_at = mode, now, now()
        self._store = KeyStore(directory, root_file or directory / "root.key", now=now, periods=periods)
        # The authority of the embedded mode is believed outside production only.
        folders = [directory / "trust", *([] if mode == "production" else [directory / FOLDER])]
        self._trust = TrustStore(*folders)
        self._changing = Lock()
        self._held = self._hold(self._store.read)

    def __repr__(self) -> str:
        return f"LocalProvider(mode={self._mode!r})"

    @property
    def banner(self) -> str | None:
        """Return the warning for every page where software keys are used in production."""
        return BANNER if self._mode == "production" else None

    def tell_breaks_to(self, told: Callable[[str], object]) -> None:
        """Do nothing: software keys in files cannot be silent."""

    def key_ring(self) -> KeyRing:
        """The data, index and MAC keys, for a `LocalSealer`."""
        return self._held.ring

    def sealer(self) -> LocalSealer:
        """A sealer that looks into the store when a value names a key it does not know."""

        def newest() -> KeyRing:
            self.refresh()
            return self._held.ring

        return LocalSealer(self._held.ring, newest=newest)

    def refresh(self) -> bool:
        """Read the store again if another process has changed it; true when it did."""
        if self._store.stamp() == self._held.stamp:
            return False
        with self._changing:
            self._held = self._hold(self._store.read)
        return True

    def sign(self, key: str, data: bytes) -> Signature:
        """Sign by a kid or by the active key of a family."""
        held, kid = self._find(key, "sig")
        if held.keys[kid].state != "active":
            raise CryptoError("KEY_STATE")
        signature = sm2.sign(held.pairs[kid], data)
        return Signature(base64.b64encode(signature).decode(), kid, self._now(), sm3_hex(data))

    def verify(self, kid: str, data: bytes, sig_b64: str) -> bool:
        """Return whether our key `kid` made a signature; never for a compromised key."""
        held, kid = self._find(kid, "sig")
        key = held.keys[kid]
        if key.state == "compromised" or not key.public:
            return False
        return sm2.verify(sm2.PublicKey.of(key.public), data, signature_bytes(sig_b64))

    def verify_peer(self, public_key: str, data: bytes, sig_b64: str) -> bool:
        """Return whether a partner's key, given as `04` and 128 hex digits, made a signature."""
        return sm2.verify(peer_key(public_key, self._mode), data, signature_bytes(sig_b64))

    def public_key(self, key: str) -> str:
        """The public half of a kid or of the active key of a family, as `04` and 128 hex digits."""
        held, kid = self._find(key)
        return held.keys[kid].public

    def active_kid(self, family: str) -> str:
        """The kid of the active key of a family."""
        kid = self._held.active.get(family)
        if kid is None:
            raise CryptoError("KEY_NOT_FOUND")
        return kid

    def seal_key(self, public_key: str, secret: bytes) -> bytes:
        """A short secret encrypted to a partner's key, as DER SM2Cipher."""
        return sm2.encrypt(peer_key(public_key, self._mode), secret)

    def open_key(self, key: str, sealed: bytes) -> bytes:
        """The secret a partner encrypted to our key."""
        held, kid = self._find(key, "enc")
        if kid not in held.pairs:
            raise CryptoError("KEY_STATE")
        return sm2.decrypt(held.pairs[kid], sealed)

    def verify_cert(self, der: bytes, usage: str, at: datetime) -> CertCheck:
        """Validate a certificate at a moment."""
        return self._trust.check(der, usage, at)

    def keys(self, use: str = "") -> list[KeyInfo]:
        """Return every key, or those of a use, newest last."""
        self.refresh()
        keys = sorted(self._held.keys.values(), key=lambda key: (key.created_at, key.family, key.number))
        return [_info(key) for key in keys if key.kid.startswith(use)]

    def prepare(self, family: str) -> KeyInfo:
        """Prepare the next key of a family: all processes can read with it before any writes with it."""
        if family not in (*FAMILIES, *PAIR_FAMILIES):
            raise CryptoError("BAD_INPUT")

        def add(keys: list[StoredKey]) -> None:
            if not any(key.family == family and key.state == "pre" for key in keys):
                keys.append(self._store.fresh(family, keys, "pre"))

        self._change(add)
        return self._newest(family)

    def rotate(self, family: str) -> KeyInfo:
        """Activate a new key of a family, the prepared one if there is one; the old key is retired."""
        if family == ROOT_FAMILY:
            with self._changing:
                self._held = self._hold(self._store.rewrap)
            return self._newest(family)
        return self.set_state(self.prepare(family).kid, "active")

    def set_state(self, kid: str, state: KeyState) -> KeyInfo:
        """Move a key to its next state; an active key ends only when another replaces it."""

        def move(keys: list[StoredKey]) -> None:
            at = next((place for place, key in enumerate(keys) if key.kid == kid), None)
            if at is None:
                raise CryptoError("KEY_NOT_FOUND")
            if keys[at].state == state:
                return
            if (keys[at].state, state) not in _MOVES or keys[at].family == ROOT_FAMILY:
                raise CryptoError("KEY_STATE")
            if state == "active":
                for place, key in enumerate(keys):
                    if key.family == keys[at].family and key.state == "active":
                        keys[place] = replace(key, state="retired")
            keys[at] = _moved(keys[at], state)

        self._change(move)
        return _info(self._held.keys[kid])

    def health(self) -> Health:
        """Prove by a signature that the provider works, and measure its latency."""
        started = time.perf_counter()
        self.sign("sig.audit", b"health")
        latency = round((time.perf_counter() - started) * 1000, 3)
        return Health("local", False, latency, self._self_tested_at, "closed")

    def _change(self, change: Callable[[list[StoredKey]], None]) -> None:
        with self._changing:
            self._held = self._hold(lambda: self._store.change(change))

    def _hold(self, read: Callable[[], tuple[StoredKey, ...]]) -> _Held:
        # Taken before reading: a change in between leaves an old stamp behind, and is read at the next look.
        stamp = self._store.stamp()
        held = _held(stamp, read())
        if self._mode == "production" and _has_published_keys(held):
            raise StartRefused("密钥库中含有公开的测试密钥，正式环境拒绝启动")
        return held

    def _newest(self, family: str) -> KeyInfo:
        return _info(max((key for key in self._held.keys.values() if key.family == family), key=lambda key: key.number))

    def _find(self, key: str, use: str = "") -> tuple[_Held, str]:
        """The keys as they are and the kid meant; a kid another process has just made is looked up once more."""
        held = self._held
        if held.active.get(key, key) not in held.keys and self.refresh():
            held = self._held
        kid = held.active.get(key, key)
        if kid not in held.keys:
            raise CryptoError("KEY_NOT_FOUND")
        if family_of(kid) not in PAIR_FAMILIES or not kid.startswith(use):
            raise CryptoError("KEY_USAGE")
        return held, kid


def peer_key(public_key: str, mode: Mode) -> sm2.PublicKey:
    """Return a partner's key; in production keys with a published private half are refused."""
    key = sm2.PublicKey.of(public_key)
    if mode == "production" and key.hex[2:66] in _PUBLISHED_X | published_x():
        raise CryptoError("KEY_STATE")
    return key


def _held(stamp: tuple[int, int, int], stored: Sequence[StoredKey]) -> _Held:
    data = [key for key in stored if key.family in FAMILIES and key.secret and _reads(key)]
    active = {key.family: key.kid for key in stored if key.state == "active"}
    return _Held(
        stamp,
        KeyRing({key.kid: key.secret for key in data}, {family: active[family] for family in FAMILIES}),
        {key.kid: sm2.PrivateKey.of(key.secret.hex()) for key in stored if key.family in PAIR_FAMILIES and key.secret},
        {key.kid: key for key in stored},
        active,
    )


def _reads(key: StoredKey) -> bool:
    # What a compromised key has sealed must still be opened, to be sealed anew; what it has vouched for counts no more.
    return key.state != "compromised" or not key.family.startswith("mac.")


def _moved(key: StoredKey, state: KeyState) -> StoredKey:
    if state != "destroyed":
        return replace(key, state=state)
    # What was signed before stays verifiable, unless the key had fallen into other hands.
    return replace(key, state=state, secret=b"", public="" if key.state == "compromised" else key.public)


def _info(key: StoredKey) -> KeyInfo:
    state: KeyState = key.state  # type: ignore[assignment]
    use: KeyUse = key.kid.partition(".")[0]  # type: ignore[assignment]
    until = read_moment(key.expires_at) if key.expires_at else None
    return KeyInfo(key.kid, key.family, use, state, read_moment(key.created_at), until, key.public)


def _has_published_keys(held: _Held) -> bool:
    pairs = {pair.public.hex[2:66] for pair in held.pairs.values()}
    return not (_PUBLISHED_X | published_x()).isdisjoint(pairs) or not _PUBLISHED_SECRETS.isdisjoint(
        held.ring.keys.values()
    )


def _fit_for_production(root_file: Path | None, allow_local_crypto: bool) -> None:
    if not allow_local_crypto:
        raise StartRefused("正式环境须使用经认证的密码服务；确需使用软件密码模块时，请显式设置 allow_local_crypto=true")
    if root_file is None or root_file.resolve().is_relative_to(_CODE_TREE):
        raise StartRefused("正式环境的根密钥文件须单独指定，且不得放在程序目录内")


def signature_bytes(sig_b64: str) -> bytes:
    """The DER of a signature in its only spelling, or nothing."""
    try:
        signature = base64.b64decode(sig_b64)
    except (ValueError, binascii.Error):
        return b""
    # The decoder skips foreign characters and spare bits; a signature has one spelling only.
    return signature if base64.b64encode(signature).decode() == sig_b64 else b""
