"""Partners: their API before the application, and simulated ones beside it with what each side knows (demo, tests)."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.types import Scope

import integrations.endpoints  # noqa: F401  (declares every endpoint)
from deploy.demo.partners import LoadPartners, SimulatedPartner, load_partners, offered_leases
from deploy.sandbox.calls import CALLS
from integrations.cloud_crypto.partner_keys import kept_keys, sandbox_keys
from integrations.provident_fund.simulator import ProvidentFundSimulator
from integrations.simulators import Simulators
from integrations.wire.exchange.receiver import PartnerApi
from integrations.wire.exchange_simulator import Keys, Product
from models.partners import KeyUse
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.house import House
from services.partners.registry import EnrolKey


def partner_keys(settings: Any) -> Callable[[str], Keys]:
    """Return the keys of simulated partners: this installation's own, or the published ones of the sandbox."""
    return sandbox_keys if settings.sandbox else lambda app_id: kept_keys(settings.data_dir / "partner-keys", app_id)


def introduced(simulators: Simulators) -> LoadPartners:
    """The running simulators as the registry takes them."""
    return LoadPartners(
        tuple(
            SimulatedPartner(
                app_id,
                simulators.partner_url(app_id),
                (
                    EnrolKey(one.keys.sig_kid, KeyUse.SIGN, one.keys.sig_public),
                    EnrolKey(one.keys.enc_kid, KeyUse.ENC, one.keys.enc_public),
                ),
            )
            for app_id, one in simulators.partners.items()
        )
    )


def acquaint(door: Door, simulators: Simulators, port: int) -> None:
    """Register the simulators with the product, and tell them its address and their tenants' leases."""
    door.perform(load_partners, SYSTEM, introduced(simulators))
    simulators.connect(product_end(door.house, f"http://127.0.0.1:{port}"))
    for one in simulators.partners.values():
        # Their messages carry the business day, by which the product judges them.
        one.clock = door.clock.now
    fund = simulators.partners["gjj-center"]
    assert isinstance(fund, ProvidentFundSimulator)
    fund.tenancies = door.look(SYSTEM, offered_leases)


def product_end(house: House, url: str) -> Product:
    """This installation as its partners know it; keys are looked up at each use, for they may be rotated."""

    def signing_key(kid: str) -> str:
        return {key.kid: key.public for key in house.crypto.keys("sig") if key.family == "sig.api"}.get(kid, "")

    def encryption_key() -> tuple[str, str]:
        kid = house.crypto.active_kid("enc.api")
        return kid, house.crypto.public_key(kid)

    return Product(url.rstrip("/"), house.environment_id, signing_key, encryption_key)


def sandbox_routers(settings: Any, door: Door, simulators: Simulators | None) -> list[APIRouter]:
    """The sandbox's pages, where this is one; nothing of it exists elsewhere, the OpenAPI document neither (D12)."""
    if not settings.sandbox or settings.mode == "production" or simulators is None:
        return []
    from deploy.sandbox.router import Sandbox

    return [Sandbox(door, simulators, product_end(door.house, settings.reachable_at)).router()]


def open_partner_api(door: Door, front: Any, *, sandbox: bool) -> PartnerApi:
    """Return the partner API behind the front, which ignores callers that bypass the gateway."""
    return PartnerApi(door, enter=_entering(front), watch=CALLS.see if sandbox else None)


def _entering(front: Any) -> Callable[[Scope], str | None]:
    def enter(scope: Scope) -> str | None:
        entry = front.enter(scope)
        if front.required and not (entry.by_gateway and entry.encrypted):
            return None
        return str((scope.get("client") or ("", 0))[0])

    return enter
