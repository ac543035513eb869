"""A project begun from a confirmed parcel: once for a link, or the parcel joins a project that is there (row 58).

The project's own area is not known here: it says by `begins_projects` how a draft is begun and what a project is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from models.parcels import Parcel, ParcelProjectLink
from services.engine.refusals import NotFound
from services.engine.work import Work


@dataclass(frozen=True)
class Beginning:
    """`begin` makes a draft of a project from a link; `is_ours` says whether a project may take another parcel in."""

    begin: Callable[[Work, ParcelProjectLink, Parcel], UUID]
    is_ours: Callable[[Work, UUID, UUID], bool]


_KNOWN: list[Beginning] = []


def begins_projects(beginning: Beginning) -> None:
    """Make it known, once."""
    _KNOWN[:] = [beginning]


def begin_project(work: Work, link: ParcelProjectLink, parcel: Parcel, into: UUID | None) -> UUID:
    """The project of a link: the one it has, the one it joins, or a new draft."""
    if link.made_project_id is not None:
        return link.made_project_id
    beginning = _KNOWN[0]
    if into is not None:
        if not beginning.is_ours(work, into, link.project_company_id):
            raise NotFound("没有查到要并入的项目")
        link.made_project_id = into
    else:
        link.made_project_id = _begun_before(work, link, beginning) or beginning.begin(work, link, parcel)
    work.add(link)
    return link.made_project_id


def _begun_before(work: Work, link: ParcelProjectLink, beginning: Beginning) -> UUID | None:
    """Return the project begun by an earlier assignment of this parcel to this company, if it still exists."""
    earlier = select(ParcelProjectLink.made_project_id).where(
        ParcelProjectLink.parcel_id == link.parcel_id,
        ParcelProjectLink.project_company_id == link.project_company_id,
        col(ParcelProjectLink.made_project_id).is_not(None),
    )
    rows = work.session.exec(
        earlier.order_by(col(ParcelProjectLink.offered_at).desc(), col(ParcelProjectLink.id).desc())
    )
    return next((one for one in rows if one and beginning.is_ours(work, one, link.project_company_id)), None)
