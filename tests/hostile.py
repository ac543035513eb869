"""What every hostile case ends in: one event with its reason, and nothing of what was sent in audit, log or trace (security.md 7)."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlmodel import col, func, select

from models.audit import AuditEvent
from services.engine.work import Work
from tests.world import World


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def told_once(world: World, event: str, reason: str = "", *, never: Sequence[str] = ()) -> Iterator[None]:
    """Exactly one event is written meanwhile, of this code and reason; none of the words and no trace stands anywhere."""
    before, listener, root = newest(world), _Listener(), logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(listener)
        root.setLevel(level)
    bodies = since(world, before)
    told = [json.loads(body) for body in bodies]
    assert [(one["evt"], one["rsn"]) for one in told] == [(event, reason)], told
    heard = "\n".join([*bodies, *listener.lines])
    assert "Traceback" not in heard
    assert [word for word in never if word in heard] == []


def newest(world: World) -> int:
    """The number of the newest event."""
    found: int = world.read(lambda work: work.session.exec(select(func.max(AuditEvent.seq))).one()) or 0
    return found


def since(world: World, seq: int) -> list[str]:
    """The events after one, as they were written."""

    def read(work: Work) -> list[Any]:
        later = select(AuditEvent.body).where(AuditEvent.seq > seq).order_by(col(AuditEvent.seq))
        return list(work.session.exec(later).all())

    return world.read(read)  # type: ignore[no-any-return]
