"""What NiceGUI is told from memory is what it would have found by looking."""

import functools
from typing import Any

import pytest
from nicegui import helpers

from ui.shell.quicker import _look, expects_arguments


class Handlers:
    def none(self) -> None: ...

    def one(self, event: Any) -> None: ...

    def spare(self, event: Any = None) -> None: ...

    @staticmethod
    def free(event: Any) -> None: ...


def wrapped(event: Any) -> None: ...


@functools.wraps(wrapped)
def wrapping(*args: Any) -> None: ...


@pytest.mark.parametrize(
    "handler",
    [
        Handlers().none,
        Handlers().one,
        Handlers().spare,
        Handlers.free,
        Handlers.one,
        lambda: None,
        lambda event: None,
        lambda event=1: None,
        lambda *events: None,
        lambda *, event: None,
        functools.partial(lambda one, event: None, 1),
        wrapping,
        print,
    ],
)
def test_an_answer_is_the_same_twice_and_as_before(handler: Any) -> None:
    assert [expects_arguments(handler) for _ in range(2)] == [_look(handler)] * 2


def test_two_handlers_of_one_code_are_not_taken_for_each_other() -> None:
    def made(spare: bool) -> Any:
        def handler(event: Any) -> None: ...

        if spare:
            handler.__defaults__ = (None,)
        return handler

    assert [expects_arguments(made(spare)) for spare in (False, True, False)] == [True, False, True]
    assert helpers.expects_arguments in (expects_arguments, _look)
