"""Caches of constant values that NiceGUI recomputes for every element."""

from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from nicegui import helpers

_look = helpers.expects_arguments
_known: dict[tuple[Any, ...], bool] = {}


def expects_arguments(func: Callable[..., Any]) -> bool:
    """Return whether a handler takes an argument, inspected once instead of three times for every element."""
    plain = func.__func__ if isinstance(func, MethodType) else func
    if not isinstance(plain, FunctionType) or hasattr(plain, "__wrapped__"):
        return _look(func)
    key = (plain.__code__, len(plain.__defaults__ or ()), tuple(plain.__kwdefaults__ or ()), plain is func)
    known = _known.get(key)
    if known is None:
        known = _known[key] = _look(func)
    return known


def apply() -> None:
    """Have NiceGUI ask here: looking at signatures was a sixth of the time in which a page is drawn."""
    helpers.expects_arguments = expects_arguments
