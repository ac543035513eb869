"""Holders of a parcel: confirmed shares of head companies, areas of project companies, and the resulting scope keys."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from models.parcels import Parcel, ParcelHeadLink, ParcelProjectLink
from models.records import InForceState, PactState
from services.engine.refusals import Conflict, NotFound
from services.engine.work import Work


def locked_parcel(work: Work, parcel_id: UUID) -> Parcel:
    """Lock and return the parcel regardless of the caller, so that links of a parcel are settled one after the
    other.
    """
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


def head_links(work: Work, parcel_id: UUID, *states: PactState) -> Sequence[ParcelHeadLink]:
    """The links of a parcel to head companies in some states, the oldest first."""
    return work.session.exec(
        select(ParcelHeadLink)
        .where(ParcelHeadLink.parcel_id == parcel_id, col(ParcelHeadLink.state).in_(states))
        .order_by(col(ParcelHeadLink.offered_at), col(ParcelHeadLink.id))
    ).all()


def project_links(work: Work, parcel_id: UUID, *states: PactState) -> Sequence[ParcelProjectLink]:
    """The links of a parcel to project companies in some states, the oldest first."""
    return work.session.exec(
        select(ParcelProjectLink)
        .where(ParcelProjectLink.parcel_id == parcel_id, col(ParcelProjectLink.state).in_(states))
        .order_by(col(ParcelProjectLink.offered_at), col(ParcelProjectLink.id))
    ).all()


def share_held(work: Work, parcel_id: UUID) -> Decimal:
    """Return what confirmed links hold together, in hundredths."""
    return sum((link.share for link in head_links(work, parcel_id, PactState.CONFIRMED)), Decimal(0))


def settle_holder(work: Work, parcel: Parcel) -> None:
    """Set the holder of the parcel: the largest confirmed share, the first of equals; without links it stays the
    maker's.
    """
    links = head_links(work, parcel.id, PactState.CONFIRMED)
    if links:
        parcel.head_company_id = max(links, key=lambda link: link.share).head_company_id
        work.add(parcel)


def part_given(work: Work, parcel: Parcel, but: UUID | None = None) -> Decimal:
    """The area of a parcel that is assigned to project companies, offered or confirmed; a whole one counts whole."""
    links = project_links(work, parcel.id, PactState.OFFERED, PactState.CONFIRMED)
    return sum(
        (link.part_area if link.part_area is not None else parcel.land_area for link in links if link.id != but),
        Decimal(0),
    )
