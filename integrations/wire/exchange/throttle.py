"""Throttle for unknown senders: few tries a second from an address, few audit events (security.md 4.3, 8)."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

PER_SECOND = 10
_ADDRESSES = 10_000
_TOLD_EVERY = 60.0


@dataclass
class _Stranger:
    tokens: float
    at: float
    told_at: float = -_TOLD_EVERY
    untold: int = 0


class Strangers:
    """Failed tries by address. Memory is bounded: the address not seen for longest is forgotten first."""

    def __init__(self, per_second: int = PER_SECOND, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._clock = per_second, clock
        self._known: OrderedDict[str, _Stranger] = OrderedDict()
        self._lock = Lock()
        self._told: list[float] = []

    def may_try(self, address: str) -> bool:
        """Return whether this address has tries left; addresses without failures always have."""
        with self._lock:
            stranger = self._known.get(address)
            return stranger is None or self._filled(stranger).tokens >= 1

    def failed(self, address: str) -> None:
        """Record a failed identification from this address."""
        with self._lock:
            stranger = self._filled(self._of(address))
            stranger.tokens = max(0.0, stranger.tokens - 1)

    def to_tell(self, address: str) -> int:
        """Return the number of failures to log in the audit now, 0 shortly after the last event of this address."""
        with self._lock:
            stranger, now = self._of(address), self._clock()
            stranger.untold += 1
            self._told = [at for at in self._told if now - at < _TOLD_EVERY]
            # Many addresses at once are one attack: an event each would fill the audit as well.
            if now - stranger.told_at < _TOLD_EVERY or len(self._told) >= _TOLD_EVERY:
                return 0
            count, stranger.untold, stranger.told_at = stranger.untold, 0, now
            self._told.append(now)
            return count

    def _of(self, address: str) -> _Stranger:
        stranger = self._known.get(address)
        if stranger is None:
            stranger = self._known[address] = _Stranger(self._rate, self._clock())
            while len(self._known) > _ADDRESSES:
                self._known.popitem(last=False)
        self._known.move_to_end(address)
        return stranger

    def _filled(self, stranger: _Stranger) -> _Stranger:
        now = self._clock()
        stranger.tokens = min(float(self._rate), stranger.tokens + (now - stranger.at) * self._rate)
        stranger.at = now
        return stranger
