"""Projects on a parcel: by their list of parcels, or because they began from it."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, or_, select

from models.parcels import ParcelProjectLink
from models.projects import Project, ProjectParcelLine, ProjectParcels
from models.records import InForceState, PactState
from services.engine.work import Work


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
