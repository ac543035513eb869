"""Leases of pilot firms in any number: filed, in force, each with a tenant of his own, as a drill needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.enterprise import Enterprise
from models.house import House
from models.identity import id_check_character
from models.sealed import Sealed
from models.tenancy import ContractParty, FilingPart, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    ApplicantSide,
    Channel,
    ContractState,
    DealKind,
    FilingState,
    FilingWay,
    LeaseMode,
    LicenceState,
    PartyKind,
    Side,
)
from services.engine.clock import SHANGHAI
from services.engine.numbering import check_digit
from services.engine.work import Work

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安邦承德恩凡谷涵佳凯岚铭宁沛启然思桐维希妍泽"


@dataclass(frozen=True)
class Lease:
    """A filed lease as its tenant knows it, and the firm that let the flat."""

    filing_no: str
    contract_no: str
    enterprise_id: UUID
    tenant: str
    id_no: str
    month_rent: Decimal
    start: date
    end: date


def let_flats(
    work: Work, firms: Sequence[Enterprise], count: int, start: date, end: date, seed: int, *, first: int = 0
) -> list[Lease]:
    """File `count` leases of whole flats nobody has let, the firms in turn; the same seed gives the same people and rents.

    `first` is the number of the first tenant, so that several calls have different people.
    """
    chance = Random(seed + first)
    free = select(House).where(House.last_ticket == 0).order_by(col(House.house_code)).limit(count)
    houses = work.session.exec(free).all()
    if len(houses) < count:
        raise ValueError(f"the library has {len(houses)} free flats only")
    return [
        _let(work, house, firms[place % len(firms)], place, start, end, chance)
        for place, house in enumerate(houses, first)
    ]


def _let(work: Work, house: House, firm: Enterprise, place: int, start: date, end: date, chance: Random) -> Lease:
    digits = f"{house.district_code}{start:%y%m%d}8{place:05d}"
    signed = start - timedelta(days=3)
    rent = Decimal(chance.randrange(180_000, 900_000)) / 100
    tenant = chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(_GIVEN)
    first = f"310115{1970 + place % 30}{1 + place % 12:02d}{1 + place % 28:02d}{place % 1000:03d}"
    id_no = first + id_check_character(first)
    common: dict[str, Any] = {
        "district_code": house.district_code,
        "street_code": house.street_code,
        "enterprise_id": firm.id,
    }
    contract_no = f"HT{digits}{check_digit(digits)}"
    contract = LeaseContract(
        contract_no=contract_no,
        house_id=house.id,
        mode=LeaseMode.WHOLE,
        deal=DealKind.ENTERPRISE,
        rooms="*",
        start=start,
        end=end,
        signed_on=signed,
        month_rent=rent,
        deposit=rent,
        form=Sealed.of_json({"legacy": True}),
        paper_only=True,
        channel=Channel.ENT,
        state=ContractState.EFFECTIVE,
        **common,
    )
    work.add(contract)
    for side, kind, id_type, name, number in (
        (Side.LESSOR, PartyKind.ORG, "51", firm.name, firm.uscc),
        (Side.LESSEE, PartyKind.PERSON, "11", tenant, id_no),
    ):
        work.add(
            ContractParty(
                contract_id=contract.id,
                side=side,
                kind=kind,
                name=Sealed.of(name),
                id_type=id_type,
                id_no=Sealed.of(number),
            )
        )
    house.last_ticket += 1
    work.add(house)
    filing = LeaseFiling(
        filing_no=f"BA{digits}{check_digit(digits)}",
        contract_id=contract.id,
        house_id=house.id,
        ticket=house.last_ticket,
        mode=LeaseMode.WHOLE,
        part_keys="*",
        valid_from=start,
        valid_to=end,
        month_rent=rent,
        leased_area=house.build_area,
        persons=1,
        way=FilingWay.COMBINED,
        side=ApplicantSide.BOTH,
        deal=DealKind.ENTERPRISE,
        channel=Channel.ENT,
        licence_state=LicenceState.ISSUED,
        filed_on=signed,
        filed_at=datetime.combine(signed, time(10), SHANGHAI),
        state=FilingState.ACTIVE,
        retain_until=end + timedelta(days=730),
        **common,
    )
    work.add(filing)
    work.add(
        FilingPart(
            filing_id=filing.id,
            house_id=house.id,
            part_key="*",
            valid_from=start,
            valid_to=end,
            persons=1,
        )
    )
    return Lease(filing.filing_no, contract_no, firm.id, tenant, id_no, rent, start, end)
