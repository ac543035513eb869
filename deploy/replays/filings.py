"""Filings that a record of elsewhere says were made: rows as the register holds them, not judged again."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import select

from models.house import House
from models.sealed import Sealed
from models.tenancy import ContractParty, FilingPart, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    FILING,
    ApplicantSide,
    CancelReason,
    Channel,
    ContractState,
    DealKind,
    FilingState,
    FilingWay,
    LeaseMode,
    PartyKind,
    Side,
)
from services.engine.steps import take_step
from services.engine.work import Work

#: Name, kind of document, number.
Person = tuple[str, str, str]


@dataclass(frozen=True)
class FiledLease:
    """A filing by its number; `parts` is `*` for the whole flat, or room numbers joined by commas."""

    filing_no: str
    house_code: str
    parts: str
    deal: str
    lessors: tuple[Person, ...]
    lessees: tuple[Person, ...]
    start: date
    end: date
    filed_on: date | None = None


def file_lease(work: Work, lease: FiledLease) -> LeaseFiling:
    """Write a filing in force with its contract and parties.

    It holds no part against others: a month that was recorded may have what today's rules would refuse.
    """
    house = work.held(select(House).where(House.house_code == lease.house_code)).one()
    house.last_ticket += 1
    work.add(house)
    place: dict[str, Any] = {"district_code": house.district_code, "street_code": house.street_code}
    mode = LeaseMode.WHOLE if lease.parts == "*" else LeaseMode.ROOM
    deal, filed_on = DealKind.of(lease.deal), lease.filed_on or work.today
    contract = LeaseContract(
        contract_no=f"HT-{lease.filing_no}"[:40],
        house_id=house.id,
        mode=mode,
        deal=deal,
        rooms=lease.parts,
        start=lease.start,
        end=lease.end,
        signed_on=filed_on,
        month_rent=Decimal(0),
        deposit=Decimal(0),
        form=Sealed.of_json({}),
        channel=Channel.BATCH,
        state=ContractState.EFFECTIVE,
        **place,
    )
    work.add(contract)
    for side, persons in ((Side.LESSOR, lease.lessors), (Side.LESSEE, lease.lessees)):
        for position, (name, id_type, id_no) in enumerate(persons, 1):
            work.add(
                ContractParty(
                    contract_id=contract.id,
                    side=side,
                    position=position,
                    kind=PartyKind.PERSON,
                    name=Sealed.of(name),
                    id_type=id_type,
                    id_no=Sealed.of(id_no),
                )
            )
    filing = LeaseFiling(
        filing_no=lease.filing_no,
        contract_id=contract.id,
        house_id=house.id,
        ticket=house.last_ticket,
        mode=mode,
        part_keys=lease.parts,
        valid_from=lease.start,
        valid_to=lease.end,
        month_rent=Decimal(0),
        leased_area=house.build_area,
        persons=len(lease.lessees),
        way=FilingWay.COMBINED,
        side=ApplicantSide.BOTH,
        deal=deal,
        channel=Channel.BATCH,
        filed_on=filed_on,
        filed_at=work.now,
        state=FilingState.ACTIVE,
        retain_until=lease.end,
        **place,
    )
    work.add(filing)
    for part in dict.fromkeys(lease.parts.split(",")):
        work.add(
            FilingPart(
                filing_id=filing.id,
                house_id=house.id,
                part_key=part,
                valid_from=lease.start,
                valid_to=lease.end,
                holds=False,
                persons=len(lease.lessees),
            )
        )
    work.session.flush()
    return filing


def end_lease(work: Work, filing_no: str) -> LeaseFiling:
    """End a filing on this day, as its register says."""
    filing = work.session.exec(select(LeaseFiling).where(LeaseFiling.filing_no == filing_no)).one()
    take_step(work, filing, FILING, "cancel", reason=CancelReason.EARLY_BOTH.value)
    filing.cancel_reason, filing.ended_on = CancelReason.EARLY_BOTH.value, work.today
    work.add(filing)
    work.session.flush()
    return filing
