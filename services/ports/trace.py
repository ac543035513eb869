"""Identity of the act a thread is at, for its lines in the log and its calls to other systems (W3C Trace Context)."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")


@dataclass(frozen=True)
class Trace:
    """A trace that may have begun in another system, and in it the request id of our own act, its span and its caller's."""

    trace_id: str
    request_id: str = ""
    span_id: str = field(default_factory=lambda: secrets.token_hex(8))
    parent_id: str = ""

    def parent(self) -> str:
        """The value of a `traceparent` header for a call."""
        return f"00-{self.trace_id}-{self.span_id}-01"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current_trace() -> Trace | None:
    """Return the trace of the act this thread or task is at."""
    return _current.get()


def trace_of(header: str) -> Trace:
    """Return the trace that a request's `traceparent` carries on, or a new one where it is missing or malformed."""
    found = _TRACEPARENT.fullmatch(header.strip())
    return Trace(found[1], parent_id=found[2]) if found else Trace(secrets.token_hex(16))


@contextmanager
def traced(request_id: str = "", *, begun: Trace | None = None) -> Iterator[None]:
    """Carry a trace on: `begun` where a request begins it, else the one of this thread with the request id of an act."""
    outer = _current.get()
    own = (
        Trace(outer.trace_id, request_id, parent_id=outer.span_id)
        if outer
        else Trace(secrets.token_hex(16), request_id)
    )
    token = _current.set(begun or own)
    try:
        yield
    finally:
        _current.reset(token)
