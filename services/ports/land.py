"""The land market register's data of a contract, in our words (market 2.17 LandGateway)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from services.ports.answers import Answer


@dataclass(frozen=True)
class LandPayment:
    """An instalment of the price, and what was paid of it."""

    no: int
    amount: Decimal
    due_on: date
    paid_on: date | None = None
    paid_amount: Decimal | None = None


@dataclass(frozen=True)
class LandUsePart:
    """A use with its area and term. `use` is a `LandUse` value."""

    use: str
    area: Decimal
    term_years: int


@dataclass(frozen=True)
class LandContract:
    """A land contract with its parcel and planning conditions. `acquire_mode` and `ring` are values of our codes."""

    contract_no: str
    parcel_no: str
    parcel_name: str
    district_code: str
    street: str
    location: str
    acquire_mode: str
    grantee_name: str
    grantee_uscc: str
    land_area: Decimal
    plate: str = ""
    ring: str = ""
    announcement_no: str = ""
    supervision_no: str = ""
    grantor: str = ""
    signed_on: date | None = None
    total_area: Decimal | None = None
    price_total: Decimal | None = None
    deposit: Decimal | None = None
    far: Decimal | None = None
    far_area: Decimal | None = None
    building_density: Decimal | None = None
    green_ratio: Decimal | None = None
    height_limit: Decimal | None = None
    residential_area: Decimal | None = None
    commercial_area: Decimal | None = None
    office_area: Decimal | None = None
    other_area: Decimal | None = None
    affordable_area: Decimal | None = None
    self_held_area: Decimal | None = None
    public_facility_area: Decimal | None = None
    handover_due_on: date | None = None
    handover_on: date | None = None
    start_due_on: date | None = None
    finish_due_on: date | None = None
    uses: tuple[LandUsePart, ...] = ()
    payments: tuple[LandPayment, ...] = ()
    cadastral_codes: tuple[str, ...] = ()
    as_of: datetime | None = None


class LandRegister(Protocol):
    """土地出让合同: by its number, or by the number of its parcel."""

    def land_contract(self, contract_no: str) -> Answer[LandContract]: ...

    def land_contract_of_parcel(self, parcel_no: str) -> Answer[LandContract]: ...
