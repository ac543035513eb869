"""Holders of a parcel: shares of head companies, areas of project companies, projects, and the resulting scope keys."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col, or_, select

from models.parcels import Parcel, ParcelHeadLink, ParcelProjectLink
from models.projects import Project, ProjectParcelLine, ProjectParcels
from models.records import InForceState, PactState
from services.engine.findings import Finding
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.work import Work

Link = TypeVar("Link", ParcelHeadLink, ParcelProjectLink)
#: Both kinds of links.
LINKS: tuple[type[Any], ...] = (ParcelHeadLink, ParcelProjectLink)


def locked_parcel(work: Work, parcel_id: UUID) -> Parcel:
    """Lock and return the parcel for any caller, so that links of a parcel are settled one after the other."""
    row: Parcel | None = work.held(select(Parcel).where(Parcel.id == parcel_id)).first()
    if row is None:
        raise NotFound
    return row


def standing_parcel(work: Work, parcel_id: UUID) -> Parcel:
    """Lock and return the parcel; refused when it was voided."""
    parcel = locked_parcel(work, parcel_id)
    if parcel.in_force is not InForceState.EFFECTIVE:
        raise Conflict("该地块已作废，不能办理关联")
    return parcel


def links_of(work: Work, table: type[Link], parcel_id: UUID, *states: PactState) -> Sequence[Link]:
    """The links of a parcel to head or project companies in some states, the oldest first."""
    return _links_of(work, table, [parcel_id], *states)


def _links_of(work: Work, table: type[Link], parcel_ids: Collection[UUID], *states: PactState) -> Sequence[Link]:
    here = col(table.parcel_id).in_(parcel_ids)
    return work.rows(table, here, col(table.state).in_(states), by=(table.offered_at, table.id))


def shares_held(work: Work, parcel_ids: Collection[UUID]) -> Mapping[UUID, Decimal]:
    """Return what confirmed links hold of each parcel together, in hundredths."""
    held = dict.fromkeys(parcel_ids, Decimal(0))
    for link in _links_of(work, ParcelHeadLink, parcel_ids, PactState.CONFIRMED):
        held[link.parcel_id] += link.share
    return held


def settle_holder(work: Work, parcel: Parcel) -> None:
    """Set the holder of the parcel: the largest confirmed share, the first of equals; else the maker."""
    links = links_of(work, ParcelHeadLink, parcel.id, PactState.CONFIRMED)
    if links:
        parcel.head_company_id = max(links, key=lambda link: link.share).head_company_id
        work.add(parcel)


def parts_given(work: Work, parcels: Iterable[Parcel]) -> Mapping[UUID, Decimal]:
    """The area of each parcel that is assigned to project companies, offered or confirmed; a whole one counts whole."""
    by_id = {parcel.id: parcel for parcel in parcels}
    given = dict.fromkeys(by_id, Decimal(0))
    for link in _links_of(work, ParcelProjectLink, by_id, PactState.OFFERED, PactState.CONFIRMED):
        whole = by_id[link.parcel_id].land_area
        given[link.parcel_id] += link.part_area if link.part_area is not None else whole
    return given


def projects_on(
    work: Work, parcel_id: UUID, *, head: UUID | None = None, company: UUID | None = None
) -> Sequence[Project]:
    """Projects in force that use a parcel; of one head or one project company when named."""
    listed = (
        select(ProjectParcels.project_id)
        .join(ProjectParcelLine, col(ProjectParcelLine.record_id) == col(ProjectParcels.id))
        .where(ProjectParcelLine.parcel_id == parcel_id, ProjectParcels.in_force == InForceState.EFFECTIVE)
    )
    begun = select(ParcelProjectLink.made_project_id).where(
        ParcelProjectLink.parcel_id == parcel_id, ParcelProjectLink.state == PactState.CONFIRMED
    )
    wanted = select(Project).where(
        Project.in_force == InForceState.EFFECTIVE, or_(col(Project.id).in_(listed), col(Project.id).in_(begun))
    )
    if head is not None:
        wanted = wanted.where(Project.head_company_id == head)
    if company is not None:
        wanted = wanted.where(Project.project_company_id == company)
    return work.session.exec(wanted.order_by(col(Project.id))).all()


def refuse_while_used(work: Work, link: Any, what: str, **of: UUID) -> None:
    """Refuse to end a link while a project in force of its company uses the parcel (PAR-10)."""
    if used := projects_on(work, link.parcel_id, **of):
        raise wrong("PAR-10", f"地块正由项目“{used[0].name}”使用，不能解除{what}")


def wrong(code: str, told: str, field: str = "", **evidence: Decimal) -> Rejected:
    """Return the refusal of an order for what a rule found in it."""
    return Rejected(told, [Finding(code, told, field, evidence={name: str(value) for name, value in evidence.items()})])
