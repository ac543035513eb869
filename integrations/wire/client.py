"""A pooled HTTP client for each outside system: guarded address, bounded JSON replies; a failure counts as silence
(H64).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar
from uuid import uuid4

import httpx
from pydantic import ValidationError

from integrations.wire.breaker import Breaker
from integrations.wire.contract import Question, Reply
from integrations.wire.outbound import BadAddress, GuardedTransport, Outside, within
from integrations.wire.strict_json import BadJson, loads_strict
from services.ports.answers import Answer, silent

#: Nothing we ask for is longer; a longer reply is a fault of the partner's and is not read to its end.
MAX_REPLY_BYTES = 1 << 20
REQUEST_ID_HEADER = "X-Request-Id"

_CONNECTIONS = 48
# Kept shorter than the keep-alive of the other side, so that we never write into a connection it is just closing.
_KEEPALIVE_SECONDS = 2.0

Said = TypeVar("Said", bound=Reply)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Timeout:
    """Seconds to reach a system and to hear its whole answer; below the deadline of a waiting person (decision 27)."""

    connect: float = 1.0
    read: float = 4.0


DEFAULT_TIMEOUT = Timeout()


class NoAnswer(Exception):
    """The system gave nothing we can use; `note` says why, without any personal data. `status` is its HTTP status."""

    def __init__(self, note: str, status: int | None = None) -> None:
        super().__init__(note)
        self.note = note
        self.status = status


@dataclass(frozen=True)
class Asked:
    """The question a reply belongs to: its number and how long it took."""

    request_id: str
    milliseconds: int

    def check(self, echo: str) -> None:
        """Raise unless the reply names this question, because another reply may concern another person."""
        if echo != self.request_id:
            raise NoAnswer("应答与所问不符")


class Wire:
    """The connection to an outside system. Safe to share between threads; one attempt for each question."""

    def __init__(
        self,
        source: str,
        url: str,
        outside: Outside,
        timeout: Timeout = DEFAULT_TIMEOUT,
        *,
        headers: Mapping[str, str] | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.source = source
        self._breaker = breaker or Breaker(source, told=outside.tell_break)
        self._policy = outside.policy
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout.read, connect=timeout.connect, pool=timeout.connect),
            transport=GuardedTransport(
                outside.policy,
                httpx.Limits(
                    max_connections=_CONNECTIONS,
                    max_keepalive_connections=_CONNECTIONS,
                    keepalive_expiry=_KEEPALIVE_SECONDS,
                ),
            ),
            # A compressed reply could unfold to any size, a redirect lead anywhere, a proxy read what we ask.
            headers={"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})},
            follow_redirects=False,
            trust_env=False,
        )

    def ask(
        self,
        path: str,
        question: Callable[[str], Question],
        reply: type[Said],
        understood: Callable[[Said, Asked], Answer[Value]],
    ) -> Answer[Value]:
        """Return what `understood` makes of the reply, or silence when there is none. Never raises.

        `question` receives the request id under which it is sent.
        """
        started, request_id = monotonic(), uuid4().hex
        try:
            said = self.post(path, lambda: question(request_id), reply, request_id)
            return understood(said, Asked(request_id, _milliseconds(started)))
        except NoAnswer as problem:
            return silent(self.source, problem.note, _milliseconds(started))
        except ValueError:
            return silent(self.source, "应答内容不合约定", _milliseconds(started))

    def post(self, path: str, question: Callable[[], Question], reply: type[Said], request_id: str) -> Said:
        """The checked reply, or `NoAnswer`."""
        try:
            body = question().model_dump_json().encode()
        except ValueError:
            # The cause would carry the value that was refused.
            raise NoAnswer("请求内容不合约定") from None
        raw = self._exchange(path, body, request_id)
        try:
            loads_strict(raw, MAX_REPLY_BYTES)
            return reply.model_validate_json(raw)
        except BadJson:
            raise NoAnswer("应答不是有效的JSON") from None
        except ValidationError:
            raise NoAnswer("应答格式不符") from None

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _exchange(self, path: str, body: bytes, request_id: str) -> bytes:
        if not self._breaker.lets_through():
            raise NoAnswer("该系统持续无应答，暂停访问")
        headers = {"Content-Type": "application/json", REQUEST_ID_HEADER: request_id}
        try:
            self._policy.check_url(self._url)
            with (
                within(self._timeout.connect + self._timeout.read),
                self._client.stream("POST", self._url + path, content=body, headers=headers) as response,
            ):
                raw = self._read(response, monotonic() + self._timeout.read)
            self._breaker.answered()
            return raw
        except NoAnswer:
            self._breaker.answered()
            raise
        except BadAddress:
            raise NoAnswer("地址不允许访问") from None
        except httpx.TimeoutException:
            self._breaker.waited_in_vain()
            raise NoAnswer("超时") from None
        except httpx.ConnectError:
            self._breaker.waited_in_vain()
            raise NoAnswer("无法连接") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, RuntimeError):
            raise NoAnswer("通信中断") from None
        except ValueError:
            # A request id that fits no header; everything else was checked before.
            raise NoAnswer("请求内容不合约定") from None

    def _read(self, response: httpx.Response, until: float) -> bytes:
        if response.status_code != httpx.codes.OK:
            raise NoAnswer(f"对方返回状态{response.status_code}", response.status_code)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json" or response.headers.get("content-encoding", "identity") != "identity":
            raise NoAnswer("应答不是JSON")
        if int(response.headers.get("content-length") or 0) > MAX_REPLY_BYTES:
            raise NoAnswer("应答过大")
        raw = bytearray()
        for piece in response.iter_raw():
            raw += piece
            if len(raw) > MAX_REPLY_BYTES:
                raise NoAnswer("应答过大")
            # The client's own limit counts from one piece to the next; a reply that drips would never end.
            if monotonic() > until:
                raise httpx.ReadTimeout("the reply drips")
        return bytes(raw)


def _milliseconds(started: float) -> int:
    return int((monotonic() - started) * 1000)
