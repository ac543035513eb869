"""Words that several papers share: who issues, how a term reads, names and masked numbers."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.access import Account
from models.house import House
from models.normal import printed_cert
from models.tenancy import ContractParty, LeaseContract, LeaseFiling
from models.tenancy_codes import FilingWay, IdType, LeaseMode, Side
from printing.people import Person
from printing.seal import Seal
from services.documents.issuance import public_answer
from services.engine.offices import office_name
from services.engine.work import Work

CITY = "上海市"
_PARTIES = (
    select(ContractParty)
    .where(ContractParty.contract_id == bindparam("id"))
    .order_by(col(ContractParty.side).desc(), col(ContractParty.position))
)

__all__ = ["printed_cert"]


def unit_name(work: Work, unit_id: UUID | None) -> str:
    """The office's name; legacy cases without one were taken by the city's platform."""
    return office_name(work, unit_id) or "上海市住房租赁公共服务平台"


def clerk_name(work: Work, account_id: UUID | None) -> str:
    """The clerk as a paper names him."""
    row = work.first(Account, Account.id == account_id) if account_id else None
    return row.name.plain if row else "系统"


def day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def span_text(start: date, end: date) -> str:
    return f"{day_text(start)}至{day_text(end)}"


def part_name(part_keys: str, mode: LeaseMode | None = None) -> str:
    """The let part in words: `*` is the whole flat, else its rooms, or beds."""
    if part_keys in {"", "*"}:
        return "整套"
    word = "床位" if mode is LeaseMode.BED else "室（间）"
    return "、".join(part_keys.split(",")) + word


def area_words(area: Decimal | None) -> str:
    return "" if area is None else f"{area:,.2f} 平方米"


def parties_of(work: Work, contract_id: UUID) -> list[ContractParty]:
    return list(work.session.exec(_PARTIES, params={"id": contract_id}).all())


def masked_people(parties: list[ContractParty], side: Side) -> tuple[Person, ...]:
    """Names in full, numbers masked, as D2 and D3 carry them (decision 17)."""
    return tuple(
        Person(party.name.plain, IdType.of(party.id_type).label, party.id_no.masked())
        for party in parties
        if party.side is side
    )


def particulars(
    work: Work, contract: LeaseContract, house: House, filing: LeaseFiling, people: list[ContractParty]
) -> dict[str, Any]:
    """Return what a filing notice and a record sheet both say of a filing."""
    shorter = "（短于租赁期限，届满前请重新备案）" if filing.valid_to < contract.end else ""
    return {
        "filing_no": filing.filing_no,
        "contract_no": contract.contract_no or "",
        "lessors": masked_people(people, Side.LESSOR),
        "lessees": masked_people(people, Side.LESSEE),
        "residents": tuple(party.name.plain for party in people if party.side is Side.OCCUPANT),
        "address": CITY + house.address,
        "part": part_name(filing.part_keys, filing.mode),
        "proof_kind": house.proof_kind.label,
        "proof_no": printed_cert(house.cert_no.plain),
        "building_area": area_words(house.build_area),
        "leased_area": area_words(filing.leased_area),
        "use": "居住",
        "term": span_text(contract.start, contract.end),
        "valid": span_text(filing.valid_from, filing.valid_to) + shorter,
        "rent": f"{filing.month_rent:,.2f} 元／月",
        "deal": filing.deal.label,
        "way": filing.way.label,
        "filed_on": day_text(filing.filed_on),
        "accepted_by": unit_name(work, filing.unit_id),
        "clerk": "历史备案" if filing.way is FilingWay.LEGACY else clerk_name(work, filing.clerk_id),
    }


def public_lease(
    unit: str, people: list[ContractParty], house: House, part: str, **valid: date | None
) -> dict[str, object]:
    """Return the public answer of a paper about a lease."""
    parties = [(party.side.label, party.name.plain) for party in people if party.side is not Side.OCCUPANT]
    return public_answer(unit=unit, parties=parties, address=CITY + house.address, part=part, **valid)


def seal_of(work: Work, unit: str, name: str = "租赁合同备案业务专用章") -> Seal:
    return Seal(unit, name, demo=work.house.demo)
