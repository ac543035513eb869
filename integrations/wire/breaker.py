"""Circuit breaker: a system that times out is not asked for a while; silence and answers of no use raise an alarm (H64)."""

import logging
from collections.abc import Callable
from threading import Lock, Thread
from time import monotonic

log = logging.getLogger("shenfang.wire")

_IN_A_ROW = 5
_REST_SECONDS = 15.0


class Breaker:
    """Opens after several timeouts in a row; after a pause a single question is let through as a trial."""

    def __init__(
        self,
        source: str,
        *,
        in_a_row: int = _IN_A_ROW,
        rest: float = _REST_SECONDS,
        clock: Callable[[], float] = monotonic,
        told: Callable[[str, str], object] | None = None,
    ) -> None:
        """`told` is called with the source's name when the breaker opens, and with why when its answers are of no use."""
        self.told = told
        self._source, self._in_a_row, self._rest, self._clock = source, in_a_row, rest, clock
        self._failed = self._useless = 0
        self._closed_until = 0.0
        self._lock = Lock()

    @property
    def is_open(self) -> bool:
        """Return whether the breaker is open; an answered trial closes it."""
        return self._failed >= self._in_a_row

    def lets_through(self) -> bool:
        """Return whether a question may be asked now; a running trial holds back the others."""
        with self._lock:
            if self._failed < self._in_a_row:
                return True
            if self._clock() < self._closed_until:
                return False
            self._closed_until = self._clock() + self._rest
            return True

    def answered(self) -> None:
        """Record an answer, whatever its content, and close the breaker."""
        with self._lock:
            self._failed = 0

    def waited_in_vain(self) -> None:
        """Record a timeout or a failed connection."""
        with self._lock:
            self._failed += 1
            opened = self._failed == self._in_a_row
            if self._failed >= self._in_a_row:
                self._closed_until = self._clock() + self._rest
        if opened:
            log.warning("%s does not answer; it is asked again after a rest", self._source)
            self._tell()

    def understood(self) -> None:
        """Record an answer that could be used."""
        self._useless = 0

    def useless(self, why: str) -> None:
        """Record an answer that could not be used; it keeps no caller waiting, so questions are asked as before."""
        with self._lock:
            self._useless += 1
            told = self._useless == self._in_a_row
        if told:
            log.warning("%s gives answers that cannot be used: %s", self._source, why)
            self._tell(why)

    def _tell(self, why: str = "") -> None:
        if self.told is not None:
            # The thread that waits for the answer does not wait for the alarm.
            Thread(target=_told_safely, args=(self.told, self._source, why), name="wire-alarm", daemon=True).start()


def _told_safely(told: Callable[[str, str], object], source: str, why: str) -> None:
    try:
        told(source, why)
    except Exception:
        log.exception("nobody could be told of a silent system")
