"""A project begun from a confirmed parcel: once for a link, or the parcel joins a project that is there (row 58)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.parcels import Parcel, ParcelProjectLink
from models.projects import Project
from models.records import InForceState, SourceMode
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin
from services.engine.events import on
from services.engine.refusals import NotFound
from services.engine.shapes import by_name
from services.engine.work import Work
from services.parcels.project_links import ASSIGNED, Assignment
from services.projects.ownership import standing_project
from services.projects.project import LONGEST_NAME, PROJECT


@on(ASSIGNED)
def begin_project(work: Work, assigned: Assignment) -> None:
    """Give a link its project: the one it has, the one it joins, or a new draft."""
    link, parcel, into = assigned.link, assigned.parcel, assigned.into
    if link.made_project_id is not None:
        return
    if into is not None:
        if not _is_ours(work, into, link.project_company_id):
            raise NotFound("没有查到要并入的项目")
        link.made_project_id = into
    else:
        link.made_project_id = _begun_before(work, link) or _draft_from(work, link, parcel)
    work.add(link)


def _begun_before(work: Work, link: ParcelProjectLink) -> UUID | None:
    """Return the project begun by an earlier assignment of this parcel to this company, if it still exists."""
    earlier = select(ParcelProjectLink.made_project_id).where(
        ParcelProjectLink.parcel_id == link.parcel_id,
        ParcelProjectLink.project_company_id == link.project_company_id,
        col(ParcelProjectLink.made_project_id).is_not(None),
    )
    rows = work.session.exec(
        earlier.order_by(col(ParcelProjectLink.offered_at).desc(), col(ParcelProjectLink.id).desc())
    )
    return next((one for one in rows if one and _is_ours(work, one, link.project_company_id)), None)


def _draft_from(work: Work, link: ParcelProjectLink, parcel: Parcel) -> UUID:
    """Make a draft from the parcel; data that no contract holds is left to the company."""
    area = link.part_area if link.part_area is not None else parcel.land_area
    part = area / parcel.land_area if parcel.land_area else Decimal(1)
    values: dict[str, Any] = {
        "name": parcel.parcel_name.removesuffix("地块")[: LONGEST_NAME - 2] + "项目",
        "district": parcel.district,
        "street": parcel.street,
        "address": parcel.location,
        "plate": parcel.plate,
        "ring": parcel.ring,
        "land_area": area,
        "far_area": (parcel.far_area * part).quantize(Decimal("0.01")),
        "land_cost": (parcel.price_total * part).quantize(Decimal("0.01")) if parcel.price_total is not None else None,
        "planned_start_on": parcel.start_extended_to or parcel.start_due_on,
        "planned_finish_on": parcel.finish_extended_to or parcel.finish_due_on,
    }
    fields = by_name(Project)
    raw = {name: fields[name].raw(value) for name, value in values.items() if value is not None}
    return acts(PROJECT).begin(work, Begin(values=raw, source_mode=SourceMode.SYSTEM)).record_id


def _is_ours(work: Work, project_id: UUID, company_id: UUID) -> bool:
    """Return whether a project of this company, in force or on its way, may take another parcel in."""
    found = standing_project(work, project_id)
    if found is None or found.owner.project_company_id != company_id:
        return False
    return found.row is None or found.row.in_force is InForceState.EFFECTIVE
