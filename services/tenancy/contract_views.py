"""A lease as a page shows it: the opened person in clear, all others masked (decision 8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import col, select

from models.access import OrgUnit
from models.direct_pay import Entrustment
from models.direct_pay_codes import BINDING
from models.documents import IssuedDocument
from models.house import House
from models.tenancy import ContractParty, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState, IdType, Side
from services.access.matches import open_persons
from services.access.visibility import ENTERPRISE, STAFF
from services.engine.registry import query
from services.engine.work import Work
from services.privacy.accesses import note_parties
from services.tenancy.intake import filing_state_text


@dataclass(frozen=True)
class PartyView:
    id: UUID
    side: str
    name: str
    id_type: str
    id_no: str
    mobile: str
    agent_name: str
    agent_id_no: str
    open: bool


@dataclass(frozen=True)
class FilingView:
    id: UUID
    filing_no: str
    state: str
    valid_from: date
    valid_to: date
    filed_on: date
    way: str
    licence: str
    unit: str
    persons: int
    part: str
    active: bool
    frozen: bool


@dataclass(frozen=True)
class PaperView:
    id: UUID
    title: str
    number: str
    issued_at: datetime
    copies: int
    ready: bool


@dataclass(frozen=True)
class ContractView:
    id: UUID
    contract_no: str
    state: str
    address: str
    cert_no: str
    part: str
    start: date
    end: date
    month_rent: str
    deposit: str
    mode: str
    deal: str
    text_digest: str
    parties: tuple[PartyView, ...]
    filing: FilingView | None
    papers: tuple[PaperView, ...]
    direct_rent: bool
    central: bool
    paper_only: bool


def part_text(part_keys: str) -> str:
    """`*` is the whole flat."""
    return "整套" if part_keys in {"", "*"} else "、".join(part_keys.split(",")) + "室（间）"


@query("tenancy.contract", "合同详情", roles=STAFF | ENTERPRISE, personal=True)
def contract_view(work: Work, contract_id: UUID) -> ContractView:
    """Return a visible lease with parties, filing and papers."""
    contract = work.get(LeaseContract, contract_id)
    house = work.session.exec(select(House).where(House.id == contract.house_id)).one()
    filing = work.session.exec(select(LeaseFiling).where(LeaseFiling.contract_id == contract.id)).first()
    case_ids = work.session.exec(select(GovCase.id).where(GovCase.contract_id == contract.id)).all()
    about = [contract.id, *case_ids, *([filing.id] if filing else [])]
    papers = work.session.exec(
        select(IssuedDocument)
        .where(col(IssuedDocument.object_id).in_(about))
        .options(defer(col(IssuedDocument.content)))  # type: ignore[arg-type]
        .order_by(col(IssuedDocument.issued_at))
    ).all()
    seen = open_persons(work)
    parties = work.session.exec(
        select(ContractParty)
        .where(ContractParty.contract_id == contract.id)
        .order_by(col(ContractParty.side).desc(), col(ContractParty.position))
    ).all()
    shown = tuple(party_view(party, seen) for party in parties)
    note_parties(work, parties, seen, "tenancy.contract", about=contract)
    return ContractView(
        id=contract.id,
        contract_no=contract.contract_no or "",
        state=contract.state.label,
        address=house.address,
        cert_no=house.cert_no.plain if _is_open_party(parties, seen) else house.cert_no.masked(),
        part=part_text(contract.rooms),
        start=contract.start,
        end=contract.end,
        month_rent=f"{contract.month_rent:,.2f}",
        deposit=f"{contract.deposit:,.2f}",
        mode=contract.mode.label,
        deal=contract.deal.label,
        text_digest=contract.text_digest,
        parties=shown,
        filing=_filing_view(work, filing) if filing else None,
        papers=tuple(
            PaperView(paper.id, paper.title, paper.number, paper.issued_at, paper.copies, bool(paper.digest))
            for paper in papers
        ),
        direct_rent=bool(
            filing
            and work.session.exec(
                select(Entrustment.id).where(Entrustment.filing_id == filing.id, col(Entrustment.state).in_(BINDING))
            ).first()
        ),
        central=house.project_id is not None,
        paper_only=contract.paper_only,
    )


def _is_open_party(parties: Iterable[ContractParty], seen: frozenset[str]) -> bool:
    """Return whether one of those who made the lease is open; who merely lives there has no title to show."""
    return any(party.side is not Side.OCCUPANT and party.id_no_index in seen for party in parties)


def party_view(party: ContractParty, seen: frozenset[str]) -> PartyView:
    """Clear for the person whose number was read here today, masked for the rest."""
    clear, agent = (party.id_no_index or "") in seen, (party.agent_id_no_index or "") in seen
    return PartyView(
        id=party.id,
        side=party.side.label,
        name=party.name.plain if clear else party.name.masked(),
        id_type=IdType.of(party.id_type).label,
        id_no=party.id_no.plain if clear else party.id_no.masked(),
        mobile="" if party.mobile is None else party.mobile.plain if clear else party.mobile.masked(),
        agent_name="" if party.agent_name is None else party.agent_name.plain if agent else party.agent_name.masked(),
        agent_id_no=""
        if party.agent_id_no is None
        else party.agent_id_no.plain
        if agent
        else party.agent_id_no.masked(),
        open=clear,
    )


def _filing_view(work: Work, filing: LeaseFiling) -> FilingView:
    unit = work.session.exec(select(OrgUnit.name).where(OrgUnit.id == filing.unit_id)).first() if filing.unit_id else ""
    return FilingView(
        id=filing.id,
        filing_no=filing.filing_no,
        state=filing_state_text(filing, work.today),
        valid_from=filing.valid_from,
        valid_to=filing.valid_to,
        filed_on=filing.filed_on,
        way=filing.way.label,
        licence=filing.licence_state.label,
        unit=unit or "",
        persons=filing.persons,
        part=part_text(filing.part_keys),
        active=filing.state is FilingState.ACTIVE and filing.valid_to >= work.today,
        frozen=filing.state is FilingState.FROZEN,
    )
