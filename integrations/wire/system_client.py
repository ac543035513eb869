"""Base of the clients of outside systems: a declared endpoint is asked, its reply becomes an answer in our words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from integrations.wire.client import DEFAULT_TIMEOUT, Asked, Timeout, Wire
from integrations.wire.contract import Answering, Question
from integrations.wire.outbound import Outside
from integrations.wire.posting import NoAnswer
from services.ports.answers import Answer, AnswerState, hit, miss

Said = TypeVar("Said", bound=Answering)
Value = TypeVar("Value")
Part = TypeVar("Part")


@dataclass(frozen=True)
class Endpoint(Generic[Said]):
    """An address that answers questions, and the form of its replies."""

    path: str
    reply: type[Said]


class Missed(Exception):
    """Raised for a miss that says what the question lacks."""


class SystemClient:
    """Asks an outside system over HTTP; `source` is its name in answers."""

    source: ClassVar[str]

    def __init__(
        self,
        url: str,
        outside: Outside,
        timeout: Timeout = DEFAULT_TIMEOUT,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._wire = Wire(self.source, url, outside, timeout, headers=headers)

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()

    def _ask(
        self,
        endpoint: Endpoint[Said],
        question: Callable[[str], Question],
        found: Callable[[Said], Value | None],
        *,
        at: Callable[[Value], datetime | None] | None = None,
        source: str = "",
    ) -> Answer[Value]:
        """Return what was found in the reply; None is a miss. A reply to another question is no answer.

        `question` receives the request id. `at` reads the moment of a value that has one of its own.
        """
        source = source or self.source

        def understood(said: Said, asked: Asked) -> Answer[Value]:
            asked.check(said.request_id)
            moment = said.data_time
            try:
                value = found(said)
            except Missed as missed:
                return Answer(AnswerState.MISS, source, None, moment, asked.milliseconds, str(missed))
            if value is None:
                return miss(source, moment, asked.milliseconds)
            return hit(source, value, moment if at is None else at(value), asked.milliseconds)

        return self._wire.ask(endpoint.path, question, endpoint.reply, understood)


def given(part: Part | None) -> Part:
    """Return a part that a reply of its kind must have."""
    if part is None:
        raise NoAnswer("应答缺少内容")
    return part


def about(fits: bool) -> None:
    """Refuse a reply about something else than was asked."""
    if not fits:
        raise NoAnswer("应答与所问不符")
