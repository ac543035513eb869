"""Parcels that go with a transferred project: the links follow to the company that takes over, and to its head (row 62)."""

from uuid import UUID

from sqlmodel import col, select

from models.companies import ProjectCompany
from models.land_codes import LinkSide, LinkVerb
from models.parcels import ParcelHeadLink, ParcelProjectLink
from models.projects import ProjectParcelLine, ProjectParcels
from models.records import PACT, InForceState, PactState
from services.engine.steps import take_step
from services.engine.work import Work
from services.parcels.holdings import Link, links_of, locked_parcel, settle_holder
from services.parcels.link_parts import note


def pass_parcels(work: Work, project_id: UUID, taker: ProjectCompany) -> None:
    """Give the links of a project's parcels to the taker; a head that has no other part in a parcel passes its share on."""
    if taker.head_company_id is None:
        return
    for link in _links_of(work, project_id):
        parcel = locked_parcel(work, link.parcel_id)
        head = work.session.get(ParcelHeadLink, link.head_link_id)
        if head is not None and head.head_company_id != taker.head_company_id:
            head = _head_link_of_taker(work, head, taker.head_company_id)
        _release(work, link)
        passed = ParcelProjectLink(
            parcel_id=parcel.id,
            head_link_id=head.id if head is not None else link.head_link_id,
            head_company_id=taker.head_company_id,
            project_company_id=taker.id,
            district_code=link.district_code,
            part_area=link.part_area,
            made_project_id=project_id,
            state=PactState.CONFIRMED,
            open_key=f"{parcel.id.hex}:{taker.id.hex}",
            offered_side=str(LinkSide.HEAD),
            offered_at=work.now,
            answered_at=work.now,
        )
        _take_over(work, passed)
        settle_holder(work, parcel)


def _release(work: Work, link: Link) -> None:
    take_step(work, link, PACT, "release")
    link.open_key, link.ended_at = None, work.now
    note(work, link, LinkVerb.RELEASED, LinkSide.AUTHORITY, "项目已转让")
    work.session.flush()


def _take_over(work: Work, link: Link) -> None:
    work.add(link)
    note(work, link, LinkVerb.CONFIRMED, LinkSide.AUTHORITY, "随项目转让取得")
    work.session.flush()


def _links_of(work: Work, project_id: UUID) -> list[ParcelProjectLink]:
    """Return the confirmed links of a project: those it began from, and those of its listed parcels."""
    listed = (
        select(ProjectParcelLine.parcel_id)
        .join(ProjectParcels, col(ProjectParcels.id) == col(ProjectParcelLine.record_id))
        .where(ProjectParcels.project_id == project_id, ProjectParcels.in_force == InForceState.EFFECTIVE)
    )
    rows = work.rows(
        ParcelProjectLink,
        ParcelProjectLink.state == PactState.CONFIRMED,
        (col(ParcelProjectLink.made_project_id) == project_id)
        | (col(ParcelProjectLink.made_project_id).is_(None) & col(ParcelProjectLink.parcel_id).in_(listed)),
        by=ParcelProjectLink.id,
    )
    return list(rows)


def _head_link_of_taker(work: Work, old: ParcelHeadLink, head_id: UUID) -> ParcelHeadLink:
    links = links_of(work, ParcelProjectLink, old.parcel_id, PactState.CONFIRMED, PactState.OFFERED)
    standing = work.first(ParcelHeadLink, ParcelHeadLink.open_key == f"{old.parcel_id.hex}:{head_id.hex}")
    if standing is not None and standing.state is PactState.CONFIRMED:
        return standing
    if sum(one.head_link_id == old.id for one in links) > 1:
        # The old head builds on the rest of the parcel: half of a share cannot be guessed, so it stays whole with it.
        return old
    _release(work, old)
    if standing is not None:
        take_step(work, standing, PACT, "confirm")
        standing.share = old.share
        return work.add(standing)
    passed = ParcelHeadLink(
        parcel_id=old.parcel_id,
        head_company_id=head_id,
        district_code=old.district_code,
        share=old.share,
        state=PactState.CONFIRMED,
        open_key=f"{old.parcel_id.hex}:{head_id.hex}",
        offered_side=str(LinkSide.AUTHORITY),
        offered_at=work.now,
        answered_at=work.now,
    )
    _take_over(work, passed)
    return passed
