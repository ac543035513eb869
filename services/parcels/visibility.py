"""Visibility of parcels and links: both sides of a link, never a competitor (rows 55, 57)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import CITY_AUTHORITY, DISTRICT_AUTHORITY, HEAD_OFFICE, PROJECT_OFFICE, Role, ScopeKind
from models.dialect import among
from models.land_codes import LinkSide
from models.parcels import ParcelHeadLink, ParcelLinkStep, ParcelProjectLink
from models.records import PactState
from services.engine.work import Work, visible_rows


def of_authority(work: Work, table: Any) -> Any:
    caller = work.caller
    city = any(scope.kind is ScopeKind.CITY for scope in caller.scope_of(*CITY_AUTHORITY))
    if city or caller.has(Role.SYSTEM):
        return sa.true()
    own = caller.scope_of(*DISTRICT_AUTHORITY)
    districts = [scope.code for scope in own if scope.kind is ScopeKind.DISTRICT and scope.code]
    return col(table.district_code).in_(districts) if districts else sa.false()


def _is_head(work: Work) -> bool:
    return work.caller.has(*HEAD_OFFICE) and work.caller.enterprise_id is not None


def _is_project(work: Work) -> bool:
    return work.caller.has(*PROJECT_OFFICE) and work.caller.enterprise_id is not None


@visible_rows(ParcelHeadLink)
def head_side(work: Work, table: Any) -> Any:
    """Show a head company its own links; claims of others are hidden."""
    mine = table.head_company_id == work.caller.enterprise_id if _is_head(work) else sa.false()
    return sa.or_(of_authority(work, table), mine)


@visible_rows(ParcelProjectLink)
def project_side(work: Work, table: Any) -> Any:
    """A project company sees what was assigned to it, a head company what it assigned."""
    seen = [of_authority(work, table)]
    if _is_head(work):
        seen.append(table.head_company_id == work.caller.enterprise_id)
    if _is_project(work):
        seen.append(table.project_company_id == work.caller.enterprise_id)
    return sa.or_(*seen)


@visible_rows(ParcelLinkStep)
def steps(work: Work, table: Any) -> Any:
    """Steps go with their link."""
    heads = select(ParcelHeadLink.id).where(head_side(work, ParcelHeadLink))
    projects = select(ParcelProjectLink.id).where(project_side(work, ParcelProjectLink))
    return sa.or_(col(table.link_id).in_(heads), col(table.link_id).in_(projects))


def parcels_of_links(work: Work, table: Any) -> Any:
    """Parcels seen beside their scope keys: by every head that shares one or is offered it, by the project companies it is
    assigned to. A claim opens nothing until the authority has confirmed it."""
    seen: list[Any] = []
    if _is_head(work):
        offered = sa.and_(
            col(ParcelHeadLink.state) == PactState.OFFERED, col(ParcelHeadLink.offered_side) == str(LinkSide.AUTHORITY)
        )
        seen.append(
            select(ParcelHeadLink.parcel_id).where(
                ParcelHeadLink.head_company_id == work.caller.enterprise_id,
                sa.or_(col(ParcelHeadLink.state) == PactState.CONFIRMED, offered),
            )
        )
    if _is_project(work):
        seen.append(
            select(ParcelProjectLink.parcel_id).where(
                ParcelProjectLink.project_company_id == work.caller.enterprise_id,
                col(ParcelProjectLink.state).in_((PactState.CONFIRMED, PactState.OFFERED)),
            )
        )
    return sa.or_(*(among(col(table.id), one) for one in seen)) if seen else sa.false()
