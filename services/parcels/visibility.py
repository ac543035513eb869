"""Visibility of parcels and links: both sides of a link, never a competitor (rows 55, 57)."""

from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import HEAD_OFFICE, PROJECT_OFFICE
from models.land_codes import LinkSide
from models.parcels import ParcelHeadLink, ParcelLinkStep, ParcelProjectLink
from models.planner_clauses import among
from models.records import PactState
from services.engine.kept_visibility import of_sides
from services.engine.work import Work, visible_rows

# A head company sees its own links and what it assigned, a project company what was assigned to it, neither another's claims.
_head_side = partial(of_sides, heads=("head_company_id",))
_project_side = partial(of_sides, heads=("head_company_id",), companies=("project_company_id",))
visible_rows(ParcelHeadLink)(_head_side)
visible_rows(ParcelProjectLink)(_project_side)


@visible_rows(ParcelLinkStep)
def steps(work: Work, table: Any) -> Any:
    """Steps go with their link."""
    heads = select(ParcelHeadLink.id).where(_head_side(work, ParcelHeadLink))
    projects = select(ParcelProjectLink.id).where(_project_side(work, ParcelProjectLink))
    return sa.or_(col(table.link_id).in_(heads), col(table.link_id).in_(projects))


def parcels_of_links(work: Work, table: Any) -> Any:
    """Parcels seen beside their scope keys: by every head that shares one or is offered it, by the project companies it is
    assigned to. A claim opens nothing until the authority has confirmed it."""
    caller = work.caller
    seen: list[Any] = []
    if caller.has(*HEAD_OFFICE) and caller.enterprise_id is not None:
        offered = sa.and_(
            col(ParcelHeadLink.state) == PactState.OFFERED, col(ParcelHeadLink.offered_side) == str(LinkSide.AUTHORITY)
        )
        seen.append(
            select(ParcelHeadLink.parcel_id).where(
                ParcelHeadLink.head_company_id == caller.enterprise_id,
                sa.or_(col(ParcelHeadLink.state) == PactState.CONFIRMED, offered),
            )
        )
    if caller.has(*PROJECT_OFFICE) and caller.enterprise_id is not None:
        seen.append(
            select(ParcelProjectLink.parcel_id).where(
                ParcelProjectLink.project_company_id == caller.enterprise_id,
                col(ParcelProjectLink.state).in_((PactState.CONFIRMED, PactState.OFFERED)),
            )
        )
    return sa.or_(*(among(col(table.id), one) for one in seen)) if seen else sa.false()
