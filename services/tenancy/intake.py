"""One-screen intake: from a read or typed number to the person's houses, leases, filings and open cases (row 6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from models.access import OrgUnit
from models.house import House, HouseOwner
from models.masking import mask
from models.normal import normal
from models.places_data import district
from models.privacy import Shown
from models.sealed import index_of, indexes_of
from models.tenancy import ContractParty, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import OPEN_CASES, ContractState, IdType, Side
from services.access.matches import CARD, DOCUMENT, open_person, open_record, person_is_open, whole_number
from services.access.visibility import CLERKS
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.list_pages import lines_of
from services.engine.listings import Line
from services.engine.refusals import NotFound, Rejected
from services.engine.registry import action
from services.engine.work import Work
from services.ports.answers import Answer, PublicTenancy, Title
from services.ports.systems import PROPERTY_REGISTER, PUBLIC_HOUSING
from services.privacy.accesses import note_access
from services.tenancy.endings import filing_state_text
from services.tenancy.fact_sources import SourceAge
from services.tenancy.listings import CASES
from services.tenancy.paper_words import part_name

_FORMER = "原权利人"
NOT_FOUND = "没有查到与该证件号码相符的记录，请核对编号和证件号码"


@dataclass(frozen=True)
class ReadPerson:
    """`how` is CARD when the reader read it, TYPED when the clerk typed it."""

    id_no: str
    id_type: IdType = IdType.ID_CARD
    name: str = ""
    how: str = "TYPED"


@dataclass(frozen=True)
class HouseLine:
    """A house of the person: what the register says of it."""

    house_code: str
    cert_no: str
    address: str
    area: str
    use: str
    category: str
    holding: str
    restrictions: tuple[str, ...]
    room: str = ""


@dataclass(frozen=True)
class LeaseLine:
    """A lease of the person, with its filing if it has one."""

    contract_id: UUID
    contract_no: str
    filing_no: str
    address: str
    part: str
    capacity: str
    start: date
    end: date
    state: str
    unit: str


@dataclass(frozen=True)
class PersonOverview:
    id_no: str
    name: str
    houses: tuple[HouseLine, ...] = ()
    leases: tuple[LeaseLine, ...] = ()
    cases: Sequence[Line] = ()
    sources: tuple[SourceAge, ...] = ()


@dataclass(frozen=True)
class _Registers:
    titles: Answer[tuple[Title, ...]]
    tenancies: Answer[tuple[PublicTenancy, ...]]


def _ask_registers(gathering: Gathering, order: ReadPerson) -> _Registers:
    number = normal("id_no", order.id_no)
    questions: dict[str, tuple[str, Callable[[], Answer[Any]]]] = {
        "titles": ("不动产登记", lambda: gathering.systems.at(PROPERTY_REGISTER).titles_of_person(number)),
        "tenancies": ("公房系统", lambda: gathering.systems.at(PUBLIC_HOUSING).tenancies_of_person(number)),
    }
    answers = together(questions, deadline=0.9)
    return _Registers(answers["titles"], answers["tenancies"])


@action("intake.read_person", "读取身份", roles=CLERKS, gather=_ask_registers, event="PII.READ")
def read_person(work: Work, order: ReadPerson, registers: _Registers) -> PersonOverview:
    """Open the person to this clerk until tonight and show what we and the registers know of him.

    A register that does not answer within a second leaves our own snapshot, with its age.
    """
    number = whole_number(order.id_no)
    open_person(work, number, order.how)
    indexes = indexes_of(work.sealer, "id_no", number)
    note_access(
        work, [index_of(work.sealer, "id_no", number)], "intake.read_person", Shown.FULL, purpose="本人在窗口办理"
    )
    houses, sources = _houses(work, number, indexes, registers)
    leases = _leases(work, indexes)
    return PersonOverview(
        id_no=number,
        name=order.name or _known_name(work, indexes, number, registers),
        houses=houses,
        leases=leases,
        cases=_cases(work, [line.contract_id for line in leases]),
        sources=(*sources, SourceAge("本系统备案库", "实时", work.now, 0)),
    )


def _known_name(work: Work, indexes: list[str], number: str, registers: _Registers) -> str:
    if registers.titles.value:
        for title in registers.titles.value:
            for holder in (*title.holders, *title.former_holders):
                if normal("id_no", holder.id_no) == number:
                    return holder.name
    for tenancy in registers.tenancies.value or ():
        if normal("id_no", tenancy.holder.id_no) == number:
            return tenancy.holder.name
    party = work.first(ContractParty, col(ContractParty.id_no_index).in_(indexes))
    return party.name.plain if party else ""


def _houses(
    work: Work, number: str, indexes: list[str], registers: _Registers
) -> tuple[tuple[HouseLine, ...], list[SourceAge]]:
    lines: list[HouseLine] = []
    sources = [SourceAge.of(registers.titles), SourceAge.of(registers.tenancies)]
    for title in registers.titles.value or ():
        lines.append(_title_line(title, number, "现权利人", _FORMER))
    for tenancy in registers.tenancies.value or ():
        lines.append(_title_line(tenancy.title, number, "公房承租人", "公房同住人", tenancy.cert_no))
    if registers.titles.silent or registers.tenancies.silent:
        known = {line.house_code for line in lines}
        rows = work.session.exec(
            select(House, HouseOwner)
            .join(HouseOwner, col(HouseOwner.house_id) == col(House.id))
            .where(col(HouseOwner.id_no_index).in_(indexes))
            .limit(100)
        ).all()
        for house, owner in rows:
            if house.house_code in known:
                continue
            lines.append(
                HouseLine(
                    house_code=house.house_code,
                    cert_no=house.cert_no.plain if owner.until is None else house.cert_no.masked(),
                    address=house.address,
                    area=f"{house.build_area:.2f}",
                    use=house.design_use,
                    category=house.category.value,
                    holding="现权利人" if owner.until is None else f"原权利人（至{owner.until}）",
                    restrictions=(),
                    room=house.room,
                )
            )
        if rows:
            sources.append(SourceAge("本系统房屋基础库", "登记快照", min(house.registry_at for house, _ in rows), 0))
    return tuple(lines), sources


def _title_line(title: Title, number: str, now: str, before: str, cert_no: str = "") -> HouseLine:
    holds = any(normal("id_no", holder.id_no) == number and holder.until is None for holder in title.holders)
    holding = now if holds else before
    # The certificate is today's owner's; who sold the house has his own, which is no longer in force.
    shown = mask("cert", title.cert_no) if holding == _FORMER else title.cert_no
    return HouseLine(
        house_code=title.house_code,
        cert_no=cert_no or shown,
        address=_with_district(title),
        area=f"{title.build_area:.2f}",
        use=title.design_use,
        category=title.category,
        holding=holding,
        restrictions=tuple(restriction.kind for restriction in title.restrictions),
        room=title.room_no,
    )


def _with_district(title: Title) -> str:
    """Two roads of one name lie in two districts; the register leaves the district out."""
    named = district(title.district_code)
    return title.address if named is None or title.address.startswith(named.name) else named.name + title.address


def _leases(work: Work, indexes: list[str]) -> tuple[LeaseLine, ...]:
    rows = work.session.exec(
        select(LeaseContract, ContractParty, House.address, OrgUnit.name)
        .join(ContractParty, col(ContractParty.contract_id) == col(LeaseContract.id))
        .join(House, col(House.id) == col(LeaseContract.house_id))
        .join(OrgUnit, col(OrgUnit.id) == col(LeaseContract.unit_id), isouter=True)
        .where(
            or_(col(ContractParty.id_no_index).in_(indexes), col(ContractParty.agent_id_no_index).in_(indexes)),
            LeaseContract.state != ContractState.VOID,
        )
        .order_by(col(LeaseContract.start).desc())
        .limit(100)
    ).all()
    filings = {
        filing.contract_id: filing
        for filing in work.rows(LeaseFiling, col(LeaseFiling.contract_id).in_([contract.id for contract, *_ in rows]))
    }
    lines = []
    for contract, party, address, unit in rows:
        filing = filings.get(contract.id)
        lines.append(
            LeaseLine(
                contract_id=contract.id,
                contract_no=contract.contract_no or "（未编号）",
                filing_no=filing.filing_no if filing else "",
                address=address,
                part=part_name(contract.rooms),
                capacity=party.side.label,
                start=contract.start,
                end=contract.end,
                state=filing_state_text(filing, work.today) if filing else contract.state.label,
                unit=unit or "",
            )
        )
    return tuple(lines)


def _cases(work: Work, contract_ids: list[UUID]) -> list[Line]:
    newest = select(GovCase).order_by(col(GovCase.received_at).desc())
    opened = newest.where(col(GovCase.contract_id).in_(contract_ids), col(GovCase.state).in_(list(OPEN_CASES)))
    return lines_of(work, CASES, work.session.exec(opened).all())


@dataclass(frozen=True)
class OpenLease:
    """A lease chosen from a person's overview; the person's number was read at this counter today."""

    contract_id: UUID
    id_no: str


@action("intake.open_lease", "打开合同", roles=CLERKS, event="DATA.GRANT")
def open_lease(work: Work, order: OpenLease) -> UUID:
    """Open one lease, its filing and its case to this clerk until tonight: record and person match exactly."""
    if not person_is_open(work, order.id_no):
        raise Rejected("请先读取或输入当事人的证件号码")
    contract = matching_contract(work, order.id_no, contract_id=order.contract_id)
    if contract is None:
        raise NotFound(NOT_FOUND)
    open_contract_records(work, contract, "当事人证件号码与合同相符")
    return contract.id


@dataclass(frozen=True)
class ShowDocument:
    """The document of a person present for a lease, on the reader (`how` CARD) or the original seen (ORIGINAL).

    An `agent` need not be named on the lease.
    """

    contract_id: UUID
    id_no: str
    how: str = CARD
    agent: bool = False


@action("tenancy.show_document", "核对证件", roles=CLERKS, event="PII.READ")
def show_document(work: Work, order: ShowDocument) -> None:
    """Record that this clerk had the document in hand: its holder counts as present, in clear until tonight."""
    contract = work.get(LeaseContract, order.contract_id)
    number = normal("id_no", order.id_no)
    if order.how not in DOCUMENT or not 5 <= len(number) <= 30:
        raise Rejected("请读取证件，或者核对原件后输入完整的证件号码")
    if not order.agent and matching_contract(work, number, contract_id=contract.id) is None:
        raise NotFound(NOT_FOUND)
    open_person(work, number, order.how)


def matching_contract(work: Work, id_no: str, *, contract_id: UUID) -> LeaseContract | None:
    """The contract, if this number is a party's or an agent's of it."""
    indexes = indexes_of(work.sealer, "id_no", id_no)
    return work.session.exec(
        select(LeaseContract)
        .join(ContractParty, col(ContractParty.contract_id) == col(LeaseContract.id))
        .where(
            LeaseContract.id == contract_id,
            ContractParty.side != Side.OCCUPANT,
            or_(col(ContractParty.id_no_index).in_(indexes), col(ContractParty.agent_id_no_index).in_(indexes)),
        )
    ).first()


def records_of_contract(work: Work, contract: LeaseContract) -> list[Any]:
    """The contract with its filings and cases."""
    return [
        contract,
        *work.rows(LeaseFiling, LeaseFiling.contract_id == contract.id),
        *work.rows(GovCase, GovCase.contract_id == contract.id),
    ]


def open_contract_records(work: Work, contract: LeaseContract, reason: str) -> None:
    """Open the contract and its dependent records to the clerk."""
    for row in records_of_contract(work, contract):
        open_record(work, row, reason)
