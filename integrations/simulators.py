"""All simulators behind one address on loopback, in a thread of their own."""

import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from integrations.cloud_crypto.partner_keys import sandbox_keys
from integrations.systems import outside_systems, partner_groups, system_names
from integrations.wire.exchange_simulator import ExchangeSimulator, Keys, Product
from integrations.wire.loopback import Loopback, Waiting
from integrations.wire.records import Records, read_records
from integrations.wire.simulator import Ground, Simulator


class NotInProduction(RuntimeError):
    """Simulators answer with invented facts and must never run beside real ones."""


class Simulators:
    """The running simulators; `start` once, `stop` at the end."""

    def __init__(
        self,
        *,
        mode: str = "",
        latency_ms: int = 0,
        port: int = 0,
        partner_keys: Callable[[str], Keys] = sandbox_keys,
    ) -> None:
        """Make the simulators. `partner_keys` returns the keys of an app id; those of the sandbox are public."""
        self._mode = mode
        self.partners = {one.keys.app_id: one for one in _partners(partner_keys)}
        self._latency_ms = latency_ms
        self._port = port
        self._served: Loopback | None = None

    def start(self, data_dir: Path) -> None:
        """Serve every simulator on loopback from the tables of a folder; returns when they answer."""
        if "production" in {self._mode.strip().lower(), os.environ.get("MODE", "").strip().lower()}:
            raise NotInProduction("simulators do not start in production")
        if self._served is not None:
            raise RuntimeError("simulators run already")
        ground = Ground(
            data_dir,
            _records(data_dir),
            self._latency_ms,
            self._mode == "demo",
            lambda app_id, text: self.partners[app_id].keys.sign(text),
            lambda app_id: self.partners[app_id].keys.sig_public,
        )
        asked = (Waiting(system.name, partial(system.simulator, ground)) for system in outside_systems())
        simulators: list[Simulator | Waiting] = [*asked, *self.partners.values()]
        self._served = Loopback(simulators, port=self._port)
        self._port = self._served.port

    def base_url(self, system: str) -> str:
        """Return where a system answers, by the name of its package."""
        if self._served is None:
            raise RuntimeError("simulators do not run")
        if system not in system_names():
            raise KeyError(system)
        return self._served.url(system)

    def urls(self) -> dict[str, str]:
        """Every system's address."""
        return {system: self.base_url(system) for system in system_names()}

    def partner_url(self, app_id: str) -> str:
        """Return where a simulated partner takes our messages."""
        if self._served is None:
            raise RuntimeError("simulators do not run")
        return self._served.url(self.partners[app_id].name)

    def connect(self, product: Product) -> None:
        """Give every simulated partner the product's address."""
        for partner in self.partners.values():
            partner.connect(product)

    def live(self) -> None:
        """Let the partners do what they would do by themselves: answer, pay, send what waits."""
        for partner in self.partners.values():
            partner.live()

    def stop(self) -> None:
        """Stop serving; a second call does nothing."""
        if self._served is not None:
            self._served.stop()
            self._served = None


def _partners(keys: Callable[[str], Keys]) -> tuple[ExchangeSimulator, ...]:
    return tuple(partner for group in partner_groups() for partner in group.simulators(keys))


@cache
def _read_once(data_dir: Path, tables: tuple[Path, ...]) -> Records:
    # Half of what starting them takes; tests start them for every file of theirs.
    return read_records(data_dir, *tables)


def _records(data_dir: Path) -> Records:
    return _read_once(data_dir, tuple(table for system in outside_systems() for table in system.tables)).copied()
