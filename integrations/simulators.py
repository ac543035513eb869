"""All simulators behind one address on loopback, in a thread of their own; and the clients that ask them, or the real ones."""

import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from integrations.broker_association.blacklist_client import BlacklistClient
from integrations.broker_association.blacklist_simulator import BlacklistSimulator
from integrations.broker_association.simulator import BrokerAssociationSimulator
from integrations.cloud_crypto.partner_keys import sandbox_keys
from integrations.district_platform.simulator import DistrictPlatformSimulator
from integrations.legal_entities.client import LegalEntitiesClient
from integrations.legal_entities.simulator import EXAMPLES as ENTITY_EXAMPLES
from integrations.legal_entities.simulator import STORY, LegalEntitiesSimulator
from integrations.licence_library.client import LicenceLibraryClient
from integrations.licence_library.simulator import LicenceLibrarySimulator
from integrations.one_map.client import OneMapClient
from integrations.one_map.simulator import OneMapSimulator
from integrations.police.client import PoliceClient
from integrations.police.simulator import PoliceSimulator
from integrations.property_register.client import PropertyRegisterClient
from integrations.property_register.simulator import EXAMPLES as TITLE_EXAMPLES
from integrations.property_register.simulator import PropertyRegisterSimulator
from integrations.provident_fund.simulator import ProvidentFundSimulator
from integrations.public_housing.client import PublicHousingClient
from integrations.public_housing.simulator import EXAMPLES as TENANCY_EXAMPLES
from integrations.public_housing.simulator import PublicHousingSimulator
from integrations.rental_company.simulator import RentalCompanySimulator
from integrations.short_messages.client import ShortMessagesClient
from integrations.short_messages.simulator import ShortMessagesSimulator
from integrations.wire.client import DEFAULT_TIMEOUT, Timeout
from integrations.wire.exchange.client import ExchangeClient
from integrations.wire.exchange_simulator import ExchangeSimulator, Keys, Product
from integrations.wire.loopback import Loopback
from integrations.wire.outbound import Outside
from integrations.wire.records import Records, read_records
from integrations.wire.simulator import Simulator
from services.ports.systems import Systems

#: Every system by the name of its package; the association's list by its own, for the association is a partner.
SYSTEMS = (
    "property_register",
    "police",
    "public_housing",
    "legal_entities",
    "licence_library",
    "one_map",
    "short_messages",
    "blacklist",
)


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
        """Make the simulators. `partner_keys` returns a simulated partner's keys by app id; those of the sandbox are
        public.
        """
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
        story = STORY if self._mode == "demo" else None
        simulators = (*_simulators(data_dir, self._latency_ms, story), *self.partners.values())
        self._served = Loopback(simulators, port=self._port)
        self._port = self._served.port

    def base_url(self, system: str) -> str:
        """Return where a system answers, by the name of its package."""
        if self._served is None:
            raise RuntimeError("simulators do not run")
        if system not in SYSTEMS:
            raise KeyError(system)
        return self._served.url(system)

    def urls(self) -> dict[str, str]:
        """Every system's address."""
        return {system: self.base_url(system) for system in SYSTEMS}

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


def systems_at(
    urls: Mapping[str, str],
    outside: Outside,
    timeout: Timeout = DEFAULT_TIMEOUT,
    *,
    exchange: ExchangeClient | None = None,
) -> Systems:
    """The clients of every system at these addresses, simulated or real; one set serves a whole process."""
    return Systems(
        property_register=PropertyRegisterClient(urls["property_register"], outside, timeout),
        police=PoliceClient(urls["police"], outside, timeout),
        public_housing=PublicHousingClient(urls["public_housing"], outside, timeout),
        legal_entities=LegalEntitiesClient(urls["legal_entities"], outside, timeout),
        licence_library=LicenceLibraryClient(urls["licence_library"], outside, timeout),
        permits=OneMapClient(urls["one_map"], outside, timeout),
        # An installation without a platform for short messages has no address of one.
        short_messages=ShortMessagesClient(urls["short_messages"], outside, timeout)
        if "short_messages" in urls
        else None,
        exchange=exchange,
        # Without it every application for a card waits, for nobody may be passed unasked (K03).
        blacklist=BlacklistClient(urls["blacklist"], outside, timeout) if "blacklist" in urls else None,
    )


def _partners(keys: Callable[[str], Keys]) -> tuple[ExchangeSimulator, ...]:
    firms = (("qy-huyu", "沪寓公寓（模拟）"), ("qy-tuju", "途居公寓（模拟）"), ("qy-jiangpan", "江畔寓所（模拟）"))
    return (
        ProvidentFundSimulator(keys("gjj-center")),
        *(RentalCompanySimulator(keys(app_id), title) for app_id, title in firms),
        BrokerAssociationSimulator(keys("broker-assoc")),
        DistrictPlatformSimulator(keys("district-310115")),
    )


@cache
def _read_once(data_dir: Path) -> Records:
    # Half of what starting them takes; tests start them for every file of theirs.
    return read_records(data_dir, TITLE_EXAMPLES, TENANCY_EXAMPLES, ENTITY_EXAMPLES)


def _simulators(data_dir: Path, latency_ms: int, story: Path | None) -> tuple[Simulator, ...]:
    records = _read_once(data_dir).copied()
    return (
        PropertyRegisterSimulator(records, latency_ms=latency_ms),
        PoliceSimulator(records, latency_ms=latency_ms),
        PublicHousingSimulator(records, latency_ms=latency_ms),
        LegalEntitiesSimulator(records, data_dir, latency_ms=latency_ms, story=story),
        LicenceLibrarySimulator(records, latency_ms=latency_ms),
        OneMapSimulator(latency_ms=latency_ms),
        ShortMessagesSimulator(latency_ms=latency_ms),
        BlacklistSimulator(data_dir, latency_ms=latency_ms),
    )
