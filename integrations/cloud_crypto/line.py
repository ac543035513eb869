"""A question to the crypto service: authenticated, bounded, retried once where harmless, behind a breaker."""

import json
import secrets
import ssl
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, time_ns
from typing import Any
from uuid import uuid4

import httpx

from integrations.cloud_crypto.contract import BUSY, FAULT, OK, client_mac, error_of
from integrations.cloud_crypto.refusal import StartRefused
from integrations.wire.breaker import Breaker
from integrations.wire.outbound import TimedNetwork, within
from integrations.wire.strict_json import BadJson, loads_strict
from models.sealing import CryptoError

_CONNECT_SECONDS = 1.0
_LARGEST_REPLY = 1 << 20
_IN_A_ROW = 5
_KEEPALIVE_SECONDS = 2.0

Read = Callable[[str, dict[str, Any]], Any]


@dataclass(frozen=True)
class Service:
    """Address and credentials of the service; `secret` authenticates us, certificates secure the line.

    The service may take `seconds`, with the second try `in_all`; after five failures it is left alone for `rest`.
    """

    url: str
    client_id: str
    secret: bytes
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    seconds: float = 3.0
    in_all: float = 4.0
    rest: float = 10.0

    def __repr__(self) -> str:
        return f"Service({self.url!r}, {self.client_id!r})"


def read_secret(file: Path) -> bytes:
    """The client's secret, at least 32 characters in a file that only its owner may read."""
    try:
        with file.open("rb") as stream:
            mode, secret = stat.S_IMODE(file.stat().st_mode), stream.read().strip()
    except OSError:
        raise StartRefused(f"无法读取密码服务客户端密钥文件 {file}") from None
    if mode & 0o077:
        raise StartRefused(f"密码服务客户端密钥文件 {file} 的权限过宽，请执行 chmod 600 后再启动")
    if len(secret) < 32:
        raise StartRefused(f"密码服务客户端密钥文件 {file} 的内容过短（不少于32个字符）")
    return secret


class Line:
    """The line to the service; safe to share between threads."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.breaker = Breaker("cloud_crypto", in_a_row=_IN_A_ROW, rest=service.rest)
        limits = httpx.Limits(max_connections=32, max_keepalive_connections=16, keepalive_expiry=_KEEPALIVE_SECONDS)
        transport = httpx.HTTPTransport(verify=_tls(service), limits=limits, trust_env=False)
        transport._pool._network_backend = TimedNetwork()
        self._client = httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(service.seconds, connect=_CONNECT_SECONDS, pool=_CONNECT_SECONDS),
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "X-Client-Id": service.client_id},
            follow_redirects=False,
            trust_env=False,
        )

    def ask(self, path: str, order: dict[str, Any], read: Read, *, again: bool = True) -> Any:
        """Return `read(request id, data)` of the reply. With `again` a failure is retried once.

        `read` raises `ValueError`, `KeyError` or `TypeError` for an invalid reply, which counts as silence.
        """
        over = monotonic() + self.service.in_all
        for attempt in (1, 2):
            try:
                with within(min(self.service.seconds, over - monotonic())):
                    return self._ask(path, order, read)
            except CryptoError as problem:
                last = attempt == 2 or not again or monotonic() >= over
                if last or not problem.retryable or self.breaker.is_open:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _ask(self, path: str, order: dict[str, Any], read: Read) -> Any:
        if not self.breaker.lets_through():
            raise CryptoError("UNAVAILABLE", retryable=True)
        request_id = uuid4().hex
        try:
            reply = loads_strict(self._post(path, {"reqId": request_id, **order}), _LARGEST_REPLY)
            value, data = _checked(reply, request_id)
            answer = read(request_id, data) if value == OK else None
        except (BadJson, ValueError, KeyError, TypeError):
            # Nonsense, the answer to another question or a forged one: no better than none.
            self.breaker.waited_in_vain()
            raise CryptoError("INTERNAL", retryable=True) from None
        except CryptoError:
            self.breaker.waited_in_vain()
            raise
        if value in {BUSY, FAULT}:
            self.breaker.waited_in_vain()
        else:
            self.breaker.answered()
        if value != OK:
            raise error_of(value)
        return answer

    def _post(self, path: str, order: dict[str, Any]) -> bytes:
        body = json.dumps(order, separators=(",", ":")).encode()
        stamp, nonce = str(time_ns() // 1_000_000), secrets.token_hex(16)
        headers = {
            "Content-Type": "application/json",
            "X-Timestamp": stamp,
            "X-Nonce": nonce,
            "X-Client-MAC": client_mac(self.service.secret, path, stamp, nonce, body),
        }
        try:
            with self._client.stream(
                "POST", self.service.url.rstrip("/") + path, content=body, headers=headers
            ) as reply:
                return _read(reply)
        except httpx.TimeoutException:
            raise CryptoError("TIMEOUT", retryable=True) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, RuntimeError):
            raise CryptoError("UNAVAILABLE", retryable=True) from None


def _read(reply: httpx.Response) -> bytes:
    if reply.status_code != httpx.codes.OK:
        raise CryptoError("UNAVAILABLE", retryable=True)
    raw = bytearray()
    for piece in reply.iter_raw():
        raw += piece
        if len(raw) > _LARGEST_REPLY:
            raise CryptoError("UNAVAILABLE", retryable=True)
    return bytes(raw)


def _checked(reply: object, request_id: str) -> tuple[int, dict[str, Any]]:
    if not isinstance(reply, dict) or reply["reqId"] != request_id or type(reply["respValue"]) is not int:
        raise ValueError("no reply to this question")
    data = reply.get("data") or {}
    if not isinstance(data, dict):
        raise TypeError("no data")
    return reply["respValue"], data


def _tls(service: Service) -> ssl.SSLContext:
    """Raises `StartRefused` naming the files that cannot be used."""
    files = f"CRYPTO_CA_FILE {service.ca_file}"
    try:
        context = ssl.create_default_context(cafile=service.ca_file)
        if service.cert_file is not None:
            files = f"CRYPTO_CERT_FILE {service.cert_file}、CRYPTO_KEY_FILE {service.key_file}"
            context.load_cert_chain(service.cert_file, service.key_file)
    except OSError:
        # What OpenSSL says of a file names neither it nor what is wrong with it.
        raise StartRefused(
            f"密码服务的证书文件不能使用：{files}，请检查路径、权限和内容（PEM，证书与私钥成对）"
        ) from None
    return context
