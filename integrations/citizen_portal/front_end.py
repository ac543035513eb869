"""The portal's front end for demo, tests and sandbox: it asks for prechecks under the portal's app id."""

from typing import Any

from integrations.wire.exchange_simulator import Answered, ExchangeSimulator, Keys, key_of


class PortalFrontEndSimulator(ExchangeSimulator):
    """The portal's own front end under the app id of its keys."""

    def __init__(self, keys: Keys, title: str, *, latency_ms: int = 0) -> None:
        super().__init__(f"citizen_portal/{keys.app_id}", title, keys, latency_ms=latency_ms)
        self._asked = 0

    def precheck(self, **home: Any) -> Answered:
        """Ask for a precheck."""
        with self.lock:
            self._asked += 1
            number = self._asked
        return self.ask("/precheck", home, key=key_of(f"QZ-{self.now():%H%M%S}-{number:06d}"))
