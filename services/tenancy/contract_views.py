"""A lease as a page shows it: the opened person in clear, all others masked (decision 8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import col

from models.access import OrgUnit
from models.direct_pay import Entrustment
from models.direct_pay_codes import BINDING
from models.documents import IssuedDocument
from models.house import House
from models.sealed import Sealed
from models.tenancy import ContractParty, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState, IdType, Side
from services.access.matches import documents_seen, open_persons
from services.access.visibility import ENTERPRISE, STAFF
from services.engine.registry import query
from services.engine.work import Work
from services.privacy.accesses import note_parties
from services.tenancy.endings import filing_state_text
from services.tenancy.paper_words import part_name, parties_of


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
    #: The document was in this clerk's hand today.
    seen: bool


@dataclass(frozen=True)
class FilingView:
    """A filing with its state of today and the office that took it."""

    filing: LeaseFiling
    state: str
    unit: str


@dataclass(frozen=True)
class ContractView:
    """A lease with what belongs to it; `central` is a house of a centralised project."""

    contract: LeaseContract
    address: str
    cert_no: str
    parties: tuple[PartyView, ...]
    filing: FilingView | None
    papers: Sequence[IssuedDocument]
    direct_rent: bool
    central: bool

    @property
    def title(self) -> str:
        """The number of the lease, or that it has none yet."""
        return self.contract.contract_no or "未编号"

    @property
    def frozen(self) -> bool:
        """True while the authority holds the filing: it is neither cancelled nor changed (C07)."""
        return self.filing is not None and self.filing.filing.state is FilingState.FROZEN

    @property
    def facts(self) -> dict[str, str]:
        """The place and the time of the lease, for the head of a page."""
        contract = self.contract
        part, term = part_name(contract.rooms), f"{contract.start} 至 {contract.end}"
        return {"房屋坐落": self.address, "租赁部位": part, "租期": term}


@query("tenancy.contract", "合同详情", roles=STAFF | ENTERPRISE, personal=True)
def contract_view(work: Work, contract_id: UUID) -> ContractView:
    """Return a visible lease with parties, its newest filing, and the papers of all of them."""
    contract = work.get(LeaseContract, contract_id)
    work.trail.shows(LeaseContract.__tablename__, contract.id)
    house = work.session.get_one(House, contract.house_id)
    filings = work.rows(LeaseFiling, LeaseFiling.contract_id == contract.id, by=col(LeaseFiling.ticket).desc())
    filing = next(iter(filings), None)
    case_ids = work.rows(GovCase.id, GovCase.contract_id == contract.id)
    parties, seen = parties_of(work, contract.id), open_persons(work)
    note_parties(work, parties, seen, "tenancy.contract", about=contract)
    return ContractView(
        contract,
        house.address,
        house.cert_no.plain if _is_open_party(parties, seen) else house.cert_no.masked(),
        tuple(party_view(party, seen, documents_seen(work)) for party in parties),
        _filing_view(work, filing) if filing else None,
        papers_about(work, contract.id, *case_ids, *(one.id for one in filings)),
        direct_rent=filing is not None and pays_directly(work, filing),
        central=house.project_id is not None,
    )


def papers_about(work: Work, *objects: UUID) -> Sequence[IssuedDocument]:
    """The visible papers about some rows, without their bytes, in the order of their issue."""
    return work.session.exec(
        work.visible(IssuedDocument)
        .where(col(IssuedDocument.object_id).in_(objects))
        .options(defer(col(IssuedDocument.content)))  # type: ignore[arg-type]
        .order_by(col(IssuedDocument.issued_at))
    ).all()


def pays_directly(work: Work, filing: LeaseFiling) -> bool:
    """Return whether the fund pays the rent of a filing directly."""
    binding = col(Entrustment.state).in_(BINDING)
    return work.has(Entrustment, Entrustment.filing_id == filing.id, binding)


def _is_open_party(parties: Iterable[ContractParty], seen: frozenset[str]) -> bool:
    """Return whether one of those who made the lease is open; who merely lives there has no title to show."""
    return any(party.side is not Side.OCCUPANT and party.id_no_index in seen for party in parties)


def party_view(party: ContractParty, seen: frozenset[str], documents: frozenset[str]) -> PartyView:
    """Clear for the person whose number was read here today, masked for the rest."""

    def shown(value: Sealed | None, index: str | None) -> str:
        return "" if value is None else value.plain if index in seen else value.masked()

    own, agent = party.id_no_index, party.agent_id_no_index
    return PartyView(
        id=party.id,
        side=party.side.label,
        name=shown(party.name, own),
        id_type=IdType.of(party.id_type).label,
        id_no=shown(party.id_no, own),
        mobile=shown(party.mobile, own),
        agent_name=shown(party.agent_name, agent),
        agent_id_no=shown(party.agent_id_no, agent),
        open=own in seen,
        seen=own in documents,
    )


def _filing_view(work: Work, filing: LeaseFiling) -> FilingView:
    unit = work.session.get(OrgUnit, filing.unit_id) if filing.unit_id else None
    return FilingView(filing, filing_state_text(filing, work.today), unit.name if unit else "")
