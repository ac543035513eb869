"""Facts: what outside systems answered, asked together under one deadline; silence is a fact too (decision 27)."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Generic, TypeVar

from models.codes import Code

Value = TypeVar("Value")


class AnswerState(Code):
    HIT = "HIT", "已取得", "good"
    MISS = "MISS", "未查询到", "warn"
    SILENT = "SILENT", "对方未应答", "warn"
    ABSENT = "ABSENT", "未接入", "muted"
    SKIPPED = "SKIPPED", "无需查询", "muted"


@dataclass(frozen=True)
class Answer(Generic[Value]):
    """The answer of a system to a question: a value, nothing, or silence."""

    state: AnswerState
    source: str
    value: Value | None = None
    at: datetime | None = None
    milliseconds: int = 0
    note: str = ""

    @property
    def hit(self) -> bool:
        return self.state is AnswerState.HIT

    @property
    def missed(self) -> bool:
        return self.state is AnswerState.MISS

    @property
    def silent(self) -> bool:
        return self.state is AnswerState.SILENT


def hit(source: str, value: Value, at: datetime | None = None, milliseconds: int = 0) -> Answer[Value]:
    return Answer(AnswerState.HIT, source, value, at, milliseconds)


def miss(source: str, at: datetime | None = None, milliseconds: int = 0) -> Answer[Any]:
    return Answer(AnswerState.MISS, source, None, at, milliseconds)


def silent(source: str, note: str = "", milliseconds: int = 0) -> Answer[Any]:
    return Answer(AnswerState.SILENT, source, None, None, milliseconds, note)


def skipped(source: str) -> Answer[Any]:
    return Answer(AnswerState.SKIPPED, source)


_POOL = ThreadPoolExecutor(48, thread_name_prefix="facts")
DEADLINE_SECONDS = 4.5


def together(
    questions: Mapping[str, tuple[str, Callable[[], Answer[Any]]]], *, deadline: float = DEADLINE_SECONDS
) -> dict[str, Answer[Any]]:
    """Ask all questions at once; a system without an answer by the deadline counts as silent.

    `questions` maps a name to (source, question). A question returns its own `Answer`; an exception is silence.
    """
    started = monotonic()
    running: dict[str, tuple[str, Future[Answer[Any]]]] = {
        name: (source, _POOL.submit(question)) for name, (source, question) in questions.items()
    }
    wait([future for _, future in running.values()], timeout=deadline)
    answers: dict[str, Answer[Any]] = {}
    for name, (source, future) in running.items():
        if not future.done():
            future.cancel()
            answers[name] = silent(source, "超时", int((monotonic() - started) * 1000))
        elif (problem := future.exception()) is not None:
            answers[name] = silent(source, type(problem).__name__, int((monotonic() - started) * 1000))
        else:
            answers[name] = future.result()
    return answers
