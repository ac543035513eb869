"""Later versions of the parcels in a project's approved list, shown but never taken over silently."""

from uuid import UUID

from sqlmodel import col, select

from models.access import MARKET
from models.parcels import Parcel
from models.projects import ProjectParcelLine, ProjectParcels
from models.records import InForceState
from services.engine.registry import query
from services.engine.work import Work


@query("projects.list_changes", "项目地块清单变动提示", roles=set(MARKET))
def list_changes(work: Work, order: UUID) -> tuple[str, ...]:
    """Return in words which parcels of a list in force are not as they were when it was approved."""
    listed = work.get(ProjectParcels, order)
    if listed.in_force is not InForceState.EFFECTIVE:
        return ()
    rows = work.session.exec(
        select(Parcel, col(ProjectParcelLine.parcel_version))
        .join(ProjectParcelLine, col(ProjectParcelLine.parcel_id) == col(Parcel.id))
        .where(ProjectParcelLine.record_id == listed.id)
        .order_by(col(ProjectParcelLine.place))
    ).all()
    gone = [f"{one.parcel_name}已作废" for one, _ in rows if one.in_force is not InForceState.EFFECTIVE]
    later = [
        f"{one.parcel_name}已更新到第{one.version_no}版"
        for one, approved in rows
        if one.version_no != approved and one.in_force is InForceState.EFFECTIVE
    ]
    return (*gone, *later)
