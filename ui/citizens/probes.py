"""Slowing down prechecks of one address before anything is asked, and reporting an address that goes on (row 4)."""

from collections import OrderedDict
from collections.abc import Callable

from ui.public.throttle import Throttle

#: Refused checks of an address at which it is reported: soon, and again whenever they are ten times as many.
_REPORTED = frozenset({20, 200, 2_000, 20_000, 200_000})
_ADDRESSES = 20_000


class ProbeGate:
    """Lets so many checks of an address through in a minute; `report` is called with an address that goes on probing."""

    def __init__(
        self, per_minute: int, report: Callable[[str, int], None], *, clock: Callable[[], float] | None = None
    ) -> None:
        self._throttle = Throttle(per_minute) if clock is None else Throttle(per_minute, clock=clock)
        self._report = report
        self._refused: OrderedDict[str, int] = OrderedDict()

    def wait(self, address: str) -> int:
        """0 when the check may go on, else the seconds until the next one may."""
        wait = self._throttle.wait(address)
        if wait:
            times = self._refused.pop(address, 0) + 1
            self._refused[address] = times
            if len(self._refused) > _ADDRESSES:
                self._refused.popitem(last=False)
            if times in _REPORTED:
                self._report(address, times)
        return wait
