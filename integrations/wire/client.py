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
from integrations.wire.outbound import Outside
from integrations.wire.posting import JSON, MAX_REPLY_BYTES, NoAnswer, Post
from integrations.wire.strict_json import BadJson, loads_strict
from services.ports.answers import Answer, silent

REQUEST_ID_HEADER = "X-Request-Id"

Said = TypeVar("Said", bound=Reply)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Timeout:
    """Seconds to reach a system and to hear its whole answer; below the deadline of a waiting person (decision 27)."""

    connect: float = 1.0
    read: float = 4.0


DEFAULT_TIMEOUT = Timeout()


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
        self._url = url.rstrip("/")
        total = timeout.connect + timeout.read
        self._post = Post(outside, connect=timeout.connect, read=timeout.read, total=total, headers=headers)

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
        sent = {"Content-Type": JSON, REQUEST_ID_HEADER: request_id}
        raw = self._post.send(self._breaker, self._url + path, body, sent, _begun).body
        try:
            loads_strict(raw, MAX_REPLY_BYTES)
            return reply.model_validate_json(raw)
        except BadJson:
            raise NoAnswer("应答不是有效的JSON") from None
        except ValidationError:
            raise NoAnswer("应答格式不符") from None

    def close(self) -> None:
        """Give the connections back."""
        self._post.close()


def _begun(response: httpx.Response) -> None:
    if response.status_code != httpx.codes.OK:
        raise NoAnswer(f"对方返回状态{response.status_code}", response.status_code)


def _milliseconds(started: float) -> int:
    return int((monotonic() - started) * 1000)
