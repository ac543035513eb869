"""Facts are asked together; whoever does not answer by the deadline, or breaks, is silent (decision 27)."""

from concurrent.futures import wait
from threading import Event

import pytest

from services.engine import facts
from services.engine.facts import together
from services.ports.answers import Answer, AnswerState, hit, miss


def test_every_answer_comes_back_under_its_name() -> None:
    answers = together({"a": ("甲", lambda: hit("甲", 1)), "b": ("乙", lambda: miss("乙"))})
    assert (answers["a"].value, answers["a"].hit) == (1, True)
    assert answers["b"].missed


def test_a_question_that_breaks_is_silence_and_spoils_no_other() -> None:
    def broken() -> Answer[int]:
        raise ConnectionError

    answers = together({"a": ("甲", broken), "b": ("乙", lambda: hit("乙", 2))})
    assert (answers["a"].state, answers["a"].note, answers["a"].source) == (AnswerState.SILENT, "ConnectionError", "甲")
    assert answers["b"].value == 2


def test_whoever_is_late_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "wait", wait)
    released = Event()

    def late() -> Answer[int]:
        released.wait()
        return hit("甲", 1)

    answers = together({"a": ("甲", late), "b": ("乙", lambda: hit("乙", 2))}, deadline=0.2)
    released.set()
    assert (answers["a"].silent, answers["a"].value, answers["b"].value) == (True, None, 2)


def test_questions_are_asked_at_the_same_time() -> None:
    first, second = Event(), Event()

    def meet(mine: Event, other: Event) -> Answer[bool]:
        mine.set()
        return hit("甲", other.wait(4))

    answers = together({"a": ("甲", lambda: meet(first, second)), "b": ("乙", lambda: meet(second, first))})
    assert (answers["a"].value, answers["b"].value) == (True, True)
