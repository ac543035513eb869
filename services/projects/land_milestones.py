"""Milestones of a project's land: the contract signed (M01) and the land handed over (M02), by its list of parcels (row 75)."""

from collections.abc import Iterator, Sequence

from sqlmodel import col, or_, select

from models.parcels import Parcel
from models.progress import Milestone, MilestoneCode, MilestoneScope
from models.projects import ProjectParcelLine, ProjectParcels
from models.records import InForceState, Revision
from services.engine.events import on
from services.engine.work import Work
from services.parcels.parcel import LAND_IN_FORCE
from services.projects.milestones import Shown, show

_DAYS = {MilestoneCode.M01: "signed_on", MilestoneCode.M02: "handover_on"}


def show_land(work: Work, listed: ProjectParcels) -> None:
    """Set the days of the contract and the handover, each on the day of the first parcel that has it by today."""
    ids = select(ProjectParcelLine.parcel_id).where(ProjectParcelLine.record_id == listed.id)
    parcels = work.in_force(Parcel, col(Parcel.id).in_(ids))
    show(work, listed, list(_shown(work, listed, parcels)))


def _shown(work: Work, listed: ProjectParcels, parcels: Sequence[Parcel]) -> Iterator[Shown]:
    for code, column in _DAYS.items():
        days = [on for one in parcels if (on := getattr(one, column)) is not None and on <= work.today]
        if days and listed.project_id is not None:
            yield Shown(MilestoneScope.PROJECT, listed.project_id, code, min(days))


def show_land_of_before(work: Work) -> int:
    """Show what the lists of parcels in force have by today and no milestone says yet; return how many were shown anew.

    So are shown lists of before these milestones were kept, and a handover on the day that it was planned for.
    """
    due = select(ProjectParcelLine.record_id).join(Parcel, col(Parcel.id) == col(ProjectParcelLine.parcel_id))
    late = [
        col(ProjectParcels.id).in_(
            due.where(Parcel.in_force == InForceState.EFFECTIVE, col(getattr(Parcel, column)) <= work.today)
        )
        & ~(
            select(Milestone.id)
            .where(
                Milestone.scope == MilestoneScope.PROJECT,
                Milestone.subject_id == ProjectParcels.project_id,
                Milestone.milestone == code,
                col(Milestone.actual_on).is_not(None),
            )
            .exists()
        )
        for code, column in _DAYS.items()
    ]
    lists = work.in_force(ProjectParcels, or_(*late), by=ProjectParcels.id)
    for listed in lists:
        show_land(work, listed)
    return len(lists)


def hide_land(work: Work, listed: ProjectParcels, _: Revision) -> None:
    """Clear what a voided list showed."""
    show(work, listed, ())


@on(LAND_IN_FORCE)
def follow_parcel(work: Work, parcel: Parcel) -> None:
    """Show a corrected contract or a later handover in every project that uses the parcel."""
    work.session.flush()
    using = select(ProjectParcelLine.record_id).where(ProjectParcelLine.parcel_id == parcel.id)
    lists = work.in_force(ProjectParcels, col(ProjectParcels.id).in_(using))
    for listed in lists:
        show_land(work, listed)
