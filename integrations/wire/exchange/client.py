"""Our end towards partners: signed requests to registered addresses, replies believed only with their signature (4.8, H64)."""

from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import Any

import httpx

from integrations.wire.breaker import Breaker
from integrations.wire.exchange.answers import SIGNING_KEY
from integrations.wire.exchange.envelopes import open_envelope, seal_envelope
from integrations.wire.exchange.profile import (
    CLEAR,
    ENVELOPED,
    WINDOW_MS,
    Head,
    ReplyHead,
    canonical_path,
    new_head,
    read_reply_head,
    request_headers,
    request_text,
)
from integrations.wire.json_post import MAX_REPLY_BYTES, Heard, NoAnswer, Post
from integrations.wire.outbound import Outside
from integrations.wire.strict_json import BadJson, loads_strict
from models.sealing import CryptoError, sm3_hex
from services.engine.clock import system_now
from services.partners.request_log import clock_ms
from services.ports.crypto import Crypto
from services.ports.exchange import PartnerAnswer, PartnerMessage, PeerKey

#: Seconds to reach a partner, and for the whole exchange (4.8).
CONNECT_SECONDS, TOTAL_SECONDS = 3.0, 10.0


class ExchangeClient:
    """The line to all partners; safe to share between threads. Each address has a breaker of its own."""

    def __init__(
        self,
        crypto: Crypto,
        environment_id: str,
        outside: Outside,
        *,
        connect: float = CONNECT_SECONDS,
        total: float = TOTAL_SECONDS,
    ) -> None:
        """`environment_id` is the name under which partners know this installation."""
        self._crypto, self._environment_id, self._outside = crypto, environment_id, outside
        self._breakers: dict[str, Breaker] = {}
        self._lock = Lock()
        self._post = Post(outside, connect=connect, read=total, total=total)

    def close(self) -> None:
        """Give the connections back."""
        self._post.close()

    def envelope(self, to: str, key: PeerKey, mid: str, plain: bytes) -> str:
        """The envelope of a text that only the holder of `key` opens."""
        return seal_envelope(self._crypto, key.public_key, key.kid, self._environment_id, to, mid, plain)

    def send(self, message: PartnerMessage) -> PartnerAnswer:
        """Send a message and verify the reply. Never raises."""
        started = monotonic()
        receipt: dict[str, Any] = {}
        status = 0
        try:
            status, reply, data = self._exchange(message, receipt)
        except NoAnswer as problem:
            return PartnerAnswer(
                status=int(receipt.get("status", 0)),
                milliseconds=_milliseconds(started),
                error=str(problem),
                receipt=receipt,
            )
        code = str(reply.get("code", ""))[:8]
        if status != httpx.codes.OK and code == "0":
            # What says both is no success.
            code = ""
        error = "" if code == "0" else f"对方答复{code or status}"
        return PartnerAnswer(
            status=status,
            code=code,
            data=data,
            replayed=bool(receipt.get("replayed")),
            milliseconds=_milliseconds(started),
            error=error,
            receipt=receipt,
        )

    def _exchange(self, message: PartnerMessage, receipt: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, Any]]:
        body = message.body.encode()
        url = httpx.URL(message.base_url.rstrip("/") + message.path)
        head = self._signed(message, body, url, receipt)
        heard = self._post.send(
            self._breaker(message.app_id),
            str(url),
            body,
            request_headers(head),
            lambda response: receipt.update(status=response.status_code),
        )
        said, raw = self._believed(message, head, heard, receipt), heard.body
        if said.body_enc == ENVELOPED:
            raw = _opened(self._crypto, self._environment_id, raw, message.app_id)
        try:
            reply = loads_strict(raw, MAX_REPLY_BYTES)
        except BadJson:
            raise NoAnswer("应答不是有效的JSON") from None
        if not isinstance(reply, dict):
            raise NoAnswer("应答格式不符")
        data = reply.get("data")
        receipt["replayed"] = _lone(heard.headers, b"x-idempotent-replay") == "true"
        return heard.status, reply, data if isinstance(data, dict) else {}

    def _signed(self, message: PartnerMessage, body: bytes, url: httpx.URL, receipt: dict[str, Any]) -> Head:
        try:
            path = canonical_path(url.raw_path)
            kid = self._crypto.active_kid(SIGNING_KEY)
            head = new_head(
                body,
                audience=message.app_id,
                app_id=self._environment_id,
                key_id=kid,
                key=message.idempotency_key,
                body_enc=ENVELOPED if message.encrypted else CLEAR,
            )
            text = request_text(head, "POST", path, "")
            made = self._crypto.sign(kid, text)
        except CryptoError:
            raise NoAnswer("密码服务不可用，未能签名") from None
        except ValueError:
            raise NoAnswer("接口地址不是规范形式") from None
        receipt["request"] = {"canonical": text.decode(), "body": message.body, "signature": made.sig_b64}
        return replace(head, signature=made.sig_b64)

    def _breaker(self, app_id: str) -> Breaker:
        with self._lock:
            return self._breakers.setdefault(app_id, Breaker(app_id, told=self._outside.tell_break))

    def _believed(self, message: PartnerMessage, head: Head, heard: Heard, receipt: dict[str, Any]) -> ReplyHead:
        """The reply's head, once signature, nonce, time and digest say that it is the partner's and belongs to this request."""
        try:
            said, signature = read_reply_head(heard.headers, heard.status, message.app_id, self._environment_id)
        except ValueError:
            raise NoAnswer("应答没有按规范签名") from None
        if said.request_nonce != head.nonce:
            raise NoAnswer("应答的随机数与请求不符")
        if abs(clock_ms(system_now()) - int(said.timestamp)) > WINDOW_MS:
            raise NoAnswer("应答的时间超出允许范围")
        if sm3_hex(heard.body) != said.content_sm3:
            raise NoAnswer("应答的摘要不一致")
        key = next((one for one in message.keys if one.kid == said.key_id), None)
        if key is None:
            raise NoAnswer("应答的签名密钥未登记或已失效")
        try:
            proven = self._crypto.verify_peer(key.public_key, said.text(), signature)
        except CryptoError:
            proven = False
        if not proven:
            raise NoAnswer("应答的签名验证未通过")
        receipt["reply"] = {
            "canonical": said.text().decode(),
            "body": heard.body.decode("utf-8", "replace"),
            "signature": signature,
        }
        receipt["request_id"] = said.request_id
        return said


def _opened(crypto: Crypto, environment_id: str, raw: bytes, sender: str) -> bytes:
    try:
        return open_envelope(crypto, raw.decode("ascii"), sender, environment_id)
    except (CryptoError, UnicodeDecodeError):
        raise NoAnswer("应答的加密报文无法打开") from None


def _lone(headers: list[tuple[bytes, bytes]], name: bytes) -> str:
    found = [value for key, value in headers if key.lower() == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _milliseconds(started: float) -> int:
    return int((monotonic() - started) * 1000)
