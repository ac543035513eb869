"""A token bucket for each network address, in process, to slow down guessing of codes (H75)."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable


class Throttle:
    """Lets `per_minute` look-ups of one address through, then one whenever its share of a minute is over; 0 is off."""

    def __init__(
        self, per_minute: int, *, clock: Callable[[], float] = time.monotonic, addresses: int = 20_000
    ) -> None:
        self._full = float(per_minute)
        self._clock = clock
        self._addresses = addresses
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str) -> int:
        """0 when the look-up may go on, else the seconds until the next one may."""
        if not self._full:
            return 0
        now, key = self._clock(), _network(address)
        left, since = self._buckets.pop(key, (self._full, now))
        left = min(self._full, left + (now - since) * self._full / 60)
        passed = left >= 1
        self._buckets[key] = (left - 1 if passed else left, now)
        # The longest silent address is forgotten first, so memory is bounded and a full bucket is what is lost.
        if len(self._buckets) > self._addresses:
            self._buckets.popitem(last=False)
        return 0 if passed else math.ceil((1 - left) * 60 / self._full)


def _network(address: str) -> str:
    """Return a household is one /64 of IPv6; counting single addresses there would count nothing."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address
