"""Applications to cancel as pages show them: a list that pages here, and one with everything its decision needs (row 8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import OrgUnit, Role
from models.cancellation import CancelApply
from models.codes import Toned
from models.documents import IssuedDocument
from models.house import House
from models.tenancy import LeaseContract
from models.tenancy_codes import CANCEL, CancelState
from services.access.matches import documents_seen, open_persons
from services.access.visibility import CITY, CLERKS, ENTERPRISE, STAFF
from services.engine.listings import Column, Filter, Listing, choice, days, exact, listed, numbers
from services.engine.look_ups import values_by
from services.engine.refusals import Rejected
from services.engine.registry import query
from services.engine.steps import available
from services.engine.undo import left_until
from services.engine.work import Work
from services.privacy.accesses import note_parties
from services.tenancy.cancellation import decide_cancelling, decides_here, object_to_cancelling, undo_cancelling
from services.tenancy.contract_views import PartyView, papers_about, party_view
from services.tenancy.paper_words import parties_of

READERS = CLERKS | ENTERPRISE | CITY | {Role.DISTRICT_BUREAU}


def _apply_cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    of_contracts = select(LeaseContract.id, House.address).join(House, col(House.id) == col(LeaseContract.house_id))
    of_page = of_contracts.where(col(LeaseContract.id).in_([row.contract_id for row in rows]))
    addresses = dict(work.session.exec(of_page).all())
    units = values_by(work, OrgUnit.id, OrgUnit.name, (row.unit_id for row in rows))
    return {
        "address": lambda row: addresses.get(row.contract_id, ""),
        "unit": lambda row: units.get(row.unit_id, ""),
    }


def _of_contract(work: Work, text: str) -> Any:
    try:
        return col(CancelApply.contract_id) == UUID(text)
    except ValueError:
        raise Rejected("查询条件不正确，请返回列表重新查询") from None


APPLIES = listed(
    Listing(
        name="cancellations",
        label="注销申请",
        roles=READERS,
        table=CancelApply,
        columns=(
            Column("apply_no", "申请编号", sortable=True, width=190),
            Column("address", "房屋坐落"),
            Column("mode", "申请方式", width=80),
            Column("reason", "原因", width=110),
            Column("state", "状态", width=100),
            Column("terminated_on", "终止日期", shown=False),
            Column("objection_until", "异议期至", sortable=True, width=100),
            Column("objected", "异议", lambda row: Toned("已提出", "warn") if row.objection else "", width=70),
            Column("unit", "受理单位", shown=False),
            Column("created_at", "申请时间", sortable=True, width=130),
        ),
        filters=(
            choice("state", "状态", CancelApply.state, CancelState, width=170),
            exact("number", "申请编号", CancelApply.apply_no, upper=True, width=240, finds=numbers("ZX")),
            *days(CancelApply.decided_at, "审定日期", more=True),
            *days(CancelApply.created_at, "申请日期", since="came", until="came_until", more=True),
            Filter("contract", "合同", _of_contract, hidden=True),
        ),
        sort="-created_at",
        look_up=_apply_cells,
        exporters=STAFF,
        empty="没有注销申请。在合同页按“注销”提出",
    )
)


@dataclass(frozen=True)
class ApplyView:
    """An application with what its decision needs; `may` names the actions this caller may take on it now."""

    apply: CancelApply
    contract_no: str
    address: str
    unit: str
    parties: tuple[PartyView, ...]
    materials: Mapping[str, str]
    note: str
    objection: str
    papers: Sequence[IssuedDocument]
    may: frozenset[str]


@query("cancel.view", "注销申请详情", roles=READERS, personal=True)
def apply_view(work: Work, apply_id: UUID) -> ApplyView:
    """Return a visible application: who asked with which papers, what the other side said, what may be done now."""
    apply = work.get(CancelApply, apply_id)
    contract = work.session.get_one(LeaseContract, apply.contract_id)
    unit = work.session.get(OrgUnit, apply.unit_id) if apply.unit_id else None
    parties, seen = parties_of(work, contract.id), open_persons(work)
    note_parties(work, parties, seen, "cancel.view", about=apply)
    return ApplyView(
        apply,
        contract.contract_no or "",
        work.session.get_one(House, contract.house_id).address,
        unit.name if unit else "",
        tuple(party_view(party, seen, documents_seen(work)) for party in parties),
        _materials(apply),
        note=str(apply.note.json()) if apply.note is not None else "",
        objection=str(apply.objection.json()) if apply.objection is not None else "",
        papers=papers_about(work, apply.id),
        may=_may(work, apply),
    )


def _materials(apply: CancelApply) -> dict[str, str]:
    """The papers handed in, by their kind: the number of a sheet, or the digest of a scan."""
    kept = {"解约协议": apply.agreement_digest, "书面承诺": apply.commitment_digest, "生效法律文书": apply.court_digest}
    return {label: digest for label, digest in kept.items() if digest}


def _may(work: Work, apply: CancelApply) -> frozenset[str]:
    names = {
        action.name
        for action in available(work.caller, apply)
        if action.step is not None and action.step.machine is CANCEL
    }
    if not decides_here(work, apply):
        names.discard(decide_cancelling.name)
    if undo_cancelling.name in names and left_until(work, apply.id) is None:
        names.discard(undo_cancelling.name)
    # The other side's word is registered at any counter while it may still object.
    waiting = apply.state is CancelState.NOTICE and apply.objection is None
    in_time = apply.objection_until is None or work.today <= apply.objection_until
    if waiting and in_time and work.caller.has(*CLERKS):
        names.add(object_to_cancelling.name)
    return frozenset(names)
