"""The cloud's crypto services for demo and test: what the product asks over HTTP, with keys of its own and faults on demand."""

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path
from threading import Lock
from typing import Any, get_args

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from integrations.cloud_crypto import contract, sm2
from integrations.cloud_crypto.line import Service
from integrations.cloud_crypto.local import LocalProvider
from integrations.cloud_crypto.refusal import StartRefused
from integrations.wire.loopback import Loopback
from integrations.wire.simulator import ContentFault, Simulator
from integrations.wire.strict_json import BadJson, loads_strict
from models.sealing import CryptoError, family_of
from services.ports.crypto import KeyInfo, KeyState

_LARGEST = 4 << 20
RELEASE_KEY = "sig.release"


class Nonces:
    """Nonces of the last minutes; each is good once."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._lock = Lock()

    def take(self, nonce: str, now: int) -> bool:
        with self._lock:
            self._seen = {known: at for known, at in self._seen.items() if at > now - 2 * contract.WINDOW}
            if nonce in self._seen:
                return False
            self._seen[nonce] = now
            return True


class CloudCryptoSimulator(Simulator):
    """Signature service and key management with keys in a folder; never beside real data."""

    def __init__(self, directory: Path, clients: Mapping[str, bytes], *, mode: str, latency_ms: int = 0) -> None:
        if mode == "production":
            raise StartRefused("密码服务模拟器不得在正式环境启动")
        super().__init__("cloud_crypto", "密码服务（模拟）", latency_ms=latency_ms)
        self._clients, self._nonces = clients, Nonces()
        self.provider = LocalProvider(directory, mode="test")
        self._release_file = directory / "release.pair"
        self._operations: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            contract.SIGN: self._sign,
            contract.EXPORT_CERT: self._export_cert,
            contract.VALIDATE_CERT: self._validate_cert,
            contract.KEYS: self._keys,
            contract.OPEN_KEY: self._open_key,
            contract.PREPARE: lambda order: {"key": _row(self.provider.prepare(order["family"]))},
            contract.ROTATE: lambda order: {"key": _row(self.provider.rotate(order["family"]))},
            contract.SET_STATE: self._set_state,
            contract.EXPORT_KEYS: self._export_keys,
        }

        @self.app.post("/{service}/v1/{operation}")
        async def serve(request: Request, service: str, operation: str, fault: ContentFault) -> dict[str, Any]:
            body = await request.body()
            path = f"/{service}/v1/{operation}"
            return await run_in_threadpool(self._answer, path, dict(request.headers), body, fault)

    def _answer(self, path: str, headers: Mapping[str, str], body: bytes, fault: str) -> dict[str, Any]:
        request_id, data = "", {}
        try:
            if fault == "busy":
                raise CryptoError("UNAVAILABLE")
            value, secret = self._client(path, headers, body)
            if value == contract.OK:
                order = _order(body)
                request_id = order["reqId"]
                if path not in self._operations:
                    raise CryptoError("BAD_INPUT")
                data = self._operations[path](order)
                if path == contract.EXPORT_KEYS:
                    data["mac"] = contract.keys_mac(secret, request_id, data["keys"])
                data = self._spoilt(path, order, data, fault)
        except CryptoError as problem:
            value = contract.value_of(problem)
        except (KeyError, TypeError, ValueError):
            value = contract.value_of(CryptoError("BAD_INPUT"))
        if fault == "wrongreqid":
            request_id = secrets.token_hex(16)
        return {
            "respValue": value,
            "respMsg": "OK" if value == contract.OK else "ERROR",
            "reqId": request_id or _echo(body),
            "data": data,
        }

    def _client(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Check that a known client asks, in time and for the first time."""
        secret = self._clients.get(headers.get("x-client-id", ""), b"")
        stamp, nonce = headers.get("x-timestamp", ""), headers.get("x-nonce", "")
        expected = contract.client_mac(secret or secrets.token_bytes(32), path, stamp, nonce, body)
        if len(body) > _LARGEST or not compare_digest(expected, headers.get("x-client-mac", "")) or not secret:
            return contract.BAD_MAC, b""
        now = time.time_ns() // 1_000_000
        if not stamp.isascii() or not stamp.isdigit() or abs(now - int(stamp)) > contract.WINDOW:
            return contract.REPLAYED, b""
        return (contract.OK if self._nonces.take(nonce, now) else contract.REPLAYED), secret

    def _spoilt(self, path: str, order: dict[str, Any], data: dict[str, Any], fault: str) -> dict[str, Any]:
        """Apply the ordered faults to a good answer."""
        if fault == "wrongkey" and path == contract.SIGN:
            other = "sig.acl" if family_of(order["keyId"]) != "sig.acl" else "sig.doc"
            return self._sign({**order, "keyId": other})
        if fault in {"badsig", "wrongkey"} and path == contract.SIGN:
            spoilt = bytearray(contract.unb64(data["signature"]))
            spoilt[-1] ^= 1
            return {**data, "signature": contract.b64(bytes(spoilt))}
        if fault == "badsig" and "mac" in data:
            return {**data, "mac": "0" * 64}
        if fault == "wrongkey" and path == contract.EXPORT_KEYS:
            wrap = sm2.PublicKey.of(order["wrapTo"])
            keys = [{**key, "ek": contract.b64(sm2.encrypt(wrap, secrets.token_bytes(32)))} for key in data["keys"]]
            return {**data, "keys": keys}
        return data

    def _sign(self, order: dict[str, Any]) -> dict[str, Any]:
        if order.get("signMethod") != contract.SIGN_METHOD:
            raise CryptoError("BAD_INPUT")
        if order["keyId"] == RELEASE_KEY:
            return {
                "signature": contract.b64(sm2.sign(self._release_pair(), contract.unb64(order["inData"]))),
                "certSn": "",
            }
        made = self.provider.sign(order["keyId"], contract.unb64(order["inData"]))
        return {"signature": made.sig_b64, "certSn": made.cert_sn}

    def _release_pair(self) -> sm2.PrivateKey:
        """Return the release key, made on first use; it is in no installation's list of keys."""
        if not self._release_file.exists():
            self._release_file.touch(0o600)
            self._release_file.write_text(sm2.PrivateKey.fresh().hex)
        return sm2.PrivateKey.of(self._release_file.read_text())

    def _export_cert(self, order: dict[str, Any]) -> dict[str, Any]:
        if order["keyId"] == RELEASE_KEY:
            return {"publicKey": self._release_pair().public.hex}
        return {"publicKey": self.provider.public_key(order["keyId"])}

    def _validate_cert(self, order: dict[str, Any]) -> dict[str, Any]:
        at = datetime.fromisoformat(order["at"]) if order.get("at") else datetime.now(UTC)
        checked = self.provider.verify_cert(contract.unb64(order["cert"]), order.get("usage", "sign"), at)
        texts = {name: getattr(checked, name) for name in ("issuer", "serial", "subject", "fingerprint", "public")}
        return {
            "status": checked.state,
            **texts,
            "notBefore": checked.not_before.isoformat() if checked.not_before else "",
            "notAfter": checked.not_after.isoformat() if checked.not_after else "",
        }

    def _keys(self, order: dict[str, Any]) -> dict[str, Any]:
        return {"keys": [_row(key) for key in self.provider.keys(order.get("use", ""))]}

    def _open_key(self, order: dict[str, Any]) -> dict[str, Any]:
        return {"cek": contract.b64(self.provider.open_key(order["keyId"], contract.unb64(order["ek"])))}

    def _set_state(self, order: dict[str, Any]) -> dict[str, Any]:
        if order["state"] not in get_args(KeyState):
            raise CryptoError("BAD_INPUT")
        return {"key": _row(self.provider.set_state(order["keyId"], order["state"]))}

    def _export_keys(self, order: dict[str, Any]) -> dict[str, Any]:
        """Return every key the client encrypts with in process, wrapped to the key pair of this question."""
        self.provider.refresh()
        wrap, ring = sm2.PublicKey.of(order["wrapTo"]), self.provider.key_ring()
        states = {key.kid: key.state for key in self.provider.keys("")}
        return {
            "keys": [
                {"keyId": kid, "state": states[kid], "ek": contract.b64(sm2.encrypt(wrap, key))}
                for kid, key in ring.keys.items()
            ]
        }


class SimulatedCloud:
    """The simulated crypto services of an installation: keys and the client's secret in a folder."""

    CLIENT = "shenfang"

    def __init__(self, directory: Path, *, mode: str, port: int = 0) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.secret_file = directory / "client.secret"
        if not self.secret_file.exists():
            self.secret_file.touch(0o600)
            self.secret_file.write_text(secrets.token_hex(32))
        secret = self.secret_file.read_bytes().strip()
        self.simulator = CloudCryptoSimulator(directory / "keys", {self.CLIENT: secret}, mode=mode)
        self._served = Loopback((self.simulator,), port=port)
        self.service = Service(self._served.url(self.simulator.name), self.CLIENT, secret)

    def stop(self) -> None:
        """Stop serving."""
        self._served.stop()


def _order(body: bytes) -> dict[str, Any]:
    try:
        order = loads_strict(body, _LARGEST)
    except BadJson:
        raise CryptoError("BAD_INPUT") from None
    if not isinstance(order, dict) or not isinstance(order.get("reqId"), str):
        raise CryptoError("BAD_INPUT")
    return order


def _echo(body: bytes) -> str:
    try:
        request_id: str = _order(body)["reqId"]
    except CryptoError:
        return ""
    return request_id


def _row(key: KeyInfo) -> dict[str, str]:
    return {
        "keyId": key.kid,
        "state": key.state,
        "createdAt": key.created_at.isoformat(),
        "expiresAt": key.expires_at.isoformat() if key.expires_at else "",
        "publicKey": key.public,
    }
