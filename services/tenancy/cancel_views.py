"""Applications to cancel as pages show them: a list that pages here, and one with everything its decision needs (row 8)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from models.access import OrgUnit, Role
from models.cancellation import CancelApply
from models.documents import IssuedDocument
from models.house import House
from models.tenancy import ContractParty, LeaseContract
from models.tenancy_codes import CANCEL, CancelState
from services.access.matches import open_persons
from services.access.visibility import CITY, CLERKS, ENTERPRISE
from services.engine.paging import Paging, ordering
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.steps import available
from services.engine.work import Work
from services.privacy.accesses import note_parties
from services.tenancy.cancellation import decide_cancelling, decides_here
from services.tenancy.contract_views import PaperView, PartyView, party_view

READERS = CLERKS | ENTERPRISE | CITY | {Role.DISTRICT_BUREAU}
#: The other side's word is registered at any counter while it may still object.
OBJECT = "cancel.object"

_SORTS: dict[str, Any] = {
    "created_at": CancelApply.created_at,
    "objection_until": CancelApply.objection_until,
    "apply_no": CancelApply.apply_no,
}


@dataclass(frozen=True)
class ApplyFilter:
    """`contract_id` narrows to one lease; `number` is exact."""

    state: str = ""
    number: str = ""
    contract_id: UUID | None = None
    paging: Paging = field(default_factory=Paging)


@dataclass(frozen=True)
class ApplyRow:
    id: UUID
    apply_no: str
    address: str
    mode: str
    reason: str
    state: str
    terminated_on: date
    objection_until: date | None
    objected: str
    unit: str
    created_at: datetime


@dataclass(frozen=True)
class ApplyPage:
    total: int
    lines: tuple[ApplyRow, ...]


@query("cancel.page", "注销申请列表", roles=READERS)
def page_applies(work: Work, order: ApplyFilter) -> ApplyPage:
    """Visible applications, newest first."""
    where: list[Any] = []
    if order.state:
        if order.state not in CancelState.labels():
            raise Rejected("没有这种状态")
        where.append(CancelApply.state == CancelState.of(order.state))
    if order.number.strip():
        where.append(CancelApply.apply_no == order.number.strip().upper())
    if order.contract_id is not None:
        where.append(CancelApply.contract_id == order.contract_id)
    visible = work.visible(CancelApply).where(*where)
    offset, size = order.paging.bounds()
    total = work.session.exec(select(func.count()).select_from(visible.subquery())).one()
    rows = work.session.exec(
        visible.order_by(ordering(order.paging.sort, _SORTS, "-created_at"), col(CancelApply.id))
        .offset(offset)
        .limit(size)
    ).all()
    addresses = dict(
        work.session.exec(
            select(LeaseContract.id, House.address)
            .join(House, col(House.id) == col(LeaseContract.house_id))
            .where(col(LeaseContract.id).in_([row.contract_id for row in rows]))
        ).all()
    )
    units = dict(work.session.exec(select(OrgUnit.id, OrgUnit.name)).all())
    return ApplyPage(
        total,
        tuple(
            ApplyRow(
                id=row.id,
                apply_no=row.apply_no,
                address=addresses.get(row.contract_id, ""),
                mode=row.mode.label,
                reason=row.reason.label,
                state=row.state.label,
                terminated_on=row.terminated_on,
                objection_until=row.objection_until,
                objected="已提出" if row.objection is not None else "",
                unit=units.get(row.unit_id, "") if row.unit_id else "",
                created_at=row.created_at,
            )
            for row in rows
        ),
    )


@dataclass(frozen=True)
class ApplyView:
    """`may` names the actions this caller may take on it now."""

    id: UUID
    apply_no: str
    contract_id: UUID
    contract_no: str
    address: str
    mode: str
    reason: str
    state: str
    state_code: str
    terminated_on: date
    applied_at: datetime
    unit: str
    parties: tuple[PartyView, ...]
    materials: tuple[tuple[str, str], ...]
    note: str
    notified_at: datetime | None
    objection_until: date | None
    objection: str
    decided_at: datetime | None
    restored_at: datetime | None
    papers: tuple[PaperView, ...] = ()
    may: frozenset[str] = field(default_factory=frozenset)


@query("cancel.view", "注销申请详情", roles=READERS, personal=True)
def apply_view(work: Work, apply_id: UUID) -> ApplyView:
    """Return a visible application: who asked with which papers, what the other side said, what may be done now."""
    apply = work.get(CancelApply, apply_id)
    contract, address = work.session.exec(
        select(LeaseContract, House.address)
        .join(House, col(House.id) == col(LeaseContract.house_id))
        .where(LeaseContract.id == apply.contract_id)
    ).one()
    seen = open_persons(work)
    parties = work.session.exec(
        select(ContractParty)
        .where(ContractParty.contract_id == contract.id)
        .order_by(col(ContractParty.side).desc(), col(ContractParty.position))
    ).all()
    note_parties(work, parties, seen, "cancel.view", about=apply)
    unit = work.session.exec(select(OrgUnit.name).where(OrgUnit.id == apply.unit_id)).first()
    papers = work.session.exec(
        work.visible(IssuedDocument)
        .where(IssuedDocument.object_id == apply.id)
        .order_by(col(IssuedDocument.issued_at).desc())
    ).all()
    return ApplyView(
        id=apply.id,
        apply_no=apply.apply_no,
        contract_id=contract.id,
        contract_no=contract.contract_no or "",
        address=address,
        mode=apply.mode.label,
        reason=apply.reason.label,
        state=apply.state.label,
        state_code=apply.state.value,
        terminated_on=apply.terminated_on,
        applied_at=apply.created_at,
        unit=unit or "",
        parties=tuple(party_view(party, seen) for party in parties),
        materials=_materials(apply),
        note=str(apply.note.json()) if apply.note is not None else "",
        notified_at=apply.notified_at,
        objection_until=apply.objection_until,
        objection=str(apply.objection.json()) if apply.objection is not None else "",
        decided_at=apply.decided_at,
        restored_at=apply.restored_at,
        papers=tuple(
            PaperView(paper.id, paper.title, paper.number, paper.issued_at, paper.copies, paper.content is not None)
            for paper in papers
        ),
        may=_may(work, apply),
    )


def _materials(apply: CancelApply) -> tuple[tuple[str, str], ...]:
    kept = (
        ("解约协议", apply.agreement_digest),
        ("书面承诺", apply.commitment_digest),
        ("生效法律文书", apply.court_digest),
    )
    return tuple((label, digest) for label, digest in kept if digest)


def _may(work: Work, apply: CancelApply) -> frozenset[str]:
    names = {
        action.name
        for action in available(work.caller, apply)
        if action.step is not None and action.step.machine is CANCEL
    }
    if not decides_here(work, apply):
        names.discard(decide_cancelling.name)
    waiting = apply.state is CancelState.NOTICE and apply.objection is None
    in_time = apply.objection_until is None or work.today <= apply.objection_until
    if waiting and in_time and work.caller.has(*CLERKS):
        names.add(OBJECT)
    return frozenset(names)
