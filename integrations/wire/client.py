"""Base of the clients of outside systems: a declared endpoint is asked over a pooled, guarded connection, and its reply
becomes an answer in our words; a failure counts as silence, and answers of no use in a row raise an alarm (H64).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, ClassVar, TypeVar
from uuid import uuid4

import httpx
from pydantic import ValidationError

from integrations.wire.breaker import Breaker
from integrations.wire.contract import Answering, Endpoint, Receipt, Reply
from integrations.wire.json_post import JSON, MAX_REPLY_BYTES, NoAnswer, Post, Useless
from integrations.wire.outbound import Outside
from integrations.wire.strict_json import BadJson, loads_strict
from services.engine.refusals import Unavailable
from services.ports.answers import Answer, AnswerState, hit, miss, silent

REQUEST_ID_HEADER = "X-Request-Id"
_AGAINST = "应答内容不合约定"

Said = TypeVar("Said", bound=Reply)
Answered = TypeVar("Answered", bound=Answering)
Taken = TypeVar("Taken", bound=Receipt)
Value = TypeVar("Value")
Part = TypeVar("Part")


@dataclass(frozen=True)
class Timeout:
    """Seconds to reach a system and to hear its whole answer; below the deadline of a waiting person (decision 27)."""

    connect: float = 1.0
    read: float = 4.0


DEFAULT_TIMEOUT = Timeout()


class Missed(Exception):
    """Raised for a miss that says what the question lacks."""


class SystemClient:
    """Asks an outside system over HTTP; `source` is its name in answers. Safe to share between threads."""

    source: ClassVar[str]

    def __init__(
        self, url: str, outside: Outside, timeout: Timeout = DEFAULT_TIMEOUT, *, breaker: Breaker | None = None
    ) -> None:
        self._breaker = breaker or Breaker(self.source, told=outside.tell_break)
        self._url = url.rstrip("/")
        total = timeout.connect + timeout.read
        self._post = Post(outside, connect=timeout.connect, read=timeout.read, total=total)

    def close(self) -> None:
        """Give the connections back."""
        self._post.close()

    def _ask(
        self,
        endpoint: Endpoint[Answered],
        found: Callable[[Answered], Value | None],
        *,
        at: Callable[[Value], datetime | None] | None = None,
        source: str = "",
        **asked: Any,
    ) -> Answer[Value]:
        """Return what was found in the reply to a question with these values, or silence. Never raises.

        None is a miss; a reply to another question is no answer. `at` reads the moment of a value that has one.
        """
        started, request_id = monotonic(), uuid4().hex
        source = source or self.source
        try:
            said = self._send(endpoint, request_id, asked)
            about(said.request_id == request_id)
            value = found(said)
            self._breaker.understood()
        except Missed as missed:
            self._breaker.understood()
            return Answer(AnswerState.MISS, source, None, said.data_time, _milliseconds(started), str(missed))
        except NoAnswer as problem:
            if isinstance(problem, Useless):
                self._breaker.useless(problem.note)
            return silent(self.source, problem.note, _milliseconds(started))
        except ValueError:
            self._breaker.useless(_AGAINST)
            return silent(self.source, _AGAINST, _milliseconds(started))
        if value is None:
            return miss(source, said.data_time, _milliseconds(started))
        return hit(source, value, said.data_time if at is None else at(value), _milliseconds(started))

    def _hand_over(
        self, endpoint: Endpoint[Taken], request_id: str, again: str, known: Mapping[int, str], **given: Any
    ) -> Taken:
        """Return the receipt for what was handed over, or raise `Unavailable` with a sentence.

        `again` is the verb for its repetition, `known` says why by the HTTP status of a refusal.
        """
        try:
            said = self._send(endpoint, request_id, given)
            about(said.request_id == request_id)
        except NoAnswer as problem:
            if problem.status in known:
                self._breaker.understood()
            elif isinstance(problem, Useless):
                self._breaker.useless(problem.note)
            other = f"{self.source}未接收（{problem.note}），稍后将重新{again}"
            raise Unavailable(known.get(problem.status or 0, other)) from None
        self._breaker.understood()
        return said

    def _send(self, endpoint: Endpoint[Said], request_id: str, values: Mapping[str, Any]) -> Said:
        """The checked reply, or `NoAnswer`; one attempt."""
        try:
            question = endpoint.question(request_id=request_id, **values)
            body = question.model_dump_json(by_alias=True).encode()
        except ValueError:
            # The cause would carry the value that was refused.
            raise NoAnswer("请求内容不合约定") from None
        sent = {"Content-Type": JSON, REQUEST_ID_HEADER: request_id}
        raw = self._post.send(self._breaker, self._url + endpoint.path, body, sent, _begun).body
        try:
            loads_strict(raw, MAX_REPLY_BYTES)
            return endpoint.reply.model_validate_json(raw)
        except BadJson:
            raise Useless("应答不是有效的JSON") from None
        except ValidationError:
            raise Useless("应答格式不符") from None


def given(part: Part | None) -> Part:
    """Return a part that a reply of its kind must have."""
    if part is None:
        raise Useless("应答缺少内容")
    return part


def about(fits: bool) -> None:
    """Refuse a reply about something else than was asked."""
    if not fits:
        raise Useless("应答与所问不符")


def _begun(response: httpx.Response) -> None:
    if response.status_code != httpx.codes.OK:
        raise Useless(f"对方返回状态{response.status_code}", response.status_code)


def _milliseconds(started: float) -> int:
    return int((monotonic() - started) * 1000)
