"""Facts: what outside systems answered, asked together under one deadline; silence is a fact too (decision 27)."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from time import monotonic
from typing import Any

from services.ports.answers import Answer, silent

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
