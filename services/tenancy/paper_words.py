"""Words that several papers share: who issues, how a term reads, names and masked numbers."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from models.access import Account, OrgUnit
from models.normal import printed_cert
from models.tenancy import ContractParty
from models.tenancy_codes import IdType, LeaseMode, Side
from printing.people import Person
from printing.seal import Seal
from services.engine.work import Work

CITY = "上海市"

__all__ = ["printed_cert"]


def unit_name(work: Work, unit_id: UUID | None) -> str:
    """The office's name; legacy cases without one were taken by the city's platform."""
    name = work.session.exec(select(OrgUnit.name).where(OrgUnit.id == unit_id)).first() if unit_id else None
    return name or "上海市住房租赁公共服务平台"


def clerk_name(work: Work, account_id: UUID | None) -> str:
    """The clerk as a paper names him."""
    row = work.session.exec(select(Account).where(Account.id == account_id)).first() if account_id else None
    return row.name.plain if row else "系统"


def day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def span_text(start: date, end: date) -> str:
    return f"{day_text(start)}至{day_text(end)}"


def part_name(mode: LeaseMode, part_keys: str) -> str:
    if part_keys in {"", "*"}:
        return "整套"
    word = "床位" if mode is LeaseMode.BED else "室（间）"
    return "、".join(part_keys.split(",")) + word


def area_words(area: Decimal | None) -> str:
    return "" if area is None else f"{area:,.2f} 平方米"


def parties_of(work: Work, contract_id: UUID) -> list[ContractParty]:
    return list(
        work.session.exec(
            select(ContractParty)
            .where(ContractParty.contract_id == contract_id)
            .order_by(col(ContractParty.side).desc(), col(ContractParty.position))
        ).all()
    )


def masked_people(parties: list[ContractParty], side: Side) -> tuple[Person, ...]:
    """Names in full, numbers masked, as D2 and D3 carry them (decision 17)."""
    return tuple(
        Person(party.name.plain, IdType.of(party.id_type).label, party.id_no.masked())
        for party in parties
        if party.side is side
    )


def seal_of(work: Work, unit: str, name: str = "租赁合同备案业务专用章") -> Seal:
    return Seal(unit, name, demo=work.house.demo)


def public_parties(parties: list[ContractParty]) -> list[tuple[str, str]]:
    """Sides and full names of the contract's two sides; `public_answer` masks them."""
    return [(party.side.label, party.name.plain) for party in parties if party.side is not Side.OCCUPANT]
