"""A firm with an account, leases and mandates, for tests of pages."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.enterprise import Enterprise, EnterpriseKey, KeyState
from models.house import House
from models.sealed import Sealed
from models.tenancy import LeaseFiling
from services.access.access_list_signature import sign_pending
from services.engine.work import Work
from tests.firms_made import sign_up
from tests.partner.leases import Lease, _let
from tests.services.direct_pay.mandates import Mandates
from tests.world import World

LOGIN, HERE, THERE = "zulin01", "310115", "310104"
KEY = "UK-0001"
_LEASES = 24


@dataclass
class Firm:
    """The firm of one district; `mandate` gives a mandate over a lease of its own."""

    mandates: Mandates
    leases: list[Lease]

    @property
    def world(self) -> World:
        return self.mandates.world

    def mandate(self, **more: Any) -> UUID:
        lease = self.leases.pop()
        filing_id = self.world.read(
            lambda work: work.session.exec(select(LeaseFiling.id).where(LeaseFiling.filing_no == lease.filing_no)).one()
        )
        values: dict[str, Any] = {
            "filing_id": filing_id,
            "filing_no": lease.filing_no,
            "contract_no": lease.contract_no,
            "monthly_rent": lease.month_rent,
            "tenant": Sealed.of(lease.tenant),
            "tenant_id_no": Sealed.of(lease.id_no),
            "draw_from": f"{lease.start:%Y-%m}",
            "draw_to": f"{lease.end:%Y-%m}",
        }
        return self.mandates.mandate(HERE, **values | more)


def found_firm(world: World) -> Firm:
    """Two firms, an account of the first one, and leases that began last month."""
    mandates = Mandates(world)
    today = world.door.clock.today()
    start = date(today.year, today.month, 1)

    def let(work: Work) -> list[Lease]:
        firm = work.session.exec(select(Enterprise).where(Enterprise.id == mandates.firms[HERE])).one()
        _account(work, firm)
        taken = set(work.session.exec(select(LeaseFiling.house_id)).all())
        # From the end of the library; leases of other tests are taken from its beginning.
        houses = work.session.exec(select(House).order_by(col(House.house_code).desc())).all()
        free = [house for house in houses if house.id not in taken][:_LEASES]
        end = date(start.year + 1, start.month, 1)
        return [_let(work, house, firm, 500 + place, start, end, Random(place)) for place, house in enumerate(free)]

    leases = world.act(let)
    sign_pending(world.door)
    return Firm(mandates, leases)


def _account(work: Work, firm: Enterprise) -> None:
    sign_up(work, firm, LOGIN)
    work.add(
        EnterpriseKey(
            enterprise_id=firm.id,
            serial=KEY,
            valid_from=date(2020, 1, 1),
            valid_to=date(2099, 12, 31),
            state=KeyState.VALID,
        )
    )
