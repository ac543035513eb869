"""The local provider: keys from files, signatures and key envelopes in software, not certified (G10)."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.certificates import TrustStore
from integrations.cloud_crypto.keystore import PAIR_FAMILIES, PERIODS, ROOT_FAMILY, KeyStore, StoredKey, read_moment
from integrations.cloud_crypto.local_authority import FOLDER
from integrations.cloud_crypto.provider import Held, Mode, Provider, is_published
from integrations.cloud_crypto.refusal import StartRefused
from models.sealing import FAMILIES, CryptoError, KeyRing, Sealer, sm3_hex
from services.ports.crypto import CertCheck, KeyInfo, KeyState, KeyUse, Signature

BANNER = "本系统正在使用未经商用密码认证的软件密码模块，不得用于正式业务数据"
_CODE_TREE = Path(__file__).resolve().parents[2]
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
class _Held(Held):
    """The provider's copy of its store with its key pairs, as the store was at `stamp`."""

    stamp: tuple[int, int, int]
    pairs: Mapping[str, sm2.PrivateKey]


class LocalProvider(Provider):
    """Keys, signatures and key envelopes of an installation."""

    kind, certified = "local", False
    _held: _Held

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
        super().__init__(mode, now)
        if mode == "production":
            self.banner = BANNER
        self._store = KeyStore(directory, root_file or directory / "root.key", now=now, periods=periods)
        # The authority of the embedded mode is believed outside production only.
        folders = [directory / "trust", *([] if mode == "production" else [directory / FOLDER])]
        self._trust = TrustStore(*folders)
        self._changing = Lock()
        self._held = self._hold(self._store.read)

    def __repr__(self) -> str:
        return f"LocalProvider(mode={self._mode!r})"

    def sealer(self) -> Sealer:
        """A sealer that looks into the store when a value names a key it does not know."""

        def newest() -> KeyRing:
            self.refresh()
            return self._held.ring

        return Sealer(self._held.ring, newest=newest)

    def refresh(self) -> bool:
        """Read the store again if another process has changed it; true when it did."""
        if self._store.stamp() == self._held.stamp:
            return False
        with self._changing:
            self._held = self._hold(self._store.read)
        return True

    def sign(self, key: str, data: bytes) -> Signature:
        known = self._known(key, "sig")
        if known.state != "active":
            raise CryptoError("KEY_STATE")
        signature = sm2.sign(self._pair(known.kid), data)
        return Signature(base64.b64encode(signature).decode(), known.kid, self._now(), sm3_hex(data))

    def open_key(self, key: str, sealed: bytes) -> bytes:
        return sm2.decrypt(self._pair(self._known(key, "enc").kid), sealed)

    def _pair(self, kid: str) -> sm2.PrivateKey:
        pair = self._held.pairs.get(kid)
        if pair is None:
            raise CryptoError("KEY_STATE")
        return pair

    def verify_cert(self, der: bytes, usage: str, at: datetime) -> CertCheck:
        return self._trust.check(der, usage, at)

    def keys(self, use: str = "") -> list[KeyInfo]:
        self.refresh()
        return [key for key in self._held.keys.values() if key.kid.startswith(use)]

    def prepare(self, family: str) -> KeyInfo:
        if family not in (*FAMILIES, *PAIR_FAMILIES):
            raise CryptoError("BAD_INPUT")

        def add(keys: list[StoredKey]) -> None:
            if not any(key.family == family and key.state == "pre" for key in keys):
                keys.append(self._store.fresh(family, keys, "pre"))

        self._change(add)
        return self._newest(family)

    def rotate(self, family: str) -> KeyInfo:
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
        return self._held.keys[kid]

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
        of_family = (key for key in self._held.keys.values() if key.family == family)
        return max(of_family, key=lambda key: int(key.kid.rpartition(".")[2]))


def _held(stamp: tuple[int, int, int], stored: Sequence[StoredKey]) -> _Held:
    data = [key for key in stored if key.family in FAMILIES and key.secret and _reads(key)]
    active = {key.family: key.kid for key in stored if key.state == "active"}
    return _Held(
        {key.kid: _info(key) for key in sorted(stored, key=lambda key: (key.created_at, key.family, key.number))},
        KeyRing({key.kid: key.secret for key in data}, {family: active[family] for family in FAMILIES}),
        stamp,
        {key.kid: sm2.PrivateKey.of(key.secret.hex()) for key in stored if key.family in PAIR_FAMILIES and key.secret},
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
    published = any(is_published(pair.public) for pair in held.pairs.values())
    return published or not _PUBLISHED_SECRETS.isdisjoint(held.ring.keys.values())


def _fit_for_production(root_file: Path | None, allow_local_crypto: bool) -> None:
    if not allow_local_crypto:
        raise StartRefused("正式环境须使用经认证的密码服务；确需使用软件密码模块时，请显式设置 allow_local_crypto=true")
    if root_file is None or root_file.resolve().is_relative_to(_CODE_TREE):
        raise StartRefused("正式环境的根密钥文件须单独指定，且不得放在程序目录内")
