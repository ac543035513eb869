"""Later versions of the parcels in a project's approved list, shown but never taken over silently."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from models.access import MARKET
from models.parcels import Parcel
from models.projects import Project, ProjectParcelLine, ProjectParcels
from models.records import InForceState
from services.engine.registry import query
from services.engine.work import Work


@dataclass(frozen=True)
class ParcelChange:
    """A parcel that is not as it was when the list was approved."""

    parcel_id: UUID
    parcel_name: str
    approved_version: int
    version_now: int
    used_area: Decimal
    land_area_now: Decimal
    voided: bool


@query("projects.parcel_changes", "项目地块变动提示", roles=set(MARKET))
def parcel_changes(work: Work, order: UUID) -> tuple[ParcelChange, ...]:
    """The parcels of a project whose version in force is not the approved one."""
    return _changes(work, work.get(Project, order).id)


@query("projects.list_changes", "项目地块清单变动提示", roles=set(MARKET))
def list_changes(work: Work, order: UUID) -> tuple[ParcelChange, ...]:
    """Return the changes for a list of parcels."""
    listed = work.get(ProjectParcels, order)
    return _changes(work, listed.project_id) if listed.project_id is not None else ()


def _changes(work: Work, project_id: UUID) -> tuple[ParcelChange, ...]:
    rows = work.session.exec(
        select(ProjectParcelLine, Parcel)
        .join(Parcel, col(Parcel.id) == col(ProjectParcelLine.parcel_id))
        .join(ProjectParcels, col(ProjectParcels.id) == col(ProjectParcelLine.record_id))
        .where(ProjectParcels.project_id == project_id, ProjectParcels.in_force == InForceState.EFFECTIVE)
        .order_by(col(ProjectParcelLine.place))
    ).all()
    return tuple(
        ParcelChange(
            parcel.id,
            parcel.parcel_name,
            line.parcel_version or 1,
            parcel.version_no,
            line.used_area,
            parcel.land_area,
            parcel.in_force is not InForceState.EFFECTIVE,
        )
        for line, parcel in rows
        if parcel.version_no != line.parcel_version or parcel.in_force is not InForceState.EFFECTIVE
    )
