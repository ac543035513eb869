"""The cloud's crypto services: signatures, envelopes and keys over HTTP; data keys unwrapped here once (decision 13)."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hmac import compare_digest
from threading import Lock
from typing import Any, get_args

from integrations.cloud_crypto import contract, sm2
from integrations.cloud_crypto.line import Line, Service
from integrations.cloud_crypto.provider import Held, Mode, Provider, signature_bytes
from integrations.cloud_crypto.refusal import NotReady, StartRefused
from models.sealing import FAMILIES, CryptoError, KeyRing, Sealer, family_of, sm3_hex
from services.ports.crypto import CertCheck, CertState, KeyInfo, KeyState, KeyUse, Signature

log = logging.getLogger("shenfang.crypto")


class ServiceSealer(Sealer):
    """Seals in process, but not while the service that answers for the keys is away (security 3.4)."""

    def __init__(self, ring: KeyRing, is_away: Callable[[], bool]) -> None:
        super().__init__(ring)
        self._is_away = is_away


def _while_served(act: Callable[..., Any]) -> Callable[..., Any]:
    def served(self: ServiceSealer, *given: Any, **named: Any) -> Any:
        if self._is_away():
            raise CryptoError("UNAVAILABLE", retryable=True)
        return act(self, *given, **named)

    return served


# What is done to personal data, passwords and files; MACs of rows and sessions are checked all the same.
for _act in ("seal", "open", "index", "indexes", "hash_password", "check_password", "seal_file", "open_file"):
    setattr(ServiceSealer, _act, _while_served(getattr(Sealer, _act)))


class HttpProvider(Provider):
    """The provider behind an address that speaks the contract."""

    kind, certified = "http", True

    def __init__(
        self, service: Service, *, mode: Mode, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        if mode == "production" and not (service.url.startswith("https://") and service.cert_file):
            raise StartRefused(
                "正式环境的密码服务须使用https地址并配置双向认证证书（CRYPTO_CERT_FILE、CRYPTO_KEY_FILE）"
            )
        super().__init__(mode, now)
        self._line, self._changing = Line(service), Lock()
        try:
            self._held = self._hear(self._list(""))
        except CryptoError as problem:
            # REPLAY is also what two clocks come to of which one is not set yet.
            if problem.retryable or problem.code == "REPLAY":
                raise NotReady(
                    f"密码服务没有应答（{problem.code}），请检查它的地址、网络、双向认证证书和时钟"
                ) from None
            raise StartRefused(f"密码服务未能提供密钥（{problem.code}），请检查客户端标识和密钥文件后再启动") from None

    def __repr__(self) -> str:
        return f"HttpProvider({self._line.service!r})"

    @property
    def away(self) -> bool:  # type: ignore[override]
        """Return whether the breaker is open after repeated silence of the service."""
        return self._line.breaker.is_open

    def sealer(self) -> Sealer:
        """A sealer over the keys as they are now, that rests while the service does."""
        return ServiceSealer(self._held.ring, lambda: self.away)

    def tell_breaks_to(self, told: Callable[[str, str], object]) -> None:
        self._line.breaker.told = told

    def refresh(self) -> bool:
        """Ask for the list of keys, and for the keys themselves if the list changed."""
        try:
            heard = self._list("")
            if _seen(heard) == _seen(self._held.keys.values()):
                return False
            with self._changing:
                self._held = self._hear(heard)
        except CryptoError as problem:
            log.warning("the crypto service did not tell its keys: %s", problem.code)
            return False
        return True

    def sign(self, key: str, data: bytes) -> Signature:
        """Have it signed, and believe it only when the signature is that of our active key."""
        info = self._known(key, "sig")
        kid = info.kid
        if info.state != "active":
            raise CryptoError("KEY_STATE")

        def read(_: str, reply: dict[str, Any]) -> Signature:
            made = sm2.verify(sm2.PublicKey.of(info.public), data, signature_bytes(str(reply["signature"])))
            if not made:
                raise ValueError("not a signature of this key")
            return Signature(reply["signature"], kid, self._now(), sm3_hex(data), str(reply.get("certSn", "")))

        order = {"keyId": kid, "signMethod": contract.SIGN_METHOD, "inData": contract.b64(data)}
        try:
            signed: Signature = self._line.ask(contract.SIGN, order, read)
        except CryptoError as problem:
            # Retired a moment ago: the next call uses the key that took its place.
            if problem.code == "KEY_STATE" and self.refresh() and key != kid:
                return self.sign(key, data)
            raise
        return signed

    def open_key(self, key: str, sealed: bytes) -> bytes:
        order = {"keyId": self._known(key, "enc").kid, "ek": contract.b64(sealed)}
        opened: bytes = self._line.ask(contract.OPEN_KEY, order, lambda _, reply: contract.unb64(reply["cek"]))
        return opened

    def verify_cert(self, der: bytes, usage: str, at: datetime) -> CertCheck:
        order = {"cert": contract.b64(der), "usage": usage, "at": at.astimezone(UTC).isoformat()}
        checked: CertCheck = self._line.ask(contract.VALIDATE_CERT, order, lambda _, reply: _cert(reply))
        return checked

    def keys(self, use: str = "") -> list[KeyInfo]:
        return self._list(use)

    def prepare(self, family: str) -> KeyInfo:
        return self._changed(contract.PREPARE, {"family": family}, again=True)

    def rotate(self, family: str) -> KeyInfo:
        return self._changed(contract.ROTATE, {"family": family})

    def set_state(self, kid: str, state: KeyState) -> KeyInfo:
        return self._changed(contract.SET_STATE, {"keyId": kid, "state": state})

    def _changed(self, path: str, order: dict[str, Any], *, again: bool = False) -> KeyInfo:
        info: KeyInfo = self._line.ask(path, order, lambda _, reply: _info(reply["key"]), again=again)
        self.refresh()
        return info

    def _list(self, use: str) -> list[KeyInfo]:
        def read(_: str, reply: dict[str, Any]) -> list[KeyInfo]:
            return [_info(row) for row in reply["keys"]]

        heard: list[KeyInfo] = self._line.ask(contract.KEYS, {"use": use}, read)
        return heard

    def _hear(self, heard: list[KeyInfo]) -> Held:
        """Fetch the data keys, wrapped to a key pair made for this question."""
        pair = sm2.PrivateKey.fresh()

        def read(request_id: str, reply: dict[str, Any]) -> KeyRing:
            rows, mac = reply["keys"], reply["mac"]
            if not compare_digest(contract.keys_mac(self._line.service.secret, request_id, rows), str(mac)):
                raise ValueError("keys of somebody else")
            keys = {row["keyId"]: sm2.decrypt(pair, contract.unb64(row["ek"])) for row in rows}
            active = {family_of(row["keyId"]): row["keyId"] for row in rows if row["state"] == "active"}
            return KeyRing(keys, {family: active[family] for family in FAMILIES})

        ring: KeyRing = self._line.ask(contract.EXPORT_KEYS, {"wrapTo": pair.public.hex}, read)
        return Held({key.kid: key for key in heard}, ring)


def _seen(keys: Iterable[KeyInfo]) -> frozenset[tuple[str, str]]:
    return frozenset((key.kid, key.state) for key in keys)


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _info(row: Any) -> KeyInfo:
    kid, state, made = row["keyId"], row["state"], _moment(row["createdAt"])
    use = kid.partition(".")[0]
    if use not in get_args(KeyUse) or state not in get_args(KeyState) or made is None:
        raise ValueError("no key")
    public = sm2.PublicKey.of(row["publicKey"]).hex if row.get("publicKey") else ""
    return KeyInfo(kid, family_of(kid), use, state, made, _moment(row.get("expiresAt")), public)


def _cert(reply: Any) -> CertCheck:
    if reply["status"] not in get_args(CertState):
        raise ValueError("no status")
    texts = {name: str(reply.get(name, "")) for name in ("issuer", "serial", "subject", "fingerprint", "public")}
    return CertCheck(
        reply["status"], **texts, not_before=_moment(reply.get("notBefore")), not_after=_moment(reply.get("notAfter"))
    )
