"""Finding a lease for its party at the counter, by exact match only (rows 8 and 9)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.house import House
from models.normal import normal
from models.sealed import Sealed, indexes_of
from models.tenancy import ContractParty, LeaseContract, LeaseFiling, PapersRequest
from models.tenancy_codes import AgentKind, ContractState, Side
from services.access.matches import open_person, open_record
from services.access.visibility import CLERKS
from services.engine.orders import Decide
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.registry import action, query
from services.engine.work import Work, visible_rows
from services.tenancy.intake import NOT_FOUND, open_contract_records, records_of_contract


@dataclass(frozen=True)
class FindContract:
    """A number (contract, filing or certificate) together with a party's document number, or a certificate and a name.

    `how` is CARD where a reader gave the document number.
    """

    number: str
    id_no: str = ""
    name: str = ""
    how: str = "TYPED"


@dataclass(frozen=True)
class FoundContract:
    id: UUID
    contract_no: str
    address: str
    state: str


@action("tenancy.find_contract", "查找合同", roles=CLERKS, event="DATA.GRANT")
def find_contract(work: Work, order: FindContract) -> list[FoundContract]:
    """Find leases on which number and party agree, and open them to this clerk until tonight.

    "No such lease" and "not this person's" get the same answer, so that strangers' leases are not revealed.
    """
    number = order.number.strip()
    if not number or not (order.id_no.strip() or order.name.strip()):
        raise Rejected("请同时填写编号（合同编号、备案编号或权属证明编号）和当事人的证件号码")
    # Who merely lives there is no party and has no say over the text.
    parties = select(ContractParty.contract_id).where(ContractParty.side != Side.OCCUPANT)
    if order.id_no.strip():
        indexes = indexes_of(work.sealer, "id_no", order.id_no)
        parties = parties.where(
            or_(
                col(ContractParty.id_no_index).in_(indexes),
                # An agent may ask only while his mandate is on the contract.
                (col(ContractParty.agent_kind) != AgentKind.NONE) & col(ContractParty.agent_id_no_index).in_(indexes),
            )
        )
    else:
        parties = parties.where(col(ContractParty.name_index).in_(indexes_of(work.sealer, "name", order.name)))
    by_cert = select(House.id).where(col(House.cert_no_index).in_(indexes_of(work.sealer, "cert_no", number)))
    numbered: list[object] = [col(LeaseContract.house_id).in_(by_cert)]
    if order.id_no.strip():
        upper = number.upper()
        numbered.append(LeaseContract.contract_no == upper)
        numbered.append(
            col(LeaseContract.id).in_(select(LeaseFiling.contract_id).where(LeaseFiling.filing_no == upper))
        )
        numbered.append(LeaseContract.contract_no == number)
    rows = work.session.exec(
        select(LeaseContract, House.address)
        .join(House, col(House.id) == col(LeaseContract.house_id))
        .where(
            col(LeaseContract.id).in_(parties),
            or_(*numbered),  # type: ignore[arg-type]
            col(LeaseContract.state).not_in([ContractState.DRAFT, ContractState.VOID]),
        )
        .order_by(col(LeaseContract.start).desc())
        .limit(50)
    ).all()
    if not rows:
        raise NotFound(NOT_FOUND)
    if order.id_no.strip():
        open_person(work, normal("id_no", order.id_no), order.how)
    for contract, _ in rows:
        open_contract_records(work, contract, "编号与当事人证件相符")
    return [FoundContract(c.id, c.contract_no or "", address, c.state.label) for c, address in rows]


@dataclass(frozen=True)
class AskByPapers:
    """An heir or a court with papers: which lease, in what capacity, by which papers."""

    number: str
    capacity: str
    papers: str


@action("tenancy.ask_by_papers", "凭继承或司法文书申请查询", roles=CLERKS, event="DATA.CREATE")
def ask_by_papers(work: Work, order: AskByPapers) -> UUID:
    """Ask a colleague to check the papers too; nothing is opened or shown before that."""
    if order.capacity not in {"HEIR", "COURT"} or len(order.papers.strip()) < 6 or not order.number.strip():
        raise Rejected("请选择继承人或司法机关，并填写合同编号和公证书（文书）编号")
    row = PapersRequest(
        number=order.number.strip()[:40],
        capacity=order.capacity,
        papers=Sealed.of_json(order.papers.strip()[:200]),
        unit_id=work.caller.unit_id,
        clerk_id=work.caller.account_id,
        district_code=work.caller.district_code,
        on_day=work.today,
    )
    work.add(row)
    work.trail.tell("DATA.CREATE", "tenancy.ask_by_papers", about=row, detail={"capacity": order.capacity})
    return row.id


@action("tenancy.seen_papers", "复核继承或司法文书", roles=CLERKS, event="DATA.GRANT")
def seen_papers(work: Work, order: Decide) -> None:
    """Confirm the papers as the second clerk, in that office on that day; the first has the lease till night."""
    row = work.get(PapersRequest, order.id)
    if row.clerk_id == work.caller.account_id:
        raise NotAllowed("此类查询须由本单位另一名工作人员复核")
    if row.decided_by is not None or row.on_day != work.today:
        raise Rejected("该申请已复核或已过当日，请重新申请")
    row.decided_by, row.agreed = work.caller.account_id, order.agree
    work.add(row)
    contract = work.first(LeaseContract, LeaseContract.contract_no == row.number)
    if order.agree and contract is not None and row.clerk_id is not None:
        reason = f"{row.capacity} 凭文书，复核人 {work.caller.account_id}"
        for target in records_of_contract(work, contract):
            open_record(work, target, reason, account_id=row.clerk_id)
    work.trail.tell("DATA.GRANT", "tenancy.seen_papers", about=row, detail={"agree": order.agree})


@query("tenancy.paper_requests", "凭文书查询申请", roles=CLERKS)
def paper_requests(work: Work, order: None) -> list[PapersRequest]:
    """Today's requests of the own office."""
    return list(work.rows(work.visible(PapersRequest), PapersRequest.on_day == work.today))


@visible_rows(PapersRequest)
def own_office(work: Work, table: type[PapersRequest]) -> Any:
    if work.caller.unit_id is None or not work.caller.has(*CLERKS):
        return sa.false()
    return col(table.unit_id) == work.caller.unit_id
