"""Facts for the rules of companies, and the prefill: from the legal-person library and our tables (market 2.17)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, func, select

from models.alerts import STANDING, Alert, AlertGrade
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole
from models.companies import (
    AdmissionState,
    ExitOverride,
    FinancingState,
    GroupCompany,
    HeadCompany,
    HolderKind,
    ProjectCompany,
    ProjectFinancing,
    RegistryStatus,
    SubjectApplication,
)
from models.land_codes import ProjectStage
from models.monitoring import CompanyType
from models.parcels import Parcel, ParcelHeadLink, ParcelInstalment, ParcelProjectLink
from models.projects import Project
from models.records import OPEN_STATES, InForceState, PactState, Revision, RevisionState
from models.sales import PresaleBuilding, PresalePermit, PresaleStatus, SaleState, UnitSale
from services.companies.names import code_key, name_key
from services.companies.rules import REGISTRY, Left, Standing
from services.engine.copied import taken
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.kinds import Given, Owner, Prefill, Proposal
from services.engine.look_ups import row_by
from services.engine.work import Work
from services.monitoring.companies import TABLES
from services.ports.answers import Answer, hit, skipped
from services.ports.registry import CompanyProfile, RegisteredHolder
from services.ports.systems import LEGAL_ENTITIES

LIBRARY = "法人库"
#: A head company on its way out still answers for its project companies, and does not go before them (SUB-21).
ANSWERING = (AdmissionState.ADMITTED, AdmissionState.EXITING)
_SETTLED = (ProjectStage.DELIVERY, ProjectStage.CLOSED)


def ask_registry(gathering: Gathering, proposal: Proposal) -> Mapping[str, Answer[Any]]:
    """The company as it is registered now."""
    return registered(gathering, str(proposal["uscc"] or ""))


def registered(gathering: Gathering, code: str) -> Mapping[str, Answer[Any]]:
    """Ask the library about a code; an empty one is not looked for."""
    uscc = code_key(code)
    if not uscc:
        return {REGISTRY: skipped(LIBRARY)}
    return together({REGISTRY: (LIBRARY, lambda: gathering.systems.at(LEGAL_ENTITIES).profile_of(uscc))})


def live_key(values: Mapping[str, Any]) -> str:
    """Return the code, or the foreign number, under which a company may exist only once."""
    return code_key(str(values.get("uscc") or "")) or code_key(str(values.get("foreign_id") or ""))


def look_for_standing(work: Work, proposal: Proposal) -> Mapping[str, Any]:
    """Look for records in force, submitted or exiting with this code or name."""
    table = TABLES[CompanyType.of(proposal.kind)]
    key, name = live_key(proposal.values), name_key(str(proposal["name"] or ""))
    others = select(table).where(table.in_force == InForceState.EFFECTIVE, table.id != proposal.record_id)
    same = work.session.exec(others.where(table.live_key == key)).first() if key else None
    named = work.session.exec(others.where(table.name_key == name)).first() if name else None
    own = row_by(work, table, proposal.record_id)
    exited = own is not None and getattr(own, "admission_state", None) is AdmissionState.EXITED
    if own is None or exited or own.live_key != key:
        # A company in both lists is not held up by it at every update (decision 68).
        same = same or _same_code_elsewhere(work, proposal.kind, key)
    return {
        "standing": Standing(
            same_code=_told(same),
            same_name=_told(named) if named is not None and named is not same else "",
            under_way=_under_way(work, proposal, key),
            exiting=own is not None and getattr(own, "admission_state", None) is AdmissionState.EXITING,
            exited=exited,
            head_exited=proposal.kind == "project_company" and not _is_admitted(work, proposal.owner.head_company_id),
            group_gone=_group_is_gone(work, proposal["group_company_id"]),
            confirmed=proposal.kind != "project_company" or _agreed(work, proposal),
        )
    }


def _same_code_elsewhere(work: Work, kind: str, key: str) -> Any:
    """A head company of a project company's code, or the other way: one code is admitted once (SUB-03)."""
    other: Any = {"head_company": ProjectCompany, "project_company": HeadCompany}.get(kind)
    if other is None or not key:
        return None
    wanted = select(other).where(other.in_force == InForceState.EFFECTIVE, other.live_key == key)
    return work.session.exec(wanted.where(other.admission_state != AdmissionState.EXITED)).first()


def _told(row: Any) -> str:
    if row is None:
        return ""
    state = getattr(row, "admission_state", None)
    left = "，已退出，请在原记录上申请重新准入" if state is AdmissionState.EXITED else ""
    return f"{row.name}（{row.record_no}{left}）"


def _under_way(work: Work, proposal: Proposal, key: str) -> str:
    """Return another submitted record of this kind with this code; drafts reserve nothing."""
    if not key:
        return ""
    waiting = select(Revision).where(
        Revision.kind == proposal.kind,
        Revision.state == RevisionState.SUBMITTED,
        Revision.record_id != proposal.record_id,
    )
    for row in work.session.exec(waiting).all():
        if live_key(row.payload.json().get("values", {})) == key:
            return row.record_no or f"第{row.version_no}版"
    return ""


def _group_is_gone(work: Work, group_id: UUID | None) -> bool:
    voided = select(GroupCompany.id).where(GroupCompany.id == group_id, GroupCompany.in_force == InForceState.VOIDED)
    return group_id is not None and work.session.exec(voided).first() is not None


def _is_admitted(work: Work, head_company_id: UUID | None) -> bool:
    head = select(HeadCompany.id).where(
        HeadCompany.id == head_company_id,
        HeadCompany.in_force == InForceState.EFFECTIVE,
        col(HeadCompany.admission_state).in_(ANSWERING),
    )
    return work.session.exec(head).first() is not None


def _agreed(work: Work, proposal: Proposal) -> bool:
    """Return whether both sides agreed to this company on these terms, which other corrections do not touch."""
    row = confirmed(work, proposal.record_id)
    if row is None or row.holding_ratio is None:
        return row is not None
    told = (code_key(str(proposal["uscc"] or "")), proposal["holding_ratio"], proposal["intended_parcel"] or "")
    return told == (row.uscc, row.holding_ratio, row.intended_parcel)


def confirmed(work: Work, record_id: UUID) -> SubjectApplication | None:
    """The agreement both sides gave to what this record does, while it runs."""
    return work.first(
        SubjectApplication,
        SubjectApplication.record_id == record_id,
        SubjectApplication.state == PactState.CONFIRMED,
        col(SubjectApplication.open_key).is_not(None),
    )


# ------------------------------------------------------------------ what would be left behind


def left_by(work: Work, company: HeadCompany | ProjectCompany) -> Left:
    """Return what a company would leave behind, and the city's word about it.

    Of a head company project companies and parcels; of a project company undelivered projects, arrears, grave
    alerts and unsold homes under a presale permit.
    """
    if isinstance(company, HeadCompany):
        return Left(admitted=_admitted(work, company), parcels=_parcels(work, company), company=company.name)
    projects = select(Project.name).where(
        Project.project_company_id == company.id,
        Project.in_force == InForceState.EFFECTIVE,
        col(Project.stage).not_in(_SETTLED),
    )
    red = select(Alert.title).where(
        Alert.project_company_id == company.id, Alert.grade == AlertGrade.RED, col(Alert.state).in_(STANDING)
    )
    return Left(
        undelivered=work.session.exec(projects).all(),
        arrears=[*_instalments_due(work, company.id), *_overdue_loans(work, company.id)],
        red_alerts=work.session.exec(red).all(),
        unsold=_unsold(work, company.id),
        override=override_of(work, company.id),
        company=company.name,
    )


def override_of(work: Work, company_id: UUID) -> str:
    """Return the city's reason for permitting this exit; empty without a permission."""
    row = work.first(
        ExitOverride,
        ExitOverride.project_company_id == company_id,
        col(ExitOverride.used_at).is_(None),
        by=col(ExitOverride.given_at).desc(),
    )
    return row.reason if row is not None else ""


def _instalments_due(work: Work, company_id: UUID) -> list[str]:
    rows = work.session.exec(
        select(ParcelInstalment, Parcel)
        .join(Parcel, col(Parcel.id) == col(ParcelInstalment.record_id))
        .join(ParcelProjectLink, col(ParcelProjectLink.parcel_id) == col(Parcel.id))
        .where(
            ParcelProjectLink.project_company_id == company_id,
            ParcelProjectLink.state == PactState.CONFIRMED,
            ParcelInstalment.due_on < work.today,
        )
    ).all()
    return [f"{parcel.parcel_name}第{one.no}期出让金" for one, parcel in rows if (one.paid_amount or 0) < one.amount]


def _unsold(work: Work, company_id: UUID) -> list[str]:
    """Return the number of licensed homes of each project that are for sale and not sold."""
    licensed = (
        select(PresaleBuilding.natural_building_id)
        .join(PresalePermit, col(PresalePermit.id) == col(PresaleBuilding.presale_permit_id))
        .where(
            PresalePermit.project_company_id == company_id,
            PresalePermit.status == PresaleStatus.ARCHIVED,
            col(PresalePermit.voided_at).is_(None),
        )
    )
    sold = select(UnitSale.house_unit_id).where(col(UnitSale.state).in_((SaleState.SIGNED, SaleState.REGISTERED)))
    rows = work.session.exec(
        select(Project.name, func.count())
        .select_from(HouseUnit)
        .join(NaturalBuilding, col(NaturalBuilding.id) == col(HouseUnit.natural_building_id))
        .join(Project, col(Project.id) == col(NaturalBuilding.project_id))
        .where(
            col(HouseUnit.natural_building_id).in_(licensed),
            HouseUnit.sale_role == SaleRole.FOR_SALE,
            col(HouseUnit.id).not_in(sold),
        )
        .group_by(col(Project.name))
        .order_by(col(Project.name))
    ).all()
    return [f"{name}{count}套" for name, count in rows]


def _overdue_loans(work: Work, company_id: UUID) -> list[str]:
    rows = work.rows(
        ProjectFinancing,
        ProjectFinancing.record_id == company_id,
        ProjectFinancing.financing_state == FinancingState.OVERDUE,
    )
    return [f"{row.financing_kind.label}{row.contract_no}" for row in rows]


def _admitted(work: Work, head: HeadCompany) -> Sequence[str]:
    admitted = select(ProjectCompany.name).where(
        ProjectCompany.head_company_id == head.id,
        ProjectCompany.in_force == InForceState.EFFECTIVE,
        col(ProjectCompany.admission_state).in_(ANSWERING),
    )
    return work.session.exec(admitted).all()


def _parcels(work: Work, head: HeadCompany) -> Sequence[str]:
    parcels = (
        select(Parcel.parcel_name)
        .join(ParcelHeadLink, col(ParcelHeadLink.parcel_id) == col(Parcel.id))
        .where(
            ParcelHeadLink.head_company_id == head.id,
            col(ParcelHeadLink.state).in_((PactState.OFFERED, PactState.CONFIRMED)),
        )
    )
    return work.session.exec(parcels).all()


def open_exit_of(work: Work, company_id: UUID) -> Revision | None:
    """The exit of a company that is drafted or under review."""
    own = sa.or_(
        sa.and_(col(Revision.kind) == "project_exit", col(Revision.project_company_id) == company_id),
        sa.and_(col(Revision.kind) == "head_exit", col(Revision.head_company_id) == company_id),
    )
    return work.first(Revision, own, col(Revision.state).in_(OPEN_STATES), by=Revision.id)


_STATUS = {status.label: status for status in RegistryStatus} | {"撤销": RegistryStatus.REVOKED}


def ask_library(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
    """Return what the library says of a code, as a company's form holds it."""
    uscc = code_key(key)
    asked = together({"profile": (LIBRARY, lambda: gathering.systems.at(LEGAL_ENTITIES).profile_of(uscc))})["profile"]
    if not asked.hit or asked.value is None:
        return Answer(asked.state, LIBRARY, None, asked.at, asked.milliseconds, asked.note)
    return hit(LIBRARY, given(asked.value, asked.at), asked.at, asked.milliseconds)


def given(profile: CompanyProfile, at: datetime | None = None) -> Given:
    """Translate a registered company into our form's values; what the library does not say stays empty."""
    same = ("name", "uscc", "established_on", "registered_capital", "paid_in_capital", "currency")
    values = taken(profile, *same) | {
        "reg_place": profile.address[:120],
        "legal_representative": profile.legal_rep,
        "registry_status": _STATUS.get(profile.status),
    }
    filled = {name: value for name, value in values.items() if value not in {None, ""}}
    return Given(filled, {"shareholders": [_holder_line(one) for one in profile.holders]}, LIBRARY, at)


def _holder_line(one: RegisteredHolder) -> dict[str, Any]:
    values = taken(one, "name", "uscc", "id_type", "id_no", "ratio") | {
        "holder_kind": one.kind if one.kind in HolderKind.labels() else HolderKind.COMPANY,
        "subscribed_amount": one.subscribed,
        "paid_amount": one.paid,
        "subscribe_due_on": one.due_on,
        "contribution_form": one.form,
    }
    return {name: value for name, value in values.items() if value not in {None, ""}}


LIBRARY_PREFILL = Prefill(label="统一社会信用代码", key="uscc", source=LIBRARY, ask=ask_library)
