"""The provider made that of the process: its keys seal, and a change of them is followed."""

from collections.abc import Callable
from typing import Protocol

from models.sealing import KeyRing, LocalSealer
from services.ports.crypto import Crypto


class Provider(Crypto, Protocol):
    """A provider as main.py holds it."""

    @property
    def banner(self) -> str | None:
        """Return the warning for every page, if any."""
        ...

    def sealer(self) -> LocalSealer:
        """A sealer over its keys as they are now."""
        ...

    def tell_breaks_to(self, told: Callable[[str], object]) -> None:
        """Call `told` with the name of the crypto service when it does not answer."""
        ...


class Bound:
    """The provider of this process and the sealer over its keys."""

    def __init__(self, provider: Provider) -> None:
        self.provider, self.sealer = provider, provider.sealer()
        self._ring: KeyRing = provider.key_ring()

    def follow(self) -> None:
        """Hold the newest keys: what the worker has rotated, the web process uses seconds later."""
        self.provider.refresh()
        ring = self.provider.key_ring()
        if ring is not self._ring:
            self._ring = ring
            self.sealer.hold(ring)
