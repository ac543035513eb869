"""Posting JSON to an address outside: a guarded, pooled connection, bounded in time and size, behind a breaker (H64)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

import httpx

from integrations.wire.breaker import Breaker
from integrations.wire.outbound import BadAddress, GuardedTransport, Outside, within
from services.ports.trace import current_trace

#: Nothing we ask for is longer; a longer reply is a fault of the partner's and is not read to its end.
MAX_REPLY_BYTES = 1 << 20
JSON = "application/json"

_CONNECTIONS = 48
# Kept shorter than the keep-alive of the other side, so that we never write into a connection it is just closing.
_KEEPALIVE_SECONDS = 2.0


class NoAnswer(Exception):
    """The system gave nothing we can use; `note` says why, without any personal data. `status` is its HTTP status."""

    def __init__(self, note: str, status: int | None = None) -> None:
        super().__init__(note)
        self.note = note
        self.status = status


class Useless(NoAnswer):
    """The system was reached and gave nothing we can use."""


@dataclass(frozen=True)
class Heard:
    """A reply with its whole body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Post:
    """Connections to outside systems; safe to share between threads. One attempt for each message."""

    def __init__(
        self, outside: Outside, *, connect: float, read: float, total: float, headers: Mapping[str, str] | None = None
    ) -> None:
        """`connect`, `read` and `total` are seconds to reach a system, to hear its answer, and for both."""
        self._policy, self._read, self._total = outside.policy, read, total
        self._client = httpx.Client(
            timeout=httpx.Timeout(read, connect=connect, pool=connect),
            transport=GuardedTransport(
                outside.policy,
                httpx.Limits(
                    max_connections=_CONNECTIONS,
                    max_keepalive_connections=_CONNECTIONS,
                    keepalive_expiry=_KEEPALIVE_SECONDS,
                ),
            ),
            # A compressed reply could unfold to any size, a redirect lead anywhere, a proxy read what we ask.
            headers={"Accept": JSON, "Accept-Encoding": "identity", **(headers or {})},
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def send(
        self,
        breaker: Breaker,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        begun: Callable[[httpx.Response], object],
    ) -> Heard:
        """Return the reply, or raise `NoAnswer`; `begun` sees its head before the body is read and may raise it too."""
        if not breaker.lets_through():
            raise NoAnswer("对方持续无应答，暂停访问")
        try:
            self._policy.check_url(url)
            if trace := current_trace():
                headers = {**headers, "traceparent": trace.parent()}
            with within(self._total), self._client.stream("POST", url, content=body, headers=headers) as response:
                begun(response)
                heard = Heard(response.status_code, list(response.headers.raw), self._body(response))
            breaker.answered()
            return heard
        except NoAnswer:
            breaker.answered()
            raise
        except BadAddress as problem:
            raise NoAnswer(f"地址不允许访问：{problem}") from None
        except httpx.TimeoutException:
            breaker.waited_in_vain()
            raise NoAnswer("超时") from None
        except httpx.ConnectError:
            breaker.waited_in_vain()
            raise NoAnswer("无法连接") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, RuntimeError):
            raise Useless("通信中断") from None
        except ValueError:
            # A value that fits no header; everything else was checked before.
            raise NoAnswer("请求内容不合约定") from None

    def _body(self, response: httpx.Response) -> bytes:
        until = monotonic() + self._read
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != JSON or response.headers.get("content-encoding", "identity") != "identity":
            status = "" if response.status_code == httpx.codes.OK else f"（状态{response.status_code}）"
            raise Useless(f"应答不是JSON{status}")
        length = response.headers.get("content-length") or "0"
        if not length.isdigit() or int(length) > MAX_REPLY_BYTES:
            raise Useless("应答过大")
        raw = bytearray()
        for piece in response.iter_raw():
            raw += piece
            if len(raw) > MAX_REPLY_BYTES:
                raise Useless("应答过大")
            # The client's own limit counts from one piece to the next; a reply that drips would never end.
            if monotonic() > until:
                raise httpx.ReadTimeout("the reply drips")
        return bytes(raw)
