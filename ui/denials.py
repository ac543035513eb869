"""Refused requests of unknown callers are logged, limited so that they cannot fill the audit (D09, D12)."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door

log = logging.getLogger("shenfang.ui")

_WINDOW, _MOST, _PLACES = 60.0, 20, 2000


@dataclass
class _Told:
    since: float
    times: int = 0
    left_out: int = 0


class Denials:
    """Logs requests refused before sign-in: some a minute for each address and reason, the others as a count."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._told: OrderedDict[tuple[str, str], _Told] = OrderedDict()
        self._lock = Lock()
        self._writing: set[asyncio.Task[None]] = set()

    def tell(self, reason: str, address: str, caller: Caller | None = None, *, act: str = "ui.guard") -> None:
        """Write one AUTHZ.DENY in the background; what was refused is refused already."""
        left_out = self._count(address, reason)
        if left_out is None:
            return
        who = caller or Caller(SYSTEM.name, SYSTEM.scopes, address=address[:64])
        task = asyncio.create_task(asyncio.to_thread(self._write, who, act, reason, left_out), name="tell of a denial")
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    def _write(self, who: Caller, act: str, reason: str, left_out: int) -> None:
        detail = {"left_out": left_out} if left_out else {}
        try:
            self._door.tell(who, "AUTHZ.DENY", act, result="deny", reason=reason, severity=3, detail=detail)
        except Exception as problem:
            log.error("a denial could not be told: %s", type(problem).__qualname__)

    def _count(self, address: str, reason: str) -> int | None:
        """Return how many were left out since the last logged one, or None when this one is left out too."""
        now = monotonic()
        with self._lock:
            told = self._told.setdefault((address, reason), _Told(now))
            self._told.move_to_end((address, reason))
            if len(self._told) > _PLACES:
                self._told.popitem(last=False)
            left_out = 0
            if now - told.since > _WINDOW:
                left_out, told.since, told.times, told.left_out = told.left_out, now, 0, 0
            told.times += 1
            if told.times > _MOST:
                told.left_out += 1
                return None
            return left_out
